"""The dossier for works council and data protection: written from a workspace, and checked.

It works before anything exists: without a workspace it describes a planned protected one, and
creates nothing.
"""

from dataclasses import dataclass
from pathlib import Path

from leitweg.domain.access import OWNER, PURPOSES, Asker, PurposeState
from leitweg.domain.document import Document
from leitweg.domain.dossier import Change, DossierFacts
from leitweg.domain.errors import QuestionError, WorkspaceError
from leitweg.language.dossier_texts import words_of
from leitweg.reports.dossier import dossier_document
from leitweg.reports.dossier_markdown import markdown_of
from leitweg.reports.dossier_pdf import pdf_of
from leitweg.reports.dossier_tables import told_change
from leitweg.store import Clock, Workspace, open_workspace, utc_now
from leitweg.store.application.dossiers import (
    WrittenDossier,
    add_dossier,
    dossier_of,
    last_dossier,
)
from leitweg.studies.asking import asking, refuse_before_start
from leitweg.studies.dossier_facts import facts_of
from leitweg.studies.dossier_state import Described, Mark, changes_between, described, read_mark
from leitweg.studies.purposes import states_of
from leitweg.studies.writing_out import check_suffix, whole_file

FORMATS = {"md": "md", "markdown": "md", "pdf": "pdf"}
_ABSENT = ("workspace-missing", "no-workspace")


@dataclass(frozen=True)
class DossierWritten:
    """Where a dossier was written, and what changed since the last one of this workspace."""

    path: Path
    format: str
    language: str
    fingerprint: str
    is_planned: bool
    previous_us: int | None
    changes: tuple[str, ...]


@dataclass(frozen=True)
class DossierCheck:
    """Whether a dossier still describes the workspace, and what changed since it was made."""

    made_at_us: int
    changes: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Nothing that it describes has changed."""
        return not self.changes


def write_dossier(
    workspace: Path,
    *,
    out: Path,
    format: str | None = None,  # noqa: A002 - the name of the command's option
    language: str = "en",
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> DossierWritten:
    """Write what a works council and a data protection officer need to decide.

    Parameters
    ----------
    workspace
        Folder of the workspace. Where there is none, the dossier describes a planned protected
        one, and nothing is created.
    out
        The file to write.
    format
        ``md`` or ``pdf``; None: as the name of the file says, else Markdown.
    language
        ``de`` or ``en``; both say the same.
    asker
        Who asks, in which role.
    clock
        Where the date of the dossier comes from.

    Raises
    ------
    QuestionError
        ``unknown-format``, ``suffix-format``; ``unwritable``.
    AccessError
        ``not-allowed``, ``unknown-role``.

    References
    ----------
    docs/methods/dossier.md
    """
    file_format = _format(out, format)
    check_suffix(out, file_format)
    words_of(language)
    place = _opened(workspace, clock)
    if place is None:
        refuse_before_start(asker, "dossier", workspace)
        facts = _planned(workspace, int(clock().timestamp() * 1_000_000))
        _write(dossier_document(facts, language), out, file_format)
        return _written(facts, out, file_format, language)
    question = {"format": file_format, "language": language}
    with asking(place, "dossier", asker=asker, question=question) as asked:
        facts, now = _facts(place)
        asked.note(values=1, fingerprint=facts.fingerprint)
    # noted first: a file must not lie there that the log does not know
    _write(dossier_document(facts, language), out, file_format)
    remembered = WrittenDossier(facts.made_at_us, facts.fingerprint, now.parts, now.facts)
    add_dossier(place.database, remembered)
    return _written(facts, out, file_format, language)


def check_dossier(
    file: Path,
    workspace: Path,
    *,
    language: str = "en",
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> DossierCheck:
    """Answer: does this dossier still describe the workspace, and if not, what changed?

    Raises
    ------
    QuestionError
        ``no-dossier`` where the file is none or cannot be read.
    AccessError
        ``not-allowed``, ``unknown-role``.
    """
    mark = _mark_of(file)
    words = words_of(language)
    place = _opened(workspace, clock)
    if place is None:
        refuse_before_start(asker, "dossier", workspace)
        changes = _changes_since(mark, described(None, "protected", _switches(None)), None)
    else:
        with asking(place, "dossier", asker=asker, question={"check": True}) as asked:
            changes = _changes_since(mark, described(place, place.profile, _switches(place)), place)
            asked.note(values=1, changes=len(changes))
    return DossierCheck(mark.made_at_us, tuple(told_change(c, words) for c in changes))


def _format(out: Path, asked: str | None) -> str:
    named = asked or out.suffix.lower().lstrip(".")
    if named in FORMATS:
        return FORMATS[named]
    if asked is None:
        return "md"
    raise QuestionError(
        f"'{asked}' is no format of this command. Choose one of: md, pdf.",
        code="unknown-format",
        format=asked,
        choices="md, pdf",
    )


def _opened(workspace: Path, clock: Clock) -> Workspace | None:
    try:
        return open_workspace(workspace, clock=clock)
    except WorkspaceError as error:
        if error.code not in _ABSENT:
            raise
        return None


def _switches(place: Workspace | None) -> tuple[PurposeState, ...]:
    if place is None:
        return tuple(PurposeState(purpose, False) for purpose in PURPOSES)
    return states_of(place)


def _planned(workspace: Path, made_at_us: int) -> DossierFacts:
    states = _switches(None)
    now = described(None, "protected", states)
    return facts_of(
        None, workspace.name, states, now, made_at_us=made_at_us, previous_us=None, changes=()
    )


def _facts(place: Workspace) -> tuple[DossierFacts, Described]:
    states = _switches(place)
    now = described(place, place.profile, states)
    last = last_dossier(place.database)
    facts = facts_of(
        place,
        place.folder.name,
        states,
        now,
        made_at_us=place.now_us(),
        previous_us=last.at_us if last else None,
        changes=changes_between(last.parts, now, last.facts, is_planned=False) if last else (),
    )
    return facts, now


def _changes_since(mark: Mark, now: Described, place: Workspace | None) -> tuple[Change, ...]:
    earlier = Described(mark.parts, {}).fingerprint
    known = dossier_of(place.database, earlier) if place else None
    planned = described(None, "protected", _switches(None)).parts["workspace"]
    if place is not None and mark.parts.get("workspace") == planned:
        return (Change("workspace-created", {}),)
    facts = known.facts if known else None
    return changes_between(mark.parts, now, facts, is_planned=place is None)


def _mark_of(file: Path) -> Mark:
    try:
        mark = read_mark(file.read_bytes())
    except OSError as error:
        raise _no_dossier(file, error.strerror or type(error).__name__) from None
    if mark is None:
        raise _no_dossier(file, "it bears no mark of one")
    return mark


def _no_dossier(file: Path, reason: str) -> QuestionError:
    return QuestionError(
        f"{file} is no dossier, or cannot be read; name a file that leitweg dossier wrote.",
        code="no-dossier",
        path=str(file),
        reason=reason,
    )


def _write(document: Document, out: Path, file_format: str) -> None:
    content = pdf_of(document) if file_format == "pdf" else markdown_of(document).encode()
    with whole_file(out) as written:
        written.write_bytes(content)


def _written(facts: DossierFacts, out: Path, file_format: str, language: str) -> DossierWritten:
    words = words_of(language)
    return DossierWritten(
        path=out,
        format=file_format,
        language=language,
        fingerprint=facts.fingerprint,
        is_planned=facts.state == "planned",
        previous_us=facts.previous_us,
        changes=tuple(told_change(change, words) for change in facts.changes),
    )
