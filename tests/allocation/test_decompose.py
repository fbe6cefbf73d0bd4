"""Programs cut into packages: exact prices, a bound that holds, a point that keeps everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks._baseline_rounds import like_the_baseline
from benchmarks._rounds import synthetic
from evaluator.allocation import allocate
from evaluator.allocation.model.build import compile_study
from evaluator.allocation.model.program import Program
from evaluator.allocation.solve import decompose, highs
from evaluator.allocation.solve.cheapest import cheapest
from evaluator.allocation.solve.decompose import by_packages
from evaluator.allocation.solve.large import solve_large
from evaluator.allocation.solve.packages import Cut, cut
from evaluator.allocation.solve.point import Point, Settings, checked
from evaluator.allocation.solve.solve import solver_for
from evaluator.allocation.solve.tighten import tightened
from evaluator.questions.rolling_review.pricing import part
from tests.allocation.small import random_study, scores_of, varied

EXACT = Settings(gap=1e-9)
SEEDS = st.integers(0, 10**9)


def program(seed: int, size: int = 7, *, plain: bool = False) -> Program:
    case = varied(random_study(seed, size=size, plain=plain, minimum_support=0.3), seed)
    return compile_study(case, scores_of(case, seed), list(case.package_by_id)).program


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.booleans())
def test_each_package_is_priced_as_a_solver_prices_it(seed: int, tight: bool) -> None:
    one = program(seed)
    one = tightened(one) if tight else one
    parts = cut(one)
    assert parts is not None
    cost = np.random.default_rng(seed).normal(0, 1, len(one.cost))
    for group in parts.groups:
        best = cheapest(group, cost)
        for number, package in enumerate(group.package.tolist()):
            columns = np.flatnonzero(parts.owner == package)
            mine = np.isin(one.owner, np.flatnonzero(~parts.shared)) & np.isin(one.index, columns)
            own = part(replace(one, cost=cost), columns, np.unique(one.owner[mine]))
            wanted = highs.solve(own, EXACT).bound
            assert best.cost[number] == pytest.approx(wanted, rel=1e-6, abs=1e-5)


@pytest.mark.parametrize("seed", range(40))
def test_bound_and_point_hold_under_every_rule(seed: int) -> None:
    one = program(seed, size=5 + seed % 6, plain=bool(seed % 3))
    plain, loose = highs.solve(one, EXACT), by_packages(tightened(one), EXACT)
    found = solve_large(tightened(one), EXACT)
    assert found.status == plain.status
    if not plain.found:
        return
    best = float(one.cost @ plain.values)
    checked(one, found)
    assert float(one.cost @ found.values) == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert found.bound <= best + 1e-6 * max(1.0, abs(best))
    if loose is not None:
        assert loose.bound <= best + 1e-6 * max(1.0, abs(best))


def test_most_random_programs_are_cut() -> None:
    found = [by_packages(tightened(program(seed, plain=True)), EXACT) for seed in range(20)]
    assert sum(one is not None for one in found) >= 15


def test_a_large_round_is_cut_and_proven() -> None:
    one = synthetic(600, gap=2e-3)
    compiled = compile_study(one.study, one.scores, list(one.scores))
    loose = tightened(compiled.program)
    parts = cut(loose)
    assert isinstance(parts, Cut)
    # 10 envelopes, 40 countries, 6 regions, one subsidy budget; all else is a package's own
    assert int(parts.shared.sum()) == 57
    found = solver_for("highs")(compiled.program, Settings(gap=2e-3))
    assert found.status == "optimal"
    assert "prices" in found.log
    # no worse than the relaxation, which it contains
    relaxed = highs.solve(replace(loose, integer=np.zeros_like(loose.integer)), EXACT)
    assert found.bound >= relaxed.bound - 1e-6 * abs(relaxed.bound)


def test_prices_that_time_ended_far_from_the_bound_still_lead_to_a_point(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = synthetic(300, gap=1e-3)
    loose = tightened(compile_study(one.study, one.scores, list(one.scores)).program)
    monkeypatch.setattr(decompose, "_SHARE", 0.0)
    found = by_packages(loose, Settings(gap=1e-3))
    assert found is not None
    (_, smaller), *_ = found.smaller
    point = checked(loose, highs.solve(smaller(found.values), Settings(gap=1e-3)))
    assert point.found
    # one round of prices: a bound that holds, and says little
    assert found.bound < 1.005 * float(loose.cost @ point.values) < 0


@pytest.mark.parametrize("seed", range(30))
def test_the_last_resort_keeps_every_rule(seed: int) -> None:
    one = tightened(program(seed, size=5 + seed % 6, plain=bool(seed % 3)))
    loose = by_packages(one, EXACT)
    values = None if loose is None else loose.last_resort()
    if values is not None:
        checked(one, Point("feasible", "", values, -np.inf))


def test_where_time_ends_every_search_there_is_still_a_point(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = like_the_baseline(60)
    loose = tightened(compile_study(one.study, one.scores, list(one.scores)).program)
    none = Point("no_solution", "time", np.zeros_like(loose.cost), -np.inf)
    monkeypatch.setattr(highs, "solve", lambda *_: none)
    found = checked(loose, solve_large(loose, Settings(gap=1e-3)))
    assert found.status == "feasible"
    # most of what is gained at best is there without a search
    assert float(loose.cost @ found.values) < 0.7 * found.bound < 0


@pytest.mark.slow
def test_a_large_round_is_certified_in_whole_dollars() -> None:
    one = synthetic(1_000, gap=1e-3)
    found = allocate(one.study, one.scores, list(one.scores))
    assert found.status == "optimal"
    assert found.certificate == ()
    assert found.gap <= 1e-3 + 1e-6


def test_committed_amounts_are_solved_another_way() -> None:
    one = tightened(program(3))
    held = replace(one, lower=np.where(one.integer, one.upper, one.lower))
    assert by_packages(held, EXACT) is None


@pytest.mark.slow
def test_points_of_a_held_program_are_not_thrown_away_for_a_hair() -> None:
    # what is held makes rows of this round tight to 1e-6: HiGHS took all points for infeasible
    one = like_the_baseline(1_000, seed=1)
    names = list(one.scores)
    compiled = compile_study(one.study, one.scores, names)
    found = solve_large(tightened(compiled.program), Settings(gap=1e-3, time_limit_s=600))
    assert (found.status, found.termination) == ("optimal", "within the gap of the prices")
