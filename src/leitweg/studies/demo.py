"""The main job on the demo company: write its exports, import them, analyse, report."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from leitweg.demo.files import write_demo_files
from leitweg.domain.errors import QuestionError
from leitweg.domain.imports import ImportOptions
from leitweg.domain.progress import Progress, silent
from leitweg.domain.situation import ReleasedSituation
from leitweg.studies.importing import import_files
from leitweg.studies.purposes import give_all_purposes
from leitweg.studies.reporting import write_report_of
from leitweg.studies.situation import analyse

TIME_ZONE = "Europe/Berlin"
DECIDED_BY = "Leitweg demo"
BASIS = "invented data"


@dataclass(frozen=True)
class DemoResult:
    """Where the demo company was put, and what its as-is situation is."""

    workspace: Path
    released: ReleasedSituation
    report: Path
    exports: Path


def run_demo(
    out: Path,
    *,
    seed: int = 1,
    profile: str = "protected",
    language: str = "en",
    progress: Progress = silent,
) -> DemoResult:
    """Write the demo company's exports below a folder, import and analyse them, write the report.

    Parameters
    ----------
    out
        Gets ``exports-SEED-LANGUAGE/``, a workspace ``demo-SEED-PROFILE-LANGUAGE.leitweg`` and the
        report. A second run finds the exports imported already and ends the same.

    Raises
    ------
    QuestionError
        ``unwritable`` where the folder cannot be written.
    """
    exports = out / f"exports-{seed}-{language}"
    progress("demo", 0, 1)
    try:
        files = write_demo_files(exports, seed=seed, language=language)
    except OSError as error:
        raise QuestionError(
            f"{out}: cannot be written ({error.strerror}); name another folder with --out.",
            code="unwritable",
            path=str(out),
        ) from error
    progress("demo", 1, 1)
    workspace = out / f"demo-{seed}-{profile}-{language}.leitweg"
    import_files(
        workspace,
        [
            *(files.units, files.people, files.positions, files.qualifications),
            *(files.requirements, files.absences, files.events, files.messages),
        ],
        ImportOptions(time_zone=TIME_ZONE),
        profile=profile,
        progress=progress,
    )
    if profile == "protected":
        give_all_purposes(workspace, by=DECIDED_BY, basis=BASIS)
    released = analyse(workspace, seed=seed, progress=progress)
    report = out / f"report-{seed}-{language}.html"
    write_report_of(released, report, language, datetime.now(UTC))
    return DemoResult(workspace, released, report, exports)
