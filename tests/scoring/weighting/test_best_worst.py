"""Best-worst: published examples, hand cases, and independent optimisation of both models."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from evaluator.scoring.findings import TiedForBest, TiedForWorst
from evaluator.scoring.weighting import best_worst

MODELS = ("linear", "nonlinear")
CAR = ([2, 1, 4, 3, 8], [4, 8, 2, 3, 1])


def comparisons(rng, size, distinct=False):
    """Random best-to-others, others-to-worst with best first and worst last."""
    span = int(rng.integers(2, 10))
    lowest = 2 if distinct and span > 2 else 1
    over, under = rng.integers(lowest, span + 1, (2, size)).astype(float)
    over[[0, -1]], under[[0, -1]] = (1, span), (span, 1)
    return over, under


def largest_deviation(model, weights, over, under, best, worst):
    w = np.asarray(weights)
    if model == "linear":
        parts = (w[..., [best]] - over * w, w - under * w[..., [worst]])
    else:
        parts = (w[..., [best]] / w - over, w / w[..., [worst]] - under)
    return np.maximum(*(np.abs(part) for part in parts)).max(axis=-1)


def weight_range(model, result, over, under, slack):
    """Least and largest weight of each criterion by linear programs, deviation held at xi."""
    size, xi = len(over), result.inconsistency + slack
    rows, bounds = [], []
    for j in range(size):
        for (plus, minus, ratio), skip in (
            ((result.best, j, over[j]), j == result.best),
            ((j, result.worst, under[j]), j == result.worst),
        ):
            for sign in () if skip else (1, -1):
                row = np.zeros(size)
                row[plus] += sign
                if model == "linear":
                    row[minus] -= sign * ratio
                    bounds.append(xi)
                else:
                    row[minus] -= sign * (ratio + sign * xi)
                    bounds.append(0.0)
                rows.append(row)
    ends = [
        [linprog(sign * e, np.array(rows), bounds, np.ones((1, size)), [1.0]) for sign in (1, -1)]
        for e in np.eye(size)
    ]
    if any(end.status for pair in ends for end in pair):
        return None
    return np.array([[low.fun, -high.fun] for low, high in ends])


def test_rezaei_2015_transport_mode():
    # Rezaei 2015, Omega 53, 49-57, first example: load flexibility, accessibility, cost;
    # weights 0.071, 0.338, 0.589, xi 0.26.
    result = best_worst([8, 2, 1], [1, 5, 8], model="nonlinear")
    assert result.weights == pytest.approx([0.0714, 0.3387, 0.5899], abs=5e-5)
    # 2 x 5 = 10 > 8, so xi is the smaller root of xi^2 - (2 + 5 + 1) xi + 10 - 8:
    # 4 - sqrt(14) = 0.258343; the best over the worst is 8 + xi, hence w_W = 1/14 exactly, since
    # (8 + xi) / (2 - xi) = 5 - xi and 1 + (5 - xi) + (8 + xi) = 14
    xi = 4 - math.sqrt(14)
    assert result.inconsistency == pytest.approx(xi, abs=1e-12)
    assert result.weights == pytest.approx(np.array([1, 5 - xi, 8 + xi]) / 14, abs=1e-12)
    # consistency index 4.47 for 8
    assert result.consistency_ratio == pytest.approx(0.26 / 4.47, abs=5e-4)
    assert result.intervals == pytest.approx(np.column_stack([result.weights] * 2), abs=1e-12)


def test_the_two_models_differ_on_that_example():
    # Linear, by hand: w_B - 2 w_2 = -xi, w_2 - 5 w_W = -xi, w_B - 8 w_W = xi. With w_W = 1:
    # r = 8 + x, w_2 = 5 - x, 8 + x - 10 + 2 x = -x, x = 1/2: 1, 4.5, 8.5 over 14, xi = 0.5/14.
    result = best_worst([8, 2, 1], [1, 5, 8])
    assert result.weights == pytest.approx([1 / 14, 4.5 / 14, 8.5 / 14], abs=1e-12)
    assert result.inconsistency == pytest.approx(0.5 / 14, abs=1e-12)
    assert ("model", "linear") in result.variant.parameters
    assert result.consistency_ratio is None
    assert result.intervals is None


def test_rezaei_2016_car_in_the_linear_model():
    # Buying a car: quality, price, comfort, safety, style. The figures are those of the tests of
    # the R package BWM (jakub-tomczak/BWM), which follows Rezaei 2016: weights in 183ds, xi 2/183.
    result = best_worst(*CAR)
    published = [0.22950820, 0.44808743, 0.11475410, 0.15300546, 0.05464481]
    assert result.weights == pytest.approx(published, abs=1e-8)
    assert result.weights == pytest.approx(np.array([42, 82, 21, 28, 10]) / 183, abs=1e-12)
    assert result.inconsistency == pytest.approx(2 / 183, abs=1e-12)
    assert (result.best, result.worst) == (1, 4)
    # safety: 3 x 3 = 9 against 8; |9 - 8| / (64 - 8)
    assert result.most_inconsistent == 3
    assert result.input_consistency_ratio == pytest.approx(1 / 56)


def test_the_car_in_the_nonlinear_model_by_hand():
    # Safety alone is off: 3 x 3 = 9 > 8, so xi^2 - 7 xi + 1 = 0, xi = (7 - sqrt 45)/2 = 0.145898,
    # and r = 8 + xi. Quality, with 2 x 4 = 8 < r, may weigh between max(r/(2 + xi), 4 - xi) and
    # min(r/(2 - xi), 4 + xi) = 4 + xi, in units of the worst; its own largest deviation is least
    # where r/w - 2 = w - 4: w = (2 + sqrt(4 + 4 r))/2.
    xi = (7 - math.sqrt(45)) / 2
    ratio = 8 + xi
    result = best_worst(*CAR, model="nonlinear")
    assert result.inconsistency == pytest.approx(xi, abs=1e-12)
    worst = result.weights[4]
    assert result.weights[1] / worst == pytest.approx(ratio)
    assert result.weights[3] / worst == pytest.approx(3 - xi)
    assert result.weights[0] / worst == pytest.approx((2 + math.sqrt(4 + 4 * ratio)) / 2)
    # comfort, 4 and 2: between max(r/(4 + xi), 2 - xi) and min(r/(4 - xi), 2 + xi)
    quality = (4 - xi, 4 + xi)
    comfort = (ratio / (4 + xi), ratio / (4 - xi))
    fixed = ratio + (3 - xi) + 1
    low = quality[0] / (quality[0] + comfort[1] + fixed)
    high = quality[1] / (quality[1] + comfort[0] + fixed)
    assert result.intervals[0] == pytest.approx([low, high], abs=1e-12)
    assert "least_own_deviations" in dict(result.variant.parameters).values()


def test_consistency_index_is_the_table_of_2015():
    # Rezaei 2015 tabulates 0 .. 5.23 for 1..9. A criterion that says a_BW both times is the worst
    # case of one criterion: xi equals the index, so the ratio is 1.
    table = [0, 0.44, 1.00, 1.63, 2.30, 3.00, 3.73, 4.47, 5.23]
    for span, index in zip(range(2, 10), table[1:], strict=True):
        result = best_worst([1, span, span], [span, span, 1], model="nonlinear")
        assert result.consistency_ratio == pytest.approx(1, abs=1e-12)
        assert result.inconsistency == pytest.approx(index, abs=5.1e-3)
    assert best_worst([1, 1], [1, 1], model="nonlinear").consistency_ratio == 0


def test_the_index_of_2015_is_not_an_upper_bound_for_two():
    # Best over worst 2; one criterion says 2 and 2, another 1 and 1: the pair needs
    # (2 - xi)^2 = (1 + xi)^2, xi = 1/2, over an index of (5 - sqrt 17)/2 = 0.438: ratio 1.14.
    result = best_worst([1, 2, 1, 2], [2, 2, 1, 1], model="nonlinear")
    assert result.inconsistency == pytest.approx(0.5)
    assert result.consistency_ratio == pytest.approx(1 / (5 - math.sqrt(17)), abs=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_one_and_two_criteria(model):
    assert best_worst([1], [1], model).weights.tolist() == [1]
    assert best_worst([1, 4], [4, 1], model).weights == pytest.approx([0.8, 0.2], abs=1e-12)
    assert best_worst([1, 4], [4, 1], model).inconsistency == 0


@pytest.mark.parametrize("model", MODELS)
def test_equal_criteria(model):
    result = best_worst([1, 1, 1], [1, 1, 1], model)
    assert result.weights == pytest.approx([1 / 3] * 3, abs=1e-12)
    assert result.warnings == (
        TiedForBest(tied=("0", "1", "2"), taken="0"),
        TiedForWorst(tied=("0", "1", "2"), taken="1"),
    )


@pytest.mark.parametrize("model", MODELS)
@given(st.sampled_from([2, 4, 6, 8, 9]), st.data())
@settings(deadline=None, max_examples=40)
def test_consistent_comparisons_return_their_weights(model, span, data):
    divisors = [d for d in range(1, span + 1) if span % d == 0]
    inner = data.draw(st.lists(st.sampled_from(divisors[1:-1] or divisors), max_size=8))
    under = np.array([span, *inner, 1.0])
    result = best_worst(span / under, under, model)
    assert result.weights == pytest.approx(under / under.sum(), abs=1e-9)
    assert result.inconsistency == pytest.approx(0, abs=1e-9)
    assert result.input_consistency_ratio == 0
    assert result.most_inconsistent is None


@pytest.mark.parametrize("model", MODELS)
@given(st.integers(3, 9), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_permuted_criteria_permute_the_weights(model, size, seed):
    rng = np.random.default_rng(seed)
    over, under = comparisons(rng, size, distinct=True)
    order = rng.permutation(size)
    assume((over == 1).sum() == 1 == (under == 1).sum())  # of tied bests the first is taken
    result, permuted = best_worst(over, under, model), best_worst(over[order], under[order], model)
    assert permuted.weights == pytest.approx(result.weights[order], abs=1e-9)
    assert permuted.inconsistency == pytest.approx(result.inconsistency, abs=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_weights_attain_the_deviation_and_no_other_weights_beat_it(model):
    rng = np.random.default_rng(5)
    for _ in range(60):
        over, under = comparisons(rng, int(rng.integers(3, 9)))
        result = best_worst(over, under, model)
        place = (over, under, result.best, result.worst)
        attained = largest_deviation(model, result.weights, *place)
        assert attained == pytest.approx(result.inconsistency, abs=1e-9)
        near = result.weights * np.exp(rng.normal(0, 0.05, (500, over.size)))
        others = np.vstack((rng.dirichlet(np.ones(over.size), 500), near))
        others /= others.sum(axis=1, keepdims=True)
        others = others[others.min(axis=1) > 1e-6]
        assert largest_deviation(model, others, *place).min() >= result.inconsistency - 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_no_weights_at_all_exist_for_a_smaller_deviation(model):
    rng = np.random.default_rng(8)
    tried = 0
    while tried < 40:
        over, under = comparisons(rng, int(rng.integers(3, 9)))
        if (over * under == over[-1]).all():
            continue  # fully consistent: nothing is smaller than 0
        tried += 1
        result = best_worst(over, under, model)
        assert result.inconsistency > 1e-3
        assert weight_range(model, result, over, under, -1e-3 * result.inconsistency) is None
        assert weight_range(model, result, over, under, 1e-9) is not None


def test_the_linear_optimum_is_unique():
    rng = np.random.default_rng(9)
    for _ in range(40):
        over, under = comparisons(rng, int(rng.integers(3, 9)))
        result = best_worst(over, under)
        ranges = weight_range("linear", result, over, under, 1e-9)
        assert ranges == pytest.approx(np.column_stack([result.weights] * 2), abs=1e-5)


def test_nonlinear_intervals_equal_those_of_linear_programs():
    rng = np.random.default_rng(10)
    for _ in range(40):
        over, under = comparisons(rng, int(rng.integers(3, 9)))
        result = best_worst(over, under, model="nonlinear")
        ranges = weight_range("nonlinear", result, over, under, 1e-8)
        assert result.intervals == pytest.approx(ranges, abs=1e-5)
        assert (result.intervals[:, 0] <= result.weights).all()
        assert (result.weights <= result.intervals[:, 1]).all()


def test_of_the_nonlinear_optima_the_least_deviation_of_each_criterion_is_chosen():
    rng = np.random.default_rng(12)
    for _ in range(20):
        over, under = comparisons(rng, 6)
        result = best_worst(over, under, model="nonlinear")
        units = result.weights / result.weights[result.worst]
        for j in set(range(6)) - {result.best, result.worst}:
            tried = np.linspace(0.02, 12, 5000)
            own = np.maximum(np.abs(units[result.best] / tried - over[j]), np.abs(tried - under[j]))
            chosen = max(abs(units[result.best] / units[j] - over[j]), abs(units[j] - under[j]))
            assert chosen <= own.min() + 1e-12


@pytest.mark.parametrize(
    ("over", "under", "message"),
    [
        ([8, 2, 1], [1, 5, 7], r"over the worst is 8 .*\('a'\) but 7 in others to worst \('c'\)"),
        ([8, 2, 3], [1, 5, 8], "Best to others: no 1; the best criterion compared with itself"),
        ([8, 2, 1], [2, 5, 8], "Others to worst: no 1; the worst criterion compared with itself"),
        ([8, 0.5, 1], [1, 5, 8], "Best to others: 'b' is 0.5; the scale is 1..9"),
        ([8, 2, 1], [1, 10, 8], "Others to worst: 'b' is 10; the scale is 1..9"),
        ([6, 8, 1], [1, 2, 6], "Best to others: 'b' is 8; no judgement can exceed 6, the best"),
        ([6, 2, 1], [1, 7, 6], "Others to worst: 'b' is 7; no judgement can exceed 6, the best"),
        ([2, 1, 3], [2, 1, 3], "'b' is both the best and the worst"),
        ([8, float("inf"), 1], [1, 5, 8], "'b' is inf; give a finite number"),
    ],
)
def test_a_faulty_comparison_is_named(over, under, message):
    with pytest.raises(ValueError, match=message):
        best_worst(over, under, names=["a", "b", "c"])


def test_lengths_and_model_are_checked():
    with pytest.raises(ValueError, match="3 comparisons with the best, 2 with the worst"):
        best_worst([8, 2, 1], [1, 8])
    with pytest.raises(ValueError, match=r"unknown model 'bayesian'; use one of \('linear'"):
        best_worst([1], [1], model="bayesian")


def test_tied_bests_are_told_and_the_pair_that_agrees_is_taken():
    # positions 0 and 1 are both compared as 1 with the best, but only 1 says 8 over the worst
    result = best_worst([1, 1, 8], [6, 8, 1], names=["a", "b", "c"])
    assert (result.best, result.worst) == (1, 2)
    assert result.warnings == (TiedForBest(tied=("a", "b"), taken="b"),)


def test_of_several_agreeing_pairs_the_widest_is_taken():
    # 0 over 2 agrees on 2, but 1 over 3 agrees on 8, which no judgement exceeds
    result = best_worst([1, 1, 2, 8], [2, 8, 1, 1])
    assert (result.best, result.worst) == (1, 3)
