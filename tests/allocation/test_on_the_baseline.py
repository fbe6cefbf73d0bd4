"""Frontiers, portfolios, draws and late packages on the round of spring 2026."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from evaluator.allocation import allocate
from evaluator.allocation.model.reserve import keep_reserve
from evaluator.loading import load_study
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.questions.funding.budget_sweep import budget_sweep
from evaluator.questions.funding.concentration import concentration_frontier
from evaluator.questions.funding.core_index import core_index
from evaluator.questions.funding.frontiers import subsidy_frontier
from evaluator.questions.funding.portfolios import best_portfolios
from evaluator.questions.rolling_review.admission import admission
from evaluator.questions.rolling_review.policies import simulate_policies
from evaluator.questions.versions.least_regret import LEAST, least_regret
from evaluator.results.evaluation import Allocation
from tests.conftest import BASELINE


@dataclass(frozen=True)
class Case:
    study: Study
    scores: dict[str, float]
    designated: list[str]
    allocation: Allocation


@pytest.fixture(scope="module")
def case() -> Case:
    study = load_study(BASELINE)
    settings = study.scenario.uncertainty.model_copy(update={"draws": 0})
    scenario = study.scenario.model_copy(update={"uncertainty": settings})
    found = evaluate(study.model_copy(update={"scenario": scenario}))
    ranking = found.ranking
    return Case(
        found.study,
        {str(name): float(score) for name, score in ranking["overall"].items()},
        [str(name) for name in ranking.index[ranking["designated"]]],
        found.allocation,
    )


@pytest.mark.slow
def test_frontiers_start_at_the_allocation(case: Case) -> None:
    given = case.study, case.scores, case.designated
    for found in (subsidy_frontier(*given, points=4), concentration_frontier(*given, points=4)):
        assert found.certificate == ()
        assert len(found.points) >= 3
        assert found.points["objective"][0] == pytest.approx(case.allocation.objective, rel=2e-6)


def test_a_sweep_goes_through_the_allocation(case: Case) -> None:
    found = budget_sweep(case.study, case.scores, case.designated, [0.5, 1.0], ["dfc.equity"])
    assert found.certificate == ()
    assert found.points["objective"][1] == pytest.approx(case.allocation.objective)
    assert found.points["objective"][0] < case.allocation.objective


@pytest.mark.slow
def test_the_best_portfolio_is_the_allocation(case: Case) -> None:
    found = best_portfolios(case.study, case.scores, case.designated, 3)
    assert found.certificate == ()
    assert found.table["lost"].is_monotonic_increasing
    best = found.membership.index[found.membership[1]]
    assert tuple(best) == case.allocation.supported


def test_draws_at_the_scores_fund_what_the_allocation_funds(case: Case) -> None:
    names = sorted(case.scores)
    scores = np.array([[case.scores[name] for name in names]] * 3)
    chosen = np.array([name in case.designated for name in names])
    found = core_index(case.study, names, scores, chosen)
    assert found.most_frequent == case.allocation.supported
    assert found.most_frequent_share == 1
    assert found.objective["mean"] == pytest.approx(case.allocation.objective, rel=1e-6)


def test_scenarios_that_agree_leave_no_regret(case: Case) -> None:
    higher = {name: score + 1 for name, score in case.scores.items()}
    studies = {"as it is": case.study, "a point more": case.study}
    scores = {"as it is": case.scores, "a point more": higher}
    found = least_regret(studies, scores, case.designated)
    assert found.certificate == ()
    assert found.portfolios.loc[LEAST, "max_regret"] == pytest.approx(found.bound, abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("reserve", [0.0, 0.15])
def test_the_last_to_arrive_is_judged(case: Case, reserve: float) -> None:
    arrived = {
        p: str(case.study.package_by_id[p].attribute("arrived_on").value) for p in case.designated
    }
    late = max(arrived, key=lambda name: (arrived[name], name))
    others = [name for name in case.designated if name != late]
    standing = allocate(keep_reserve(case.study, reserve), case.scores, others)
    found = admission(case.study, case.scores, others, standing.amounts, [late])
    assert found.certificate == ()
    row = found.verdicts.loc[late]
    assert row["gain"] >= -1e-6
    assert (found.fixed[late] >= standing.amounts).all(axis=None)
    if reserve == 0:
        # with everything free the late package is in the allocation of all
        assert row["free_gain"] + allocate(case.study, case.scores, others).objective == (
            pytest.approx(case.allocation.objective, rel=2e-6)
        )


def test_no_policy_beats_hindsight(case: Case) -> None:
    found = simulate_policies(case.study, case.scores, case.designated, orders=4)
    assert (found.orders[["first come", "bid price"]] <= 1 + 1e-6).all(axis=None)
    assert found.recorded is not None
