"""Absent links that will appear: planted, and in a public mail log."""

from pathlib import Path

import numpy as np
import pytest
from benchmarks.gap_prediction import mail_log, month_start, trial
from hand_logs import at

from leitweg.situation.basis import basis_of
from leitweg.situation.contacts import DAY_US, Contacts, contacts_of, counts_between
from leitweg.situation.link_prediction import absent_pairs, came_later, forecast_links
from leitweg.situation.link_terms import FAR, hierarchy_steps, link_terms, symmetric
from leitweg.situation.prediction_scores import (
    adaptive_calibration_error,
    average_precision,
    calibration_error,
)

FOLDER = (Path(__file__).parents[2] / "../shared/data/manufacturing-email").resolve()


def teams(seed, n=60, days=90, rows=1500):
    """Six teams; within a team one writes eight times as often as across."""
    chance = np.random.default_rng(seed)
    team = np.arange(n) % 6
    rate = np.where(team[:, None] == team[None, :], 8.0, 1.0)
    rate *= chance.gamma(1.0, 1.0, (n, n))
    np.fill_diagonal(rate, 0)
    pair = chance.choice(n * n, rows, p=(rate / rate.sum()).ravel())
    manager = np.where(np.arange(n) < 6, -1, team)
    at_us = np.sort(chance.integers(0, days * DAY_US, rows))
    return Contacts(at_us, np.arange(rows), pair // n, pair % n, manager)


def forecast(contacts, now=60, ahead=30, **options):
    return forecast_links(
        contacts, from_us=0, now_us=now * DAY_US, ahead_us=ahead * DAY_US, **options
    )


@pytest.mark.parametrize("directed", [True, False])
def test_links_inside_teams_are_expected_and_probabilities_are_calibrated(directed):
    contacts = teams(1)
    found = forecast(contacts, directed=directed)
    pairs = found.sender, found.receiver
    came = came_later(contacts, pairs, 60 * DAY_US, 90 * DAY_US, directed=directed)
    assert average_precision(found.probability, came) > 1.5 * came.mean()
    assert adaptive_calibration_error(found.probability, came) < 0.05
    inside = found.sender % 6 == found.receiver % 6
    assert found.probability[inside].mean() > 2 * found.probability[~inside].mean()


def test_what_comes_later_is_not_looked_at():
    contacts = teams(2)
    before = contacts.at_us < 60 * DAY_US
    cut = Contacts(
        *(x[before] for x in (contacts.at_us, contacts.group, contacts.sender, contacts.receiver)),
        contacts.manager,
    )
    whole, part = forecast(contacts), forecast(cut)
    assert whole.probability.tolist() == part.probability.tolist()


def test_order_of_rows_decides_nothing():
    contacts = teams(3)
    order = np.random.default_rng(1).permutation(contacts.at_us.size)
    shuffled = Contacts(
        *(x[order] for x in (contacts.at_us, contacts.group, contacts.sender, contacts.receiver)),
        contacts.manager,
    )
    assert forecast(contacts).probability == pytest.approx(forecast(shuffled).probability, abs=1e-9)


def test_absent_means_present_and_without_contact():
    """Node 3 appears later only; 0 wrote to 1, not back."""
    contacts = Contacts(
        np.array([1, 2, 90]) * DAY_US,
        np.arange(3),
        np.array([0, 1, 3]),
        np.array([1, 2, 0]),
        np.full(4, -1),
    )
    pairs = absent_pairs(contacts, 0, 60 * DAY_US)
    assert list(zip(*(p.tolist() for p in pairs), strict=True)) == [(0, 2), (1, 0), (2, 0), (2, 1)]
    either = absent_pairs(contacts, 0, 60 * DAY_US, directed=False)
    assert [p.tolist() for p in either] == [[0], [2]]


def test_reasons():
    assert forecast(teams(1, rows=3)).why == "too-few"
    empty = np.zeros(0, dtype=np.int64)
    assert forecast(Contacts(empty, empty, empty, empty, empty)).why == "too-few"
    crowd = Contacts(empty, empty, empty, empty, np.full(2000, -1))
    assert forecast(crowd).why == "too-many-units"


def test_counts_by_hand():
    """Node 0 writes to 1, 2 and 3 at once on day 0, to 1 again on day 30; counted on day 60."""
    contacts = Contacts(
        np.array([0, 0, 0, 30]) * DAY_US,
        np.array([7, 7, 7, 8]),
        np.zeros(4, dtype=np.int64),
        np.array([1, 2, 3, 1]),
        np.full(4, -1),
    )
    counts = counts_between(contacts, 0, 60 * DAY_US)
    assert counts.all[0].tolist() == [0, 2, 1, 1]
    assert counts.recent[0].tolist() == [0, 0.75, 0.25, 0.25]
    # three received together: each shares one contact among the two others
    assert counts.together[1].tolist() == [0, 0, 0.5, 0.5]
    assert counts.present.all()


def test_terms_by_hand():
    contacts = Contacts(
        np.array([0, 0, 0]),
        np.arange(3),
        np.array([0, 2, 1]),
        np.array([2, 1, 0]),
        np.array([-1, 0, 0]),
    )
    terms = link_terms(counts_between(contacts, 0, 1), contacts.manager)
    # 0 -> 2 -> 1: one way from 0 to 1 through a third, each step log 2
    assert terms["ways_through_third"][0, 1] == pytest.approx(np.log1p(np.log(2) ** 2), abs=1e-6)
    assert terms["other_direction"][0, 1] == pytest.approx(np.log(2))
    assert terms["same_manager"][1, 2] == 1
    assert terms["same_manager"][0, 1] == 0
    assert terms["steps"][1].tolist() == [1, 0, 2]
    either = symmetric(terms)
    assert "other_direction" not in either
    assert either["sends"][0, 1] == either["sends"][1, 0]


def test_steps_end_in_a_circle_of_managers_and_at_strangers():
    steps = hierarchy_steps(np.array([1, 0, 1, -1]))
    assert steps[0, 1] == 1
    assert steps[2, 0] == 2
    assert steps[3].tolist() == [FAR, FAR, FAR, 0]


def test_handovers_are_contacts(load_cases):
    cases = {f"c{i}": [(i, "A", "a"), (i + 2, "B", "b"), (i + 3, "C", "c")] for i in range(4)}
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(50))
    contacts = contacts_of(basis)
    a, b, c = (basis.holders.index(u) for u in "ABC")
    counts = counts_between(contacts, at(0), at(50))
    assert (counts.all[a, b], counts.all[b, c], counts.all[a, c]) == (4, 4, 0)
    assert counts.together[b, c] == 4
    assert contacts.manager.tolist() == [-1, -1, -1]


@pytest.fixture(scope="module")
def mail():
    if not FOLDER.exists():
        pytest.skip("the public mail log is not beside the repository (../shared/data)")
    return mail_log(FOLDER)


@pytest.mark.parametrize(("directed", "absent", "came"), [(True, 22113, 505), (False, 10706, 260)])
def test_links_of_a_public_mail_log_are_better_predicted_than_by_the_textbook(
    mail, directed, absent, came
):
    """Learnt on January to June, scored on July to September."""
    found = trial(mail, month_start(7), month_start(10), directed=directed)
    assert (found.came.size, found.came.sum()) == (absent, came)
    scores = {k: average_precision(score, found.came) for k, score in found.scores.items()}
    ours = scores.pop("gravity model")
    assert ours > 1.5 * scores["degree product"]
    assert ours > 1.15 * max(scores.values())
    p = found.scores["gravity model"]
    assert calibration_error(p, found.came) <= 0.01
    assert adaptive_calibration_error(p, found.came) <= 0.01
