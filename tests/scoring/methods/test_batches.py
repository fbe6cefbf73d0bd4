"""Ten thousand weight vectors in one call."""

import tracemalloc
from functools import partial

import numpy as np
import pytest

from evaluator.scoring.methods.additive import waspas, weighted_product, weighted_sum
from evaluator.scoring.methods.distance import topsis, vikor
from evaluator.scoring.methods.electre_tri import electre_tri
from evaluator.scoring.methods.promethee import promethee

METHODS = {
    "weighted_sum": weighted_sum,
    "weighted_product": weighted_product,
    "waspas": waspas,
    "topsis": topsis,
    "vikor": vikor,
    "promethee": partial(promethee, preference="linear", q=5, p=20),
    "electre_tri": partial(electre_tri, profiles=[[30] * 8, [60] * 8], q=5, p=10, v=40),
}
FIELDS = {
    "vikor": ["S", "R", "Q", "acceptable_advantage", "acceptable_stability", "compromise"],
    "promethee": ["positive", "negative", "net"],
    "electre_tri": ["pessimistic", "optimistic"],
}


@pytest.mark.parametrize("name", METHODS)
def test_a_batch_equals_the_loop(name):
    generator = np.random.default_rng(11)
    matrix, directions = generator.uniform(1, 100, (40, 8)), np.ones(8)
    weights = generator.dirichlet(np.ones(8), 10_000)
    batch = METHODS[name](matrix, weights, directions)
    assert batch.scores.shape == (10_000, 40)
    for draw in range(0, 10_000, 40):  # 250 draws, over several blocks
        single = METHODS[name](matrix, weights[draw], directions)
        for field in ["scores", *FIELDS.get(name, [])]:
            found, wanted = getattr(batch, field)[draw], getattr(single, field)
            np.testing.assert_array_equal(found, wanted, err_msg=f"{field} of draw {draw}")


@pytest.mark.parametrize("name", METHODS)
def test_memory_is_bounded(name):
    generator = np.random.default_rng(12)
    matrix, weights = generator.uniform(1, 100, (200, 8)), generator.dirichlet(np.ones(8), 10_000)
    tracemalloc.start()
    METHODS[name](matrix, weights, np.ones(8))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 500e6


def test_drawn_values():
    # Two draws of values: 1*.5 - 2*.5 = -.5, 3*.5 - 4*.5 = -.5; 5*.2 - 6*.8 = -3.8, ...
    values = np.array([[[1, 2], [3, 4]], [[5, 6], [9, 1]]], dtype=float)
    weights = np.array([[0.5, 0.5], [0.2, 0.8]])
    both = weighted_sum(values, weights, [1, -1]).scores
    np.testing.assert_allclose(both, [[-0.5, -0.5], [-3.8, 1.0]], rtol=1e-15)
    one = weighted_sum(values, weights[0], [1, -1]).scores
    np.testing.assert_allclose(one, [[-0.5, -0.5], [-0.5, 4.0]], rtol=1e-15)
    np.testing.assert_array_equal(both[0], weighted_sum(values[0], weights[0], [1, -1]).scores)


def test_drawn_values_that_do_not_fit():
    values = np.ones((2, 3, 2))
    with pytest.raises(ValueError, match="the matrix holds 2 draws, the weights 3"):
        weighted_sum(values, np.full((3, 2), 0.5), [1, 1])
    with pytest.raises(ValueError, match="cannot have normalization 'max'"):
        weighted_sum(values, [0.5, 0.5], [1, 1], normalization="max")
    with pytest.raises(ValueError, match=r"matrix has shape \(2, 3, 2\)"):
        topsis(values, [0.5, 0.5], [1, 1])
