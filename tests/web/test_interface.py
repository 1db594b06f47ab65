"""The interface for programs: shapes, problems, keys, figures."""

import asyncio
import json
import re
import threading

import pytest
from planted_desk import CONTACT

from leitweg.store import open_workspace
from leitweg.studies.api_keys import create_api_key, list_api_keys, revoke_api_key
from leitweg.studies.audit_log import AuditLog
from leitweg.studies.desk_calls import Handover, Override, Route
from leitweg.studies.purposes import switch_purpose
from leitweg.web.gate import LARGEST_BODY

GERMAN = {"Accept-Language": "de-AT, en;q=0.3"}
PROBLEM = {"type", "title", "status", "detail", "code"}


def entries(workspace, action="route"):
    return [row for row in AuditLog(open_workspace(workspace)).rows() if row.action == action]


def problem(response):
    """The document of an error; its frame is the same for all."""
    assert response.headers["content-type"] == "application/problem+json"
    found = response.json()
    assert set(found) >= PROBLEM
    assert found["status"] == response.status_code
    assert found["type"] == f"urn:leitweg:problem:{found['code']}"
    return found


def test_a_route_is_answered_and_noted_under_the_name_of_the_key(planted, workspace):
    client, state = planted
    body = {
        "text": "Meine Rechnung",
        "attributes": {"topic": "bill", "priority": 3},
        "tried": ["Technik"],
        "case_id": "C-9",
        "level": "person",
        "roster": ["Ada", "Bo"],
        "top": 2,
    }
    answered = client.post("/api/v1/route", body)
    assert answered.status_code == 200
    assert answered.json()["contacts"] == [CONTACT]
    assert set(answered.json()) >= {"level", "abstain", "threshold", "expected_transfers"}
    asked = state.asked[0].question
    assert asked == Route(
        "Meine Rechnung",
        {"topic": "bill", "priority": "3"},
        None,
        "C-9",
        "person",
        None,
        ("Technik",),
        ("Ada", "Bo"),
        2,
    )
    (row,) = entries(workspace)
    assert (row.who, row.role, row.purpose, row.outcome, row.n_values) == (
        "helpdesk", "service-agent", "routing", "allowed", 1,
    )  # fmt: skip
    assert "Rechnung" not in row.question
    assert [entry.case_id for entry in state.written] == ["C-9"]


@pytest.mark.parametrize(
    ("what", "body", "question"),
    [
        ("handover", {"from_contact": "A", "to_contact": "B"}, Handover("C 1/ü", "A", "B")),
        ("override", {"suggested": "A", "chosen": "B"}, Override("C 1/ü", "A", "B")),
    ],
)
def test_what_became_of_a_case_is_learnt_before_it_is_answered(planted, what, body, question):
    client, state = planted
    answered = client.post(f"/api/v1/cases/C%201%2F%C3%BC/{what}", body)
    # a case may have any id that fits into a part of a path
    assert answered.status_code in (200, 404)
    answered = client.post(f"/api/v1/cases/C 1-ü/{what}", body)
    assert answered.json()["noted"] == what
    assert state.asked[-1].question.case_id == "C 1-ü"
    assert type(state.asked[-1].question) is type(question)
    client.post("/api/v1/route", {})
    assert state.learnt
    assert state.learnt[0] >= 1


def test_without_a_key_nobody_is_answered(planted, workspace):
    client, state = planted
    for token in (None, "", "lw_unknown"):
        refused = client.post("/api/v1/route", {"text": "x"}, token=token)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Bearer")
        expected = "unknown-key" if token else "api-key-missing"
        assert problem(refused)["code"] == expected
    other = client.post("/api/v1/route", {}, token=None, headers={"Authorization": "Basic YTpi"})
    assert problem(other)["code"] == "api-key-missing"
    assert state.asked == []
    assert entries(workspace) == []


def test_a_revoked_key_is_refused_within_a_second_and_that_is_noted(planted, workspace):
    client, _ = planted
    assert client.post("/api/v1/route", {}).status_code == 200
    revoke_api_key(workspace, 1)
    threading.Event().wait(0.5)
    refused = client.post("/api/v1/route", {}, headers=GERMAN)
    assert (refused.status_code, problem(refused)["code"]) == (401, "revoked-key")
    assert "widerrufen" in refused.json()["detail"]
    assert (entries(workspace)[-1].outcome, entries(workspace)[-1].reason) == (
        "refused",
        "revoked-key",
    )


