"""Answers about sets of cases: what earlier ones make known together with the next."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from leitweg.domain.traces import Traces
from leitweg.privacy.derivable import reduced_rows
from leitweg.privacy.gate import gate_of
from leitweg.privacy.pieces import Told
from leitweg.privacy.scope_ledger import decide_scopes
from leitweg.store.application.database import open_database

KEY = b"k" * 32


def traces_of(people_of_cases, *, unit=0, to_unit=1, until=0):
    """One case per list of people, all of them at work in one unit, handing over in a row."""
    at = np.zeros(len(people_of_cases), np.int64)
    rows = [(c, p) for c, people in enumerate(people_of_cases) for p in people]
    case, person = np.array(rows, np.int64).reshape(-1, 2).T
    return Traces(
        case_ids=tuple(f"v-{c}" for c in range(len(people_of_cases))),
        content=np.arange(len(people_of_cases), dtype=np.uint64),
        units=("A", "B"),
        worked={
            "case": case,
            "unit": np.full(case.size, unit),
            "person": person,
            "first_us": at[case],
            "last_us": at[case],
        },
        handed={
            "case": case,
            "from_unit": np.full(case.size, unit),
            "to_unit": np.full(case.size, to_unit),
            "sender": person,
            "receiver": person + 100,
            "at_us": at[case],
        },
        until_us=until,
    )


def among(n, *cases):
    mask = np.zeros(n, dtype=bool)
    mask[list(cases)] = True
    return mask


def told(traces, *cases, units=frozenset()):
    ids = np.arange(traces.n_cases, dtype=np.uint64)
    return Told(ids[list(cases)], traces.content[list(cases)], traces.until_us, units)


def gate_after(traces, scope, *earlier, k=5):
    return gate_of(traces, np.arange(traces.n_cases, dtype=np.uint64), scope, earlier, k)


@pytest.fixture
def database(tmp_path):
    return open_database(tmp_path, "aa11")


def asked(database, traces, scope, *, k=5):
    (gate,) = decide_scopes(database, KEY, traces, [("counts", scope)], k=k, now_us=1)
    return gate


def test_a_first_question_is_free(database):
    gate = asked(database, traces_of([range(6)] * 4), np.ones(4, dtype=bool))
    assert (gate.everything, gate.units, gate.links) == (False, frozenset(), frozenset())


def test_a_question_that_leaves_out_the_cases_of_two_people_is_refused(database):
    # ten people in the first three cases, two in the last
    traces = traces_of([range(10), range(10), range(10), [0, 1]])
    asked(database, traces, np.ones(4, dtype=bool))
    gate = asked(database, traces, among(4, 0, 1, 2))
    assert gate.everything
    assert gate.units == {"A"}
    assert gate.links == {("A", "B")}
    assert not gate.allows_links([("A", "B")])


def test_a_question_that_leaves_out_the_cases_of_five_is_answered(database):
    traces = traces_of([range(10), range(10), range(10), range(5)])
    asked(database, traces, np.ones(4, dtype=bool))
    gate = asked(database, traces, among(4, 0, 1, 2))
    assert (gate.everything, gate.units, gate.links) == (False, frozenset(), frozenset())


def test_the_ledger_outlives_the_process_and_is_shared(database, tmp_path):
    traces = traces_of([range(10), range(10), [0, 1]])
    asked(database, traces, np.ones(3, dtype=bool))
    again = open_database(tmp_path, "aa11")
    assert asked(again, traces, among(3, 0, 1)).everything


def test_who_asks_again_gets_what_the_first_answer_told(database):
    traces = traces_of([range(10), range(10), range(10), range(4)])
    whole = np.ones(4, dtype=bool)
    assert not asked(database, traces, whole).everything
    assert asked(database, traces, among(4, 0, 1, 2)).everything
    assert not asked(database, traces, whole).everything


def test_three_answers_that_together_tell_of_two_people(database):
    # 0-3, 0-1 and 2 are known: the fourth case is what is left
    traces = traces_of([range(10), range(10), range(10), [0, 1]])
    assert not asked(database, traces, among(4, 0, 1)).everything
    assert not asked(database, traces, among(4, 2)).everything
    assert asked(database, traces, np.ones(4, dtype=bool)).everything


def test_a_case_that_holds_something_new_is_another_case(database):
    before = traces_of([range(10), range(10), [0, 1]])
    asked(database, before, np.ones(3, dtype=bool))
    after = traces_of([range(10), range(10), [0, 1]])
    after.content[2] = 77
    assert asked(database, after, np.ones(3, dtype=bool)).everything


def test_other_variables_are_other_books(database):
    traces = traces_of([range(10), range(10), [0, 1]])
    decide_scopes(database, KEY, traces, [("counts", np.ones(3, bool))], k=5, now_us=1)
    (gate,) = decide_scopes(database, KEY, traces, [("hours", among(3, 0, 1))], k=5, now_us=1)
    assert not gate.everything


def test_reduced_rows_of_a_chain():
    rows = np.array([[1, 1, 1, 0], [0, 1, 1, 1], [1, 0, 0, 0]])
    assert reduced_rows(rows).tolist() == [[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]]


def rank(rows):
    """Rank over the rationals."""
    rows = [[Fraction(int(x)) for x in row] for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(found, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for r in range(found + 1, len(rows)):
            factor = rows[r][column] / rows[found][column]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[found], strict=True)]
        found += 1
    return found


def tells_of_few(released, people_of_cases, k, n_people):
    """Whether any combination of released sums is about the cases of fewer than k people alone."""
    whole = rank(released)
    for few in itertools.combinations(range(n_people), k - 1):
        others = [c for c, people in enumerate(people_of_cases) if not set(people) <= set(few)]
        if rank([[row[c] for c in others] for row in released]) < whole:
            return True
    return False


@pytest.mark.parametrize(
    "seed", [*range(20), *(pytest.param(s, marks=pytest.mark.verify) for s in range(20, 1000))]
)
def test_no_combination_of_answers_tells_of_few(tmp_path, seed):
    rng = np.random.default_rng(seed)
    n_people, k, n_cases = 8, 3, int(rng.integers(6, 14))
    people = [
        sorted(rng.choice(n_people, size=int(rng.integers(1, 6)), replace=False).tolist())
        for _ in range(n_cases)
    ]
    traces = traces_of(people)
    database = open_database(tmp_path, "aa11")
    released = []
    for _ in range(12):
        if rng.random() < 0.6:  # a period
            a, b = sorted(rng.choice(n_cases + 1, size=2, replace=False).tolist())
            scope = among(n_cases, *range(a, b))
        else:
            scope = rng.random(n_cases) < 0.6
        # the threshold on what the answer itself is about comes before the ledger
        if len({p for c in np.flatnonzero(scope) for p in people[c]}) < k:
            continue
        if not asked(database, traces, scope, k=k).everything:
            released.append(scope.astype(int).tolist())
    assert released
    assert not tells_of_few(released, people, k, n_people)


def test_the_gate_of_a_group_looks_at_the_people_of_all_its_links():
    # six people hand over to B and six to C; in the third case three and three others
    senders = [*range(6), *range(6, 12), *range(3), *range(6, 9)]
    to_unit = [*[1] * 6, *[2] * 6, *[1] * 3, *[2] * 3]
    case = np.array([0] * 6 + [1] * 6 + [2] * 6)
    handed = {
        "case": case,
        "from_unit": np.zeros(18, np.int64),
        "to_unit": np.array(to_unit),
        "sender": np.array(senders),
        "receiver": np.array(senders) + 20,
        "at_us": np.zeros(18, np.int64),
    }
    worked = {
        "case": case,
        "unit": np.zeros(18, np.int64),
        "person": np.array(senders),
        "first_us": np.zeros(18, np.int64),
        "last_us": np.zeros(18, np.int64),
    }
    names = ("v-0", "v-1", "v-2")
    traces = Traces(names, np.zeros(3, np.uint64), ("A", "B", "C"), worked, handed, 0)
    gate = gate_after(traces, among(3, 0, 1), told(traces, 0, 1, 2))
    assert gate.links == {("A", "B"), ("A", "C")}
    assert gate.allows_links([("A", "B"), ("A", "C")])
    assert not gate.allows_links([("A", "C")])
    assert gate.allows_units(["A"])
    assert gate.units == frozenset()


def test_a_question_about_few_is_not_told_and_does_not_stand_in_the_way(database):
    traces = traces_of([range(10), range(10), range(10), [0, 1]])
    assert asked(database, traces, among(4, 3)).everything
    assert not asked(database, traces, np.ones(4, bool)).everything


def test_a_place_that_stayed_inside_once_may_be_told_of_later(database):
    # the second question differs by two people, the third by everybody
    traces = traces_of([range(10), range(10), range(10), [0, 1]])
    asked(database, traces, among(4, 0, 1, 2))
    first = told(traces, 0, 1, 2)
    assert gate_after(traces, np.ones(4, bool), first).units == {"A"}
    second = told(traces, 0, 1, 2, 3, units=frozenset("A"))
    assert gate_after(traces, among(4, 0, 1), first, second).units == frozenset()


def test_a_case_that_has_grown_tells_of_those_who_worked_on_it_since(database):
    """Ten people worked on the case before the first answer, two after it."""
    before = traces_of([range(10), range(10)], until=100)
    asked(database, before, np.ones(2, dtype=bool))
    after = traces_of([range(10), [*range(10), 20, 21]], until=200)
    after.content[1] = 77
    since = np.isin(after.worked["person"], (20, 21))
    for name in ("first_us", "last_us"):
        after.worked[name][since] = 150
    assert asked(database, after, np.ones(2, dtype=bool)).everything
    # with four more who worked on it since, six people stand behind the difference
    more = traces_of([range(10), [*range(10), *range(20, 26)]], until=200)
    more.content[1] = 78
    for name in ("first_us", "last_us"):
        more.worked[name][more.worked["person"] >= 20] = 150
    gate = asked(database, more, np.ones(2, dtype=bool))
    assert not gate.everything
    assert gate.units == frozenset()


def test_a_case_that_was_altered_or_is_gone_tells_of_somebody(database):
    """An erasure between two answers: what is missing is about the one who was erased."""
    asked(database, traces_of([range(10), range(10), range(6)], until=100), np.ones(3, bool))
    altered = traces_of([range(10), range(1, 10), range(6)], until=100)
    altered.content[1] = 77
    assert asked(database, altered, np.ones(3, dtype=bool)).everything
    fewer = traces_of([range(10), range(10)], until=100)
    assert asked(database, fewer, np.ones(2, dtype=bool)).everything
