"""The smallest change of weights that swaps two packages: by hand, and against LP and QP."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from evaluator.uncertainty.stability import smallest_swap

# i = (60, 40, 20), j = (40, 50, 50): favour of j (-20, 10, 30). At (0.7, 0.2, 0.1) j is behind by
# 14 - 2 - 3 = 9 points.
PAIR = np.array([[60.0, 40, 20], [40, 50, 50]])
WEIGHTS = np.array([0.7, 0.2, 0.1])


def test_l1_moves_weight_from_the_worst_to_the_best_criterion():
    # Each unit moved from the first to the third gains 30 + 20 = 50: 9 / 50 = 0.18 moves.
    swap = smallest_swap(PAIR, WEIGHTS, 0, 1, "l1")
    assert swap.outcome == "swapped"
    assert swap.weights == pytest.approx([0.52, 0.2, 0.28])
    assert swap.distance == pytest.approx(0.36)


def test_l1_goes_on_to_the_next_criterion_when_one_has_nothing_left():
    # i = (90, 60, 0), j = (40, 40, 50): favour (-50, -20, 50). At (0.1, 0.9, 0) j is behind by
    # 5 + 18 = 23. All 0.1 of the first gains 10, the other 13 take 13 / 70 of the second.
    values = np.array([[90.0, 60, 0], [40, 40, 50]])
    swap = smallest_swap(values, np.array([0.1, 0.9, 0.0]), 0, 1, "l1")
    assert swap.weights == pytest.approx([0, 0.9 - 13 / 70, 0.1 + 13 / 70])
    assert swap.distance == pytest.approx(2 * (0.1 + 13 / 70))


def test_l2_moves_along_the_centred_favour_while_no_weight_reaches_zero():
    # Centred favour (-80, 10, 70) / 3, squared length 11400 / 9; the pull is 9 / (11400 / 9).
    swap = smallest_swap(PAIR, WEIGHTS, 0, 1, "l2")
    pull = 9 / (11400 / 9)
    assert swap.weights == pytest.approx(WEIGHTS + pull * np.array([-80, 10, 70]) / 3)
    assert swap.distance == pytest.approx(9 / np.sqrt(11400 / 9))


def test_with_two_criteria_both_norms_agree():
    # Favour (-20, 30): -20 t + 30 (1 - t) = 0 at t = 0.6; today 0.7.
    values = np.array([[60.0, 40], [40, 70]])
    weights = np.array([0.7, 0.3])
    first, second = (smallest_swap(values, weights, 0, 1, norm) for norm in ("l1", "l2"))
    assert first.weights == pytest.approx([0.6, 0.4])
    assert second.weights == pytest.approx([0.6, 0.4])
    assert first.distance == pytest.approx(0.2)
    assert second.distance == pytest.approx(0.1 * np.sqrt(2))


@pytest.mark.parametrize("norm", ["l1", "l2"])
def test_stated_outcomes(norm):
    better = np.array([[60.0, 50], [59, 49]])
    weights = np.array([0.5, 0.5])
    impossible = smallest_swap(better, weights, 0, 1, norm)
    assert (impossible.outcome, impossible.weights, impossible.distance) == (
        "impossible",
        None,
        None,
    )
    ahead = smallest_swap(better, weights, 1, 0, norm)
    assert (ahead.outcome, ahead.distance) == ("already", 0.0)
    assert ahead.weights == pytest.approx(weights)
    itself = smallest_swap(better, weights, 0, 0, norm)
    assert itself.outcome == "already"


@pytest.mark.parametrize("norm", ["l1", "l2"])
def test_a_package_never_ahead_can_still_be_matched_where_it_is_level(norm):
    # Favour (-10, 0, -20): only the whole weight on the second criterion makes j level with i.
    values = np.array([[60.0, 50, 40], [50, 50, 20]])
    swap = smallest_swap(values, np.array([0.5, 0.3, 0.2]), 0, 1, norm)
    assert swap.outcome == "swapped"
    assert swap.weights == pytest.approx([0, 1, 0], abs=1e-12)


def random_pairs(seed: int, count: int):
    """(values, weights) where package 0 is ahead of package 1 and not better on everything."""
    rng = np.random.default_rng(seed)
    found = 0
    while found < count:
        m = int(rng.integers(2, 26))
        values = rng.choice([0, 25, 50, 75, 100.0], (2, m)) if found % 2 else rng.random((2, m))
        weights = rng.dirichlet(np.ones(m))
        weights = np.where(rng.random(m) < 0.2, 0, weights)
        if not weights.any():
            continue
        weights = weights / weights.sum()
        favour = values[1] - values[0]
        if favour @ weights < -1e-3 and favour.max() > 0:
            found += 1
            yield values, weights, favour


def furthest_favour_l1(weights, favour, radius):
    """Most that j can be ahead within an L1 ball, as a linear program in gains and losses."""
    m = weights.size
    solved = linprog(
        np.concatenate([-favour, favour]),
        A_ub=[np.ones(2 * m)],
        b_ub=[radius],
        A_eq=[np.concatenate([np.ones(m), -np.ones(m)])],
        b_eq=[0],
        bounds=[(0, None)] * m + [(0, w) for w in weights],
    )
    return favour @ weights - solved.fun


def least_l1(weights, favour):
    m = weights.size
    solved = linprog(
        np.ones(2 * m),
        A_ub=[np.concatenate([-favour, favour])],
        b_ub=[favour @ weights],
        A_eq=[np.concatenate([np.ones(m), -np.ones(m)])],
        b_eq=[0],
        bounds=[(0, None)] * m + [(0, w) for w in weights],
    )
    assert solved.success
    return solved.fun


def least_l2(weights, favour, start):
    """Distance by SLSQP, from a point that meets the constraints, so that it can only improve."""
    scale = np.abs(favour).max()
    solved = minimize(
        lambda x: ((x - weights) ** 2).sum(),
        start,
        jac=lambda x: 2 * (x - weights),
        bounds=[(0, 1)] * weights.size,
        constraints=[
            {"type": "eq", "fun": lambda x: x.sum() - 1, "jac": lambda x: np.ones_like(x)},
            {
                "type": "ineq",
                "fun": lambda x: favour @ x / scale,
                "jac": lambda x: favour / scale,
            },
        ],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert solved.success
    return np.sqrt(solved.fun)


@pytest.mark.parametrize("norm", ["l1", "l2"])
def test_the_smallest_swap_swaps_and_one_percent_less_does_not_on_200_pairs(norm):
    rng = np.random.default_rng(3)
    for values, weights, favour in random_pairs(11, 200):
        swap = smallest_swap(values, weights, 0, 1, norm)
        assert swap.outcome == "swapped"
        assert swap.weights.min() >= 0
        assert swap.weights.sum() == pytest.approx(1, abs=1e-12)
        assert values[1] @ swap.weights >= values[0] @ swap.weights - 1e-12 * np.abs(favour).max()
        order = 1 if norm == "l1" else 2
        assert np.linalg.norm(swap.weights - weights, order) == pytest.approx(swap.distance)
        shorter = weights + 0.99 * (swap.weights - weights)
        assert favour @ shorter < 0
        # No other way of 99 % of the length swaps either.
        if norm == "l1":
            assert furthest_favour_l1(weights, favour, 0.99 * swap.distance) < 0
        for _ in range(50):
            way = rng.dirichlet(np.ones(weights.size)) - weights
            length = 0.99 * swap.distance / np.linalg.norm(way, order)
            tried = weights + length * way
            assert tried.min() < 0 or favour @ tried < 0


def test_l1_is_the_optimum_of_the_linear_program():
    for values, weights, favour in random_pairs(12, 200):
        swap = smallest_swap(values, weights, 0, 1, "l1")
        assert swap.distance == pytest.approx(least_l1(weights, favour), abs=1e-8)


def test_l2_is_the_optimum_of_the_quadratic_program():
    for values, weights, favour in random_pairs(13, 200):
        swap = smallest_swap(values, weights, 0, 1, "l2")
        corner = np.eye(weights.size)[favour.argmax()]
        assert swap.distance == pytest.approx(least_l2(weights, favour, corner), abs=1e-6)


def test_neither_norm_can_be_beaten_by_the_other():
    for values, weights, _ in random_pairs(14, 50):
        first, second = (smallest_swap(values, weights, 0, 1, norm) for norm in ("l1", "l2"))
        assert np.abs(second.weights - weights).sum() >= first.distance - 1e-12
        assert np.linalg.norm(first.weights - weights) >= second.distance - 1e-12


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"norm": "max"}, "norm 'max' is unknown"),
        ({"j": 2}, r"package 2 is not among 0\.\.1"),
        ({"weights": np.array([0.7, 0.2, 0.2])}, "weights sums to 1.0999"),
        ({"weights": np.array([0.7, 0.3])}, "expected values"),
        ({"values": PAIR * np.nan}, "not finite"),
    ],
)
def test_wrong_input_says_what_is_wrong(change, message):
    call = {"values": PAIR, "weights": WEIGHTS, "i": 0, "j": 1} | change
    with pytest.raises(ValueError, match=message):
        smallest_swap(**call)
