"""A reserve that a scenario keeps: out of every allocation, and there for late packages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaluator.allocation import allocate, certify, keep_reserve
from evaluator.allocation.model.findings import ReserveKept
from evaluator.errors import UsageError
from evaluator.model.scenario import AllocationSettings
from evaluator.model.study import Study
from evaluator.questions import (
    admission,
    best_portfolios,
    budget_sweep,
    least_regret,
    simulate_policies,
    subsidy_frontier,
    try_reserves,
)
from evaluator.questions.rolling_review.findings import ReserveWasKept
from tests.allocation.small import M, ask, limit, package, random_study, scores_of, study, tool

LOAN = tool("loan", 100 * M)
PACKAGES = [
    package("A", ask("bank.loan", 60 * M)),
    package("B", ask("bank.loan", 80 * M)),
    package("C", ask("bank.loan", 50 * M)),
]
SCORES = {"A": 90.0, "B": 50.0, "C": 80.0}


def keeping(reserve: float | dict[str, float], *limits: object) -> Study:
    return study(PACKAGES, [LOAN], limits, reserve=reserve)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(6))
def test_it_is_that_of_keep_reserve(seed: int) -> None:
    case, kept = random_study(seed, reserve=0.25), random_study(seed)
    scores = scores_of(case, seed)
    found = allocate(case, scores, list(scores))
    expected = allocate(keep_reserve(kept, 0.25), scores, list(scores))
    pd.testing.assert_frame_equal(found.amounts, expected.amounts)
    pd.testing.assert_frame_equal(found.limits, expected.limits)
    assert found.notes[1:] == expected.notes
    assert found.notes[0] == ReserveKept((("", 0.25),))


def test_single_envelopes_and_what_is_told() -> None:
    found = allocate(keeping({"bank.loan": 0.3}), SCORES, ["A", "B"])
    assert found.amounts["bank.loan"].tolist() == [60 * M, 10 * M, 0]
    assert found.notes[0] == ReserveKept((("bank.loan", 0.3),))
    assert not allocate(keeping(0.0), SCORES, ["A", "B"]).notes


def test_a_reserve_in_its_place() -> None:
    # 0.3 in place of the scenario's 0.5, not of what that leaves
    cut = keep_reserve(keeping(0.5), 0.3)
    assert cut.tools["bank.loan"].envelope.amount == 70 * M
    assert cut.scenario.allocation == AllocationSettings()


def test_every_question_about_the_allocation_keeps_it() -> None:
    # 70 to give: A 60 and B 10 of 80 at 50: 96.25
    case = keeping(0.3)
    given = case, SCORES, ["A", "B"]
    sweep = budget_sweep(*given, factors=[1.0])
    assert sweep.points["envelope_usd"].tolist() == [70 * M]
    regret = least_regret({"one": case, "two": case}, {"one": SCORES, "two": SCORES}, ["A", "B"])
    found = [
        sweep.points["objective"][0],
        best_portfolios(*given, count=1).table["objective"][1],
        subsidy_frontier(*given).points["objective"][0],
        regret.best["one"],
    ]
    assert found == pytest.approx([96.25] * 4)


def test_late_packages_are_judged_on_the_whole_money() -> None:
    # as in a study that keeps none: C takes the 30 left, at 1.6 a million against B's 0.625
    case = keeping(0.3)
    standing = allocate(case, SCORES, ["A", "B"]).amounts
    found = admission(case, SCORES, ["A", "B"], standing, ["C"])
    assert found.fixed["C"]["bank.loan"].tolist() == [60 * M, 10 * M, 30 * M]
    assert found.certificate == ()
    assert found.rules[0] == ReserveWasKept((("", 0.3),))
    whole = simulate_policies(case, SCORES, list(SCORES), orders=4)
    pd.testing.assert_frame_equal(
        whole.orders, simulate_policies(keeping(0.0), SCORES, list(SCORES), orders=4).orders
    )


def test_committing_early_by_hand() -> None:
    # With hindsight C gets its 50 and A 50 of 60: 80 + 75 = 155. B alone early takes its 80, and C
    # the 20 left: 50 + 32 = 82. With half kept B gets 50, 31.25, and C its 50: 111.25. With all
    # kept, hindsight.
    found = try_reserves(keeping(0.2), SCORES, list(SCORES), shares=(0.5, 1.0), orders=60)
    assert found.orders.columns.tolist() == [0.0, 0.5, 1.0]
    assert found.orders[1.0].tolist() == pytest.approx([1.0] * 60)
    alone = found.orders[np.isclose(found.orders[0.0], 82 / 155)]
    assert len(alone) > 2
    assert alone[0.5].tolist() == pytest.approx([111.25 / 155] * len(alone))
    assert found.reserves["mean"].is_monotonic_increasing
    committed = found.reserves["committed_usd"]
    assert committed.is_monotonic_decreasing
    assert committed[1.0] == 0
    assert found.reserves["mean"].tolist() == pytest.approx(found.orders.mean().tolist())
    assert (found.least(0.0), found.least(1.0), found.least(1.5)) == (0.0, 1.0, None)


@pytest.mark.parametrize("seed", range(4))
def test_no_reserve_beats_hindsight(seed: int) -> None:
    case = random_study(seed, size=7)
    scores = scores_of(case, seed)
    found = try_reserves(case, scores, list(scores), orders=8, chance=0.8, seed=seed)
    assert (found.orders <= 1 + 1e-5).all(axis=None)
    assert (found.orders >= -1e-9).all(axis=None)
    one = try_reserves(case, scores, list(scores), orders=8, chance=0.8, seed=seed, workers=1)
    pd.testing.assert_frame_equal(found.orders, one.orders, check_exact=True)


def test_budgets_for_subsidy_are_kept_too() -> None:
    # grants cost all that they give: 20 of subsidy in all, so 10 early
    packages = [package(name, ask("bank.grant", 20 * M)) for name in "AB"]
    budget = limit("budget", measure="subsidy", at_most=20 * M)
    case = study(packages, [tool("grant", 900 * M, 1.0)], [budget])
    found = try_reserves(case, {"A": 50.0, "B": 50.0}, ["A", "B"], (0.5,), commit_at=1, orders=3)
    assert found.reserves["committed_usd"].tolist() == [20 * M, 10 * M]


def test_what_is_left_is_whole_dollars_and_no_more() -> None:
    # half of 101 is 50.5: 50 may be committed
    budget = limit("budget", measure="subsidy", at_most=101)
    kept = keep_reserve(study(PACKAGES, [tool("loan", 101)], [budget]), 0.5)
    assert kept.tools["bank.loan"].envelope.amount == 50
    assert kept.limits["bank.budget"].at_most == 50


def test_wrong_questions_are_refused() -> None:
    case = keeping(0.0)
    with pytest.raises(ValueError, match="0 orders"):
        try_reserves(case, SCORES, list(SCORES), orders=0)
    with pytest.raises(ValueError, match="2 is neither a time nor a reserve"):
        try_reserves(case, SCORES, list(SCORES), commit_at=2)
    with pytest.raises(ValueError, match=r"-0\.1 is neither"):
        try_reserves(case, SCORES, list(SCORES), shares=(-0.1,))
    with pytest.raises(UsageError, match="nothing to simulate"):
        try_reserves(case, SCORES, [])


def test_the_certificate_counts_the_whole_money() -> None:
    # a reserve is what the program may not give, no limit of law: late packages may have it
    case = keeping(0.3)
    amounts = pd.DataFrame({"bank.loan": [60 * M, 40 * M, 0]}, index=["A", "B", "C"])
    assert certify(case, amounts, ["A", "B"]) == ()
