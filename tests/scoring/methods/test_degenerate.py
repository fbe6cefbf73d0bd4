"""Columns that say nothing, numbers that a method cannot take, and malformed input."""

import numpy as np
import pytest

from evaluator.scoring.methods.additive import waspas, weighted_product, weighted_sum
from evaluator.scoring.methods.distance import topsis, vikor
from evaluator.scoring.methods.electre_tri import electre_tri
from evaluator.scoring.methods.normalization import normalize
from evaluator.scoring.methods.promethee import promethee

ALL = [weighted_sum, weighted_product, waspas, topsis, vikor, promethee]
HALVES = [0.5, 0.5]


@pytest.mark.parametrize(
    "normalization, benefit, cost",
    [("max", 1, 1), ("minmax", 1, 1), ("sum", 1 / 4, 1 / 4), ("vector", 1 / 2, 1 / 2)],
)
@pytest.mark.parametrize("constant", [0, 7, 1e-300, 1e90])
def test_constant_columns_get_one_constant(normalization, benefit, cost, constant):
    # Four alternatives: x / sum = 1/4, x / length = 1/2 whatever x; zeros are no exception.
    matrix = np.full((4, 2), float(constant))
    shares = normalize(matrix, np.array([1.0, -1.0]), normalization)
    np.testing.assert_allclose(shares, np.tile([benefit, cost], (4, 1)), rtol=1e-15)


@pytest.mark.parametrize(
    "method, constant",
    [(method, 7.0) for method in ALL]
    # A value of 0 makes a product 0: see the test of zeros in a product.
    + [(method, 0.0) for method in ALL if method is not weighted_product],
)
def test_a_constant_column_leaves_the_order(method, constant):
    matrix = np.array([[3.0, constant], [1.0, constant], [2.0, constant]])
    scores = method(matrix, HALVES, [1, 1]).scores
    assert scores[0] > scores[2] > scores[1]


def test_rounding_noise_does_not_make_a_column_vary():
    # .1 + .2 exceeds .3 by 5.6e-17; scaled from 0 to 1 that would be all the difference.
    column = np.array([[0.1 + 0.2], [0.3]])
    np.testing.assert_array_equal(normalize(column, np.array([1.0]), "minmax"), [[1.0], [1.0]])
    assert vikor(column, [1], [1]).Q.tolist() == [0, 0]


def test_alternatives_that_are_all_equal():
    same = np.full((3, 2), 5.0)
    assert topsis(same, HALVES, [1, -1]).scores.tolist() == [0.5] * 3
    result = vikor(same, HALVES, [1, -1])
    assert result.Q.tolist() == [0] * 3
    # The second is 0 behind, the condition asks for 1/2: no advantage, all are the compromise.
    assert result.acceptable_advantage is False
    assert result.compromise.all()
    assert promethee(same, HALVES, [1, -1]).net.tolist() == [0] * 3


def test_a_weight_on_a_constant_column_only():
    matrix = [[1, 5], [2, 5]]
    assert topsis(matrix, [0, 1], [1, 1]).scores.tolist() == [0.5, 0.5]
    assert vikor(matrix, [0, 1], [1, 1]).Q.tolist() == [0, 0]


@pytest.mark.parametrize("method", ALL)
def test_a_single_alternative(method):
    assert np.isfinite(method([[3, 4]], HALVES, [1, 1]).scores).all()


def test_a_single_alternative_is_its_own_compromise():
    result = vikor([[3, 4]], HALVES, [1, 1])
    assert result.compromise.tolist() == [True]
    assert result.acceptable_advantage is True
    assert result.acceptable_stability is True
    batch = vikor([[3, 4]], [HALVES, HALVES], [1, 1])
    assert batch.compromise.tolist() == [[True], [True]]


def test_zero_in_a_product():
    # 0 to the power .5 is 0; 0 to the power 0 is 1, so that a criterion without weight is none.
    matrix = [[0, 9], [4, 9]]
    assert weighted_product(matrix, HALVES, [1, 1]).scores.tolist() == pytest.approx([0, 6])
    assert weighted_product(matrix, [0, 1], [1, 1]).scores.tolist() == pytest.approx([9, 9])
    batch = weighted_product(matrix, [HALVES, [0, 1]], [1, 1]).scores
    np.testing.assert_allclose(batch, [[0, 6], [9, 9]], rtol=1e-15)


