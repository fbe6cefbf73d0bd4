"""The rule of designation: floors exclude, then the best enter, ties at the cut are contested."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from evaluator.decision.designation import designate
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
    assert found.loc["P1", "reason"] == "excluded by the Secretary on 2026-07-01: treaty"


def test_unknown_needs_a_named_include_and_failed_cannot_be_included() -> None:
    table = ranking(SCORES, {"P1": "unknown", "P2": "failed"})
    assert chosen(table, Designation())[0] == {"P3", "P4"}
    rule = Designation(include={"P1": NAMED, "P2": NAMED})
    assert chosen(table, rule)[0] == {"P1", "P3", "P4"}
    found = designate(study(scenario=scenario(designation=rule)), table)
    assert "cannot override" in str(found.loc["P2", "reason"])


def test_includes_may_take_every_place() -> None:
    rule = Designation(max_packages=1, include={"P4": NAMED})
    assert chosen(ranking(SCORES), rule) == ({"P4"}, set())
