"""Does the router still hold? What it told, week by week, against who resolved the cases.

Every routed request whose case was closed later is judged by what it was told then. Method:
docs/methods/routing-memory.md.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from leitweg.domain.routing import History, Level
from leitweg.domain.routing_journal import JournalEntry
from leitweg.routing.assignment import gini
from leitweg.routing.calibration import expected_calibration_error

_LEAST_SHARE = 1e-6
"""A probability of 0 for what happened would make the loss of a whole week endless."""


@dataclass(frozen=True)
class DriftWeek:
    """One week of requests, by the time at which they were routed; figures without a case are None.

    Attributes
    ----------
    week
        ISO 8601, such as ``2026-W07`` (UTC).
    n_routed, n_judged
        Requests that were routed, and those of them whose case was closed since.
    top1, top3
        Share of the judged whose right contact was first, or among the first three.
    log_loss
        Mean of −ln of the probability told of the right contact; of all who were not shown, that
        of anybody else.
    ece
        Expected calibration error of the first contact.
    someone_new, unseen_share
        Mean probability told that it is somebody new, and the share in which it was: resolved by a
        contact that had resolved nothing before.
    load_gini
        Inequality of the first suggestions over all contacts known by then; 0 is even.
    override_share
        Share of the routed for which a person chose another contact.
    """

    week: str
    n_routed: int
    n_judged: int
    top1: float | None = None
    top3: float | None = None
    log_loss: float | None = None
    ece: float | None = None
    someone_new: float | None = None
    unseen_share: float | None = None
    load_gini: float | None = None
    override_share: float | None = None
    held_back: str | None = None


def first_resolved(history: History, level: Level) -> dict[str, int]:
    """Return when each contact first resolved a case."""
    column = history.unit if level == "unit" else history.person
    first = np.full(len(column.labels), np.iinfo(np.int64).max, np.int64)
    known = np.asarray(column.codes) >= 0
    np.minimum.at(first, column.codes[known], history.closed[known])
    return {
        label: int(at)
        for label, at in zip(column.labels, first, strict=True)
        if at < np.iinfo(np.int64).max
    }


def weeks_of(
    entries: Iterable[JournalEntry], level: Level, first: Mapping[str, int]
) -> tuple[DriftWeek, ...]:
    """Judge what was told, week by week, the oldest first.

    Parameters
    ----------
    entries
        Of the journal, oldest first.
    level
        Of the contacts.
    first
        When each contact first resolved a case (`first_resolved`).
    """
    routed: dict[str, list[JournalEntry]] = defaultdict(list)
    right: dict[str, tuple[int, str]] = {}
    overrides: Counter[str] = Counter()
    for entry in entries:
        contact = entry.contact(level)
        if entry.kind == "routed" and entry.level == level and entry.suggested:
            routed[week_of(entry.at_us)].append(entry)
        elif entry.kind == "override" and entry.level == level:
            overrides[week_of(entry.at_us)] += 1
        elif entry.kind == "closed" and entry.case_id and contact:
            right[entry.case_id] = (entry.at_us, contact)
    return tuple(
        _week(week, routed[week], right, overrides[week], first) for week in sorted(routed)
    )


def week_of(at_us: int) -> str:
    """Return the ISO week of a time, in UTC.

    >>> week_of(0), week_of(1_767_222_000_000_000)
    ('1970-W01', '2026-W01')
    """
    year, week, _ = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)).isocalendar()
    return f"{year}-W{week:02d}"


def _week(
    week: str,
    routed: Sequence[JournalEntry],
    right: Mapping[str, tuple[int, str]],
    n_overrides: int,
    first: Mapping[str, int],
) -> DriftWeek:
    judged = [
        (entry, found[1])
        for entry in routed
        if entry.case_id and (found := right.get(entry.case_id)) and found[0] >= entry.at_us
    ]
    told = DriftWeek(
        week,
        len(routed),
        len(judged),
        load_gini=_inequality(routed, first),
        override_share=min(1.0, n_overrides / len(routed)),
    )
    return _judged(told, judged, first) if judged else told


def _judged(
    told: DriftWeek, judged: Sequence[tuple[JournalEntry, str]], first: Mapping[str, int]
) -> DriftWeek:
    place = [_place(entry, contact) for entry, contact in judged]
    shares = np.array([_share(entry, contact) for entry, contact in judged])
    sure = np.array([entry.suggested[0].probability for entry, _ in judged])
    is_right = np.array([p == 0 for p in place])
    unseen = [first.get(contact, 2**63) >= entry.at_us for entry, contact in judged]
    new = [e.someone_new for e, _ in judged if e.someone_new is not None]
    return DriftWeek(
        told.week,
        told.n_routed,
        told.n_judged,
        top1=float(is_right.mean()),
        top3=float(np.mean([0 <= p < 3 for p in place])),
        log_loss=float(-np.log(np.maximum(shares, _LEAST_SHARE)).mean()),
        ece=float(expected_calibration_error(sure, is_right)),
        someone_new=float(np.mean(new)) if new else None,
        unseen_share=float(np.mean(unseen)),
        load_gini=told.load_gini,
        override_share=told.override_share,
    )


def _place(entry: JournalEntry, contact: str) -> int:
    """Return at which place a contact was shown, -1 where it was not."""
    shown = [one.contact for one in entry.suggested]
    return shown.index(contact) if contact in shown else -1


def _share(entry: JournalEntry, contact: str) -> float:
    """Return the probability told of a contact; who was not shown is anybody else."""
    shown = {one.contact: one.probability for one in entry.suggested}
    return shown[contact] if contact in shown else 1 - sum(shown.values())


def _inequality(routed: Sequence[JournalEntry], first: Mapping[str, int]) -> float:
    counts = Counter(entry.suggested[0].contact for entry in routed)
    until = max(entry.at_us for entry in routed)
    known = {contact for contact, at in first.items() if at <= until} | set(counts)
    return float(gini(np.array([counts[contact] for contact in sorted(known)], np.float64)))
