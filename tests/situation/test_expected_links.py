"""A planted missing link is found; where nothing is missing, nearly nothing is."""

import numpy as np
import pytest
from benchmarks.absent_links import counts_of, fitted
from hand_logs import at

from leitweg.situation.basis import basis_of
from leitweg.situation.common_cases import Transactions
from leitweg.situation.expected_links import (
    FALSE_DISCOVERY_RATE,
    LEAST_TRANSACTIONS,
    MOST_UNITS,
    absent_links_of,
    busy_pairs,
    expected_of,
    fewer_than_expected,
)

UNITS = ("Claims", "Desk", "Legal", "Network", "Sales", "Stock")


def company(seed, n=900, gap=("Claims", "Legal")):
    """Cases of three units in random order; the way between the two of the gap goes round."""
    chance = np.random.default_rng(seed)
    cases = {}
    for i in range(n):
        path = [UNITS[u] for u in chance.permutation(6)[:3]]
        if gap:
            others = [u for u in UNITS if u not in gap]
            for k in (1, 0):
                if tuple(path[k : k + 2]) == gap:
                    path.insert(k + 1, others[int(chance.integers(4))])
        cases[f"c{i}"] = [
            (i + 0.1 * k, unit, f"{unit}{int(chance.integers(7))}") for k, unit in enumerate(path)
        ]
    return cases


def basis_on(load_cases, cases, **options):
    return basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(2000), **options)


def test_the_planted_missing_link_is_found_and_nothing_else(load_cases):
    basis = basis_on(load_cases, company(1))
    (link,) = absent_links_of(basis)
    assert (link.from_unit, link.to_unit, link.observed) == ("Claims", "Legal", 0)
    # 900 cases x 2 handovers over 30 ordered pairs
    assert 40 < link.expected < 80
    assert link.q_value < 1e-6
    # nobody hands over: the people are those behind all handovers of the two units
    assert (link.n_people_from, link.n_people_to) == (7, 7)


def test_values_of_a_pair_by_its_codes(load_cases):
    basis = basis_on(load_cases, company(1))
    expected = fewer_than_expected(basis)
    code = {name: basis.holders.index(name) for name in UNITS}
    gap = code["Claims"], code["Legal"]
    assert expected.observed(*gap) == 0
    assert expected.q_of(*gap) < 1e-6
    assert expected.probability(*gap) < expected.q_of(*gap)
    assert expected.q_of(code["Desk"], code["Stock"]) > 0.5
    assert expected.q_of(code["Desk"], code["Desk"]) is None
    assert expected.expected(999, 0) is None
    assert set(expected.terms) == {"interdependence"}


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_where_every_pair_hands_over_nothing_is_absent(load_cases, seed):
    assert absent_links_of(basis_on(load_cases, company(seed, gap=None))) == ()


def test_order_of_rows_and_names_of_cases_decide_nothing(load_cases):
    cases = company(2)
    chance = np.random.default_rng(5)
    names = list(cases)
    other = {f"x{i}": cases[names[i]] for i in chance.permutation(len(names))}
    first, second = (absent_links_of(basis_on(load_cases, c)) for c in (cases, other))
    assert first == second


def test_few_transactions_give_no_model(load_cases):
    basis = basis_on(load_cases, company(1, n=20))
    expected = fewer_than_expected(basis)
    assert expected.why == "too-few"
    assert absent_links_of(basis) == ()
    assert expected.q_of(0, 1) is None


def test_a_log_without_persons_counts_none(load_cases):
    cases = {c: [(h, unit, None) for h, unit, _ in path] for c, path in company(1).items()}
    (link,) = absent_links_of(basis_on(load_cases, cases))
    assert (link.n_people_from, link.n_people_to) == (None, None)


def test_answers_have_no_interdependence(load_cases):
    """In mail without threads to be in one row is the transaction itself."""
    assert fewer_than_expected(basis_on(load_cases, company(1), answers=True)).terms == {}


@pytest.mark.parametrize(("n", "spread"), [(8, 0.0), (8, 0.5), (15, 0.2), (30, 0.0), (30, 1.0)])
def test_probabilities_are_honest_where_nothing_is_absent(n, spread):
    """Of all pairs tested, at most so many fall below a level as the level says."""
    chance = np.random.default_rng(n)
    p = np.concatenate(
        [
            values[np.isfinite(values)]
            for _ in range(40)
            for values in (fitted(*counts_of(chance, n, spread)[::2])[1].probabilities,)
        ]
    )
    for level in (0.2, 0.1, 0.05, 0.01):
        noise = 3 * np.sqrt(level * (1 - level) / p.size)
        assert (p <= level).mean() <= 1.15 * level + noise


# at a spread of 0.3 none of 30 expected has p = 0.0005: of 700 pairs, half of them pass
@pytest.mark.parametrize(("n", "spread", "power"), [(12, 0.1, 0.8), (30, 0.3, 0.4)])
def test_false_discoveries_stay_under_control_beside_true_ones(n, spread, power):
    chance = np.random.default_rng(7)
    false, found, planted = [], 0, 0
    for _ in range(40):
        counts, lost, x = counts_of(chance, n, spread, absent=3)
        units, links = fitted(counts, x)
        with np.errstate(invalid="ignore"):
            hit = links.q_values <= FALSE_DISCOVERY_RATE
        truth = lost[np.ix_(units, units)]
        false.append((hit & ~truth).sum() / max(hit.sum(), 1))
        found += (hit & truth).sum()
        planted += truth.sum()
    assert np.mean(false) <= FALSE_DISCOVERY_RATE
    assert found / planted > power


def test_a_pair_that_none_could_reveal_has_no_say():
    """Counts that scatter wildly: even no transaction at all would be usual."""
    counts, _, x = counts_of(np.random.default_rng(2), 12, 4.0)
    links = fitted(counts, x)[1]
    assert links.why is None
    assert links.means.max() > 50
    shut = (1 + links.spread * links.means) ** (-1 / links.spread) > FALSE_DISCOVERY_RATE
    assert np.isnan(links.q_values[shut]).all()
    assert shut.mean() > 0.9


def test_of_very_many_units_the_busiest_are_looked_at():
    chance = np.random.default_rng(1)
    n, rows = 650, 60_000
    weight = chance.gamma(0.3, 1, n)
    sender, receiver = (chance.choice(n, rows, p=weight / weight.sum()) for _ in range(2))
    apart = sender != receiver
    nobody = np.zeros(apart.sum(), dtype=np.int64)
    moved = Transactions(nobody, sender[apart], receiver[apart], nobody, nobody)
    senders, receivers, counts = busy_pairs(moved, n)
    assert 100 < senders.size <= MOST_UNITS
    assert 100 < receivers.size <= MOST_UNITS
    assert counts.sum(axis=1).min() >= LEAST_TRANSACTIONS
    assert expected_of(senders, receivers, counts, {}).why is None


def test_a_unit_left_out_takes_its_transactions_with_it():
    """Unit 3 sends 20, of which 19 go to unit 4, which gets too few to stay."""
    pairs = [(0, 1)] * 30 + [(1, 2)] * 30 + [(2, 0)] * 30 + [(3, 4)] * 19 + [(3, 0)]
    sender, receiver = np.array(pairs).T
    nobody = np.zeros(len(pairs), dtype=np.int64)
    senders, receivers, counts = busy_pairs(
        Transactions(nobody, sender, receiver, nobody, nobody), 5
    )
    assert senders.tolist() == [0, 1, 2]
    assert receivers.tolist() == [0, 1, 2]
    assert counts.sum() == 90
