"""Ranks and pairs as long tables: what is there gives back every share, what is not is bounded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from evaluator.uncertainty.findings import PairsTold
from evaluator.uncertainty.ranks import BANDS, PAIRS, pair_table, rank_table
from evaluator.uncertainty.smaa import Scores, acceptability_of_scores

Floats = NDArray[np.float64]


def ids(count: int) -> list[str]:
    return [f"p{number}" for number in range(count)]


@settings(deadline=None)
@given(
    scores=st.tuples(st.integers(1, 9), st.integers(1, 7)).flatmap(
        lambda shape: arrays(np.float64, shape, elements=st.sampled_from([0.0, 20.0, 50.0, 80.0]))
    )
)
def test_a_small_study_gives_back_every_share(scores: Floats) -> None:
    found = acceptability_of_scores([Scores(scores)])
    names = ids(scores.shape[1])

    ranks = rank_table(names, found.rank_acceptability)
    assert (ranks["share"] > 0).all()
    assert (ranks["rank_from"] == ranks["rank_to"]).all()
    back = np.zeros_like(found.rank_acceptability)
    back[[names.index(p) for p in ranks["package"]], ranks["rank_from"] - 1] = ranks["share"]
    np.testing.assert_array_equal(back, found.rank_acceptability)

    wins = found.pairwise_winning
    assert wins is not None
    pairs, left = pair_table(names, wins)
    again = np.triu(np.ones_like(wins), k=1)
    for one, other, ahead in pairs.itertuples(index=False):
        again[names.index(one), names.index(other)] = ahead
    np.testing.assert_array_equal(again, np.triu(wins, k=1))
    assert left == ()


@pytest.mark.parametrize("count", [BANDS, BANDS + 1, 401, 1_000])
def test_many_ranks_are_told_in_bands_that_cover_all(count: int) -> None:
    table = rank_table(ids(3), np.tile(np.arange(1.0, count + 1), (3, 1)))
    one = table[table["package"] == "p1"]
    assert len(one) <= BANDS
    assert one["rank_from"].tolist() == [1, *(one["rank_to"].iloc[:-1] + 1)]
    assert one["rank_to"].iloc[-1] == count
    sums = [sum(range(a, b + 1)) for a, b in zip(one["rank_from"], one["rank_to"], strict=True)]
    assert one["share"].tolist() == sums


def test_of_many_pairs_those_stay_that_the_draws_question_most() -> None:
    count = 2 * PAIRS + 50
    wins = np.random.default_rng(3).uniform(0.2, 1.0, (count, count))
    table, left = pair_table(ids(count), wins)
    every = np.sort(wins[np.triu_indices(count, k=1)])
    most = PAIRS * count

    assert sorted(table["ahead"]) == every[:most].tolist()
    assert left == (PairsTold(most, len(every), every[most]),)
    order = [
        (int(p[1:]), int(o[1:])) for p, o in zip(table["package"], table["other"], strict=True)
    ]
    assert order == sorted(order)
    assert all(one < other for one, other in order)
