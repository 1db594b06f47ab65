"""The exports of the demo company: read back they are what happened, in both languages."""

import csv
import datetime as dt
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import pytest
from demo_handovers import handovers_of

from leitweg.demo.company import GeneratedLog, generate
from leitweg.demo.demo_company import (
    DOMAIN,
    PEOPLE,
    TOPIC_NAMES,
    UNIT_NAMES,
    demo_cases_at,
    demo_plan,
    demo_truth,
    faultless_plan,
)
from leitweg.demo.files import DemoFiles, write_demo_files
from leitweg.demo.plan import DAY_US, KINDS
from leitweg.demo.staff import staff_of

BERLIN = ZoneInfo("Europe/Berlin")
Row = dict[str, str]


@pytest.fixture(scope="module")
def log() -> GeneratedLog:
    return generate(demo_plan(1))


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return write_demo_files(tmp_path_factory.mktemp("de"), seed=1, language="de")


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return write_demo_files(tmp_path_factory.mktemp("en"), seed=1, language="en")


def rows_of(path: Path, delimiter: str) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def german_second(text: str) -> int:
    local = dt.datetime.strptime(text, "%d.%m.%Y %H:%M:%S").replace(tzinfo=BERLIN)
    return int(local.timestamp())


def test_german_events_parse_back_to_the_log(log: GeneratedLog, german: DemoFiles) -> None:
    rows = rows_of(german.events, ";")
    order = np.argsort(log.at_us, kind="stable")
    assert len(rows) == len(log.case) > 45_000
    ends = [german_second(r["Ende"]) for r in rows]
    starts = [german_second(r["Beginn"]) for r in rows]
    assert ends == (log.at_us[order] // 1_000_000).tolist()
    assert starts == (log.started_us[order] // 1_000_000).tolist()
    assert [int(r["Vorgangsnummer"][2:]) - 200_000 for r in rows] == log.case[order].tolist()
    assert [UNIT_NAMES["de"].index(r["Abteilung"]) for r in rows] == log.unit[order].tolist()
    topics = [TOPIC_NAMES["de"].index(r["Thema"]) for r in rows]
    assert topics == log.topic[log.case[order]].tolist()
    opened = [german_second(r["Eröffnet am"]) for r in rows]
    assert opened == (log.opened_us[log.case[order]] // 1_000_000).tolist()


def test_english_events_tell_the_same(german: DemoFiles, english: DemoFiles) -> None:
    one, other = rows_of(german.events, ";"), rows_of(english.events, ",")
    assert [german_second(r["Ende"]) for r in one] == [
        int(dt.datetime.fromisoformat(r["End time"]).timestamp()) for r in other
    ]
    assert [r["Bearbeiter"] for r in one] == [r["Agent"] for r in other]
    units = dict(zip(UNIT_NAMES["de"], UNIT_NAMES["en"], strict=True))
    assert [units[r["Abteilung"]] for r in one] == [r["Department"] for r in other]
    assert [r["Kundennummer"] for r in one] == [r["Customer ID"] for r in other]
    offsets = Counter(r["Start time"][-6:] for r in other)
    assert set(offsets) == {"+01:00", "+02:00"}


def test_each_case_is_resolved_once_at_its_end(log: GeneratedLog, german: DemoFiles) -> None:
    states: dict[str, list[str]] = {}
    for row in rows_of(german.events, ";"):
        states.setdefault(row["Vorgangsnummer"], []).append(row["Status"])
    assert len(states) == 12_000
    assert all(s.count("gelöst") == 1 and s[-1] == "gelöst" for s in states.values())


def test_workbook_holds_everybody_with_a_way_to_the_top(
    log: GeneratedLog, german: DemoFiles
) -> None:
    sheet = openpyxl.load_workbook(german.people).worksheets[0]
    header, *rows = list(sheet.iter_rows(values_only=True))
    people = [dict(zip(header, row, strict=True)) for row in rows]
    persons = {p["E-Mail-Adresse"]: p for p in people if p["Kontoart"] == "person"}
    assert len(persons) == sum(PEOPLE) + 13 == 241
    assert Counter(p["Kontoart"] for p in people) == {"person": 241, "shared": 3, "system": 1}
    per_unit = Counter(p["Abteilung"] for p in persons.values())
    assert len(per_unit) == 12
    assert min(per_unit.values()) >= 8
    for account, person in persons.items():
        steps = 0
        while person["Vorgesetzte/r"]:
            person, steps = persons[str(person["Vorgesetzte/r"])], steps + 1
        assert steps <= 3, account
        assert person["Stelle"] == "Geschäftsführung", account
    workers = {r["Bearbeiter"]: r["Abteilung"] for r in rows_of(german.events, ";")}
    # three of the eight engineers for broadband are not there: that is the overload
    assert len(workers) == sum(PEOPLE) - 3
    assert all(persons[a]["Abteilung"] == unit for a, unit in workers.items())


def test_positions_skills_and_absences_tell_of_the_same_people(
    log: GeneratedLog, german: DemoFiles, english: DemoFiles
) -> None:
    sheet = openpyxl.load_workbook(german.people).worksheets[0]
    header, *rows = list(sheet.iter_rows(values_only=True))
    people = [dict(zip(header, row, strict=True)) for row in rows]
    held = {p["E-Mail-Adresse"]: p["Stelle"] for p in people if p["Kontoart"] == "person"}
    positions = {r["Stelle"]: r for r in rows_of(german.positions, ";")}
    assert set(held.values()) == set(positions)
    assert {r["Abteilung"] for r in positions.values()} == set(UNIT_NAMES["de"])
    skills = rows_of(german.qualifications, ";")
    planners = {r["Benutzer"] for r in skills if r["Qualifikation"] == "Netzberechnung"}
    assert planners == {a for a, p in held.items() if p == "Netzplanung Netzbetrieb"}
    assert len(planners) == 2
    ordinary = Counter(r["Qualifikation"] for r in skills)
    assert min(n for skill, n in ordinary.items() if skill != "Netzberechnung") >= 8
    needs = {(r["Stelle"], r["Qualifikation"]) for r in rows_of(german.requirements, ";")}
    assert ("Netzplanung Netzbetrieb", "Netzberechnung") in needs
    assert {position for position, _ in needs} == set(positions)
    for one, other in zip(vars(german).values(), vars(english).values(), strict=True):
        if one.suffix == ".csv":
            assert len(rows_of(one, _delimiter(one))) == len(rows_of(other, ","))


def _delimiter(path: Path) -> str:
    return "," if path.name == "nachrichten.csv" else ";"


def test_who_is_absent_takes_up_nothing(log: GeneratedLog, german: DemoFiles) -> None:
    rows = rows_of(german.absences, ";")
    accounts = [person.account for person in staff_of(1, "de")]
    units = {accounts[i]: int(u) for i, u in enumerate(log.person_unit)}
    away = Counter(units[r["Benutzer"]] for r in rows)
    # who works off a queue is always there
    assert set(away) == set(range(12)) - {8, 9}
    first = np.flatnonzero((np.diff(log.unit, prepend=-1) != 0) | (np.diff(log.case, prepend=-1)))
    begun: dict[str, list[int]] = {}
    for row in first.tolist():
        begun.setdefault(accounts[log.person[row]], []).append(int(log.started_us[row]))
    times = {account: np.array(us) for account, us in begun.items()}
    hits = 0
    for row in rows:
        start, end = (german_second(row[n] + " 00:00:00") * 1_000_000 for n in ("Von", "Bis"))
        own = times.get(row["Benutzer"], np.zeros(0))
        hits += np.count_nonzero((own >= start) & (own < end + DAY_US))
    # a company where everybody of a small unit is away at once still has somebody come in
    assert hits <= 0.001 * len(first)


def test_priority_is_that_of_the_queue(log: GeneratedLog, english: DemoFiles) -> None:
    high = {r["Case ID"]: r["Priority"] == "high" for r in rows_of(english.events, ",")}
    assert [high[f"V-{200_000 + i}"] for i in range(12_000)] == log.urgent.tolist()


def test_units_hang_under_the_management(english: DemoFiles) -> None:
    rows = rows_of(english.units, ",")
    assert [r["Department"] for r in rows] == list(UNIT_NAMES["en"])
    assert Counter(r["Parent unit"] for r in rows) == {"Management and Legal": 11, "": 1}


def test_mails_run_along_the_handovers_and_answer_what_was_sent(
    log: GeneratedLog, german: DemoFiles
) -> None:
    rows = rows_of(german.messages, ",")
    assert 55_000 < len(rows) < 65_000
    sent = {r["MessageId"]: r for r in rows}
    named = [r for r in rows if r["InReplyTo"]]
    assert len(named) > 5_000
    for row in named:
        assert row["Received"] >= sent[row["InReplyTo"]]["Received"]
    outside = [r for r in rows if not r["SenderAddress"].endswith(DOMAIN)]
    requests = [r for r in outside if r["SenderAddress"].startswith("k")]
    assert all(r["RecipientAddress"].endswith(DOMAIN) for r in outside)
    entry_mail = len(requests) / 12_000
    assert 0.3 < entry_mail < 0.6


def test_half_of_the_handovers_are_announced_within_minutes(
    log: GeneratedLog, german: DemoFiles
) -> None:
    sent: dict[tuple[str, str], list[float]] = {}
    for row in rows_of(german.messages, ","):
        pair = (row["SenderAddress"], row["RecipientAddress"])
        sent.setdefault(pair, []).append(dt.datetime.fromisoformat(row["Received"]).timestamp())
    accounts = [person.account for person in staff_of(1, "de")]
    rows = np.flatnonzero((np.diff(log.unit) != 0) & (np.diff(log.case) == 0)) + 1
    announced = 0
    for row in rows.tolist():
        pair = (accounts[log.person[row - 1]], accounts[log.person[row]])
        left = log.at_us[row - 1] / 1e6
        announced += any(0 < at - left <= 480 for at in sent.get(pair, ()))
    assert len(rows) == len(handovers_of(log).case) > 15_000
    assert announced / len(rows) == pytest.approx(0.5, abs=0.02)


def test_the_same_seed_writes_the_same_bytes(german: DemoFiles, tmp_path: Path) -> None:
    again = write_demo_files(tmp_path, seed=1, language="de")
    for one, other in zip(vars(german).values(), vars(again).values(), strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_truth_knows_a_fault_of_each_kind_with_enough_cases() -> None:
    truth = demo_truth(1)
    assert sorted(f.kind for f, _ in truth) == sorted(KINDS)
    for seed in range(1, 6):
        for fault, cases in demo_cases_at(seed):
            assert cases >= (40 if fault.kind == "backlog" else 200), (seed, fault.kind)
    assert all(price > 500 for _, price in truth)


def test_truth_is_the_difference_to_the_faultless_company() -> None:
    plan = demo_plan(1)
    log = generate(plan)
    # what lies in batches lies as long without the faults
    clean = generate(faultless_plan(1), kept=log)
    untouched = log.touched == 0
    assert np.array_equal(log.resolved_us[untouched], clean.resolved_us[untouched])
    assert np.mean(untouched) > 0.6
