"""Every question is asked for, and noted: what came of it, and nothing about anybody."""

import json
import multiprocessing
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from leitweg.domain.access import Asker
from leitweg.domain.errors import AccessError, KeyFileError, LeitwegError, QuestionError
from leitweg.domain.imports import ImportOptions
from leitweg.store import create_workspace, open_workspace
from leitweg.studies.asking import asking
from leitweg.studies.audit_log import AuditLog
from leitweg.studies.auditing import audit_entries, verify_audit
from leitweg.studies.comparing import compare
from leitweg.studies.exporting import export
from leitweg.studies.importing import import_files
from leitweg.studies.purposes import list_purposes, switch_purpose
from leitweg.studies.reporting import write_report
from leitweg.studies.situation import analyse
from purposes import allow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GIVEN = {"on": True, "by": "Ada Lovelace", "basis": "Art. 6(1)(f) GDPR"}
LOG = """case_id,at,person,unit,topic,customer
{}"""


def log_of(cases):
    rows = [
        f"V{case},2026-01-{1 + case % 28:02d}T{8 + hour:02d}:00:00Z,{unit}{(case + hour) % 7},"
        f"{unit},Umzug,Kunde Geheim {case % 3}"
        for case in range(cases)
        for hour, unit in enumerate(("Desk", "Back", "Desk"))
    ]
    return LOG.format("\n".join(rows))


@pytest.fixture
def home(tmp_path):
    (tmp_path / "log.csv").write_text(log_of(90), encoding="utf-8")
    return tmp_path


@pytest.fixture
def workspace(home):
    import_files(home / "w", [home / "log.csv"], ImportOptions())
    return home / "w"


def entries(workspace):
    """Entries as told to the owner, without that question itself."""
    return audit_entries(workspace)


def last(workspace):
    return AuditLog(open_workspace(workspace)).rows()[-1]


def code_of(action):
    with pytest.raises(LeitwegError) as caught:
        action()
    return caught.value.code


ASKED = {
    "situation": lambda w, asker: analyse(w, asker=asker),
    "compare": lambda w, asker: compare(w, at="2026-01-15", asker=asker),
    "report": lambda w, asker: write_report(w, out=w.parent / "r.html", asker=asker),
    "export": lambda w, asker: export(w, "links", "csv", w.parent / "l.csv", asker=asker),
}
QUESTIONS = list(ASKED)


@pytest.mark.parametrize("action", QUESTIONS)
def test_no_question_is_answered_before_its_purpose_is_on(workspace, action):
    for role in ("owner", "analyst", "planner"):
        asker = Asker("Bo", role)
        before = sorted(workspace.parent.iterdir())
        with pytest.raises(AccessError) as caught:
            ASKED[action](workspace, asker)
        assert (caught.value.code, caught.value.fields["why"]) == ("purpose-off", "purpose-off")
        assert "leitweg purpose on path-analysis" in caught.value.detail
        row = last(workspace)
        assert (row.who, row.role, row.action) == ("Bo", role, action)
        assert (row.outcome, row.reason, row.n_values) == ("refused", "purpose-off", 0)
        assert sorted(workspace.parent.iterdir()) == before


@pytest.mark.parametrize("action", QUESTIONS)
def test_a_role_that_may_not_gets_nothing_whatever_is_on(workspace, action):
    allow(workspace)
    for role in ("administrator", "works-council", "person", "service-agent"):
        before = sorted(workspace.parent.iterdir())
        assert code_of(lambda r=role: ASKED[action](workspace, Asker("Bo", r))) == "not-allowed"
        assert sorted(workspace.parent.iterdir()) == before
        assert (last(workspace).outcome, last(workspace).reason) == ("refused", "not-of-role")
    assert code_of(lambda: ASKED[action](workspace, Asker("Bo", "boss"))) == "unknown-role"
    # what somebody typed as a role could be a name
    assert last(workspace).role == "unknown"


@pytest.mark.parametrize("action", QUESTIONS)
def test_an_answer_is_noted_with_its_size(workspace, action):
    allow(workspace)
    answer = ASKED[action](workspace, Asker("Bo", "analyst"))
    row = last(workspace)
    if action in ("situation", "compare"):
        assert row.n_values + row.n_held_back == sum(
            len(getattr(answer, name, ()))
            for name in ("figures", "units", "links", "findings", "loads")
        )
        shown = [f for f in answer.figures if getattr(f, "change", f).held_back is None]
        assert row.n_values >= len(shown) > 20
    assert (row.who, row.role, row.action, row.purpose) == (
        "Bo", "analyst", action, "path-analysis",
    )  # fmt: skip
    assert (row.outcome, row.reason) == ("allowed", "aggregates-only")
    assert row.n_values > 0


def test_after_switching_off_nothing_is_answered_any_more(workspace):
    allow(workspace)
    analyse(workspace)
    switch_purpose(workspace, "path-analysis", on=False, by="Ada")
    assert code_of(lambda: analyse(workspace)) == "purpose-off"


