"""Writing a log case by case (compiled): the way of a case, then its times."""

import numpy as np

from leitweg.demo.clock import Pace, Rows, live
from leitweg.demo.draws import key_of, uniform
from leitweg.demo.takers import Kept
from leitweg.demo.walk import LABEL_WRONG_TOPIC, TOPIC, WRONG, WRONG_TOPIC, Paths, pick, way_of
from leitweg.demo.way import START, Ints, empty_way
from leitweg.engine.compiled import compiled


@compiled
def topic_of(paths: Paths, case_key: np.uint64) -> tuple[int, int]:
    true = pick(paths.topic_cum, uniform(case_key, TOPIC))
    n_topics = len(paths.topic_cum)
    if n_topics < 2 or uniform(case_key, WRONG) >= paths.wrong_topic_share:
        return true, true
    other = int(uniform(case_key, WRONG_TOPIC) * (n_topics - 1))
    return true, other + 1 if other >= true else other


@compiled
def write_log(
    seed_key: np.uint64,
    paths: Paths,
    pace: Pace,
    kept: Kept,
    opened: Ints,
    rows: Rows,
    per_case: Ints,
    first_row: Ints,
) -> int:
    """Write all events as far as there is room; return how many there are."""
    usual, way = empty_way(), empty_way()
    r = START
    for case in range(len(opened)):
        case_key = key_of(seed_key, case)
        true, recorded = topic_of(paths, case_key)
        n, bits, labels = way_of(paths, pace.ins, case_key, true, usual, way)
        resolved, r, more = live(pace, kept, case, case_key, true, opened[case], way, n, rows, r)
        if recorded != true:
            labels |= LABEL_WRONG_TOPIC
        per_case[0, case], per_case[1, case], per_case[2, case] = resolved, recorded, true
        per_case[3, case], per_case[4, case] = bits | more, labels
        first_row[case + 1] = r
    return r


def no_rows(n: int) -> Rows:
    return Rows(
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int32),
        np.empty(n, np.int16),
        np.empty(n, np.int8),
    )


def first_rows(rows: Rows, n: int) -> Rows:
    # copied, so that the room that was not needed goes back
    return Rows(
        rows.at[:n].copy(),
        rows.started[:n].copy(),
        rows.person[:n].copy(),
        rows.unit[:n].copy(),
        rows.activity[:n].copy(),
    )
