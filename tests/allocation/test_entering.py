"""How scores enter the objective: as they are, as ranks, above the floor."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from evaluator.allocation import allocate
from evaluator.allocation.explain.findings import CountsZero
from evaluator.allocation.model.entering import as_entered, entering, entering_points
from evaluator.model.scenario import Designation
from evaluator.model.study import Study
from tests.allocation.small import M, ask, changed, given, package, reason, run, study, tool


def of(rule: str, *asked: int, floor: float = 50, envelope: int = 100, **settings: Any) -> Study:
    """Packages A, B, ... that ask for loans, under one envelope, in millions."""
    packages = [
        package(name, ask("bank.loan", a * M)) for name, a in zip("ABCD", asked, strict=False)
    ]
    case = study(packages, [tool("loan", envelope * M)], scores=rule, **settings)
    designation = Designation(min_overall=floor)
    return changed(case, scenario=case.scenario.model_copy(update={"designation": designation}))


@pytest.mark.parametrize(
    ("rule", "expected", "objective"),
    [
        # a million is worth 90 / 100 = 0.9 for A, 60 / 40 = 1.5 for B
        ("as_is", {"A loan": 60, "B loan": 40}, 90 * 0.6 + 60),
        # 40 / 100 = 0.4 against 10 / 40 = 0.25
        ("above_floor", {"A loan": 100}, 40),
        # 100 / 100 = 1 against 50 / 40 = 1.25
        ("ranks", {"A loan": 60, "B loan": 40}, 100 * 0.6 + 50),
    ],
)
def test_the_rule_decides_who_is_first(
    rule: str, expected: dict[str, int], objective: float
) -> None:
    found = run(of(rule, 100, 40), A=90, B=60)
    assert given(found) == expected
    assert found.objective == pytest.approx(objective)


def test_ranks_are_among_the_designated_and_ties_alike() -> None:
    # 90, 80, 80, 10: competition ranks 1, 2, 2, 4; n - rank + 1 of n: 4, 3, 3, 1 quarters
    case = of("ranks", 1, 1, 1, 1)
    scores = {"A": 90.0, "B": 80.0, "C": 80.0, "D": 10.0}
    assert entering(case, scores, "ABCD") == {"A": 100, "B": 75, "C": 75, "D": 25}
    assert entering(case, scores, "BD") == {"B": 100, "D": 50}


def test_a_package_at_the_floor_counts_nothing() -> None:
    case = of("above_floor", 30, 30)
    assert entering(case, {"A": 50.0, "B": 49.0}, "AB") == {"A": 0, "B": 0}
    found = run(case, A=50, B=70)
    assert given(found) == {"B loan": 30}
    assert reason(found, "A", "loan") == (CountsZero(),)


def test_dollars_take_the_same_points() -> None:
    # above 50: 40 and 10 points a million dollars
    found = run(of("above_floor", 100, 40, envelope=110, objective="amount"), A=90, B=60)
    assert given(found) == {"A loan": 100, "B loan": 10}
    assert found.objective == pytest.approx(40 * 100 + 10 * 10)


SCORES = st.lists(st.integers(0, 100).map(float), min_size=2, max_size=4)


@settings(deadline=None)
@drawn(SCORES)
def test_ranks_do_not_change_with_the_scale_of_scores(values: list[float]) -> None:
    case = of("ranks", 1, 1, 1, 1)
    one = dict(zip("ABCD", values, strict=False))
    other = {name: value**2 / 100 for name, value in one.items()}
    assert entering(case, one, list(one)) == entering(case, other, list(one))


@drawn(st.sampled_from(["as_is", "ranks", "above_floor"]), SCORES, SCORES)
def test_a_batch_of_draws_gives_what_each_gives(
    rule: str, first: list[float], second: list[float]
) -> None:
    case = of(rule, 1, 1, 1, 1)
    width = min(len(first), len(second))
    scores = np.array([first[:width], second[:width]])
    designated = np.ones_like(scores, dtype=np.bool_)
    designated[1, 0] = False
    points = entering_points(case, scores, designated)
    names = "ABCD"[:width]
    assert points[0].tolist() == list(
        entering(case, dict(zip(names, scores[0], strict=True)), names).values()
    )
    assert points[1, 0] == 0
    some = {name: float(score) for name, score in zip(names[1:], scores[1, 1:], strict=True)}
    assert points[1, 1:].tolist() == list(entering(case, some, names[1:]).values())


def test_points_worked_out_before_enter_as_they_are() -> None:
    scores, case = {"A": 90.0, "B": 60.0}, of("above_floor", 100, 40)
    points = entering(case, scores, "AB")
    again = allocate(as_entered(case), points, "AB")
    assert given(again) == given(run(case, **scores))
    assert again.certificate == ()
