"""When does the router learn? Anew as a job, and at once from everything that is noted.

What is noted is on the disk before it is answered, and a model file says up to which row of the
journal it knows: whoever opens it learns the rows behind it. So a learner may be killed at any
moment without losing a case (docs/methods/routing-memory.md).
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.errors import WorkspaceError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.routing import LEVELS, Level
from leitweg.domain.routing_journal import JournalEntry
from leitweg.privacy.eras import least_people
from leitweg.privacy.threshold import K
from leitweg.routing.fit import fit
from leitweg.routing.router import Router
from leitweg.routing.weighing import HEADS
from leitweg.store import Clock, Workspace, open_workspace, utc_now
from leitweg.store.application.routing_journal import (
    closed_before,
    entries_after,
    was_rewritten,
)
from leitweg.store.locking import TIMEOUT_SECONDS, only_writer
from leitweg.store.models import BROKEN, StoredModel, damaged_model, read_model, write_model
from leitweg.studies.asking import asking
from leitweg.studies.drift import Drift, drift_at
from leitweg.studies.journal_life import complete_exchange
from leitweg.studies.router_history import ToLearn, history_to_learn, n_resolved, profiles_at

_TRIES = 3
SEED = 0


@dataclass
class HeldRouter:
    """A router in memory, and up to what it knows.

    ``generation`` is that of the tables it was learnt from, ``position`` the last row of the
    journal that it has learnt.
    """

    router: Router = field(repr=False)
    level: Level
    generation: int
    position: int
    seed: int = SEED

    def learn(self, entries: Sequence[JournalEntry]) -> None:
        """Learn from entries of the journal, in their order; each is O(1)."""
        for entry in entries:
            closed = entry.closed(self.level)
            if closed is not None:
                self.router.close(closed)
            elif entry.level == self.level and entry.from_contact and entry.to_contact:
                # who chooses another contact hands on what the router would have given the first
                self.router.hand_over(entry.request, entry.from_contact, entry.to_contact)


@dataclass(frozen=True)
class LearntLevel:
    """What one level was learnt from; ``seconds`` is how long the learning took.

    ``contacts`` is None where a protected workspace does not count so few people.
    """

    level: Level
    cases: int
    from_journal: int
    contacts: int | None
    seconds: float
    file_bytes: int
    position: int


@dataclass(frozen=True)
class Learnt:
    """What was learnt, and how the router held in the weeks before."""

    levels: tuple[LearntLevel, ...]
    drift: tuple[Drift, ...]
    seed: int


def learn(
    workspace: Path,
    *,
    level: Level | None = None,
    seed: int = SEED,
    progress: Progress = silent,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> Learnt:
    """Learn anew from all that the workspace holds, and keep the model.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    level
        Unit or person; None: both, as far as anything was resolved at a level.
    seed
        For what is drawn at random while learning.
    progress
        Told how far the work is.
    asker
        Who asks.
    clock
        Where the present comes from.

    Raises
    ------
    QuestionError
        ``nothing-to-learn``.
    WorkspaceError
        ``workspace-locked``; ``workspace-changing`` where it changed again and again meanwhile.
    """
    place = open_workspace(workspace, clock=clock)
    with asking(place, "learn", asker=asker, question={"level": level}) as asked:
        levels: tuple[Level, ...] = LEVELS if level is None else (level,)
        told = tuple(_learnt(workspace, levels, seed, progress, clock, is_both=level is None))
        asked.note(values=sum(one.cases for one in told))
        weeks = tuple(drift_at(place, one.level) for one in told)
    return Learnt(told, weeks, seed)


def router_of(
    place: Workspace, level: Level, *, seed: int = SEED, progress: Progress = silent
) -> HeldRouter:
    """Return a router that knows everything noted so far: from its file, else learnt anew.

    Raises
    ------
    QuestionError
        ``nothing-to-learn``.
    WorkspaceError
        ``model-version``, ``damaged-model`` or ``model-of-another-workspace``.
    """
    complete_exchange(place)
    stored = read_model(place.folder, level, workspace=place.id)
    if stored is not None and _is_of(place, stored):
        held = _held(place, stored)
        if follow(place, held):
            return held
    held, _, _ = _fitted(place, level, seed, progress, history_to_learn(place))
    with suppress(WorkspaceError):
        # where another process writes, or was faster, it is kept next time
        _keep(place, held)
    follow(place, held)
    return held


def follow(place: Workspace, held: HeldRouter) -> bool:
    """Learn what was noted since; False where the router is outdated and has to be opened again."""
    if held.generation != place.generation:
        return False
    read = entries_after(
        place.database,
        held.position,
        kinds=("closed", "handover", "override"),
        key_fingerprint=place.key_fingerprint,
    )
    if read.was_rewritten:
        return False
    cases = {entry.case_id for entry in read.entries if entry.kind == "closed" and entry.case_id}
    learnt = closed_before(place.database, cases, held.position) if cases else set()
    held.learn(list(_once(read.entries, learnt)))
    held.position = read.position
    return True


def _once(entries: Sequence[JournalEntry], learnt: set[str]) -> Iterator[JournalEntry]:
    """Leave out what closes a case again: a message that is sent twice teaches once.

    Learning anew takes the last closing of a case.
    """
    for entry in entries:
        if entry.kind == "closed" and entry.case_id:
            if entry.case_id in learnt:
                continue
            learnt.add(entry.case_id)
        yield entry


def _held(place: Workspace, stored: StoredModel) -> HeldRouter:
    try:
        router = Router.from_state(stored.state)
        missing = [head for head in HEADS if head not in router.heads]
        if missing:
            raise KeyError(missing[0])
    except BROKEN as error:
        raise damaged_model(place.folder, stored.level, error) from None
    return HeldRouter(router, stored.level, stored.generation, stored.position, stored.seed)


def _learnt(
    workspace: Path,
    levels: Sequence[Level],
    seed: int,
    progress: Progress,
    clock: Clock,
    *,
    is_both: bool,
) -> list[LearntLevel]:
    for _ in range(_TRIES):
        place = open_workspace(workspace, clock=clock)
        complete_exchange(place)
        found = history_to_learn(place)
        chosen = [one for one in levels if not is_both or n_resolved(found.history, one)]
        told = []
        for level in chosen or levels[:1]:
            held, seconds, cases = _fitted(place, level, seed, progress, found)
            size = _keep(place, held)
            if size is None:
                break
            told.append(
                LearntLevel(
                    level,
                    cases,
                    found.from_journal[level],
                    _counted(place, level, held.router.contacts),
                    seconds,
                    size,
                    held.position,
                )
            )
        else:
            return told
    raise WorkspaceError(
        f"{workspace} changed {_TRIES} times while it was learnt from; try again when the imports "
        "have finished.",
        code="workspace-changing",
        path=str(workspace),
    )


def _counted(place: Workspace, level: Level, contacts: Sequence[str]) -> int | None:
    is_counted = place.profile == "open" or level == "unit" or least_people(contacts) >= K
    return len(contacts) if is_counted else None


def _fitted(
    place: Workspace,
    level: Level,
    seed: int,
    progress: Progress,
    found: ToLearn,
) -> tuple[HeldRouter, float, int]:
    history = found.history
    profiles = profiles_at(place, level)
    begin = time.perf_counter()
    router = fit(history, level=level, seed=seed, profiles=profiles, progress=progress)
    seconds = time.perf_counter() - begin
    held = HeldRouter(router, level, place.generation, found.position, seed)
    return held, seconds, n_resolved(history, level)


def _keep(place: Workspace, held: HeldRouter) -> int | None:
    """Write the model; None where the workspace changed since, so that it is outdated already."""
    model = StoredModel(
        level=held.level,
        generation=held.generation,
        position=held.position,
        seed=held.seed,
        made_us=place.now_us(),
        workspace=place.id,
        key_fingerprint=place.key_fingerprint,
        state=held.router.state(),
    )
    since = f"{place.now_us() / 1_000_000:.0f} s"
    with only_writer(place.folder, since=since, timeout_seconds=TIMEOUT_SECONDS):
        # whoever erases somebody holds this lock: no model of before is written after it
        if open_workspace(place.folder).generation != held.generation:
            return None
        if was_rewritten(place.database, held.position):
            return None
        mode = 0o600 if place.profile == "protected" else 0o644
        return write_model(place.folder, model, mode=mode).stat().st_size


def _is_of(place: Workspace, stored: StoredModel) -> bool:
    now = (place.generation, place.key_fingerprint)
    return (stored.generation, stored.key_fingerprint) == now
