"""What must hold for every method, whatever the numbers."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluator.scoring.methods.additive import waspas, weighted_product, weighted_sum
from evaluator.scoring.methods.distance import topsis, vikor
from evaluator.scoring.methods.electre_tri import electre_tri
from evaluator.scoring.methods.promethee import promethee

quick = settings(max_examples=40, deadline=None)


def classes(matrix, weights, directions):
    matrix = np.asarray(matrix)
    middle = (matrix.min(axis=0) + matrix.max(axis=0)) / 2
    return electre_tri(matrix, weights, directions, profiles=[middle], q=1, p=3, v=20, cut=0.6)


METHODS = {
    "weighted_sum": weighted_sum,
    "weighted_sum minmax": partial(weighted_sum, normalization="minmax"),
    "weighted_product": weighted_product,
    "waspas": waspas,
    "topsis": topsis,
    "topsis minmax": partial(topsis, normalization="minmax"),
    "vikor": vikor,
    "promethee usual": promethee,
    "promethee linear": partial(promethee, preference="linear", q=2, p=9),
    "promethee level": partial(promethee, preference="level", q=2, p=9),
    "promethee gaussian": partial(promethee, preference="gaussian", s=4),
    "electre_tri": classes,
}
every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())


@st.composite
def problems(draw, least=1):
    n, m = draw(st.integers(2, 7)), draw(st.integers(1, 5))
    numbers = st.integers(least, 40) | st.floats(max(least, 0.5), 100)
    matrix = draw(arrays(np.float64, (n, m), elements=numbers))
    parts = draw(arrays(np.int64, m, elements=st.integers(0, 9)).filter(np.any))
    directions = draw(arrays(np.int64, m, elements=st.sampled_from([-1, 1])))
    return matrix, parts / parts.sum(), directions


@every_method
@quick
@given(problem=problems())
def test_scores_are_finite(method, problem):
    assert np.isfinite(method(*problem).scores).all()


@every_method
@quick
@given(problem=problems())
def test_a_dominating_alternative_scores_no_less(method, problem):
    matrix, _, directions = problem
    scores = method(*problem).scores
    better = (matrix[:, None, :] - matrix[None, :, :]) * directions
    dominates = (better >= 0).all(axis=2)
    assert (scores[:, None] >= scores[None, :] - 1e-9)[dominates].all()


@every_method
@quick
@given(problem=problems(), data=st.data())
def test_order_of_alternatives_and_criteria_does_not_matter(method, problem, data):
    matrix, weights, directions = problem
    rows = data.draw(st.permutations(range(len(matrix))))
    columns = data.draw(st.permutations(range(matrix.shape[1])))
    moved = method(matrix[np.ix_(rows, columns)], weights[columns], directions[columns]).scores
    np.testing.assert_allclose(moved, method(*problem).scores[rows], rtol=1e-9, atol=1e-9)


@every_method
@quick
@given(problem=problems(), data=st.data())
def test_equal_alternatives_tie_exactly(method, problem, data):
    matrix, weights, directions = problem
    copy = data.draw(st.integers(0, len(matrix) - 1))
    place = data.draw(st.integers(0, len(matrix)))
    doubled = np.insert(matrix, place, matrix[copy], axis=0)
    scores = method(doubled, weights, directions).scores
    original = copy + (place <= copy)
    assert scores[place] == scores[original]


@every_method
@quick
@given(problem=problems(), seed=st.integers(0, 99))
def test_a_batch_is_its_draws_one_by_one(method, problem, seed):
    matrix, weights, directions = problem
    drawn = np.random.default_rng(seed).dirichlet(np.ones(len(weights)), 5)
    batch = np.vstack([weights, drawn])
    single = np.array([method(matrix, row, directions).scores for row in batch])
    np.testing.assert_array_equal(method(matrix, batch, directions).scores, single)


@every_method
def test_results_name_their_variant_and_cannot_be_changed(method):
    result = method([[1.0, 2.0], [3.0, 1.0]], [0.5, 0.5], [1, 1])
    assert result.variant.method
    assert result.variant.source
    with pytest.raises(AttributeError):
        result.variant = None


def test_arrays_of_results_are_read_only():
    problem = [[1.0, 2.0], [3.0, 1.0]], [0.5, 0.5], [1, 1]
    arrays_of_results = [
        weighted_sum(*problem).scores,
        topsis(*problem).scores,
        vikor(*problem).Q,
        vikor(*problem).compromise,
        promethee(*problem).positive,
        classes(*problem).pessimistic,
    ]
    for array in arrays_of_results:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(
    "method",
    [
        partial(weighted_sum, normalization="max"),
        partial(weighted_sum, normalization="sum"),
        partial(weighted_sum, normalization="vector"),
        partial(weighted_product, normalization="max"),
        waspas,
        topsis,
        vikor,
        promethee,
    ],
)
@quick
@given(problem=problems(), factor=st.sampled_from([1e-6, 0.25, 3.7, 1e9]))
def test_the_unit_of_a_criterion_does_not_matter(method, problem, factor):
    matrix, weights, directions = problem
    units = np.full(matrix.shape[1], 1.0)
    units[0] = factor
    rescaled = method(matrix * units, weights, directions).scores
    np.testing.assert_allclose(rescaled, method(*problem).scores, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    "method",
    [
        partial(weighted_sum, normalization="minmax"),
        partial(topsis, normalization="minmax"),
        vikor,
    ],
)
@quick
@given(problem=problems(), factor=st.sampled_from([0.25, 4.0]), shift=st.integers(-50, 50))
def test_the_zero_of_a_criterion_does_not_matter_after_minmax(method, problem, factor, shift):
    # Whole numbers times powers of two: the differences are exact, so that no constant column
    # becomes one that varies.
    matrix, weights, directions = problem
    whole = np.round(matrix)
    moved = method(whole * factor + shift, weights, directions).scores
    np.testing.assert_allclose(moved, method(whole, weights, directions).scores, atol=1e-9)


@quick
@given(problem=problems(), factor=st.sampled_from([0.01, 7.0]))
def test_the_product_only_changes_by_a_common_factor(problem, factor):
    matrix, weights, directions = problem
    units = np.full(matrix.shape[1], factor)
    rescaled = weighted_product(matrix * units, weights, directions).scores
    ratio = rescaled / weighted_product(*problem).scores
    # factor to the power of sum(weight x direction), the same for all alternatives
    np.testing.assert_allclose(ratio, factor ** (weights @ directions), rtol=1e-9)


@quick
@given(problem=problems(least=0))
def test_means_are_in_order(problem):
    # The geometric mean is at most the arithmetic one; WASPAS lies between the two.
    matrix, weights, _ = problem
    upwards = np.ones(matrix.shape[1])
    sums = weighted_sum(matrix, weights, upwards).scores
    products = weighted_product(matrix, weights, upwards).scores
    between = waspas(matrix, weights, upwards, normalization="none", balance=0.5).scores
    assert (products <= sums + 1e-9).all()
    assert (products - 1e-9 <= between).all()
    assert (between <= sums + 1e-9).all()


@quick
@given(problem=problems())
def test_topsis_and_vikor_stay_in_their_range(problem):
    closeness = topsis(*problem).scores
    assert ((closeness >= 0) & (closeness <= 1)).all()
    result = vikor(*problem)
    for measure in (result.S, result.R, result.Q):
        assert ((measure >= 0) & (measure <= 1 + 1e-12)).all()
    assert (result.R <= result.S + 1e-12).all()


@quick
@given(problem=problems())
def test_the_compromise_set_has_the_leader(problem):
    result = vikor(*problem)
    assert result.compromise[result.Q.min() == result.Q].all()
    if result.acceptable_advantage and result.acceptable_stability:
        assert result.compromise.sum() == 1
    else:
        assert result.compromise.sum() >= 2
