"""Two equal packages, room for one: the choice is told, and what stands in the way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evaluator import Override, evaluate, load_study
from evaluator.allocation.explain.findings import InFull, LimitShutsOut, Tied
from evaluator.model.package import Package
from evaluator.record import read_run, write_run
from evaluator.report.formatting.names import names_of
from evaluator.report.messages import say
from evaluator.report.pdf.content import content
from evaluator.report.terminal.explanation import explanation
from evaluator.report.terminal.summary import summary
from evaluator.report.viewmodel.decision.lines import decision
from evaluator.results.evaluation import Evaluation
from tests.conftest import ROOT
from tests.programme import DISCLAIMER, WORDS
from tests.report.markup import Markup
from tests.studies import study

TWINS = ROOT / "tests" / "cases" / "twins" / "scenarios" / "baseline.yaml"
LOAN = "bank.loan"
ENVELOPE = "bank.loan.envelope"
ASKED = 80_000_000


@pytest.fixture(scope="module")
def twins() -> Evaluation:
    return evaluate(load_study(TWINS, [Override("uncertainty.draws", "200", "A trial.")]))


def lines(evaluation: Evaluation) -> dict[str, tuple[str, str]]:
    return {line.head: (line.figure, line.text) for line in decision(evaluation)}


def test_either_is_told_as_tied_with_the_other(twins: Evaluation) -> None:
    # 80 of 100 each, whole or not at all, at one score: 78.93 points with either
    table = twins.allocation.table.set_index(["package", "tool"])["reason"]
    assert table[("P1", LOAN)] == (InFull(), Tied(("P2",)))
    assert table[("P2", LOAN)] == (LimitShutsOut(ENVELOPE, "", ASKED), Tied(("P1",)))


def test_the_envelope_in_the_way_binds_and_no_room_is_said_to_be_left(twins: Evaluation) -> None:
    limits = twins.allocation.limits.set_index("limit")
    assert (limits.loc[ENVELOPE, "binding"], limits.loc[ENVELOPE, "slack"]) == (True, 20_000_000)
    figure, text = lines(twins)["What binds"]
    assert figure == "1 limit"
    assert "room everywhere" not in text
    assert names_of(twins).limit(ENVELOPE) in text


def test_the_tie_stands_in_every_medium(
    twins: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")  # a narrow terminal breaks the reason into lines
    names = names_of(twins)
    figure, text = lines(twins)["What is open"]
    assert figure == "2 packages"
    assert all(names.package(package) in text for package in ("P1", "P2"))
    told = {package: say(Tied((other,)), names) for package, other in (("P1", "P2"), ("P2", "P1"))}
    run = read_run(write_run(twins, tmp_path))
    page = Markup((run.folder / "report.html").read_text()).text
    for package, words in told.items():
        assert words in page
        assert words in explanation(run.manifest, run.tables, run.study, package)
    assert summary(run.manifest, run.tables, WORDS).count("tied for support") == 2
    open_rows = content(twins)["open"]["rows"]
    assert [row["package"] for row in open_rows] == ["P1", "P2"]
    assert all("ied: as good with" in row["why"] for row in open_rows)


def test_what_is_made_up_is_not_called_law(twins: Evaluation) -> None:
    assert "law" not in set(twins.allocation.limits["kind"])
    assert not twins.provenance.sources["kind"].str.contains("law").any()


def test_without_tools_there_is_no_word_of_any(tmp_path: Path) -> None:
    bare = evaluate(study(packages=(Package(id="P", title="Bare", attributes={}),)))
    run = read_run(write_run(bare, tmp_path))
    told = [text for line in decision(bare) for text in (line.figure, line.text)]
    told += summary(run.manifest, run.tables, WORDS).replace(DISCLAIMER, "").splitlines()
    assert not [text for text in told if re.search(r"\b(tool|envelope|allocate)s?\b", text)]
    page = Markup((run.folder / "report.html").read_text()).text
    assert "Who gets how much of which tool" not in page
    assert "room everywhere" not in page
