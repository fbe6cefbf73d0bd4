"""Panels that do not show how far their ratings spread: of one, or with ratings not given."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaluator import evaluate, load_study
from evaluator.report.formatting.names import study_names
from evaluator.report.messages import say
from evaluator.results.evaluation import Evaluation, Uncertainty
from evaluator.results.provenance import PartlyRated
from evaluator.scoring.findings import NotRated, Panel
from evaluator.uncertainty.inputs import performances_of
from evaluator.uncertainty.panels import BlankRatings, LoneRatings, pooled
from evaluator.uncertainty.sampling import sample_values
from tests.loading.breaking import BASE, ROUND, copy, edit

RATINGS = f"{ROUND}/ratings.csv"
FIVE = {"e1": "good", "e2": "good", "e3": "fair", "e4": "poor", "e5": "poor"}
DRAWS = 20_000


def ratings(**panels: dict[str, str]) -> str:
    """Return a file in which each package has one panel, with the same ratings on both criteria."""
    lines = [
        f"{package},{criterion},{evaluator},{rating}"
        for package, panel in panels.items()
        for criterion in ("trade.delivery", "security.safeguards")
        for evaluator, rating in panel.items()
    ]
    return "\n".join(["package,criterion,evaluator,rating", *lines, ""])


@pytest.fixture(scope="module")
def lone(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """Three packages of 50 points by ratings alone: one rating, five that differ, two that agree.

    Levels: good 100, fair 50, poor 0. Trade counts 0.6, by delivery alone; Security 0.4, by
    safeguards alone. Floor 45.
    """
    root = copy(tmp_path_factory.mktemp("lone"))
    panels = {"P1": {"e1": "fair"}, "P2": FIVE, "P3": {"e1": "fair", "e2": "fair"}}
    edit(root, RATINGS, "*", ratings(**panels))
    edit(root, BASE, "min_overall: 40", "min_overall: 45")
    stated = "uncertainty: {draws: 20000, weights: stated, influence: stated}\nallocation:"
    edit(root, BASE, "allocation:", stated)
    edit(root, f"{ROUND}/measures.csv", "0.5,0.45,0.6", "0.5,,")
    trade, security = "{domestic_content: 0, delivery: 100}", "{safeguards: 100, recovery_hours: 0}"
    edit(root, "criteria/trade.yaml", "{domestic_content: 60, delivery: 40}", trade)
    edit(root, "criteria/security.yaml", "{safeguards: 100, recovery_hours: 50}", security)
    return evaluate(load_study(root / BASE))


def sure(evaluation: Evaluation) -> Uncertainty:
    assert evaluation.uncertainty is not None
    return evaluation.uncertainty


def test_one_rating_is_no_surer_than_a_panel_of_five(lone: Evaluation) -> None:
    assert lone.ranking["overall"].tolist() == [50, 50, 50]
    shares = sure(lone).packages["designated_share"]
    # P2: the mean of 5 draws from 100 100 50 0 0 on both criteria, at 0.6 and 0.4. In units of 10
    # a mean is 0..10, 0.6 a + 0.4 b >= 4.5; over all 3^5 x 3^5 panels the exact share:
    tens = np.convolve([0.4, 0.2, 0.4], [0.4, 0.2, 0.4])
    for _ in range(3):
        tens = np.convolve(tens, [0.4, 0.2, 0.4])
    over = 6 * np.arange(11)[:, None] + 4 * np.arange(11) >= 45
    exact = float((np.outer(tens, tens) * over).sum())
    assert exact == pytest.approx(0.63, abs=0.005)
    assert shares["P2"] == pytest.approx(exact, abs=4 * sqrt(0.25 / DRAWS))
    # P1: deviations of P2's ratings 50 50 0 -50 -50 and of P3's 0 0, times sqrt(7 / (7 - 2)), so
    # 50 -> 100 in 2/7, 0 in 2/7, else 50. 0.6 a + 0.4 b >= 45 for a = 100, or a = 50 and b >= 50:
    # 2/7 + 3/7 x 5/7 = 29/49.
    assert shares["P1"] == pytest.approx(29 / 49, abs=4 * sqrt(0.25 / DRAWS))
    assert abs(shares["P1"] - 0.5) < abs(shares["P2"] - 0.5)
    assert sure(lone).packages["tier"].to_dict() == {
        "P1": "contested", "P2": "contested", "P3": "clear",
    }  # fmt: skip


def test_whose_spread_stands_in_for_a_panel_of_one_is_told(lone: Evaluation) -> None:
    # Sum of squares 4 x 50^2 = 10,000 over (5 - 1) + (2 - 1) = 5: variance 2,000.
    expected = LoneRatings("trade.delivery", 1, "criterion", 2, sqrt(2000))
    found = {note.criterion: note for note in sure(lone).notes if isinstance(note, LoneRatings)}
    assert found["trade.delivery"].deviation == pytest.approx(expected.deviation, abs=1e-9)
    assert found["trade.delivery"].panels == expected.panels
    assert say(found["trade.delivery"], study_names(lone.study)) == (
        "Whether the consortium can deliver: 1 package with 1 rating, whose spread is that of 2 "
        "panels of several on this criterion (standard deviation of a rating 44.7 points)"
    )


def test_counts_stand_beside_each_value(lone: Evaluation) -> None:
    table = lone.performances.set_index(["package", "criterion"])
    counts = table.loc[(slice(None), "trade.delivery"), "rated"].tolist()
    assert counts == [1, 5, 2]
    assert table.loc[("P1", "trade.delivery"), "note"] == (Panel(1, 0, 0),)


def test_a_panel_stands_in_for_another_of_its_scale() -> None:
    # 0 and 100: deviations -50, 50, times sqrt(2 / 1): the pooled deviation is 70.7.
    found = pooled([(0.0, 100.0)], "scale")
    assert found is not None
    assert found.deviation == pytest.approx(50 * sqrt(2), abs=1e-9)
    assert pooled([(50.0,), (20.0,)], "scale") is None
    assert pooled([(50.0, 50.0)], "scale") is None


def test_a_spread_that_no_panel_shows_is_not_known(tmp_path: Path) -> None:
    root = copy(tmp_path)
    one = {"e1": "fair"}
    edit(root, RATINGS, "*", ratings(P1=one, P2=one, P3={"e1": "good", "e2": "good"}))
    found = evaluate(load_study(root / BASE))
    drawn = drawn_values(found)["P1", "trade.delivery"]
    # Each of good 100, fair 50, poor 0 as often as the others.
    for level in (0, 50, 100):
        assert (drawn == level).mean() == pytest.approx(1 / 3, abs=4 * sqrt(2 / 9 / DRAWS))
    note = LoneRatings("trade.delivery", 2, "", 0, 0.0)
    assert note in sure(found).notes
    assert "is not known" in say(note, study_names(found.study))


def drawn_values(evaluation: Evaluation) -> dict[tuple[str, str], np.ndarray]:
    packages = [str(p) for p in evaluation.ranking.index]
    known = performances_of(evaluation.study, evaluation.performances, packages)
    values = sample_values(known, DRAWS, seed=3)
    return {
        (package, criterion): values[:, row, column]
        for row, package in enumerate(packages)
        for column, criterion in enumerate(evaluation.study.criteria)
    }


@pytest.fixture(scope="module", params=["panel", "stated"])
def blank(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """The starter study with P1's second rating on delivery (fair) not given."""
    root = copy(tmp_path_factory.mktemp("blank"))
    old = "P1,trade.delivery,t-2,fair,"
    edit(root, RATINGS, old, "P1,trade.delivery,t-2,,")
    edit(root, BASE, "allocation:", f"uncertainty: {{ratings: {request.param}}}\nallocation:")
    return evaluate(load_study(root / BASE))


