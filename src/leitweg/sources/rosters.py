"""Who takes requests: a roster file becomes contacts, or all its faults are told at once."""

from pathlib import Path

from leitweg.domain.rosters import Roster


def read_roster(
    path: Path,
    *,
    now_us: int,
    time_zone: str | None = None,
    day_first: bool | None = None,
    missing: tuple[str, ...] = (),
) -> Roster:
    """Read a roster (CSV, TSV, xlsx, Parquet or JSON), one row per contact and absence.

    Parameters
    ----------
    path
        The file.
    now_us
        The present time, microseconds UTC.
    time_zone
        Of times without a zone and of hours without one; None: such a file is refused.
    day_first
        Order of day and month where it cannot be told.
    missing
        Further marks for "nothing here".

    Raises
    ------
    SourceError
        missing-column, faulty-rows (every fault with its row), and those of opening a file.
    """
    raise NotImplementedError


def roster_template(language: str) -> str:
    """Return a roster to fill in, as CSV with the columns named in German or English."""
    raise NotImplementedError
