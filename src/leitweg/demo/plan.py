"""What a generated company is made of: its layout, its roughness and its planted faults.

A plan is all that is needed to make the same log again. Units, topics and people are numbered
from 0; names are given later (`demo/as_event_log.py`, `demo/demo_company.py`). Hours are hours
of the company's clock: calendar hours, or office hours where ``office_hours`` is on.
"""

from dataclasses import dataclass

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
MONTH_DAYS = 30.4375
START_US = 1_704_067_200_000_000  # 2024-01-01T00:00Z, a Monday
RECORDS = ("started", "completion", "status")
SLOWNESS = ("bottleneck", "slow_link", "smooth_link")
# in this order: the place of a kind is in the key of its draws
KINDS = (
    *SLOWNESS,
    "ping_pong",
    "misrouting",
    "dead_end",
    "backlog",
    "gap",
    "overload",
    "silo",
    "key_position",
)


@dataclass(frozen=True)
class Fault:
    """One planted fault (or, for `smooth_link`, one good example), with its place and its size.

    The place is named as a finding names it:

    - ``bottleneck``: every wait for ``unit`` is ``factor`` times as long.
    - ``slow_link``, ``smooth_link``: waits from ``from_unit`` to ``to_unit`` times ``factor``.
    - ``ping_pong``: of the cases that go from ``from_unit`` to ``to_unit``, ``share`` go back and
      forth 1 to ``rounds`` times more (at least four stays) before they stay with ``to_unit``.
    - ``misrouting``: of the cases that leave ``from_unit``, ``share`` go through ``unit`` first;
      ``part`` of these come back to ``from_unit``, the others are passed on by ``unit``.
    - ``dead_end``: of the cases that come to ``unit``, ``share`` are looked at and then lie there
      (lognormal, median ``hours``); ``part`` of them are sent back without work instead.
    - ``backlog``: of the handovers from ``from_unit`` to ``to_unit`` between ``from_day`` and
      ``clear_day`` (days after the start), ``share`` lie until ``clear_day``, all at once.
    - ``gap``: of the cases that would go from ``from_unit`` to ``to_unit`` directly, ``share`` go
      through all ``units`` one after the other, which only look at them.
    - ``overload``: only ``people`` of ``unit`` are there, and each works on one case at a time:
      cases queue after their ordinary wait, first come, first served, but urgent ones first.

    - ``silo``: of the cases that leave the block of ``units`` (three or more, in order of their
      numbers), ``share`` go round in it 1 to ``rounds`` times before, each unit only looks at them.
    - ``key_position``: only ``people`` of ``unit`` have the skill that its cases of these topics
      need; they are all absent ``share`` of the period, and what comes then lies until they return.

    ``topics`` limits the place to cases that are truly about these topics; None is all of them.
    """

    kind: str
    unit: int = -1
    from_unit: int = -1
    to_unit: int = -1
    topics: tuple[int, ...] | None = None
    units: tuple[int, ...] = ()
    factor: float = 1.0
    share: float = 1.0
    rounds: int = 1
    part: float = 0.0
    hours: float = 0.0
    people: int = 0
    from_day: int = 0
    clear_day: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of fault: {self.kind}")


@dataclass(frozen=True)
class NeededStep:
    """A step through ``unit`` that ``share`` of the topic's cases leaving ``from_unit`` need.

    In the log it looks like misrouting; it is part of the work and has no price.
    """

    from_unit: int
    unit: int
    topic: int
    share: float


@dataclass(frozen=True)
class QueueUnit:
    """A unit whose people work on one case at a time: what comes while all are busy queues.

    Parameters
    ----------
    people
        How many of the unit's people are there; 0 for all.
    urgent_first
        Urgent cases are taken before the others.
    batch
        Somebody takes up work when so many cases lie there, and does them one after another;
        0 for one by one.
    weekdays
        On which days the unit works, Monday is 0.
    closures
        ``(first day, day after the last)`` after the start: the unit is closed.
    ordinary
        Factor on the ordinary wait that comes before the queue; 0 for none.
    """

    unit: int
    people: int = 0
    urgent_first: bool = False
    batch: int = 0
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    closures: tuple[tuple[int, int], ...] = ()
    ordinary: float = 1.0


@dataclass(frozen=True)
class TopicPath:
    """The usual way of a topic: one of its entries, the middle units in order, one of its homes.

    Shares stand beside the units they belong to and add up to 1. ``weight`` is the topic's part
    of all cases, relative to the other topics.
    """

    weight: float
    entries: tuple[int, ...]
    entry_shares: tuple[float, ...]
    middle: tuple[int, ...]
    homes: tuple[int, ...]
    home_shares: tuple[float, ...]


