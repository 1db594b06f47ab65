"""The examples, against a Zammad and a Leitweg that are only played: what they ask and send."""

import hashlib
import hmac
import importlib.util
import json
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from house_files import ROOT

SECRET = "a shared secret"
# as Zammad documents its payload: group and owner with their fields, empty ones left out
TICKET = {
    "id": 81,
    "number": "10081",
    "title": "Wrong bill",
    "article_count": 1,
    "create_article_type": "email",
    "priority": {"id": 2, "name": "2 normal"},
    "organization": {"id": 3, "name": "Awesome Customer Inc."},
    "state": "new",
    "group": {"id": 3, "name": "Service Desk", "users": ["-", "chris@x.example", "eva@x.example"]},
    "group_id": 3,
    "owner": {"id": 1, "login": "-"},
    "owner_id": 1,
}
ARTICLE = {"body": "My <b>bill</b> of May&nbsp;&amp; June<br>is wrong", "content_type": "text/html"}


def example(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "examples" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def running(server):
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def played(answers):
    """A server that notes what it is asked and answers what was planted for the address."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def _take(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.command, self.path, self.headers["Authorization"], body))
            status, document = answers(self.path, body)
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PUT = _take  # noqa: N815

        def log_message(self, *_):
            pass

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as url:
        yield url, asked


def contact(name, probability):
    reasons = [{"text": "Topic bill: resolved 9 of 10", "weight": 1.0}]
    return {"contact": name, "probability": probability, "reasons": reasons}


def leitweg(path, body):
    if path == "/api/v1/route" and body.get("level") == "person":
        return 200, {"abstain": False, "contacts": [contact(body["roster"][-1], 0.9)]}
    if path == "/api/v1/route":
        is_sure = "bill" in body["text"]
        contacts = [contact("Billing", 0.91), contact("Sales", 0.05)]
        return 200, {"abstain": not is_sure, "contacts": contacts}
    return 200, {"noted": "close"}


def send(url, payload, *, secret=SECRET, digest="sha1", header="X-Hub-Signature"):
    body = json.dumps(payload).encode()
    signed = f"{digest}={hmac.new(secret.encode(), body, digest).hexdigest()}"
    request = urllib.request.Request(url, body, {header: signed})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def scene():
    """Zammad's requests, Leitweg's requests, and the address of the receiver between them."""
    module = example("zammad_webhook")
    with (
        played(lambda path, body: (200, {})) as (zammad, changed),
        played(leitweg) as (desk, asked),
    ):
        settings = module.Settings(zammad, "z-token", SECRET, desk, "lw_key")
        with running(module.receiver(settings, 0)) as url:
            yield url, asked, changed


def test_a_new_ticket_finds_its_group(scene):
    url, asked, changed = scene
    assert send(f"{url}/new", {"ticket": TICKET, "article": ARTICLE}) == (200, "group set")
    ((method, path, key, question),) = asked
    assert (method, path, key) == ("POST", "/api/v1/route", "Bearer lw_key")
    assert question["case_id"] == "10081"
    assert " ".join(question["text"].split()) == "Wrong bill My bill of May & June is wrong"
    assert question["attributes"] == {
        "priority": "2 normal",
        "channel": "email",
        "customer": "Awesome Customer Inc.",
    }
    ((method, path, token, change),) = changed
    assert (method, path, token) == ("PUT", "/api/v1/tickets/81", "Token token=z-token")
    assert change["group"] == "Billing"
    assert change["article"]["internal"] is True
    assert "resolved 9 of 10" in change["article"]["body"]


def test_where_leitweg_is_not_sure_a_human_chooses(scene):
    url, _, changed = scene
    unclear = {"ticket": {**TICKET, "title": "Hello"}, "article": {"body": "?"}}
    assert send(f"{url}/new", unclear) == (200, "left to a human")
    ((_, _, _, change),) = changed
    assert set(change) == {"article"}
    assert "Billing (91%); Sales (5%)" in change["article"]["body"]


def test_a_ticket_finds_its_owner_among_the_people_of_its_group(scene):
    url, asked, changed = scene
    note = {"body": "Billing (91%)", "internal": True}
    assert send(f"{url}/group", {"ticket": TICKET, "article": note}) == (200, "owner set")
    question = asked[0][3]
    assert question["roster"] == ["chris@x.example", "eva@x.example"]
    assert question["attributes"]["unit"] == "Service Desk"
    assert "91%" not in question["text"]
    assert changed[0][3] == {"owner": "eva@x.example"}
    owned = {"ticket": {**TICKET, "owner_id": 5}, "article": note}
    assert send(f"{url}/group", owned) == (200, "has an owner")
    assert len(changed) == 1


def test_a_closed_ticket_is_learnt(scene):
    url, asked, changed = scene
    owner = {"id": 5, "login": "eva@x.example"}
    closed = {**TICKET, "number": "7/1", "state": "closed", "owner": owner, "owner_id": 5}
    assert send(f"{url}/closed", {"ticket": closed}) == (200, "learnt")
    ((_, path, _, told),) = asked
    assert path == "/api/v1/cases/7%2F1/close"
    assert told == {"unit": "Service Desk", "person": "eva@x.example"}
    assert changed == []


def test_what_zammad_did_not_sign_is_refused(scene):
    url, asked, changed = scene
    payload = {"ticket": TICKET, "article": ARTICLE}
    assert send(f"{url}/new", payload, secret="another")[0] == 401
    assert send(f"{url}/new", payload, header="X-Other")[0] == 401
    assert send(f"{url}/elsewhere", payload)[0] == 404
    assert send(f"{url}/new", {"nothing": 1})[0] == 422
    assert (asked, changed) == ([], [])


def test_what_leitweg_refuses_is_told_to_zammad(scene):
    module = example("zammad_webhook")
    refusal = {"code": "purpose-off", "status": 403}
    with played(lambda path, body: (403, refusal)) as (desk, _):
        settings = module.Settings("http://127.0.0.1:9", "z", SECRET, desk, "lw_key")
        with running(module.receiver(settings, 0)) as url:
            status, text = send(f"{url}/new", {"ticket": TICKET, "article": ARTICLE})
    assert (status, json.loads(text)["code"]) == (502, "purpose-off")


def test_the_general_example_asks_and_hands_the_answer_back():
    module = example("webhook")
    sent = {"id": 7, "subject": "My bill", "body": "is wrong", "category": "bill", "other": 1}
    with (
        played(leitweg) as (desk, asked),
        running(module.receiver(SECRET, desk, "lw_key", 0)) as url,
    ):
        told = {"digest": "sha256", "header": "X-Signature"}
        status, text = send(url, sent, **told)
        assert send(url, sent, **told, secret="another")[0] == 401
        assert send(url, [1], **told)[0] == 422
    assert (status, json.loads(text)["contacts"][0]["contact"]) == (200, "Billing")
    ((_, path, key, question),) = asked
    assert (path, key) == ("/api/v1/route", "Bearer lw_key")
    assert question == {
        "text": "My bill\nis wrong",
        "attributes": {"topic": "bill"},
        "case_id": "7",
    }


def test_the_signature_is_that_of_the_standard():
    assert hashlib.sha1 is not None
    module = example("zammad_webhook")
    # RFC 2202, test case 2
    header = "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
    assert module.is_genuine(b"what do ya want for nothing?", header, "Jefe")
    assert not module.is_genuine(b"what do ya want for nothing!", header, "Jefe")
