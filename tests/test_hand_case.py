"""A study small enough for paper: the arithmetic stands in the comments of its files."""

from math import sqrt
from pathlib import Path

import pytest

from evaluator import evaluate, load_study
from evaluator.results.evaluation import Evaluation

CASE = Path(__file__).parent / "cases" / "hand" / "scenarios" / "baseline.yaml"


@pytest.fixture(scope="module")
def hand() -> Evaluation:
    return evaluate(load_study(CASE))


def test_values(hand: Evaluation) -> None:
    expected = {
        "trade.content": [60, 80, 100],
        "trade.delivery": [65, 80, 25],
        "energy.power": [50, 100, 100],
        "energy.reserve": [50, 25 * (1 + sqrt(5)), 0],
    }
    for criterion, column in expected.items():
        assert hand.values[criterion].tolist() == pytest.approx(column, abs=1e-9)


def test_scores_and_ranks(hand: Evaluation) -> None:
    table = hand.ranking.loc[["P1", "P2", "P3"]]
    energy_p2 = 80 + 5 * (1 + sqrt(5))
    assert table["score.trade"].tolist() == pytest.approx([62, 80, 70], abs=1e-9)
    assert table["score.energy"].tolist() == pytest.approx([50, energy_p2, 80], abs=1e-9)
    assert table["overall"].tolist() == pytest.approx([57.2, 48 + 0.4 * energy_p2, 74], abs=1e-9)
    assert table["rank"].tolist() == [3, 1, 2]
    assert table["lowest_agency"].tolist() == ["energy", "trade", "trade"]
    assert table["spread"].tolist() == pytest.approx([12, energy_p2 - 80, 10], abs=1e-9)
    assert table["designated"].all()


def test_amounts_to_the_dollar(hand: Evaluation) -> None:
    amounts = hand.allocation.amounts
    assert amounts["bank.loan"].to_dict() == {"P1": 40_000_000, "P2": 10_000_000, "P3": 50_000_000}
    assert amounts["bank.equity"].to_dict() == {"P1": 0, "P2": 10_000_000, "P3": 15_000_000}
    assert hand.allocation.status == "optimal"
    assert hand.allocation.subsidy_usd == 30_000_000
    assert hand.allocation.certificate == ()


def test_objective_and_prices(hand: Evaluation) -> None:
    overall = 48 + 0.4 * (80 + 5 * (1 + sqrt(5)))
    assert hand.allocation.objective == pytest.approx(57.2 + 74 + overall / 4, abs=1e-6)
    limits = hand.allocation.limits.set_index(["limit", "group"])
    binding = limits[limits["binding"]]
    assert {limit for limit, _ in binding.index} == {"bank.loan.envelope", "bank.group_equity"}
    assert binding["shadow_price"].tolist() == pytest.approx([overall / 80e6] * 2, rel=1e-6)
    assert limits.loc[("bank.equity.envelope", ""), "slack"] == 5_000_000
    assert limits.loc[("bank.group_equity", "beta"), "used"] == 25_000_000
