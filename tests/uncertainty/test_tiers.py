"""Clear, contested and out by the draws; included, excluded and unsettled whatever is drawn."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluator import Override, evaluate, load_study
from evaluator.decision.designation import rule_of
from evaluator.model.base import Override as Named
from evaluator.model.scenario import Designation
from evaluator.model.study import Study
from evaluator.uncertainty.tiers import NoCut, TierRule, by_draws, cuts, tiers
from tests.loading.breaking import BASE, copy, edit
from tests.studies import agency, scenario, study

NAMED = Named(because="a trial", by="me", date=dt.date(2026, 7, 1))


def ranked(**columns: list[object]) -> pd.DataFrame:
    """Return a ranking of four packages that passed and are not tied."""
    usual: dict[str, list[object]] = {"outcome": ["passed"] * 4, "contested": [False] * 4}
    return pd.DataFrame({**usual, **columns}, index=["A", "B", "C", "D"])


def cut(case: Study, table: pd.DataFrame) -> bool:
    scores = table.assign(a=50.0, overall=50.0)
    return cuts(rule_of(case, scores), len(scores))


def under(**rule: Any) -> Study:
    return study(scenario=scenario(designation=Designation(**rule)), agencies=(agency(),))


def test_thresholds_are_met_exactly() -> None:
    # Sums of shares may be off by rounding.
    shares = (0.95, np.nextafter(0.95, 0), 0.949, 0.051, np.nextafter(0.05, 1), 0.05)
    told = ["clear", "clear", "contested", "contested", "out", "out"]
    assert [by_draws(float(one)) for one in shares] == told


def test_what_no_draw_decides_stands_apart() -> None:
    # A is included by name, B excluded, C has an unknown requirement: no draw says anything.
    rule = under(max_packages=1, include={"A": NAMED}, exclude={"B": NAMED})
    table = ranked(outcome=["unknown", "passed", "unknown", "passed"])
    shares = pd.Series([1.0, 0.0, 0.0, 0.97], index=list("ABCD"))
    assert tiers(rule, table, shares) == ["included", "excluded", "unsettled", "clear"]


def test_a_tie_at_the_cut_is_contested_however_often_a_draw_parts_it() -> None:
    shares = pd.Series([1.0, 0.96, 0.0, 0.0], index=list("ABCD"))
    found = tiers(under(max_packages=2), ranked(contested=[False, True, True, False]), shares)
    assert found == ["clear", "contested", "contested", "out"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, False),
        ({"max_packages": 4}, False),
        ({"max_packages": 3}, True),
        ({"min_overall": 0.5}, True),
        ({"min_agency": {"a": 1}}, True),
        ({"min_agency": {"a": 0}}, False),
        # Three may compete for three places.
        ({"max_packages": 3, "exclude": {"A": NAMED}}, False),
        ({"max_packages": 2, "include": {"A": NAMED}}, True),
    ],
)
def test_a_cut_can_keep_an_eligible_package_out(rule: dict[str, Any], expected: bool) -> None:
    assert cut(under(**rule), ranked()) == expected


def test_an_unknown_requirement_takes_no_place_unless_it_is_included() -> None:
    # B, C and D take three places; A is out for its requirement, or takes a fourth by name.
    table = ranked(outcome=["unknown", "passed", "passed", "passed"])
    assert not cut(under(max_packages=3), table)
    assert cut(under(max_packages=3, include={"A": NAMED}), table)


def test_a_study_without_a_cut_has_no_tiers(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, BASE, "  min_overall: 40\n", "")
    found = evaluate(load_study(root / BASE, [Override("uncertainty.draws", "200", "a trial")]))
    sure = found.uncertainty
    assert sure is not None
    # Three packages for three places: all are in, in every draw.
    assert sure.packages["designated_share"].tolist() == [1, 1, 1]
    assert sure.packages["tier"].tolist() == ["", "", ""]
    assert sure.clear is None
    assert NoCut() in sure.rules


def test_the_thresholds_stand_beside_the_tiers(tmp_path: Path) -> None:
    draws = [Override("uncertainty.draws", "200", "a trial")]
    sure = evaluate(load_study(copy(tmp_path) / BASE, draws)).uncertainty
    assert sure is not None
    assert TierRule(0.95, 0.05) in sure.rules
    assert sure.clear == 0.95
