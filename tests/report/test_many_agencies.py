"""Two hundred agencies fill no page: who has a part of its own, and what is said of the others."""

from __future__ import annotations

import re

import pytest

from benchmarks.panels import scored
from evaluator import evaluate
from evaluator.report import render
from evaluator.report.viewmodel.agencies.views import PARTS
from evaluator.results.evaluation import Evaluation
from tests.report.markup import Markup

COUNT = 40


@pytest.fixture(scope="module")
def many() -> Evaluation:
    study = scored(6, COUNT)
    draws = study.scenario.uncertainty.model_copy(update={"draws": 100})
    shares = {f"a{n:03}": (1 + n) / (COUNT * (COUNT + 1) / 2) for n in range(COUNT)}
    influence = study.scenario.influence
    assert influence is not None
    changed = {
        "uncertainty": draws,
        "influence": influence.model_copy(update={"shares": shares}),
    }
    scenario = study.scenario.model_copy(update=changed)
    return evaluate(study.model_copy(update={"scenario": scenario}))


def test_parts_are_of_the_most_influence_and_the_others_are_counted(many: Evaluation) -> None:
    html = render(many).files["report.html"].decode()
    parts = re.findall(r'<details class="fold view" id="a-(\w+)"', html)
    # influence grows with the number: the last ones have the most
    assert parts == [f"a{n:03}" for n in range(COUNT - PARTS, COUNT)]
    assert set(re.findall(r'href="#a-(\w+)"', html)) == set(parts)
    text = Markup(html).text.replace("\N{NO-BREAK SPACE}", " ")
    assert f"What the other {COUNT - PARTS} see" in text
    assert "agency_views.csv" in text
    assert text.count(f"and {COUNT - PARTS} more") == 2


def test_what_was_drawn_names_few_of_many(many: Evaluation) -> None:
    html = render(many).files["report.html"].decode()
    assert "eights of a000, a001, a002 and 37 more" in html.replace("\N{NO-BREAK SPACE}", " ")
