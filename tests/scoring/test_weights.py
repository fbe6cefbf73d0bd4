"""What a study says of its statements of weights: by agency, group and full ids of criteria."""

from __future__ import annotations

from evaluator.model.agency import Weights
from evaluator.scoring.findings import TiedForBest
from evaluator.scoring.weights import elicitation_table
from tests.studies import agency, study


def test_an_odd_statement_names_criteria_by_their_full_ids() -> None:
    # x and y are equally best, 4 times as important as z; the first of the two is taken
    stated = Weights(
        method="best_worst",
        confidence="illustrative",
        best_to_others={"x": 1, "y": 1, "z": 4},
        others_to_worst={"x": 4, "y": 4, "z": 1},
    )
    judges = agency("a", "x", "y", "z").model_copy(update={"weights": stated})
    (row,) = elicitation_table(study(agencies=(judges,))).to_dict("records")
    assert (row["agency"], row["group"], row["method"]) == ("a", "", "best_worst")
    assert row["warnings"] == (TiedForBest(tied=("a.x", "a.y"), taken="a.x", agency="a"),)