def test_a_rating_not_given_is_told_and_ranges_over_its_scale(blank: Evaluation) -> None:
    row = blank.performances.set_index(["package", "criterion"]).loc[("P1", "trade.delivery")]
    # The value is the mean of those who rated: good alone, 100.
    assert row[["value", "rated", "blank", "recused"]].tolist() == [100.0, 1, 1, 0]
    assert row["note"] == (Panel(1, 1, 0),)
    assert PartlyRated("P1", "trade.delivery", 1, 1) in blank.provenance.notes
    # (100 + 0) / 2 and (100 + 100) / 2, had the first not been one of one.
    drawn = drawn_values(blank)["P1", "trade.delivery"]
    assert BlankRatings("trade.delivery", 1, 1) in sure(blank).notes
    if blank.study.scenario.uncertainty.ratings == "stated":
        # 100 and each of 0, 50, 100 alike: 50, 75, 100.
        for level in (50, 75, 100):
            assert (drawn == level).mean() == pytest.approx(1 / 3, abs=4 * sqrt(2 / 9 / DRAWS))
    else:
        # No panel shows a spread, so both take each level alike: the mean of two is 50, its
        # standard deviation sqrt((100^2 + 0 + 100^2) / 4 / 3 / 2) = 28.9.
        assert drawn.mean() == pytest.approx(50, abs=4 * 28.9 / sqrt(DRAWS))
        assert drawn.std() == pytest.approx(28.87, abs=0.5)


def test_all_blank_or_recused_is_missing_with_both_reasons(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, RATINGS, "P3,trade.delivery,t-1,fair,", "P3,trade.delivery,t-1,,")
    found: pd.DataFrame = evaluate(load_study(root / BASE)).performances
    row = found.set_index(["package", "criterion"]).loc[("P3", "trade.delivery")]
    assert row[["state", "blank", "recused"]].tolist() == ["missing", 1, 1]
    assert row["note"] == (NotRated(1, 1),)
