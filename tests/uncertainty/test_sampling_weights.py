"""Weights drawn from nothing, an order, a statement; streams that depend on the draw alone."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from evaluator.uncertainty.findings import (
    DirichletAround,
    FixedShares,
    UniformInOrder,
    UniformOnSimplex,
    UniformWithinBounds,
)
from evaluator.uncertainty.sampling import (
    BLOCK,
    Bounded,
    Fixed,
    Ordered,
    Stated,
    Unknown,
    WeightInformation,
    distribution,
    sample_weights,
    stream,
    weight_block,
)

DRAWS = 200_000
EVERY_KIND: list[WeightInformation] = [
    Unknown(5),
    Ordered((2, 1, 3, 3, 3)),
    Ordered((2, 1, 3, 3, 3), ties="equal"),
    Bounded((0.1, 0.0, 0.0, 0.2, 0.0), (0.4, 0.3, 1.0, 0.5, 0.3)),
    Stated((0.4, 0.3, 0.2, 0.1, 0.0), 0.4),
    Fixed((0.4, 0.3, 0.2, 0.1, 0.0)),
]


def within(found: float, expected: float, error: float, errors: float = 4) -> bool:
    return abs(found - expected) <= errors * error


@pytest.mark.parametrize("information", EVERY_KIND, ids=lambda kind: type(kind).__name__)
def test_every_draw_lies_on_the_simplex(information: WeightInformation) -> None:
    weights = sample_weights(information, 5_000, seed=3)

    assert weights.shape == (5_000, 5)
    assert weights.min() >= 0
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-12)


@pytest.mark.parametrize("information", EVERY_KIND, ids=lambda kind: type(kind).__name__)
def test_a_draw_depends_on_the_seed_and_its_number_alone(information: WeightInformation) -> None:
    few = sample_weights(information, 1_500, seed=3)
    many = sample_weights(information, 5_000, seed=3)
    second_block = weight_block(information, seed=3, block=1)

    np.testing.assert_array_equal(few, many[:1_500])
    np.testing.assert_array_equal(second_block, many[BLOCK : 2 * BLOCK])


def test_streams_differ_by_seed_purpose_and_block() -> None:
    same = stream(1, "weights", 0).random(100)
    others = [stream(2, "weights", 0), stream(1, "influence", 0), stream(1, "weights", 1)]

    np.testing.assert_array_equal(same, stream(1, "weights", 0).random(100))
    for other in others:
        assert not np.isin(other.random(100), same).any()


def test_consecutive_blocks_do_not_overlap() -> None:
    # Were the block the low word of the counter, block 1 would repeat block 0 from its 5th number.
    first = stream(1, "weights", 0).random(10_000)
    second = stream(1, "weights", 1).random(10_000)

    assert not np.isin(second, first).any()


def test_a_share_of_nearly_nothing_draws_nothing() -> None:
    # 1 over a shape of 1e-320 is no number; warnings are errors here
    weights = sample_weights(Stated((1.0, 1e-320), 0.4), 100, seed=1)
    np.testing.assert_array_equal(weights, [[1.0, 0.0]] * 100)


def test_uniform_simplex_has_the_moments_of_dirichlet_ones() -> None:
    # Dirichlet(1, ..., 1) on m = 5: mean 1/5, variance (1/5)(4/5)/6 = 4/150,
    # covariance -(1/25)/6 = -1/150. Normalised uniforms would have a variance of about 0.011.
    weights = sample_weights(Unknown(5), DRAWS, seed=1)

    covariance = np.cov(weights.T)
    for criterion in range(5):
        column = weights[:, criterion]
        error = np.sqrt(4 / 150 / DRAWS)
        assert within(column.mean(), 1 / 5, error)
        squares = (column - 1 / 5) ** 2
        assert within(squares.mean(), 4 / 150, squares.std() / np.sqrt(DRAWS))
        assert within(covariance[criterion, criterion - 1], -1 / 150, 1e-4)


def test_uniform_simplex_has_the_marginal_of_a_beta() -> None:
    # One of m weights is Beta(1, m - 1): P(w > x) = (1 - x)^(m - 1). m = 4, x = 0.3: 0.343.
    share = (sample_weights(Unknown(4), DRAWS, seed=2)[:, 1] > 0.3).mean()

    assert within(share, 0.343, np.sqrt(0.343 * 0.657 / DRAWS))


def test_known_order_is_kept_and_its_mean_is_the_rank_order_centroid() -> None:
    # Rank-order centroid (Barron and Barrett 1996), m = 3: 11/18, 5/18, 2/18.
    weights = sample_weights(Ordered((2, 1, 3)), DRAWS, seed=1)

    assert (weights[:, 1] >= weights[:, 0]).all()
    assert (weights[:, 0] >= weights[:, 2]).all()
    errors = weights.std(axis=0) / np.sqrt(DRAWS)
    for found, expected, error in zip(
        weights.mean(axis=0), (5 / 18, 11 / 18, 2 / 18), errors, strict=True
    ):
        assert within(found, expected, error)


def test_tied_ranks_in_any_order_share_the_centroid() -> None:
    # Ranks 1, 2, 2: nothing is known between the last two, so each has (5/18 + 2/18)/2 = 7/36.
    weights = sample_weights(Ordered((1, 2, 2)), DRAWS, seed=1)

    assert (weights[:, 0] >= weights[:, 1:].max(axis=1)).all()
    assert 0.49 < (weights[:, 1] > weights[:, 2]).mean() < 0.51
    errors = weights.std(axis=0) / np.sqrt(DRAWS)
    for found, expected, error in zip(
        weights.mean(axis=0), (11 / 18, 7 / 36, 7 / 36), errors, strict=True
    ):
        assert within(found, expected, error)


def test_tied_ranks_of_equal_weight() -> None:
    # Corners (1, 0, 0) and (1/3, 1/3, 1/3): w_1 is uniform on 1/3..1, mean 2/3.
    weights = sample_weights(Ordered((1, 2, 2), ties="equal"), DRAWS, seed=1)

    np.testing.assert_array_equal(weights[:, 1], weights[:, 2])
    assert within(weights[:, 0].mean(), 2 / 3, np.sqrt(1 / 27 / DRAWS))
    assert within((weights[:, 0] < 0.5).mean(), 1 / 4, np.sqrt(3 / 16 / DRAWS))


def test_stated_weights_have_the_stated_mean_and_spread() -> None:
    # Three of four weigh: (3 - 1) / (c + 1) = 2/21, so c = 20. Dirichlet(20 w): mean w, variance
    # w (1 - w) / 21.
    stated = (0.5, 0.3, 0.2, 0.0)
    weights = sample_weights(Stated(stated, sqrt(2 / 21)), DRAWS, seed=1)

    assert (weights[:, 3] == 0).all()
    for criterion, expected in enumerate(stated[:3]):
        column = weights[:, criterion]
        variance = expected * (1 - expected) / 21
        assert within(column.mean(), expected, np.sqrt(variance / DRAWS))
        squares = (column - expected) ** 2
        assert within(squares.mean(), variance, squares.std() / np.sqrt(DRAWS))


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, 5, 150])
def test_a_relative_deviation_means_the_same_for_any_number_of_weights(count: int) -> None:
    # An equal share 1/n has the standard deviation 0.3/n: 15, 6 and 0.2 percent of the whole.
    weights = sample_weights(Stated((1 / count,) * count, 0.3), DRAWS, seed=1)

    squares = (count * weights[:, 0] - 1) ** 2
    assert within(squares.mean(), 0.3**2, squares.std() / np.sqrt(DRAWS))


def test_a_single_stated_weight_stays() -> None:
    assert (sample_weights(Stated((0.0, 1.0), 0.3), 3, seed=1) == [0, 1]).all()


def test_hardly_concentrated_weights_do_not_underflow() -> None:
    # 1 / (c + 1) = (1 - 5e-5)^2, so c = 1e-4: Dirichlet(0.0001 w) puts nearly all weight on one
    # criterion, each as often as its weight.
    weights = sample_weights(Stated((0.7, 0.3), 1 - 5e-5), DRAWS, seed=1)

    assert np.isfinite(weights).all()
    assert (weights.max(axis=1) > 0.999).mean() > 0.999
    assert within(weights[:, 0].mean(), 0.7, np.sqrt(0.21 / DRAWS))


def test_fixed_weights_never_vary() -> None:
    np.testing.assert_array_equal(
        sample_weights(Fixed((0.7, 0.3)), 3, seed=1), [[0.7, 0.3], [0.7, 0.3], [0.7, 0.3]]
    )


@pytest.mark.parametrize("information", EVERY_KIND, ids=lambda kind: type(kind).__name__)
def test_the_distribution_is_told_by_its_kind(information: WeightInformation) -> None:
    found = distribution(information, "weights", "a")
    kinds = {
        Unknown: UniformOnSimplex,
        Ordered: UniformInOrder,
        Bounded: UniformWithinBounds,
        Stated: DirichletAround,
        Fixed: FixedShares,
    }
    assert type(found) is kinds[type(information)]
    assert (found.of, found.agency) == ("weights", "a")


def test_wrong_statements_are_refused_with_the_figures() -> None:
    with pytest.raises(ValueError, match=r"weights sum to 0\.9, not 1"):
        Stated((0.5, 0.4), 0.3)
    with pytest.raises(ValueError, match=r"weight 1 is -0\.5"):
        Fixed((1.5, -0.5))
    with pytest.raises(ValueError, match="weight 0 is nan"):
        Fixed((float("nan"), 1.0))
    with pytest.raises(ValueError, match="weights are empty"):
        Fixed(())
    with pytest.raises(ValueError, match="relative deviation 0"):
        Stated((0.5, 0.5), 0)
    with pytest.raises(ValueError, match="relative deviation 1"):
        Stated((0.5, 0.5), 1)
    with pytest.raises(ValueError, match="weights of 0 criteria"):
        Unknown(0)
    with pytest.raises(ValueError, match="ranks are empty"):
        Ordered(())
    with pytest.raises(ValueError, match="rank 0 is below 1"):
        Ordered((0, 1))
    with pytest.raises(ValueError, match="0 draws asked for"):
        sample_weights(Unknown(2), 0, seed=1)
    with pytest.raises(ValueError, match="seed -1 is outside"):
        sample_weights(Unknown(2), 5, seed=-1)
    with pytest.raises(ValueError, match="block -1 is outside"):
        stream(1, "weights", -1)
