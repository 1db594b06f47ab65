"""The report on the situation, from a workspace or from what was already released."""

from datetime import UTC, datetime
from pathlib import Path

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.errors import QuestionError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.situation import ReleasedSituation
from leitweg.reports.html import situation_html
from leitweg.store import open_workspace
from leitweg.studies.asking import asking, days_of
from leitweg.studies.situation import analysed
from leitweg.studies.writing_out import check_suffix, whole_file

LATER = ("pdf", "pptx")


def _check(file_format: str) -> None:
    if file_format in LATER:
        raise QuestionError(
            f"Reports in {file_format} are not in this version. Write --format html, which prints "
            "well.",
            code="format-not-in-this-version",
            format=file_format,
        )
    if file_format != "html":
        raise QuestionError(
            f"'{file_format}' is no format of this command. Choose one of: html.",
            code="unknown-format",
            format=file_format,
            choices="html",
        )


def write_report(
    workspace: Path,
    *,
    out: Path,
    format: str = "html",  # noqa: A002 - the name of the command's option
    language: str = "en",
    start: str | None = None,
    end: str | None = None,
    seed: int = 0,
    progress: Progress = silent,
    asker: Asker = OWNER,
) -> Path:
    """Analyse a workspace and write the report; return where it was written.

    Raises
    ------
    QuestionError
        ``format-not-in-this-version`` or ``unknown-format``, before anything is read;
        ``unwritable`` where the place does not take a file.
    AccessError
        ``purpose-off``, ``not-allowed``, ``unknown-role``.
    """
    _check(format)
    check_suffix(out, format)
    place = open_workspace(workspace)
    question = {**days_of(start, end), "seed": seed, "format": format, "language": language}
    with asking(place, "report", asker=asker, question=question) as asked:
        released = analysed(place, start=start, end=end, seed=seed, progress=progress)
        asked.note_answer(released)
    # noted first: a file must not lie there that the log does not know
    progress("report", 0, 1)
    written = write_report_of(released, out, language, datetime.now(UTC))
    progress("report", 1, 1)
    return written


def write_report_of(
    released: ReleasedSituation, out: Path, language: str, generated_at: datetime
) -> Path:
    """Write the report on a released situation, whole or not at all; return where."""
    text = situation_html(released, language, generated_at)
    with whole_file(out) as written:
        written.write_text(text, encoding="utf-8")
    return out
