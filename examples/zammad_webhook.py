"""Let Leitweg choose group and owner of new Zammad tickets.

Zammad calls this receiver by a trigger with a webhook; the receiver asks Leitweg, and writes the
answer back into the ticket with Zammad's own interface. Only the standard library is needed:

    ZAMMAD_URL=https://helpdesk.example ZAMMAD_TOKEN=... ZAMMAD_SIGNATURE=... \
    LEITWEG_URL=http://127.0.0.1:8080 LEITWEG_KEY=lw_... python zammad_webhook.py

It answers at three addresses, one for each trigger in Zammad (docs/api.md shows each step):

    /new     a ticket was created: choose its group
    /group   its group was changed: choose its owner among the people of that group
    /closed  it was closed: let Leitweg learn who resolved it
"""

import hashlib
import hmac
import html
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LARGEST_BODY = 2 * 1024 * 1024
LONGEST_TEXT = 100_000
NOBODY = 1
"""The id of Zammad's user "-": the owner of a ticket that nobody owns."""


@dataclass(frozen=True)
class Settings:
    """Where Zammad and Leitweg are, and how each knows the other."""

    zammad_url: str
    zammad_token: str
    signature: str
    leitweg_url: str
    leitweg_key: str


def settings_of(environment: dict[str, str]) -> Settings:
    """Read the settings; what is missing is told by name."""
    names = ("ZAMMAD_URL", "ZAMMAD_TOKEN", "ZAMMAD_SIGNATURE", "LEITWEG_URL", "LEITWEG_KEY")
    missing = [name for name in names if not environment.get(name)]
    if missing:
        sys.exit(f"Set these variables: {', '.join(missing)}")
    return Settings(*(environment[name].rstrip("/") for name in names))


def is_genuine(body: bytes, header: str | None, secret: str) -> bool:
    """Say whether Zammad sent this: it signs every body with the shared secret."""
    wanted = "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return hmac.compare_digest(wanted.encode(), (header or "").encode())


def plain(text: str) -> str:
    """Return the words of an article, which may be HTML."""
    return html.unescape(re.sub(r"<[^>]*>", " ", text))[:LONGEST_TEXT]


def call(method: str, url: str, headers: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    """Send JSON, and return the JSON that comes back."""
    request = urllib.request.Request(
        url,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", **headers},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=15) as answer:
        return dict(json.load(answer))


def ask_leitweg(settings: Settings, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask Leitweg."""
    headers = {"Authorization": f"Bearer {settings.leitweg_key}"}
    return call("POST", settings.leitweg_url + path, headers, body)


def change_ticket(settings: Settings, ticket_id: int, change: dict[str, Any]) -> None:
    """Change a ticket in Zammad."""
    headers = {"Authorization": f"Token token={settings.zammad_token}"}
    call("PUT", f"{settings.zammad_url}/api/v1/tickets/{ticket_id}", headers, change)


def question_of(ticket: dict[str, Any], article: dict[str, Any]) -> dict[str, Any]:
    """Return what Leitweg is asked about a new ticket: what is known when it arrives."""
    priority = ticket.get("priority") or {}
    found = {
        "priority": priority.get("name") if isinstance(priority, dict) else priority,
        "channel": ticket.get("create_article_type"),
        "customer": (ticket.get("organization") or {}).get("name"),
    }
    text = f"{ticket.get('title') or ''}\n{plain(article.get('body') or '')}"
    attributes = {name: str(value) for name, value in found.items() if value}
    return {"case_id": str(ticket["number"]), "text": text, "attributes": attributes}


def choose_group(settings: Settings, ticket: dict[str, Any], article: dict[str, Any]) -> str:
    """Let a new ticket find its group; return what was done."""
    question = question_of(ticket, article)
    found = ask_leitweg(settings, "/api/v1/route", {**question, "level": "unit"})
    if found["abstain"]:
        note = "; ".join(f"{c['contact']} ({c['probability']:.0%})" for c in found["contacts"])
        change_ticket(settings, ticket["id"], {"article": _note(f"Not sure. Maybe: {note}")})
        return "left to a human"
    first = found["contacts"][0]
    reasons = "; ".join(reason["text"] for reason in first["reasons"])
    note = f"{first['contact']} ({first['probability']:.0%}): {reasons}"
    change = {"group": first["contact"], "article": _note(note)}
    change_ticket(settings, ticket["id"], change)
    return "group set"


def choose_owner(settings: Settings, ticket: dict[str, Any], article: dict[str, Any]) -> str:
    """Let a ticket find its owner among the people of its group; return what was done."""
    if ticket.get("owner_id", NOBODY) != NOBODY:
        return "has an owner"
    group = ticket.get("group") or {}
    people = [login for login in group.get("users", []) if login != "-"]
    if not people:
        return "nobody is in the group"
    # the last article may be our own note: the question about the group said what is known
    question = question_of(ticket, {} if article.get("internal") else article)
    question["attributes"]["unit"] = group["name"]
    del question["case_id"]
    asked = {**question, "level": "person", "roster": people}
    found = ask_leitweg(settings, "/api/v1/route", asked)
    if found["abstain"]:
        return "left to a human"
    change_ticket(settings, ticket["id"], {"owner": found["contacts"][0]["contact"]})
    return "owner set"


def _note(text: str) -> dict[str, Any]:
    return {"subject": "Leitweg", "body": text, "type": "note", "internal": True}


def close(settings: Settings, ticket: dict[str, Any]) -> str:
    """Tell Leitweg who resolved a ticket; return what was done."""
    told = {"unit": ticket["group"]["name"]}
    if ticket.get("owner_id", NOBODY) != NOBODY:
        told["person"] = ticket["owner"]["login"]
    number = urllib.parse.quote(str(ticket["number"]), safe="")
    ask_leitweg(settings, f"/api/v1/cases/{number}/close", told)
    return "learnt"


def handle(settings: Settings, path: str, payload: dict[str, Any]) -> str:
    """Do what one webhook asks for; return what was done."""
    ticket, article = payload["ticket"], payload.get("article") or {}
    if path == "/closed":
        return close(settings, ticket)
    return (choose_group if path == "/new" else choose_owner)(settings, ticket, article)


class Receiver(BaseHTTPRequestHandler):
    """Takes the webhooks of Zammad."""

    settings: Settings

    def do_POST(self) -> None:
        """Answer one webhook: Zammad tries again up to four times where it gets no 2xx."""
        if self.path not in ("/new", "/group", "/closed"):
            self._answer(404, "choose /new, /group or /closed")
            return
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self._answer(413, "too large")
            return
        body = self.rfile.read(length)
        if not is_genuine(body, self.headers.get("X-Hub-Signature"), self.settings.signature):
            self._answer(401, "the signature is wrong")
            return
        try:
            self._answer(200, handle(self.settings, self.path, json.loads(body)))
        except (ValueError, KeyError, TypeError):
            self._answer(422, "no payload of a ticket")
        except urllib.error.HTTPError as error:
            # the problem document says why; a ticket must not fail for it
            self._answer(502, error.read().decode(errors="replace")[:1000])
        except urllib.error.URLError as error:
            self._answer(503, str(error.reason))

    def _answer(self, status: int, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing: an address or a path may tell of somebody."""


def receiver(settings: Settings, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Return a server that takes the webhooks of Zammad."""
    handler = type("ZammadReceiver", (Receiver,), {"settings": settings})
    return ThreadingHTTPServer((host, port), handler)


if __name__ == "__main__":
    with receiver(settings_of(dict(os.environ)), int(os.environ.get("PORT", "8090"))) as server:
        server.serve_forever()
