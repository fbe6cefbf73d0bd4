"""Sweeps: which scenarios there are, and that a row is what a run of its scenario finds."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator import errors
from evaluator.errors import InvalidStudyError, Problem, UsageError
from evaluator.loading import Override, load_study
from evaluator.loading.variation import vary
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.questions.sweep import Grid, Plan, check, parse_vary, varied
from evaluator.questions.sweep import lines as solved_lines
from evaluator.questions.sweep.grid import Interval
from evaluator.questions.sweep.judging import influences, stated_influence, weighted
from evaluator.questions.sweep.rows import runner

SCENARIO = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"


@pytest.fixture(scope="module")
def baseline() -> Study:
    return load_study(SCENARIO)


def grid(*texts: str, **sample: Any) -> Grid:
    return Grid(parse_vary(texts), **sample)


def test_every_form_of_values() -> None:
    found = {one.key: one.values for one in parse_vary(["a=10,15", "b=0.1:0.5:0.2", "c=x, {d: 1}"])}
    assert found == {"a": (10, 15), "b": (0.1, 0.3, 0.5), "c": ("x", {"d": 1})}
    assert parse_vary(["a=5:9:2, 20"])[0].values == (5, 7, 9, 20)  # whole ones stay whole
    assert parse_vary(["a=0:1"])[0].values == Interval(0, 1)
    assert parse_vary(["a=2026-07-15"])[0].values == ("2026-07-15",)
    assert varied({"a": np.array([1, 2]), "b": "1:2:1"})[0].values == (1, 2)


@pytest.mark.parametrize(
    "text, fact",
    [
        ("a", "no values"),
        ("a=", "no values"),
        ("a=5:1:1", "does not go up"),
        ("a=1:5:0", "does not go up"),
        ("a=0:1:0.00000001", "100,000,001 values"),
        ("a=1:2, 5", "stands beside"),
        ("a=[1", "not valid YAML"),
    ],
)
def test_values_that_cannot_be_are_told_with_their_key(text: str, fact: str) -> None:
    with pytest.raises(InvalidStudyError, match=fact) as caught:
        parse_vary([text, "b"])
    assert len(caught.value.problems) == 2  # all at once
    assert str(caught.value).startswith("- --vary a")


def test_all_combinations_with_the_last_key_turning_fastest() -> None:
    found = grid("a=1,2", "b=x,y,z")
    every = [(1, "x"), (1, "y"), (1, "z"), (2, "x"), (2, "y"), (2, "z")]
    assert len(found) == 6
    assert found.rows(range(6)) == every
    assert found.rows(range(2, 5)) == every[2:5]


def test_a_sample_is_the_beginning_of_a_larger_one_and_fills_its_range() -> None:
    keys = ("a=0:10", "b=0.0:1.0", "c=p,q")
    small, large = (grid(*keys, sample=n, seed=4) for n in (1_500, 3_000))
    rows = large.rows(range(3_000))
    assert small.rows(range(1_500)) == rows[:1_500]
    assert large.rows(range(1_000, 1_100)) == rows[1_000:1_100]  # over the end of a block of draws
    assert grid(*keys, sample=3, seed=5).rows(range(3)) != rows[:3]
    whole, share, word = zip(*rows, strict=True)
    assert set(whole) == set(range(11))
    assert set(word) == {"p", "q"}
    assert 0 <= min(share) < 0.01 < 0.99 < max(share) <= 1


@pytest.mark.parametrize(
    "texts, sample, fact",
    [
        ([], None, "needs one or more keys"),
        (["a=1", "a=2"], None, "there twice"),
        (["a=0:1"], None, "has no step"),
        ([f"{key}=1:100:1" for key in "abcd"], None, "100,000,000 scenarios"),
    ],
)
def test_what_is_no_sweep(texts: list[str], sample: int | None, fact: str) -> None:
    with pytest.raises(UsageError, match=fact):
        grid(*texts, sample=sample)


def test_influence_that_varies_takes_from_the_others_in_proportion() -> None:
    # a goes from 0.5 to 0.2: 0.8 are left for 0.3 and 0.2, which become 0.8 x 3/5 and 0.8 x 2/5
    found, reasons = influences(
        {"a": 0.5, "b": 0.3, "c": 0.2},
        [{"a": 0.2}, {"a": 0.5, "b": 0.5}, {"a": 0.6, "b": 0.5}, {}],
    )
    assert found[0] == pytest.approx([0.2, 0.48, 0.32])
    assert found[1] == pytest.approx([0.5, 0.5, 0.0])  # exactly full
    assert found[3] == pytest.approx([0.5, 0.3, 0.2])
    assert ["more than 1" in reason for reason in reasons] == [False, False, True, False]
    _, none = influences({"a": 1.0, "b": 0.0}, [{"a": 0.5}, {"a": 1.0}])
    assert [bool(reason) for reason in none] == [True, False]  # nobody can take the other half


def test_scores_do_not_depend_on_how_many_are_made_together() -> None:
    rng = np.random.default_rng(1)
    influence, scores = rng.dirichlet(np.ones(7), 100), rng.uniform(0, 100, (7, 30))
    together = weighted(influence, scores)
    assert all((weighted(influence[i : i + 1], scores) == together[i]).all() for i in range(100))
    assert together == pytest.approx(influence @ scores)


def test_faults_of_keys_and_values_are_told_at_once_before_anything_is_made(
    baseline: Study,
) -> None:
    keys = {
        "designation.max_package": [10],
        "designation.min_overall": [50, 200, -1],
        "influence.shares.defence": [0.1],
        "influence.shares.state": [0.1, 1.5],
        "institutions.dfc.tools.equiti.envelope.amount": [1],
        "round": ["other"],
    }
    with pytest.raises(InvalidStudyError) as caught:
        check(Plan(baseline, Grid(varied(keys))))
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 7
    assert "Did you mean 'max_packages'?" in told[0]
    assert "200" in told[1]
    assert "-1" in told[2]
    assert "Did you mean 'defense'?" in told[3]
    assert "1.5 is no share" in told[4]
    assert "Did you mean 'equity'?" in told[5]
    assert "what is read" in told[6]


def test_a_key_and_what_it_holds_are_not_varied_together(baseline: Study) -> None:
    shares = dict(stated_influence(baseline))
    keys = {"influence.shares": [shares], "influence.shares.state": [0.1]}
    with pytest.raises(InvalidStudyError, match="overlaps"):
        check(Plan(baseline, Grid(varied(keys))))


def test_varying_nothing_gives_the_study_itself(baseline: Study) -> None:
    assert vary(baseline, {"designation.max_packages": 20}) == baseline
    moved = vary(baseline, {"institutions.dfc.tools.equity.envelope.amount": 1_000})
    assert moved.tools["dfc.equity"].envelope.amount == 1_000
    assert moved.packages == baseline.packages


KEYS = (
    "designation.max_packages=12,20",
    "institutions.dfc.tools.equity.envelope.amount=0,1000000000",
    "influence.shares.defense=0.1:0.5:0.1",
)


@pytest.mark.slow
def test_each_row_is_what_a_run_of_its_scenario_finds(
    baseline: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(baseline, grid(*KEYS))
    solves = []
    solve = solved_lines.answered
    monkeypatch.setattr(solved_lines, "answered", lambda case: solves.append(1) or solve(case))
    rows = runner(plan)(range(20))
    assert len(solves) < 20  # between scenarios that are alike none is solved
    for row, (places, amount, share) in zip(rows, plan.grid.rows(range(20)), strict=True):
        stated = stated_influence(baseline)
        [influence], _ = influences(stated, [{"defense": share}])
        changes = {
            "designation.max_packages": places,
            "institutions.dfc.tools.equity.envelope.amount": amount,
            "influence.shares": dict(zip(stated, influence.tolist(), strict=True)),
        }
        found = evaluate(vary(baseline, changes), only="allocation")
        assert row["designated"] == tuple(sorted(found.designated))
        assert row["supported"] == found.allocation.supported
        assert row["amount_usd"] == found.allocation.amounts.to_numpy().sum()
        assert row["subsidy_usd"] == found.allocation.subsidy_usd
        assert row["objective"] == pytest.approx(found.allocation.objective, rel=1e-9)
        assert 0 <= row["gap"] <= baseline.scenario.allocation.gap
        assert row["certified"]
        assert (row["status"], row["cut_by_time"]) == ("optimal", False)


def test_what_time_cut_is_told_and_stands_for_no_other(
    baseline: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(baseline, grid("influence.shares.defense=0.15:0.17:0.01"))
    whole = runner(plan)(range(3))
    solve, solves = solved_lines.answered, []
    assert not any(row["cut_by_time"] for row in whole)

    def cut(case: Any) -> Any:
        solves.append(1)
        return replace(solve(case), cut=("ties",))

    monkeypatch.setattr(solved_lines, "answered", cut)
    rows = runner(plan)(range(3))
    assert len(solves) == 3  # none is taken to be between two that were cut
    assert all(row["cut_by_time"] for row in rows)
    assert [row["amount_usd"] for row in rows] == [row["amount_usd"] for row in whole]


def test_a_key_that_moves_scores_is_scored_anew(baseline: Study) -> None:
    plan = Plan(baseline, grid("as_of=2026-07-15,2027-01-15", "missing=worst,interval"), "scores")
    rows = runner(plan)(range(4))
    for row, (day, missing) in zip(rows, plan.grid.rows(range(4)), strict=True):
        found = evaluate(vary(baseline, {"as_of": day, "missing": missing}), only="scores")
        assert row["designated"] == tuple(sorted(found.designated))
        assert row["leader"] == (found.ranking.index[0],)
        assert row["status"] == "designated"


def test_values_that_do_not_go_together_are_a_row_that_says_why(baseline: Study) -> None:
    shares = [f"influence.shares.{a}=0.5,0.6" for a in ("state", "defense")]
    rows = runner(Plan(baseline, grid(*shares)))(range(4))
    assert [row["status"] for row in rows] == ["optimal", "refused", "refused", "refused"]
    assert rows[1]["refused"] == "the shares of influence that vary sum to more than 1."
    assert rows[1]["supported"] == ()
    assert rows[1]["amount_usd"] is None


def test_errors_come_back_whole_from_another_process() -> None:
    problems = [Problem("a", "is b.", "Mend it."), Problem("c", "is d.")]
    known = [InvalidStudyError(problems)]
    kinds = (errors.EvaluatorError, errors.UsageError, errors.RunError, errors.SolverError)
    known += [kind("why") for kind in kinds]
    for error in known:
        back = pickle.loads(pickle.dumps(error))  # noqa: S301
        assert (type(back), str(back), vars(back)) == (type(error), str(error), vars(error))


@pytest.mark.slow
def test_facts_and_points_of_weights_vary_as_a_run_would_have_them(baseline: Study) -> None:
    fact, points = (
        "measures.SP26-08.commerce.us_jobs",
        "agencies.commerce.weights.judgements.us_jobs",
    )
    plan = Plan(baseline, grid(f"{fact}=100,9000", f"{points}=0,30"), "scores")
    check(plan)
    rows = runner(plan)(range(4))
    for row, (jobs, weight) in zip(rows, [(100, 0), (100, 30), (9000, 0), (9000, 30)], strict=True):
        changes = [
            Override(fact, str(jobs), "a trial"),
            Override(points, str(weight), "a trial", rebalance="proportional"),
        ]
        run = evaluate(load_study(SCENARIO, changes), only="scores")
        assert set(row["designated"]) == set(run.designated)
        assert row["leader"] == (run.ranking.index[0],)
    with pytest.raises(InvalidStudyError, match=r"--vary ratings\.SP26-08\.nothing: names no row"):
        check(Plan(baseline, grid("ratings.SP26-08.nothing=1"), "scores"))
