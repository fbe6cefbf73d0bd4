"""Clear, contested and out."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.uncertainty.sampling import Unknown, sample_weights
from evaluator.uncertainty.smaa import acceptability
from evaluator.uncertainty.tiers import designation_tiers, rank_tiers

RANKS = np.array(
    [
        [0.96, 0.04, 0.0, 0.0],
        [0.04, 0.50, 0.46, 0.0],
        [0.0, 0.46, 0.52, 0.02],
        [0.0, 0.0, 0.02, 0.98],
    ]
)
PAIRS = np.array(
    [
        [0.5, 0.96, 1.0, 1.0],
        [0.04, 0.5, 0.52, 1.0],
        [0.0, 0.48, 0.5, 0.98],
        [0.0, 0.0, 0.02, 0.5],
    ]
)


def test_tiers_by_rank() -> None:
    # First two places: 1.00, 0.54, 0.46, 0.00.
    tiers = rank_tiers(RANKS, PAIRS, 2)

    assert tiers.tier == ("clear", "contested", "contested", "out")
    np.testing.assert_allclose(tiers.share, [1, 0.54, 0.46, 0])
    np.testing.assert_array_equal(tiers.order, [1, 2])
    expected = np.zeros((4, 4), dtype=bool)
    expected[1, 2] = expected[2, 1] = True
    np.testing.assert_array_equal(tiers.rivals, expected)
    assert "clear: among the first 2 in at least 0.95 of the draws" in tiers.rule


def test_thresholds_are_met_exactly() -> None:
    # Sums of shares may be off by rounding.
    shares = np.array([0.95, np.nextafter(0.95, 0), 0.949, np.nextafter(0.05, 1), 0.051])
    tiers = designation_tiers(shares, np.full((5, 5), 0.2), np.full((5, 5), 0.5))

    assert tiers.tier == ("clear", "clear", "contested", "out", "contested")
    np.testing.assert_array_equal(tiers.order, [2, 4])


def test_thresholds_are_parameters_and_stand_in_the_rule() -> None:
    shares = np.array([0.9, 0.5, 0.1, 0.0])
    tiers = designation_tiers(shares, RANKS, PAIRS, clear=0.9, out=0.1)

    assert tiers.tier == ("clear", "contested", "out", "out")
    assert "at least 0.9 of the draws; out: in at most 0.1" in tiers.rule
    assert not tiers.rivals.any()


def test_contested_pairs_that_are_settled_are_no_rivals() -> None:
    # 0 and 1 are both contested, but 0 is ahead of 1 in 0.96 of the draws.
    tiers = designation_tiers(np.array([0.9, 0.4, 0.4, 0.0]), RANKS, PAIRS)

    assert not tiers.rivals[0, 1]
    assert tiers.rivals[1, 2]
    assert tiers.rivals[2, 1]
    # Equal shares are ordered by expected rank: 2.42 before 2.56.
    np.testing.assert_array_equal(tiers.order, [0, 1, 2])


def test_copies_at_the_cut_are_rivals() -> None:
    values = np.array([[90.0, 90.0], [50.0, 50.0], [50.0, 50.0], [10.0, 10.0]])
    result = acceptability(values, sample_weights(Unknown(2), 2_000, seed=1))
    assert result.pairwise_winning is not None
    tiers = rank_tiers(result.rank_acceptability, result.pairwise_winning, 2)

    assert tiers.tier == ("clear", "contested", "contested", "out")
    assert tiers.rivals[1, 2]


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ValueError, match="0 places for 4 packages"):
        rank_tiers(RANKS, PAIRS, 0)
    with pytest.raises(ValueError, match="5 places for 4 packages"):
        rank_tiers(RANKS, PAIRS, 5)
    with pytest.raises(ValueError, match=r"out at 0\.6, clear at 0\.5"):
        rank_tiers(RANKS, PAIRS, 2, clear=0.5, out=0.6)
    with pytest.raises(ValueError, match=r"pairwise indices have shape \(3, 3\), not \(4, 4\)"):
        rank_tiers(RANKS, PAIRS[:3, :3], 2)
    with pytest.raises(ValueError, match=r"share of package 1 is 1\.2"):
        designation_tiers(np.array([0.5, 1.2, 0, 0]), RANKS, PAIRS)
    with pytest.raises(ValueError, match="share of package 0 is nan"):
        designation_tiers(np.array([np.nan, 1, 0, 0]), RANKS, PAIRS)
