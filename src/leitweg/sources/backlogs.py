"""Which requests are waiting: a file becomes the rows of a backlog."""

from pathlib import Path

from leitweg.domain.assignments import BacklogRow


def read_backlog(
    path: Path,
    *,
    now_us: int,
    time_zone: str | None = None,
    day_first: bool | None = None,
    missing: tuple[str, ...] = (),
) -> tuple[BacklogRow, ...]:
    """Read the requests of a backlog (CSV, TSV, xlsx, Parquet or JSON), one row per request.

    Columns that are none of ``case_id``, ``text``, ``at``, ``first``, ``tried``, ``language``,
    ``permissions`` and ``customer`` become attributes of the request.

    Parameters
    ----------
    path
        The file.
    now_us, time_zone, day_first, missing
        As in `leitweg.sources.rosters.read_roster`.

    Raises
    ------
    SourceError
        missing-column, faulty-rows (every fault with its row), and those of opening a file.
    """
    raise NotImplementedError
