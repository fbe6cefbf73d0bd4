"""Gap, tie and status refer to what can be gained, not to the cost of goals that must be missed."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator import Override, evaluate, load_study
from evaluator import linear as evaluator_linear
from evaluator.allocation import allocate
from evaluator.allocation.explain.findings import NotProven, OtherSolver
from evaluator.allocation.solve import cbc, highs, pulp_model
from evaluator.allocation.solve import solve as solving
from evaluator.allocation.solve.point import Point, Settings, proven
from evaluator.allocation.variations import answered, prepare, resolver
from evaluator.model.study import Study
from tests.allocation.enumeration import Floats, Lumps, lumps
from tests.allocation.small import M, ask, changed, limit, package, study, tool
from tests.allocation.test_prices import linear
from tests.conftest import BASELINE


def _with_goals(found: Lumps, *goals) -> Study:
    bank = found.case.institutions[0]
    bank = bank.model_copy(update={"limits": (*bank.limits, *goals)})
    return changed(found.case, institutions=(bank,))


def _values(found: Lumps, goals) -> tuple[Floats, Floats]:
    """Return objective and points gained, by allocation that the enumeration has."""
    gained = found.objective()
    missed = np.zeros(len(gained))
    for goal in goals:
        of = np.array([tool in goal.tools for _, tool, _ in found.requests])
        used = found.given @ of
        over = used - goal.at_most if goal.at_most is not None else goal.at_least - used
        missed += np.maximum(0, over) * goal.cost_per_million / M
    return gained - missed, gained


def _goals(draw: random.Random, cost: float):
    """Return goals of which two compete for one budget, and none can be met in full."""
    loan, grant = draw.randint(100, 20_000) * M, draw.randint(5, 3_000) * M
    return (
        limit("g_loan", "bank.loan", kind="goal", at_least=loan, cost_per_million=cost),
        limit("g_grant", "bank.grant", kind="goal", at_least=grant, cost_per_million=cost * 0.7),
    )


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    cost=st.sampled_from([0.02, 3.0, 1e3, 1e6]),
    solver=st.sampled_from(["highs", "cbc"]),
)
def test_the_best_of_all_allocations_is_found_whatever_must_be_missed(seed, cost, solver):
    found = lumps(seed, size=5, solver=solver)
    goals = _goals(random.Random(seed), cost)
    value, gained = _values(found, goals)
    told = allocate(_with_goals(found, *goals), found.scores, list(found.scores))
    best = value.max()
    most = gained[value >= best - 1e-6].max()
    # the program's gap is 1e-9 of what is gained; sums of costs round at 1e-15 of them
    assert told.objective == pytest.approx(best, rel=1e-13, abs=3e-6 * max(1, most))
    # in sums of 1e6 and more CBC cannot tell 1e-4 points: it finds the best, and proves it less
    assert told.status == "optimal" or (solver == "cbc" and cost >= 1e3)
    assert told.bound >= best - 1e-6 - 1e-13 * abs(best)
    of = max(1, gained[_row(found, told)])
    assert told.gap == pytest.approx((told.bound - told.objective) / of, rel=1e-9)
    assert told.certificate == ()


def _row(found: Lumps, told) -> int:
    amounts = [int(told.amounts.loc[p, t]) for p, t, _ in found.requests]
    return int(np.flatnonzero((found.given == amounts).all(axis=1))[0])


@pytest.mark.parametrize("seed", range(8))
def test_every_path_comes_as_close(seed, monkeypatch):
    found = lumps(seed, size=6)
    goals = _goals(random.Random(seed), 1e6)
    case, best = _with_goals(found, *goals), _values(found, goals)[0].max()
    scores, names = found.scores, list(found.scores)
    prepared = prepare(case, scores, names)
    assert answered(prepared).objective == pytest.approx(best, rel=1e-13)
    program = prepared.compiled.program
    point = resolver(prepared, program)(program, None)
    assert -float(program.cost @ point.values) == pytest.approx(best, rel=1e-13, abs=1e-3)
    monkeypatch.setattr(solving, "START_ABOVE", 0)
    large = allocate(case, scores, names)
    assert large.objective == pytest.approx(best, rel=1e-13)
    assert large.status == "optimal"


def test_a_penalty_that_cannot_be_avoided_makes_nothing_optimal():
    """The next best loses 10 of 100 points: 1e-8 of a penalty of 1e9, a tenth of what is gained."""
    asks = [ask("bank.loan", 60 * M, all_or_nothing=True)]
    packages = [package("A", *asks), package("B", *asks)]
    goal = limit("far", kind="goal", at_least=1_060 * M, cost_per_million=1e6)
    for gap, tie in ((1e-6, 1e-6), (1e-4, 0.0)):
        case = study(packages, [tool("loan", 100 * M)], [goal], gap=gap, tie_tolerance=tie)
        found = allocate(case, {"A": 90.0, "B": 100.0}, ["A", "B"])
        # 1,000 million are missed: 1e9 points
        assert (found.supported, found.objective) == (("B",), 100.0 - 1e9)
        assert (found.status, found.gap) == ("optimal", 0.0)


def test_a_tie_is_a_share_of_what_is_gained():
    """B gains 1 % less at half the subsidy: taken at a tolerance of 2 %, not at one of 0.1 %."""
    packages = [
        package("A", ask("bank.loan", 60 * M, all_or_nothing=True), facts={"grade": 1}),
        package("B", ask("bank.loan", 60 * M, all_or_nothing=True), facts={"grade": 2}),
    ]
    loan = tool("loan", 100 * M, {"1": 0.2, "2": 0.1})
    goal = limit("far", kind="goal", at_least=1_060 * M, cost_per_million=1e6)
    for tie, chosen in ((1e-3, "A"), (0.02, "B")):
        case = study(packages, [loan], [goal], tie_tolerance=tie)
        assert allocate(case, {"A": 100.0, "B": 99.0}, ["A", "B"]).supported == (chosen,)


def test_what_is_proven_needs_a_bound_within_the_gap_of_what_is_gained():
    program = linear([-1, 1e9], [("<=", {0: 1}, 10), (">=", {1: 1}, 5)])
    values = np.array([8.0, 5.0])
    # 8 points are gained, 5e9 are missed
    for bound, gap, sure in ((-8.0, 1e-6, True), (-8.1, 1e-2, False), (-8.07, 1e-2, True)):
        point = Point("optimal", "", values, bound + 5e9)
        assert proven(program, point, gap) is sure
    assert not proven(program, Point("optimal", "", values, -np.inf), 0.5)


def test_cbc_that_loses_the_best_point_is_asked_again(monkeypatch):
    """Of 90 and 100 points it finds 90; then, asked for better, 100; then that there is none."""
    found = lumps(3, size=5)
    case, names = found.case, list(found.scores)
    program = prepare(case, found.scores, names).compiled.program
    honest = pulp_model.solve_by_cbc
    worst = honest(program, Settings())
    none = Point(worst.status, worst.termination, np.zeros_like(worst.values), -np.inf)
    asked: list[int] = []

    def loses(given, settings):
        asked.append(len(given.row_lower))
        return none if len(asked) == 1 else honest(given, settings)

    monkeypatch.setattr(pulp_model, "solve_by_cbc", loses)
    point = cbc.solve_by_cbc(program, Settings())
    best = float(program.cost @ point.values)
    assert -best == pytest.approx(found.objective().max(), rel=1e-6)
    assert proven(program, point, 1e-6)
    assert point.bound < best  # never its own cost
    assert len(asked) == 3


def test_cbc_that_completes_its_search_without_a_second_word_proves_nothing(monkeypatch):
    found = lumps(3, size=5, solver="cbc")
    honest, asked = pulp_model.solve_by_cbc, []

    def silent(given, settings):
        asked.append(given)
        stopped = Point("no_solution", "Stopped on time limit", np.zeros_like(given.cost), -np.inf)
        # of the first stage: what comes after it has other costs
        second = len(asked) == 2
        return stopped if second else honest(given, settings)

    monkeypatch.setattr(pulp_model, "solve_by_cbc", silent)
    told = allocate(found.case, found.scores, list(found.scores))
    assert told.status == "feasible"
    assert told.bound > told.objective  # that of the relaxation
    assert told.gap > 1e-6
    assert told.notes[0] == NotProven(told.gap, None)


def test_a_solve_that_time_ends_says_so_in_notes_requests_and_limits(monkeypatch):
    """Of two that do not fit together A's 70 points are found when time is up; B has 90."""
    packages = [package(name, ask("bank.loan", 60 * M, all_or_nothing=True)) for name in "AB"]
    case = study(packages, [tool("loan", 60 * M)])
    honest = highs.solve

    def early(program, settings, start=None):
        if not program.mixed:
            return honest(program, settings, start)
        of_b = np.array([column.subject == "B" for column in program.columns])
        found = honest(replace(program, upper=np.where(of_b, 0.0, program.upper)), settings)
        return replace(found, status="feasible", termination="Time limit reached", bound=-90.0)

    monkeypatch.setattr(highs, "solve", early)
    told = allocate(case, {"A": 70.0, "B": 90.0}, ["A", "B"])
    assert (told.status, told.supported, told.bound) == ("feasible", ("A",), 90.0)
    note = NotProven((90 - 70) / 70, case.scenario.allocation.time_limit_s)
    assert told.notes == (note,)
    reasons = told.table.set_index("package")["reason"]
    assert note in reasons["B"]
    assert note not in reasons["A"]
    assert told.limits["note"].tolist() == [(note,)]


