"""How do files of a company get into a workspace? All of them at once, or none.

The order of work: read every file, replace ids by pseudonyms where the workspace is protected,
then store everything in one change of the manifest.
"""

import contextlib
import dataclasses
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.errors import LeitwegError, SourceError, WorkspaceError
from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.progress import Progress, silent
from leitweg.privacy.denied_features import SPECIAL_CATEGORIES, denied_group
from leitweg.sources.reading import read
from leitweg.sources.zones import zone_named
from leitweg.store import Clock, Workspace, create_workspace, open_workspace, utc_now
from leitweg.store.workspace_key import WorkspaceKey
from leitweg.studies.asking import Asked, asking, purposes_on, refuse_before_start
from leitweg.studies.entering import Entrance, people_stored
from leitweg.studies.file_identity import digest_of_bytes
from leitweg.studies.import_change import ImportChange
from leitweg.studies.import_report import ImportReport, Taken, Way, known_by_content, shown
from leitweg.studies.journal_life import leave_out_of_journal
from leitweg.studies.plain_errors import without_contents
from leitweg.studies.remembered_rights import rights_at_import

__all__ = ["ImportReport", "import_files"]

DEFAULT_PROFILE = "protected"
FIRST_PURPOSE = "path-analysis"
"""What the first questions after an import need."""

Reader = Callable[..., Sequence[Reading]]


def import_files(
    workspace: Path,
    paths: Sequence[Path],
    options: ImportOptions,
    *,
    profile: str | None = None,
    dry_run: bool = False,
    progress: Progress = silent,
    clock: Clock = utc_now,
    reader: Reader = read,
    asker: Asker = OWNER,
) -> ImportReport:
    """Import files into a workspace, which the first import creates.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    paths
        Files, archives or folders of them.
    options
        What the user says about the files.
    profile
        ``protected`` (the default) or ``open``; fixed by the first import.
    dry_run
        Show what would be stored, and store nothing.
    progress
        Told how far the work is.
    clock
        Where the times in the manifest come from, and by which dates in the future are told.
    reader
        Reads one path; exchanged in tests only.
    asker
        Who imports, in which role. No purpose is needed: an import stores, and answers nothing.

    Returns
    -------
    ImportReport
        A file that is known by its content is reported as ``already_imported`` and not stored.

    Raises
    ------
    SourceError
        A file that cannot be read; then no file of the call is stored. ``special-category`` where
        a protected workspace was asked to keep such an attribute.
    WorkspaceError
        ``profile-fixed``, ``imported-differently``, ``workspace-locked`` or a damaged workspace.
    AccessError
        ``not-allowed`` or ``unknown-role``.
    """
    place = _opened(workspace, profile, clock)
    way = _way(place, profile, _with_time_zone(options, place))
    _check_kept(way)
    unique = dict.fromkeys(paths)
    question = {"kind": options.kind, "files": len(unique), "dry_run": dry_run or None}

    def read_all() -> list[Taken]:
        # every file is read before anything is written: one bad file leaves all unchanged
        return [_taken(path, way, place, reader, progress, clock) for path in unique]

    if place is not None:
        with asking(place, "import", asker=asker, question=question) as asked:
            taken = read_all()
            if dry_run:
                return _shown(taken, way, place)
            return _noted(asked, _stored(place, workspace, taken, way, progress, is_new=False))
    # there is no log yet that could note it
    refuse_before_start(asker, "import", workspace)
    taken = read_all()
    if dry_run:
        return _shown(taken, way, place)
    target = _created(workspace, profile, way, clock)
    with asking(target, "import", asker=asker, question=question) as asked:
        return _noted(asked, _stored(target, workspace, taken, way, progress, is_new=True))


def _check_kept(way: Way) -> None:
    """Refuse to keep what nobody may process about employees without a reason of its own."""
    for name in () if way.is_open else way.options.keep:
        if denied_group(name) in SPECIAL_CATEGORIES:
            raise SourceError(
                f"--keep {name}: a protected workspace keeps no data of special categories (Art. 9 "
                "GDPR: health, union, religion, politics, origin, sexual life). Leave the column "
                "out, or give it another name in the file if it means something else.",
                code="special-category",
                value=name,
            )


def _shown(taken: Sequence[Taken], way: Way, place: Workspace | None) -> ImportReport:
    if place is None:
        entrance = Entrance(taken, way, {})
    else:
        distinct = place.distinct
        entrance = Entrance(taken, way, place.settings, lambda: people_stored(distinct))
    report = shown(taken, way, entrance.entered)
    return dataclasses.replace(report, warnings=(*report.warnings, *entrance.warnings()))