def test_the_profile_open_needs_no_purpose_but_a_role(home):
    import_files(home / "o", [home / "log.csv"], ImportOptions(), profile="open")
    analyse(home / "o", asker=Asker("Bo", "analyst"))
    assert (last(home / "o").outcome, last(home / "o").reason) == ("allowed", "open-profile")
    asker = Asker("Bo", "administrator")
    assert code_of(lambda: analyse(home / "o", asker=asker)) == "not-allowed"
    assert code_of(lambda: switch_purpose(home / "o", "survey", **GIVEN)) == "purposes-always-on"


def test_no_value_that_names_somebody_is_in_the_log(home):
    place = home / "o"
    import_files(place, [home / "log.csv"], ImportOptions(), profile="open")
    compare(place, part=("customer", "Kunde Geheim 1"))
    for action in (
        lambda: compare(place, part=("customer", "Frau Unbekannt")),
        lambda: compare(place, at="Kunde Geheim 1"),
        lambda: analyse(place, start="Kunde Geheim 2"),
        lambda: analyse(place, asker=Asker("Bo", "Kunde Geheim 0")),
    ):
        code_of(action)
    with sqlite3.connect(place / "application.sqlite") as connection:
        text = str(connection.execute("SELECT * FROM audit").fetchall())
    connection.close()
    assert '"by":"customer"' in text
    assert '"at":"no-date"' in text
    assert "Geheim" not in text
    assert "Unbekannt" not in text


def test_a_question_that_fails_is_noted_with_its_code(workspace):
    allow(workspace)
    assert code_of(lambda: analyse(workspace, start="soon")) == "not-a-date"
    assert (last(workspace).outcome, last(workspace).reason) == ("failed", "not-a-date")
    place = open_workspace(workspace)

    def stop(error):
        with asking(place, "situation"):
            raise error

    for error, reason in ((ValueError("Anna"), "internal"), (KeyboardInterrupt(), "interrupted")):
        with pytest.raises(type(error)):
            stop(error)
        assert (last(workspace).outcome, last(workspace).reason) == ("failed", reason)


def test_what_cannot_be_noted_is_not_answered(workspace):
    allow(workspace)
    (key,) = workspace.with_name("w.keys").glob("audit-*.key")
    key.rename(key.with_suffix(".away"))
    with pytest.raises(KeyFileError):
        analyse(workspace)


def test_a_clock_set_back_is_noted_and_the_log_goes_on(tmp_path):
    create_workspace(tmp_path / "w", profile="protected")
    for hours in (0, -48, 1):
        clock = lambda h=hours: NOW + timedelta(hours=h)  # noqa: E731
        with asking(open_workspace(tmp_path / "w", clock=clock), "purpose-list"):
            pass
    rows = AuditLog(open_workspace(tmp_path / "w")).rows()
    at = int(NOW.timestamp()) * 1_000_000
    assert [row.at_us for row in rows] == [at, at, at + 3_600_000_000]
    assert [row.clock for row in rows] == ["", "set-back", ""]
    assert verify_audit(tmp_path / "w").is_whole


def ask_often(folder, ready):
    """Run in a process of its own."""
    ready.wait()
    for _ in range(20):
        with asking(open_workspace(folder), "purpose-list") as asked:
            asked.note(values=1)


