"""How do the process that speaks HTTP and the one that answers talk? Questions in, answers back.

They are two because one Python process has the turns of one core: while it reads and writes HTTP,
nothing is answered, and the other way round. The line is a pair of connected sockets that no other
process can reach; whoever hangs up ends the other one in order.
"""

import threading
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Protocol

from leitweg.domain.errors import LeitwegError, WorkspaceError
from leitweg.studies.desk_calls import Call

WAITS_SECONDS = 5.0
"""For what is answered at once: how the desk stands."""
_READY, _GAUGES, _STOP, _STARTED = "is_ready", "gauges", "stop", "started"
Json = dict[str, object]
Gauges = Mapping[str, Mapping[str, float]]


class Desk(Protocol):
    """What answers: questions in, documents or domain errors out."""

    def ask(self, call: Call) -> Future[Json]:
        """Take a question; its answer comes when it is noted."""

    def is_ready(self) -> bool:
        """Say whether questions are answered."""

    def gauges(self) -> Gauges:
        """Return the figures of this moment."""

    def stop(self) -> None:
        """Answer what was taken, take no more, and return when all is noted."""


@dataclass(frozen=True)
class _Sent:
    """What goes to the desk: a question, or a wish; ``number`` comes back with the answer."""

    number: int
    what: Call | str


@dataclass(frozen=True)
class _Answer:
    """What comes back: a value, or the error that says why there is none."""

    number: int
    value: Any = None
    error: Exception | None = None


@dataclass(frozen=True)
class _End:
    """The process that answers wants the other one to end."""


class FarError(Exception):
    """A fault of the process that answers; the argument is its kind."""


def kind_of(error: Exception) -> str:
    """Return the kind of a fault, wherever it happened.

    >>> kind_of(FarError("KeyError")), kind_of(ValueError())
    ('KeyError', 'ValueError')
    """
    return str(error.args[0]) if isinstance(error, FarError) else type(error).__name__


class FarDesk:
    """The desk as seen by the process that speaks HTTP.

    Parameters
    ----------
    line
        The connection to the process that answers.
    """

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._sending = threading.Lock()
        self._waiting: dict[int, Future[Any]] = {}
        self._number = 0
        self._is_gone = False

    def listen(self, to_end: Callable[[], None]) -> None:
        """Take answers from now on, by a thread; it calls ``to_end`` when all is to end."""
        hears = threading.Thread(
            target=self._listen, args=(to_end,), name="leitweg-line", daemon=True
        )
        hears.start()

    def ask(self, call: Call) -> Future[Json]:
        """Take a question; its answer comes when it is noted.

        Raises
        ------
        WorkspaceError
            ``server-ends``: the process that answers is gone.
        """
        return self._send(call)

    def is_ready(self) -> bool:
        """Say whether questions are answered."""
        try:
            return bool(self._send(_READY).result(WAITS_SECONDS))
        except (LeitwegError, TimeoutError):
            return False

    def gauges(self) -> Gauges:
        """Return the figures of this moment."""
        found: Gauges = self._send(_GAUGES).result(WAITS_SECONDS)
        return found

    def stop(self) -> None:
        """Return when the process that answers has noted all that it took."""
        with suppress(LeitwegError):
            self._send(_STOP).result()

    def started(self) -> None:
        """Tell the process that answers that requests are taken."""
        self._send(_STARTED)

    def _send(self, what: Call | str) -> Future[Any]:
        future: Future[Any] = Future()
        with self._sending:
            if self._is_gone:
                raise _gone()
            self._number += 1
            self._waiting[self._number] = future
            with suppress(OSError):
                # the thread that listens meets the end of the line too, and tells all who wait
                self._line.send(_Sent(self._number, what))
        return future

    def _listen(self, to_end: Callable[[], None]) -> None:
        try:
            with suppress(EOFError, OSError):
                while True:
                    told = self._line.recv()
                    if isinstance(told, _End):
                        to_end()
                    else:
                        self._settle(self._waiting.pop(told.number), told)
        finally:
            # the other process is gone
            with self._sending:
                self._is_gone = True
            for number in list(self._waiting):
                self._settle(self._waiting.pop(number), _Answer(number, error=_gone()))
            to_end()

    def _settle(self, future: Future[Any], answer: _Answer) -> None:
        if not future.set_running_or_notify_cancel():
            return
        if answer.error is not None:
            future.set_exception(answer.error)
        else:
            future.set_result(answer.value)


class NearEnd:
    """The end of the line in the process that answers."""

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._sending = threading.Lock()

    def attend(self, desk: Desk, started: Callable[[], None]) -> None:
        """Let a desk answer what comes over the line, until the other process hangs up."""
        with suppress(EOFError, OSError):
            while True:
                sent = self._line.recv()
                if isinstance(sent.what, Call):
                    self._ask(desk, sent.number, sent.what)
                elif sent.what == _STARTED:
                    started()
                else:
                    self._reply(sent.number, getattr(desk, sent.what))

    def end(self) -> None:
        """Ask the other process to answer what it took, and to end."""
        self._say(_End())

    def _ask(self, desk: Desk, number: int, call: Call) -> None:
        try:
            future = desk.ask(call)
        except LeitwegError as error:
            self._say(_Answer(number, error=error))
            return
        future.add_done_callback(lambda done: self._reply(number, done.result))

    def _reply(self, number: int, found: Callable[[], Any]) -> None:
        try:
            told = _Answer(number, found())
        except LeitwegError as error:
            told = _Answer(number, error=error)
        except Exception as error:
            told = _Answer(number, error=_as_fault(error))
        try:
            self._say(told)
        except Exception as error:
            # it cannot go over the line: nobody may wait for it for ever
            self._say(_Answer(number, error=_as_fault(error)))

    def _say(self, told: _Answer | _End) -> None:
        # a process that is gone hears nothing; what was asked is noted all the same
        with self._sending, suppress(OSError):
            self._line.send(told)


def _as_fault(error: Exception) -> FarError:
    """Return a fault that can go over the line, with the traceback as a note."""
    fault = FarError(type(error).__name__)
    fault.add_note("".join(traceback.format_exception(error)))
    return fault


def _gone() -> WorkspaceError:
    return WorkspaceError("The server is ending; try again in a moment.", code="server-ends")
