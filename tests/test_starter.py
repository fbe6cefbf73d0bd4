"""Studies that differ from the starter study in a line or two, run as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator.cli import main
from evaluator.record import Run, read_run
from evaluator.report.terminal.explanation import explanation
from tests.loading.breaking import BANK, BASE, ROUND, copy, edit

MEASURES, RATINGS = f"{ROUND}/measures.csv", f"{ROUND}/ratings.csv"


def run(root: Path, *arguments: str) -> tuple[Run, str]:
    """Run a study; return the run, and what the terminal shows of it."""
    call = ("run", str(root / BASE), "--out", str(root.parent / "runs"), "--json", *arguments)
    result = CliRunner().invoke(main, call)
    assert result.exit_code == 0, result.output
    folder = json.loads(result.stdout)["run"]
    return read_run(folder), CliRunner().invoke(main, ["show", folder]).stdout


def test_a_value_at_its_floor_carries_no_red_flag(tmp_path: Path) -> None:
    """0.6 of 0.8 is 3/4: 75, which is the floor. In binary it is 74.99999999999999.

    P2 has 0.7 of 0.8: 87.5; P3 0.59 of 0.8: 73.75, under the floor.
    """
    root = copy(tmp_path)
    old = "{piecewise: [[0.0, 0], [0.5, 60], [1.0, 100]]}"
    edit(root, "criteria/trade.yaml", old, "{linear: {worst: 0, best: 0.8}}\n    floor: 75")
    shares = {"P1": 0.6, "P2": 0.7, "P3": 0.59}
    rows = [f"{p},trade.domestic_content,{share},share" for p, share in shares.items()]
    hours = [f"{p},security.recovery_hours,24,hours" for p in shares]
    edit(root, MEASURES, "*", "\n".join(["package,criterion,value,unit", *rows, *hours, ""]))
    found, shown = run(root, "--draws", "0")
    values = (
        found.tables["values"].set_index(["criterion", "package"]).loc["trade.domestic_content"]
    )
    assert values["value"].to_dict() == pytest.approx({"P1": 75.0, "P2": 87.5, "P3": 73.75})
    assert values["red_flag"].to_dict() == {"P1": False, "P2": False, "P3": True}
    ranking = found.tables["ranking"].set_index("package")
    # P3 is poor in safeguards as well, of which the starter study has a floor of 25.
    assert [len(flags) for flags in ranking.loc[["P1", "P2", "P3"], "red_flags"]] == [0, 0, 2]
    told = explanation(found.manifest, found.tables, found.study, "P3")
    assert "Red flags: Security of sites and models" in told
    assert "; Share made at home" in told
    (line,) = [line for line in shown.splitlines() if "Clinic imaging service" in line][:1]
    assert "red flag" not in line


@pytest.mark.slow
def test_one_agency_decides_alone_and_every_question_has_an_answer(tmp_path: Path) -> None:
    """Trade alone: 0.6 and 0.4 of P1 60, 75; P2 80, 100; P3 100, 50."""
    root = copy(tmp_path)
    (root / "criteria/security.yaml").unlink()
    edit(root, BASE, "{trade: 0.6, security: 0.4}", "{trade: 1}")
    for file in (MEASURES, RATINGS):
        lines = (root / file).read_text().splitlines(keepends=True)
        edit(root, file, "*", "".join(line for line in lines if ",security." not in line))
    found, shown = run(root, "--draws", "100", "--full")
    ranking = found.tables["ranking"].set_index("package")
    assert ranking["overall"].to_dict() == pytest.approx({"P1": 66.0, "P2": 88.0, "P3": 80.0})
    assert "spread" not in ranking
    assert found.manifest.get("failed", []) == []
    # Its influence is all there is: it cannot move, and nothing is told of it.
    assert "funded_stability" not in found.tables
    assert set(found.tables["stability"]["kind"]) == {"weight"}
    assert "Not in this run" not in shown


@pytest.mark.slow
def test_of_two_appropriations_of_one_size_neither_gains_alone(tmp_path: Path) -> None:
    """Subsidy of 25 million under each: more of one alone buys nothing, more of both does.

    P3's score is 48.0 and its loan costs 0.12: the next 26 - 25 = 1 million of subsidy goes to
    P2's equity at cost 1, of 80 million asked: 90.213 / 80 = 1.1277 points.
    """
    root = copy(tmp_path)
    text = (root / BANK).read_text()
    first = text[text.index("  - id: subsidy_budget") :]
    again = first.replace("subsidy_budget", "subsidy_again")
    edit(root, BANK, "*", text + again)
    found, shown = run(root, "--draws", "20", "--full")
    limits = found.tables["limits"].set_index("limit")
    objective = found.manifest["allocation"]["objective"]
    assert objective == pytest.approx(146.7835, abs=1e-4)
    for limit in ("bank.subsidy_again", "bank.subsidy_budget"):
        assert bool(limits["binding"][limit])
        assert limits["shadow_price"][limit] == 0.0
        assert "only together with" in limits["together"][limit]
        line = next(line for line in shown.splitlines() if line.strip().startswith(limit))
        assert "1.13" not in line.split("only")[0]
    gained = found.tables["next_amounts"].set_index("subject")["gained"]
    assert gained["bank.subsidy_budget"] == pytest.approx(0.0, abs=1e-6)
    more = ["--draws", "0", "--because", "a trial"]
    for limit, best in (("subsidy_again", 146.7835), ("subsidy_budget", 147.9112)):
        more += ["--set", f"institutions.bank.limits.{limit}.at_most=26000000"]
        raised, _ = run(root, *more)
        assert raised.manifest["allocation"]["objective"] == pytest.approx(best, abs=1e-4)