def test_a_purpose_switched_off_ends_all_answers_within_a_second(planted, workspace):
    client, state = planted
    assert client.post("/api/v1/route", {}).status_code == 200
    switch_purpose(workspace, "routing", on=False, by="Ada")
    threading.Event().wait(0.5)
    refused = client.post("/api/v1/route", {})
    assert (refused.status_code, problem(refused)["code"]) == (403, "purpose-off")
    assert len(state.asked) == 1
    assert entries(workspace)[-1].reason == "purpose-off"


def test_a_key_asks_in_its_role_alone(planted, workspace):
    client, state = planted
    token = create_api_key(workspace, name="backup", role="administrator").token
    refused = client.post("/api/v1/route", {}, token=token)
    assert (refused.status_code, problem(refused)["code"]) == (403, "not-allowed")
    assert state.asked == []
    assert (entries(workspace)[-1].who, entries(workspace)[-1].outcome) == ("backup", "refused")


FAULTS = [
    ({"text": 3, "tried": "x"}, {"tried"}),
    ({"txt": "x"}, {"txt"}),
    ({"top": 0}, {"top"}),
    ({"top": 21}, {"top"}),
    ({"level": "team"}, {"level"}),
    ({"attributes": ["a"]}, {"attributes"}),
    ({"attributes": {"a": ["b"]}}, {"attributes.a"}),
    ({"tried": [""]}, {"tried.0"}),
    ([], {"body"}),
]


@pytest.mark.parametrize(("body", "where"), FAULTS, ids=[str(i) for i in range(len(FAULTS))])
def test_a_body_that_is_not_as_described_is_told_place_by_place(planted, body, where):
    client, state = planted
    for headers, word in ((GERMAN, "Beschreibung"), ({}, "describes")):
        refused = client.post("/api/v1/route", body, headers=headers)
        assert refused.status_code == 422
        found = problem(refused)
        assert found["code"] == "not-as-described"
        assert {fault["where"] for fault in found["errors"]} == where
        assert word in found["detail"]
    assert state.asked == []


HALVES = [rb'{"text": "\ud800"}', rb'{"attributes": {"\udc00": "x"}}', rb'{"\ud800": 1}']


@pytest.mark.parametrize("body", HALVES, ids=["text", "attribute", "field"])
def test_half_a_character_is_told(planted, body):
    client, state = planted
    kind = {"Content-Type": "application/json"}
    refused = client.send("POST", "/api/v1/route", content=body, headers=kind)
    assert (refused.status_code, problem(refused)["code"]) == (422, "not-as-described")
    assert state.asked == []


def test_what_is_no_json_is_told(planted):
    client, _ = planted
    kind = {"Content-Type": "application/json"}
    refused = client.send("POST", "/api/v1/route", content=b'{"text": ', headers=kind)
    assert (refused.status_code, problem(refused)["code"]) == (400, "not-json")
    refused = client.send("POST", "/api/v1/route", content=b"\xff\xfe{", headers=kind)
    assert refused.status_code in (400, 422)
    problem(refused)
    refused = client.send("POST", "/api/v1/route", content=b"text=x")
    assert (refused.status_code, problem(refused)["code"]) == (415, "not-json-type")


def test_a_body_that_is_too_large_is_refused_however_it_comes(planted):
    client, state = planted
    body = json.dumps({"text": "x" * LARGEST_BODY}).encode()
    kind = {"Content-Type": "application/json"}

    async def in_pieces():
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    for content in (body, in_pieces()):
        refused = client.send("POST", "/api/v1/route", content=content, headers=kind)
        assert (refused.status_code, problem(refused)["code"]) == (413, "body-too-large")
    assert state.asked == []
    fits = client.post("/api/v1/route", {"text": "ä" * 1_000_000})
    assert fits.status_code == 200


def test_an_address_that_there_is_not_is_told(planted):
    client, _ = planted
    for path in ("/", "/api/v1/nothing", "/api/v2/route", "/api/v1/route/"):
        found = problem(client.get(path))
        assert (found["code"], found["status"]) == ("unknown-path", 404)
    wrong = client.get("/api/v1/route", headers=GERMAN)
    assert problem(wrong)["code"] == "method-not-allowed"
    assert wrong.headers["allow"] == "POST"


def test_a_domain_error_and_a_fault_inside_are_problems_too(planted, workspace, capsys):
    client, _ = planted
    refused = client.post("/api/v1/route", {"text": "refuse"})
    assert (refused.status_code, problem(refused)["code"]) == (400, "not-a-date")
    slip = client.post("/api/v1/route", {"text": "fault"}, headers=GERMAN)
    assert (slip.status_code, problem(slip)["code"]) == (500, "internal")
    # what somebody sent may name somebody: it is neither told nor written
    assert "Anna" not in slip.text
    assert "Anna" not in capsys.readouterr().err
    assert [row.reason for row in entries(workspace)] == ["not-a-date", "internal"]
    assert {row.outcome for row in entries(workspace)} == {"failed"}


