"""What leaves of an answer to "who is the right contact?", and of the proof that it holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from leitweg.domain.assignments import Assignment
from leitweg.domain.rosters import Standing
from leitweg.domain.routing import Evidence, Level


@dataclass(frozen=True)
class ReleasedContact:
    """One contact that may be right, as the profile lets it leave.

    Attributes
    ----------
    contact
        The unit, or the id of a person as the caller wrote it.
    probability
        Calibrated: of contacts with .7, seven in ten are right.
    available
        Nothing known now speaks against the contact: absence, hours, language, permission, load.
    reasons
        The heaviest first; where counts are held back they and the date are None.
    similar
        Ids of the nearest closed cases that the contact resolved.
    counts_held_back, similar_held_back
        Codes of why counts and cases stay inside; None where they do not.
    standing
        Why the contact is not available, and when it is again; None without a roster.
    """

    contact: str
    probability: float
    available: bool = True
    reasons: tuple[Evidence, ...] = ()
    similar: tuple[str, ...] = ()
    counts_held_back: str | None = None
    similar_held_back: str | None = None
    standing: Standing | None = None


@dataclass(frozen=True)
class ReleasedRouting:
    """The answer to one request, likeliest contact first.

    ``abstain``: no contact is sure enough to be suggested alone, a human chooses among those
    listed. ``someone_new`` is the probability that it is none of the contacts known.
    ``expected_transfers`` is None where nothing is known. ``notes`` are codes with facts, such as
    ``unknown-value: topic=Moon``. ``now_us`` is the time that "three days ago" counts
    from, ``zone`` the time zone of those who read, ``holder`` who has the request already.
    """

    profile: str
    level: Level
    contacts: tuple[ReleasedContact, ...]
    someone_new: float
    threshold: float
    abstain: bool
    expected_transfers: float | None
    n_learnt: int
    now_us: int
    notes: tuple[str, ...] = ()
    zone: str = "UTC"
    holder: str | None = None


@dataclass(frozen=True)
class ReleasedBacklog:
    """Who takes which request of a backlog, with contacts as the caller names them."""

    profile: str
    level: Level
    assignment: Assignment
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CoveragePoint:
    """With a threshold: the share of requests suggested alone, and how many of those are right."""

    threshold: float
    coverage: float
    accuracy: float


@dataclass(frozen=True)
class ReliabilityBin:
    """Requests whose first contact had about one probability: what was said, what was true."""

    probability: float
    right_share: float
    n: int


@dataclass(frozen=True)
class DriftMonth:
    """One month of the test: how well the router held."""

    month: str
    n: int
    top1: float | None
    top3: float | None
    log_loss: float | None
    ece: float | None
    candidate_recall: float | None
    unseen_share: float | None
    load_gini: float | None


@dataclass(frozen=True)
class BacktestSums:
    """How the router would have done: each later case judged before it was learnt.

    Figures that cannot be known are None. ``baselines`` holds ``top1`` and ``top3`` by name.
    """

    profile: str
    level: Level
    labels: str
    question: Mapping[str, object]
    n_train: int
    n_test: int
    figures: Mapping[str, float | None]
    baselines: Mapping[str, Mapping[str, float | None]]
    latency_ms: Mapping[str, float | None]
    fit_seconds: float | None
    curve: tuple[CoveragePoint, ...] = ()
    bins: tuple[ReliabilityBin, ...] = ()
    drift: tuple[DriftMonth, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReleasedBacktest(BacktestSums):
    """What may leave of a backtest."""
