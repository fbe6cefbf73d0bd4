"""The same questions of a study with named decisions, of a full run, and of a later version."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from evaluator import Evaluation, Override, ask, evaluate, load_study, write_run
from evaluator.record.runs.former import compared_with
from evaluator.report.formatting import numbers
from tests.conftest import ROOT
from tests.report.test_questions import answer

pytestmark = pytest.mark.browser
COLUMNS = ROOT / "tests" / "cases" / "columns" / "scenarios" / "baseline.yaml"
"""Includes P6, and keeps grants from P3."""
AGENCIES = ("roads", "works")
Row = dict[str, str]


def share(value: float, decimals: int) -> str:
    return " ".join(numbers.share(value, decimals).split())


Told = Callable[[str], str]


def rows(run: Path, table: str) -> list[Row]:
    with (run / f"{table}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def titles(run: Path) -> dict[str, str]:
    return {row["package"]: row["title"] for row in rows(run, "ranking")}


def listed(run: Path, field: str) -> str:
    return ", ".join(titles(run)[one] for one in field.split("; ") if one) or "none"


def given(run: Path) -> dict[str, int]:
    found: defaultdict[str, int] = defaultdict(int)
    for row in rows(run, "allocation"):
        found[row["package"]] += int(row["allocated"])
    return found


@pytest.fixture(scope="module")
def solved() -> Evaluation:
    changes = [Override("extent", "full", "To see."), Override("uncertainty.draws", "200", "Quick")]
    return ask(evaluate(load_study(COLUMNS, changes)))


@pytest.fixture(scope="module")
def run(solved: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(solved, tmp_path_factory.mktemp("runs"))


@pytest.fixture
def told(page: Page, run: Path) -> Told:
    return lambda which: answer(page, run, which)


@pytest.fixture
def seen(page: Page, run: Path) -> Callable[[str, str], str]:
    """What an agency's own part says to a question, one click from the first screen."""

    def of(agency: str, which: str) -> str:
        page.goto((run / "report.html").as_uri())
        page.locator(f'#decision a[href="#a-{agency}"]').click()
        page.wait_for_selector(f"#a-{agency}[open]")
        found = page.locator(f"#a-{agency} [data-answer~='{which}']")
        assert found.count() > 0
        assert all(one.is_visible() for one in found.all())
        return " ".join(" ".join(found.all_inner_texts()).split())

    return of


def test_who_decided_what_why_and_at_what_cost(told: Told, run: Path) -> None:
    costs = rows(run, "override_costs")
    assert {row["kind"] for row in costs} == {"include", "must_not"}
    text = told("l5")
    for row in costs:
        assert f"({row['by']}, {row['date']}: {row['because']})" in text
        assert titles(run)[row["subject"]] in text
        lost = float(row["lost"])
        assert (f"costs {lost:.2f} points" if lost > 0.005 else "costs nothing") in text


def test_what_another_hundred_million_buys(told: Told, run: Path) -> None:
    best = max(rows(run, "next_amounts"), key=lambda row: float(row["gained"] or 0))
    text = told("l6")
    assert f"gains {float(best['gained']):.2f} points" in text
    assert best["label"] in text
    assert best["subject"] not in text, "names stand there, not ids"
    assert "--full" not in text


def test_what_changed_since_the_scenario_that_is_extended(
    page: Page, tmp_path: Path, baseline: Evaluation
) -> None:
    old = write_run(baseline, tmp_path, "old")
    new = write_run(
        ask(evaluate(load_study(ROOT / "scenarios" / "commerce-led.yaml"))), tmp_path, "new"
    )
    before, after, text = given(old), given(new), answer(page, new, "l10")
    assert text.startswith("Since baseline ")
    enter = {one for one, usd in after.items() if usd and not before[one]}
    leave = {one for one, usd in before.items() if usd and not after[one]}
    assert len(enter) == len(leave) == 1
    for word, who in (("in", enter), ("out", leave)):
        assert f"{word} {titles(new)[next(iter(who))]}" in text
    assert f"${sum(after.values()) / 1e9:.2f} billion in all" in text
    assert f"before ${sum(before.values()) / 1e9:.2f} billion" in text


def test_what_changed_since_a_run_that_is_named(
    page: Page, run: Path, solved: Evaluation, tmp_path: Path
) -> None:
    """One place fewer: who gets nothing any more, and what is given in all."""
    changes = [Override("designation.max_packages", "2", "To see.")]
    study = compared_with(load_study(COLUMNS, changes), run)
    new = write_run(ask(evaluate(study)), tmp_path, "new")
    before, after, text = given(run), given(new), answer(page, new, "l10")
    assert text.startswith(f"Since {run.name} ")
    enter = {one for one, usd in after.items() if usd and not before[one]}
    leave = {one for one, usd in before.items() if usd and not after[one]}
    for word, who in (("in", enter), ("out", leave)):
        names = ", ".join(titles(run)[one] for one in who)
        assert f"{word} {names}" in text.partition("Funded: ")[2]
    assert f"${sum(after.values()) / 1e6:.1f} million in all" in text


