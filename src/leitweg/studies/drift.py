"""How has the router held over the weeks? The figures of `leitweg.routing.drift`, as they leave.

In a protected workspace persons are not counted: at level person the inequality of load stays
inside, and so does every figure of a week with too few cases.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.routing import LEVELS, Level
from leitweg.privacy.threshold import BELOW_K, K
from leitweg.routing.drift import DriftWeek, first_resolved, weeks_of
from leitweg.store import Clock, Workspace, open_workspace, utc_now
from leitweg.store.application.routing_journal import entries_after
from leitweg.studies.asking import asking
from leitweg.studies.router_history import history_to_learn


@dataclass(frozen=True)
class Drift:
    """How the router of a level held, week by week, the oldest first."""

    level: Level
    weeks: tuple[DriftWeek, ...]


def drift(
    workspace: Path,
    *,
    level: Level | None = None,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> tuple[Drift, ...]:
    """Judge what was told of routed requests against who resolved them, week by week.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    level
        Unit or person; None: both.
    asker
        Who asks.
    clock
        Where the present comes from.
    """
    place = open_workspace(workspace, clock=clock)
    with asking(place, "learn", asker=asker, question={"level": level, "drift": True}) as asked:
        found = tuple(drift_at(place, one) for one in (LEVELS if level is None else (level,)))
        asked.note(values=sum(len(one.weeks) for one in found))
    return found


def drift_at(place: Workspace, level: Level) -> Drift:
    """Return the weeks of one level, as they may leave."""
    read = entries_after(place.database, key_fingerprint=place.key_fingerprint)
    if not any(entry.kind == "routed" and entry.level == level for entry in read.entries):
        return Drift(level, ())
    history = history_to_learn(place).history
    weeks = weeks_of(read.entries, level, first_resolved(history, level))
    if place.profile == "open":
        return Drift(level, weeks)
    return Drift(level, tuple(_protected(week, level) for week in weeks))


def _protected(week: DriftWeek, level: Level) -> DriftWeek:
    if week.n_judged < K:
        return DriftWeek(week.week, week.n_routed, week.n_judged, held_back=BELOW_K)
    return replace(week, load_gini=None) if level == "person" else week
