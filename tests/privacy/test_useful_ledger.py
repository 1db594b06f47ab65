"""The ledger lets ordinary questions pass: filters with one or two attributes of five.

A question is the set of people of one value, or of one value each of two attributes, with at least
k people; what is smaller stays inside without any ledger. Method: docs/methods/release-ledger.md.
"""

import itertools

import numpy as np
import pytest

from leitweg.privacy.ledger_prime import prime_of
from leitweg.privacy.ledger_state import LedgerState

K = 5
VALUES = (12, 4, 4, 5, 2)
EVEN, UNEVEN = None, 5.0


def questions(people, rng, evenness):
    """Return every question with one or two attributes about at least k people, in any order."""
    shares = [
        np.full(n, 1 / n) if evenness is None else rng.dirichlet([evenness] * n) for n in VALUES
    ]
    company = [rng.choice(share.size, people, p=share) for share in shares]
    one = [column == value for column, n in zip(company, VALUES, strict=True) for value in range(n)]
    of_attribute = np.repeat(np.arange(len(VALUES)), VALUES)
    pairs = itertools.combinations(range(len(one)), 2)
    two = [one[a] & one[b] for a, b in pairs if of_attribute[a] != of_attribute[b]]
    found = [np.flatnonzero(chosen) for chosen in (*one, *two)]
    large = [members for members in found if members.size >= K]
    return [large[at] for at in rng.permutation(len(large))]


def refused_share(people, evenness, *, most=None, companies=8):
    refused = asked = 0
    for seed in range(companies):
        state = LedgerState(prime_of(bytes(32)))
        for members in questions(people, np.random.default_rng(seed), evenness)[:most]:
            asked += 1
            if state.refuses(members, k=K):
                refused += 1
            else:
                state.add(members, asked, bytes(16))
    return refused / asked


@pytest.mark.parametrize(
    ("evenness", "share"), [(EVEN, 0.01), (UNEVEN, 0.04)], ids=["even", "uneven"]
)
def test_of_a_hundred_questions_on_300_people_few_are_refused(evenness, share):
    refused = refused_share(300, evenness, most=100)
    assert refused <= 0.05
    assert refused == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("evenness", [EVEN, UNEVEN], ids=["even", "uneven"])
def test_of_all_questions_on_3000_people_hardly_one_is_refused(evenness):
    assert refused_share(3_000, evenness, companies=2) <= 0.01


def test_of_all_questions_on_300_people_one_in_twelve_is_refused():
    """With all others known, a cell beside a small one would tell of the small one."""
    assert refused_share(300, EVEN) == pytest.approx(0.082, abs=0.01)
