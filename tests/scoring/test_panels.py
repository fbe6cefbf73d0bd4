"""What the ratings of several evaluators come to, and on which scales they rate."""

from __future__ import annotations

import statistics
from itertools import product
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from evaluator.model.criterion import Anchors, Criterion, Numbers, Scale, ValueFunction
from evaluator.model.package import Package, Rating
from evaluator.model.scenario import PanelRule
from evaluator.results.judgement import PanelsCombined, departures
from evaluator.scoring.panels import combined
from evaluator.scoring.performances import performances
from evaluator.uncertainty.sampling import Panel, sample_values
from evaluator.uncertainty.sampling import performances as known
from evaluator.uncertainty.sampling.multisets import multisets
from tests.studies import CITED, agency, scenario, study

MEDIAN, FIFTH = PanelRule(rule="median"), PanelRule(rule="trimmed", share=0.2)
VALUES = st.lists(st.floats(0, 100), min_size=1, max_size=12)


@settings(deadline=None)
@given(VALUES)
def test_the_median_is_that_of_python_and_lies_within(values: list[float]) -> None:
    found = float(combined(np.array(values), MEDIAN))
    assert found == pytest.approx(statistics.median(values))
    assert min(values) <= found <= max(values)


@settings(deadline=None)
@given(VALUES, st.sampled_from([0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.45]))
def test_the_trimmed_mean_is_that_of_scipy(values: list[float], share: float) -> None:
    found = float(combined(np.array(values), PanelRule(rule="trimmed", share=share)))
    whole = share * len(values)
    if abs(whole - round(whole)) > 1e-6:  # scipy cuts 0.3 x 10 to 2
        assert found == pytest.approx(scipy.stats.trim_mean(values, share))
    assert min(values) - 1e-9 <= found <= max(values) + 1e-9


def test_trimmed_by_hand() -> None:
    # of ten at 30 %, three at either end: the mean of 40, 50, 60, 70
    tens = np.arange(10.0, 110.0, 10.0)
    assert float(combined(tens, PanelRule(rule="trimmed", share=0.3))) == 55
    # of four at 20 % none is whole: their mean
    assert float(combined(np.array([0.0, 0, 0, 100]), FIFTH)) == 25


@pytest.mark.parametrize("rule", [MEDIAN, PanelRule(rule="trimmed", share=0.34)])
@pytest.mark.parametrize("panel", [(0.0, 40.0, 100.0), (10.0, 10.0, 60.0, 90.0)])
def test_a_resample_has_the_chances_of_all_ordered_choices(
    rule: PanelRule, panel: tuple[float, ...]
) -> None:
    every = np.array(list(product(panel, repeat=len(panel))))
    worth, chances = np.unique(combined(every, rule), return_counts=True)
    draws = 40_000
    drawn = sample_values(known([[Panel(panel, rule)]]), draws, seed=7)[:, 0, 0]
    seen = np.array([(drawn == one).sum() for one in worth])
    assert seen.sum() == draws
    expected = chances / len(every) * draws
    assert scipy.stats.chisquare(seen, expected).pvalue > 1e-4


def test_large_panels_are_drawn_rating_by_rating() -> None:
    panel = tuple(float(n) for n in range(0, 90, 10))
    drawn = sample_values(known([[Panel(panel, MEDIAN)]]), 20_000, seed=3)[:, 0, 0]
    # the median of nine of nine: each value is drawn; P(median <= x_k) by the binomial
    below = scipy.stats.binom.sf(4, 9, np.arange(1, 10) / 9)
    seen = [(drawn <= one).mean() for one in panel]
    assert np.abs(seen - below).max() < 0.02


@pytest.mark.parametrize("size", range(1, 9))
def test_all_choices_are_listed_once(size: int) -> None:
    table = multisets(size)
    assert table is not None
    assert len({tuple(one) for one in table.members.tolist()}) == len(table.below) + 1
    assert (np.diff(table.below) > 0).all()


def stars() -> dict[str, Any]:
    numbers = Numbers.model_validate({"from": 0, "to": 5, "step": 0.5})
    rated = Criterion(
        id="x",
        label="x",
        kind="rating",
        scale="stars",
        value=ValueFunction(linear=Anchors(worst=0, best=5)),
        citation=CITED,
    )
    return {
        "agencies": (agency().model_copy(update={"criteria": (rated,)}),),
        "scales": (Scale(id="stars", label="Stars", numbers=numbers, citation=CITED),),
    }


def rated(*given: str | None) -> Package:
    each = tuple(
        Rating(criterion="a.x", evaluator=f"e{place}", rating=one)
        for place, one in enumerate(given)
    )
    return Package(id="P", title="P", attributes={}, ratings=each)


@pytest.mark.parametrize(
    ("panel", "value", "origin"),
    [
        ("mean", 100 * (1 + 1.5 + 5) / 3 / 5, "panel"),
        ("median", 30, "panel, median"),
        (PanelRule(rule="trimmed", share=0.34), 30, "panel, trimmed 0.34"),
    ],
)
def test_numbers_are_worth_their_place_on_the_scale(panel: Any, value: float, origin: str) -> None:
    case = study(packages=(rated("1", "1.5", "5"),), scenario=scenario(panel=panel), **stars())
    table = performances(case)
    (row,) = table.to_dict("records")
    assert row["panel"] == (20, 30, 100)
    assert (row["value"], row["raw"], row["origin"]) == (pytest.approx(value), "1, 1.5, 5", origin)
    told = [one for one in departures(case, table) if isinstance(one, PanelsCombined)]
    share = 0.34 if isinstance(panel, PanelRule) else 0.0
    rule = case.scenario.panel_rule.rule
    assert told == ([] if panel == "mean" else [PanelsCombined(rule, share)])


def test_a_median_lies_where_who_has_not_rated_may_put_it() -> None:
    # 20 and 100 are given; the third may be worth 0 to 100, so the median 20 to 100
    case = study(packages=(rated("1", "5", None),), scenario=scenario(panel="median"), **stars())
    (row,) = performances(case).to_dict("records")
    assert (row["value"], row["value_low"], row["value_high"]) == (60, 20, 100)


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ({"from": 0, "to": 5, "step": 0.3}, "no whole number of steps"),
        ({"from": 5, "to": 0, "step": 1}, "must be below"),
        ({"from": 0, "to": 1, "step": 0.00001}, "at most 10,000"),
    ],
)
def test_a_scale_that_cannot_be_is_refused(numbers: dict[str, float], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Numbers.model_validate(numbers)


def test_tenths_are_exact() -> None:
    tenths = Numbers.model_validate({"from": 0, "to": 1, "step": 0.1})
    assert tenths.steps == 10
    assert all(tenths.has(one) for one in (0.1, 0.3, 0.7))
    assert tenths.numbers[3] == 0.3
