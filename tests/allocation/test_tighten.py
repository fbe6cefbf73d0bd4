"""A tightened program has the same whole-number points as the one it stands for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evaluator.allocation.model.build import compile_study
from evaluator.allocation.model.program import Program, relaxed
from evaluator.allocation.solve import highs
from evaluator.allocation.solve.point import Settings, checked
from evaluator.allocation.solve.tighten import tightened, without_idle_rows
from tests.allocation.small import M, ask, limit, package, random_study, scores_of, study, tool

SETTINGS = Settings(gap=1e-9)


def program(seed: int) -> Program:
    case = random_study(seed, size=9, minimum_support=0.25)
    return compile_study(case, scores_of(case, seed), list(case.package_by_id)).program


def breaks(one: Program, values: np.ndarray) -> float:
    """The most by which a point breaks a row or a bound."""
    used = one.activity(values)
    broken = [one.row_lower - used, used - one.row_upper, one.lower - values, values - one.upper]
    return float(np.max(np.concatenate(broken)))


@pytest.mark.parametrize("seed", range(12))
def test_the_optimum_is_the_same_and_the_relaxation_no_looser(seed: int) -> None:
    plain = program(seed)
    tight = tightened(plain)
    first, second = highs.solve(plain, SETTINGS), highs.solve(tight, SETTINGS)
    assert first.status == second.status
    if first.found:
        checked(plain, second)
        best = float(plain.cost @ first.values)
        assert float(plain.cost @ second.values) == pytest.approx(best, rel=1e-6)
        loose = highs.solve(relaxed(plain), SETTINGS).bound
        assert highs.solve(relaxed(tight), SETTINGS).bound >= loose - 1e-6 * abs(loose)


@pytest.mark.parametrize("seed", range(12))
def test_points_found_without_it_are_kept(seed: int) -> None:
    plain = program(seed)
    tight = tightened(plain)
    stream = np.random.default_rng(seed)
    for _ in range(4):
        costs = plain.cost * stream.uniform(-0.2, 1.5, len(plain.cost))
        point = highs.solve(replace(plain, cost=costs), SETTINGS)
        if point.found:
            values = np.where(plain.integer, np.round(point.values), point.values)
            assert breaks(tight, values) <= breaks(plain, values) + 1e-5


def test_by_hand() -> None:
    # One package asks 60 of loans and 50 of grants, 40 in all at most, a quarter of 110 at least.
    # x1 <= 40 z1, x2 <= 40 z2 in place of 60 and 50, and x1 + x2 <= 40 y in place of 40.
    case = study(
        [package("A", ask("bank.loan", 60 * M), ask("bank.grant", 50 * M))],
        [tool("loan", 90 * M, minimum_ticket=5 * M), tool("grant", 90 * M, minimum_ticket=5 * M)],
        [limit("all", per="package", at_most=40 * M)],
        minimum_support=0.25,
    )
    plain = compile_study(case, {"A": 50.0}, ["A"]).program
    tight = tightened(plain)
    columns = [column.kind for column in plain.columns]
    assert columns == ["amount", "amount", "served", "served", "supported"]
    row = next(n for n, one in enumerate(plain.rows) if one.name == "bank.all")
    part = slice(tight.starts[row], tight.starts[row + 1])
    scale = plain.unit / M
    assert dict(zip(tight.index[part], tight.value[part] * scale, strict=True)) == {
        0: scale,
        1: scale,
        4: -40,
    }
    assert tight.row_upper[row] == 0
    big = [-v * scale for v in tight.value if -v * scale in (40, 50, 60)]
    assert sorted(big) == [40, 40, 40]
    assert tight.upper[:2].tolist() == [40 / scale, 40 / scale]


def test_a_linear_program_is_left_as_it_is() -> None:
    plain = relaxed(program(0))
    assert tightened(plain) is plain


@pytest.mark.parametrize("seed", range(8))
def test_rows_that_nothing_can_break_are_no_loss(seed: int) -> None:
    plain = program(seed)
    fewer = without_idle_rows(plain)
    stream = np.random.default_rng(seed)
    finite = np.where(np.isfinite(plain.upper), plain.upper, 1e3)
    for share in (0.05, 0.3, 1.0):
        values = stream.uniform(0, 1, len(finite)) * share * finite
        kept, all_rows = breaks(fewer, values), breaks(plain, values)
        assert (kept > 1e-9) == (all_rows > 1e-9)
    first, second = highs.solve(plain, SETTINGS), highs.solve(fewer, SETTINGS)
    assert first.status == second.status
    if first.found:
        checked(plain, second)
        assert second.bound == pytest.approx(first.bound, rel=1e-6)


def test_a_limit_above_all_that_is_asked_is_idle() -> None:
    limits = [limit("near", at_most=40 * M), limit("far", at_most=60 * M)]
    case = study([package("A", ask("bank.loan", 60 * M))], [tool("loan", 90 * M)], limits)
    plain = compile_study(case, {"A": 50.0}, ["A"]).program
    assert [row.name for row in without_idle_rows(plain).rows] == ["bank.near"]
