"""Where does the server listen, and how does it end? On this machine, unless TLS is in front."""

import gc
import ipaddress
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from leitweg.domain.errors import QuestionError, WorkspaceError
from leitweg.web.desk_line import Desk, NearEnd

HANDS_ON_AFTER_SECONDS = 0.001
"""Threads take turns this often: a request that comes in must not wait for a long answer."""


def listen(host: str, port: int, *, behind_tls: bool = False) -> socket.socket:
    """Take an address to listen at.

    Parameters
    ----------
    host
        Name or address. One that other machines reach is refused without ``behind_tls``: keys and
        requests would be readable on the way.
    port
        0 for any that is free.
    behind_tls
        A proxy with TLS stands in front.

    Raises
    ------
    QuestionError
        ``open-to-the-network``, ``cannot-listen``.
    """
    if not behind_tls and not _is_of_this_machine(host):
        raise QuestionError(
            f"{host} can be reached from other machines, and what is sent to it can be read on the "
            "way: keys, requests, contacts. Put a proxy with TLS in front and say so with "
            "--behind-tls, or leave --host out.",
            code="open-to-the-network",
            host=host,
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise QuestionError(
            f"Nobody can listen at {host} port {port} ({reason}); choose another --port or --host.",
            code="cannot-listen",
            host=host,
            port=port,
            reason=reason,
        ) from None


def _is_of_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def url_of(place: socket.socket) -> str:
    """Return the address of a listening socket."""
    host, port = place.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(
    desk: Desk, place: socket.socket, *, started: Callable[[], None], debug: bool = False
) -> None:
    """Answer until a signal ends it; then answer what was taken, and note it.

    A process of its own speaks HTTP (`leitweg.web.http_process`), so that answers do not wait for
    reading and writing. A second signal ends it at once; what was noted stays noted.

    Parameters
    ----------
    desk
        What answers; it is stopped at the end.
    place
        A socket that listens; closed here when the process that speaks HTTP has it.
    started
        Called when requests are answered.
    debug
        Write the traceback of the first fault of each kind.

    Raises
    ------
    WorkspaceError
        ``http-process-ended``: the process that speaks HTTP ended by itself.
    """
    sys.setswitchinterval(HANDS_ON_AFTER_SECONDS)
    # what was learnt stays: looking through it for garbage would hold up every answer meanwhile
    gc.collect()
    gc.freeze()
    near, far = Pipe()
    # a daemon: it does not outlive this process
    speaker = get_context("spawn").Process(
        target=_speak_http, args=(place, far, debug), name="leitweg-http", daemon=True
    )
    end = NearEnd(near)
    try:
        with _ended_by_signals(end, speaker) as is_ending:
            speaker.start()
            # held by that process alone, both end with it
            far.close()
            place.close()
            end.attend(desk, started)
            speaker.join()
    finally:
        speaker.kill()
        desk.stop()
        gc.unfreeze()
    if not is_ending.is_set():
        raise WorkspaceError(
            f"The process that speaks HTTP ended by itself ({speaker.exitcode}); all that was "
            "answered is noted. Start leitweg serve again.",
            code="http-process-ended",
            exit_code=speaker.exitcode,
        )


def _speak_http(place: socket.socket, line: Connection, debug: bool) -> None:
    # loaded there alone: the process that answers needs nothing of it
    import_module("leitweg.web.http_process").speak_http(place, line, debug)


@contextmanager
def _ended_by_signals(end: NearEnd, speaker: SpawnProcess) -> Iterator[threading.Event]:
    """Let the first signal end the speaker in order, the second at once."""
    is_ending = threading.Event()

    def ends(*_: object) -> None:
        if is_ending.is_set():
            speaker.kill()
        is_ending.set()
        # by another thread: this one may be in the middle of saying something
        threading.Thread(target=end.end, daemon=True).start()

    before = {one: signal.signal(one, ends) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield is_ending
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
