"""Scores of agencies and overall, by label."""

from __future__ import annotations

import pandas as pd
import pytest

from evaluator.decision.ordering import ordering_of
from evaluator.decision.ranking import (
    agency_scores,
    method_scores,
    overall_scores,
    with_red_flags,
)
from evaluator.model.method import Method
from tests.studies import study


def test_labels_must_match_exactly() -> None:
    values = pd.DataFrame([[1.0, 2.0]], index=["p"], columns=["a.x", "a.y"])
    weights = pd.DataFrame([[0.5, 0.5]], index=["a"], columns=["a.y", "a.x"])
    with pytest.raises(ValueError, match="different criteria, or in another order"):
        agency_scores(values, weights)
    scores = agency_scores(values, weights[["a.x", "a.y"]])
    assert scores.loc["p", "a"] == 1.5
    with pytest.raises(ValueError, match="different agencies"):
        overall_scores(scores, pd.Series({"b": 1.0}), values, weights)


def test_a_value_at_its_floor_carries_no_red_flag() -> None:
    # 0.6 of 0..0.8 is 75, and 74.99999999999999 in floating point; 73.75 is under 75; a missing
    # one stands as 0 and is no red flag.
    table = pd.DataFrame(
        {
            "value": [100 * (0.6 / 0.8), 74.99999999999999, 73.75, 0.0, 40.0],
            "state": ["known", "known", "known", "missing", "known"],
            "floor": [75.0, 75.0, 75.0, 75.0, None],
        }
    )
    assert with_red_flags(table)["red_flag"].tolist() == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("method", "span", "unit"),
    [
        (Method(), 100.0, "points"),
        (Method(normalization="minmax"), 1.0, "share"),
        (Method(name="waspas"), 1.0, "share"),
        (Method(name="topsis"), 1.0, "share"),
        (Method(name="vikor"), 1.0, "share"),
        # net flows lie between -1 and 1
        (Method(name="promethee", preference="usual"), 2.0, "net flow"),
        # two profiles part three classes, 0 to 2
        (Method(name="electre_tri", profiles=(30.0, 60.0)), 2.0, "class"),
    ],
    ids=lambda one: getattr(one, "name", None),
)
def test_the_scale_of_each_method(method: Method, span: float, unit: str) -> None:
    found = ordering_of(method)
    assert (found.span, found.unit) == (span, unit)


def test_where_all_failed_a_requirement_there_is_no_score() -> None:
    values = pd.DataFrame([[1.0]], index=["p"], columns=["a.x"])
    weights, influence = pd.DataFrame([[1.0]], index=["a"], columns=["a.x"]), pd.Series({"a": 1.0})
    found = method_scores(study(), values, weights, influence, pd.Series({"p": "failed"}))
    assert found.dtype == "float64"
    assert found.empty
