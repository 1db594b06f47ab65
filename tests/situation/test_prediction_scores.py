"""Scores of predictions against values by hand and against their definitions."""

import numpy as np
import pytest

from leitweg.situation.prediction_scores import (
    adaptive_calibration_error,
    average_precision,
    calibration_error,
    log_loss,
)


def test_average_precision_by_hand():
    """Hits at places 1 and 3 of 4: half of 1/1 and half of 2/3."""
    came = np.array([True, False, True, False])
    assert average_precision(np.array([4.0, 3, 2, 1]), came) == pytest.approx((1 + 2 / 3) / 2)


def test_equal_scores_are_one_point_of_the_curve():
    """All equal: one point with precision 1/4, whatever the order."""
    came = np.array([False, True, False, False])
    for shift in range(4):
        assert average_precision(np.ones(4), np.roll(came, shift)) == 0.25


@pytest.mark.parametrize("seed", range(5))
def test_average_precision_is_the_sum_over_all_thresholds(seed):
    """Sum of (recall - recall before) x precision over the distinct scores, from above."""
    chance = np.random.default_rng(seed)
    scores, came = chance.integers(0, 30, 200) / 10, chance.random(200) < 0.2
    total, before = 0.0, 0.0
    for threshold in sorted(set(scores), reverse=True):
        taken = scores >= threshold
        recall = (came & taken).sum() / came.sum()
        total += (recall - before) * came[taken].mean()
        before = recall
    assert average_precision(scores, came) == pytest.approx(total)


def test_a_weight_counts_the_row_so_many_times():
    chance = np.random.default_rng(3)
    scores, came = chance.random(60), chance.random(60) < 0.3
    weights = chance.integers(0, 4, 60)
    again = np.repeat(np.arange(60), weights)
    assert average_precision(scores, came, weights.astype(float)) == pytest.approx(
        average_precision(scores[again], came[again])
    )


def test_nothing_that_came_has_no_precision():
    assert np.isnan(average_precision(np.ones(3), np.zeros(3, dtype=bool)))


def test_calibration_by_hand():
    """Bins .0-.1 (.05, .05: none of two came) and .9-1 (1.0: came): (2 x .05 + 0) / 3."""
    p = np.array([0.05, 0.05, 1.0])
    came = np.array([False, False, True])
    assert calibration_error(p, came) == pytest.approx(0.1 / 3)
    # two groups of equal size: (.05, .05 | 1): the same here
    assert adaptive_calibration_error(p, came, bins=2) == pytest.approx(0.1 / 3)


def test_small_probabilities_that_are_all_wrong_show_in_groups_of_equal_size_only():
    p = np.array([0.01] * 50 + [0.09] * 50)
    came = np.arange(100) < 5  # five of those that nobody expected, none of the others
    assert calibration_error(p, came) == pytest.approx(0.0, abs=1e-12)
    assert adaptive_calibration_error(p, came, bins=2) == pytest.approx(0.09)


def test_log_loss_of_the_rate_is_its_entropy():
    came = np.arange(10) < 3
    entropy = -(0.3 * np.log(0.3) + 0.7 * np.log(0.7))
    assert log_loss(np.full(10, 0.3), came) == pytest.approx(entropy)
    assert np.isfinite(log_loss(np.zeros(10), came))
