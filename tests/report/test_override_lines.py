"""Named decisions stand with who, why and what they cost in every medium."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluator import ask, evaluate, load_study, read_run, write_run
from evaluator.questions.funding.findings import OverrideCost, OverrideStands
from evaluator.questions.funding.tables import OVERRIDE_COSTS
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.phrases import sentence
from evaluator.report.messages import say
from evaluator.report.pdf.content import content
from evaluator.report.terminal.explanation import explanation
from evaluator.report.terminal.summary import summary
from evaluator.report.viewmodel.cells import in_names
from evaluator.report.viewmodel.decision.overrides import named_decisions
from evaluator.report.viewmodel.extended import extended
from evaluator.report.xlsx.shown import shown
from evaluator.results.evaluation import Evaluation
from tests.conftest import ROOT
from tests.programme import WORDS
from tests.report.markup import Markup

COLUMNS = ROOT / "tests" / "cases" / "columns" / "scenarios" / "baseline.yaml"
"""Includes P6, and keeps grants from P3."""


@pytest.fixture(scope="module")
def found() -> Evaluation:
    return ask(evaluate(load_study(COLUMNS)))


def test_what_is_decided_and_what_it_costs(found: Evaluation) -> None:
    decided = {one.kind: one for one in named_decisions(found)}
    assert set(decided) == {"include", "must_not"}
    include, barred = decided["include"], decided["must_not"]
    # P3 is designated in the place of P6: 20 of loans at 50 / 21 for 20 at 1
    assert isinstance(include, OverrideCost)
    assert (include.subject, include.by, include.date) == ("P6", "the minister", "2026-06-20")
    assert include.lost == pytest.approx(50 * 20 / 21 - 20)
    assert (include.moved_usd, include.entered) == (20_000_000, ("P3",))
    # P3 is not designated: it gets nothing either way
    assert isinstance(barred, OverrideCost)
    assert (barred.subject, barred.tool, barred.lost) == ("P3", "bank.grant", 0)


def test_they_stand_in_every_medium(found: Evaluation, tmp_path: Path) -> None:
    run, names = read_run(write_run(found, tmp_path)), names_of(found)
    told = [sentence(say(one, names)) for one in named_decisions(found)]
    page = Markup((run.folder / "report.html").read_text()).text
    terminal = " ".join(summary(run.manifest, run.tables, WORDS).split())
    assert len(told) == 2
    for text in told:
        assert text in page
        assert f"Decided: {text}" in terminal
    first = content(found)["first"]
    assert (first["named"], first["more"]) == (told, 0)
    (include,) = [text for text in told if "promised last year" in text]
    assert f"Decided: {include}" in explanation(run.manifest, run.tables, run.study, "P6")
    assert "Decided:" not in explanation(run.manifest, run.tables, run.study, "P1")


def test_kinds_are_words_in_tables(found: Evaluation) -> None:
    assert found.extended is not None
    table = found.extended.tables["override_costs"].table
    assert table["kind"].tolist() == ["must_not", "include"]
    workbook = shown(found, "override_costs", table)
    assert workbook["kind"].tolist() == ["must not be supported", "included"]
    assert workbook["status"].tolist() == ["optimal", "optimal"]
    page = extended(found)
    assert page is not None
    (told,) = page["tables"]
    decided = [column.name for column in told["columns"]].index("kind")
    assert [row[decided] for row in told["rows"]] == ["must not be supported", "included"]
    cell, subject = in_names(found, ["subject"]), OVERRIDE_COSTS.column("subject")
    assert cell(subject, "kind:goal") == "all goals"
    assert cell(subject, "P6") == "Sixth"


def test_a_cost_that_was_not_asked_leaves_the_decision(found: Evaluation) -> None:
    bare = evaluate(load_study(COLUMNS))
    assert [type(one) for one in named_decisions(bare)] == [OverrideStands, OverrideStands]


def test_without_any_nothing_is_told(hand: Evaluation) -> None:
    assert named_decisions(hand) == ()


def test_amounts_and_ignored_limits_are_said(hand: Evaluation) -> None:
    names, signed = names_of(hand), ("A trial.", "a tester", "2026-07-01")
    must = OverrideStands("must", "P1", "bank.loan", 50_000_000, *signed)
    assert "with at least $50.0 million (a tester, 2026-07-01: A trial)" in say(must, names)
    goals = OverrideStands("ignore", "kind:goal", "", 0, *signed)
    assert say(goals, names).startswith("Ignoring all goals (a tester")


def test_a_cost_of_a_thousand_points_is_said(hand: Evaluation) -> None:
    signed = ("must_not", "P1", "", 0, "A trial.", "a tester", "2026-07-01")
    told = [say(OverrideCost(*signed, lost, 0, (), ()), names_of(hand)) for lost in (1000, 0.004)]
    assert told[0].endswith("costs 1,000.00 points of objective")
    assert told[1].endswith("costs nothing")