def test_stability_that_fails():
    # By hand: five costs of equal weight, each from 1 (best) to 101 (worst), so that (x - 1)/100
    # is how far behind an alternative is, and a fifth of it what that adds.
    # S: .4 .6 .2 .21 .55; R: .2 .2 .2 .12 .11. Q with v = .5, spans .4 and .09:
    # a4 = .5*.01/.4 + .5*.01/.09 = .0125 + .0556 = .0681; a5 = .5*.35/.4 + 0 = .4375; a3 = .5.
    # a5 - a4 = .369 >= 1/4: advantage. a3 leads by S, a5 by R: no stability: {a4, a5}.
    matrix = [
        [1, 101, 1, 101, 1],
        [101, 1, 101, 1, 101],
        [1, 1, 1, 1, 101],
        [11, 11, 11, 16, 61],
        [56, 56, 56, 56, 56],
    ]
    result = vikor(matrix, np.full(5, 0.2), [-1] * 5)
    np.testing.assert_allclose(result.S, [0.4, 0.6, 0.2, 0.21, 0.55], atol=1e-12)
    np.testing.assert_allclose(result.R, [0.2, 0.2, 0.2, 0.12, 0.11], atol=1e-12)
    assert result.acceptable_advantage is True
    assert result.acceptable_stability is False
    assert np.flatnonzero(result.compromise).tolist() == [3, 4]
    batch = vikor(matrix, np.full((3, 5), 0.2), [-1] * 5)
    assert batch.acceptable_stability.tolist() == [False] * 3
    assert batch.compromise.tolist() == [result.compromise.tolist()] * 3


def test_a_tie_at_the_top_has_no_advantage():
    # Two equal leaders are 0 apart, under 1/(n-1) = 1/2. scikit-criteria lets tied leaders have
    # the advantage together; the paper compares the first two by Q.
    result = vikor([[9, 9], [9, 9], [0, 0]], HALVES, [1, 1])
    assert result.acceptable_advantage is False
    assert result.compromise.tolist() == [True, True, False]


def test_rounding_does_not_decide_the_advantage():
    # 4, 3, 0, 0, 0 tenths: the second is 1/4 behind, exactly what 1/(n-1) asks for; in floating
    # point it is .2499999999999999.
    tenths = 0.1 * np.array([[4], [3], [0], [0], [0]])
    result = vikor(tenths, [1], [1], v=1)
    assert result.acceptable_advantage is True
    # 3, 2.5, 2, 0: the second is 1/6 behind, no advantage; the third, 1/3 behind, is not "less
    # than 1/3 behind".
    result = vikor([[3], [2.5], [2], [0]], [1], [1], v=1)
    assert result.acceptable_advantage is False
    assert result.compromise.tolist() == [True, True, False, False]


def test_rounding_noise_in_group_utility_does_not_decide_q():
    # The first is behind on the first two criteria, .1 + .2 = .30000000000000004, the second on
    # the third, .3: S is the same. R is .2 and .3: Q = .5 * (0, 1).
    result = vikor([[0, 0, 1, 0], [1, 1, 0, 0]], [0.1, 0.2, 0.3, 0.4], [1] * 4)
    np.testing.assert_allclose(result.Q, [0, 0.5], atol=1e-15)


REFUSED = [
    (weighted_product, [[1, -2], [3, 4]], [1, 1], {}, "column 1: it has a negative value"),
    (weighted_product, [[1, 0], [3, 4]], [1, -1], {}, "column 1: it is a cost with a zero"),
    (waspas, [[1, -2], [3, 4]], [1, 1], {}, "column 1 has a negative number"),
    (waspas, [[1, 2], [3, 0]], [1, -1], {}, "column 1 is a cost and has a zero"),
    (waspas, [[1, 2], [3, 4]], [1, -1], {"normalization": "none"}, "column 1 is a cost"),
    (waspas, [[1, 2], [3, 4]], [1, 1], {"balance": 1.2}, "balance is 1.2"),
    (weighted_sum, [[1, -2], [3, 4]], [1, 1], {"normalization": "sum"}, "column 1 has a negative"),
    (weighted_sum, [[0, 2], [3, 4]], [-1, 1], {"normalization": "max"}, "column 0 is a cost"),
    (weighted_sum, [[1, 2]], [1, 1], {"normalization": "mean"}, "'mean'; known here: none, max"),
    (vikor, [[1, 2], [3, 4]], [1, 1], {"v": -0.1}, "v is -0.1; give a number from 0 to 1"),
]