def test_another_solver_than_was_asked_for_is_told(monkeypatch):
    case = study([package("A", ask("bank.loan", 80 * M))], [tool("loan", 60 * M)])
    assert allocate(case, {"A": 70.0}, ["A"]).notes == ()
    monkeypatch.setattr(evaluator_linear, "highspy", None)
    found = allocate(case, {"A": 70.0}, ["A"])
    assert found.notes == (OtherSolver("HiGHS", "CBC"),)
    assert (found.solver["asked"], found.solver["name"]) == ("highs", "CBC")
    by_choice = allocate(case.with_allocation(solver="cbc"), {"A": 70.0}, ["A"])
    assert by_choice.notes == ()


def test_the_round_of_spring_finds_what_stands_beside_a_goal_that_cannot_be_met():
    """A small-business goal of 10 billion at a million points a million: 9.5 billion points."""
    goal = "institutions.exim.limits.small_business_goal"
    changes = [
        Override("uncertainty.draws", "0", "quick"),
        Override(f"{goal}.at_least", "10_000_000_000", "a trial"),
        Override(f"{goal}.cost_per_million", "1000000", "a trial"),
    ]
    settled = evaluate(load_study(BASELINE, changes), only="allocation").allocation
    strict = [Override(f"allocation.{one}", "0", "q") for one in ("gap", "tie_tolerance")]
    exact = evaluate(load_study(BASELINE, [*changes, *strict]), only="allocation").allocation
    assert len(settled.supported) == len(exact.supported) == 17
    assert settled.status == "optimal"
    assert settled.objective == pytest.approx(exact.objective, abs=2e-3)  # 1e-6 of 1,021 points
    assert settled.gap <= 2e-6


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize("rate", [1e-11, 1e-10, 1e-9])
def test_a_tiny_rate_hides_no_package(solver, rate):
    """P3's least support is 20 % of 65 million; of the budget 25 - 0.05 x 40 - 10 = 13 are left.

    Less 60 million x the rate: P1 gives up the dollars that make room. 59.6 + 70 / 80 x 90.213 +
    0.2 x 48 = 148.1 points, beside 138.5 without P3.
    """
    packages = [
        package("P1", ask("bank.loan", 40 * M), facts={"grade": 2, "cost_usd": 90 * M}),
        package(
            "P2",
            ask("bank.loan", 60 * M, minimum_usd=20 * M),
            ask("bank.equity", 20 * M),
            facts={"grade": 1, "cost_usd": 150 * M},
            hosts={"AAA": 0.5, "BBB": 0.5},
        ),
        package(
            "P3",
            ask("bank.loan", 50 * M),
            ask("bank.equity", 15 * M),
            facts={"grade": 3, "cost_usd": 120 * M},
            hosts={"AAA": 1.0},
        ),
    ]
    loan = tool("loan", 100 * M, {"1": rate, "2": 0.05, "3": 0.12}, minimum_ticket=5 * M)
    equity = tool("equity", 30 * M, 1.0, eligible={"host.class": "low"})
    limits = [
        limit("cost", per="package", at_most={"share": 0.5, "of": "cost_usd"}),
        limit("subsidy", measure="subsidy", at_most=25 * M),
    ]
    case = study(packages, [loan, equity], limits, minimum_support=0.2, solver=solver)
    found = allocate(case, {"P1": 59.6, "P2": 90.2133333, "P3": 48.0}, ["P1", "P2", "P3"])
    assert found.supported == ("P1", "P2", "P3")
    assert found.objective == pytest.approx(59.6 + 90.2133333 * 70 / 80 + 48 * 0.2, rel=1e-6)
    assert (found.status, found.certificate) == ("optimal", ())
