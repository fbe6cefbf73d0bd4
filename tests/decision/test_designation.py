"""The rule of designation: floors exclude, then the best enter, ties at the cut are contested."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from evaluator.decision.designation import designate
from evaluator.decision.findings import (
    BelowCut,
    ExcludedByName,
    FailedRequirement,
    TiedAtCut,
    UnderAgencyFloors,
    UnderOverallFloor,
)
from evaluator.model.base import Override
from evaluator.model.scenario import Designation
from tests.studies import scenario, study

NAMED = Override(because="treaty", by="the Secretary", date=dt.date(2026, 7, 1))


def ranking(scores: dict[str, float], outcomes: dict[str, str] | None = None) -> pd.DataFrame:
    """A ranking of one agency whose scores are the overall ones, best first."""
    ids = sorted(scores, key=lambda p: (-scores[p], p))
    outcome = outcomes or {}
    return pd.DataFrame(
        {
            "method_score": [scores[p] for p in ids],
            "overall": [scores[p] for p in ids],
            "score.a": [scores[p] for p in ids],
            "outcome": [outcome.get(p, "passed") for p in ids],
        },
        index=pd.Index(ids, name="package"),
    )


def chosen(table: pd.DataFrame, rule: Designation) -> tuple[set[str], set[str]]:
    found = designate(study(scenario=scenario(designation=rule)), table)
    return set(found.index[found["designated"]]), set(found.index[found["contested"]])


SCORES = {"P1": 90.0, "P2": 80.0, "P3": 80.0, "P4": 70.0}


def test_the_best_enter() -> None:
    assert chosen(ranking(SCORES), Designation(max_packages=3)) == ({"P1", "P2", "P3"}, set())


def test_packages_tied_at_the_cut_are_contested_and_none_enters() -> None:
    assert chosen(ranking(SCORES), Designation(max_packages=2)) == ({"P1"}, {"P2", "P3"})


def test_rounding_does_not_break_a_tie() -> None:
    scores = {**SCORES, "P2": 0.1 + 0.2, "P3": 0.3, "P4": 0.1}
    assert chosen(ranking(scores), Designation(max_packages=2)) == ({"P1"}, {"P2", "P3"})


def test_a_named_include_decides_a_tie() -> None:
    # The include takes one of two places; the other goes to the best, and nobody is tied for it.
    rule = Designation(max_packages=2, include={"P3": NAMED})
    assert chosen(ranking(SCORES), rule) == ({"P1", "P3"}, set())


def test_floors_exclude() -> None:
    assert chosen(ranking(SCORES), Designation(min_overall=80))[0] == {"P1", "P2", "P3"}
    assert chosen(ranking(SCORES), Designation(min_agency={"a": 85}))[0] == {"P1"}


def test_a_named_exclude_and_its_reason() -> None:
    rule = Designation(exclude={"P1": NAMED})
    found = designate(study(scenario=scenario(designation=rule)), ranking(SCORES))
    assert not found.loc["P1", "designated"]
    assert found.loc["P1", "reason"] == (ExcludedByName("the Secretary", "2026-07-01", "treaty"),)


def test_unknown_needs_a_named_include_and_failed_cannot_be_included() -> None:
    table = ranking(SCORES, {"P1": "unknown", "P2": "failed"})
    assert chosen(table, Designation())[0] == {"P3", "P4"}
    rule = Designation(include={"P1": NAMED, "P2": NAMED})
    assert chosen(table, rule)[0] == {"P1", "P3", "P4"}
    found = designate(study(scenario=scenario(designation=rule)), table)
    assert found.loc["P2", "reason"] == (FailedRequirement(included=True),)


def test_includes_may_take_every_place() -> None:
    rule = Designation(max_packages=1, include={"P4": NAMED})
    assert chosen(ranking(SCORES), rule) == ({"P4"}, set())


def reasons(table: pd.DataFrame, rule: Designation) -> dict[str, object]:
    found = designate(study(scenario=scenario(designation=rule)), table)
    return {str(p): why for p, why in found["reason"].items()}


def test_who_is_below_the_cut_is_told_by_how_much_behind_the_last_that_entered() -> None:
    # P1 enters by rank, P4 by name: P2 at 80 is 10 behind P1 at 90, not ahead of P4 at 70.
    rule = Designation(max_packages=2, include={"P4": NAMED})
    told = reasons(ranking({**SCORES, "P3": 75.0}), rule)
    assert told["P1"] == ()
    assert told["P2"] == (BelowCut(10.0, "points", "P1"),)
    assert told["P3"] == (BelowCut(15.0, "points", "P1"),)


def test_where_nobody_enters_by_rank_no_distance_is_told() -> None:
    told = reasons(ranking(SCORES), Designation(max_packages=1, include={"P4": NAMED}))
    assert told["P1"] == (BelowCut(None, "points", None),)


def test_those_tied_at_the_cut_are_told_with_whom() -> None:
    told = reasons(ranking(SCORES), Designation(max_packages=2))
    assert told["P2"] == (TiedAtCut(("P3",)),)
    assert told["P4"] == (BelowCut(20.0, "points", "P1"),)


def test_every_floor_that_is_missed_is_told() -> None:
    told = reasons(ranking(SCORES), Designation(min_overall=75, min_agency={"a": 85}))
    assert told["P2"] == (UnderAgencyFloors(("a",), (80.0,), (85.0,)),)
    assert told["P4"] == (
        UnderOverallFloor(70.0, 75.0),
        UnderAgencyFloors(("a",), (70.0,), (85.0,)),
    )


def test_a_floor_is_met_up_to_the_tolerance_of_a_tie() -> None:
    scores = {"P1": 50 - 0.9e-8, "P2": 50 - 1.1e-8}
    assert chosen(ranking(scores), Designation(min_overall=50)) == ({"P1"}, set())
