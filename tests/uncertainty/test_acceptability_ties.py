"""Tied draws are shared equally, by the decision's rule, which a plain reference repeats."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from evaluator.uncertainty.smaa import (
    Acceptability,
    Scores,
    acceptability,
    acceptability_of_scores,
)

Floats = NDArray[np.float64]

STEP = 1e-8
"""Points within which neighbours are tied: 1e-10 of a scale of 0 to 100."""


def of(scores: list[list[float]], **extra: Floats) -> Acceptability:
    return acceptability_of_scores([Scores(np.array(scores, dtype=np.float64), **extra)])


def reference(scores: Floats) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    """Rank acceptability and pairwise winning by loops over draws, in exact fractions."""
    draws, n = scores.shape
    ranks = [[Fraction(0)] * n for _ in range(n)]
    pairs = [[Fraction(0)] * n for _ in range(n)]
    for draw in scores.tolist():
        order = sorted(range(n), key=lambda p: -draw[p])
        groups = [[order[0]]]
        for before, package in pairwise(order):
            if draw[before] - draw[package] <= STEP:
                groups[-1].append(package)
            else:
                groups.append([package])
        place = 0
        for at, group in enumerate(groups):
            for package in group:
                for rank in range(place, place + len(group)):
                    ranks[package][rank] += Fraction(1, len(group) * draws)
                for other in group:
                    pairs[package][other] += Fraction(1, 2 * draws)
                for worse in (p for later in groups[at + 1 :] for p in later):
                    pairs[package][worse] += Fraction(1, draws)
            place += len(group)
    return ranks, pairs


def test_a_tie_over_two_ranks_gives_half_of_each() -> None:
    result = of([[3, 2, 2, 1]])

    np.testing.assert_array_equal(
        result.rank_acceptability,
        [[1, 0, 0, 0], [0, 0.5, 0.5, 0], [0, 0.5, 0.5, 0], [0, 0, 0, 1]],
    )
    np.testing.assert_array_equal(
        result.pairwise_winning,
        [[0.5, 1, 1, 1], [0, 0.5, 0.5, 1], [0, 0.5, 0.5, 1], [0, 0, 0, 0.5]],
    )
    np.testing.assert_array_equal(result.expected_rank, [1, 2.5, 2.5, 4])
    np.testing.assert_array_equal(result.rank_interval, [[1, 1], [2, 3], [2, 3], [4, 4]])


def test_ties_mix_with_other_draws() -> None:
    # Draw 1: A first, B and C share ranks 2 and 3. Draw 2: all share all. Draw 3: C, B, A.
    # A: rank 1: (1 + 1/3)/3, rank 2: (1/3)/3, rank 3: (1/3 + 1)/3.
    # B: (1/3)/3, (1/2 + 1/3 + 1)/3, (1/2 + 1/3)/3. C: (1/3 + 1)/3, (1/2 + 1/3)/3, the same.
    result = of([[3, 1, 1], [5, 5, 5], [1, 2, 3]])

    np.testing.assert_allclose(
        result.rank_acceptability,
        np.array([[4 / 3, 1 / 3, 4 / 3], [1 / 3, 11 / 6, 5 / 6], [4 / 3, 5 / 6, 5 / 6]]) / 3,
        atol=1e-15,
    )
    # A before B: won, tied, lost; B before C: tied, tied, lost.
    assert result.pairwise_winning is not None
    np.testing.assert_allclose(result.pairwise_winning[0, 1], 1.5 / 3)
    np.testing.assert_allclose(result.pairwise_winning[1, 2], 1 / 3)


def test_a_tie_at_the_top_shares_the_central_weights() -> None:
    # A is first alone at (1, 0) and shares the first place at (0.5, 0.5) with B: its central
    # weights are ((1, 0) + (0.5, 0.5)/2)/1.5 = (1.25, 0.25)/1.5; B's are (0.5, 0.5).
    result = of([[2, 1, 0], [2, 2, 0]], weights=np.array([[1.0, 0.0], [0.5, 0.5]]))

    assert result.central_weights is not None
    np.testing.assert_allclose(result.central_weights[0], [1.25 / 1.5, 0.25 / 1.5], atol=1e-9)
    np.testing.assert_allclose(result.central_weights[1], [0.5, 0.5], atol=1e-9)
    assert np.ma.getmaskarray(result.central_weights)[2].all()


def test_copies_of_a_package_share_everything() -> None:
    # Two copies: whatever one package had at a rank, both have half of it there and at the next.
    weights = np.random.default_rng(3).dirichlet(np.ones(3), 5_000)
    values = np.random.default_rng(4).uniform(0, 100, (4, 3))
    single = acceptability(values, weights)
    double = acceptability(np.vstack([values, values[:1]]), weights)

    np.testing.assert_array_equal(double.rank_acceptability[0], double.rank_acceptability[4])
    spread = (
        np.append(single.rank_acceptability[0], 0) + np.append(0, single.rank_acceptability[0])
    ) / 2
    np.testing.assert_allclose(double.rank_acceptability[0], spread, atol=1e-12)
    assert double.pairwise_winning is not None
    assert single.pairwise_winning is not None
    assert double.pairwise_winning[0, 4] == 0.5
    np.testing.assert_array_equal(double.pairwise_winning[:4, :4], single.pairwise_winning)
    np.testing.assert_array_equal(
        double.confidence,
        np.ma.where(np.isin(np.arange(5), [0, 4]), 0.5, np.ma.append(single.confidence, 1)),
    )


def test_rounding_in_the_score_does_not_break_a_tie() -> None:
    # 0.1 + 0.2 and 0.3 differ in the last digit; just under the step is tied, just over is not.
    result = of([[0.1 + 0.2, 0.3, 0.3 - 5 * STEP]])
    np.testing.assert_array_equal(result.rank_acceptability[0], [0.5, 0.5, 0])

    for steps, first in ((0, 0.5), (0.5, 0.5), (0.9999, 0.5), (1.0001, 1.0), (3, 1.0)):
        assert of([[50.0, 50.0 - steps * STEP]]).rank_acceptability[0, 0] == first
        assert of([[-50.0, -50.0 - steps * STEP]]).rank_acceptability[0, 0] == first


def test_ties_reach_from_neighbour_to_neighbour() -> None:
    chain = of([[50.0, 50.0 - 0.9 * STEP, 50.0 - 1.8 * STEP, 50.0 - 3 * STEP]])

    np.testing.assert_allclose(chain.rank_acceptability[:3, :3], 1 / 3)
    assert chain.rank_acceptability[3, 3] == 1


@pytest.mark.parametrize(("high", "low"), [(0, 299), (299, 0)])
def test_close_scores_are_told_apart_whatever_the_number_of_the_package(
    high: int, low: int
) -> None:
    # Packed with the number of the package, two scores may look closer than they are.
    scores = np.full((1, 300), 0.0)
    scores[0, high], scores[0, low] = 50.0, 50.0 - 1.0001 * STEP
    result = acceptability_of_scores([Scores(scores)])

    assert result.rank_acceptability[high, 0] == 1
    assert result.rank_acceptability[low, 1] == 1
    np.testing.assert_allclose(result.rank_acceptability[1:-1, 2:], 1 / 298)


def test_the_tolerance_follows_the_scale_of_the_scores() -> None:
    scores = np.array([[0.5, 0.5 - 2.0**-30]])  # 9.3e-10
    assert acceptability_of_scores([Scores(scores)]).rank_acceptability[0, 0] == 0.5
    assert acceptability_of_scores([Scores(scores)], scale=1).rank_acceptability[0, 0] == 1


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(-6, 6), min_size=5, max_size=5),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([-50.0, 0.0, 33.3, 99.0]),
    st.sampled_from([STEP / 3, STEP / 2, STEP, 7.0]),
)
def test_indices_equal_the_plain_reference(
    steps: list[list[int]], base: float, unit: float
) -> None:
    scores = base + unit * np.array(steps, dtype=np.float64)
    ranks, pairs = reference(scores)
    result = of(scores.tolist())

    np.testing.assert_allclose(
        result.rank_acceptability, np.array(ranks, dtype=np.float64), atol=1e-15
    )
    np.testing.assert_allclose(
        result.pairwise_winning, np.array(pairs, dtype=np.float64), atol=1e-15
    )


@pytest.mark.parametrize("draw", [0, 500, 999])
def test_a_tie_is_found_in_any_draw(draw: int) -> None:
    # 300 packages in order in one of 1,000 draws, where 7 and 8 are tied, in reverse in the others.
    scores = np.tile(np.arange(300.0) / 3, (1_000, 1))
    scores[draw] = scores[draw, ::-1]
    scores[draw, 8] = scores[draw, 7]
    result = acceptability_of_scores([Scores(scores)])

    in_order = np.eye(300)
    in_order[7:9, 7:9] = 0.5
    np.testing.assert_allclose(
        result.rank_acceptability, (in_order + 999 * np.eye(300)[::-1]) / 1_000, atol=1e-12
    )
    assert result.pairwise_winning is not None
    assert result.pairwise_winning[7, 8] == 0.0005
    assert result.pairwise_winning[6, 7] == 0.001


def test_the_rank_interval_takes_a_quantile_that_is_met_exactly() -> None:
    # A is first in 1 of 20 draws, 0.05, then second: 1..2. B first in 19, 0.95, then second: 1..1.
    result = of([[2, 1]] + [[1, 2]] * 19)
    np.testing.assert_array_equal(result.rank_interval, [[1, 2], [1, 1]])
    # In 1 of 21 draws, less than 0.05.
    result = of([[2, 1]] + [[1, 2]] * 20)
    np.testing.assert_array_equal(result.rank_interval, [[2, 2], [1, 1]])


def test_many_packages_equal_the_plain_reference() -> None:
    # Over 256 packages places no longer fit a byte. Scores are whole, so many are tied.
    scores = np.random.default_rng(5).integers(0, 200, (20, 300)).astype(np.float64)
    ranks, pairs = reference(scores)
    result = of(scores.tolist())

    np.testing.assert_allclose(
        result.rank_acceptability, np.array(ranks, dtype=np.float64), atol=1e-15
    )
    np.testing.assert_allclose(
        result.pairwise_winning, np.array(pairs, dtype=np.float64), atol=1e-15
    )
