"""An evaluation as a notebook shows it."""

from __future__ import annotations

import re
from dataclasses import replace

from evaluator import evaluate
from evaluator.model.package import Package
from evaluator.report.html.notebook import SHOWN, as_html
from evaluator.report.viewmodel.decision.lines import decision
from evaluator.results.evaluation import Evaluation
from tests.programme import STAMP
from tests.report.markup import Markup
from tests.studies import study

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


def test_decision_ranking_and_amounts(baseline: Evaluation) -> None:
    found = Markup(as_html(baseline))
    assert STAMP in found.text
    for line in decision(baseline):
        assert line.text in found.text
    for package, row in baseline.ranking.iloc[:SHOWN].iterrows():
        assert f"{package} {row['title']}" in found.text
        assert f"{row['overall']:.1f}" in found.text
    assert f"{len(baseline.ranking) - SHOWN} more" in found.text
    total = baseline.allocation.amounts.to_numpy().sum()
    assert f"{total / 1e6:,.1f}" in found.text


def test_cells_say_their_side_and_their_room(baseline: Evaluation) -> None:
    """Outside Jupyter nothing else would part a number from the text beside it."""
    cells = [about for tag, about in Markup(as_html(baseline)).tags if tag in ("td", "th")]
    assert len(cells) > 100
    for about in cells:
        assert "padding: .2rem .8rem" in (about.get("style") or "")
        assert re.search(r"text-align: (left|right)", about.get("style") or "")


def test_nothing_in_it_can_act(hand: Evaluation) -> None:
    """A notebook that does not trust a page drops style sheets and scripts: there are none."""
    packages = tuple(p.model_copy(update={"title": HOSTILE}) for p in hand.study.packages)
    scenario = hand.study.scenario.model_copy(update={"title": HOSTILE})
    poisoned = hand.study.model_copy(update={"packages": packages, "scenario": scenario})
    ranking = hand.ranking.assign(title=HOSTILE)
    html = as_html(replace(hand, study=poisoned, ranking=ranking))
    found = Markup(html)
    assert found.text.count(HOSTILE) >= 4
    assert {tag for tag, _ in found.tags} <= {
        *("div", "p", "strong", "br", "table", "caption", "tbody", "thead", "tr", "th", "td"),
        *("details", "summary", "code"),
    }
    assert all(set(a) <= {"style", "scope", "open"} for _, a in found.tags)


def test_a_bare_study_shows_itself() -> None:
    found = evaluate(study(packages=(Package(id="P", title="Bare", attributes={}),)))
    assert "Bare" in as_html(found)
