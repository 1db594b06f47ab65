"""Which addresses answer, and with what? The application that `leitweg serve` runs."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from leitweg import __version__
from leitweg.studies.desk_calls import LONGEST_NAME, Call, Question
from leitweg.web.bodies import (
    CloseBody,
    HandoverBody,
    Learnt,
    OverrideBody,
    Problem,
    RouteAnswer,
    RouteBody,
)
from leitweg.web.desk_line import Desk
from leitweg.web.docs_page import POLICY, docs_page
from leitweg.web.gate import LARGEST_BODY, Gate
from leitweg.web.metrics import MEDIA_TYPE as METRICS_TYPE
from leitweg.web.metrics import Metrics
from leitweg.web.problems import MEDIA_TYPE as PROBLEM_TYPE
from leitweg.web.problems import language_of, tell_problems

ABOUT = (
    "Who is the right contact for this request? Every question needs a key (leitweg key create) "
    "and the purpose routing (leitweg purpose on routing), and is noted in the audit log. Errors "
    "are problem documents (RFC 9457)."
)
NO_ANSWERS_NOW = "The server answers no questions now: too many wait, or it is ending."


CaseId = Annotated[str, Path(min_length=1, max_length=LONGEST_NAME)]


def create_app(
    desk: Desk, *, started: Callable[[], None] = lambda: None, debug: bool = False
) -> FastAPI:
    """Return the application around a desk; it stops the desk when it ends.

    ``started`` is called when requests are answered; ``debug`` writes the traceback of a fault.
    """
    metrics = Metrics(desk.gauges)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        started()
        yield
        await asyncio.to_thread(desk.stop)

    app = FastAPI(
        title="Leitweg",
        version=__version__,
        description=ABOUT,
        lifespan=living,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # spans and logs would carry what was sent
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.add_middleware(Gate, metrics=metrics, debug=debug)
    tell_problems(app)
    _add_questions(app, desk, metrics)
    _add_surroundings(app, desk, metrics)
    return app


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    told = {
        400: "The question cannot be answered, or the body is no JSON.",
        401: "No key, an unknown one, or a revoked one.",
        403: "The role of the key may not, or the purpose routing is off.",
        404: "Nothing is known of this.",
        413: f"The body is larger than {LARGEST_BODY // 1024**2} MB.",
        415: "The body is not said to be JSON.",
        422: "The body is not as described.",
        503: NO_ANSWERS_NOW,
    }
    form = {PROBLEM_TYPE: {"schema": Problem.model_json_schema()}}
    return {status: {"description": told[status], "content": form} for status in statuses}


_REFUSALS = _problems(400, 401, 403, 413, 415, 422, 503)


def _add_questions(app: FastAPI, desk: Desk, metrics: Metrics) -> None:
    async def answered(request: Request, question: Question) -> dict[str, object]:
        call = Call(request.scope["leitweg.token"], question, language_of(request))
        return await asyncio.wrap_future(desk.ask(call))

    @app.post(
        "/api/v1/route",
        response_model=None,
        responses={200: {"model": RouteAnswer}, **_REFUSALS},
        summary="Who is the right contact for this request?",
    )
    async def route(body: RouteBody, request: Request) -> Response:
        document = await answered(request, body.asked())
        if document.get("abstain"):
            metrics.count_abstention(str(document["level"]))
        return _json(document)

    @app.post(
        "/api/v1/cases/{case_id}/handover",
        response_model=None,
        responses={200: {"model": Learnt}, **_REFUSALS},
        summary="A contact handed the case on.",
    )
    async def handover(case_id: CaseId, body: HandoverBody, request: Request) -> Response:
        return _json(await answered(request, body.asked(case_id)))

    @app.post(
        "/api/v1/cases/{case_id}/close",
        response_model=None,
        responses={200: {"model": Learnt}, **_REFUSALS},
        summary="The case was resolved.",
    )
    async def close(case_id: CaseId, body: CloseBody, request: Request) -> Response:
        return _json(await answered(request, body.asked(case_id)))

    @app.post(
        "/api/v1/cases/{case_id}/override",
        response_model=None,
        responses={200: {"model": Learnt}, **_REFUSALS},
        summary="A human chose another contact than the one suggested first.",
    )
    async def override(case_id: CaseId, body: OverrideBody, request: Request) -> Response:
        return _json(await answered(request, body.asked(case_id)))


_NOT_READY: dict[int | str, dict[str, Any]] = {503: {"description": NO_ANSWERS_NOW}}


def _json(document: Mapping[str, object], status: int = 200) -> Response:
    content = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return Response(content, status, media_type="application/json")


def _add_surroundings(app: FastAPI, desk: Desk, metrics: Metrics) -> None:
    @app.get(
        "/health",
        response_model=None,
        responses=_NOT_READY,
        summary="Is the server there, and does it answer?",
    )
    async def health() -> Response:
        is_ready = await asyncio.to_thread(desk.is_ready)
        return _json({"live": True, "ready": is_ready}, 200 if is_ready else 503)

    @app.get("/health/live", response_model=None, summary="Is the server there?")
    async def live() -> Response:
        return _json({"live": True})

    @app.get(
        "/health/ready",
        response_model=None,
        responses=_NOT_READY,
        summary="Does the server answer questions?",
    )
    async def ready() -> Response:
        is_ready = await asyncio.to_thread(desk.is_ready)
        return _json({"ready": is_ready}, 200 if is_ready else 503)

    @app.get(
        "/metrics",
        response_model=None,
        response_class=PlainTextResponse,
        summary="Figures for Prometheus; no names.",
    )
    async def figures() -> Response:
        return Response(await asyncio.to_thread(metrics.text), media_type=METRICS_TYPE)

    @app.get("/docs", include_in_schema=False)
    async def docs(language: Annotated[str, Depends(language_of)]) -> HTMLResponse:
        page = docs_page(app.openapi(), language)
        return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})
