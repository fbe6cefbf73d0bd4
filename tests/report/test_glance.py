"""The pictures of the first screen, against the case computed by hand."""

from __future__ import annotations

import math

import pytest

from evaluator import Override, evaluate, load_study
from evaluator.report.viewmodel.decision.glance import WIDTH, glance, value_for_money
from evaluator.results.evaluation import Evaluation
from tests.conftest import BASELINE
from tests.report.conftest import HAND


def test_bars_are_what_each_gets_of_what_it_asks(hand: Evaluation) -> None:
    # P1 gets 40 of 40, P2 10 + 10 of 80, P3 50 + 15 of 65: 80 million is the widest.
    (group,) = glance(hand).groups
    bars = {bar.package: bar for bar in group.bars}
    assert [bar.package for bar in group.bars] == list(hand.ranking.index), "best first"
    assert {name: bar.asked for name, bar in bars.items()} == {
        "P1": WIDTH * 40 / 80,
        "P2": WIDTH,
        "P3": WIDTH * 65 / 80,
    }
    pieces = {name: [p.width for p in bar.pieces] for name, bar in bars.items()}
    assert sorted(pieces["P2"]) == [125.0, 125.0]
    assert sorted(pieces["P3"]) == [187.5, 625.0]
    for bar in bars.values():
        ends = [piece.start + piece.width for piece in bar.pieces]
        assert [piece.start for piece in bar.pieces] == [0.0, *ends[:-1]], "one after another"
    assert {name: bar.figure for name, bar in bars.items()} == {
        "P1": "40.0",
        "P2": "20.0",
        "P3": "65.0",
    }


def test_nothing_on_the_frontier_is_beaten_for_less(baseline: Evaluation) -> None:
    found = value_for_money(baseline)
    assert found is not None
    ranked = baseline.ranking[baseline.ranking["outcome"] != "failed"]
    asked = {p.id: p.asked_usd for p in baseline.study.packages}
    best = {
        str(one)
        for one, row in ranked.iterrows()
        if asked[str(one)]
        and not any(
            asked[str(other)]
            and asked[str(other)] <= asked[str(one)]
            and rival["overall"] > row["overall"]
            for other, rival in ranked.iterrows()
        )
    }
    corners = {(round(x, 9), round(y, 9)) for x, y in found.frontier}
    on_line = {
        dot.package for dot in found.dots if (round(dot.across, 9), round(dot.up, 9)) in corners
    }
    assert on_line == best
    logs = [math.log10(asked[dot.package]) for dot in found.dots]
    widths = [dot.across for dot in found.dots]
    assert widths == pytest.approx([(x - min(logs)) / (max(logs) - min(logs)) for x in logs])


def test_without_amounts_the_bars_are_scores_by_agency() -> None:
    """Nothing is allocated where the solver gets no time at all to be asked: no tool is left."""
    study = load_study(HAND, [Override("as_of", "2026-07-01", "as it is")])
    bare = evaluate(study, only="scores")
    (group, *_) = glance(evaluate(study.model_copy(update={"institutions": ()}))).groups
    for bar in group.bars:
        told = bare.ranking.loc[bar.package, "overall"]
        scale = max(bare.ranking["overall"]) / WIDTH
        assert sum(piece.width for piece in bar.pieces) * scale == pytest.approx(told)


def test_who_gets_nothing_and_who_is_just_out_say_why(baseline: Evaluation) -> None:
    groups = {group.head: group.bars for group in glance(baseline).groups}
    nothing, out = groups["With nothing"], groups["Just out"]
    given = baseline.allocation.amounts.sum(axis=1)
    chosen = baseline.ranking.index[baseline.ranking["designated"]]
    assert [bar.package for bar in nothing] == [p for p in chosen if not given[p]]
    assert all(bar.why for bar in (*nothing, *out))
    assert not {bar.package for bar in out} & set(chosen)


@pytest.mark.slow
def test_a_portfolio_that_nothing_cuts_speaks_of_amounts() -> None:
    found = evaluate(load_study(BASELINE.parent / "dfc-portfolio.yaml"))
    heads = [group.head for group in glance(found).groups]
    assert "Just out" not in heads
