"""What does a server of the right contact start from? A desk over the routers of a workspace.

The desk follows the workspace: what is imported, learnt anew, erased or exchanged becomes the next
state, which is made ready beside the present one.
"""

from dataclasses import dataclass
from pathlib import Path

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.errors import LeitwegError, QuestionError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.routing import LEVELS
from leitweg.store import Clock, Workspace, open_workspace, utc_now
from leitweg.store.application.api_keys import api_keys
from leitweg.store.manifest import FILE_NAME
from leitweg.store.models import model_file
from leitweg.studies.asking import asking, purposes_on
from leitweg.studies.desk import Desk
from leitweg.studies.desk_routing import RoutingState, Ways
from leitweg.studies.desk_state import DeskState
from leitweg.studies.learning import HeldRouter, router_of
from leitweg.studies.routing_scene import scene_around

NOTHING_TO_LEARN = "nothing-to-learn"
Stamp = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True)
class Served:
    """What a server answers from when it starts.

    ``learnt`` is the number of cases by level.
    """

    learnt: dict[str, int]
    n_keys: int
    purpose_is_on: bool


@dataclass(frozen=True)
class Serving:
    """A desk that answers, and what it started from."""

    desk: Desk
    served: Served


def check_serving(
    workspace: Path,
    *,
    ways: Ways | None = None,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
    progress: Progress = silent,
) -> Served:
    """Answer: is everything there to serve? Learns what has to be learnt, and keeps it.

    Raises
    ------
    QuestionError
        ``nothing-to-learn``, ``level-not-learnt``.
    AccessError
        ``not-allowed``, ``unknown-role``.
    """
    place = open_workspace(workspace, clock=clock)
    with asking(place, "serve", asker=asker, question={"check": True}) as asked:
        state, served = _first(place, ways or Ways(), progress)
        asked.note(values=sum(served.learnt.values()))
        del state
    return served


def open_desk(
    workspace: Path,
    *,
    ways: Ways | None = None,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
    progress: Progress = silent,
) -> Serving:
    """Open a desk that answers until it is stopped; see `check_serving` for what it raises."""
    place = open_workspace(workspace, clock=clock)
    chosen = ways or Ways()
    with asking(place, "serve", asker=asker, question={"level": chosen.level}) as asked:
        watch = _Watch(workspace, chosen, clock)
        state, served = watch.opened(progress)
        desk = Desk(state, watch.changed)
        asked.note(values=sum(served.learnt.values()))
    return Serving(desk, served)


class _Watch:
    """Looks whether a workspace is another one than the state that was opened last."""

    def __init__(self, workspace: Path, ways: Ways, clock: Clock) -> None:
        self._workspace = workspace
        self._ways = ways
        self._clock = clock
        self._stamp: Stamp = ()

    def opened(self, progress: Progress = silent) -> tuple[RoutingState, Served]:
        """Open the state of this moment."""
        before = _stamp(self._workspace)
        place = open_workspace(self._workspace, clock=self._clock)
        found = _first(place, self._ways, progress)
        after = _stamp(self._workspace)
        # a model that was learnt just now is kept, which is no change to follow
        self._stamp = after if after[0] == before[0] else before
        return found

    def changed(self, known: DeskState) -> RoutingState | None:
        """Return the next state; None where nothing has changed."""
        is_outdated = isinstance(known, RoutingState) and known.is_outdated
        if _stamp(self._workspace) == self._stamp and not is_outdated:
            return None
        return self.opened()[0]


def _first(place: Workspace, ways: Ways, progress: Progress) -> tuple[RoutingState, Served]:
    held = {one.level: one for one in _held(place, ways, progress)}
    if ways.level not in held:
        raise QuestionError(
            f"Nothing was learnt at the level {ways.level}; choose one of: {', '.join(held)}.",
            code="level-not-learnt",
            level=ways.level,
            levels=", ".join(held),
        )
    scenes = {level: scene_around(place, one) for level, one in held.items()}
    served = Served(
        {level: one.router.n_learnt for level, one in held.items()},
        sum(not key.is_revoked for key in api_keys(place.database)),
        "routing" in purposes_on(place),
    )
    return RoutingState(place, held, scenes, ways), served


def _held(place: Workspace, ways: Ways, progress: Progress) -> list[HeldRouter]:
    """Open a router of every level at which anything was resolved."""
    found: list[HeldRouter] = []
    missing: LeitwegError | None = None
    for level in LEVELS:
        try:
            found.append(router_of(place, level, seed=ways.seed, progress=progress))
        except QuestionError as error:
            if error.code != NOTHING_TO_LEARN:
                raise
            missing = missing or error
    if not found and missing is not None:
        raise missing
    return found


def _stamp(workspace: Path) -> Stamp:
    """Return what changes when tables or models do."""
    return tuple(
        _of_file(path)
        for path in (workspace / FILE_NAME, *(model_file(workspace, level) for level in LEVELS))
    )


def _of_file(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino
