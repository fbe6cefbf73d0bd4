"""What a package asks for is one sum everywhere: its requests, of alternatives the largest."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluator import evaluate, load_study
from evaluator.allocation.model.build import compile_study
from evaluator.model.study import Study
from evaluator.report.formatting.phrases import ASK, objective
from evaluator.report.formatting.records import asked
from evaluator.report.viewmodel.money.envelope import matrix
from tests.allocation.small import M, ask, changed, given, limit, package, run, study, tool
from tests.programme import WORDS

HAND = Path(__file__).parents[1] / "cases" / "hand" / "scenarios" / "baseline.yaml"
LARGEST = [
    ask("bank.loan", 60 * M, alternative_group="money"),
    ask("bank.grant", 30 * M, alternative_group="money"),
    ask("bank.cover", 20 * M),
]


def _case(**settings: object) -> Study:
    tools = [tool("loan", 90 * M), tool("grant", 90 * M), tool("cover", 90 * M)]
    return study([package("A", *LARGEST)], tools, **settings)


def test_of_alternatives_the_largest_counts() -> None:
    # 60 of loan or grant, and 20 of cover
    assert _case().package_by_id["A"].asked_usd == 80 * M


def test_the_share_that_is_met_is_one_of_it() -> None:
    # loan and cover in full: all of 80. Grant and cover: 50 of 80
    case = _case()
    assert given(run(case, A=100)) == {"A loan": 60, "A cover": 20}
    assert run(case, A=100).objective == pytest.approx(100)
    banned = changed(case, scenario=_case(must_not={"A": {"tool": "bank.loan"}}).scenario)
    assert run(banned, A=100).objective == pytest.approx(100 * 50 / 80)
    assert compile_study(case, {"A": 100.0}, ["A"]).asked == {"A": 80 * M}


def test_the_least_support_is_a_share_of_it() -> None:
    # half of 80 is 40, and 35 are left: nothing. 45 are enough
    budgets = (limit("cap", at_most=35 * M), limit("cap", at_most=45 * M))
    found = []
    for budget in budgets:
        case = _case(minimum_support=0.5)
        bank = case.institutions[0].model_copy(update={"limits": (budget,)})
        found.append(sum(given(run(changed(case, institutions=(bank,)), A=100)).values()))
    assert found == [0, 45]


def test_the_report_divides_by_it() -> None:
    hand = load_study(HAND)
    first = hand.packages[0]
    tools = list(hand.tools)
    requests = tuple(
        ask(name, usd, alternative_group="either")
        for name, usd in zip(tools, (60 * M, 25 * M), strict=False)
    )
    packages = (first.model_copy(update={"requests": requests}), *hand.packages[1:])
    evaluation = evaluate(hand.model_copy(update={"packages": packages}))
    assert asked(evaluation)[first.id] == 60 * M
    table = matrix(evaluation)
    (row,) = [one for one in table.rows if one.package == first.id]
    assert row.asked == 60 * M
    assert table.total_asked == sum(one.asked for one in table.rows)
    assert sum(table.asked) == table.total_asked + 25 * M  # by tool: under each of both


def test_the_objective_is_told_in_the_same_words() -> None:
    assert ASK in objective(_case().scenario.allocation, WORDS)
    root = Path(__file__).parents[2]
    for name in (
        "evaluator/guides/mathematics.md",
        "evaluator/guides/scenarios.md",
        "evaluator/model/scenario.py",
    ):
        text = " ".join((root / name).read_text(encoding="utf-8").split())
        assert ASK in text, name
