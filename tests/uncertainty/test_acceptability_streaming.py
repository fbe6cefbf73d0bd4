"""The same bits however draws are cut and spread; bounded memory; what is refused."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.uncertainty.sampling import (
    BLOCK,
    AgencyWeights,
    Panel,
    Range,
    Stated,
    Unknown,
    Weighting,
    performances,
    sample_values,
    sample_weights,
    value_block,
    weight_block,
    weighting_block,
)
from evaluator.uncertainty.smaa import (
    Acceptability,
    Draws,
    Scores,
    acceptability,
    acceptability_of_scores,
    simulate,
    weighted_sum,
)

Floats = NDArray[np.float64]

DRAWS = 5_000
CELLS = performances(
    [
        [50.0, Range(20, 40), 70.0],
        [Panel((0, 30, 90)), Range(0, 100), 20.0],
        [Panel((0, 30, 90)), Range(0, 100), 20.0],
        [Panel((10, 60)), Panel((0, 100)), 40.0],
        [50.0, 25.0, 10.0],
        [50.0, 25.0, 10.0],
    ]
)


def draws_of(block: int) -> Draws:
    return Draws(
        value_block(CELLS, seed=2, block=block), weight_block(Unknown(3), seed=2, block=block)
    )


def assert_same(one: Acceptability, other: Acceptability, but: tuple[str, ...] = ()) -> None:
    for field in fields(Acceptability):
        if field.name in but:
            continue
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, np.ma.MaskedArray):
            np.testing.assert_array_equal(np.ma.getmaskarray(mine), np.ma.getmaskarray(theirs))
            np.testing.assert_array_equal(mine.data, theirs.data)
        else:
            np.testing.assert_array_equal(mine, theirs)


def test_sampler_and_arrays_give_the_same_bits() -> None:
    arrays = acceptability(
        sample_values(CELLS, DRAWS, seed=2), sample_weights(Unknown(3), DRAWS, seed=2)
    )

    assert_same(simulate(draws_of, DRAWS), arrays)
    assert arrays.draws == DRAWS


@pytest.mark.parametrize("workers", [2, 3, 8])
def test_workers_do_not_change_a_bit(workers: int) -> None:
    assert_same(simulate(draws_of, DRAWS, workers=workers), simulate(draws_of, DRAWS))


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 7, 1_000, BLOCK, 4_999, DRAWS])
def test_blocks_of_scores_of_any_size_give_the_same_bits(size: int) -> None:
    weights = sample_weights(Unknown(3), DRAWS, seed=2)
    scores = weighted_sum(sample_values(CELLS, DRAWS, seed=2), weights)
    designated, tied = scores > 40, scores < 30

    def blocks() -> Iterator[Scores]:
        for begin in range(0, DRAWS, size):
            part = slice(begin, begin + size)
            yield Scores(scores[part], weights[part], designated[part], tied[part])

    whole = simulate(draws_of, DRAWS, designation=lambda scores, _: (scores > 40, scores < 30))
    assert_same(acceptability_of_scores(blocks()), whole, but=("confidence",))


@pytest.mark.parametrize("draws", [1, 2_040, 2_041, 15 * BLOCK, 16 * BLOCK + 1])
def test_pairs_are_those_of_comparing_each_draw(draws: int) -> None:
    # The bytes in which draws are counted are full at 2,040, what is counted at once at 15 blocks.
    scores = np.random.default_rng(7).integers(0, 6, (draws, 5)).astype(np.float64)
    scores[:, 3], scores[::2, 4] = 9, -1  # ahead in every draw; behind in half of them
    ahead = (scores[:, :, None] > scores[:, None, :]).sum(axis=0)
    level = (scores[:, :, None] == scores[:, None, :]).sum(axis=0)

    np.testing.assert_array_equal(
        acceptability_of_scores([Scores(scores)]).pairwise_winning, (2 * ahead + level) / draws / 2
    )


def test_fixed_values_give_the_same_as_values_repeated_for_each_draw() -> None:
    values = np.array([[50.0, 20, 70], [30, 90, 20], [30, 90, 20], [60, 10, 40]])
    weights = sample_weights(Unknown(3), DRAWS, seed=2)

    assert_same(
        acceptability(values, weights), acceptability(np.tile(values, (DRAWS, 1, 1)), weights)
    )


def test_designation_may_look_at_the_agencies() -> None:
    # One criterion an agency, so the agency scores are the values 80, 30 and 50, 50: with a floor
    # of 40 for both, only the second package can be designated; it needs 45 overall.
    weighting = Weighting(
        Stated((0.5, 0.5), 0.3),
        (AgencyWeights("a", (0,), Unknown(1)), AgencyWeights("b", (1,), Unknown(1))),
        2,
    )
    values = np.array([[80.0, 30.0], [50.0, 50.0]])

    def drawn(block: int) -> Draws:
        one = weighting_block(weighting, seed=1, block=block)
        return Draws(values, one.effective, one.agencies)

    def designation(scores: Floats, draws: Draws) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        by_agency = np.stack([one.scores(draws.values) for one in draws.agencies], axis=1)
        members = (scores >= 45) & (by_agency.min(axis=1) >= 40)
        return members, ~members

    result = simulate(drawn, 2_000, designation=designation)
    np.testing.assert_array_equal(result.designated_share, [0, 1])
    np.testing.assert_array_equal(result.designated_share_error, [0, 0])
    np.testing.assert_array_equal(result.tied_share, [1, 0])


def test_designated_share_is_that_of_the_draws() -> None:
    # A = 100 w, w uniform: designated from 70 on, 0.3 of the draws.
    weights = sample_weights(Unknown(2), 100_000, seed=1)
    result = acceptability(
        np.array([[100.0, 0.0], [0.0, 0.0]]),
        weights,
        designation=lambda scores, _: (scores >= 70, scores < 20),
    )

    assert result.designated_share is not None
    assert result.designated_share_error is not None
    assert result.designated_share[0] == (weights[:, 0] * 100 >= 70).mean()
    assert result.tied_share is not None
    assert result.tied_share[0] == (weights[:, 0] * 100 < 20).mean()
    assert abs(result.designated_share[0] - 0.3) < 3 * result.designated_share_error[0]


def test_what_is_not_asked_for_is_none() -> None:
    bare = acceptability_of_scores([Scores(np.eye(2))], pairwise=False)

    for name in ("pairwise_winning", "central_weights", "confidence", "designated_share"):
        assert getattr(bare, name) is None


def test_progress_counts_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    simulate(draws_of, 3 * BLOCK, progress=lambda done, total: told.append((done, total)))

    # Values differ from draw to draw: three blocks for the ranks, three for the confidence.
    assert told == [(done, 6) for done in range(1, 7)]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_ends_the_run(workers: int) -> None:
    def interrupted(block: int) -> Draws:
        if block == 5:
            raise KeyboardInterrupt
        return draws_of(block)

    with pytest.raises(KeyboardInterrupt):
        simulate(interrupted, 100 * BLOCK, workers=workers)


def test_memory_does_not_grow_with_the_draws() -> None:
    def peak(blocks: int) -> int:
        tracemalloc.start()
        simulate(draws_of, blocks * BLOCK)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(4)
    assert peak(80) < 1.1 * peak(8)


def test_the_confidence_does_not_depend_on_how_many_packages_are_placed_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = simulate(draws_of, 2 * BLOCK)
    assert expected.ever_first.sum() > 1
    monkeypatch.setattr(import_module("evaluator.uncertainty.smaa.simulate"), "_MOST_SCORES", 1)
    found = simulate(draws_of, 2 * BLOCK)
    np.testing.assert_array_equal(found.confidence, expected.confidence)


@pytest.mark.slow
def test_memory_at_full_size() -> None:
    # 200 packages x 25 criteria, every value uncertain.
    known = performances([[Range(0, 100)] * 25] * 200)

    def drawn(block: int) -> Draws:
        return Draws(
            value_block(known, seed=2, block=block), weight_block(Unknown(25), seed=2, block=block)
        )

    tracemalloc.start()
    simulate(drawn, 4 * BLOCK)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert highest < 400e6


def test_wrong_input_is_refused_with_its_place() -> None:
    values, weights = np.eye(2) * 100, np.full((3, 2), 0.5)

    with pytest.raises(ValueError, match=r"weights have shape \(2,\)"):
        acceptability(values, weights[0])
    with pytest.raises(ValueError, match=r"weights have shape \(0, 2\)"):
        acceptability(values, weights[:0])
    with pytest.raises(ValueError, match=r"values \(2, 2\) and weights \(3, 1\) do not fit"):
        acceptability(values, weights[:, :1])
    with pytest.raises(ValueError, match="2 draws of values, 3 of weights"):
        acceptability(np.ones((2, 2, 2)), weights)
    with pytest.raises(ValueError, match=r"the value at \(0, 1\) is not a finite number"):
        acceptability(np.array([[1.0, np.nan]]), weights)
    with pytest.raises(ValueError, match=r"weights of draw 1 .* sum to 0\.9, not 1"):
        acceptability(values, np.array([[0.5, 0.5], [0.5, 0.4]]))
    with pytest.raises(ValueError, match="weights of draw 0 of its block are negative"):
        acceptability(values, np.array([[1.5, -0.5]]))
    with pytest.raises(ValueError, match=r"weights of draw 0 .* sum to nan"):
        acceptability(values, np.array([[np.nan, 0.5]]))
    with pytest.raises(ValueError, match="0 workers"):
        acceptability(values, weights, workers=0)
    with pytest.raises(ValueError, match="score scale 0"):
        acceptability(values, weights, scale=0)
    with pytest.raises(ValueError, match=r"the score of package 0 in draw 2 .* 8 times the score"):
        acceptability(np.eye(2) * 1e4, np.array([[0.0, 1.0]] * 2 + [[1.0, 0.0]]), method=single)
    with pytest.raises(ValueError, match="0 draws: between 1 and"):
        simulate(draws_of, 0)
    with pytest.raises(ValueError, match="a block of 3 draws where 4 are needed"):
        simulate(lambda _: Draws(values, weights), 4)


def single(values: Floats, weights: Floats) -> Floats:
    """Score the first package by the first criterion, the second by 0."""
    return np.column_stack([weights[:, 0] * values[0, 0], np.zeros(len(weights))])


def test_wrong_scores_are_refused() -> None:
    with pytest.raises(ValueError, match="no draws"):
        acceptability_of_scores([])
    with pytest.raises(ValueError, match=r"scores have shape \(3,\)"):
        acceptability_of_scores([Scores(np.ones(3))])
    with pytest.raises(ValueError, match="scores of 3 draws, weights of 2"):
        acceptability_of_scores([Scores(np.ones((3, 2)), np.full((2, 2), 0.5))])
    with pytest.raises(ValueError, match=r"scores \(3, 2\), designations \(2, 2\)"):
        acceptability_of_scores([Scores(np.ones((3, 2)), None, np.ones((2, 2), dtype=bool))])
    with pytest.raises(ValueError, match="package 1 in draw 0 of its block is not finite"):
        acceptability_of_scores([Scores(np.array([[1.0, np.nan]]))])
    with pytest.raises(ValueError, match=r"blocks of draws differ: 2 packages.* and 3 packages"):
        acceptability_of_scores([Scores(np.ones((3, 2))), Scores(np.ones((3, 3)))])
    with pytest.raises(ValueError, match="no weights, no designations and 2 packages"):
        acceptability_of_scores(
            [Scores(np.eye(2)), Scores(np.eye(2), None, np.ones((2, 2), dtype=bool))]
        )
    with pytest.raises(ValueError, match="70000 packages: at most 65536"):
        acceptability_of_scores([Scores(np.zeros((1, 70_000)))], pairwise=False)
