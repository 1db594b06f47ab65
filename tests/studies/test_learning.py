"""The router is learnt from tables and journal, kept in a file, and loses nothing by a kill."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest
from rights_fixture import at, bring, stored, texts_on_disk

from leitweg.domain.errors import QuestionError, WorkspaceError
from leitweg.domain.imports import ImportOptions
from leitweg.domain.routing import Request
from leitweg.language.learning import learnt_text
from leitweg.store import open_workspace
from leitweg.store.models import model_file, read_model, write_model
from leitweg.studies import learning
from leitweg.studies.importing import import_files
from leitweg.studies.learning import follow, learn, router_of
from leitweg.studies.learning_document import learnt_document
from leitweg.studies.noting import Known, close_case, hand_over
from leitweg.studies.person_rights import erase_person
from leitweg.studies.rekeying import rekey
from leitweg.studies.retaining import retain
from purposes import allow

NOW = at("2026-03-10T12:00:00")
TOPICS = {"bill": "Billing", "meter": "Metering", "move": "Moves"}


def rows_of(n, first=0):
    """Case ``i`` of topic ``i % 3`` comes in at the desk and is resolved by its unit."""
    rows = []
    for i in range(first, first + n):
        topic, unit = list(TOPICS.items())[i % 3]
        day = f"2026-0{1 + i % 2}-{1 + i // 2 % 27:02d}"
        rows.append((f"c{i}", f"{day}T08:00:00", f"desk{i % 5}", "Desk", topic))
        rows.append((f"c{i}", f"{day}T09:00:00", f"{unit.lower()}{i // 3 % 6}", unit, topic))
    return rows


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("learning") / "w"
    bring(folder, "events", "case_id,at,person,unit,topic", rows_of(240))
    allow(folder, "routing")
    return folder


@pytest.fixture
def company(template, tmp_path):
    for name in ("w", "w.keys"):
        shutil.copytree(template.with_name(name), tmp_path / name)
    return tmp_path / "w"


@pytest.fixture
def learnt(company):
    learn(company, level="unit", clock=NOW)
    return company


def router(folder, level="unit"):
    return router_of(open_workspace(folder, clock=NOW), level)


def told(held, **attributes):
    ranking = held.router.rank(Request(attributes=attributes), explain=False)
    return [(c.contact, c.probability) for c in ranking.candidates]


def position(folder):
    return read_model(folder, "unit", workspace=open_workspace(folder).id).position


def test_what_was_learnt_is_kept_and_answers_the_same(learnt):
    path = model_file(learnt, "unit")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.stat().st_mtime_ns
    held = router(learnt)
    assert path.stat().st_mtime_ns == before
    assert held.router.n_learnt == 240
    for topic, unit in TOPICS.items():
        assert told(held, topic=topic)[0][0] == unit
    path.unlink()
    assert told(router(learnt), topic="bill") == told(held, topic="bill")
    assert path.exists()


def test_both_levels_are_learnt_and_told(company):
    done = learn(company, clock=NOW)
    assert [(one.level, one.cases, one.from_journal) for one in done.levels] == [
        ("unit", 240, 0),
        ("person", 240, 0),
    ]
    # three units resolve, six people in each
    assert [one.contacts for one in done.levels] == [3, 18]
    assert [one.file_bytes > 1_000 for one in done.levels] == [True, True]
    assert [drift.weeks for drift in done.drift] == [(), ()]


@pytest.mark.parametrize(("people", "told"), [(4, None), (5, 5)])
def test_fewer_than_five_people_are_not_counted(tmp_path, people, told):
    folder = tmp_path / "w"
    rows = [(f"c{i}", "2026-01-05T08:00:00", f"p{i % people}", "Desk", "bill") for i in range(40)]
    bring(folder, "events", "case_id,at,person,unit,topic", rows)
    allow(folder, "routing")
    done = learn(folder, clock=NOW)
    assert [(one.level, one.contacts) for one in done.levels] == [("unit", 1), ("person", told)]
    assert [one["contacts"] for one in learnt_document(done)["levels"]] == [1, told]
    shown = learnt_text("en", "person", cases=40, from_journal=0, contacts=told, seconds=1.0)
    assert shown.startswith("Level person: fewer than 5" if told is None else "Level person: 5")


def test_a_closing_is_learnt_at_once_and_by_whoever_opens_the_router_next(learnt):
    held = router(learnt)
    for number in range(3):
        known = Known(attributes={"topic": "heat pump"})
        close_case(learnt, f"new {number}", unit="Moves", known=known, clock=NOW)
    assert follow(open_workspace(learnt, clock=NOW), held)
    again = router(learnt)
    assert held.router.n_learnt == again.router.n_learnt == 243
    assert told(held, topic="heat pump") == told(again, topic="heat pump")
    assert held.position == again.position == 3
    assert position(learnt) == 0


def test_a_case_closed_twice_teaches_once(learnt):
    place = open_workspace(learnt, clock=NOW)
    held = router(learnt)
    before = held.router.n_learnt
    for _ in range(2):
        close_case(
            learnt, "t1", unit="Billing", known=Known(attributes={"topic": "bill"}), clock=NOW
        )
    assert follow(place, held)
    close_case(learnt, "t1", unit="Billing", known=Known(attributes={"topic": "bill"}), clock=NOW)
    assert follow(place, held)
    assert held.router.n_learnt == before + 1
    assert router(learnt).router.n_learnt == before + 1


def test_learning_anew_takes_closings_over_and_a_case_of_the_tables_wins(learnt):
    known = Known(attributes={"topic": "bill"})
    close_case(learnt, "c0", unit="Moves", known=known, clock=NOW)
    close_case(learnt, "new", unit="Moves", known=known, clock=NOW)
    done = learn(learnt, level="unit", clock=NOW)
    assert [(one.cases, one.from_journal, one.position) for one in done.levels] == [(241, 1, 2)]
    # the closing named no person
    assert learn(learnt, level="person", clock=NOW).levels[0].from_journal == 0
    assert router(learnt).router.n_learnt == 241
    # the case comes with the next export of the ticket system: it is learnt once
    late = [("new", "2026-03-10T08:00:00", "moves1", "Moves", "bill")]
    bring(learnt, "events", "case_id,at,person,unit,topic", late, clock=NOW)
    assert router(learnt).router.n_learnt == 241
    assert learn(learnt, level="unit", clock=NOW).levels[0].from_journal == 0


def test_handovers_of_a_case_are_learnt(learnt):
    for number in range(20):
        hand_over(
            learnt,
            f"h{number}",
            from_contact="Desk",
            to_contact="Moves",
            known=Known(attributes={"topic": "bill"}),
            clock=NOW,
        )
    held = router(learnt)
    assert held.position == 20
    assert held.router.n_learnt == 240


def test_after_an_import_the_router_is_learnt_anew(learnt):
    before = router(learnt)
    bring(learnt, "events", "case_id,at,person,unit,topic", rows_of(30, 240), clock=NOW)
    place = open_workspace(learnt, clock=NOW)
    assert not follow(place, before)
    after = router(learnt)
    assert after.router.n_learnt == 270
    assert after.generation == place.generation == before.generation + 1


@pytest.mark.parametrize("act", ["erase", "rekey", "retain"])
def test_no_model_outlives_what_it_was_learnt_from(company, act):
    learn(company, clock=NOW)
    billing = stored(company, "billing0")
    assert billing in router(company, "person").router.contacts
    if act == "erase":
        erase_person(company, ["billing0"], clock=NOW)
    elif act == "rekey":
        rekey(company, clock=NOW)
    else:
        retain(company, clock=at("2026-09-01T12:00:00"))
    assert not (company / "models").exists()
    held = router(company, "person")
    assert billing not in held.router.contacts
    assert billing not in texts_on_disk(company)
    assert (stored(company, "billing0") in held.router.contacts) == (act == "rekey")


def test_an_erasure_of_the_journal_alone_outdates_every_router(learnt):
    close_case(learnt, "new", unit="Moves", person="nina", clock=NOW)
    learn(learnt, clock=NOW)
    held = router(learnt, "person")
    nina = stored(learnt, "nina")
    assert nina in held.router.contacts
    erase_person(learnt, ["nina"], clock=NOW)
    assert not follow(open_workspace(learnt), held)
    assert nina not in router(learnt, "person").router.contacts
    assert nina not in texts_on_disk(learnt)


def test_a_model_that_was_learnt_while_somebody_was_erased_is_never_written(company, monkeypatch):
    real, calls = learning.fit, []

    def fit(history, **named):
        calls.append(len(history.person.labels))
        if len(calls) == 1:
            erase_person(company, ["billing0"], clock=NOW)
        return real(history, **named)

    monkeypatch.setattr(learning, "fit", fit)
    billing = stored(company, "billing0")
    learn(company, level="person", clock=NOW)
    assert len(calls) == 2
    assert billing not in router(company, "person").router.contacts
    assert billing not in texts_on_disk(company)


def test_a_workspace_that_never_rests_says_so(company, monkeypatch):
    real = learning.fit

    def fit(history, **named):
        number = 1_000 + len(list(company.parent.iterdir()))
        bring(company, "events", "case_id,at,person,unit,topic", rows_of(3, number), clock=NOW)
        return real(history, **named)

    monkeypatch.setattr(learning, "fit", fit)
    with pytest.raises(WorkspaceError) as caught:
        learn(company, level="unit", clock=NOW)
    assert caught.value.code == "workspace-changing"
    assert not (company / "models").exists()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda state: state.pop("last_us"), id="field missing"),
        pytest.param(lambda state: state["heads"].pop("tried"), id="circumstance missing"),
        pytest.param(lambda state: state["experts"].update(kinds=3), id="other type"),
        pytest.param(
            lambda state: state["heads"]["first"]["fitted"].update(certainty=[1.0]),
            id="list too short",
        ),
        pytest.param(lambda state: state["experts"].pop("counts"), id="part missing"),
    ],
)
def test_a_model_that_holds_no_router_is_told_as_damaged(learnt, change):
    stored = read_model(learnt, "unit", workspace=open_workspace(learnt).id)
    change(stored.state)
    write_model(learnt, stored, mode=0o600)
    with pytest.raises(WorkspaceError) as caught:
        router(learnt)
    assert caught.value.code == "damaged-model"


def test_a_damaged_model_is_told_and_learnt_again(learnt):
    model_file(learnt, "unit").write_bytes(b"half a model")
    with pytest.raises(WorkspaceError) as caught:
        router(learnt)
    assert caught.value.code == "damaged-model"
    learn(learnt, level="unit", clock=NOW)
    assert router(learnt).router.n_learnt == 240


def test_where_nothing_was_resolved_there_is_nothing_to_learn(tmp_path):
    folder = tmp_path / "w"
    bring(folder, "people", "person,unit", [("anna", "Sales")])
    allow(folder, "routing")
    for level in (None, "unit", "person"):
        with pytest.raises(QuestionError) as caught:
            learn(folder, level=level, clock=NOW)
        assert caught.value.code == "nothing-to-learn"


def test_closings_alone_are_learnt(tmp_path):
    folder = tmp_path / "w"
    bring(folder, "people", "person,unit", [("anna", "Sales")])
    allow(folder, "routing")
    for number in range(12):
        topic, unit = list(TOPICS.items())[number % 3]
        known = Known(attributes={"topic": topic})
        close_case(folder, f"T-{number}", unit=unit, known=known, clock=NOW)
    assert learn(folder, clock=NOW).levels[0].from_journal == 12
    assert router(folder).router.n_learnt == 12


def test_an_open_workspace_learns_its_texts_and_is_read_by_all(tmp_path):
    path = tmp_path / "log.csv"
    lines = [
        f"c{i},2026-01-{1 + i % 28:02d}T08:00:00Z,anna{i % 3},{unit},{word} defekt {i}"
        for i in range(60)
        for word, unit in [(("Zähler", "Metering"), ("Rechnung", "Billing"))[i % 2]]
    ]
    path.write_text("\n".join(["case_id,at,person,unit,text", *lines]), encoding="utf-8")
    import_files(tmp_path / "o", [path], ImportOptions(), profile="open", clock=NOW)
    close_case(tmp_path / "o", "T", unit="Billing", known=Known("Rechnung fehlt"), clock=NOW)
    learn(tmp_path / "o", level="unit", clock=NOW)
    assert stat.S_IMODE(model_file(tmp_path / "o", "unit").stat().st_mode) == 0o644
    assert router(tmp_path / "o").router.n_learnt == 61


LEARNER = textwrap.dedent(
    """
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from leitweg.domain.routing_journal import JournalEntry
    from leitweg.store import open_workspace
    from leitweg.studies.learning import follow, learn, router_of
    from leitweg.studies.routing_journal import RoutingJournal

    folder, first = Path(sys.argv[1]), int(sys.argv[2])
    place = open_workspace(folder)
    held, journal = router_of(place, "unit"), RoutingJournal(place)
    print("ready", flush=True)
    for number in range(first, first + 10_000):
        entry = JournalEntry(number, "closed", case_id=f"T-{number}", unit="Moves")
        journal.append([entry])
        assert follow(place, held)
        print(number, held.router.n_learnt, flush=True)
        if number % 7 == 6:
            learn(folder, level="unit")
    """
)


def killed_learner(folder, first, chance):
    """Run a learner, kill it at a random moment; return the cases that it had answered for."""
    run = subprocess.Popen(
        [sys.executable, "-c", LEARNER, str(folder), str(first)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout.readline() == "ready\n"
    time.sleep(float(chance.uniform(0.05, 1.5)))
    os.kill(run.pid, signal.SIGKILL)
    answered = [line for line in run.stdout.read().splitlines(keepends=True) if line[-1] == "\n"]
    run.stdout.close()
    run.wait()
    return len(answered)


def check_killed_learners(folder, rounds, seed):
    chance, kept = np.random.default_rng(seed), 0
    for _ in range(rounds):
        answered = killed_learner(folder, 1_000 + 100_000 * _, chance)
        n_learnt = router(folder).router.n_learnt - 240
        # one more may have been noted before its answer left
        assert n_learnt - kept in (answered, answered + 1)
        kept = n_learnt
        left = [path.name for path in (folder / "models").iterdir() if path.suffix == ".tmp"]
        learn(folder, level="unit", clock=NOW)
        assert router(folder).router.n_learnt - 240 == kept
        assert len(left) <= 1
    assert kept > 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills children")
def test_a_killed_learner_loses_no_closed_case(learnt):
    check_killed_learners(learnt, rounds=3, seed=1)


@pytest.mark.verify
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills children")
def test_forty_killed_learners_lose_no_closed_case(learnt):
    check_killed_learners(learnt, rounds=40, seed=2)
