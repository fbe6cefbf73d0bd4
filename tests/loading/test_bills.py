"""What a bill says stands apart from the law, and is marked wherever it is told."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from evaluator import evaluate, load_study, read_run, write_run
from evaluator.cli import main
from evaluator.model.base import IF_ENACTED
from evaluator.questions.dated.law import law
from evaluator.report.html.law import law_page
from tests.conftest import ROOT
from tests.loading.breaking import BASE, bullets, copy, edit, refuse

BILL = "{title: By press, confidence: press, bill: Bill 12}"
SUPPOSED = """
if_enacted:
  - bill: Bill 12
    title: A larger share for the bank
    citation: {title: By press, confidence: press}
"""
ENTRY = f"""
  - set: institutions.bank.parameters.largest_share.values
    to: [{{from: 2026-01-01, value: 0.6, citation: {BILL}}}]
    because: What if?
"""
ALONE = """
  - set: institutions.bank.tools.loan.envelope.amount
    to: 1
    because: What if?
"""
WHOLE = f"""
  - set: institutions.bank.limits.share_of_cost
    to:
      id: share_of_cost
      label: Support by the bank within half of the capital cost
      kind: law
      tools: [bank.*]
      per: package
      at_most: 30_000_000
      citation: {BILL}
    because: What if?
"""
CASE, GATES = "scenarios/if-enacted.yaml", "criteria/requirements.yaml"


def scenario(root: Path, changes: str, head: str = SUPPOSED, extends: str = "baseline") -> Path:
    text = f"scenario: if-enacted\ntitle: Supposed\nextends: {extends}{head}\nchanges:{changes}"
    edit(root, CASE, "*", text)
    return root / CASE


def test_a_bill_that_is_cited_is_supposed(tmp_path: Path) -> None:
    root = copy(tmp_path)
    scenario(root, ENTRY, head="\n")
    (told,) = bullets(refuse(root, CASE))
    assert "scenarios/if-enacted.yaml line 7" in told
    assert "'Bill 12', which the scenario does not suppose" in told
    (root / CASE).unlink()
    edit(root, GATES, "confidence: illustrative", "confidence: press, bill: B")
    told = bullets(refuse(root, BASE))[0]
    assert "requirements.yaml" in told
    assert "'B'" in told


@pytest.mark.parametrize("changes", [ENTRY, WHOLE, ENTRY + WHOLE])
def test_a_change_that_names_its_bill(changes: str, tmp_path: Path) -> None:
    assert load_study(scenario(copy(tmp_path), changes)).scenario.if_enacted[0].bill == "Bill 12"


def test_a_change_of_law_that_names_none(tmp_path: Path) -> None:
    root = copy(tmp_path)
    scenario(root, ENTRY + ALONE)
    (told,) = bullets(refuse(root, CASE))
    assert "line 14" in told
    assert "supposes Bill 12, which no citation of this change has as its bill" in told
    # a setting is no law, and a part of an entry that names the bill is of the bill
    amount = ALONE.replace("tools.loan.envelope.amount", "limits.share_of_cost.at_most")
    settings = ENTRY + ALONE.replace("institutions.bank.tools.loan.envelope.amount", "extent")
    load_study(scenario(root, settings.replace("to: 1", "to: full")))
    scenario(root, amount)
    assert "share_of_cost.at_most" in bullets(refuse(root, CASE))[0]


def test_what_extends_it_supposes_it_too(tmp_path: Path) -> None:
    root = copy(tmp_path)
    scenario(root, ENTRY)
    further = root / "scenarios" / "further.yaml"
    further.write_text("scenario: further\ntitle: Further\nextends: if-enacted\n")
    assert [one.bill for one in load_study(further).scenario.if_enacted] == ["Bill 12"]


@pytest.mark.slow
def test_it_is_marked_and_counts_as_no_law(tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = scenario(root, ENTRY + WHOLE)
    base, study = evaluate(load_study(root / BASE)), load_study(path)
    found = evaluate(study)
    counts, before = found.provenance.confidence, base.provenance.confidence
    # a parameter and a limit left the made-up ones, and the bill itself is a source
    assert counts[IF_ENACTED] == 3
    assert counts["illustrative"] == before["illustrative"] - 2
    assert (counts["press"], IF_ENACTED in before) == (before["press"], False)
    assert study.limits["bank.share_of_cost"].standing == "bill"
    mark = "If enacted: Bill 12. Not law"
    run = read_run(write_run(found, tmp_path / "runs"))
    assert run.manifest["if_enacted"] == ["Bill 12"]
    assert (run.folder / "report.html").read_text().count(mark) >= 2
    book = openpyxl.load_workbook(run.folder / "results.xlsx")
    assert all(mark in str(sheet.cell(1, 1).value) for sheet in book)
    assert mark in law_page(law(study)).decode()
    asked = (
        ["show", run.folder],
        ["explain", run.folder, "P1"],
        ["validate", path],
        ["law", path, "--quiet"],
        ["compare", root / BASE, path, "--quiet", "--html", tmp_path / "page.html"],
        ["regret", root / BASE, path, "--quiet"],
        ["arrivals", run.folder, "--orders", "2", "--quiet"],
    )
    for command in asked:
        told = CliRunner().invoke(main, [str(part) for part in command])
        assert (told.exit_code, mark in " ".join(told.stdout.split())) == (0, True), command
    assert mark in (tmp_path / "page.html").read_text()
    data = json.loads(CliRunner().invoke(main, ["law", str(path), "--quiet", "--json"]).stdout)
    assert data["if_enacted"] == ["Bill 12"]


def test_the_bill_on_exim_is_press() -> None:
    study = load_study(ROOT / "scenarios" / "if-enacted-exim.yaml")
    exim = next(one for one in study.institutions if one.institution == "exim")
    assert exim.authority is not None
    source = exim.authority.citation
    assert (source.bill, source.confidence) == ("S. 3772", "press")
    assert study.parameter("exim.exposure_cap").value == 205e9
    assert study.parameter("exim.exposure_cap").citation.bill == "S. 3772"
