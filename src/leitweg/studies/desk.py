"""How are many programs answered at once? In rounds: answered, noted in one step, then told.

One thread does all three: it alone touches the routers, and no answer leaves before it is noted.
What arrives meanwhile becomes the next round, so that a busy desk notes many answers in one step.
(A thread of its own for the notes was measured: the two only waited for each other.) Another thread
looks whether the workspace has changed, and makes the next state ready.
"""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field

from leitweg.domain.access import Asker
from leitweg.domain.errors import AuthenticationError, LeitwegError, WorkspaceError
from leitweg.studies.asking import AskedTogether
from leitweg.studies.audit_log import AuditLog
from leitweg.studies.desk_calls import Call
from leitweg.studies.desk_standing import Standing
from leitweg.studies.desk_state import Answered, DeskState
from leitweg.studies.json_forms import Json

MOST_WAITING = 1_000
MOST_IN_A_ROUND = 32
LOOK_EVERY_SECONDS = 0.5
LOOK_AFTER_FAILURE_SECONDS = 5.0
ACTION = "route"


@dataclass
class _Job:
    call: Call
    future: Future[Json] = field(default_factory=Future)
    answered: Answered | None = None
    error: Exception | None = None

    def tell(self) -> None:
        """Let the answer leave."""
        if not self.future.set_running_or_notify_cancel():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        elif self.answered is not None:
            self.future.set_result(self.answered.document)


class Desk:
    """Answers programs from one workspace.

    Parameters
    ----------
    state
        What it answers from at first.
    changed
        Returns the next state, None where the workspace is as in the state given.
    """

    def __init__(self, state: DeskState, changed: Callable[[DeskState], DeskState | None]) -> None:
        self._state = state
        self._changed = changed
        self._next: DeskState | None = None
        self._loaded_at = time.monotonic()
        self._look_failed = False
        self._standing = Standing(state.place)
        self._log = AuditLog(state.place)
        self._jobs: queue.Queue[_Job | None] = queue.Queue()
        self._learns = threading.Event()
        self._stops = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=f"leitweg-{name}", daemon=True)
            for name, work in (
                ("answers", self._answer),
                ("looks", self._look),
            )
        ]
        for thread in self._threads:
            thread.start()

    def ask(self, call: Call) -> Future[Json]:
        """Take a question; its answer comes when it is noted.

        Raises
        ------
        WorkspaceError
            ``too-many-waiting``, ``server-ends``.
        """
        if self._stops.is_set():
            raise _ending()
        if self._jobs.qsize() >= MOST_WAITING:
            raise WorkspaceError(
                f"{MOST_WAITING} requests wait already; try again in a second.",
                code="too-many-waiting",
                n=MOST_WAITING,
            )
        job = _Job(call)
        self._jobs.put(job)
        return job.future

    def is_ready(self) -> bool:
        """Say whether questions are answered."""
        return not self._stops.is_set() and all(thread.is_alive() for thread in self._threads)

    def gauges(self) -> Mapping[str, Mapping[str, float]]:
        """Return the figures of this moment, by name and level."""
        return {
            **self._state.gauges(),
            "leitweg_waiting_requests": {"": self._jobs.qsize()},
            "leitweg_model_age_seconds": {"": time.monotonic() - self._loaded_at},
            "leitweg_ready": {"": float(self.is_ready())},
            "leitweg_reload_failed": {"": float(self._look_failed)},
        }

    def stop(self) -> None:
        """Take no more, answer what was taken, and return when all is noted."""
        if self._stops.is_set():
            return
        self._stops.set()
        self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None:
                # it came while the desk was closing
                job.error = _ending()
                job.tell()

    def _answer(self) -> None:
        while True:
            jobs, ends = _taken(self._jobs)
            self._settle()
            self._round(jobs)
            for job in jobs:
                job.tell()
            if ends:
                return

    def _settle(self) -> None:
        """Take the next state over, and learn what was noted."""
        if self._next is not None:
            self._state, self._next = self._next, None
            self._loaded_at = time.monotonic()
            self._learns.set()
        if self._learns.is_set():
            self._learns.clear()
            with suppress(LeitwegError):
                self._state.learn()

    def _round(self, jobs: list[_Job]) -> None:
        """Answer jobs and note the answers; afterwards each has an answer or an error."""
        state = self._state
        try:
            together = AskedTogether(state.place, self._standing.purposes())
            for job in jobs:
                try:
                    job.answered = self._answered(state, together, job.call)
                except Exception as error:
                    job.error = error
            self._keep(state, together, jobs)
        except Exception as error:
            for job in jobs:
                job.error = job.error or error

    def _answered(self, state: DeskState, together: AskedTogether, call: Call) -> Answered:
        key = self._standing.key(call.token)
        asker = Asker(key.name, key.role)
        if key.is_revoked:
            together.refuse(ACTION, asker=asker, reason="revoked-key")
            raise AuthenticationError(
                f"The key '{key.name}' was revoked; ask for a new one.",
                code="revoked-key",
                name=key.name,
            )
        facts = state.facts(call.question)
        with together.asking(ACTION, asker=asker, question=facts) as asked:
            answered = state.answer(call)
            asked.note(values=answered.values)
        return answered

    def _keep(self, state: DeskState, together: AskedTogether, jobs: list[_Job]) -> None:
        found = (job.answered.kept for job in jobs if job.answered is not None)
        kept = [entry for entry in found if entry is not None]
        beside = state.keeping(kept) if kept else None
        self._log.append_many(together.entries, beside=beside)
        if any(entry.kind != "routed" for entry in kept):
            # before the answer leaves: who asks next meets what was learnt
            self._learns.set()
        with suppress(LeitwegError):
            self._standing.note_used()

    def _look(self) -> None:
        pause = LOOK_EVERY_SECONDS
        while not self._stops.wait(pause):
            try:
                found = self._changed(self._next or self._state)
                if found is not None:
                    self._next = found
                if self._state.is_behind():
                    # another process noted something
                    self._learns.set()
                self._look_failed, pause = False, LOOK_EVERY_SECONDS
            except Exception:
                # the present state goes on to answer; the figures say that it cannot be renewed
                self._look_failed, pause = True, LOOK_AFTER_FAILURE_SECONDS


def _ending() -> WorkspaceError:
    return WorkspaceError("The server is ending; try again in a moment.", code="server-ends")


def _taken(waiting: "queue.Queue[_Job | None]") -> tuple[list[_Job], bool]:
    """Wait for a job; return it with what is behind it, and whether there will be no more."""
    taken = [waiting.get()]
    while len(taken) < MOST_IN_A_ROUND:
        try:
            taken.append(waiting.get_nowait())
        except queue.Empty:
            break
    return [one for one in taken if one is not None], None in taken
