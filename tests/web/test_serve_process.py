"""`leitweg serve` as a process: it says where it listens, ends in order, and survives a kill."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leitweg.cli.main import app
from leitweg.store import open_workspace
from leitweg.store.application.routing_journal import entries_after
from leitweg.studies.api_keys import create_api_key
from leitweg.studies.auditing import audit_entries, verify_audit

START = [sys.executable, "-c", "from leitweg.cli.main import main; main()"]


@pytest.fixture
def home(companies, tmp_path):
    shutil.copytree(companies["protected"], tmp_path / "w")
    shutil.copytree(companies["protected"].with_name("protected.keys"), tmp_path / "w.keys")
    return tmp_path


class Server:
    def __init__(self, workspace, *more):
        words = ["serve", "-w", str(workspace), "--port", "0", "--json", *more]
        self.process = subprocess.Popen(
            [*START, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        lines = iter(self.process.stdout.readline, "")
        text = ""
        for line in lines:
            text += line
            if line.startswith("}"):
                break
        assert text, self.process.stderr.read()
        self.told = json.loads(text)

    def post(self, path, body, token):
        request = urllib.request.Request(
            self.told["url"] + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def end(self, how):
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


def test_a_server_tells_where_it_answers_and_ends_in_order(home):
    token = create_api_key(home / "w", name="helpdesk", role="service-agent").token
    server = Server(home / "w")
    assert server.told["url"].startswith("http://127.0.0.1:")
    assert server.told["learnt"] == {"unit": 360, "person": 360}
    assert (server.told["keys"], server.told["purpose_is_on"]) == (1, True)
    found = server.post("/api/v1/route", {"text": "Rechnung mit falschem Betrag"}, token)
    assert found["contacts"][0]["contact"] == "Billing"
    code, _, err = server.end(signal.SIGINT)
    assert code == 0
    assert "Traceback" not in err
    assert [e.action for e in audit_entries(home / "w")][-2:] == ["serve", "route"]


def test_a_kill_loses_no_closed_case(home):
    token = create_api_key(home / "w", name="helpdesk", role="service-agent").token
    server = Server(home / "w")
    for n in range(25):
        body = {"unit": "Billing", "attributes": {"topic": "bill"}}
        server.post(f"/api/v1/cases/K{n}/close", body, token)
    # no time to tidy up
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.communicate(timeout=30)
    place = open_workspace(home / "w")
    kept = entries_after(place.database, key_fingerprint=place.key_fingerprint).entries
    assert len(kept) == 25
    assert verify_audit(home / "w").is_whole
    again = Server(home / "w")
    assert again.told["learnt"] == {"unit": 385, "person": 360}
    code, _, err = again.end(signal.SIGTERM)
    assert (code, err) == (0, "")


def is_listening(url):
    host, port = url.removeprefix("http://").split(":")
    try:
        socket.create_connection((host, int(port)), 1).close()
    except OSError:
        return False
    return True


def test_no_process_is_left_where_the_one_that_answers_dies(home):
    server = Server(home / "w")
    assert is_listening(server.told["url"])
    server.end(signal.SIGKILL)
    until = time.monotonic() + 30
    while is_listening(server.told["url"]):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_the_death_of_the_process_that_speaks_http_is_told(home):
    token = create_api_key(home / "w", name="helpdesk", role="service-agent").token
    server = Server(home / "w", "--language", "de")
    main = server.process.pid
    try:
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    except OSError:
        server.end(signal.SIGKILL)
        pytest.skip("this system does not tell the children of a process")
    told = {child: Path(f"/proc/{child}/cmdline").read_text() for child in children}
    (speaker,) = [int(child) for child, words in told.items() if "spawn_main" in words]
    for one in (signal.SIGINT, signal.SIGTERM):
        # a terminal and systemd send it to every process of a service
        os.kill(speaker, one)
    body = {"unit": "Billing", "attributes": {"topic": "bill"}}
    server.post("/api/v1/cases/K1/close", body, token)
    os.kill(speaker, signal.SIGKILL)
    out, err = server.process.communicate(timeout=60)
    assert server.process.returncode == 1
    assert json.loads(out)["code"] == "http-process-ended"
    assert "alles Beantwortete ist vermerkt" in err
    assert "Traceback" not in err
    place = open_workspace(home / "w")
    assert len(entries_after(place.database, key_fingerprint=place.key_fingerprint).entries) == 1
    assert verify_audit(home / "w").is_whole


def invoked(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "desk.example"])
def test_other_machines_are_let_in_only_behind_tls(home, host):
    for language, word in (("en", "--behind-tls"), ("de", "mitgelesen")):
        refused = invoked("serve", "-w", home / "w", "--host", host, "--language", language)
        assert refused.exit_code == 1
        assert word in refused.output


def test_a_port_that_is_taken_is_told(home):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = invoked("serve", "-w", home / "w", "--port", port, "--json")
    assert json.loads(refused.stdout)["code"] == "cannot-listen"


def test_a_check_says_what_is_missing(home):
    for language, word in (("en", "leitweg key create"), ("de", "Noch hat kein Programm")):
        told = invoked("serve", "-w", home / "w", "--check", "--language", language)
        assert told.exit_code == 0
        assert word in " ".join(told.output.split())
    invoked("purpose", "off", "routing", "-w", home / "w", "--by", "Ada")
    told = invoked("serve", "-w", home / "w", "--check", "--json")
    assert json.loads(told.stdout) == {
        "url": None,
        "learnt": {"unit": 360, "person": 360},
        "keys": 0,
        "purpose_is_on": False,
    }


def test_a_server_needs_something_to_answer_from(tmp_path):
    refused = invoked("serve", "-w", tmp_path / "nothing", "--check", "--json")
    assert json.loads(refused.stdout)["code"] == "workspace-missing"
    invoked("purpose", "on", "routing", "-w", tmp_path / "w", "--by", "Ada", "--basis", "law")
    refused = invoked("serve", "-w", tmp_path / "w", "--check", "--json")
    assert json.loads(refused.stdout)["code"] == "nothing-to-learn"
    started = time.monotonic()
    assert invoked("serve", "-w", tmp_path / "w", "--port", "0").exit_code == 1
    assert time.monotonic() - started < 30
