"""From what was asked to the two sets of cases that are compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leitweg.domain.comparison import PARTS, Part
from leitweg.domain.errors import QuestionError
from leitweg.engine.case_kinds import kinds_of_cases
from leitweg.engine.event_log import EventLog
from leitweg.situation.arrays import Flags, Ints
from leitweg.situation.basis import Basis, Walked, basis_of, period_of, walked_once
from leitweg.situation.constants import MISSING
from leitweg.situation.sides import (
    SECOND_SEED,
    Labels,
    cases_that_touch,
    cases_with,
    cases_with_any,
    labels_of,
)
from leitweg.store import Workspace
from leitweg.studies.situation import level_of, microseconds_of

MOST_CHOICES = 12
Ends = tuple[str | None, str | None]


@dataclass(frozen=True)
class Asked:
    """What is to be compared, as it was asked; exactly one of three ways.

    ``at``: before and after a date. ``second``: two periods. ``part``: a label and its value,
    against ``other``, another value of it, or against all other cases. ``first`` is the first
    period, or the whole stretch where ``at`` or ``part`` is given.
    """

    at: str | None
    first: Ends
    second: Ends
    part: tuple[str, str] | None
    other: str | None


@dataclass(frozen=True)
class TwoSides:
    """Both sets of cases as bases on one walk, and the parts they are of."""

    first: Basis
    second: Basis
    parts: tuple[Part | None, Part | None]
    n_on_both: int = 0


def check_asked(asked: Asked) -> None:
    """Refuse what cannot be meant, before anything is read."""
    periods = any(asked.second) or (asked.at is None and asked.part is None and any(asked.first))
    ways = [asked.at is not None, periods, asked.part is not None]
    if sum(ways) != 1:
        raise QuestionError(
            "Say what to compare, in one of three ways: --at DATE (before and after), --from DATE "
            "--to DATE --with-from DATE --with-to DATE (two periods), or --by topic VALUE (a part "
            "of the company).",
            code="compare-what",
        )
    if asked.other is not None and asked.part is None:
        raise QuestionError(
            "--with names the other part; say with --by which part to compare it with, for "
            "example: --by topic A --with B.",
            code="compare-with-what",
        )
    if asked.part is not None and asked.part[0] not in PARTS:
        raise QuestionError(
            f"'{asked.part[0]}' does not part the cases. Choose one of: {', '.join(PARTS)}.",
            code="unknown-part",
            value=asked.part[0],
            choices=", ".join(PARTS),
        )


def sides_of(place: Workspace, log: EventLog, asked: Asked, seed: int) -> TwoSides:
    """Walk the log once and put its cases on two sides.

    Raises
    ------
    QuestionError
        ``no-clock-to-compare``, ``compare-border``, ``overlapping-periods``, ``not-a-date``,
        ``empty-comparison-period``, ``empty-period``, ``no-such-label``, ``unknown-value``,
        ``same-part``, ``customer-protected``, ``no-closed-case-to-compare``, ``empty-side``.
    """
    walked = walked_once(log, level_of(log))
    if asked.part is not None:
        two = _parts(place, log, asked, walked, seed)
    else:
        two = _periods(place, log, asked, walked, seed)
    _check_cases(two)
    return two


def _closings(walked: Walked) -> Ints:
    accounts = walked.accounts
    closed = ~accounts.is_open & (accounts.closed_us != MISSING)
    return np.asarray(accounts.closed_us[closed])


def _periods(place: Workspace, log: EventLog, asked: Asked, walked: Walked, seed: int) -> TwoSides:
    if not log.has_clock:
        raise QuestionError(
            "The log has an order but no times, so that it has no periods. Compare parts of the "
            "company instead, for example: --by topic VALUE.",
            code="no-clock-to-compare",
        )
    ends = _ends(place, asked)
    whole = period_of(_closings(walked), True, None, None)
    if whole.start_us is None or whole.end_us is None:
        raise _no_closed_case()
    first_start = whole.start_us if ends[0] is None else ends[0]
    border = ends[1] if ends[1] is not None else ends[2]
    begin = ends[2] if ends[2] is not None else ends[1]
    second_end = whole.end_us if ends[3] is None else ends[3]
    assert border is not None
    assert begin is not None
    _check_order(((first_start, border), (begin, second_end)))
    both = [
        basis_of(
            log, level=walked.walk.level, start_us=start, end_us=end, seed=drawn, walked=walked
        )
        for start, end, drawn in (
            (first_start, border, seed),
            (begin, second_end, seed + SECOND_SEED),
        )
    ]
    return TwoSides(both[0], both[1], (None, None))


def _ends(place: Workspace, asked: Asked) -> tuple[int | None, ...]:
    """Start and end of both periods in microseconds; None where nothing was asked."""
    zone = place.settings.get("time_zone")
    named: Sequence[tuple[str, str | None]] = (
        ("from", asked.first[0]),
        ("at" if asked.at else "to", asked.at or asked.first[1]),
        ("with-from", asked.second[0]),
        ("to", asked.first[1]) if asked.at else ("with-to", asked.second[1]),
    )
    ends = tuple(None if text is None else microseconds_of(n, text, zone) for n, text in named)
    if ends[1] is None and ends[2] is None:
        raise QuestionError(
            "Two periods need a border: say where the first ends with --to, or where the second "
            "begins with --with-from.",
            code="compare-border",
        )
    return ends


def _check_order(periods: tuple[tuple[int, int], tuple[int, int]]) -> None:
    (a0, a1), (b0, b1) = periods
    if a0 >= a1 or b0 >= b1:
        raise QuestionError(
            "One of the two periods is empty: each start has to lie before its end, and a date "
            "to compare at has to lie inside the whole period; name it with --from and --to.",
            code="empty-comparison-period",
        )
    if max(a0, b0) < min(a1, b1):
        raise QuestionError(
            "The two periods overlap, so that some cases would stand on both sides; let the "
            "second begin where the first ends, or later.",
            code="overlapping-periods",
        )


def _parts(place: Workspace, log: EventLog, asked: Asked, walked: Walked, seed: int) -> TwoSides:
    assert asked.part is not None
    by, value = asked.part
    one, two, n_on_both = _masks(place, log, by, value, asked.other)
    start, end = _stretch(place, log, asked, walked)
    both = [
        basis_of(
            log,
            level=walked.walk.level,
            start_us=start,
            end_us=end,
            seed=drawn,
            walked=walked,
            cases=cases,
        )
        for cases, drawn in ((one, seed), (two, seed + SECOND_SEED))
    ]
    return TwoSides(both[0], both[1], (Part(by, value), Part(by, asked.other)), n_on_both)


def _stretch(
    place: Workspace, log: EventLog, asked: Asked, walked: Walked
) -> tuple[int | None, int | None]:
    """Return the period of both parts: the one asked for, else that of the whole log."""
    zone = place.settings.get("time_zone")
    asked_ends = [
        None if text is None else microseconds_of(name, text, zone)
        for name, text in zip(("from", "to"), asked.first, strict=True)
    ]
    if not log.has_clock:
        return None, None
    whole = period_of(_closings(walked), True, asked_ends[0], asked_ends[1])
    if whole.start_us is None or whole.end_us is None:
        raise _no_closed_case()
    if whole.start_us >= whole.end_us:
        raise QuestionError(
            "No case closes in the period asked for: --from lies after the last closing, or --to "
            "before the first; ask without them to see the period of the log.",
            code="empty-comparison-period",
        )
    return whole.start_us, whole.end_us


def _masks(
    place: Workspace, log: EventLog, by: str, value: str, other: str | None
) -> tuple[Flags, Flags, int]:
    """Cases of each side, and how many would stand on both: they are left out of both."""
    if value == other:
        raise QuestionError(
            f"'{value}' is named on both sides; name another with --with, or leave it out to "
            "compare with all other cases.",
            code="same-part",
            value=value,
        )
    if by == "unit":
        _check_value(by, log.units, value, other)
        one = cases_that_touch(log, value)
        two = ~one if other is None else cases_that_touch(log, other)
    else:
        labels = _labels(place, log, by)
        _check_value(by, labels.names, value, other)
        one = cases_with(labels, value)
        two = cases_with_any(labels) & ~one if other is None else cases_with(labels, other)
    on_both = one & two
    return one & ~on_both, two & ~on_both, int(on_both.sum())


def _labels(place: Workspace, log: EventLog, by: str) -> Labels:
    if by == "customer" and place.profile == "protected":
        raise QuestionError(
            "Single customers are not compared in a protected workspace: their ids are stored as "
            "pseudonyms only; choose another part, for example: --by topic VALUE.",
            code="customer-protected",
        )
    if by == "kind":
        return Labels(*kinds_of_cases({"cases": place.files("cases")}, log))
    return labels_of(log)[by]


def _check_value(by: str, names: Sequence[str], value: str, other: str | None) -> None:
    if not names:
        raise QuestionError(
            f"The log names no {by}, so that cases cannot be parted by it; choose another of: "
            f"{', '.join(p for p in PARTS if p != by)}.",
            code="no-such-label",
            by=by,
            choices=", ".join(p for p in PARTS if p != by),
        )
    for wanted in (value, other):
        if wanted is not None and wanted not in names:
            raise QuestionError(
                f"'{wanted}' is no {by} of this log. Choose one of: {_choices(names)}.",
                code="unknown-value",
                by=by,
                value=wanted,
                choices=_choices(names),
            )


def _choices(names: Sequence[str]) -> str:
    shown = sorted(names)
    rest = len(shown) - MOST_CHOICES
    listed = ", ".join(shown[:MOST_CHOICES])
    return f"{listed} … (+{rest})" if rest > 0 else listed


def _no_closed_case() -> QuestionError:
    return QuestionError(
        "No case of the log is closed, and a case is compared in the period in which it closes; "
        "import a log with closed cases.",
        code="no-closed-case-to-compare",
    )


def _check_cases(two: TwoSides) -> None:
    for which, basis in (("first", two.first), ("second", two.second)):
        if not basis.in_period.any():
            raise QuestionError(
                f"No closed case stands on the {which} side; widen its period or choose another "
                "part.",
                code="empty-side",
                side=which,
            )
