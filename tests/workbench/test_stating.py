"""Weights stated by swings, by rank order and in pairs: what follows is what a file's would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evaluator import load_study
from evaluator.errors import UsageError
from evaluator.loading.variation import vary
from evaluator.model.study import Study
from evaluator.scoring.weights import weight_matrix
from evaluator.workbench.session.stating import Follows, begun, follows
from tests.conftest import ROOT

POWER, RESERVE, CONTENT = "energy.power", "energy.reserve", "trade.content"


@pytest.fixture
def study(scenario: Path) -> Study:
    return load_study(scenario)


def stated(study: Study, agency: str, to: dict[str, Any]) -> Follows:
    said = {"confidence": "illustrative", **to}
    return follows(vary(study, {f"agencies.{agency}.weights": said}), agency)


def in_pairs(study: Study, *times: float) -> Follows:
    """Return what follows from power over reserve and over content, and content over reserve."""
    pairwise = {POWER: {RESERVE: times[0], CONTENT: times[1]}, CONTENT: {RESERVE: times[2]}}
    return stated(study, "energy", {"method": "ahp", "pairwise": pairwise})


def test_pairs_that_agree_have_their_ratios_and_no_contradiction(study: Study) -> None:
    found = in_pairs(study, 4, 2, 2)
    weights = [found.weights[one] for one in (POWER, CONTENT, RESERVE)]
    assert weights == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert (found.ratio, found.limit, found.index) == (pytest.approx(0, abs=1e-12), 0.1, "saaty")


def test_pairs_that_contradict_each_other_are_told_with_the_one_to_look_at(study: Study) -> None:
    found = in_pairs(study, 2, 2, 9)
    cycle = (2 * 9 / 2) ** (1 / 3)  # of three criteria lambda is 1 + c + 1 / c
    assert found.ratio == pytest.approx((cycle + 1 / cycle - 2) / 2 / 0.58, rel=1e-6)
    assert found.ratio is not None
    assert found.ratio > found.limit
    assert found.worst is not None
    assert found.worst.judged >= 1


def test_swings_and_orders_weigh_as_they_do_in_a_file(study: Study) -> None:
    own = ("content", "delivery")
    swings = stated(
        study, "trade", {"method": "swing", "judgements": dict(zip(own, (100, 60), strict=True))}
    )
    assert list(swings.weights.values()) == pytest.approx([100 / 160, 60 / 160])
    order = dict(zip(own, (2, 1), strict=True))
    for kind, weights in (("centroid", [0.25, 0.75]), ("sum", [1 / 3, 2 / 3])):
        found = stated(study, "trade", {"method": "rank", "kind": kind, "judgements": order})
        assert list(found.weights.values()) == pytest.approx(weights)
        assert found.ratio is None


def test_a_form_begins_with_what_the_agency_states() -> None:
    study = load_study(ROOT / "scenarios" / "baseline.yaml")
    weights = weight_matrix(study)
    for agency in (one.agency for one in study.agencies):
        swings = begun(study, agency, "swing")
        row = weights.loc[agency, list(swings.criteria)]
        assert max(swings.judged.values()) == 100
        assert row.to_numpy() / row.max() * 100 == pytest.approx(
            list(swings.judged.values()), abs=0.5
        )
        pairs = begun(study, agency, "ahp").pairs
        assert len(pairs) == len(row) * (len(row) - 1) // 2
        assert all((row[a] >= row[b]) == (times > 0) or times == 1 for a, b, times in pairs)
        assert begun(study, agency, "rank").judged[str(row.idxmax())] == 1
    with pytest.raises(UsageError, match="Choose one"):
        begun(study, study.agencies[0].agency, "points")
    with pytest.raises(UsageError, match="no such agency"):
        begun(study, "nobody", "swing")
