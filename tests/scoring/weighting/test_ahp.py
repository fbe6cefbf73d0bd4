"""AHP: published matrices, two libraries, and what holds for every reciprocal matrix."""

import numpy as np
import pymcdm.weights.subjective as pymcdm
import pyrepo_mcda.mcda_methods as pyrepo
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.scoring.findings import BeyondScale, Inconsistent
from evaluator.scoring.weighting import ahp, pairwise_from_judgements

SCALE = np.array([*(1 / np.arange(9, 1, -1)), *np.arange(1.0, 10.0)])

DRINKS = [
    [1, 9, 5, 2, 1, 1, 1 / 2],
    [1 / 9, 1, 1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
    [1 / 5, 3, 1, 1 / 3, 1 / 4, 1 / 3, 1 / 9],
    [1 / 2, 9, 3, 1, 1 / 2, 1, 1 / 3],
    [1, 9, 4, 2, 1, 2, 1 / 2],
    [1, 9, 3, 1, 1 / 2, 1, 1 / 3],
    [2, 9, 9, 3, 2, 3, 1],
]
HOUSE = [
    [1, 5, 3, 7, 6, 6, 1 / 3, 1 / 4],
    [1 / 5, 1, 1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
    [1 / 3, 3, 1, 6, 3, 4, 6, 1 / 5],
    [1 / 7, 1 / 5, 1 / 6, 1, 1 / 3, 1 / 4, 1 / 7, 1 / 8],
    [1 / 6, 1 / 3, 1 / 3, 3, 1, 1 / 2, 1 / 5, 1 / 6],
    [1 / 6, 1 / 3, 1 / 4, 4, 2, 1, 1 / 5, 1 / 6],
    [3, 5, 1 / 6, 7, 5, 5, 1, 1 / 2],
    [4, 7, 5, 8, 6, 6, 2, 1],
]


def random_pairwise(rng, size):
    matrix = np.eye(size)
    rows, columns = np.triu_indices(size, k=1)
    matrix[rows, columns] = rng.choice(SCALE, rows.size)
    matrix[columns, rows] = 1 / matrix[rows, columns]
    return matrix


def consistent(weights):
    weights = np.asarray(weights, dtype=float)
    return weights[:, None] / weights


positive_weights = st.lists(st.integers(1, 9), min_size=3, max_size=15)


def test_saaty_2008_drinks():
    # Saaty 2008, Decision making with the AHP, Int. J. Services Sciences 1(1), 83-98: consumption
    # of coffee, wine, tea, beer, sodas, milk, water.
    result = ahp(DRINKS)
    published = [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
    assert result.weights == pytest.approx(published, abs=5.1e-4)
    # 0.022 by either of Saaty's tables: CI 0.02944 over 1.32 (1980) and over 1.35 (2005)
    for table in ("saaty", "saaty-2005"):
        assert ahp(DRINKS, table).consistency_ratio == pytest.approx(0.022, abs=5e-4)
    assert result.acceptable
    assert result.warnings == ()


def test_saaty_1990_house():
    # Saaty 1990, How to make a decision, EJOR 48, 9-26, table 2: too inconsistent.
    result = ahp(HOUSE)
    published = [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
    assert result.weights == pytest.approx(published, abs=6e-4)
    assert result.principal_eigenvalue == pytest.approx(9.669, abs=5e-4)
    assert result.consistency_index == pytest.approx(0.238, abs=5e-4)
    assert result.consistency_ratio == pytest.approx(0.169, abs=5e-4)
    assert not result.acceptable


def test_saaty_2003_finds_the_judgement_to_blame_in_the_house_matrix():
    # Saaty 2003, EJOR 145, 85-91, table 3: a_37 = 6 (neighborhood against condition) has the
    # largest error, 5.32.
    names = ["size", "transport", "neighborhood", "age", "yard", "modern", "condition", "financing"]
    result = ahp(HOUSE, names=names)
    blamed = result.most_inconsistent
    assert (blamed.row, blamed.column, blamed.value) == (2, 6, 6)
    assert blamed.error_ratio == pytest.approx(5.32, abs=5e-3)
    (warning,) = result.warnings
    assert isinstance(warning, Inconsistent)
    assert warning.ratio == result.consistency_ratio
    assert (warning.limit, warning.index, warning.size) == (0.10, "saaty", 8)
    assert (warning.first, warning.second, warning.judged) == ("neighborhood", "condition", 6)
    assert warning.implied == blamed.consistent_value
    revised = np.array(HOUSE)
    revised[2, 6], revised[6, 2] = blamed.consistent_value, 1 / blamed.consistent_value
    assert ahp(revised).acceptable
    # Harker 1987: the rest of the matrix judges the pair as the completed matrix does
    agreed = ahp(revised).weights
    assert agreed[2] / agreed[6] == pytest.approx(blamed.consistent_value, rel=1e-12)


def test_three_by_three_in_closed_form():
    # Saaty 1990, table 3, transportation. For n = 3 the cycle k = a_12 a_23 / a_13 = 7 (1/8) 5 =
    # 4.375 gives lambda = 1 + k^(1/3) + k^(-1/3) = 3.2469, CI 0.1235, CR over 0.58: 0.2128.
    result = ahp([[1, 7, 1 / 5], [1 / 7, 1, 1 / 8], [5, 8, 1]])
    eigenvalue = 1 + 4.375 ** (1 / 3) + 4.375 ** (-1 / 3)
    assert result.principal_eigenvalue == pytest.approx(eigenvalue, abs=1e-12)
    assert result.consistency_ratio == pytest.approx((eigenvalue - 3) / 2 / 0.58, abs=1e-12)
    # for n = 3 the eigenvector is the geometric mean of the rows
    means = np.array([7 / 5, 1 / 56, 40.0]) ** (1 / 3)
    assert result.weights == pytest.approx(means / means.sum(), abs=1e-12)
    # a_12 would have to be a_13 a_32 = 8/5; the three judgements are equally to blame
    blamed = result.most_inconsistent
    assert (blamed.row, blamed.column) == (0, 1)
    assert blamed.consistent_value == pytest.approx(8 / 5)
    assert [(w.code, w.first, w.second) for w in result.warnings] == [("inconsistent", "0", "1")]


@pytest.mark.parametrize("matrix", [[[1]], [[1, 7], [1 / 7, 1]]])
def test_one_or_two_criteria_are_always_consistent(matrix):
    result = ahp(matrix)
    assert (result.consistency_index, result.consistency_ratio) == (0, 0)
    assert result.most_inconsistent is None
    assert result.acceptable
    assert result.weights == pytest.approx([1] if len(matrix) == 1 else [7 / 8, 1 / 8])


def test_agrees_with_pymcdm_and_pyrepo(capsys):
    # Weights and CI agree with both. The ratio agrees with pyrepo, which divides by Saaty 1980;
    # pymcdm divides by Tummala & Ling 1998 (0.8921 for n = 4), so its CI is compared.
    rng = np.random.default_rng(11)
    for _ in range(200):
        size = int(rng.integers(3, 11))
        matrix = random_pairwise(rng, size)
        result = ahp(matrix)
        theirs = pymcdm.AHP(matrix=matrix)
        assert theirs() == pytest.approx(result.weights, abs=1e-10)
        index = theirs.get_cr() * pymcdm.AHP.RI_M[size - 1]
        assert index == pytest.approx(result.consistency_index, abs=1e-10)
        assert pyrepo.AHP()._calculate_eigenvector(matrix) == pytest.approx(
            result.weights, abs=1e-10
        )
        pyrepo.AHP()._check_consistency(matrix)
        ratio = float(capsys.readouterr().out.split("\n")[0].split(":")[1])
        assert ratio == pytest.approx(result.consistency_ratio, abs=1e-10)


@given(positive_weights)
@settings(deadline=None)
def test_a_consistent_matrix_returns_its_weights(weights):
    result = ahp(consistent(weights))
    assert result.weights == pytest.approx(np.array(weights) / sum(weights), abs=1e-12)
    assert result.consistency_index == 0
    assert result.most_inconsistent is None
    assert result.warnings == ()


# not of three criteria: there every judgement is equally to blame
@given(
    st.lists(st.integers(1, 9), min_size=4, max_size=15),
    st.sampled_from([1 / 5, 1 / 3, 1 / 2, 2, 3, 5]),
    st.data(),
)
@settings(deadline=None)
def test_one_spoiled_judgement_is_found_and_mended(weights, factor, data):
    size = len(weights)
    i, j = sorted(data.draw(st.permutations(range(size)))[:2])
    matrix = consistent(weights)
    true = matrix[i, j]
    matrix[i, j] *= factor
    matrix[j, i] /= factor
    blamed = ahp(matrix).most_inconsistent
    assert (blamed.row, blamed.column) == (i, j)
    assert blamed.consistent_value == pytest.approx(true, rel=1e-9)
    matrix[i, j], matrix[j, i] = blamed.consistent_value, 1 / blamed.consistent_value
    assert ahp(matrix).consistency_index == pytest.approx(0, abs=1e-9)


@given(st.integers(3, 12), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=50)
def test_permuted_criteria_permute_the_weights(size, seed):
    rng = np.random.default_rng(seed)
    matrix, order = random_pairwise(rng, size), rng.permutation(size)
    result, permuted = ahp(matrix), ahp(matrix[np.ix_(order, order)])
    assert permuted.weights == pytest.approx(result.weights[order], abs=1e-12)
    assert permuted.consistency_index == pytest.approx(result.consistency_index, abs=1e-12)
    residual = matrix @ result.weights - result.principal_eigenvalue * result.weights
    assert np.abs(residual).max() < 1e-12 * result.principal_eigenvalue


def test_values_beyond_the_scale_are_warned_of():
    result = ahp([[1, 12], [1 / 12, 1]], names=["a", "b"])
    assert result.weights == pytest.approx([12 / 13, 1 / 13])
    assert result.warnings == (BeyondScale(first="a", second="b", judged=12.0),)


@pytest.mark.parametrize("least", [1 / 9, 0.111, 0.11])
def test_the_end_of_the_scale_may_be_rounded(least):
    # 1/9 is written as 0.11: what it says of the other direction, 9.09, is the end as well.
    stated = pairwise_from_judgements(["a", "b"], {("a", "b"): least})
    assert ahp(stated).warnings == ()


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1, 3], [1 / 2, 1]], "row 0, column 1 is 3 but row 1, column 0 is 0.5, not its recip"),
        ([[1, 3], [0.33, 1]], r"is 0.33, not its reciprocal 0.3333333 \(give it to seven digits"),
        ([[2, 3], [1 / 3, 1]], "row 0, column 0 is 2: a criterion against itself is 1"),
        ([[1, 0], [0, 1]], "row 0, column 1 is 0, not a positive number; row 1, column 0 is 0"),
        ([[1, -2], [-0.5, 1]], "row 0, column 1 is -2, not a positive number"),
        ([[1, np.nan], [1, 1]], "row 0, column 1 is nan, not a positive number"),
        ([[1, 2, 3], [0.5, 1, 2]], r"expected \(m, m\), got shape \(2, 3\)"),
        ([], r"got shape \(0,\)"),
    ],
)
def test_a_faulty_cell_is_named(matrix, message):
    with pytest.raises(ValueError, match=message):
        ahp(matrix)


