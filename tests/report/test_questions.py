"""What leaders ask, answered on the first screen or by one click; worked out from the run's CSV."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from evaluator import ask, evaluate, load_study, write_run
from tests.conftest import BASELINE

Rows = Callable[[str], list[dict[str, str]]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    asked = ask(evaluate(load_study(BASELINE)))
    return write_run(asked, tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def rows(run: Path) -> Rows:
    def read(table: str) -> list[dict[str, str]]:
        with (run / f"{table}.csv").open(newline="", encoding="utf-8") as lines:
            return list(csv.DictReader(lines))

    return read


def answer(page: Page, run: Path, which: str) -> str:
    """Return what is seen of an answer, after one click where it is folded."""
    page.goto((run / "report.html").as_uri())
    found = page.locator(f'#decision [data-answer="{which}"]')
    fold = page.locator(f'#decision details[data-answer="{which}"] > summary')
    if fold.count():
        fold.click()
        page.wait_for_selector(f'#decision details[data-answer="{which}"][open]')
    return " ".join(" ".join(found.all_inner_texts()).split())


def millions(amount: float) -> str:
    return f"{amount / 1e6:,.1f}"


@pytest.fixture
def told(page: Page, run: Path) -> Callable[[str], str]:
    return lambda which: answer(page, run, which)


@pytest.mark.browser
def test_which_packages_with_how_much(told: Callable[[str], str], rows: Rows) -> None:
    given: defaultdict[str, int] = defaultdict(int)
    for row in rows("allocation"):
        given[row["package"]] += int(row["allocated"])
    text = told("l1")
    for row in rows("ranking"):
        if given[row["package"]]:
            figure = re.escape(millions(given[row["package"]]))
            line = rf"\b{row['rank']} {re.escape(row['title'])}.*? {figure}\b"
            assert re.search(line, text), row["title"]


@pytest.mark.browser
def test_how_much_is_asked_proposed_and_left_by_tool(
    told: Callable[[str], str], rows: Rows, run: Path
) -> None:
    study = json.loads((run / "study.json").read_text())["study"]
    envelopes = {
        f"{one['institution']}.{tool['id']}": tool["envelope"]["amount"]
        for one in study["institutions"]
        for tool in one.get("tools", ())
    }
    given: defaultdict[str, int] = defaultdict(int)
    for row in rows("allocation"):
        given[row["tool"]] += int(row["allocated"])
    text = told("l2")
    assert len(envelopes) == 11
    for tool, envelope in envelopes.items():
        left = envelope - given[tool]
        ends = f"{millions(given[tool])} {millions(left) if left else '(?:0|–|0.0)'}"
        assert re.search(rf"{re.escape(millions(envelope))} [\d,.]+ {ends}", text), tool


@pytest.mark.browser
def test_which_are_contested_and_what_decides_each(told: Callable[[str], str], rows: Rows) -> None:
    titles = {row["package"]: row["title"] for row in rows("ranking")}
    decisive = {row["package"]: row["decisive"] for row in rows("agreement")}
    names = {"defense": "Defense", "commerce": "Commerce", "energy": "Energy", "state": "State"}
    text = told("l3")
    for row in rows("acceptability"):
        if row["tier"] == "contested":
            start = text.index(titles[row["package"]])
            rest = text[start:].removeprefix(titles[row["package"]])
            assert rest.startswith(f", in by {100 * float(row['designated_share']):.0f} % of")
            alone = decisive[row["package"]]
            if alone:
                assert f"{names[alone]} alone decides" in rest.partition(" SP26")[0][:400]


@pytest.mark.browser
def test_which_get_nothing_and_what_stands_in_the_way(
    told: Callable[[str], str], rows: Rows
) -> None:
    given: defaultdict[str, int] = defaultdict(int)
    for row in rows("allocation"):
        given[row["package"]] += int(row["allocated"])
    text = told("l4")
    for row in rows("ranking"):
        if row["designated"] == "True" and not given[row["package"]]:
            # what it asks for, and then the reason
            assert re.search(rf"{re.escape(row['title'])}.*?asks [\d,.]+: \w", text), row["title"]


@pytest.mark.browser
def test_that_nobody_decided_against_the_rule(told: Callable[[str], str], rows: Rows) -> None:
    assert not [row for row in rows("ranking") if "name" in row["reason_code"]]
    assert told("l5") == "Nothing was decided by name: the rule stands throughout."


@pytest.mark.browser
def test_what_more_of_the_scarcest_buys(told: Callable[[str], str], rows: Rows) -> None:
    whole = [row for row in rows("limits") if not row["group"] and row["shadow_price"]]
    dearest = max(whole, key=lambda row: float(row["shadow_price"]))
    text = told("l6")
    assert dearest["label"] in text
    assert f"gains {1e6 * float(dearest['shadow_price']):.3g} points" in text
    assert "evaluator run scenarios/baseline.yaml --full" in text, (
        "what only a full run has is named"
    )


@pytest.mark.browser
def test_who_objects_to_what_is_funded(page: Page, run: Path, rows: Rows) -> None:
    """By the rule of each agency's own part: under its floor, or a red flag on its criteria."""
    given = {row["package"] for row in rows("allocation") if int(row["allocated"])}
    titles = {row["package"]: row["title"] for row in rows("ranking")}
    text = answer(page, run, "l7")
    grounds = {
        (row["package"], row["agency"]) for row in rows("values") if row["red_flag"] == "True"
    }
    for row in rows("agreement"):
        grounds |= {(row["package"], agency) for agency in row["below_floor"].split("; ") if agency}
    objected = {package for package, _ in grounds if package in given}
    assert objected
    assert f"funded: {len(objected)} " in text
    lines = page.locator('#decision [data-answer="l7"] li').all_inner_texts()
    told = dict(line.split(": ", 1) for line in lines)
    for package in objected:
        count = len([one for one, _ in grounds if one == package])
        assert len(told[titles[package]].split("; ")) == count, package


@pytest.mark.browser
def test_what_ends_before_money_moves(told: Callable[[str], str], rows: Rows) -> None:
    text = told("l8")
    for owner in {row["institution"] for row in rows("acts")}:
        mine = [row for row in rows("acts") if row["institution"] == owner]
        days = sorted({row["not_before"] for row in mine})
        assert days[0] in text
        assert days[-1] in text
        ends = mine[0]["lapses_on"]
        assert not ends or f"its authority ends on {ends}" in text
    assert "evaluator law scenarios/baseline.yaml" in text


@pytest.mark.browser
def test_what_is_made_up_or_unverified(told: Callable[[str], str], rows: Rows) -> None:
    text, weak = told("l9"), defaultdict[str, list[str]](list)
    for row in rows("sources"):
        weak[row["confidence"]].append(row["kind"])
    lines = re.findall(r"(\d+) (\d+) (\d+)(?= |$)", text)
    assert sum(int(line[0]) for line in lines) == len(weak["illustrative"])
    assert sum(int(line[1]) for line in lines) == len(weak["unverified"])


@pytest.mark.browser
def test_what_changed_since_the_last_version(told: Callable[[str], str]) -> None:
    """The baseline extends nothing: the command that sets it against another is named."""
    assert "--since OTHER" in told("l10")
