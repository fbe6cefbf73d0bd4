"""Frontiers and sweeps against the enumeration of all allocations, and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaluator.allocation import allocate, certify
from evaluator.allocation.model.variation import with_envelopes
from evaluator.errors import UsageError
from evaluator.model.scenario import Must
from evaluator.questions.funding.budget_sweep import budget_sweep
from evaluator.questions.funding.concentration import concentration_frontier
from evaluator.questions.funding.findings import BoundsNoRequest
from evaluator.questions.funding.frontiers import Frontier, subsidy_frontier
from evaluator.questions.funding.portfolios import best_portfolios
from tests.allocation.enumeration import lumps, pareto
from tests.allocation.small import (
    WHY,
    M,
    ask,
    limit,
    package,
    random_study,
    scores_of,
    study,
    tool,
)


def points(found: Frontier, cost: str) -> list[tuple[float, float]]:
    return list(zip(found.points["objective"], found.points[cost], strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_the_subsidy_frontier_is_all_of_the_pareto_set(seed: int) -> None:
    every = lumps(seed)
    found = subsidy_frontier(every.case, every.scores, list(every.scores), step_usd=1)
    expected = pareto(every.objective(), every.subsidy)
    assert len(expected) > 3
    assert found.certificate == ()
    np.testing.assert_allclose(points(found, "subsidy_usd"), expected, rtol=1e-9)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 5, 6])
def test_the_concentration_frontier_is_all_of_the_pareto_set(seed: int) -> None:
    every = lumps(seed)
    found = concentration_frontier(every.case, every.scores, list(every.scores), step=1e-6)
    some = every.given.sum(axis=1) > 0
    expected = pareto(every.objective()[some], every.largest_bloc()[some])
    assert len(expected) > 1
    assert found.certificate == ()
    np.testing.assert_allclose(points(found, "largest_share"), expected, rtol=1e-9)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("per", ["subsidy", "bloc", "entity"])
def test_no_point_is_dominated_or_repeated(seed: int, per: str) -> None:
    case = random_study(seed, plain=True)
    scores = scores_of(case, seed)
    if per == "subsidy":
        found = subsidy_frontier(case, scores, list(scores), points=6)
    else:
        found = concentration_frontier(case, scores, list(scores), per, points=5)
    cost = found.points["subsidy_usd" if per == "subsidy" else "largest_share"]
    assert found.certificate == ()
    assert (np.diff(found.points["objective"]) < 0).all()
    assert (np.diff(cost) < 0).all()
    assert len(found.allocations) == len(found.points)
    caps = found.points["cap"].astype("float64").to_numpy()
    assert np.isnan(caps[0])
    assert (cost.to_numpy()[1:] <= caps[1:] + 1e-12).all()


def test_a_frontier_by_hand() -> None:
    # Loans cost 10 cents, grants a dollar. Loan 60 of 100 asked at score 80 is 48 points for 6;
    # the grant of 40 is 32 points for 40. In full 80 points cost 46; under 26 the loan stays, and
    # 20 of the grant bring 16: 64 points. Under 6 the loan alone: 48. The end is nothing for 0.
    case = study(
        [package("A", ask("bank.loan", 60 * M), ask("bank.grant", 40 * M))],
        [tool("loan", 100 * M, 0.1), tool("grant", 100 * M, 1.0)],
    )
    found = subsidy_frontier(case, {"A": 80.0}, ["A"], step_usd=20 * M)
    expected = [(80, 46 * M), (64, 26 * M), (48, 6 * M), (0, 0)]
    np.testing.assert_allclose(points(found, "subsidy_usd"), expected, atol=1e-6)
    assert found.points["supported"].tolist() == [1, 1, 1, 0]
    assert found.points["left"].tolist() == [(), (), (), ("A",)]


def test_a_must_sets_the_end_of_the_frontier() -> None:
    # A must get 10 of loans, 1 of subsidy at least
    case = study(
        [package("A", ask("bank.loan", 60 * M))],
        [tool("loan", 100 * M, 0.1)],
        must={"A": {"at_least": 10 * M}},
    )
    found = subsidy_frontier(case, {"A": 80.0}, ["A"], points=2)
    assert found.points["subsidy_usd"].tolist()[0] == 6 * M
    assert M <= found.points["subsidy_usd"].tolist()[-1] <= M + 1


def test_what_cannot_be_allocated_has_no_points() -> None:
    case = study(
        [package("A", ask("bank.loan", 60 * M))],
        [tool("loan", 5 * M, 0.1)],
        must={"A": {"at_least": 10 * M}},
    )
    for found in (
        subsidy_frontier(case, {"A": 80.0}, ["A"]),
        concentration_frontier(case, {"A": 80.0}, ["A"]),
    ):
        assert found.status == "infeasible"
        assert found.points.empty
    swept = budget_sweep(case, {"A": 80.0}, ["A"], [1.0, 2.0])
    assert swept.status == "infeasible"
    # 10 m of the envelope is enough for the must
    assert swept.points["status"].tolist() == ["infeasible", "optimal"]
    assert swept.points["per_million"].isna().all()


def test_nothing_designated_is_a_frontier_of_nothing() -> None:
    case = study([package("A", ask("bank.loan", 60 * M))], [tool("loan", 5 * M, 0.1)])
    for found in (subsidy_frontier(case, {}, []), concentration_frontier(case, {}, [])):
        assert found.status == "nothing"
        assert found.points["given_usd"].tolist() == [0]


def test_wrong_questions_are_refused() -> None:
    case = study([package("A", ask("bank.loan", 60 * M))], [tool("loan", 5 * M, 0.1)])
    with pytest.raises(ValueError, match="at least 2"):
        subsidy_frontier(case, {"A": 1.0}, ["A"], points=1)
    with pytest.raises(ValueError, match="the step is 0"):
        subsidy_frontier(case, {"A": 1.0}, ["A"], step_usd=0)
    with pytest.raises(UsageError, match="Did you mean 'bloc'"):
        concentration_frontier(case, {"A": 1.0}, ["A"], per="block")
    with pytest.raises(UsageError, match="Did you mean"):
        budget_sweep(case, {"A": 1.0}, ["A"], tools=["bank.lone"])
    with pytest.raises(ValueError, match="0 or more"):
        budget_sweep(case, {"A": 1.0}, ["A"], [-1.0])
    lawless = study(case.packages, case.tools.values(), ignore=["kind:law"])
    with pytest.raises(UsageError, match="ignores all limits of law"):
        subsidy_frontier(lawless, {"A": 1.0}, ["A"])


def test_a_sweep_by_hand() -> None:
    # 60 at 1.5 a million, then 100 at 0.8: envelopes of 50, 100, 200 bring 75, 122, 170
    a, b = package("A", ask("bank.loan", 60 * M)), package("B", ask("bank.loan", 100 * M))
    case = study([a, b], [tool("loan", 100 * M), tool("idle", 100 * M)])
    found = budget_sweep(case, {"A": 90.0, "B": 80.0}, ["A", "B"], [0.5, 1.0, 2.0])
    table = found.points
    assert table["envelope_usd"].tolist() == [50 * M, 100 * M, 200 * M]
    assert table["given_usd"].tolist() == [50 * M, 100 * M, 160 * M]
    np.testing.assert_allclose(table["objective"], [75, 122, 170])
    np.testing.assert_allclose(table["change"], [-47, 0, 48], atol=1e-9)
    np.testing.assert_allclose(table["per_million"][1:].astype(float), [47 / 50, 48 / 100])
    assert table["left"].tolist() == [("B",), (), ()]
    assert found.notes == (BoundsNoRequest("bank.idle"),)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_larger_envelope_never_buys_less(seed: int) -> None:
    case = random_study(seed)
    scores = scores_of(case, seed)
    found = budget_sweep(case, scores, list(scores), [0.5, 1.0, 1.7])
    assert found.certificate == ()
    present = allocate(case, scores, list(scores))
    rows = zip(found.points.itertuples(), found.allocations, strict=True)
    for row, table in rows:
        other = with_envelopes(case, {row.tool: row.envelope_usd})
        if row.status == "infeasible":
            assert allocate(other, scores, list(scores)).status == "infeasible"
            continue
        assert certify(other, table, list(scores)) == ()
        if row.factor == 1.0:
            assert row.objective == pytest.approx(present.objective, rel=1e-6)
    solved = found.points[found.points["status"] != "infeasible"]
    for _, part in solved.groupby("tool"):
        assert (np.diff(part["objective"]) > -1e-5 * part["objective"].abs().max()).all()


def test_other_envelopes_leave_the_study_as_it_was() -> None:
    case = study(
        [package("A", ask("bank.loan", 60 * M))], [tool("loan", 5 * M)], [limit("x", at_most=M)]
    )
    assert case.tools["bank.loan"].envelope.amount == 5 * M
    assert with_envelopes(case, {"bank.loan": 7}).tools["bank.loan"].envelope.amount == 7
    assert case.tools["bank.loan"].envelope.amount == 5 * M


def test_an_envelope_without_an_allocation_reads_infeasible_and_nothing_else() -> None:
    # A must have 60 of 100: half of the envelope is too little. The goal to give B 50 costs 1 a
    # million missed, so that the amounts of 0 would read -50 points.
    case = study(
        [package("A", ask("bank.loan", 80 * M)), package("B", ask("bank.loan", 50 * M))],
        [tool("loan", 100 * M)],
        [limit("goal", kind="goal", at_least=50 * M, cost_per_million=1.0)],
        must={"A": {"tool": "bank.loan", "at_least": 60 * M}},
    )
    found = budget_sweep(case, {"A": 80.0, "B": 50.0}, ["A", "B"], (0.5, 1.0))
    none, now = found.points.to_dict("records")
    assert (none["factor"], none["envelope_usd"], none["status"]) == (0.5, 50 * M, "infeasible")
    assert (none["entered"], none["left"]) == ((), ())
    reached = ["given_usd", "total_usd", "objective", "change", "per_million", "subsidy_usd"]
    assert found.points.loc[0, [*reached, "supported", "gap"]].isna().all()
    # A has its 80 at 1 a million, B the 20 that are left: 80 + 50 * 20 / 50
    assert (now["objective"], now["change"], now["given_usd"]) == (pytest.approx(100), 0, 100 * M)
    none_at_all = case.with_allocation(
        must={
            "A": Must(**WHY, tool="bank.loan", at_least=80 * M),
            "B": Must(**WHY, tool="bank.loan", at_least=50 * M),
        }
    )
    (row,) = best_portfolios(none_at_all, {"A": 80.0, "B": 50.0}, ["A", "B"]).table.to_dict(
        "records"
    )
    assert row["status"] == "infeasible"
    assert all(pd.isna(row[name]) for name in ("objective", "lost", "given_usd", "subsidy_usd"))
