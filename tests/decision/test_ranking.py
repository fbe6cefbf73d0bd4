"""Ranks show ties as ties."""

from __future__ import annotations

import pandas as pd
import pytest

from evaluator.agreement import competition_ranks
from evaluator.decision.ordering import agency_scores, overall_scores


def test_competition_ranks_by_hand() -> None:
    assert competition_ranks([70, 90, 80, 80, 60]).tolist() == [4, 1, 2, 2, 5]


def test_scores_that_differ_by_rounding_alone_are_tied() -> None:
    assert competition_ranks([0.1 + 0.2, 0.3, 0.2]).tolist() == [1, 1, 3]


def test_labels_must_match_exactly() -> None:
    values = pd.DataFrame([[1.0, 2.0]], index=["p"], columns=["a.x", "a.y"])
    weights = pd.DataFrame([[0.5, 0.5]], index=["a"], columns=["a.y", "a.x"])
    with pytest.raises(ValueError, match="different criteria, or in another order"):
        agency_scores(values, weights)
    scores = agency_scores(values, weights[["a.x", "a.y"]])
    assert scores.loc["p", "a"] == 1.5
    with pytest.raises(ValueError, match="different agencies"):
        overall_scores(scores, pd.Series({"b": 1.0}))
