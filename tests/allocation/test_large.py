"""The way large programs take ends where a plain solve does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evaluator.allocation.model.build import compile_study
from evaluator.allocation.model.program import Floats, Program
from evaluator.allocation.solve import highs, large
from evaluator.allocation.solve.decompose import Loose, by_packages
from evaluator.allocation.solve.large import solve_large
from evaluator.allocation.solve.point import Point, Settings, checked
from tests.allocation.small import random_study, scores_of

SETTINGS = Settings(gap=1e-9)


def program(seed: int, size: int = 9) -> Program:
    case = random_study(seed, size=size, minimum_support=0.3)
    return compile_study(case, scores_of(case, seed), list(case.package_by_id)).program


@pytest.mark.parametrize("seed", range(10))
def test_the_optimum_is_that_of_a_plain_solve(seed: int) -> None:
    one = program(seed)
    plain, large = highs.solve(one, SETTINGS), solve_large(one, SETTINGS)
    assert large.status == plain.status
    if plain.found:
        checked(one, large)
        best = float(one.cost @ plain.values)
        assert float(one.cost @ large.values) == pytest.approx(best, rel=1e-6)
        assert large.bound <= float(one.cost @ large.values) + 1e-6 * abs(best)


def test_what_has_no_point_is_infeasible() -> None:
    one = program(1)
    asked = np.array([column.kind == "amount" for column in one.columns])
    most = float(one.upper[asked].sum())
    impossible = replace(
        one,
        starts=np.append(one.starts, one.starts[-1] + asked.sum()).astype(np.int32),
        index=np.append(one.index, np.flatnonzero(asked)).astype(np.int32),
        value=np.append(one.value, np.ones(asked.sum())),
        row_lower=np.append(one.row_lower, most + 1),
        row_upper=np.append(one.row_upper, np.inf),
    )
    assert solve_large(impossible, SETTINGS).status == "infeasible"


def test_a_short_time_still_gives_a_bound() -> None:
    found = solve_large(program(3, size=30), Settings(time_limit_s=0.5, gap=0))
    assert np.isfinite(found.bound)


def plain_program() -> Program:
    case = random_study(5, size=12, plain=True, minimum_support=0.3)
    return compile_study(case, scores_of(case, 5), list(case.package_by_id)).program


def test_the_best_point_is_kept_when_a_later_solve_ends_with_a_worse_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, real = plain_program(), highs.solve
    monkeypatch.setattr(large, "by_packages", lambda *_: None)
    solved: list[Point] = []

    def ever_worse(asked: Program, settings: Settings, start: Floats | None = None) -> Point:
        point = real(asked, settings, start)
        if len(solved) >= 2:  # after the relaxation and the first smaller program
            nothing = np.zeros_like(point.values)
            point = replace(point, status="feasible", values=nothing, bound=-np.inf)
        solved.append(point)
        return point

    monkeypatch.setattr(highs, "solve", ever_worse)
    found = solve_large(one, Settings(gap=-1.0))
    assert len(solved) == 4
    assert found.status == "feasible"
    assert found.values == pytest.approx(solved[1].values)
    assert float(one.cost @ found.values) < 0
    assert found.bound == solved[0].bound


def test_a_point_within_the_gap_of_the_relaxation_needs_no_further_solve(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, real = plain_program(), highs.solve
    monkeypatch.setattr(large, "by_packages", lambda *_: None)
    solved: list[Point] = []

    def counted(asked: Program, settings: Settings, start: Floats | None = None) -> Point:
        solved.append(real(asked, replace(settings, gap=1e-9), start))
        return solved[-1]

    monkeypatch.setattr(highs, "solve", counted)
    found = checked(one, solve_large(one, Settings(gap=5.0)))
    assert len(solved) == 2
    assert found.status == "optimal"
    cost = float(one.cost @ found.values)
    assert found.bound <= cost <= found.bound + 5.0 * abs(cost)
    assert cost == pytest.approx(float(one.cost @ solved[1].values))


def test_a_search_ends_at_a_point_that_is_within_the_gap_of_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, real, asked = plain_program(), highs.solve, []
    best = real(one, SETTINGS).bound

    def close(of: Program, settings: Settings) -> Loose:
        loose = by_packages(of, settings)
        assert loose is not None
        return replace(loose, bound=best)

    def seen(of: Program, settings: Settings, start: Floats | None = None) -> Point:
        asked.append(settings.enough)
        return real(of, settings, start)

    monkeypatch.setattr(large, "by_packages", close)
    monkeypatch.setattr(highs, "solve", seen)
    found = solve_large(one, Settings(gap=0.25))
    assert asked == [best / 1.25]
    assert found.status == "optimal"
    assert 0 <= float(one.cost @ found.values) - best <= 0.25 * one.worth(found.values)