@dataclass(frozen=True)
class CompanyPlan:
    """All that decides a generated log.

    Parameters
    ----------
    seed
        Of layout and draws alike.
    people
        How many people each unit has; one number stands for all units.
    wait_hours, wait_log_sd
        Median and log standard deviation of the wait after a handover (lognormal).
    work_hours, work_log_sd
        The same for one piece of work.
    unit_log_sd, link_log_sd
        How much units and links differ by themselves; 0 in a plain company.
    wrong_topic_share
        Part of the cases whose recorded topic is not the true one.
    stray_share, bounce_share
        Part of the cases that take a detour through a random unit, or bounce once, anywhere.
    first_contact_share
        Part of the cases that the first unit resolves.
    record
        ``started`` (work with start and end), ``completion`` (end only) or ``status`` (a queue
        event at each handover, written by the sender; the start of each work; the resolution).
    close_days
        For ``status``: the administrative close follows the resolution by 1 to 2 times as many
        days; 0 writes none.
    office_hours
        Cases arrive by the hour of the week; people work Monday to Friday 8 to 17 local time.
    pickup_days
        ``(unit, days)``: the unit picks up what lies there only every so many days.
    unit_work
        ``(unit, factor)``: a piece of work takes so many times as long in this unit.
    queue_units
        Units in which cases queue for people.
    real_people
        Every unit is one; otherwise people of the others work on any number of cases at a time.
    urgent_share
        Part of the cases that are urgent.
    one_piece
        Every stay is one piece of work; where work is done in batches it always is.
    absences
        Everybody is absent now and then, and colleagues take over.
    wave_share, wave_days
        Arrivals rise and fall by this share of their mean once in so many days.
    topics
        The layout; empty draws one from the seed (`demo/layout.py`).
    """

    seed: int
    n_units: int = 12
    n_topics: int = 10
    n_cases: int = 9000
    months: float = 12.0
    start_us: int = START_US
    people: int | tuple[int, ...] = 8
    wait_hours: float = 4.0
    wait_log_sd: float = 1.1
    work_hours: float = 0.4
    work_log_sd: float = 0.8
    unit_log_sd: float = 0.0
    link_log_sd: float = 0.0
    wrong_topic_share: float = 0.0
    stray_share: float = 0.0
    bounce_share: float = 0.0
    first_contact_share: float = 0.0
    record: str = "started"
    close_days: float = 0.0
    office_hours: bool = False
    time_zone: str = "Europe/Berlin"
    pickup_days: tuple[tuple[int, float], ...] = ()
    unit_work: tuple[tuple[int, float], ...] = ()
    queue_units: tuple[QueueUnit, ...] = ()
    real_people: bool = False
    urgent_share: float = 0.0
    one_piece: bool = False
    absences: bool = False
    wave_share: float = 0.0
    wave_days: float = 60.0
    needed_steps: tuple[NeededStep, ...] = ()
    faults: tuple[Fault, ...] = ()
    topics: tuple[TopicPath, ...] = ()

    def __post_init__(self) -> None:
        if self.record not in RECORDS:
            raise ValueError(f"unknown record: {self.record}")
        if len(self.faults) > 62:
            raise ValueError("a plan holds at most 62 faults: they are labelled in one integer")
        if len({fault_key(f) for f in self.faults}) < len(self.faults):
            raise ValueError("two faults of one kind at one place share their random numbers")

    @property
    def unit_people(self) -> tuple[int, ...]:
        """How many people each unit has."""
        return (self.people,) * self.n_units if isinstance(self.people, int) else self.people


def fault_key(fault: Fault) -> int:
    """Return the number that the draws of a fault are keyed by: its kind and its place.

    Not its position in the plan: taking one fault out leaves the draws of the others alone.

    >>> fault_key(Fault("bottleneck", unit=3)) == fault_key(Fault("bottleneck", unit=3, factor=2))
    True
    """
    place = (KINDS.index(fault.kind), fault.unit, fault.from_unit, fault.to_unit)
    return place_key((*place, *(fault.topics or ()), *fault.units))


def place_key(numbers: tuple[int, ...]) -> int:
    """Fold small numbers (each at least -1) into one of 48 bits, the same on every machine."""
    key = 0x9E37
    for number in numbers:
        key = (key * 1_000_003 + number + 2) % (1 << 48)
    return key
