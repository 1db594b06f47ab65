"""Where does the server listen, and how does it end? On this machine, unless TLS is in front."""

import gc
import ipaddress
import socket
import sys
from collections.abc import Callable

import uvicorn

from leitweg.domain.errors import QuestionError
from leitweg.web.app import Desk, create_app

HANDS_ON_AFTER_SECONDS = 0.001
"""Threads take turns this often: a request that comes in must not wait for a long answer."""
ENDS_WITHIN_SECONDS = 10
KEEPS_OPEN_SECONDS = 75
"""Longer than the minute for which proxies keep their connections."""


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

    Parameters
    ----------
    desk
        What answers; it is stopped at the end.
    place
        A socket that listens.
    started
        Called when requests are answered.
    debug
        Write the traceback of the first fault of each kind.
    """
    sys.setswitchinterval(HANDS_ON_AFTER_SECONDS)
    # what was learnt stays: looking through it for garbage would hold up every answer meanwhile
    gc.collect()
    gc.freeze()
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(desk, started=started, debug=debug),
            # what is asked and answered belongs into no log but the audit log
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_keep_alive=KEEPS_OPEN_SECONDS,
            timeout_graceful_shutdown=ENDS_WITHIN_SECONDS,
        )
    )
    try:
        server.run(sockets=[place])
    except KeyboardInterrupt:
        # raised anew after everything has ended in order
        return
    finally:
        desk.stop()
