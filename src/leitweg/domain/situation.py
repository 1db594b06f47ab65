"""The as-is situation: what `situation` answers, before and after the privacy door."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from leitweg.domain.findings import Estimate, Finding
from leitweg.domain.network import Network, NetworkUnit

CAUSES = ("batching", "contention", "prioritisation", "unavailability", "extraneous")
# in the place of a name: all units together that may not be named alone
OTHERS = ""
NO_NETWORK = Network("unit", "handovers", why="no-transactions")


@dataclass(frozen=True)
class Period:
    """The stretch of time that rates per month are divided by.

    Start inclusive, end exclusive, microseconds UTC; ``zone`` is the time zone in which people
    read its days, UTC where None; ``months`` of 30.4375 days. All None where
    the log has no clock.
    """

    start_us: int | None
    end_us: int | None
    months: float | None
    rule: str
    zone: str | None = None


@dataclass(frozen=True)
class Coverage:
    """What the data cover and what they do not.

    ``missing`` holds sentences: what is not covered and what that does to the figures.
    """

    cases: int
    events: int
    messages: int
    people: int | None
    units: int
    events_without_person_share: float | None
    events_without_unit_share: float | None
    complete: bool
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One named figure. Counts have no interval; what cannot be estimated has ``why``."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    unit_of_measure: str
    n_cases: int
    n_people: int | None = None
    why: str | None = None
    held_back: str | None = None


@dataclass(frozen=True)
class Bearers:
    """How a sum spreads over the people behind it; who they are is not said. Never leaves."""

    total: float
    largest: float
    second: float


@dataclass(frozen=True)
class UnitRow:
    """One unit on the customer line map (contract, section 4).

    ``unit`` may be ``OTHERS``. ``bearers`` say how much of its sums single people make.
    """

    unit: str
    people: int | None
    n_cases: int | None
    stage: str | None
    direct_share: float | None
    distance_handovers: float | None
    customer_weight: float | None
    holding_hours_median: float | None
    waiting_hours_per_month: Estimate | None
    causes: Mapping[str, float] = field(default_factory=dict)
    why: str | None = None
    held_back: str | None = None
    bearers: tuple[Bearers, ...] = ()


@dataclass(frozen=True)
class LoadRow:
    """How much work lies on a unit, or on the holders of one position of it.

    ``working_hours_per_month`` are hours of work, ``utilisation`` their share of the hours that
    the discovered calendars hold, ``backlog_median`` the cases that lie there at an arrival,
    ``top_share`` the share of its work on the busiest 5 % of its people (None below 20 people);
    ``bearers`` how much of the work single people did.
    """

    unit: str
    position: str | None
    people: int | None
    n_cases: int | None
    working_hours_per_month: Estimate | None
    utilisation: Estimate | None
    busy_weeks_share: float | None
    backlog_median: float | None
    top_share: float | None
    why: str | None = None
    held_back: str | None = None
    bearers: tuple[Bearers, ...] = ()


@dataclass(frozen=True)
class LinkRow:
    """One link between two units: every change of unit counts here.

    Either unit may be ``OTHERS``: all those that may not be named beside the other one.
    ``bearers`` say how much of its sums single people make, on each side.
    """

    from_unit: str
    to_unit: str
    handovers: int | None
    cases: int | None
    n_people: int | None
    waiting_hours_median: float | None
    waiting_hours_p90: float | None
    waiting_hours_per_month: float | None
    holding_hours_median: float | None
    n_people_from: int | None = None
    n_people_to: int | None = None
    causes: Mapping[str, float] = field(default_factory=dict)
    why: str | None = None
    held_back: str | None = None
    bearers: tuple[Bearers, ...] = ()

    @property
    def merged(self) -> bool:
        """Whether the row is about several links together."""
        return OTHERS in (self.from_unit, self.to_unit)


@dataclass(frozen=True)
class Refused:
    """Places about which nothing may leave, whatever stands behind them.

    ``everything``: the whole answer; ``links`` are pairs of sender and receiver. ``merged_units``
    and ``merged_links`` say of several places whether they may be told of together, as one row;
    None where all may.
    """

    everything: bool = False
    units: frozenset[str] = frozenset()
    links: frozenset[tuple[str, str]] = frozenset()
    merged_units: Callable[[frozenset[str]], bool] | None = None
    merged_links: Callable[[frozenset[tuple[str, str]]], bool] | None = None


NOTHING_REFUSED = Refused()


@dataclass(frozen=True)
class Pools:
    """Rows about several places together, computed as if they were one place.

    The privacy door asks for them where the places are too small to be shown one by one. None
    where nothing can be put together. ``nodes`` are the units of the network as if it had no other
    edges than those given.
    """

    units: Callable[[frozenset[str]], UnitRow] | None = None
    links: Callable[[frozenset[tuple[str, str]]], LinkRow] | None = None
    nodes: Callable[[frozenset[tuple[str, str]]], tuple[NetworkUnit, ...]] | None = None


NO_POOLS = Pools()


@dataclass(frozen=True)
class Situation:
    """Everything the as-is analysis found, still with every number in it."""

    profile: str
    level: str
    period: Period
    coverage: Coverage
    figures: tuple[Figure, ...]
    units: tuple[UnitRow, ...]
    links: tuple[LinkRow, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    seed: int = 0
    network: Network = NO_NETWORK
    loads: tuple[LoadRow, ...] = ()
    pools: Pools = field(default=NO_POOLS, compare=False, repr=False)


@dataclass(frozen=True)
class ReleasedSituation:
    """What may leave: built by `privacy.release` alone (a house test holds that)."""

    profile: str
    k: int
    level: str
    period: Period
    coverage: Coverage
    figures: tuple[Figure, ...]
    units: tuple[UnitRow, ...]
    links: tuple[LinkRow, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    seed: int = 0
    network: Network = NO_NETWORK
    loads: tuple[LoadRow, ...] = ()
