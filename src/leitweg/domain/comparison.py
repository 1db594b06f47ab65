"""What changed between two sets of cases: before and after the privacy door."""

from collections.abc import Mapping
from dataclasses import dataclass

from leitweg.domain.findings import Estimate, Finding
from leitweg.domain.situation import Period

STATEMENTS = ("changed", "no_change", "too_few", "not_tested")
BECAME = ("appeared", "vanished", "grew", "shrank", "same", "second_only", "first_only")
PARTS = ("topic", "unit", "priority", "channel", "customer", "kind")


@dataclass(frozen=True)
class Part:
    """A part of the company: cases by a label, or by a unit that they touch.

    ``value`` None: all cases but those of the other side.
    """

    by: str
    value: str | None


@dataclass(frozen=True)
class Side:
    """One of the two sets of cases that are compared, and what the log covers of it.

    A case belongs to the period in which it closes. ``part`` is None where two periods are
    compared. ``people_in_unit`` counts those of the unit that names the side, None where none does.
    Counts and shares are None, with ``held_back``, where the privacy door says so.
    """

    period: Period
    part: Part | None
    cases: int | None
    events: int | None
    people: int | None
    units: int | None
    events_without_person_share: float | None
    events_without_unit_share: float | None
    people_in_unit: int | None = None
    held_back: str | None = None

    @property
    def people_behind(self) -> int | None:
        """People that a value of the side is about: where a unit names it, those of the unit."""
        return self.people if self.people_in_unit is None else self.people_in_unit


@dataclass(frozen=True)
class Change:
    """A value on each side, the difference (second less first) and the ratio (second by first).

    All with 95 % intervals. ``statement``: one of ``STATEMENTS``; ``p_value`` is that of the test
    behind it, None where nothing was tested. Null estimates have ``why`` or ``held_back``.
    """

    first: Estimate | None
    second: Estimate | None
    difference: Estimate | None
    ratio: Estimate | None
    statement: str
    p_value: float | None = None
    why: str | None = None
    held_back: str | None = None


@dataclass(frozen=True)
class FigureChange:
    """One figure on both sides; ``same_mix`` as if both sides had the same mix of topics."""

    name: str
    unit_of_measure: str
    n_cases_first: int
    n_cases_second: int
    change: Change
    same_mix: Change
    n_people_first: int | None = None
    n_people_second: int | None = None


@dataclass(frozen=True)
class PlaceChange:
    """One unit, or one link, on both sides.

    ``per_case`` are hours of waiting there by all cases of the side: how much of it a case meets.
    ``per_receipt`` are hours by handovers into the place: how long one takes. ``n_people_…`` are
    distinct people at work there, for a link on its smaller end.
    """

    unit: str | None
    from_unit: str | None
    to_unit: str | None
    receipts_first: int | None
    receipts_second: int | None
    per_case: Change
    per_receipt: Change
    n_people_first: int | None = None
    n_people_second: int | None = None
    held_back: str | None = None


@dataclass(frozen=True)
class FindingChange:
    """One place with a finding on at least one side, matched by kind and place.

    ``price`` is in customer waiting hours per month, ``price_per_case`` the same by the cases that
    close in a month; ``at_place`` are hours spent at the place by all cases of the side, known on
    both sides also where there is no finding. ``became``: one of ``BECAME``.
    """

    kind: str
    first: Finding | None
    second: Finding | None
    price: Change
    price_per_case: Change
    at_place: Change
    became: str
    n_people_first: int | None = None
    n_people_second: int | None = None

    @property
    def shown(self) -> Finding:
        """The finding that names the place: that of the second side where there is one."""
        finding = self.second or self.first
        if finding is None:
            raise ValueError("a change of a finding needs a finding on one side")
        return finding


@dataclass(frozen=True)
class TopicShare:
    """Cases of one topic on each side, and the people who worked on them."""

    topic: str
    cases_first: int | None
    cases_second: int | None
    n_people_first: int | None = None
    n_people_second: int | None = None
    held_back: str | None = None


@dataclass(frozen=True)
class Mix:
    """Whether both sides are about the same things.

    ``moved_share`` is the share of cases that would have to change their topic for the mixes to
    be equal; ``common_share`` the share of all cases whose topic has enough cases on both sides,
    which are the cases that ``same_mix`` stands on. None, with ``why``, where topics are unknown.
    """

    moved_share: float | None
    differs: bool
    common_share: float | None
    topics: tuple[TopicShare, ...] = ()
    why: str | None = None
    held_back: str | None = None


@dataclass(frozen=True)
class Comparison:
    """Two sides, and what changed from the first to the second.

    ``kind``: ``periods`` or ``parts``. ``tested`` counts the tests per family (``figures``,
    ``units``, ``links``, ``findings``). ``notes`` are codes: what else may be behind a change.
    """

    profile: str
    level: str
    kind: str
    first: Side
    second: Side
    figures: tuple[FigureChange, ...]
    units: tuple[PlaceChange, ...]
    links: tuple[PlaceChange, ...]
    findings: tuple[FindingChange, ...]
    mix: Mix
    units_only_first: tuple[str, ...]
    units_only_second: tuple[str, ...]
    tested: Mapping[str, int]
    notes: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class ReleasedComparison:
    """What may leave: built at the privacy door alone."""

    profile: str
    k: int
    level: str
    kind: str
    first: Side
    second: Side
    figures: tuple[FigureChange, ...]
    units: tuple[PlaceChange, ...]
    links: tuple[PlaceChange, ...]
    findings: tuple[FindingChange, ...]
    mix: Mix
    units_only_first: tuple[str, ...]
    units_only_second: tuple[str, ...]
    tested: Mapping[str, int]
    notes: tuple[str, ...]
    seed: int
