"""What makes a package win, and what swaps two: against search, and the study changed so."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from evaluator import Override, evaluate, load_study
from evaluator.decision.designation import DesignationRule, decide, ranked_packages
from evaluator.decision.ordering import WEIGHTED_SUM, ordering_of
from evaluator.decision.ties import Floats
from evaluator.errors import UsageError
from evaluator.model.method import Method
from evaluator.questions.weighing.what_wins import what_swaps, what_wins
from evaluator.results.evaluation import Scored
from evaluator.uncertainty.stability import smallest_reach
from evaluator.uncertainty.stability.reach import WITHIN
from tests.conftest import ROOT

BASELINE = ROOT / "scenarios" / "baseline.yaml"
STEP = 0.02


def scored(*sets: tuple[str, str]) -> Scored:
    changes = [Override(key, to, "a trial") for key, to in sets]
    return evaluate(load_study(BASELINE, changes), only="scores")


@pytest.fixture(scope="module")
def baseline() -> Scored:
    return scored()


def simplex(size: int) -> Floats:
    """Every vector of shares in steps, (points, size)."""
    steps = round(1 / STEP)
    every = [x for x in product(range(steps + 1), repeat=size - 1) if sum(x) <= steps]
    return np.array([[*x, steps - sum(x)] for x in every]) / steps


def cases(seed: int) -> tuple[Floats, Floats, Floats, DesignationRule]:
    """Seven packages, three agencies: the first has three criteria, the others share three."""
    dice = np.random.default_rng(seed)
    values = dice.integers(0, 101, (7, 6)).astype(np.float64)
    weights = np.zeros((3, 6))
    weights[0, :3] = dice.dirichlet([1, 1, 1])
    weights[1, 3:5] = dice.dirichlet([2, 2])
    weights[2, 4:] = dice.dirichlet([2, 2])
    rule = DesignationRule(
        min_overall=float(dice.integers(0, 60)),
        min_agency=np.array([0.0, 30.0, 0.0]),
        max_packages=int(dice.integers(1, 4)),
        eligible=np.arange(7) != 6,
        included=np.arange(7) == 5 if seed % 2 else None,
    )
    return values, weights, dice.dirichlet([2, 2, 2]), rule


@pytest.mark.parametrize("seed", range(12))
def test_the_nearest_influence_is_what_a_search_of_all_finds(seed: int) -> None:
    values, weights, influence, rule = cases(seed)
    tried = simplex(3)
    agencies = weights @ values.T
    overall = tried @ agencies
    members = decide(rule, overall, agencies, overall).members
    best = overall >= overall.max(axis=1, keepdims=True) - 1e-9
    alone = best & (best.sum(axis=1, keepdims=True) == 1)
    distance = np.abs(tried - influence).sum(axis=1) / 2
    for package, (goal, met) in product(range(7), (("first", alone), ("priority", members))):
        found, *_ = smallest_reach(values, weights, influence, package, goal, rule=rule)
        nearest = distance[met[:, package]].min(initial=np.inf)
        if found.outcome == "ineligible":
            assert package in (5, 6)
        elif found.outcome == "impossible":
            assert nearest == np.inf
        else:
            assert found.moved is not None
            assert found.shares is not None
            assert found.moved <= nearest + 1e-6
            at = found.shares @ agencies
            taken = decide(rule, at, agencies, at).members[package]
            assert taken if goal == "priority" else at.argmax() == package


@pytest.mark.parametrize("seed", range(6))
def test_the_nearest_weights_of_an_agency_are_what_a_search_finds(seed: int) -> None:
    values, weights, influence, rule = cases(seed)
    tried = simplex(3)
    every = np.repeat(weights[None], len(tried), axis=0)
    every[:, 0, :3] = tried
    agencies = every @ values.T
    overall = np.einsum("k,dkn->dn", influence, agencies)
    members = decide(rule, overall, agencies, overall).members
    distance = np.abs(tried - weights[0, :3]).sum(axis=1) / 2
    seen = 0
    for package in range(5):
        found = smallest_reach(values, weights, influence, package, "priority", rule=rule)
        for mine in (one for one in found if (one.lever, one.agency) == ("weights", 0)):
            nearest = distance[members[:, package]].min(initial=np.inf)
            seen += 1
            if mine.outcome == "possible":
                assert mine.moved is not None
                assert mine.moved <= nearest + 1e-6
            else:
                assert (mine.outcome, nearest) == ("impossible", np.inf)
    assert seen


def test_a_dominated_package_is_first_under_no_weights() -> None:
    values = np.array([[50.0, 60.0], [40.0, 55.0], [70.0, 10.0]])
    found = smallest_reach(values, np.eye(2), np.array([0.5, 0.5]), 1, "first")
    assert [(one.lever, one.outcome) for one in found] == [
        ("influence", "impossible"),
        ("any weights", "impossible"),
    ]
    # 70 t + 10 (1 - t) > 50 t + 60 (1 - t) where t > 5/7
    third, *_ = smallest_reach(values, np.eye(2), np.array([0.5, 0.5]), 2, "first")
    assert third.moved == pytest.approx(5 / 7 - 0.5, abs=1e-4)


def test_under_another_method_one_share_is_moved_and_the_method_asked() -> None:
    values = np.array([[90.0, 20.0, 50.0], [30.0, 80.0, 60.0], [60.0, 60.0, 20.0]])
    influence = np.array([0.6, 0.2, 0.2])
    ordering = ordering_of(Method(name="topsis"))
    found, *_ = smallest_reach(values, np.eye(3), influence, 1, "first", ordering=ordering)
    assert (found.outcome, found.sought) == ("possible", True)
    assert found.shares is not None
    assert found.moved is not None
    assert ordering.scores(values, found.shares).argmax() == 1
    back = found.shares + (influence - found.shares) * (2 * WITHIN / found.moved)
    assert ordering.scores(values, back).argmax() == 0
    assert WEIGHTED_SUM.scores(values, influence).argmax() == 0


@pytest.mark.slow
@pytest.mark.parametrize("package", ["SP26-33", "SP26-29"])
def test_a_study_weighed_so_has_it_so(baseline: Scored, package: str) -> None:
    tried = 0
    for goal, ways in what_wins(baseline, package).ways.items():
        for way in (one for one in ways if one.outcome == "possible" and one.moved is not None):
            new = {of: share for of, _, share in way.changes}
            if way.lever == "influence":
                shares = {**baseline.study.scenario.influence.shares, **new}
                after = scored(("influence.shares", json.dumps(shares)))
            else:
                weights = {**baseline.weights.loc[way.agency].to_dict(), **new}
                own = [name for name in weights if name.startswith(f"{way.agency}.")]
                told = {
                    **{"method": "points", "out_of": 1, "confidence": "illustrative"},
                    "judgements": {name.partition(".")[2]: weights[name] for name in own},
                }
                after = scored((f"agencies.{way.agency}.weights", json.dumps(told)))
            row = after.ranking.loc[package]
            assert row["rank"] == 1 if goal == "first" else row["designated"]
            tried += 1
    assert tried


@pytest.mark.slow
@pytest.mark.parametrize("method", ["weighted_sum", "topsis"])
def test_each_single_fact_swaps_the_two_and_none_less_does(method: str) -> None:
    stated = ("method.name", method)
    before = scored(stated)
    one, other = ranked_packages(before.ranking)[:2]
    found = what_swaps(before, other, one)
    assert (found.behind, found.ahead) == (other, one)
    settable = [fact for fact in found.facts if fact.set]
    settable = [*settable[:3], *(fact for fact in settable if fact.kind == "rating")][:6]
    assert {fact.kind for fact in settable} == {"rating", "measure"}
    for fact in settable:
        score = scored(stated, (fact.set, json.dumps(fact.to))).ranking["method_score"]
        assert score[other] >= score[one] - 1e-8
        if fact.kind == "measure" and not isinstance(fact.to, dict):
            short = float(fact.old) + 0.99 * (float(fact.new) - float(fact.old))
            score = scored(stated, (fact.set, repr(short))).ranking["method_score"]
            assert score[other] < score[one]


def test_the_smallest_swap_of_influence_by_hand(baseline: Scored) -> None:
    """L1: all goes to the agency that favors the one behind most, from the one that does least."""
    names = ranked_packages(baseline.ranking)
    found = what_swaps(baseline, names[1], names[0])
    scores = baseline.agency_scores
    favour = scores.loc[names[1]] - scores.loc[names[0]]
    gap = -float(favour @ baseline.influence)
    (best,) = [way for way in found.shares if way.lever == "influence"]
    assert best.moved == pytest.approx(gap / float(favour.max() - favour.min()), rel=1e-6)
    assert {of for of, _, _ in best.changes} == {favour.idxmax(), favour.idxmin()}


def test_what_cannot_be_asked_is_refused(baseline: Scored) -> None:
    with pytest.raises(UsageError, match="against itself"):
        what_swaps(baseline, "SP26-03", "SP26-03")
    with pytest.raises(UsageError, match="is no package of the run"):
        what_swaps(baseline, "SP26-03", "nobody")
    failed = next(str(p) for p in baseline.ranking.index[baseline.ranking["outcome"] == "failed"])
    with pytest.raises(UsageError, match="not ranked"):
        what_wins(baseline, failed)


def test_a_package_kept_out_by_name_is_told_as_such() -> None:
    late = "{SP26-03: {because: late, by: a tester, date: 2026-07-01}}"
    found = what_wins(scored(("designation.exclude", late)), "SP26-03")
    assert [one.outcome for one in found.ways["priority"]] == ["ineligible"]
