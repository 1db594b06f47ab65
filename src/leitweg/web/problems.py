"""How is an error told over HTTP? As a problem document (RFC 9457), in the language accepted."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from leitweg.domain.errors import LeitwegError, WorkspaceError
from leitweg.language.catalogue import has_text, translate
from leitweg.studies.documents import problem_document, slip_document
from leitweg.web.desk_line import kind_of
from leitweg.web.languages import accepted_language

MEDIA_TYPE = "application/problem+json"
_CODES = {404: "unknown-path", 405: "method-not-allowed"}
_MOST_FAULTS = 10


class HttpError(LeitwegError):
    """A request that HTTP itself refuses, with its status."""

    title = "The request cannot be taken"

    def __init__(self, detail: str, *, code: str, status: int, **fields: object) -> None:
        super().__init__(detail, code=code, **fields)
        self.status = status


def told(error: LeitwegError, language: str) -> Response:
    """Return the answer that tells an error."""
    document = problem_document(error, language)
    if isinstance(error, WorkspaceError):
        # it may be another writer, a full disk or the end of the server: a later try may succeed
        document["status"] = 503
    document["status"] = getattr(error, "status", document["status"])
    return _response(document, _headers(document))


def told_slip(error: Exception, language: str) -> Response:
    """Return the answer to a fault inside Leitweg: its kind, and nothing of its details."""
    kind = kind_of(error)
    detail = translate(language, "api.slip", kind=kind)
    return _response(slip_document(kind, detail, language), {})


def _headers(document: Mapping[str, object]) -> dict[str, str]:
    if document["status"] == 401:
        return {"WWW-Authenticate": 'Bearer realm="leitweg"'}
    return {"Retry-After": "1"} if document["status"] == 503 else {}


def _response(document: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    content = json.dumps(document, ensure_ascii=False, default=str)
    return Response(content, int(document["status"]), dict(headers), MEDIA_TYPE)


def tell_problems(app: FastAPI) -> None:
    """Let every error of an application be told as a problem document."""

    @app.exception_handler(LeitwegError)
    async def _(request: Request, error: LeitwegError) -> Response:
        return told(error, language_of(request))

    @app.exception_handler(RequestValidationError)
    async def _(request: Request, error: RequestValidationError) -> Response:
        return told(_not_as_described(error.errors(), language_of(request)), language_of(request))

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> Response:
        response = told(_of_http(error, request), language_of(request))
        response.headers.update(error.headers or {})
        return response


def language_of(request: Request) -> str:
    """Return the language that a request wants to be answered in."""
    return accepted_language(request.headers.get("accept-language"))


def _of_http(error: HTTPException, request: Request) -> HttpError:
    code = _CODES.get(error.status_code, "bad-request")
    sentences = {
        "unknown-path": f"There is nothing at {request.url.path}; /docs lists what there is.",
        "method-not-allowed": f"{request.url.path} does not take {request.method}; /docs says "
        "which method it takes.",
        "bad-request": "The request cannot be read; /docs says what it has to look like.",
    }
    return HttpError(
        sentences[code],
        code=code,
        status=error.status_code,
        path=request.url.path,
        method=request.method,
    )


def _not_as_described(faults: Sequence[Mapping[str, Any]], language: str) -> HttpError:
    if any(fault["type"] == "json_invalid" for fault in faults):
        return HttpError(
            "The body is no JSON; send one JSON object in UTF-8.", code="not-json", status=400
        )
    # what was sent is not repeated: an answer may end up in a log
    told_faults = [
        {"where": _where(fault), "what": _what(fault, language)} for fault in faults[:_MOST_FAULTS]
    ]
    listed = "; ".join(f"{fault['where']}: {fault['what']}" for fault in told_faults)
    return HttpError(
        f"The request is not as /docs describes it: {listed}.",
        code="not-as-described",
        status=422,
        faults=listed,
        errors=told_faults,
    )


def _where(fault: Mapping[str, Any]) -> str:
    place = [str(part) for part in fault["loc"] if part != "body"]
    # the name of an attribute or of an unknown field was typed by the caller
    return ".".join(place)[:100] or "body"


def _what(fault: Mapping[str, Any], language: str) -> str:
    key = f"api.fault.{fault['type']}"
    limits = {k: v for k, v in fault.get("ctx", {}).items() if isinstance(v, int | float | str)}
    return translate(language, key if has_text(key) else "api.fault.other", **limits)
