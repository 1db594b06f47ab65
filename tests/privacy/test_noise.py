"""Noise comes from OpenDP, within an enforced budget, and does what it promises."""

import math
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from fractions import Fraction
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitweg.domain.errors import QuestionError
from leitweg.privacy.noise import reach_of_noise, with_noise
from leitweg.privacy.noise_budget import epsilon_of, spend
from leitweg.privacy.release_noised import _cut
from leitweg.store.application.database import open_database

JANUARY, FEBRUARY = (0, 31), (31, 59)


@pytest.fixture
def database(tmp_path):
    return open_database(tmp_path, "0" * 16)


def code_of(call):
    with pytest.raises(QuestionError) as error:
        call()
    return error.value.code


def test_the_budget_of_a_construct_and_period_is_spent_once(database):
    assert spend(database, "events", JANUARY, Decimal("0.7"), now_us=1) == Decimal("0.3")
    assert spend(database, "events", JANUARY, Decimal("0.3"), now_us=2) == 0
    refused = lambda: spend(database, "events", JANUARY, Decimal("0.001"), now_us=3)  # noqa: E731
    assert code_of(refused) == "budget-spent"
    assert spend(database, "people", JANUARY, Decimal("0.1"), now_us=4) == Decimal("0.9")
    assert spend(database, "events", FEBRUARY, Decimal("0.1"), now_us=5) == Decimal("0.9")


@pytest.mark.parametrize("period", [(0, 30), (30, 32), (None, 1), (30, None), (None, None)])
def test_a_period_that_overlaps_shares_the_budget(database, period):
    spend(database, "events", JANUARY, Decimal(1), now_us=1)
    assert code_of(lambda: spend(database, "events", period, Decimal("0.001"), now_us=2)) == (
        "budget-spent"
    )


def test_ten_tenths_are_one(database):
    """With binary fractions the tenth would be refused, or an eleventh allowed."""
    left = [spend(database, "events", JANUARY, Decimal("0.1"), now_us=i) for i in range(10)]
    assert left[-1] == 0


def test_a_refusal_spends_nothing(database):
    spend(database, "events", JANUARY, Decimal("0.6"), now_us=1)
    code_of(lambda: spend(database, "events", JANUARY, Decimal("0.5"), now_us=2))
    assert spend(database, "events", JANUARY, Decimal("0.4"), now_us=3) == 0


def _spend_tenths(folder):
    database, done = open_database(folder, "0" * 16), 0
    for i in range(8):
        try:
            spend(database, "events", JANUARY, Decimal("0.1"), now_us=i)
        except QuestionError:
            continue
        done += 1
    return done


def test_two_processes_cannot_overspend(tmp_path):
    open_database(tmp_path, "0" * 16)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(_spend_tenths, [tmp_path, tmp_path]))
    assert sum(done) == 10


@pytest.mark.parametrize("text", ["0", "-1", "1.001", "0.0005", "nan", "inf", "much", "0.1234"])
def test_an_epsilon_that_is_none_is_refused(text):
    assert code_of(lambda: epsilon_of(text)) == "bad-epsilon"


def test_an_epsilon_is_the_decimal_that_was_written():
    assert epsilon_of("0.1") * 10 == 1
    assert epsilon_of(None) is None


@pytest.mark.parametrize(("most", "epsilon"), [(1, "1"), (7, "0.3"), (300, "0.001"), (3, "0.1")])
def test_opendp_proves_no_more_than_was_asked_for(most, epsilon):
    drawn = with_noise([5, 6], most, Decimal(epsilon))
    assert Fraction(drawn.epsilon) <= Fraction(epsilon)
    assert drawn.epsilon == pytest.approx(float(epsilon))
    assert drawn.scale == pytest.approx(most / float(epsilon))


def test_the_reach_holds_ninety_five_of_a_hundred():
    scale = 10.0
    drawn = np.array(with_noise([0] * 40_000, 10, Decimal(1)).values)
    assert drawn.std() == pytest.approx(math.sqrt(2) * scale, rel=0.03)
    inside = (np.abs(drawn) <= reach_of_noise(scale)).mean()
    assert 0.945 <= inside <= 0.97


def empirical_epsilon(n_runs, epsilon):
    """Largest log ratio of tails and points between two neighbours, with its error."""
    # one person more: each entry of a long vector is a run of its own
    runs = [
        Counter(
            value
            for _ in range(n_runs // 1000)
            for value in with_noise([true] * 1000, 1, Decimal(epsilon)).values
        )
        for true in (100, 101)
    ]
    largest, error = 0.0, 0.0
    for one, other in (runs, runs[::-1]):
        for events in (_tails(one, other), _points(one, other)):
            for a, b in events:
                if min(a, b) < 400:
                    continue
                found, off = math.log(a / b), 4 * math.sqrt(1 / a + 1 / b)
                if found - off > largest - error:
                    largest, error = found, off
    return largest, error


def _points(one, other):
    return [(one[v], other[v]) for v in one]


def _tails(one, other):
    found, a, b = [], 0, 0
    for value in sorted(one | other):
        a, b = a + one[value], b + other[value]
        found.append((a, b))
    return found


def test_neighbours_are_as_hard_to_tell_apart_as_promised():
    largest, error = empirical_epsilon(100_000, "0.5")
    assert largest - error <= 0.5
    # and the test would see a noise that is too small
    too_little, error = empirical_epsilon(100_000, "0.9")
    assert too_little - error > 0.5


@pytest.mark.verify
@pytest.mark.parametrize("epsilon", ["0.1", "0.5", "1"])
def test_neighbours_are_as_hard_to_tell_apart_as_promised_in_a_million_runs(epsilon):
    largest, error = empirical_epsilon(1_000_000, epsilon)
    assert largest - error <= float(epsilon)


@given(
    st.lists(st.lists(st.floats(0, 1e6), min_size=3, max_size=3), min_size=1, max_size=12),
    st.integers(1, 500),
)
def test_nobody_moves_all_cells_together_by_more_than_the_bound(amounts, most):
    cut = _cut(np.array(amounts), most)
    for person in range(len(amounts)):
        without = np.delete(cut, person, axis=0).sum(axis=0)
        assert np.abs(cut.sum(axis=0) - without).sum() <= most


def test_who_stays_below_the_bound_is_not_cut():
    assert _cut(np.array([[3.0, 4.0], [30.0, 40.0]]), 7).tolist() == [[3, 4], [3, 4]]


def test_without_the_extra_the_sentence_names_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    with pytest.raises(QuestionError, match="leitweg\\[dp\\]") as error:
        with_noise([1], 1, Decimal(1))
    assert error.value.code == "extra-missing"
