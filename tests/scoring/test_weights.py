"""What a study says of its statements of weights: by agency, group and full ids of criteria."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from evaluator.model.agency import Respondent, Weights
from evaluator.scoring.findings import TiedForBest
from evaluator.scoring.weights import elicit, elicitation_table, weight_problems
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


def respondents(**fields: object) -> Weights:
    each = (
        Respondent(respondent="r1", pairwise={"x": {"y": 2, "z": 4}, "y": {"z": 2}}),
        Respondent(respondent="r2", pairwise={"x": {"y": 1, "z": 1}, "y": {"z": 1}}),
        Respondent(respondent="r3", pairwise={"x": {"y": 9, "z": 0.11}, "y": {"z": 9}}),
    )
    stated = {"method": "ahp", "confidence": "seen", "respondents": each, **fields}
    return Weights(**stated)


def test_an_agency_of_many_leaves_out_whom_it_says_and_names_them() -> None:
    judges = agency("a", "x", "y", "z")
    judges = judges.model_copy(update={"weights": respondents(leave_out_above=0.1)})
    case = study(agencies=(judges,))
    # r1 says 4, 2, 1 and r2 1, 1, 1: the geometric mean is 2, sqrt 2, 1
    weights = elicit(judges, case).weights
    total = 3 + 2**0.5
    assert weights == pytest.approx({"a.x": 2 / total, "a.y": 2**0.5 / total, "a.z": 1 / total})
    (row,) = elicitation_table(case).to_dict("records")
    (left,) = row["warnings"]
    assert (left.agency, left.respondents, left.left_out) == ("a", ("r3",), True)
    assert dict(row["variant"][0].parameters)["respondents"] == 2
    assert row["inconsistency"] == pytest.approx(0, abs=1e-12)


def test_faults_of_every_respondent_are_told_at_once() -> None:
    each = (
        Respondent(respondent="r1", pairwise={"x": {"y": 2}}),
        Respondent(respondent="r2", pairwise={"x": {"z": 2}}),
        Respondent(respondent="r3", pairwise={"x": {"y": 2}, "y": {"x": 2}}),
    )
    judges = agency("a", "x", "y")
    judges = judges.model_copy(update={"weights": respondents(respondents=each)})
    ((_, _, fact, _),) = weight_problems(study(agencies=(judges,)))
    assert "Respondent r2 compares other names than respondent r1: y, z" in fact
    assert "Respondent r3: Pairwise judgements: (y, x) is judged twice" in fact


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"method": "points", "judgements": {"x": 100}}, "and only that"),
        ({"pairwise": {"x": {"y": 2}}}, "in place of pairwise"),
        ({"method": "best_worst"}, "each respondent states best_to_others and others_to_worst"),
        ({"mean": "arithmetic"}, "geometric mean alone"),
        ({"respondents": (Respondent(respondent="r", pairwise={}),) * 2}, "more than once: r"),
        ({"respondents": None, "pairwise": {"x": {"y": 2}}, "aggregate": "judgements"}, "go with"),
    ],
)
def test_a_statement_of_many_that_cannot_be_is_refused(fields: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        respondents(**fields)
