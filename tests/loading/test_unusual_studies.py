"""Studies that are sound, if unusual: each is run, shown and explained."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator.cli import main
from evaluator.record import read_run
from tests.loading.breaking import BANK, BASE, ROUND, copy, edit

TRADE, SECURITY = "criteria/trade.yaml", "criteria/security.yaml"
SWING = "method: swing                  # the greatest swing is 100"
STATED = "judgements: {safeguards: 100, recovery_hours: 50}"
POINTS = "judgements: {domestic_content: 60, delivery: 40}"
CITED = "citation: {title: T, confidence: seen}"
Edit = tuple[str, str, str]
"""File, old text, new text; no new text removes the file."""
GONE = ""


def method(text: str) -> list[Edit]:
    """Return the edit that sets the method."""
    return [(BASE, "allocation:", f"method: {text}\nallocation:")]


def only(package: str) -> list[Edit]:
    """Return the edits that leave one package."""
    rows = {
        "packages": "id,title\nP1,One\n",
        "targets": "package,country,share\nP1,KEN,1\n",
        "requests": "package,tool,amount_usd\nP1,bank.loan,40000000\n",
        "measures": "package,criterion,value,unit\nP1,trade.domestic_content,0.5,share\n",
        "ratings": "package,criterion,evaluator,rating\nP1,trade.delivery,t-1,good\n",
    }
    return [
        (f"{ROUND}/{table}.csv", "*", text.replace("P1", package)) for table, text in rows.items()
    ]


UNUSUAL: dict[str, Sequence[Edit]] = {
    "topsis": method("{name: topsis}"),
    "vikor": method("{name: vikor, v: 0.3}"),
    "promethee with thresholds": method("{name: promethee, preference: linear, q: 5, p: 20}"),
    "electre tri with profiles": method("{name: electre_tri, profiles: [30, 60], cut: 0.7}"),
    "waspas": method("{name: waspas, balance: 0.4}"),
    "weighted product": method("{name: weighted_product, normalization: minmax}"),
    "vikor of one package": [*method("{name: vikor}"), *only("P1")],
    "a criterion that is best in the middle": [
        (TRADE, "[0.5, 60], [1.0, 100]", "[0.5, 100], [1.0, 20]"),
        (TRADE, "    direction: higher\n    value", "    value"),
    ],
    "numbers at their ends": [
        (SECURITY, "{worst: 72, best: 0, midvalue: 24}", "{worst: 1e15, best: -1e15, midvalue: 0}"),
        (f"{ROUND}/measures.csv", "24,12,48", "1e14,-1e15,1e15"),
    ],
    "no requirements": [("criteria/requirements.yaml", "*", GONE)],
    "no targets, no ratings": [
        (f"{ROUND}/targets.csv", "*", GONE),
        (f"{ROUND}/ratings.csv", "*", GONE),
    ],
    "no requests": [(f"{ROUND}/requests.csv", "*", "package,tool,amount_usd\n")],
    "all packages failed": [(BASE, "closes: 2026-06-30", "closes: 2026-04-30")],
    "nobody designated": [(BASE, "min_overall: 40", "min_overall: 100")],
    "nobody eligible": [
        (BANK, "[lower_middle]", "[low]"),
        (BANK, "minimum_ticket: 5_000_000", "eligible: {host.income_group: low}"),
    ],
    "nothing to give": [
        (BANK, "amount: 100_000_000", "amount: 0"),
        (BANK, "amount: 30_000_000", "amount: 0"),
    ],
    "lapsed": [
        (BANK, "parameters:", f"authority: {{lapses_on: 2026-01-01, {CITED}}}\nparameters:")
    ],
    "influence and weight of 0": [
        (BASE, "{trade: 0.6, security: 0.4}", "{trade: 1, security: 0}"),
        (TRADE, POINTS, "judgements: {domestic_content: 100, delivery: 0}"),
    ],
    "agency that weighs others' criteria only": [
        (
            "criteria/budget.yaml",
            "*",
            "agency: budget\nname: B\nweights:\n  method: points\n  confidence: seen\n"
            "  judgements: {trade.delivery: 100}\n",
        ),
        (BASE, "{trade: 0.6, security: 0.4}", "{trade: 0.5, security: 0.4, budget: 0.1}"),
    ],
    "groups": [
        (
            TRADE,
            POINTS,
            "judgements: {all: 100}\n"
            f"  groups: {{all: {{method: points, confidence: seen, {POINTS}}}}}",
        )
    ],
    "ahp": [
        (SECURITY, SWING, "method: ahp"),
        (SECURITY, STATED, "pairwise: {safeguards: {recovery_hours: 3}}"),
    ],
    "best-worst": [
        (SECURITY, SWING, "method: best_worst"),
        (
            SECURITY,
            STATED,
            "best_to_others: {safeguards: 1, recovery_hours: 4}\n"
            "  others_to_worst: {safeguards: 4, recovery_hours: 1}",
        ),
    ],
    "intervals": [
        (
            BASE,
            "allocation:",
            "uncertainty:\n  influence: {intervals: {trade: [0.5, 0.7]}}\n"
            "  weights: order\nallocation:",
        )
    ],
    "groups of one and circles of need": [
        (
            f"{ROUND}/packages.csv",
            "*",
            "id,title,exclusive_group,requires\nP1,A,g,P2\nP2,B,g,P1\nP3,C,,P1\n",
        )
    ],
    "titles that are markup": [
        (
            f"{ROUND}/packages.csv",
            "Clinic imaging service",
            "<script>alert(1)</script> [b] {{7*7}} #read($x$) *_ =1",
        )
    ],
}


def run(root: Path, *arguments: str) -> Path:
    """Run a study; return the run's folder."""
    out = str(root.parent / "runs")
    command = ["run", str(root / BASE), "--out", out, "--draws", "20", "--json", *arguments]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    return Path(json.loads(result.stdout)["run"])


