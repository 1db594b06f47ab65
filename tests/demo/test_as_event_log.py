"""Canonical tables of a generated log: the same numbers under ids."""

from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from leitweg.demo.as_event_log import MACHINE, to_tables, topic_id, unit_id
from leitweg.demo.company import CompanyPlan, generate
from leitweg.demo.positions import casework, position_id
from leitweg.demo.standard import standard_company
from leitweg.domain.states import State
from leitweg.domain.tables import TABLES

PLAN = CompanyPlan(seed=1, n_cases=300)


def test_tables_have_the_canonical_columns_and_the_numbers_of_the_log() -> None:
    log = generate(PLAN)
    tables = to_tables(log)
    assert {name: table.schema for name, table in tables.items()} == {
        name: TABLES[name].schema for name in ("units", "people", "cases", "events")
    }
    events, cases = tables["events"], tables["cases"]
    assert np.array_equal(events["at_us"], log.at_us)
    assert np.array_equal(events["started_us"], log.started_us)
    assert events["case_id"][0].as_py() == "case-000000"
    assert events["unit"].to_pylist() == [unit_id(u) for u in log.unit]
    assert events["seq"].to_pylist() == list(range(len(log.case)))
    assert np.array_equal(cases["opened_us"], log.opened_us)
    assert np.array_equal(cases["closed_us"], log.resolved_us)
    assert cases["topic"].to_pylist() == [topic_id(t) for t in log.topic]
    assert tables["people"].num_rows == 96
    assert tables["people"]["unit"][95].as_py() == "U11"


def test_last_event_of_a_case_resolves_it() -> None:
    log = generate(PLAN)
    states = to_tables(log)["events"]["state"].to_numpy()
    resolved = np.flatnonzero(states == State.RESOLVED)
    assert np.array_equal(resolved, log.first_row[1:] - 1)
    assert np.count_nonzero(states == State.WORKING) == len(states) - 300


def test_status_log_has_queues_no_starts_and_a_machine_that_closes() -> None:
    tables = to_tables(generate(replace(PLAN, record="status", close_days=2.0)))
    events = tables["events"]
    assert events["started_us"].null_count == events.num_rows
    closed = events.filter(pc.equal(events["activity"], "Closed"))
    assert closed["person"].to_pylist() == [MACHINE] * 300
    assert closed["state"].to_pylist() == [State.CLOSED] * 300
    assert tables["people"].to_pylist()[-1]["kind"] == "system"
    assert pc.count_distinct(events.filter(pc.equal(events["state"], 1))["unit"]).as_py() == 9


def test_staff_is_on_record_where_absences_play_a_part() -> None:
    plan = standard_company(3, rough=False, faults=("key_position",), cases_at_fault=100)
    log, fault = generate(plan), plan.faults[0]
    tables = to_tables(log)
    names = ("positions", "qualifications", "requirements", "absences")
    assert set(tables) == {"units", "people", "cases", "events", *names}
    for name in (*names, "people"):
        assert tables[name].schema == TABLES[name].schema
    unit = unit_id(fault.unit)
    specialist = position_id(unit, "specialist")
    people = tables["people"].to_pylist()
    holders = {p["person"] for p in people if p["position"] == specialist}
    assert len(holders) == fault.people
    positions = {p["position"]: p["unit"] for p in tables["positions"].to_pylist()}
    assert len(positions) == 2 * 12 + 1
    assert {p["position"] for p in people} == set(positions)
    assert all(positions[p["position"]] == p["unit"] for p in people)
    scarce = f"{topic_id((fault.topics or ())[0])}-at-{unit}"
    skills = tables["qualifications"].to_pylist()
    assert {s["person"] for s in skills if s["skill"] == scarce} == holders
    ordinary = [s for s in skills if s["skill"] == casework(unit)]
    assert len(ordinary) == 8
    needs = {(r["position"], r["skill"]) for r in tables["requirements"].to_pylist()}
    assert (specialist, scarce) in needs
    assert (position_id(unit, "officer"), casework(unit)) in needs
    absences = tables["absences"].to_pylist()
    assert {a["person"] for a in absences} == {p["person"] for p in people}
    assert all(a["to_us"] > a["from_us"] for a in absences)
    assert set(to_tables(generate(PLAN))) == {"units", "people", "cases", "events"}
