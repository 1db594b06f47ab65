"""The load of units and positions: their order, their place, and what it says in words."""

from collections import Counter
from collections.abc import Sequence

from leitweg.domain.situation import LoadRow, ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.forms import count, number, share
from leitweg.language.reasons import reason_text

FULL_FROM = 0.85
"""Utilisation beyond which waits grow steeply: of a queue as 1 / (1 - utilisation)."""

MANY_WEEKS = 0.25
"""Share of full weeks from which a unit is named though it is not full on average."""

LEAST_CASES = 40
"""A unit with fewer cases is listed, but nothing is said about it and it is not drawn."""


def load_place(row: LoadRow) -> str:
    """Return the unit, or the unit with the position.

    >>> load_place(LoadRow("Claims", "Appraisal", 9, 40, None, None, None, None, None))
    'Claims: Appraisal'
    """
    return f"{row.unit}: {row.position}" if row.position else row.unit


def says_something(row: LoadRow) -> bool:
    """Say whether enough work was seen for the utilisation to be told, not only listed."""
    if row.utilisation is None or row.held_back:
        return False
    return row.n_cases is None or row.n_cases >= LEAST_CASES


def ordered_loads(loads: Sequence[LoadRow], level: str) -> list[LoadRow]:
    """Return the fullest first; then those of few cases, without utilisation, and held back.

    Persons (in an open log without units) stand by name: nobody is the fullest.

    The only position of a unit of which something can be said is left out: it is the unit once
    more.
    """
    positions = Counter(row.unit for row in loads if row.position and says_something(row))

    def order(row: LoadRow) -> tuple[bool, bool, bool, float, str, str]:
        use = row.utilisation.value if row.utilisation and level == "unit" else 0.0
        held, thin = row.held_back is not None, not says_something(row)
        return (held, row.utilisation is None, thin, -use, row.unit, row.position or "")

    shown = [row for row in loads if row.position is None or positions[row.unit] > 1]
    return sorted(shown, key=order)


def _missing(released: ReleasedSituation) -> str:
    """Return what the data lack for any load to be known."""
    lacking = ("no-cases", "no-clock", "no-people")
    return next((c for c in lacking if c in released.coverage.missing), "no-started")


def load_summary(language: str, released: ReleasedSituation) -> str:
    """Return how many units are full, or why nothing can be said."""
    loads = released.loads
    known = [row for row in loads if says_something(row) and row.position is None]
    if not known:
        reasons = [row.held_back or row.why for row in loads]
        thin = "too-few" if any(row.utilisation for row in loads) else None
        code = thin or next((r for r in reasons if r), None)
        reason = reason_text(language, code or _missing(released))
        return translate(language, "load.none", reason=reason)
    full = [r for r in known if r.utilisation and r.utilisation.value > FULL_FROM]
    line = share(language, FULL_FROM)
    values = {"n": number(language, len(full), 0), "of": number(language, len(known), 0)}
    if len(full) == 1:
        told = translate(language, "load.one_full", line=line, unit=full[0].unit)
        looked_at = count(language, "unit", len(known))
        more = translate(language, "load.looked_at", units=looked_at) if len(known) > 1 else ""
        return f"{told} {more}".strip()
    if len(known) == 1:
        return translate(language, "load.none_full_one", line=line, unit=known[0].unit)
    if full:
        return translate(language, "load.full", line=line, **values)
    return _none_full(language, known, line)


def _none_full(language: str, known: Sequence[LoadRow], line: str) -> str:
    """Say that no unit is full on average, and which is full in many of its weeks."""
    of = number(language, len(known), 0)
    most = max(known, key=lambda row: row.busy_weeks_share or 0.0)
    if (most.busy_weeks_share or 0.0) < MANY_WEEKS:
        return translate(language, "load.none_full", line=line, of=of)
    weeks = share(language, most.busy_weeks_share, 0)
    return translate(
        language, "load.none_full_weeks", line=line, of=of, unit=most.unit, weeks=weeks
    )