def _noted(asked: Asked, report: ImportReport) -> ImportReport:
    """Note how many rows an import stored."""
    fresh = [file for file in report.imported if not file.already_imported]
    asked.note(values=sum(sum(file.tables.values()) for file in fresh))
    return report


def _opened(folder: Path, profile: str | None, clock: Clock) -> Workspace | None:
    """Return the workspace, None where nothing was imported or entered yet."""
    try:
        place = open_workspace(folder, clock=clock)
    except WorkspaceError as error:
        if error.code in ("workspace-missing", "no-workspace"):
            return None
        raise
    if place.is_untouched:
        return None
    _check_profile(place, profile)
    return place


def _check_profile(place: Workspace, profile: str | None) -> None:
    if profile not in (None, place.profile):
        raise WorkspaceError(
            f"{place.folder} has the profile {place.profile} since its first import or its first "
            f"purpose; import into another workspace to use the profile {profile}.",
            code="profile-fixed",
            path=str(place.folder),
            profile=place.profile,
        )


def _way(place: Workspace | None, profile: str | None, options: ImportOptions) -> Way:
    if place is not None:
        return Way(place.profile, _key_of(place), options)
    chosen = profile or DEFAULT_PROFILE
    # before the workspace there is no key; a dry run shows pseudonyms of one drawn for it alone
    return Way(chosen, None if chosen == "open" else WorkspaceKey(os.urandom(32)), options)


def _key_of(place: Workspace) -> WorkspaceKey | None:
    return None if place.profile == "open" else place.key()


def _with_time_zone(options: ImportOptions, place: Workspace | None) -> ImportOptions:
    if options.time_zone:
        # before anything is read: the workspace keeps the zone for later questions
        zone_named(options.time_zone)
        return options
    zone = place.settings.get("time_zone") if place else None
    if not isinstance(zone, str):
        return options
    return dataclasses.replace(options, time_zone=zone)


def _taken(
    path: Path,
    way: Way,
    place: Workspace | None,
    reader: Reader,
    progress: Progress,
    clock: Clock,
) -> Taken:
    # where the bytes cannot be read, the reader says in a sentence why
    digest = digest_of_bytes(path) or os.urandom(32)
    known = known_by_content(digest, way, place.imports if place else ())
    # whom the user names is looked up in the rows, so that a known file is read once more
    named = (way.options.machines, way.options.front, way.options.exclude)
    if known and not any(named):
        return Taken(path, digest, (), known)
    now_us = int(clock().timestamp() * 1_000_000)
    try:
        readings = reader(path, way.options, progress=progress, now_us=now_us)
    except SourceError as error:
        if way.is_open:
            raise
        raise without_contents(error, _typed(path, way.options)) from None
    return Taken(path, digest, tuple(readings), known)


def _typed(path: Path, options: ImportOptions) -> set[str]:
    given = [*options.mapping.items(), *options.states.items()]
    single = (options.kind, options.time_zone, options.path_separator, options.case_object)
    words = [*options.missing, *options.machines, *options.front, *(w for w in single if w)]
    return {str(path), path.name, *words, *(word for pair in given for word in pair)}


def _created(folder: Path, profile: str | None, way: Way, clock: Clock) -> Workspace:
    try:
        return create_workspace(folder, profile=way.profile, clock=clock)
    except WorkspaceError as error:
        # another first import was faster while this one was reading: join it
        place = _opened(folder, profile, clock) if error.code == "workspace-exists" else None
        if place is None:
            raise
        return place


def _stored(
    target: Workspace,
    folder: Path,
    taken: Sequence[Taken],
    way: Way,
    progress: Progress,
    *,
    is_new: bool,
) -> ImportReport:
    progress("storing", 0, 1)
    way = dataclasses.replace(way, profile=target.profile, key=_key_of(target))
    try:
        with target.writing() as change:
            rights = rights_at_import(target, change)
            importing = ImportChange(change, folder, way, rights)
            report = importing.store(taken)
            if importing.exclusions.entries:
                leave_out_of_journal(target, importing.exclusions)
    except BaseException:
        if is_new:
            # no trace of a first import that failed, unless another import came between
            with contextlib.suppress(OSError, LeitwegError):
                target.discard()
        raise
    progress("storing", 1, 1)
    is_on = FIRST_PURPOSE in purposes_on(target)
    return dataclasses.replace(report, purpose_off=None if is_on else FIRST_PURPOSE)
