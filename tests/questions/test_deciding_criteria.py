"""What would change without a criterion, against the study with that criterion weighed at 0."""

from __future__ import annotations

import json

import pytest

from evaluator import Override, evaluate, load_study
from evaluator.questions.weighing.deciding_criteria import deciding_criteria
from tests.conftest import ROOT

BASELINE = ROOT / "scenarios" / "baseline.yaml"


@pytest.mark.parametrize("method", ["weighted_sum", "topsis"])
@pytest.mark.parametrize("criterion", ["commerce.licensability", "defense.cyber_security"])
def test_a_study_without_its_weight_has_these_ranks(method: str, criterion: str) -> None:
    stated = Override("method.name", method, "a trial")
    before = evaluate(load_study(BASELINE, [stated]), only="scores")
    table = deciding_criteria(before).set_index("criterion")
    agency, _, name = criterion.partition(".")
    weights = before.weights.loc[agency].to_dict()
    left = 1 - weights.pop(criterion)
    own = {c.partition(".")[2]: w / left for c, w in weights.items() if c.startswith(f"{agency}.")}
    told = {
        **{"method": "points", "out_of": 1, "confidence": "illustrative"},
        "judgements": {**own, name: 0.0},
    }
    change = Override(f"agencies.{agency}.weights", json.dumps(told), "a trial")
    after = evaluate(load_study(BASELINE, [stated, change]), only="scores")
    moves = (before.ranking["rank"] - after.ranking["rank"]).abs().dropna()
    row = table.loc[criterion]
    assert (row["ranks"], row["furthest"]) == ((moves > 0).sum(), moves.max())
    assert set(row["entered"]) == set(after.designated) - set(before.designated)
    assert set(row["left"]) == set(before.designated) - set(after.designated)


@pytest.mark.slow
def test_money_moves_as_between_the_two_runs() -> None:
    before = evaluate(load_study(BASELINE), only="allocation")
    row = deciding_criteria(before).set_index("criterion").loc["commerce.licensability"]
    weights = before.weights.loc["commerce"]
    left = 1 - weights["commerce.licensability"]
    own = weights.index[weights.index.str.startswith("commerce.")]
    shares = {c.partition(".")[2]: float(weights[c]) / left for c in own}
    told = {
        **{"method": "points", "out_of": 1, "confidence": "illustrative"},
        "judgements": {**shares, "licensability": 0.0},
    }
    change = Override("agencies.commerce.weights", json.dumps(told), "a trial")
    after = evaluate(load_study(BASELINE, [change]), only="allocation")
    old, new = before.allocation.amounts, after.allocation.amounts
    given = (new - old).clip(lower=0).sum()
    taken = (old - new).clip(lower=0).sum()
    assert row["moved_usd"] == sum(map(max, given, taken))
    assert set(row["funded_in"]) == {*after.allocation.supported} - {*before.allocation.supported}


def test_the_only_criterion_cannot_be_left_out_and_one_without_weight_decides_nothing() -> None:
    agencies = {a.agency for a in load_study(BASELINE).agencies}
    only = {agency: float(agency == "ostp") for agency in agencies}
    changes = [
        Override("influence.shares", json.dumps(only), "a trial"),
        Override(
            "agencies.ostp.weights",
            "{method: points, confidence: illustrative, judgements: {standards_adoption: 100, "
            "frontier_relevance: 0, people_served: 0, research_spillover: 0}}",
            "a trial",
        ),
    ]
    table = deciding_criteria(evaluate(load_study(BASELINE, changes), only="scores"))
    assert table["decides"].tolist() == ["all", *["nothing"] * (len(table) - 1)]
    assert table["criterion"][0] == "ostp.standards_adoption"
    assert table["moved_usd"].isna().all()