def test_names_must_match_the_matrix():
    with pytest.raises(ValueError, match="2 rows for 3 names"):
        ahp([[1, 2], [0.5, 1]], names=["a", "b", "c"])


def test_judgements_complete_the_matrix_in_the_order_of_the_ids():
    judgements = {("a", "b"): 3, ("c", "a"): 2, ("b", "c"): 1 / 4}
    expected = [[1, 3, 1 / 2], [1 / 3, 1, 1 / 4], [2, 4, 1]]
    assert pairwise_from_judgements(["a", "b", "c"], judgements) == pytest.approx(
        np.array(expected)
    )
    assert pairwise_from_judgements(["a"], {}).tolist() == [[1]]


def test_every_fault_in_the_judgements_is_named():
    judgements = {
        ("a", "b"): 3,
        ("b", "a"): 1 / 3,
        ("a", "x"): 2,
        ("a", "a"): 1,
        ("a", "c"): 0,
    }
    with pytest.raises(ValueError, match="Pairwise judgements") as caught:
        pairwise_from_judgements(["a", "b", "c"], judgements)
    for fault in (
        "(b, a) is judged twice",
        "(a, x): x is not a criterion",
        "(a, a) compares a criterion with itself",
        "(a, c) is 0, not a positive number",
        "(b, c) is missing",
    ):
        assert fault in str(caught.value)
    assert "(a, c) is missing" not in str(caught.value)
    with pytest.raises(ValueError, match="ids repeat themselves: a, a"):
        pairwise_from_judgements(["a", "a"], {})