@pytest.mark.parametrize("method, matrix, directions, arguments, message", REFUSED)
def test_columns_that_a_method_cannot_take(method, matrix, directions, arguments, message):
    with pytest.raises(ValueError, match=message):
        method(matrix, HALVES, directions, **arguments)


MALFORMED = [
    ([1, 2], HALVES, [1, 1], r"matrix has shape \(2,\); give a non-empty \(alternatives, crit"),
    (np.empty((0, 2)), HALVES, [1, 1], r"matrix has shape \(0, 2\)"),
    ([[1, np.nan], [3, 4]], HALVES, [1, 1], r"matrix\[0, 1\] is nan; give finite numbers"),
    ([[1, 2], [-np.inf, 4]], HALVES, [1, 1], r"matrix\[1, 0\] is -inf"),
    ([[1, 2], [1e200, 4]], HALVES, [1, 1], r"matrix\[1, 0\] is 1e\+200"),
    ([[1, 2], [3, 4]], [1.0], [1, 1], r"weights have shape \(1,\), the matrix has 2 criteria"),
    ([[1, 2], [3, 4]], [[[0.5, 0.5]]], [1, 1], r"weights have shape \(1, 1, 2\)"),
    ([[1, 2], [3, 4]], np.empty((0, 2)), [1, 1], r"weights have shape \(0, 2\)"),
    ([[1, 2], [3, 4]], [1.5, -0.5], [1, 1], r"weights\[1\] is -0.5; give numbers of 0 or more"),
    ([[1, 2], [3, 4]], [HALVES, [1.5, -0.5]], [1, 1], r"weights\[1, 1\] is -0.5"),
    ([[1, 2], [3, 4]], [0.5, np.nan], [1, 1], r"weights\[1\] is nan"),
    ([[1, 2], [3, 4]], [0.5, np.inf], [1, 1], "weights sum to inf"),
    ([[1, 2], [3, 4]], [0.5, 0.4], [1, 1], "weights sum to 0.9, not 1; they are not renorm"),
    ([[1, 2], [3, 4]], [HALVES, [0.5, 0.51]], [1, 1], r"weights\[1\] sum to 1.01, not 1"),
    ([[1, 2], [3, 4]], HALVES, [1], r"directions have shape \(1,\), the matrix has 2 criteria"),
    ([[1, 2], [3, 4]], HALVES, [1, 0], r"directions\[1\] is 0; use \+1 where higher is better"),
    ([[1, 2], [3, 4]], HALVES, [1, np.nan], r"directions\[1\] is nan"),
]


@pytest.mark.parametrize("matrix, weights, directions, message", MALFORMED)
@pytest.mark.parametrize("method", ALL)
def test_malformed_input(method, matrix, weights, directions, message):
    with pytest.raises(ValueError, match=message):
        method(matrix, weights, directions)


def test_electre_tri_checks_the_same():
    with pytest.raises(ValueError, match=r"weights sum to 0.9, not 1"):
        electre_tri([[1, 2]], [0.5, 0.4], [1, 1], profiles=[[1, 1]])


def test_weights_may_be_off_by_rounding():
    assert weighted_sum([[1, 1]], [0.5, 0.5 + 5e-10], [1, 1]).scores == pytest.approx([1])
    with pytest.raises(ValueError, match=r"sum to 1\.000000002, not 1"):
        weighted_sum([[1, 1]], [0.5, 0.5 + 2e-9], [1, 1])


@pytest.mark.parametrize("normalization", ["max", "minmax", "sum", "vector"])
def test_extreme_magnitudes_stay_finite(normalization):
    columns = np.array([[1e-300, 1e100, 5e-324], [3e-300, 2e100, 1e100]])
    for sign in (1.0, -1.0):
        shares = normalize(columns, np.full(3, sign), normalization)
        assert np.isfinite(shares).all()


def test_input_is_left_alone():
    matrix, weights = np.array([[4.0, 0.0], [2.0, 0.0]]), np.array(HALVES)
    for method in ALL:
        method(matrix, weights, [1, 1])
    np.testing.assert_array_equal(matrix, [[4, 0], [2, 0]])
    np.testing.assert_array_equal(weights, HALVES)
