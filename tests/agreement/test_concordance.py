from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import friedmanchisquare, spearmanr

from evaluator.agreement import kendall_tau_b, kendall_w, opposed_pairs, spearman

quick = settings(max_examples=60, deadline=None)


def tables(least=3, agencies=2):
    return arrays(
        np.float64,
        st.tuples(st.integers(agencies, 5), st.integers(least, 9)),
        elements=st.integers(0, 6),
    )


# NAG Library, routine g08daf, example program (data and printed results): W 0.828, p 0.008.
NAG = [
    [1.0, 4.5, 2.0, 4.5, 3.0, 7.5, 6.0, 9.0, 7.5, 10.0],
    [2.5, 1.0, 2.5, 4.5, 4.5, 8.0, 9.0, 6.5, 10.0, 6.5],
    [2.0, 1.0, 4.5, 4.5, 4.5, 4.5, 8.0, 8.0, 8.0, 10.0],
]
# R package irr, data set `anxiety`: 20 subjects, 3 raters. Results printed by its port pyirr's
# tests for kendall(anxiety, correct = TRUE): W 0.54, chi-square 30.8, p 0.0429.
ANXIETY = [
    [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
    [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
    [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
]
# influentialpoints.com, coefficient of concordance, worked example I: four raters rank the
# strawberries of eight farms. Rank sums 31 12 12 15 22 5 22 25, S = 500,
# W = 500 / (504 * 16 / 12) = 0.744, chi-square 20.83, p 0.004. No ties.
STRAWBERRIES = [
    [8, 4, 2, 3, 5, 1, 6, 7],
    [7, 3, 1, 4, 5, 2, 6, 8],
    [8, 2, 5, 6, 7, 1, 4, 3],
    [8, 3, 4, 2, 5, 1, 6, 7],
]


def test_w_of_the_nag_example():
    found = kendall_w(NAG)
    assert found.w == pytest.approx(0.828, abs=5e-4)
    assert found.p_value == pytest.approx(0.008, abs=5e-4)


def test_w_of_the_anxiety_ratings():
    found = kendall_w(ANXIETY)
    assert found.w == pytest.approx(0.54, abs=5e-3)
    assert found.chi_square == pytest.approx(30.8, abs=0.05)
    assert found.degrees_of_freedom == 19
    assert found.p_value == pytest.approx(0.0429, abs=5e-5)


def test_w_of_the_strawberries():
    found = kendall_w(STRAWBERRIES)
    assert found.w == pytest.approx(500 / 672)
    assert found.chi_square == pytest.approx(20.83, abs=5e-3)
    assert found.p_value == pytest.approx(0.004, abs=5e-4)


def test_w_by_hand_with_a_tie():
    # mean ranks 1 2 3 and 1.5 1.5 3: sums 2.5 3.5 6, mean 4, S = 2.25 + 0.25 + 4 = 6.5;
    # one tie of two: T = 8 - 2 = 6; W = 12 * 6.5 / (4 * 24 - 2 * 6) = 78 / 84
    assert kendall_w([[1, 2, 3], [1, 1, 3]]).w == pytest.approx(78 / 84)


def test_no_p_value_where_chi_square_does_not_hold():
    assert kendall_w(np.array(STRAWBERRIES)[:, :7]).p_value is None


def test_w_is_undefined_if_nobody_tells_packages_apart():
    found = kendall_w([[5, 5, 5], [1, 1, 1]])
    assert (found.w, found.chi_square, found.p_value) == (None, None, None)


@quick
@given(scores=tables())
def test_w_is_friedmans_statistic(scores):
    found = kendall_w(scores)
    if found.w is None:
        assert (scores == scores[:, :1]).all()
    else:
        friedman, _ = friedmanchisquare(*scores.T)
        assert found.chi_square == pytest.approx(friedman, abs=1e-9)
        assert 0 <= found.w <= 1


@quick
@given(data=st.data(), agencies=st.integers(2, 5), packages=st.integers(2, 8))
def test_w_without_ties_is_the_mean_spearman_scaled(data, agencies, packages):
    # W = (1 + (k - 1) mean rho) / k, Kendall & Babington Smith 1939
    rows = st.permutations(range(packages))
    scores = np.array([data.draw(rows) for _ in range(agencies)], dtype=float)
    rho = np.asarray(spearman(scores).matrix)[np.triu_indices(agencies, 1)].mean()
    assert kendall_w(scores).w == pytest.approx((1 + (agencies - 1) * rho) / agencies, abs=1e-9)


def test_tau_b_by_hand():
    # pairs 12 13 23: concordant, concordant, tied by the second: (2 - 0) / sqrt(3 * 2)
    tau = kendall_tau_b([[1, 2, 3], [1, 2, 2]]).matrix
    assert tau[0, 1] == pytest.approx(2 / np.sqrt(6))


@quick
@given(scores=tables(least=2, agencies=1))
def test_tau_b_counts_pairs(scores):
    found = kendall_tau_b(scores)
    pairs = list(combinations(range(scores.shape[1]), 2))
    signs = np.array([[np.sign(row[i] - row[j]) for i, j in pairs] for row in scores])
    for a, b in np.ndindex(found.matrix.shape):
        room = np.sqrt((signs[a] ** 2).sum() * (signs[b] ** 2).sum())
        if room == 0:
            assert found.matrix[a, b] is np.ma.masked
        else:
            assert found.matrix[a, b] == pytest.approx(signs[a] @ signs[b] / room, abs=1e-12)


@quick
@given(scores=tables(least=2, agencies=1))
def test_spearman_is_scipys(scores):
    found = spearman(scores)
    for a, b in np.ndindex(found.matrix.shape):
        if found.constant[a] or found.constant[b]:
            assert found.matrix[a, b] is np.ma.masked
        else:
            expected = spearmanr(scores[a], scores[b]).statistic
            assert found.matrix[a, b] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("correlation", [kendall_tau_b, spearman])
def test_a_constant_ranking_has_no_correlation(correlation):
    found = correlation([[1, 2, 3], [4, 4, 4], [3, 2, 1]])
    assert found.constant.tolist() == [False, True, False]
    assert found.matrix.mask.tolist() == [[False, True, False], [True] * 3, [False, True, False]]
    assert found.matrix[0, 2] == pytest.approx(-1)
    assert found.matrix[0, 0] == 1


@pytest.mark.parametrize("correlation", [kendall_tau_b, spearman])
def test_only_the_ranking_counts(correlation):
    scores = np.array([[10.0, 20.0, 15.0, 70.0], [3.0, 9.0, 2.0, 8.0]])
    stretched = np.vstack([scores[0] ** 3 + 5, np.log(scores[1])])
    before, after = correlation(scores).matrix, correlation(stretched).matrix
    assert before.data == pytest.approx(after.data)


@pytest.mark.parametrize("scores", [[[1, 2, 3]], [[1], [2]]])
def test_concordance_needs_two_of_each(scores):
    with pytest.raises(ValueError, match="needs two of each"):
        kendall_w(scores)


def test_opposed_pairs_by_hand():
    # Pairs (1,2), (1,3), (2,3):
    # a + + +; b 0 - -; c - - -. a and b are opposed on two, a and c on three, b and c on none.
    found = opposed_pairs([[3.0, 2.0, 1.0], [1.0, 1.0, 2.0], [1.0, 2.0, 3.0]])
    assert found.tolist() == [[0, 2, 3], [2, 0, 0], [3, 0, 0]]
