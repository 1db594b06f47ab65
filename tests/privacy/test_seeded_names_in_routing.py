"""No seeded name is in the journal, the models, the answers or the errors of the router."""

import csv

import numpy as np
import pytest
from seeded_names import ADDRESSES, NAMES, hits, hits_in

from leitweg.domain.errors import LeitwegError
from leitweg.domain.imports import ImportOptions
from leitweg.domain.routing import Candidate, Ranking
from leitweg.store import open_workspace
from leitweg.store.application.routing_journal import entries_after
from leitweg.studies.backups import back_up
from leitweg.studies.drift import drift
from leitweg.studies.importing import import_files
from leitweg.studies.learning import learn, router_of
from leitweg.studies.noting import Known, close_case, hand_over, note_routed, override
from leitweg.studies.rekeying import rekey
from leitweg.studies.routing_journal import RoutingJournal
from purposes import allow

CASES = 240


def log_rows():
    for number in range(CASES):
        who, other = number % 30, (number * 7 + 1) % 30
        topic = f"Question of {NAMES[other]}" if number % 11 == 0 else f"Topic {number % 3}"
        unit = f"Team {NAMES[number % 2]}" if number % 3 == 0 else f"Unit {number % 3}"
        yield (
            f"Case of {NAMES[other]} {number}",
            f"2026-01-{1 + number % 28:02d}T08:00:00Z",
            (NAMES[who], ADDRESSES[who])[number % 2],
            unit,
            topic,
            ADDRESSES[other],
            NAMES[who],
            NAMES[other],
            f"{NAMES[who]} asks about invoice {number}, see {ADDRESSES[other]}",
        )


COLUMNS = ("case_id", "at", "person", "unit", "topic", "customer", "colour", NAMES[5], "text")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    home = tmp_path_factory.mktemp("routing")
    with (home / "log.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *log_rows()])
    folder = tmp_path_factory.mktemp("place") / "w"
    import_files(folder, [home / "log.csv"], ImportOptions(keep=("colour",)))
    allow(folder, "routing")
    return folder


def known(number):
    return Known(
        f"{NAMES[number]} complains about {ADDRESSES[number + 1]}",
        {
            "topic": f"Question of {NAMES[number]}",
            "customer": ADDRESSES[number],
            "colour": NAMES[number + 2],
            NAMES[5]: "anything",
            "contact": ADDRESSES[number],
        },
    )


@pytest.fixture(scope="module")
def noted(place):
    """Everything that can be noted, with names wherever they can stand."""
    for number in range(8):
        case_id = f"Case of {NAMES[number]}"
        journal = RoutingJournal(open_workspace(place))
        request = journal.request(
            level="person",
            text=known(number).text,
            attributes=known(number).attributes,
            tried=[NAMES[number]],
            first_contact=ADDRESSES[number + 1],
        )
        shown = tuple(Candidate(NAMES[n], 0.2) for n in range(3))
        ranking = Ranking("person", shown, 0.1, 0.5, True, 1.0)
        note_routed(place, request, ranking, case_id=case_id)
        moved = {"level": "person", "known": known(number)}
        hand_over(
            place, case_id, from_contact=NAMES[number], to_contact=ADDRESSES[number + 1], **moved
        )
        override(place, case_id, suggested=NAMES[1], chosen=NAMES[2], **moved)
        close_case(
            place,
            case_id,
            unit=f"Team {NAMES[number % 2]}",
            person=f'"{NAMES[number]}" <{ADDRESSES[number]}>',
            unit_path=(f"Team {NAMES[1]}", "Unit 1"),
            person_path=(ADDRESSES[3], NAMES[4]),
            known=known(number),
        )
    learn(place)
    return place


def test_the_search_finds_a_seed_in_a_model(tmp_path):
    np.savez(tmp_path / "unit.npz", contacts=np.array([NAMES[0], "Unit 1"]))
    assert len(hits_in([tmp_path])) == 1


def test_no_file_holds_a_seed(noted):
    assert (noted / "models" / "person.npz").exists()
    assert hits_in([noted, noted.with_name("w.keys")]) == {}


def test_everything_is_there_all_the_same(noted):
    held = open_workspace(noted)
    read = entries_after(held.database, key_fingerprint=held.key_fingerprint)
    assert [entry.kind for entry in read.entries] == [
        *("routed", "handover", "override", "closed")
    ] * 8
    entry = read.entries[-1]
    assert set(entry.request.attributes) == {"topic", "customer", "colour"}
    assert entry.request.text.size > 10
    stored = set(held.read("events")["person"].to_pylist())
    assert {entry.person, *entry.person_path} <= stored
    assert entry.unit in set(held.read("events")["unit"].to_pylist())
    learnt = router_of(held, "person").router
    assert {entry.person} <= set(learnt.contacts)


def test_what_is_told_holds_no_seed(noted):
    assert hits(str(learn(noted))) == []
    assert hits(str(drift(noted))) == []


def test_no_error_holds_a_seed(noted):
    for act, named in (
        (close_case, {}),
        (hand_over, {"from_contact": NAMES[1], "to_contact": ""}),
    ):
        with pytest.raises(LeitwegError) as caught:
            act(noted, f"Case of {NAMES[3]}", **named)
        assert hits(f"{caught.value.detail} {caught.value.fields}") == []


def test_after_a_new_key_there_is_still_no_seed(noted, tmp_path):
    rekey(noted)
    learn(noted)
    back_up(noted, tmp_path / "w.zip")
    assert hits_in([noted, tmp_path]) == {}
