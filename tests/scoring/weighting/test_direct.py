"""Points, swing and rank order: by hand, by formula, and what they refuse."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.scoring.weighting import points, rank_order, swing

KINDS = ("centroid", "sum", "reciprocal")


def test_points_are_shares_of_the_total():
    # 50/100, 30/100, 20/100
    assert points([50, 30, 20]).weights == pytest.approx([0.5, 0.3, 0.2], abs=1e-15)
    assert points([0.5, 0.3, 0.2], out_of=1).weights == pytest.approx([0.5, 0.3, 0.2], abs=1e-15)


def test_points_may_be_zero_and_rounded_in_the_last_decimals():
    assert points([100, 0]).weights == pytest.approx([1, 0])
    assert points([33.3, 33.3, 33.4]).weights.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("values", "out_of", "shown"),
    [
        ([50, 30, 19], 100, "sum to 99, not to 100"),
        ([50, 30, 20], 1, "sum to 100, not to 1"),
        ([0.5, 0.3, 0.2], 100, "sum to 1, not to 100"),
        ([33.3, 33.3, 33.3], 100, "sum to 99.9, not to 100"),
    ],
)
def test_points_that_miss_the_total_show_their_sum(values, out_of, shown):
    with pytest.raises(ValueError, match=shown):
        points(values, out_of)


def test_every_faulty_point_is_named():
    with pytest.raises(ValueError, match=r"'b' is -5, 'c' is -1; points are 0 or more"):
        points([106, -5, -1], names=["a", "b", "c"])
    with pytest.raises(ValueError, match="position 1 is nan"):
        points([50, float("nan")])
    with pytest.raises(ValueError, match="total must be positive"):
        points([0, 0], out_of=0)
    with pytest.raises(ValueError, match=r"shape \(0,\)"):
        points([])
    with pytest.raises(ValueError, match="2 values for 1 names"):
        points([50, 50], names=["a"])


def test_swing_by_hand():
    # 100 + 60 + 40 = 200
    assert swing([100, 60, 40]).weights == pytest.approx([0.5, 0.3, 0.2], abs=1e-15)
    # two equally important swings: 100 + 100 + 50 = 250
    assert swing([100, 50, 100]).weights == pytest.approx([0.4, 0.2, 0.4], abs=1e-15)


def test_no_swing_is_above_a_hundred():
    with pytest.raises(ValueError, match=r"a swing lies in 0\.\.100"):
        swing([100, 100.5, 20])


def test_swing_needs_its_hundred():
    with pytest.raises(ValueError, match="largest is 90; the most important swing must be 100"):
        swing([90, 60, 40])
    with pytest.raises(ValueError, match=r"'b' is 120; a swing lies in 0..100"):
        swing([100, 120], names=["a", "b"])


@given(st.lists(st.integers(0, 100), min_size=1, max_size=25), st.randoms())
@settings(deadline=None)
def test_swing_keeps_ratios_and_order_of_criteria(others, random):
    values = [100, *others]
    weights = swing(values).weights
    assert weights * sum(values) == pytest.approx(values, rel=1e-12, abs=1e-12)
    order = random.sample(range(len(values)), len(values))
    assert swing(np.array(values)[order]).weights == pytest.approx(weights[order], abs=1e-15)


def test_rank_order_of_four_by_hand():
    # centroid: (1 + 1/2 + 1/3 + 1/4)/4 = 25/48, (1/2 + 1/3 + 1/4)/4 = 13/48, (1/3 + 1/4)/4 = 7/48,
    # (1/4)/4 = 3/48
    centroid = [25 / 48, 13 / 48, 7 / 48, 3 / 48]
    assert rank_order([1, 2, 3, 4]).weights == pytest.approx(centroid, abs=1e-15)
    # sum: 4, 3, 2, 1 over 10
    assert rank_order([1, 2, 3, 4], "sum").weights == pytest.approx([0.4, 0.3, 0.2, 0.1], abs=1e-15)
    # reciprocal: 1, 1/2, 1/3, 1/4 over 25/12 = 12/25, 6/25, 4/25, 3/25
    reciprocal = [0.48, 0.24, 0.16, 0.12]
    assert rank_order([1, 2, 3, 4], "reciprocal").weights == pytest.approx(reciprocal, abs=1e-15)


def test_ties_share_the_mean_weight_of_their_places():
    # places 2 and 3 of four: centroid (13/48 + 7/48)/2 = 10/48, sum (0.3 + 0.2)/2,
    # reciprocal (0.24 + 0.16)/2
    for ranks in ([1, 2, 2, 4], [1, 2.5, 2.5, 4]):
        assert rank_order(ranks).weights == pytest.approx([25 / 48, 10 / 48, 10 / 48, 3 / 48])
        assert rank_order(ranks, "sum").weights == pytest.approx([0.4, 0.25, 0.25, 0.1])
        assert rank_order(ranks, "reciprocal").weights == pytest.approx([0.48, 0.2, 0.2, 0.12])
    assert dict(rank_order([1, 1]).variant.parameters)["ties"] == "mean_of_tied_places"


@pytest.mark.parametrize(
    ("ranks", "missing"),
    [
        ([1, 2, 4], "rank 3 is missing; 2 criteria come before, yet the next rank given is 4"),
        ([2, 3, 4], "rank 1 is missing; 0 criteria come before, yet the next rank given is 2"),
        ([0, 1, 2], "rank 1 is missing; 0 criteria come before, yet the next rank given is 0"),
        # dense ranks: two criteria share rank 2, so the next place is the fourth
        ([1, 2, 2, 3], "rank 4 is missing; 3 criteria come before, yet the next rank given is 3"),
        ([1, 1, 2], "rank 3 is missing; 2 criteria come before, yet the next rank given is 2"),
        ([1, 2.5, 4], "rank 2 is missing; 1 criteria come before, yet the next rank given is 2.5"),
    ],
)
def test_a_gap_names_the_missing_rank(ranks, missing):
    with pytest.raises(ValueError, match=missing):
        rank_order(ranks)


def test_unknown_kind_lists_the_kinds():
    with pytest.raises(ValueError, match="'exponent'; use one of \\('centroid', 'sum'"):
        rank_order([1, 2], "exponent")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("m", [1, 2, 5, 25])
def test_place_weights_equal_exact_fractions(kind, m):
    place = [Fraction(1, k) for k in range(1, m + 1)]
    exact = {
        "centroid": [sum(place[k:]) / m for k in range(m)],
        "sum": [Fraction(2 * (m - k), m * (m + 1)) for k in range(m)],
        "reciprocal": [p / sum(place) for p in place],
    }[kind]
    weights = rank_order(range(1, m + 1), kind).weights
    assert weights == pytest.approx([float(w) for w in exact], rel=1e-13)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.sampled_from(KINDS))
@settings(deadline=None)
def test_both_notations_of_ties_agree_and_order_is_kept(levels, kind):
    levels = np.array(levels)
    competition = 1 + (levels[:, None] > levels).sum(axis=1)
    mid = competition + ((levels[:, None] == levels).sum(axis=1) - 1) / 2
    weights = rank_order(competition, kind).weights
    assert rank_order(mid, kind).weights == pytest.approx(weights, abs=1e-15)
    more_important = levels[:, None] < levels
    assert (weights[:, None] > weights)[more_important].all()
    equal = levels[:, None] == levels
    assert (weights[:, None] == weights)[equal].all()
    assert weights.sum() == pytest.approx(1, abs=1e-12)


def test_centroid_is_the_mean_of_ordered_weights_on_the_simplex():
    # Barron 1992: the centroid of all weights with w_1 >= w_2 >= w_3, drawn uniformly.
    draws = np.sort(np.random.default_rng(7).dirichlet(np.ones(3), 20_000), axis=1)[:, ::-1]
    error = draws.std(axis=0) / np.sqrt(len(draws))
    assert (np.abs(draws.mean(axis=0) - rank_order([1, 2, 3]).weights) < 5 * error).all()
