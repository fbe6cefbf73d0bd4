"""Weights within bounds: exactly uniform, against rejection and against closed forms."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from evaluator.uncertainty.sampling import Bounded, Unknown, sample_weights, stream
from evaluator.uncertainty.sampling.bounded import bounded_simplex

DRAWS = 50_000
BOUNDS = [
    # Room for all, a tight lower end, a tight upper end, one very wide, one that cannot move.
    ((0.1, 0.0, 0.2, 0.0), (0.6, 0.5, 0.7, 0.3)),
    ((0.3, 0.3, 0.3, 0.0), (1.0, 1.0, 1.0, 1.0)),
    ((0.0, 0.0, 0.0, 0.0), (0.3, 0.3, 0.3, 0.3)),
    ((0.0, 0.0, 0.0, 0.0), (0.1, 0.1, 0.1, 1.0)),
    ((0.2, 0.0, 0.1, 0.0), (0.2, 0.9, 0.5, 0.4)),
]


def rejected(lower: tuple[float, ...], upper: tuple[float, ...], draws: int) -> NDArray[np.float64]:
    """Draw uniformly from the free coordinates' simplex and keep what meets the bounds."""
    low, high = np.array(lower), np.array(upper)
    free = high > low
    rest = 1 - low.sum()
    generator = np.random.default_rng(11)
    kept = np.empty((0, len(low)))
    while len(kept) < draws:
        slack = generator.dirichlet(np.ones(free.sum()), 200_000) * rest
        weights = np.tile(low, (len(slack), 1))
        weights[:, free] += slack
        kept = np.vstack([kept, weights[(weights <= high).all(axis=1)]])
    return kept[:draws]


@pytest.mark.parametrize(("lower", "upper"), BOUNDS)
def test_bounded_weights_are_distributed_as_by_rejection(
    lower: tuple[float, ...], upper: tuple[float, ...]
) -> None:
    ours = sample_weights(Bounded(lower, upper), DRAWS, seed=5)
    theirs = rejected(lower, upper, DRAWS)

    # Marginals, and directions across them, by the two-sample Kolmogorov-Smirnov test.
    directions = np.vstack([np.eye(4), np.random.default_rng(1).normal(size=(4, 4))])
    for direction in directions:
        if np.ptp(theirs @ direction) > 1e-12:
            assert stats.ks_2samp(ours @ direction, theirs @ direction).pvalue > 1e-3
    assert (ours >= np.array(lower) - 1e-15).all()
    assert (ours <= np.array(upper) + 1e-15).all()


def test_bounds_that_do_not_bind_give_the_uniform_simplex() -> None:
    bounded = sample_weights(Bounded((0.0,) * 6, (1.0,) * 6), DRAWS, seed=1)
    free = sample_weights(Unknown(6), DRAWS, seed=2)

    assert stats.ks_2samp(bounded[:, 0], free[:, 0]).pvalue > 1e-3
    assert stats.ks_2samp(bounded.max(axis=1), free.max(axis=1)).pvalue > 1e-3


def test_many_tight_bounds_have_the_tail_of_the_closed_form() -> None:
    # m = 25, each weight in 0.02..0.06: the simplex finds this in about 1 % of proposals. With
    # x = (w - 0.02) / 0.5 uniform on the unit simplex cut at x <= d = 0.08, inclusion-exclusion
    # gives the volume V(m, s) of {x <= d, sum = s} and P(x_1 > t) as a ratio of two of them.
    def volume(caps: list[float], total: float) -> float:
        # All caps but the first are equal, so subsets are counted by their size.
        first, others = caps[0], len(caps) - 1
        power = len(caps) - 1
        result = 0.0
        for size in range(others + 1):
            ways = comb(others, size) * (-1) ** size
            result += ways * max(total - size * 0.08, 0) ** power
            result -= ways * max(total - first - size * 0.08, 0) ** power
        return result

    whole = volume([0.08] * 25, 1.0)
    above = volume([0.08 - 0.05] + [0.08] * 24, 1.0 - 0.05)
    expected = above / whole

    weights = sample_weights(Bounded((0.02,) * 25, (0.06,) * 25), DRAWS, seed=1)
    shares = (weights > 0.02 + 0.5 * 0.05).mean(axis=0)

    error = np.sqrt(expected * (1 - expected) / DRAWS)
    assert np.abs(shares - expected).max() < 4 * error


@pytest.mark.parametrize("cap", [0.04 + 1e-11, 0.0401, 0.041, 0.05, 0.08, 0.5])
def test_any_cap_on_many_weights_is_met(cap: float) -> None:
    # 25 alike weights: each has the mean 1/25, whatever the cap.
    weights = sample_weights(Bounded((0.0,) * 25, (cap,) * 25), 20_000, seed=1)

    assert weights.max() <= cap + 1e-15
    error = weights.std(axis=0) / np.sqrt(20_000)
    assert (np.abs(weights.mean(axis=0) - 1 / 25) < 4 * error + 1e-15).all()


def test_a_polytope_of_one_point() -> None:
    full = sample_weights(Bounded((0.5, 0.3, 0.2), (0.9, 0.9, 0.9)), 10, seed=1)
    empty = sample_weights(Bounded((0.0, 0.0, 0.0), (0.5, 0.3, 0.2)), 10, seed=1)
    alone = sample_weights(Bounded((0.2, 0.1), (0.2, 1.0)), 10, seed=1)

    np.testing.assert_allclose(full, np.tile([0.5, 0.3, 0.2], (10, 1)), atol=1e-12)
    np.testing.assert_allclose(empty, np.tile([0.5, 0.3, 0.2], (10, 1)), atol=1e-12)
    np.testing.assert_allclose(alone, np.tile([0.2, 0.8], (10, 1)), atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12),
    st.floats(0, 1),
)
def test_any_polytope_that_is_not_empty_is_sampled(
    pairs: list[tuple[float, float]], mix: float
) -> None:
    # Bounds around a point of the simplex, so that there is one to find.
    inner = np.array([one for one, _ in pairs]) + 1e-3
    inner /= inner.sum()
    width = np.array([other for _, other in pairs])
    lower = np.maximum(inner - mix * width, 0)
    upper = np.minimum(inner + (1 - mix) * width, 1)

    weights = bounded_simplex(stream(1, "any", 0), lower, upper, 200)

    assert weights.shape == (200, len(pairs))
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-9)
    assert (weights >= lower - 1e-9).all()
    assert (weights <= upper + 1e-9).all()


def test_empty_polytopes_are_refused_with_the_figures() -> None:
    with pytest.raises(ValueError, match=r"lower ones sum to 1\.1, above 1"):
        Bounded((0.6, 0.5), (0.9, 0.9))
    with pytest.raises(ValueError, match=r"upper ones sum to 0\.7, below 1"):
        Bounded((0.0, 0.0), (0.3, 0.4))
    with pytest.raises(ValueError, match=r"weight 1 are 0\.5\.\.0\.4"):
        Bounded((0.0, 0.5), (1.0, 0.4))
    with pytest.raises(ValueError, match="weight 0 are nan"):
        Bounded((float("nan"), 0.5), (1.0, 0.6))
    with pytest.raises(ValueError, match="2 lower and 1 upper"):
        Bounded((0.0, 0.5), (1.0,))
    with pytest.raises(ValueError, match="0 lower and 0 upper"):
        Bounded((), ())
