"""What the next dollars buy: re-solves against hand arithmetic, prices and finite differences."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from evaluator.allocation import allocate
from evaluator.allocation.model.program import Floats, Program
from evaluator.allocation.model.variation import with_envelopes
from evaluator.allocation.solve.point import Point, Settings
from evaluator.allocation.variations import Case, prepare
from evaluator.errors import UsageError
from evaluator.model.study import Study
from evaluator.questions.findings import NothingStands
from evaluator.questions.funding.findings import (
    AllIsGiven,
    BoundsNoRequest,
    HeldBack,
    NextDollarsUntold,
)
from evaluator.questions.funding.marginal_value import Buys, marginal_value
from evaluator.report.formatting.names import study_names
from evaluator.report.messages import say_all
from tests.allocation.small import (
    M,
    ask,
    limit,
    package,
    parameter,
    random_study,
    run,
    scores_of,
    study,
    tool,
)


def bought(case: Study, amount: int, scores: dict[str, float], **fields: object) -> Buys:
    standing = run(case, **scores)
    found = marginal_value(case, scores, list(scores), standing, amount, **fields)  # type: ignore[arg-type]
    assert found.certificate == ()
    assert len(found.allocations) == len(found.table)
    return found


def test_the_re_solve_beside_the_price() -> None:
    # A 90 / 60 = 1.5 a million, B 80 / 100 = 0.8. Of 100, A has 60 and B 40; the next 30 go to B
    case = study(
        [package("A", ask("bank.loan", 60 * M)), package("B", ask("bank.loan", 100 * M))],
        [tool("loan", 100 * M)],
    )
    found = bought(case, 30 * M, {"A": 90.0, "B": 80.0})
    (row,) = found.table.to_dict("records")
    assert row["gained"] == pytest.approx(24)
    assert row["foretold"] == pytest.approx(24)
    assert (row["used_usd"], row["total_usd"], row["price_holds_usd"]) == (30 * M, 30 * M, 60 * M)
    assert say_all(row["sentence"], study_names(case)) == (
        "the next $30.0 million of Bank: loan buy 24.00 points of objective; $30.0 million more of"
        " it is proposed; its price foretells 24.00, and holds for the first $60.0 million"
    )


def test_a_re_solve_admits_where_a_price_cannot() -> None:
    # A is all or nothing and does not fit: B has the envelope of 60 and could use 20 more, worth
    # 0.5 a million. With 40 more A (1 a million) and 10 of B fit: 90 + 5 - 30
    case = study(
        [
            package("A", ask("bank.loan", 90 * M, all_or_nothing=True)),
            package("B", ask("bank.loan", 80 * M)),
        ],
        [tool("loan", 60 * M)],
    )
    (row,) = bought(case, 40 * M, {"A": 90.0, "B": 40.0}).table.to_dict("records")
    assert row["gained"] == pytest.approx(65)
    assert row["foretold"] == pytest.approx(0.5 * 40)
    assert (row["price_holds_usd"], row["entered"], row["left"]) == (20 * M, ("A",), ())
    (bought_so,) = row["sentence"]
    assert (bought_so.entered, bought_so.left, bought_so.subject) == (("A",), (), "bank.loan")


def test_what_holds_the_rest_back_is_named() -> None:
    # a budget of 3 at a rate of 0.05 is 60; the envelope of 60 binds beside it
    case = study(
        [package("A", ask("bank.loan", 100 * M))],
        [tool("loan", 60 * M, 0.05)],
        [limit("budget", measure="subsidy", at_most=3 * M)],
    )
    found = bought(case, 10 * M, {"A": 50.0}, budget_amount=M)
    loan, budget = found.table.to_dict("records")
    assert (loan["gained"], loan["used_usd"], loan["capped_by"]) == (
        0,
        0,
        (HeldBack((("bank.budget", ""),)),),
    )
    assert (budget["subject"], budget["amount_usd"]) == ("bank.budget", M)
    assert budget["capped_by"] == (HeldBack((("bank.loan.envelope", ""),)),)


def test_a_tool_that_meets_all_says_so() -> None:
    case = study([package("A", ask("bank.loan", 100 * M))], [tool("loan", 60 * M)])
    (row,) = bought(case, 90 * M, {"A": 50.0}).table.to_dict("records")
    assert (row["used_usd"], row["capped_by"]) == (40 * M, (AllIsGiven(),))


def test_what_bounds_no_request_is_left_out_and_said() -> None:
    case = study(
        [package("A", ask("bank.loan", 9 * M))], [tool("loan", 60 * M), tool("grant", 60 * M)]
    )
    found = bought(case, M, {"A": 50.0})
    assert found.table["subject"].tolist() == ["bank.loan"]
    assert found.notes == (BoundsNoRequest("bank.grant"),)


def test_no_allocation_to_compare_with() -> None:
    case = study([package("A", ask("bank.loan", M))], [tool("loan", 0)], must={"A": {}})
    standing = allocate(case, {"A": 50.0}, ["A"])
    found = marginal_value(case, {"A": 50.0}, ["A"], standing)
    assert found.table.empty
    assert found.notes == (NothingStands("infeasible"),)


def test_a_re_solve_that_time_stopped_gains_nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    # 90 stand; a re-solve without a point is not one that loses all of them
    case = study([package("A", ask("bank.loan", 60 * M))], [tool("loan", 60 * M)])
    standing = run(case, A=90.0)
    module = import_module("evaluator.questions.funding.marginal_value")

    def stopped(program: Program, settings: Settings, start: Floats | None = None) -> Point:
        return Point("no_solution", "Time limit reached", np.full(len(program.cost), np.nan), -500)

    def short_of_time(*given: Any) -> Case:
        return replace(prepare(*given), solver=stopped)

    monkeypatch.setattr(module, "prepare", short_of_time)
    found = marginal_value(case, {"A": 90.0}, ["A"], standing, 30 * M)
    figures = ["gained", "used_usd", "total_usd", "subsidy_more_usd", "supported", "gap"]
    assert found.table[figures].isna().all(axis=None)
    (row,) = found.table.to_dict("records")
    assert (row["status"], row["entered"], row["left"]) == ("no_solution", (), ())
    assert row["sentence"] == (NextDollarsUntold("bank.loan", 30 * M, "no_solution"),)
    assert say_all(row["sentence"], study_names(case)) == (
        "what the next $30.0 million of Bank: loan buy is not known: stopped before any allocation"
        " was found"
    )
    assert found.certificate == ()


@pytest.mark.parametrize(
    ("subject", "why"),
    [
        ("bank.lone", "neither a tool nor a limit. Did you mean 'bank.loan'"),
        ("bank.own", "no upper limit of law over the whole program"),
        ("bank.part", "no upper limit of law over the whole program"),
        ("bank.aim", "no upper limit of law over the whole program"),
    ],
)
def test_what_cannot_be_bought_is_refused(subject: str, why: str) -> None:
    case = study(
        [package("A", ask("bank.loan", M))],
        [tool("loan", M)],
        [
            limit("own", per="package", at_most=M),
            limit("part", at_most={"share": 0.5, "of": {"tools": ("bank.*",), "plus": M}}),
            limit("aim", kind="goal", at_most=M, cost_per_million=1),
        ],
    )
    standing = run(case, A=50)
    with pytest.raises(UsageError, match=why):
        marginal_value(case, {"A": 50.0}, ["A"], standing, subjects=[subject])
    with pytest.raises(ValueError, match="at least 1 is"):
        marginal_value(case, {"A": 50.0}, ["A"], standing, amount=0)


def test_a_limit_with_a_parameter_as_its_bound() -> None:
    # 500 less 450 outstanding: 50 at 50 / 100 a million; 20 more are worth 10
    case = study(
        [package("A", ask("bank.loan", 100 * M))],
        [tool("loan", 900 * M)],
        [limit("exposure", at_most="bank.cap", plus="bank.used")],
        [parameter("cap", 500 * M), parameter("used", 450 * M)],
    )
    standing = run(case, A=50)
    found = marginal_value(
        case, {"A": 50.0}, ["A"], standing, budget_amount=20 * M, subjects=["bank.exposure"]
    )
    (row,) = found.table.to_dict("records")
    assert (row["gained"], row["used_usd"]) == (pytest.approx(10), 20 * M)
    assert found.certificate == ()


@pytest.mark.parametrize("seed", range(8))
def test_random_studies_against_a_study_built_with_more(seed: int) -> None:
    case, scores = random_study(seed, plain=True), scores_of(random_study(seed, plain=True), seed)
    standing = allocate(case, scores, list(scores))
    if standing.status != "optimal":
        pytest.skip("nothing to compare with")
    found = marginal_value(case, scores, list(scores), standing, 15 * M)
    assert found.certificate == ()
    for row in found.table.to_dict("records"):
        if row["subject"] not in case.tools:
            continue
        more = case.tools[row["subject"]].envelope.amount + 15 * M
        again = allocate(with_envelopes(case, {row["subject"]: more}), scores, list(scores))
        assert row["gained"] == pytest.approx(again.objective - standing.objective, abs=2e-3)
        assert row["gained"] >= -2e-3
