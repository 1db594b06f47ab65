"""Every command that touches data asks whether it may, and is noted in the audit log."""

import inspect
import shutil

import pytest
import typer.main
from house_files import leaves_of
from typer.testing import CliRunner

import leitweg
from leitweg.cli.main import app
from leitweg.domain.access import ROLES
from leitweg.privacy.access import RULES, permission
from leitweg.store import open_workspace
from leitweg.studies.audit_log import AuditLog
from purposes import allow

# command: the action that it is noted as, and what is typed
NOTED = {
    "import": ("import", "import {home}/more.csv -w {w}"),
    "situation": ("situation", "situation -w {w}"),
    "compare": ("compare", "compare -w {w} --at 2026-01-15"),
    "breakdown": ("breakdown", "breakdown -w {w} --by unit"),
    "route": ("route", "route -w {w} --attribute topic=Bill"),
    "learn": ("learn", "learn -w {w} --level unit"),
    "backtest": ("backtest", "backtest -w {w}"),
    "report": ("report", "report -w {w} --out {home}/r.html"),
    "export": ("export", "export -w {w} --what links --out {home}/l.csv"),
    "purpose list": ("purpose-list", "purpose list -w {w}"),
    "purpose on": ("purpose-switch", "purpose on survey -w {w} --by Ada --basis law"),
    "purpose off": ("purpose-switch", "purpose off survey -w {w} --by Ada"),
    "audit list": ("audit-list", "audit list -w {w}"),
    "audit verify": ("audit-verify", "audit verify -w {w}"),
    "dossier": ("dossier", "dossier -w {w} --out {home}/d.md"),
    "retain": ("retain", "retain -w {w}"),
    "person export": ("person-export", "person export Desk1 -w {w} --out {home}/p.json"),
    "person erase": ("person-erase", "person erase Desk1 -w {w} --yes"),
    "person object": ("person-object", "person object Desk1 -w {w} --yes"),
    "person correct": ("person-correct", "person correct Desk1 -w {w} --column unit=Back --yes"),
    "backup": ("backup", "backup -w {w} --out {home}/b.tar.gz"),
    "restore": ("restore", "restore {home}/w.tar.gz -w {w}"),
    "rekey": ("rekey", "rekey -w {w}"),
    "key create": ("key-create", "key create --name helpdesk -w {w}"),
    "key list": ("key-list", "key list -w {w}"),
    "key revoke": ("key-revoke", "key revoke 1 -w {w}"),
    "serve": ("serve", "serve -w {w} --check"),
}
NOT_NOTED = {
    "demo": "invents a company; what it does with it is noted as import, purposes and situation",
    "version": "says nothing about a company",
}


COMMANDS = leaves_of(typer.main.get_command(app))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    home = tmp_path_factory.mktemp("access")
    for name, cases in (("log", range(60)), ("more", range(60, 70))):
        rows = [
            f"V{case},2026-01-{1 + case % 28:02d}T{8 + hour:02d}:00:00Z,{unit}{case % 7},{unit}"
            for case in cases
            for hour, unit in enumerate(("Desk", "Back"))
        ]
        (home / f"{name}.csv").write_text("\n".join(["case_id,at,person,unit", *rows]))
    (home / "people.csv").write_text("person,unit,position\nDesk1,Desk,Clerk\nDesk2,Desk,Clerk")
    done("import", home / "log.csv", home / "people.csv", "-w", home / "w")
    allow(home / "w", "path-analysis", "routing")
    done("key", "create", "--name", "portal", "-w", home / "w")
    done("backup", "-w", home / "w", "--out", home / "w.tar.gz")
    return home


@pytest.fixture
def home(template, tmp_path):
    return shutil.copytree(template, tmp_path / "home")


def done(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result


def seen(home):
    return sorted(path.name for path in home.iterdir() if path.name[0] != ".")


def log_of(home):
    return AuditLog(open_workspace(home / "w")).rows()


def test_every_command_is_noted_or_says_why_not():
    assert set(COMMANDS) == {*NOTED, *NOT_NOTED}


@pytest.mark.parametrize("command", sorted(NOTED))
def test_a_command_is_noted_with_who_asked_in_which_role(home, command, monkeypatch):
    monkeypatch.setenv("LEITWEG_USER", "Grace Hopper")
    action, typed = NOTED[command]
    before = len(log_of(home))
    done(*typed.format(home=home, w=home / "w").split())
    new = [row for row in log_of(home)[before:] if row.action == action]
    assert new
    assert {(row.who, row.role, row.outcome) for row in new} == {
        ("Grace Hopper", "owner", "allowed")
    }
    assert AuditLog(open_workspace(home / "w")).check().is_whole


@pytest.mark.parametrize("command", sorted(NOTED))
def test_a_command_is_refused_to_a_role_that_may_not(home, command):
    action, typed = NOTED[command]
    # the one question that is open to all is asked in a role that does not exist
    may_not = [role for role in ROLES if not permission(role, action, ()).allowed]
    role = next((r for r in may_not if r not in RULES[action].roles), "nobody")
    before = seen(home)
    arguments = [*typed.format(home=home, w=home / "w").split(), "--role", role]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1, result.output
    assert role in result.output
    assert seen(home) == before
    last = log_of(home)[-1]
    assert (last.action, last.outcome) == (action, "refused")


@pytest.mark.parametrize("command", sorted(NOTED))
def test_a_command_takes_the_role_in_which_it_is_asked(command):
    (role,) = [p for p in COMMANDS[command].params if "--role" in p.opts]
    assert role.envvar == "LEITWEG_ROLE"
    assert role.default == "owner"


@pytest.mark.parametrize("name", [n for n in leitweg.__all__ if n != "__version__"])
def test_a_public_function_on_a_workspace_takes_who_asks(name):
    parameters = inspect.signature(getattr(leitweg, name)).parameters
    if "workspace" in parameters:
        assert "asker" in parameters
