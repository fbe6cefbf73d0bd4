"""Core indices by hand, against single allocations, and over threads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluator.allocation import allocate
from evaluator.allocation.model.build import compile_study
from evaluator.allocation.model.program import Program
from evaluator.allocation.solve import highs
from evaluator.allocation.solve.point import Settings
from evaluator.questions.funding import draws
from evaluator.questions.funding.core_index import core_index
from evaluator.questions.funding.findings import CoreShares, DesignationOfDraws
from tests.allocation.small import M, ask, package, random_study, scores_of, study, tool

TWO = study(
    [
        package("A", ask("bank.loan", 100 * M, all_or_nothing=True)),
        package("B", ask("bank.loan", 100 * M, all_or_nothing=True)),
    ],
    [tool("loan", 150 * M)],
)
DRAWS = np.array([[90.0, 80.0], [90.0, 85.0], [70.0, 75.0], [90.0, 10.0]])
"""One of the two fits: A in draws 0, 1 and 3, B in draw 2."""


def test_a_fixed_set_by_hand() -> None:
    found = core_index(TWO, ["A", "B"], DRAWS, np.array([True, True]))
    assert found.packages["core_index"].to_dict() == {"A": 0.75, "B": 0.25}
    assert found.packages["tier"].tolist() == ["borderline", "borderline"]
    # sqrt(3/4 x 1/4 / 4)
    assert found.packages["error"].tolist() == pytest.approx([0.21650635] * 2)
    assert found.funded.to_numpy().tolist() == [[1, 0], [1, 0], [0, 1], [1, 0]]
    assert (found.portfolios, found.most_frequent, found.most_frequent_share) == (2, ("A",), 0.75)
    assert found.objective["mean"] == pytest.approx((90 + 90 + 75 + 90) / 4)
    assert found.objective["max"] == 90
    assert found.rules == (CoreShares(1.0), DesignationOfDraws(held=True))


def test_a_looser_core_by_hand() -> None:
    found = core_index(TWO, ["B", "A"], DRAWS[:, ::-1], np.array([True, True]), core_share=0.75)
    assert found.packages["tier"].to_dict() == {"A": "core", "B": "out"}


def test_each_draw_designates_its_own_by_hand() -> None:
    # B alone in draw 0, nobody in draw 1; the score of one that is not designated is not read
    designated = np.array([[False, True], [False, False], [True, True], [True, False]])
    draws = DRAWS.copy()
    draws[0, 0] = np.nan
    found = core_index(TWO, ["A", "B"], draws, designated)
    assert found.funded.to_numpy().tolist() == [[0, 1], [0, 0], [0, 1], [1, 0]]
    assert found.packages["designated_share"].to_dict() == {"A": 0.5, "B": 0.5}
    assert found.rules == (CoreShares(1.0), DesignationOfDraws(held=False))


def test_draws_without_an_allocation_fund_nobody_and_are_counted() -> None:
    case = study(TWO.packages, TWO.tools.values(), must={"A": {}})
    designated = np.array([[True, True], [False, True], [True, True], [True, False]])
    found = core_index(case, ["A", "B"], DRAWS, designated)
    assert found.infeasible == 1
    assert found.funded.to_numpy().tolist() == [[1, 0], [0, 0], [1, 0], [1, 0]]


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_interchangeable_packages_share_an_index(solver: str) -> None:
    """Twins, room for one: each in half of the choices. B is better in draw 2, A in draw 3."""
    case = TWO.with_allocation(solver=solver)
    draws = np.array([[80.0, 80.0], [60.0, 60.0], [70.0, 75.0], [90.0, 10.0]])
    found = core_index(case, ["A", "B"], draws, np.array([True, True]))
    assert found.funded.to_numpy().tolist() == [[0.5, 0.5], [0.5, 0.5], [0, 1], [1, 0]]
    assert found.packages["core_index"].to_dict() == {"A": 0.5, "B": 0.5}
    assert found.packages["tier"].tolist() == ["borderline", "borderline"]
    assert (found.portfolios, found.most_frequent, found.most_frequent_share) == (3, ("A",), 0.5)


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_interchangeable_packages_that_can_share_the_money_are_all_funded(solver: str) -> None:
    scores = np.full((2, 3), 70.0)
    every = np.array([True, True, True])

    def three(envelope: int, **fields: Any) -> dict[str, float]:
        packages = [package(name, ask("bank.loan", 80 * M, **fields)) for name in "ABC"]
        case = study(packages, [tool("loan", envelope * M)], solver=solver)
        found = core_index(case, list("ABC"), scores, every).packages["core_index"]
        return {str(name): round(float(share), 6) for name, share in sorted(found.items())}

    assert three(100) == {"A": 1, "B": 1, "C": 1}
    # two of three can have the least of 40
    assert three(100, minimum_usd=40 * M) == {"A": 0.666667, "B": 0.666667, "C": 0.666667}


def _draws(seed: int, size: int, draws: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(20, 95, (draws, size))


@pytest.mark.parametrize("rule", ["as_is", "ranks", "above_floor"])
@pytest.mark.parametrize("seed", range(4))
def test_every_draw_is_what_a_single_allocation_funds(seed: int, rule: str) -> None:
    case = random_study(seed, plain=True, gap=1e-9, scores=rule)
    names = list(case.package_by_id)
    scores = _draws(seed, len(names), 8)
    designated = np.random.default_rng(seed).random(scores.shape) < 0.8
    found = core_index(case, names, scores, designated)
    objectives = []
    for row in range(len(scores)):
        chosen = [n for n, yes in zip(names, designated[row], strict=True) if yes]
        one = allocate(case, dict(zip(names, scores[row].tolist(), strict=True)), chosen)
        objectives.append(one.objective)
        funded = tuple(n for n, yes in zip(names, found.funded.loc[row], strict=True) if yes)
        # ranks are whole steps apart: portfolios tie, and the solver's choice stands
        assert funded == one.supported or rule == "ranks"
    assert found.objective["mean"] == pytest.approx(np.mean(objectives), rel=1e-6)


def test_neither_threads_nor_order_change_a_draw() -> None:
    case = random_study(3, size=9)
    names = list(case.package_by_id)
    scores = _draws(3, len(names), 50)
    every = np.ones(len(names), dtype=np.bool_)
    first = core_index(case, names, scores, every, workers=1)
    again = core_index(case, names, scores, every, workers=3)
    pd.testing.assert_frame_equal(first.packages, again.packages)
    pd.testing.assert_frame_equal(first.funded, again.funded)
    pd.testing.assert_series_equal(first.objective, again.objective, check_exact=True)
    shuffled = np.random.default_rng(0).permutation(len(scores))
    other = core_index(case, names, scores[shuffled], every)
    np.testing.assert_array_equal(other.funded.to_numpy(), first.funded.to_numpy()[shuffled])


@pytest.mark.parametrize("seed", range(4))
def test_draws_that_are_proven_together_fund_what_each_does_alone(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = random_study(seed, plain=True, gap=1e-9)
    names = list(case.package_by_id)
    stream = np.random.default_rng(seed)
    scores = stream.uniform(30, 80, len(names)) + stream.normal(0, 2, (150, len(names)))
    every = np.ones(len(names), dtype=np.bool_)
    together = core_index(case, names, scores, every)
    monkeypatch.setattr(draws, "_TOGETHER", 1_000)
    alone = core_index(case, names, scores, every)
    pd.testing.assert_frame_equal(together.funded, alone.funded)
    pd.testing.assert_series_equal(together.objective, alone.objective, rtol=1e-6)


def test_cbc_gives_the_same_indices() -> None:
    case = random_study(1, plain=True, gap=1e-9)
    names = list(case.package_by_id)
    scores = _draws(1, len(names), 6)
    every = np.ones(len(names), dtype=np.bool_)
    highs_found = core_index(case, names, scores, every)
    settings = case.scenario.allocation.model_copy(update={"solver": "cbc"})
    scenario = case.scenario.model_copy(update={"allocation": settings})
    by_cbc = core_index(case.model_copy(update={"scenario": scenario}), names, scores, every)
    pd.testing.assert_frame_equal(highs_found.funded, by_cbc.funded)


def test_wrong_input_is_refused_with_its_place() -> None:
    two = np.array([True, True])
    with pytest.raises(ValueError, match=r"\(draws, 2\) is needed"):
        core_index(TWO, ["A", "B"], DRAWS[0], two)
    with pytest.raises(ValueError, match="flags of shape"):
        core_index(TWO, ["A", "B"], DRAWS, two[:1])
    with pytest.raises(ValueError, match="'B' in draw 1 is not finite"):
        core_index(TWO, ["A", "B"], np.array([[1, 2], [3, np.inf]]), two)
    with pytest.raises(ValueError, match="above 0"):
        core_index(TWO, ["A", "B"], DRAWS, two, core_share=0.5)


def _program(seed: int) -> Program:
    case = random_study(seed, size=10)
    return compile_study(case, scores_of(case, seed), list(case.package_by_id)).program


@pytest.mark.parametrize("seed", range(4))
def test_a_live_model_answers_as_a_new_one_whatever_came_before(seed: int) -> None:
    program = _program(seed)
    settings = Settings(gap=1e-9)
    stream = np.random.default_rng(seed)
    changed = [
        replace(program, cost=program.cost * stream.uniform(0.5, 1.5, len(program.cost)))
        for _ in range(6)
    ]
    live = highs.live(program, settings)
    found = [live(one, None) for one in changed]
    again = [live(one, None) for one in reversed(changed)][::-1]
    for one, first, second in zip(changed, found, again, strict=True):
        fresh = highs.solve(one, settings)
        assert first.status == second.status == fresh.status
        if fresh.found:
            np.testing.assert_array_equal(first.values, second.values)
            cost = float(one.cost @ first.values)
            assert cost == pytest.approx(float(one.cost @ fresh.values), rel=1e-7)


def test_a_live_model_refuses_other_coefficients() -> None:
    live = highs.live(_program(0), Settings())
    with pytest.raises(ValueError, match="other coefficients"):
        live(_program(1), None)