def test_processes_that_ask_at_once_keep_the_chain_whole(tmp_path):
    create_workspace(tmp_path / "w", profile="protected")
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(3)
    processes = [context.Process(target=ask_often, args=(tmp_path / "w", ready)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    check = AuditLog(open_workspace(tmp_path / "w")).check()
    assert (check.entries, check.breaks) == (60, ())


def test_the_works_council_reads_the_log_by_day_role_and_action(workspace):
    allow(workspace)
    analyse(workspace, asker=Asker("Bo", "analyst"))
    code_of(lambda: analyse(workspace, asker=Asker("Cy", "administrator")))
    council = Asker("Dora", "works-council")
    told = audit_entries(workspace, asker=council)
    assert [(e.action, e.outcome) for e in told] == [
        ("import", "allowed"),
        ("purpose-switch", "allowed"),
        ("situation", "allowed"),
        ("situation", "refused"),
    ]
    assert [e.who for e in audit_entries(workspace, of_role="administrator", asker=council)] == [
        "Cy"
    ]
    assert len(audit_entries(workspace, of_action="audit-list", asker=council)) == 2
    assert audit_entries(workspace, end="2020-01-01", asker=council) == ()
    assert len(audit_entries(workspace, start="2020-01-01", asker=council)) == 8
    assert verify_audit(workspace, asker=council).is_whole
    assert code_of(lambda: audit_entries(workspace, of_role="boss")) == "unknown-filter"
    assert code_of(lambda: audit_entries(workspace, asker=Asker("Bo", "analyst"))) == "not-allowed"
    assert code_of(lambda: verify_audit(workspace, asker=Asker("Bo", "planner"))) == "not-allowed"


def test_a_purpose_switched_past_the_log_is_found(workspace):
    allow(workspace)
    assert verify_audit(workspace).is_whole
    change = "UPDATE purpose_switches SET basis = 'works agreement'"
    put_in = (
        "INSERT INTO purpose_switches (purpose, is_on, at_us, by, basis) "
        "VALUES ('survey', 1, 1, 'Eve', 'none')"
    )
    for statement in (change, put_in, "DELETE FROM purpose_switches"):
        with sqlite3.connect(workspace / "application.sqlite") as connection:
            connection.execute(statement)
        connection.close()
        assert [found.kind for found in verify_audit(workspace).breaks] == ["purposes-differ"]


# purposes before the first import


def test_a_purpose_can_be_switched_on_before_the_first_import(home):
    state = switch_purpose(home / "w", "path-analysis", **GIVEN, clock=lambda: NOW)
    assert (state.is_on, state.by, state.basis) == (True, "Ada Lovelace", "Art. 6(1)(f) GDPR")
    assert state.at_us == int(NOW.timestamp()) * 1_000_000
    assert [s.purpose for s in list_purposes(home / "w") if s.is_on] == ["path-analysis"]
    report = import_files(home / "w", [home / "log.csv"], ImportOptions())
    assert (report.profile, report.purpose_off) == ("protected", None)
    assert analyse(home / "w").profile == "protected"
    actions = [e.action for e in entries(home / "w")]
    assert actions == ["purpose-switch", "purpose-list", "import", "situation"]


def test_a_first_import_that_fails_leaves_the_purposes(home):
    switch_purpose(home / "w", "path-analysis", **GIVEN)
    (home / "bad.csv").write_text("")
    code_of(lambda: import_files(home / "w", [home / "bad.csv"], ImportOptions()))
    assert [s.purpose for s in list_purposes(home / "w") if s.is_on] == ["path-analysis"]
    assert (home / "w.keys").is_dir()
    import_files(home / "w", [home / "log.csv"], ImportOptions())
    analyse(home / "w")
    assert verify_audit(home / "w").is_whole


def test_purposes_were_given_for_a_protected_workspace_not_for_an_open_one(home):
    switch_purpose(home / "w", "path-analysis", **GIVEN)
    again = (home / "w", [home / "log.csv"], ImportOptions())
    assert code_of(lambda: import_files(*again, profile="open")) == "profile-fixed"
    assert code_of(lambda: create_workspace(home / "w", profile="open")) == "workspace-exists"
    import_files(*again, profile="protected")
    assert [s.purpose for s in list_purposes(home / "w") if s.is_on] == ["path-analysis"]


def test_an_import_says_which_purpose_is_missing(home):
    report = import_files(home / "w", [home / "log.csv"], ImportOptions())
    assert report.purpose_off == "path-analysis"
    open_one = import_files(home / "o", [home / "log.csv"], ImportOptions(), profile="open")
    assert open_one.purpose_off is None


def test_whoever_may_not_import_creates_no_workspace(home):
    for role in ("analyst", "administrator"):
        asker = Asker("Bo", role)
        again = (home / "w", [home / "log.csv"], ImportOptions())
        assert code_of(lambda a=asker, g=again: import_files(*g, asker=a)) == "not-allowed"
        assert (
            code_of(lambda a=asker: switch_purpose(home / "w", "survey", **GIVEN, asker=a))
            == "not-allowed"
        )
    assert [path.name for path in home.iterdir()] == ["log.csv"]


@pytest.mark.parametrize(
    ("purpose", "changed", "code"),
    [
        ("spying", {}, "unknown-purpose"),
        ("survey", {"by": " "}, "purpose-needs-name"),
        ("survey", {"basis": ""}, "purpose-needs-basis"),
        ("survey", {"by": "x" * 101}, "text-too-long"),
        ("survey", {"basis": "x" * 501}, "text-too-long"),
    ],
)
def test_a_decision_that_is_none_leaves_nothing(tmp_path, purpose, changed, code):
    with pytest.raises(QuestionError) as caught:
        switch_purpose(tmp_path / "w", purpose, **GIVEN | changed)
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_every_switch_is_kept_and_the_newest_holds_also_when_the_clock_runs_back(tmp_path):
    for step, on in enumerate((True, False, True, False)):
        clock = lambda s=step: NOW - timedelta(days=s)  # noqa: E731
        state = switch_purpose(
            tmp_path / "w", "planning", on=on, by=f"P{step}", basis="x", clock=clock
        )
        assert state.is_on is on
        (held,) = [s for s in list_purposes(tmp_path / "w") if s.purpose == "planning"]
        assert (held.is_on, held.by) == (on, f"P{step}")
    questions = [json.loads(r.question) for r in AuditLog(open_workspace(tmp_path / "w")).rows()]
    switched = [q["switched"] for q in questions if "switched" in q]
    assert switched == ["on", "off", "on", "off"]
    assert verify_audit(tmp_path / "w").is_whole
