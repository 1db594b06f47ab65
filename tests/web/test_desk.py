"""The desk over a real router: it answers, learns, follows the workspace, and loses nothing."""

import shutil
import threading
import time
from concurrent.futures import wait

import pytest
from planted_desk import PlantedState

from leitweg.domain.errors import AuthenticationError, LeitwegError
from leitweg.domain.imports import ImportOptions
from leitweg.store import open_workspace
from leitweg.store.application.routing_journal import entries_after
from leitweg.studies.api_keys import create_api_key
from leitweg.studies.audit_log import AuditLog
from leitweg.studies.auditing import verify_audit
from leitweg.studies.desk import MOST_WAITING, Desk
from leitweg.studies.desk_calls import Call, Close, Handover, Override, Route
from leitweg.studies.desk_routing import Ways
from leitweg.studies.importing import import_files
from leitweg.studies.serving import check_serving, open_desk

BILL = "Die Rechnung hat einen falschen Betrag"


@pytest.fixture(params=["protected", "open"])
def opened(request, companies, tmp_path):
    """A desk over a copy of a company, and how to ask it."""
    profile = request.param
    folder = tmp_path / f"{profile}"
    shutil.copytree(companies[profile], folder)
    keys = companies[profile].with_name(f"{profile}.keys")
    if keys.exists():
        shutil.copytree(keys, tmp_path / f"{profile}.keys")
    token = create_api_key(folder, name="helpdesk", role="service-agent").token
    desk = open_desk(folder, ways=Ways(seed=3)).desk

    def ask(question, language="en"):
        return desk.ask(Call(token, question, language)).result(30)

    yield folder, desk, ask
    desk.stop()


def learnt(desk):
    return desk.gauges()["leitweg_learnt_cases"]


def test_the_words_of_a_request_find_its_unit(opened):
    folder, _, ask = opened
    found = ask(Route(text=BILL), "de")
    assert (found["level"], found["contacts"][0]["contact"]) == ("unit", "Billing")
    assert found["contacts"][0]["probability"] > 0.8
    assert found["abstain"] == (found["contacts"][0]["probability"] < found["threshold"])
    assert [c["rank"] for c in found["contacts"]] == [1, 2, 3]
    assert ask(Route(attributes={"topic": "move"}))["contacts"][0]["contact"] == "Umzug"
    assert ask(Route(text=BILL, tried=("Billing",)))["contacts"][0]["contact"] != "Billing"
    is_open = open_workspace(folder).profile == "open"
    assert (found["contacts"][0]["similar_cases"] is not None) == is_open


def test_people_are_ranked_by_the_roster_of_the_caller(opened):
    folder, _, ask = opened
    roster = ("Umzug2", "Billing4", "Technik1")
    found = ask(Route(text=BILL, level="person", roster=roster))
    assert found["contacts"][0]["contact"] == "Billing4"
    assert {c["contact"] for c in found["contacts"]} == set(roster)
    if open_workspace(folder).profile == "protected":
        with pytest.raises(LeitwegError) as caught:
            ask(Route(text=BILL, level="person"))
        assert caught.value.code == "roster-ids-needed"
        for contact in found["contacts"]:
            assert contact["counts_held_back"] == "person-level"
    nobody = ask(Route(text=BILL, level="person", roster=("Ada", "Bo")))
    assert "roster-unknown" in nobody["note_codes"]
    assert nobody["abstain"]


def test_what_is_told_is_learnt_and_outlives_the_desk(opened):
    folder, desk, ask = opened
    before = learnt(desk)
    for n in range(12):
        ask(Route(text="Drohne über dem Garten", attributes={"topic": "drone"}, case_id=f"D{n}"))
        told = ask(Handover(f"D{n}", "Billing", "Luftraum"))
        assert told == {"case_id": f"D{n}", "noted": "handover", "note_codes": []}
        assert ask(Override(f"D{n}", "Umzug", "Luftraum"))["noted"] == "override"
        assert ask(Close(f"D{n}", unit="Luftraum", person="Eva"))["noted"] == "close"
    found = ask(Route(text="Drohne über dem Garten", attributes={"topic": "drone"}))
    assert found["contacts"][0]["contact"] == "Luftraum"
    assert learnt(desk) == {level: n + 12 for level, n in before.items()}
    assert desk.gauges()["leitweg_journal_lag"] == {"unit": 0.0, "person": 0.0}
    desk.stop()
    again = open_desk(folder)
    assert learnt(again.desk) == {level: n + 12 for level, n in before.items()}
    again.desk.stop()


def test_a_case_that_was_never_routed_is_learnt_from_what_is_told_of_it(opened):
    folder, _, ask = opened
    assert ask(Close("X1", unit="Billing"))["note_codes"] == ["case-not-routed"]
    assert ask(Close("X2", unit="Billing", attributes={"topic": "bill"}))["note_codes"] == []
    place = open_workspace(folder)
    kept = entries_after(place.database, key_fingerprint=place.key_fingerprint).entries
    assert [entry.request.attributes for entry in kept] == [{}, {"topic": "bill"}]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (Close("X"), "nobody-resolved"),
        (Handover("X", "A", "A"), "same-contact"),
        (Route(at="soon"), "not-a-date"),
    ],
    ids=["nobody", "same", "date"],
)
def test_what_cannot_be_answered_is_told_by_its_code(opened, question, code):
    _, _, ask = opened
    with pytest.raises(LeitwegError) as caught:
        ask(question)
    assert caught.value.code == code


