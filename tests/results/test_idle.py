"""Rules that do nothing are told: by run, show and validate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator import Override, load_study
from evaluator.cli import main
from evaluator.results.findings import Finding
from evaluator.results.idle import (
    AlternativeToNothing,
    GroupOfOne,
    LimitWithoutTools,
    NothingChanged,
    NothingForbidden,
    NothingIgnored,
    ValueNowhere,
    idle_rules,
)
from tests.loading.breaking import BANK, BASE, ROUND, bullets, copy, edit, refuse

Edit = tuple[str, str, str]
BAR = (
    BANK,
    "limits:\n",
    "limits:\n  - {id: bar, label: Bar, kind: law, tools: [bank.*], packages: {host.income_group: %s}, "
    "at_most: 0, citation: {title: x, confidence: illustrative}}\n",
)
WHY = "{because: x, by: y, date: 2026-07-01%s}"
NO_TOOLS = "institution: fund\nname: Fund\nlimits:\n  - {id: all, label: All, kind: law, tools: ['%s'], at_most: 1, citation: {title: x, confidence: illustrative}}\n"
COLUMN = [
    ("criteria/attributes.yaml", "attributes:\n", "attributes:\n  - {id: sector, label: Sector, type: text}\n"),
    (f"{ROUND}/packages.csv", "id,", "sector,id,"),
    (f"{ROUND}/packages.csv", "P1,Clinic", "health,P1,Clinic"),
    (f"{ROUND}/packages.csv", "P2,Port", "ports,P2,Port"),
    (f"{ROUND}/packages.csv", "P3,Farm", ",P3,Farm"),
]  # fmt: skip


def barring(value: str) -> Edit:
    return (*BAR[:2], BAR[2] % value)


IDLE: dict[str, tuple[Sequence[Edit], list[Finding]]] = {
    "nothing": ([], []),
    "a value that is there": ([barring("high")], []),
    "a bar of nobody": (
        [barring("[high, very_high]")],
        [ValueNowhere("limit", "bank.bar", "host.income_group", "very_high")],
    ),
    "a bar of a share of nobody": (
        [(BANK, "at_most: 25_000_000", "at_most: {share: 0.5, of: {tools: [bank.*], packages: {host.income_group: top}}}")],
        [ValueNowhere("limit", "bank.subsidy_budget", "host.income_group", "top")],
    ),
    "a tool for nobody": (
        [(BANK, "[lower_middle]", "[lowest]")],
        [ValueNowhere("tool", "bank.equity", "host.income_group", "lowest")],
    ),
    "a rate of nobody": (
        [*COLUMN, (BANK, "{by: risk_grade, rates: {low: 0.02, medium: 0.05, high: 0.12}}", "{by: sector, rates: {health: 0.1, farms: 0.2}}")],
        [ValueNowhere("tool", "bank.loan", "sector", "farms")],
    ),
    "a requirement that nobody meets": (
        [*COLUMN, ("criteria/requirements.yaml", "count: {of: targets, at_least: 1}", "attribute: {id: sector, one_of: [health, ports, farms]}")],
        [ValueNowhere("requirement", "names_a_target", "sector", "farms")],
    ),
    "a requirement that bars nobody": (
        [("criteria/requirements.yaml", "count: {of: targets, at_least: 1}", "members: {headquarters_not: {income_group: barred}}")],
        [ValueNowhere("requirement", "names_a_target", "host.income_group", "barred")],
    ),
    "a word of a stated list that nobody has": (
        [("criteria/attributes.yaml", "high]", "high, extreme]"), (BANK, "[lower_middle]}", "[lower_middle], risk_grade: [extreme, low]}")],
        [],
    ),
    "a group of one": (
        [(f"{ROUND}/packages.csv", "*", "id,title,exclusive_group\nP1,A,site\nP2,B,port\nP3,C,port\n")],
        [GroupOfOne("site", "P1")],
    ),
    "one alternative": (
        [(f"{ROUND}/requests.csv", "*", "package,tool,amount_usd,alternative_group\nP1,bank.loan,5,a\nP2,bank.loan,5,a\nP2,bank.equity,5,a\n")],
        [AlternativeToNothing("a", "P1", "bank.loan")],
    ),
    "ignored goals of which there are none": (
        [(BASE, "minimum_support: 0.2", f"minimum_support: 0.2\n  ignore: {{'kind:goal': {WHY % ''}}}")],
        [NothingIgnored("kind:goal")],
    ),
    "ignored laws": (
        [(BASE, "minimum_support: 0.2", f"minimum_support: 0.2\n  ignore: {{'kind:law': {WHY % ''}}}")],
        [],
    ),
    "a tool forbidden that is not asked for": (
        [(BASE, "minimum_support: 0.2", f"minimum_support: 0.2\n  must_not: {{P1: {WHY % ', tool: bank.equity'}, P2: {WHY % ', tool: bank.loan'}, P3: {WHY % ''}}}")],
        [NothingForbidden("P1", "bank.equity")],
    ),
}  # fmt: skip


def edited(tmp_path: Path, edits: Sequence[Edit]) -> Path:
    root = copy(tmp_path)
    for file, old, new in edits:
        edit(root, file, old, new)
    return root


@pytest.mark.parametrize("name", IDLE)
def test_what_does_nothing_is_found(name: str, tmp_path: Path) -> None:
    edits, expected = IDLE[name]
    assert list(idle_rules(load_study(edited(tmp_path, edits) / BASE))) == expected


def test_a_limit_of_no_tools(tmp_path: Path) -> None:
    root = edited(tmp_path, [("scenarios/financing/bank.yaml", "*", NO_TOOLS % "*")])
    (root / f"{ROUND}/requests.csv").write_text("package,tool,amount_usd\n")
    assert list(idle_rules(load_study(root / BASE))) == [LimitWithoutTools("fund.all")]


def test_a_change_of_nothing(tmp_path: Path) -> None:
    keys = {"designation.min_overall": "40", "designation.max_packages": "2"}
    overrides = [Override(key, value, "a trial") for key, value in keys.items()]
    study = load_study(copy(tmp_path) / BASE, overrides)
    assert list(idle_rules(study)) == [NothingChanged("command line", "designation.min_overall")]


def test_run_show_and_validate_tell_it(tmp_path: Path) -> None:
    root = edited(tmp_path, [barring("very_high")])
    arguments = ["run", str(root / BASE), "--out", str(tmp_path / "runs"), "--draws", "0"]
    done = CliRunner().invoke(main, [*arguments, "--json"])
    folder = json.loads(done.stdout)["run"]
    note = "Development bank: Bar: asks for Income group 'very_high', which no country of the study has"
    for command in (["show", folder], ["validate", str(root / BASE)]):
        assert f"Note: {note}\n" in CliRunner().invoke(main, command).stdout
    page = (Path(folder) / "report.html").read_text()
    assert "which no country of the study has" in page


@pytest.mark.parametrize(("value", "near"), [("High", "high"), ("Lower_Middle", "lower_middle")])
def test_another_spelling_is_a_fault(value: str, near: str, tmp_path: Path) -> None:
    (told,) = bullets(refuse(edited(tmp_path, [barring(value)])))
    fact = f"no '{value}' stands in 'host.income_group'. Did you mean '{near}'?"
    assert told.endswith(f"bank.yaml line 25, bar: {fact}")


def test_another_spelling_in_a_tool_and_a_requirement(tmp_path: Path) -> None:
    changes = [
        (BANK, "[lower_middle]", "[lower_middle, HIGH]"),
        ("criteria/requirements.yaml", "count: {of: targets, at_least: 1}", "members: {headquarters_not: {income_group: High}}"),
    ]  # fmt: skip
    first, second = bullets(refuse(edited(tmp_path, changes)))
    assert "bank.yaml line 18, equity: no 'HIGH' stands in" in first
    assert "requirements.yaml line 2, names_a_target: no 'High' stands in" in second