@pytest.mark.slow
@pytest.mark.parametrize("name", UNUSUAL)
def test_an_unusual_study_is_run_shown_and_explained(name: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    for file, old, new in UNUSUAL[name]:
        if new == GONE:
            (root / file).unlink()
        else:
            edit(root, file, old, new)
    folder = run(root)
    packages = list(read_run(folder).tables["ranking"]["package"])
    for arguments in (["show"], *(["explain", package] for package in packages)):
        command = [arguments[0], str(folder), *arguments[1:]]
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
        assert "nan" not in result.stdout.lower().split()


RENAMED = {"trade": "criterion", "security": "rank", "P1": "package", "P2": "0", "P3": "index"}
_OLD = re.compile(rf"\b({'|'.join(RENAMED)})\b")


def renamed(text: str) -> str:
    return _OLD.sub(lambda old: RENAMED[old[0]], text)


@pytest.mark.slow
def test_no_id_is_taken_for_a_column(tmp_path: Path) -> None:
    """Columns of a family are `<family>.<id>`: what a run tells is what it tells of other ids."""
    plain = read_run(run(copy(tmp_path / "plain"), "--full")).tables
    root = copy(tmp_path / "named")
    for file in root.rglob("*.*"):
        file.write_text(renamed(file.read_text()))
    folder = run(root, "--full")
    told = read_run(folder).tables
    assert set(told) == set(plain)
    for name, table in plain.items():
        assert sorted(told[name].columns) == sorted(map(renamed, table.columns)), name
        assert len(told[name]) == len(table), name
    scores = told["ranking"].set_index("package")
    expected = plain["ranking"].set_index("package").rename(index=RENAMED)
    for agency in ("trade", "security"):
        want = expected[f"score.{agency}"]
        assert scores[f"score.{RENAMED[agency]}"][want.index].tolist() == want.tolist()
    for arguments in (["show"], *(["explain", package] for package in scores.index)):
        shown = CliRunner().invoke(main, [arguments[0], str(folder), *arguments[1:]])
        assert shown.exit_code == 0, shown.output
