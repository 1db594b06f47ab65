"""Ask Leitweg from the webhook of any system, and send the answer where it is wanted.

The sender signs each body: header ``X-Signature: sha256=<HMAC-SHA256 of the body>``. The body is
JSON; fields of the sender are mapped to what Leitweg asks for. Only the standard library is needed:

    WEBHOOK_SECRET=... LEITWEG_URL=http://127.0.0.1:8080 LEITWEG_KEY=lw_... python webhook.py
"""

import hashlib
import hmac
import json
import os
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LARGEST_BODY = 2 * 1024 * 1024
# field of the sender: attribute of Leitweg; change it to what your system sends
ATTRIBUTES = {"category": "topic", "priority": "priority", "source": "channel"}


def is_genuine(body: bytes, header: str | None, secret: str) -> bool:
    """Say whether who knows the secret sent this body."""
    wanted = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), (header or "").encode())


def question_of(sent: dict[str, Any]) -> dict[str, Any]:
    """Return what Leitweg is asked about what was sent."""
    known = {own: sent[name] for name, own in ATTRIBUTES.items() if sent.get(name)}
    text = f"{sent.get('subject') or ''}\n{sent.get('body') or ''}".strip()
    question = {"text": text, "attributes": {name: str(v) for name, v in known.items()}}
    return {**question, "case_id": str(sent["id"])} if sent.get("id") else question


def ask(url: str, key: str, question: dict[str, Any]) -> dict[str, Any]:
    """Ask Leitweg who the right contact is."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    request = urllib.request.Request(f"{url}/api/v1/route", json.dumps(question).encode(), headers)
    with urllib.request.urlopen(request, timeout=15) as answer:
        return dict(json.load(answer))


class Receiver(BaseHTTPRequestHandler):
    """Takes webhooks, and answers each with the right contacts."""

    secret: str
    url: str
    key: str

    def do_POST(self) -> None:
        """Answer one webhook."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length <= LARGEST_BODY else b""
        if length > LARGEST_BODY:
            self._answer(413, {"error": "too large"})
        elif not is_genuine(body, self.headers.get("X-Signature"), self.secret):
            self._answer(401, {"error": "the signature is wrong"})
        else:
            self._answer(*self._asked(body))

    def _asked(self, body: bytes) -> tuple[int, dict[str, Any]]:
        try:
            return 200, ask(self.url, self.key, question_of(json.loads(body)))
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())
        except urllib.error.URLError as error:
            return 503, {"error": str(error.reason)}
        except (ValueError, TypeError, AttributeError):
            return 422, {"error": "the body is no JSON object"}

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing: what is asked belongs into no log."""


def receiver(secret: str, url: str, key: str, port: int) -> ThreadingHTTPServer:
    """Return a server that takes webhooks."""
    handler = type("WebhookReceiver", (Receiver,), {"secret": secret, "url": url, "key": key})
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


if __name__ == "__main__":
    names = ("WEBHOOK_SECRET", "LEITWEG_URL", "LEITWEG_KEY")
    if missing := [name for name in names if not os.environ.get(name)]:
        sys.exit(f"Set these variables: {', '.join(missing)}")
    values = [os.environ[name] for name in names]
    with receiver(*values, int(os.environ.get("PORT", "8090"))) as server:
        server.serve_forever()
