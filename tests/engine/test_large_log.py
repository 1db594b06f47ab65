"""Logs larger than memory give the numbers of the case kernel, in every layout."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leitweg.domain.errors import QuestionError, SourceError
from leitweg.domain.tables import EVENTS
from leitweg.engine import large_columns
from leitweg.engine.case_kernel import walk_cases
from leitweg.engine.event_log import load_event_log
from leitweg.engine.large_columns import LargeColumns
from leitweg.engine.large_log import sum_large_log

N_UNITS = 12
QUEUED, WORKING, RESOLVED = 1, 2, 5


def invented_events(n_rows, seed=7, n_cases=1_500):
    """Rows in order of time; some without a unit, some at one time, one very long case."""
    chance = np.random.default_rng(seed)
    case = chance.integers(0, n_cases, n_rows)
    case[chance.random(n_rows) < 0.02] = 700
    unit = (case + chance.integers(0, 3, n_rows)) % N_UNITS
    return pa.table(
        {
            "case_id": pa.array(case, pa.int32()),
            "at_us": np.sort(chance.integers(0, n_rows // 2, n_rows)),
            "unit": pa.array(unit, pa.int32(), mask=chance.random(n_rows) < 0.05),
            "state": pa.array(
                chance.choice([QUEUED, WORKING, RESOLVED], n_rows, p=[0.4, 0.5, 0.1]), pa.int8()
            ),
        }
    )


def in_layout(table, layout):
    if layout == "sorted":
        return table.sort_by([("case_id", "ascending"), ("at_us", "ascending")])
    if layout == "shuffled":
        return table.take(np.random.default_rng(3).permutation(table.num_rows))
    return table


def walked(path, table):
    """The same rows through the canonical tables and the case kernel."""
    columns = {name: pa.nulls(table.num_rows, EVENTS.column(name).type) for name in EVENTS.names}
    columns |= {
        "case_id": table["case_id"].cast(pa.string()),
        "unit": table["unit"].cast(pa.string()),
        "at_us": table["at_us"],
        "state": table["state"],
        "seq": pa.array(range(table.num_rows)),
    }
    pq.write_table(pa.table(columns, schema=EVENTS.schema), path)
    log = load_event_log({"events": [path]})
    return log, walk_cases(log)


def links(log, walk):
    units = np.array([int(unit) for unit in log.units])
    into = np.flatnonzero(walk.stay_case[1:] == walk.stay_case[:-1]) + 1
    pairs = units[walk.stay_holder[into - 1]], units[walk.stay_holder[into]]
    handovers, waiting = np.zeros((N_UNITS, N_UNITS), int), np.zeros((N_UNITS, N_UNITS), int)
    np.add.at(handovers, pairs, 1)
    np.add.at(waiting, pairs, walk.wait_us[into])
    return handovers, waiting


def ways(log, walk):
    held = np.array([int(unit) for unit in log.units])[walk.stay_holder].tolist()
    ends = walk.stay_offsets.tolist()
    return Counter(tuple(held[a:b]) for a, b in pairwise(ends))


@pytest.mark.parametrize("layout", ["sorted", "time", "shuffled"])
@pytest.mark.parametrize("rows_per_group", [977, 20_000])
def test_large_log_equals_the_case_kernel(tmp_path, monkeypatch, layout, rows_per_group):
    monkeypatch.setattr(large_columns, "BATCH_ROWS", 1_000)
    monkeypatch.setattr("leitweg.engine.large_buckets.BUCKET_ROWS", 3_000)
    table = in_layout(invented_events(10_000), layout)
    path = tmp_path / "large.parquet"
    pq.write_table(table, path, row_group_size=rows_per_group)
    found = sum_large_log([path], n_holders=N_UNITS, n_paths=1_000)
    log, walk = walked(tmp_path / "events.parquet", table)
    handovers, waiting = links(log, walk)
    assert found.layout == ("sorted" if layout == "sorted" else "any")
    assert (found.n_events, found.n_cases) == (10_000, log.n_cases)
    np.testing.assert_array_equal(found.handovers, handovers)
    np.testing.assert_array_equal(found.waiting_us, waiting)
    assert found.n_handovers == walk.n_handovers.sum()
    assert found.n_bounces == walk.n_bounces.sum()
    assert found.n_bounce_cases == (walk.n_bounces > 0).sum()
    assert found.n_strict_cases == walk.strict.sum()
    assert found.n_right_first == walk.right_first.sum()
    assert found.n_one_holder == (walk.n_distinct == 1).sum()
    counted = ways(log, walk)
    least = found.paths[-1].n_cases
    assert {p.path: p.n_cases for p in found.paths if p.n_cases > least} == {
        path: n for path, n in counted.items() if n > least
    }
    assert all(counted[p.path] == p.n_cases for p in found.paths)


def small(tmp_path, **columns):
    """Two cases by hand: 0 goes A-B-A (queued 10, worked on 25), 1 stays in B."""
    table = {
        "case_id": pa.array([0, 0, 0, 0, 1], pa.int32()),
        "at_us": pa.array([0, 10, 25, 40, 5], pa.int64()),
        "unit": pa.array([0, 1, 1, 0, 1], pa.int32()),
        "state": pa.array([WORKING, QUEUED, WORKING, RESOLVED, RESOLVED], pa.int8()),
    }
    path = tmp_path / "small.parquet"
    pq.write_table(pa.table(table | columns), path)
    return path


def test_two_cases_by_hand(tmp_path):
    found = sum_large_log([small(tmp_path)], n_holders=2)
    assert found.handovers.tolist() == [[0, 1], [1, 0]]
    assert found.waiting_us.tolist() == [[0, 15], [15, 0]]
    assert (found.n_bounces, found.n_right_first, found.n_one_holder) == (1, 2, 1)
    assert {p.path: p.n_cases for p in found.paths} == {(0, 1, 0): 1, (1,): 1}


def test_a_stay_of_queue_events_only_waits_once(tmp_path):
    # case 0: 0-1-0 and 1 only queues from 10 to 58; case 1: a first queue, then work at once
    path = small(
        tmp_path,
        case_id=pa.array([0, 0, 0, 1, 1], pa.int32()),
        at_us=pa.array([0, 10, 58, 0, 7], pa.int64()),
        unit=pa.array([0, 1, 0, 1, 0], pa.int32()),
        state=pa.array([WORKING, QUEUED, WORKING, QUEUED, RESOLVED], pa.int8()),
    )
    found = sum_large_log([path], n_holders=2)
    assert found.handovers.tolist() == [[0, 1], [2, 0]]
    assert found.waiting_us.tolist() == [[0, 48], [0, 0]]


def test_several_files_are_one_log(tmp_path):
    one = small(tmp_path)
    other = tmp_path / "other.parquet"
    pq.write_table(pq.read_table(one).slice(2), other)
    first = tmp_path / "first.parquet"
    pq.write_table(pq.read_table(one).slice(0, 2), first)
    found = sum_large_log([other, first], n_holders=2)
    assert found.handovers.tolist() == [[0, 1], [1, 0]]
    assert found.n_cases == 2


def test_row_groups_in_order_with_rows_that_are_not(tmp_path):
    # the first and the last case of a batch are sorted anyhow: put one before and one after
    path = small(
        tmp_path,
        case_id=pa.array([0, 1, 1, 1, 2], pa.int32()),
        at_us=pa.array([99, 10, 0, 25, 5], pa.int64()),
        unit=pa.array([0, 1, 0, 1, 1], pa.int32()),
        state=pa.array([RESOLVED, QUEUED, WORKING, WORKING, RESOLVED], pa.int8()),
    )
    found = sum_large_log([path], n_holders=2)
    assert found.layout == "any"
    assert found.waiting_us.tolist() == [[0, 15], [0, 0]]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"unit": pa.array([0, 1, 2, 0, 1], pa.int32())}, "holder-out-of-range"),
        ({"case_id": pa.array([0, 0, 2**40, 0, 1], pa.int64())}, "sparse-case-numbers"),
        ({"case_id": pa.array([0, 0, None, 0, 1], pa.int32())}, "empty-values"),
        ({"unit": pa.array(["a", "b", "b", "a", "b"])}, "not-integers"),
    ],
)
def test_what_cannot_be_summed_is_refused(tmp_path, columns, code):
    with pytest.raises((QuestionError, SourceError)) as caught:
        sum_large_log([small(tmp_path, **columns)], n_holders=2)
    assert caught.value.code == code


def test_missing_column_is_named(tmp_path):
    with pytest.raises(SourceError, match="columns missing: person"):
        sum_large_log([small(tmp_path)], n_holders=2, columns=LargeColumns(holder="person"))