@pytest.mark.parametrize("agency", AGENCIES)
def test_who_moves_if_one_agency_prevails(
    seen: Callable[[str, str], str], run: Path, agency: str
) -> None:
    (way,) = [row for row in rows(run, "own_way") if row["agency"] == agency]
    text = seen(agency, "r3")
    assert f"Enter: {listed(run, way['entered'])}. Leave: {listed(run, way['left'])}." in text
    assert f"Funded as well: {listed(run, way['funded_in'])};" in text
    assert f"no longer: {listed(run, way['funded_out'])}." in text
    moved = int(way["moved_usd"])
    assert f"{f'${moved / 1e6:.1f} million' if moved else '$0'} would change hands" in text


@pytest.mark.parametrize("agency", AGENCIES)
def test_what_it_alone_keeps_in_or_out(
    seen: Callable[[str, str], str], run: Path, agency: str
) -> None:
    inside = {row["package"]: row["designated"] == "True" for row in rows(run, "ranking")}
    alone = [row["package"] for row in rows(run, "agreement") if row["decisive"] == agency]
    kept = {way: [one for one in alone if inside[one] is way] for way in (True, False)}
    text = seen(agency, "r4")
    for way, word in ((True, "in"), (False, "out")):
        names = ", ".join(titles(run)[one] for one in kept[way]) or "none"
        assert f"It alone keeps {word} {names}" in text


@pytest.mark.parametrize("agency", AGENCIES)
def test_how_far_its_influence_can_move(
    seen: Callable[[str, str], str], run: Path, agency: str
) -> None:
    (funded,) = [row for row in rows(run, "funded_stability") if row["agency"] == agency]
    (same,) = [
        row
        for row in rows(run, "stability")
        if row["kind"] == "influence" and row["agency"] == agency
    ]
    text = seen(agency, "r6")
    for table, name in ((funded, ""), (same, "designated_")):
        low, high = (float(table[f"{name}{end}"]) for end in ("low", "high"))
        assert f"{share(low, 1)} to {share(high, 1)}" in text
    assert "--full" not in text


@pytest.mark.parametrize("agency", AGENCIES)
def test_where_its_floor_or_flag_is_overridden(
    seen: Callable[[str, str], str], run: Path, agency: str
) -> None:
    flags = {
        row["package"]
        for row in rows(run, "values")
        if row["agency"] == agency and row["red_flag"] == "True"
    }
    floors = {
        row["package"] for row in rows(run, "agreement") if agency in row["below_floor"].split("; ")
    }
    usd = given(run)
    inside = {row["package"] for row in rows(run, "ranking") if row["designated"] == "True"}
    text = seen(agency, "r8")
    overridden = text.partition("Overridden: ")[2].partition(" Out: ")[0]
    assert flags | floors
    for one in flags | floors:
        assert (titles(run)[one] in overridden) == (one in inside or usd[one] > 0)
        if one == "P6":
            assert (
                "included by the minister on 2026-06-20, because promised last year" in overridden
            )


@pytest.mark.parametrize("agency", AGENCIES)
def test_which_of_its_criteria_decide_nothing(
    page: Page, seen: Callable[[str, str], str], run: Path, solved: Evaluation, agency: str
) -> None:
    """Those without whose weight, the others in proportion, the same are in."""
    idle = [
        solved.study.criteria[row["criterion"]].label
        for row in rows(run, "stability")
        if row["kind"] == "weight" and row["agency"] == agency and float(row["designated_low"]) <= 0
    ]
    text = seen(agency, "r9")
    assert page.locator(f"#a-{agency} .idle").all_inner_texts() == idle
    assert f"evaluator criteria {solved.study.run_name}" in text


@pytest.mark.parametrize("agency", AGENCIES)
def test_what_was_entered_for_it_by_whom_when_and_why(
    page: Page, run: Path, solved: Evaluation, agency: str, tmp_path: Path
) -> None:
    """Weights and a change with their names and days; what a file leaves blank is said."""
    changes = [
        Override(f"agencies.{agency}.weights.by", "A. Secretary", "To see."),
        Override(f"agencies.{agency}.weights.date", "2026-05-04", "To see."),
        Override("uncertainty.draws", "0", "Quick"),
    ]
    new = write_run(ask(evaluate(load_study(COLUMNS, changes))), tmp_path)
    said = {}
    for where in (run, new):
        page.goto((where / "report.html").as_uri())
        page.locator(f'#decision a[href="#a-{agency}"]').click()
        said[where] = page.locator(f"#a-{agency} [data-answer='r10']").inner_text()
    assert "who entered them, and when, is not recorded" in said[run]
    assert "entered by A. Secretary, 2026-05-04" in said[new]
    assert f"agencies.{agency}.weights.by" in said[new]
    assert "because To see." in said[new]
    (stated,) = [row for row in rows(run, "weights") if row["agency"] == agency]
    told = " ".join(said[run].split())
    for key, weight in stated.items():
        name = key.removeprefix("weight.")
        if name in solved.study.criteria and float(weight):
            assert f"{solved.study.criteria[name].label} {share(float(weight), 1)}" in told