def test_odd_requests_are_answered_with_a_note(opened):
    _, _, ask = opened
    for question, note in (
        (Route(), "nothing-known"),
        (Route(text="   "), "empty-text"),
        (Route(text="Rechnung " * 110_000), "text-cut"),
        (Route(attributes={"topic": "moon"}), "unknown-value: topic=moon"),
        (Route(attributes={"religion": "x"}), "denied-attribute: religion"),
        (Route(text=BILL, tried=("Wer?",)), "unknown-contact: Wer?"),
    ):
        found = ask(question)
        assert any(code.startswith(note) for code in found["note_codes"]), note
        assert len(found["notes"]) >= len(found["note_codes"])


def test_many_at_once_are_noted_one_by_one_and_the_chain_is_whole(opened):
    folder, desk, _ = opened
    token = create_api_key(folder, name="load", role="service-agent").token
    before = len(AuditLog(open_workspace(folder)).rows())
    asked = [desk.ask(Call(token, Route(text=BILL, case_id=f"L{n}"))) for n in range(200)]
    wait(asked, 60)
    assert all(one.result()["contacts"] for one in asked)
    rows = AuditLog(open_workspace(folder)).rows()[before:]
    assert len(rows) == 200
    assert {(row.who, row.outcome) for row in rows} == {("load", "allowed")}
    assert verify_audit(folder).is_whole
    place = open_workspace(folder)
    kept = entries_after(place.database, key_fingerprint=place.key_fingerprint).entries
    assert len({entry.case_id for entry in kept}) == 200


def test_what_is_imported_meanwhile_is_known_within_seconds(opened, tmp_path):
    folder, desk, ask = opened
    before = learnt(desk)["unit"]
    rows = [
        f"N{n},2026-02-{1 + n % 20:02d}T{8 + h:02d}:00:00Z,{u}{n % 6},{u},cat,Katze auf dem Dach"
        for n in range(60)
        for h, u in enumerate(("Desk", "Tierrettung"))
    ]
    log = tmp_path / "more.csv"
    log.write_text("\n".join(["case_id,at,person,unit,topic,text", *rows]), "utf-8")
    import_files(folder, [log], ImportOptions())
    end = time.monotonic() + 60
    while time.monotonic() < end and learnt(desk)["unit"] == before:
        ask(Route(text=BILL))
        time.sleep(0.2)
    assert learnt(desk)["unit"] == before + 60
    assert ask(Route(text="Katze auf dem Dach"))["contacts"][0]["contact"] == "Tierrettung"


def test_chance_changes_places_only_where_a_human_chooses(companies, tmp_path):
    shutil.copytree(companies["open"], tmp_path / "o")
    token = create_api_key(tmp_path / "o", name="helpdesk", role="service-agent").token
    desk = open_desk(tmp_path / "o", ways=Ways(explore=1.0, seed=5)).desk
    for n in range(40):
        question = Route(case_id=f"E{n}") if n % 2 else Route(text=BILL, case_id=f"E{n}")
        desk.ask(Call(token, question)).result(30)
    desk.stop()
    kept = entries_after(open_workspace(tmp_path / "o").database).entries
    for entry in kept:
        shares = [one.probability for one in entry.suggested]
        if not entry.abstained:
            assert shares == sorted(shares, reverse=True)
            assert entry.propensity == 1.0
        assert 0 < entry.propensity <= 1


def test_a_desk_that_has_stopped_takes_nothing(opened):
    _, desk, ask = opened
    desk.stop()
    with pytest.raises(LeitwegError) as caught:
        ask(Route(text=BILL))
    assert caught.value.code == "server-ends"
    assert not desk.is_ready()


def test_what_waits_has_an_end(workspace):
    place = open_workspace(workspace)
    token = create_api_key(workspace, name="helpdesk", role="service-agent").token
    state = PlantedState(place)
    answer = state.answer
    goes_on = threading.Event()
    state.answer = lambda call: (goes_on.wait(60), answer(call))[1]
    desk = Desk(state, lambda known: None)
    taken = [desk.ask(Call(token, Route()))]
    with pytest.raises(LeitwegError) as caught:
        taken.extend(desk.ask(Call("lw_nobody", Route())) for _ in range(2 * MOST_WAITING))
    goes_on.set()
    assert caught.value.code == "too-many-waiting"
    assert MOST_WAITING <= len(taken) <= MOST_WAITING + 64
    desk.stop()
    # whoever was taken is answered
    assert taken[0].result()["contacts"]
    assert all(isinstance(one.exception(), AuthenticationError) for one in taken[1:])


def test_serving_is_checked_before_it_begins(companies, tmp_path):
    served = check_serving(companies["open"])
    assert served.learnt == {"unit": 360, "person": 360}
    assert served.purpose_is_on