def test_what_cannot_be_noted_is_not_answered(planted, workspace):
    client, state = planted

    def broken(entries):
        def write(connection):
            raise OSError("no space left")

        return write

    state.keeping = broken
    refused = client.post("/api/v1/route", {})
    assert refused.status_code == 500
    assert "contacts" not in refused.json()
    # neither is its entry: both are written in one step
    assert entries(workspace) == []
    del state.keeping
    assert client.post("/api/v1/route", {}).status_code == 200
    assert len(entries(workspace)) == 1


def test_a_server_that_ends_says_so_and_when_to_try_again(planted):
    client, _ = planted
    assert client.post("/api/v1/route", {}).status_code == 200
    asyncio.run(_ended(client.app))
    refused = client.post("/api/v1/route", {}, headers=GERMAN)
    assert (refused.status_code, problem(refused)["code"]) == (503, "server-ends")
    assert refused.headers["retry-after"] == "1"
    assert client.get("/health", token=None).status_code == 503
    assert client.get("/health/ready", token=None).json() == {"ready": False}
    assert client.get("/health/live", token=None).status_code == 200


async def _ended(app):
    async with app.router.lifespan_context(app):
        pass


def test_health_and_figures_need_no_key_and_name_nobody(planted):
    client, _ = planted
    client.post("/api/v1/route", {"text": "x", "case_id": "Secret-1"})
    client.post("/api/v1/cases/Secret-2/close", {"unit": "Billing"})
    client.post("/api/v1/route", {"top": 0})
    assert client.get("/health", token=None).json() == {"live": True, "ready": True}
    assert client.get("/health/live", token=None).status_code == 200
    assert client.get("/health/ready", token=None).json() == {"ready": True}
    figures = client.get("/metrics", token=None)
    assert figures.headers["content-type"].startswith("text/plain; version=0.0.4")
    told = figures.text
    assert 'leitweg_requests_total{endpoint="/api/v1/route",status="200"} 1.0' in told
    assert 'leitweg_requests_total{endpoint="/api/v1/route",status="422"} 1.0' in told
    assert 'leitweg_request_seconds_count{endpoint="/api/v1/cases/{case_id}/close"} 1.0' in told
    assert 'leitweg_learnt_cases{level="unit"} 7.0' in told
    for word in ("Secret", "Billing", "helpdesk"):
        assert word not in told


def test_an_abstention_is_counted(planted):
    client, state = planted
    answer = state.answer
    state.answer = lambda call: _abstaining(answer(call))
    client.post("/api/v1/route", {})
    assert 'leitweg_abstentions_total{level="unit"} 1.0' in client.get("/metrics").text


def _abstaining(answered):
    answered.document["abstain"] = True
    return answered


def test_the_description_is_there_and_its_page_needs_no_network(planted):
    client, _ = planted
    described = client.get("/openapi.json", token=None).json()
    assert set(described["paths"]) == {
        "/api/v1/route",
        "/api/v1/cases/{case_id}/handover",
        "/api/v1/cases/{case_id}/close",
        "/api/v1/cases/{case_id}/override",
        "/health",
        "/health/live",
        "/health/ready",
        "/metrics",
    }
    asked = described["paths"]["/api/v1/route"]["post"]
    assert set(asked["responses"]) == {"200", "400", "401", "403", "413", "415", "422", "503"}
    kinds = asked["responses"]["422"]["content"]
    assert "application/problem+json" in kinds
    for headers, word in (({}, "required"), (GERMAN, "erforderlich")):
        page = client.get("/docs", token=None, headers=headers)
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert word in page.text
        assert "from_contact" in page.text
        assert re.findall(r"<script|https?://|src=|@import|url\(", page.text) == []
        assert page.text.count("<!doctype html>") == 1


def test_answers_are_not_to_be_kept_by_others(planted):
    client, _ = planted
    for response in (client.post("/api/v1/route", {}), client.post("/api/v1/route", [])):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"


def test_the_last_day_of_a_key_is_kept_and_its_token_nowhere(planted, workspace):
    client, _ = planted
    client.post("/api/v1/route", {})
    threading.Event().wait(0.2)
    (key,) = list_api_keys(workspace)
    assert key.last_used_day is not None
    stored = b"".join(path.read_bytes() for path in workspace.rglob("*") if path.is_file())
    assert client.token.encode() not in stored
