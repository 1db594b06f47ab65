"""Canonical tables of a generated log: the same numbers under ids."""

from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from leitweg.demo.as_event_log import MACHINE, to_tables, topic_id, unit_id
from leitweg.demo.company import CompanyPlan, generate
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
