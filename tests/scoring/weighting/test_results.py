"""What every method owes its caller: read-only weights that sum to 1, and a named variant."""

import dataclasses

import numpy as np
import pytest

from evaluator.scoring.weighting import (
    ahp,
    best_worst,
    critic,
    entropy,
    group_ahp,
    group_best_worst,
    hierarchy,
    points,
    rank_order,
    swing,
)

DATA = np.random.default_rng(1).uniform(1, 9, (12, 7))
RESULTS = {
    "points": points([12.3, 45.6, 42.1]),
    "swing": swing([100, 33, 67, 10, 1]),
    "centroid": rank_order(range(1, 26)),
    "sum": rank_order([3, 1, 1, 4], "sum"),
    "reciprocal": rank_order([2, 1, 3], "reciprocal"),
    "ahp": ahp([[1, 3, 7], [1 / 3, 1, 5], [1 / 7, 1 / 5, 1]]),
    "group of ahp": group_ahp([[[1, 3], [1 / 3, 1]], [[1, 5], [1 / 5, 1]]]),
    "group of best_worst": group_best_worst([[1, 3, 7]] * 2, [[7, 5, 1], [7, 2, 1]]),
    "linear": best_worst([1, 3, 7, 9], [9, 5, 2, 1]),
    "nonlinear": best_worst([1, 3, 7, 9], [9, 5, 2, 1], model="nonlinear"),
    "entropy": entropy(DATA),
    "critic": critic(DATA, [1, -1, 1, 1, -1, 1, 1]),
    "hierarchy": hierarchy({"a": (1 / 3, {"x": 0.1, "y": 0.9}), "b": 2 / 3}),
}


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_weights_sum_to_one_and_cannot_be_changed(result):
    assert abs(result.weights.sum() - 1) <= 1e-12
    assert (result.weights >= 0).all()
    with pytest.raises(ValueError, match="read-only"):
        result.weights[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.weights = None


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_the_variant_names_method_parameters_and_source(result):
    assert result.variant.method
    assert result.variant.parameters
    assert any(character.isdigit() for character in result.variant.source)


def test_inputs_are_not_changed_nor_shared():
    values = np.array([60.0, 40.0])
    result = points(values)
    values[0] = 0
    assert result.weights == pytest.approx([0.6, 0.4])
    pairwise = np.array([[1.0, 2.0], [0.5, 1.0]])
    ahp(pairwise)
    assert pairwise.tolist() == [[1, 2], [0.5, 1]]
