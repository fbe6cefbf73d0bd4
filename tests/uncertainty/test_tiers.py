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
from evaluator.model.base import Known
from evaluator.model.base import Override as Named
from evaluator.model.package import Package
from evaluator.model.scenario import Designation, UncertaintySettings
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
    assert tiers(rule, table, shares, shares * 0) == ["included", "excluded", "unsettled", "clear"]


NEVER = pd.Series([0.0] * 4, index=list("ABCD"))


def test_what_is_tied_in_draws_alone_is_contested_and_not_out() -> None:
    # C is in in 3 % of the draws and tied in 40 %: neither 97 nor 57 % keep it out. D: 3 and 2 %.
    shares = pd.Series([1.0, 0.96, 0.03, 0.03], index=list("ABCD"))
    tied = pd.Series([0.0, 0.04, 0.4, 0.02], index=list("ABCD"))
    found = tiers(under(max_packages=2), ranked(), shares, tied)
    assert found == ["clear", "clear", "contested", "out"]


def test_a_tie_at_the_cut_is_contested_however_often_a_draw_parts_it() -> None:
    shares = pd.Series([1.0, 0.96, 0.0, 0.0], index=list("ABCD"))
    found = tiers(
        under(max_packages=2), ranked(contested=[False, True, True, False]), shares, NEVER
    )
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


def test_draws_in_which_two_are_tied_for_one_place_have_a_share_of_their_own() -> None:
    # T and U score 40 + 20 w, A 90 - 70 w, at a weight w of x that is uniform; as stated 5/8, where
    # T and U take both places. A is ahead below w = 5/9: then T and U are tied for one place.
    values = {"T": (0.6, 0.4), "U": (0.6, 0.4), "A": (0.2, 0.9)}
    packages = tuple(
        Package(
            id=name,
            title=name,
            attributes={},
            measures={f"a.{c}": Known(value=v) for c, v in zip("xy", both, strict=True)},
        )
        for name, both in sorted(values.items())
    )
    one = agency("a", "x", "y")
    stated = one.weights.model_copy(update={"judgements": {"x": 100.0, "y": 60.0}})
    case = study(
        scenario=scenario(
            designation=Designation(max_packages=2),
            uncertainty=UncertaintySettings(draws=20_000, weights="uniform", influence="stated"),
        ),
        agencies=(one.model_copy(update={"weights": stated}),),
        packages=packages,
    )
    found = evaluate(case)
    assert found.uncertainty is not None
    table = found.uncertainty.packages
    assert set(found.designated) == {"T", "U"}
    assert not found.ranking["contested"].any()
    assert table.loc["A", "designated_share"] == pytest.approx(5 / 9, abs=0.015)
    for twin in "TU":
        assert table.loc[twin, "tied_share"] == table.loc["A", "designated_share"]
        assert table.loc[twin, "designated_share"] + table.loc[twin, "tied_share"] == 1
    assert table["tied_share"]["A"] == 0
    assert table["tier"].tolist() == ["contested"] * 3


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
