"""Keys of programs: told once, bound to a role, listed without their tokens, revoked."""

import json

import pytest
from typer.testing import CliRunner

from leitweg.cli.main import app
from leitweg.store import create_workspace


@pytest.fixture
def workspace(tmp_path):
    create_workspace(tmp_path / "w", profile="protected")
    return tmp_path / "w"


def invoked(workspace, *words):
    return CliRunner().invoke(app, ["key", *words, "-w", str(workspace)])


def code_of(workspace, *words):
    result = invoked(workspace, *words, "--json")
    assert result.exit_code == 1, result.output
    return json.loads(result.stdout)["code"]


def test_a_token_is_told_once_and_never_again(workspace):
    made = json.loads(invoked(workspace, "create", "--name", "Helpdesk", "--json").stdout)
    assert made["token"].startswith("lw_")
    assert len(made["token"]) >= 43
    assert (made["id"], made["role"]) == (1, "service-agent")
    listed = invoked(workspace, "list", "--json").stdout
    assert json.loads(listed)["keys"] == [{k: v for k, v in made.items() if k != "token"}]
    assert made["token"] not in listed + invoked(workspace, "list").output


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_new_token_stands_alone_on_its_line(workspace, language, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    told = invoked(workspace, "create", "--name", "Helpdesk", "--language", language).output
    (token,) = [line for line in told.splitlines() if line.startswith("lw_")]
    assert " " not in token
    assert len(token) == 46


def test_a_revoked_key_stays_in_the_list(workspace):
    invoked(workspace, "create", "--name", "Helpdesk")
    told = invoked(workspace, "revoke", "1", "--language", "de")
    assert "gilt nicht mehr" in told.output
    (key,) = json.loads(invoked(workspace, "list", "--json").stdout)["keys"]
    assert key["revoked_at"] is not None
    assert code_of(workspace, "revoke", "1") == "key-revoked-before"
    # its name is free again
    assert invoked(workspace, "create", "--name", "Helpdesk").exit_code == 0


def test_what_is_no_key_is_told(workspace):
    assert code_of(workspace, "revoke", "7") == "no-such-key"
    assert code_of(workspace, "create", "--name", "  ") == "key-needs-name"
    assert code_of(workspace, "create", "--name", "x" * 101) == "text-too-long"
    for role in ("owner", "person", "boss"):
        found = code_of(workspace, "create", "--name", "x", "--of-role", role)
        assert found == "not-a-role-of-keys"
    invoked(workspace, "create", "--name", "Helpdesk")
    assert code_of(workspace, "create", "--name", " Helpdesk ") == "key-name-taken"
    assert code_of(workspace, "create", "--name", "y", "--role", "analyst") == "not-allowed"
