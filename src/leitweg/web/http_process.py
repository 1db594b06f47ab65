"""What does the process that speaks HTTP do? It reads questions, and writes what the desk answers.

It is started by `leitweg.web.server` and holds nothing of the workspace.
"""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import uvicorn

from leitweg.web.app import create_app
from leitweg.web.desk_line import FarDesk

ENDS_WITHIN_SECONDS = 10
KEEPS_OPEN_SECONDS = 75
"""Longer than the minute for which proxies keep their connections."""


def speak_http(place: socket.socket, line: Connection, debug: bool) -> None:
    """Answer requests until the other end of the line wants an end, or is gone.

    Parameters
    ----------
    place
        A socket that listens.
    line
        The connection to the process that answers.
    debug
        Write the traceback of the first fault of each kind.
    """
    # a terminal and systemd send signals to both processes; the one that answers decides
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)

    def end() -> None:
        server.should_exit = True

    desk = FarDesk(line)
    server = _Server(
        uvicorn.Config(
            create_app(desk, started=desk.started, debug=debug),
            # what is asked and answered belongs into no log but the audit log
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_keep_alive=KEEPS_OPEN_SECONDS,
            timeout_graceful_shutdown=ENDS_WITHIN_SECONDS,
        )
    )
    # not before: an end may be wanted already
    desk.listen(end)
    server.run(sockets=[place])


class _Server(uvicorn.Server):
    """Leaves signals to the process that answers."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield
