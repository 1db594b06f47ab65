"""What has to be right before a request is looked at? Its size, its kind, and that it has a key.

Whatever goes wrong behind the gate is answered here: no traceback, and no answer without an end.
"""

import sys
import time
import traceback

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from leitweg.domain.errors import AuthenticationError, LeitwegError
from leitweg.web.desk_line import kind_of
from leitweg.web.languages import accepted_language
from leitweg.web.metrics import Metrics
from leitweg.web.problems import HttpError, told, told_slip

LARGEST_BODY = 2 * 1024 * 1024
GUARDED = "/api/"
_SCHEME = "bearer"


class Gate:
    """The outermost part of the application: every request passes it, and is counted."""

    def __init__(self, app: ASGIApp, metrics: Metrics, *, debug: bool = False) -> None:
        self._app = app
        self._metrics = metrics
        self._debug = debug
        self._said: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status = time.perf_counter(), 500

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        try:
            await self._answer(scope, receive, counted)
        finally:
            self._metrics.count(_endpoint(scope), status, time.perf_counter() - start)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        language = accepted_language(headers.get("accept-language"))
        started = False

        async def noticed(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if scope["path"].startswith(GUARDED):
                scope["leitweg.token"] = token_of(headers.get("authorization"))
                receive = await _whole_body(scope, headers, receive)
            await self._app(scope, receive, noticed)
        except LeitwegError as error:
            await told(error, language)(scope, receive, send)
        except Exception as error:
            self._say(error)
            if not started:
                await told_slip(error, language)(scope, receive, send)

    def _say(self, error: Exception) -> None:
        """Say once of each kind of fault what it is; its text may hold what somebody sent."""
        kind = kind_of(error)
        if kind in self._said:
            return
        self._said.add(kind)
        sys.stderr.write(f"leitweg serve: internal fault ({kind}); /metrics counts them (500)\n")
        if self._debug:
            traceback.print_exception(error, file=sys.stderr)


_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


def token_of(header: str | None) -> str:
    """Return the token of an ``Authorization`` header.

    Raises
    ------
    AuthenticationError
        ``api-key-missing``.

    >>> token_of("Bearer lw_abc")
    'lw_abc'
    """
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != _SCHEME or not token.strip():
        raise AuthenticationError(
            "The request has no key; send the header 'Authorization: Bearer lw_…' with a key made "
            "by leitweg key create.",
            code="api-key-missing",
        )
    return token.strip()


async def _whole_body(scope: Scope, headers: Headers, receive: Receive) -> Receive:
    """Read the body up to the limit, and hand it on in one piece."""
    if scope["method"] != "POST":
        return receive
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HttpError(
            "The body has to be JSON; send the header 'Content-Type: application/json'.",
            code="not-json-type",
            status=415,
        )
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > LARGEST_BODY:
        raise _too_large()
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return _replay(message)
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST_BODY:
            raise _too_large()
    return _replay({"type": "http.request", "body": bytes(body), "more_body": False}, receive)


def _replay(message: Message, after: Receive | None = None) -> Receive:
    waiting: list[Message] = [message]

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        return await after() if after is not None else message

    return receive


def _too_large() -> HttpError:
    return HttpError(
        f"The body is larger than {LARGEST_BODY // 1024**2} MB; send less text.",
        code="body-too-large",
        status=413,
        megabytes=LARGEST_BODY // 1024**2,
    )


def _endpoint(scope: Scope) -> str:
    """Name the endpoint, never what was asked for: a path may hold an id."""
    route = scope.get("route")
    return str(getattr(route, "path", "other"))
