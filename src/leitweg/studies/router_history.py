"""What does a workspace give a router to learn from? Its cases, and the closings it was told."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leitweg.domain.routing import LEVELS, History, Level, Profile
from leitweg.domain.tables import TABLES
from leitweg.engine.event_log import load_event_log
from leitweg.engine.request_rows import load_requests
from leitweg.privacy.text_features import features_under
from leitweg.privacy.threshold import K
from leitweg.routing.closings import no_history, with_closings
from leitweg.routing.history import history_of
from leitweg.routing.profiles import profiles_of
from leitweg.store import Workspace
from leitweg.store.application.routing_journal import entries_after


def history_at(place: Workspace, *, with_text: bool = True) -> History:
    """Return the cases of the tables; none where there is no event."""
    if not place.rows("events"):
        return no_history()
    files: dict[str, list[Path]] = {name: place.files(name) for name in TABLES}
    log = load_event_log(files)
    # a protected workspace holds the features of its texts already
    featurise = features_under(None).of_many if place.profile == "open" else None
    rows = load_requests(files, log.case_ids, featurise=featurise, with_text=with_text)
    return history_of(log, rows)


@dataclass(frozen=True)
class ToLearn:
    """The cases of tables and journal, up to which row of it, and how many it alone tells."""

    history: History
    position: int
    from_journal: Mapping[Level, int]


def history_to_learn(place: Workspace) -> ToLearn:
    """Return everything that a workspace gives a router to learn from."""
    read = entries_after(
        place.database, kinds=("closed", "handover"), key_fingerprint=place.key_fingerprint
    )
    told = history_at(place)
    history, _ = with_closings(told, read.entries)
    more = {one: n_resolved(history, one) - n_resolved(told, one) for one in LEVELS}
    return ToLearn(history, read.position, more)


def n_resolved(history: History, level: Level) -> int:
    """Return how many cases have a right contact at a level."""
    return int(((history.unit if level == "unit" else history.person).codes >= 0).sum())


def profiles_at(place: Workspace, level: Level) -> tuple[Profile, ...]:
    """Return what the tables say of contacts before they resolved anything."""
    is_open = place.profile == "open"
    return profiles_of(
        level,
        {name: place.read(name) for name in ("units", "people", "positions", "qualifications")},
        features=features_under(None if is_open else place.key()).of,
        least_people=1 if is_open else K,
    )
