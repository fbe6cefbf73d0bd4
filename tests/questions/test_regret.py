"""The least-regret portfolio over scenarios, against arithmetic on the hand case."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluator import Evaluation, Override, evaluate, load_study
from evaluator.allocation import certify
from evaluator.allocation.verify.findings import LimitBroken
from evaluator.errors import UsageError
from evaluator.questions.versions.findings import DesignatedByAll, DesignationStands
from evaluator.questions.versions.least_regret import LEAST
from evaluator.questions.versions.regret import Regret, regret
from evaluator.report.formatting.names import study_names
from evaluator.report.terminal.regret import as_data, as_text

HAND = Path(__file__).parents[1] / "cases" / "hand" / "scenarios" / "baseline.yaml"
LOANS = ("institutions.bank.tools.loan.envelope.amount", "60000000")
NAMES = study_names(load_study(HAND))
FREE = ("allocation.minimum_support", "0")
CONTENT = (
    ("influence.shares", "{trade: 1, energy: 0}"),
    ("agencies.trade.weights.judgements", "{content: 100, delivery: 0}"),
)
"""P1 60, P2 80, P3 100: trade alone, by content alone."""


def scenario(*changes: tuple[str, str]) -> Evaluation:
    quiet = ("uncertainty.draws", "0")
    return evaluate(
        load_study(HAND, [Override(key, to, "a trial") for key, to in (quiet, *changes)])
    )


@pytest.fixture(scope="module")
def split() -> Regret:
    return regret([scenario(LOANS, FREE), scenario(LOANS, FREE, *CONTENT)])


def test_by_hand(split: Regret) -> None:
    # Loans of 60: first P1 has 57.2 / 40 = 1.43 a million, P3 74 / 65: P1 40, P3 20. By content P1
    # has 1.5, P3 100 / 65: P3 50, P1 10. The best of one loses 30 times the difference of prices in
    # the other. Moving z from P1 to P3 loses a z in the first and b (30 - z) in the second, the
    # same at z = 30 b / (a + b).
    a, b = 1.43 - 74 / 65, 100 / 65 - 1.5
    first, second = split.scenarios.index
    least = 30 * a * b / (a + b)
    lost = split.least.matrix.loc[LEAST]
    assert lost.tolist() == pytest.approx([least, least], abs=1e-5)
    assert split.own.loc[first].tolist() == pytest.approx([0, 30 * b], abs=1e-5)
    assert split.own.loc[second].tolist() == pytest.approx([30 * a, 0], abs=1e-5)
    loans = split.least.allocations[LEAST]["bank.loan"]
    moved = 30e6 * b / (a + b)
    # a row is kept to 1e-6 points: 3.4 dollars at a points a million
    assert loans.tolist() == pytest.approx([40e6 - moved, 0, 20e6 + moved], abs=4)
    assert split.least.bound == pytest.approx(least, abs=1e-5)
    assert (split.proven, split.least.certificate, split.faults) == (True, (), {})
    best = split.scenarios["best"]
    assert split.scenarios["allowed"].tolist() == pytest.approx(best.tolist())
    shares = [least / float(points) for points in best]
    assert split.scenarios["lost_share"].tolist() == pytest.approx(shares, abs=1e-7)


def test_two_of_one_name_are_told_apart(split: Regret) -> None:
    first, second = (str(name) for name in split.scenarios.index)
    assert first.startswith("hand-")
    assert second.startswith("hand-")
    assert first != second


def test_in_words(split: Regret) -> None:
    told = as_text(split, NAMES)
    assert "The least-regret portfolio loses at most 1.02 points" in told
    assert "Proven: no portfolio that all allow has a smaller maximum regret" in told
    assert as_data(split, NAMES)["least_regret"]["max_regret"] == pytest.approx(1.019358, abs=1e-5)


def test_one_portfolio_may_be_best_in_every_scenario() -> None:
    # P1 has the best price, then P3, then P2, under the shares of either agency
    found = regret([scenario(), scenario(("influence.shares", "{trade: 1, energy: 0}"))])
    assert found.least.portfolios.loc[LEAST, "max_regret"] == pytest.approx(0, abs=1e-5)
    assert "One portfolio is best in every scenario" in as_text(found, NAMES)


def test_limits_that_differ_have_a_price_of_their_own() -> None:
    # With loans of 40 each package still needs a fifth of its ask, loans 5 or more: P1 35, P2 5
    # and equity 11, P3 equity 14: 35 x 1.43 + 16 x 86.47214 / 80 + 14 x 74 / 65 = 83.28293. What
    # the poor scenario allows the first allows too, so nothing is lost in the poor one.
    poor = scenario(("institutions.bank.tools.loan.envelope.amount", "40000000"))
    found = regret([scenario(), poor])
    first, second = found.scenarios.index
    overall = 86.47213595499958
    whole, little = 57.2 + 74 + overall / 4, 35 * 1.43 + 16 * overall / 80 + 14 * 74 / 65
    assert found.scenarios["best"].tolist() == pytest.approx([whole, little], abs=1e-5)
    assert found.scenarios["lost"].tolist() == pytest.approx([whole - little, 0], abs=1e-4)
    assert found.scenarios.loc[first, "allowed"] == pytest.approx(little, abs=1e-5)
    (fault,) = found.faults[str(first), str(second)]
    assert fault == LimitBroken("bank.loan.envelope", "", "at_most", 100e6, 40e6, 60e6)
    assert certify(poor.study, found.least.allocations[LEAST], ["P1", "P2", "P3"]) == ()
    told = as_text(found, NAMES)
    assert "are the price of the other scenarios' limits, and 0.00 that of not knowing" in told
    assert "not allowed" in told


def test_many_scenarios_are_numbered() -> None:
    shares = [f"{{trade: {part / 10}, energy: {1 - part / 10}}}" for part in range(5, 10)]
    told = as_text(regret([scenario(("influence.shares", one)) for one in shares]), NAMES)
    heads = next(line for line in told.splitlines() if "Largest" in line)
    assert [f"If {number}" in heads for number in range(1, 7)] == [True] * 5 + [False]
    assert "best of 5" in told
    assert "If 5 hand-" not in told
    assert "best of 5 hand-" not in told
    assert "5 hand-" in told.splitlines()[0]


def test_whose_designation_stands() -> None:
    # P1, at 57.2, is not designated at a floor of 60
    both = [scenario(), scenario(("designation.min_overall", "60"))]
    stands = regret(both)
    assert stands.doubted == {"P1": (stands.scenarios.index[1],)}
    assert stands.least.allocations[LEAST].loc["P1"].sum() > 0
    every = regret(both, "all")
    assert every.doubted == {}
    assert every.least.allocations[LEAST].loc["P1"].sum() == 0
    assert stands.rule == DesignationStands(stands.scenarios.index[0], 3)
    assert every.rule == DesignatedByAll(2)
    assert "Only packages count that every scenario designates: 2." in as_text(every, NAMES)
    (told,) = as_data(every, NAMES)["designated"]
    assert (told["code"], told["arguments"]) == ("designated_by_all", {"packages": 2})
    (told,) = as_data(every, NAMES)["assumption"]
    assert told["code"] == "one_feasible_set"


def test_no_allocation_for_all_is_said() -> None:
    named = "because: a trial, by: a tester, date: 2026-07-01"
    must = ("allocation.must", f"{{P1: {{{named}, tool: bank.loan, at_least: 30000000}}}}")
    found = regret([scenario(must), scenario(("allocation.must_not", f"{{P1: {{{named}}}}}"))])
    assert not found.found
    assert as_data(found, NAMES)["status"] == "infeasible"
    assert "Each scenario has an allocation, but none keeps" in as_text(found, NAMES)
    alone = regret(
        [scenario(must), scenario(must, LOANS, ("allocation.must_not", f"{{P1: {{{named}}}}}"))]
    )
    assert "of hand-" in as_text(alone, NAMES).splitlines()[1]
    assert "by itself" in as_text(alone, NAMES)


def test_all_that_does_not_fit_is_told_at_once() -> None:
    first = scenario()
    other = scenario(
        ("allocation.objective", "amount"), ("allocation.tool_weights", "{bank.loan: 2}")
    )
    fewer = other.study.model_copy(update={"packages": other.study.packages[:2]})
    odd = evaluate(fewer)
    with pytest.raises(UsageError) as told:
        regret([first, odd])
    faults = str(told.value).splitlines()[1:]
    assert len(faults) == 3
    assert "has the packages P3" in faults[0]
    assert "allocation.objective is coverage in hand" in faults[1]
    assert "allocation.tool_weights is not set in hand" in faults[2]
    with pytest.raises(UsageError, match="'hand' is given twice"):
        regret([first, scenario()])
    with pytest.raises(UsageError, match="two or more"):
        regret([first])
