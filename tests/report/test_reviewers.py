"""What the reviewers of one agency ask, answered one click below the first screen; by the CSV."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page

from evaluator import Evaluation, evaluate, load_study, write_run
from tests.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.folded]
Row = dict[str, str]
FAR = 10
SPLIT = 50


@pytest.fixture(scope="module")
def run(baseline: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(baseline, tmp_path_factory.mktemp("runs"))


def rows(run: Path, table: str) -> list[Row]:
    with (run / f"{table}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def places(scores: dict[str, float]) -> dict[str, int]:
    return {one: 1 + sum(s > scores[one] + 1e-8 for s in scores.values()) for one in scores}


@pytest.mark.parametrize("agency", ["commerce", "defense", "energy", "ostp", "state"])
def test_each_question_has_its_answer(
    page: Page, run: Path, baseline: Evaluation, agency: str
) -> None:
    names = {"commerce": "Commerce", "defense": "Defense", "energy": "Energy", "ostp": "OSTP"}
    name = {**names, "state": "State"}[agency]
    page.goto((run / "report.html").as_uri())
    page.locator("#decision").get_by_role("link", name=name, exact=True).click()
    part = page.locator(f"#a-{agency}")
    page.wait_for_selector(f"#a-{agency}[open]")

    def told(which: str) -> str:
        found = part.locator(f"[data-answer~='{which}']")
        assert found.count() > 0
        assert all(one.is_visible() for one in found.all())
        return " ".join(" ".join(found.all_inner_texts()).split())

    share = {one: float(baseline.influence[one]) for one in baseline.influence.index}
    ranked = [row for row in rows(run, "ranking") if row["rank"]]
    title = {row["package"]: row["title"] for row in rows(run, "ranking")}
    values = [
        row for row in rows(run, "values") if row["package"] in {r["package"] for r in ranked}
    ]

    # 1 and 2: which we rank ten or more places from the others, and the criterion that drives it
    own = places({row["package"]: float(row[f"score.{agency}"]) for row in ranked})
    others = places(
        {
            row["package"]: sum(share[a] * float(row[f"score.{a}"]) for a in share if a != agency)
            for row in ranked
        }
    )
    far = {one for one in own if abs(own[one] - others[one]) >= FAR}
    count = part.locator("summary").first.inner_text()
    assert f"{len(far) or 'no'} package" in count
    seen = told("r1")
    means: dict[str, list[float]] = {}
    for row in values:
        means.setdefault(row["criterion"], []).append(float(row["value"]))
    worst = max(far, key=lambda one: (abs(own[one] - others[one]), one), default="")
    for row in part.locator("[data-answer~='r1'] tbody tr").all():
        cells = row.locator("th, td").all_inner_texts()
        package = cells[0].split()[0]
        assert [int(cell) for cell in cells[1:3]] == [own[package], others[package]]
        points = []
        for value in values:
            if value["package"] == package:
                weight, mine = float(value["effective_weight"]), value["agency"] == agency
                weight = weight / share[agency] if mine else -weight / (1 - share[agency])
                mean = sum(means[value["criterion"]]) / len(means[value["criterion"]])
                points.append(weight * (float(value["value"]) - mean))
        most = (max if own[package] < others[package] else min)(points)
        assert abs(float(cells[5].replace("\N{MINUS SIGN}", "-")) - most) <= 0.0501
    assert worst in seen

    # 3: who enters and leaves, as the scenario in which it has all the influence finds
    alone = evaluate(load_study(ROOT / f"scenarios/only-{agency}.yaml"), only="scores").ranking
    inside = {row["package"] for row in ranked if row["designated"] == "True"}
    then = set(alone.index[alone["designated"]])
    enter = part.locator("[data-answer='r3'] .enter").inner_text()
    leave = part.locator("[data-answer='r3'] .leave").inner_text()
    assert enter == (", ".join(title[x] for x in title if x in then - inside) or "none")
    assert leave == (", ".join(title[x] for x in title if x in inside - then) or "none")

    # 5: with whom it agrees least
    pairs = [row for row in rows(run, "agreement_pairs") if agency in (row["agency"], row["other"])]
    least = min(pairs, key=lambda row: float(row["tau_b"]))
    assert f"(tau {float(least['tau_b']):.2f})" in told("r5")
    assert all(title[x] in told("r5") for x in least["apart_on"].split("; "))

    # 7: what is missing, split or from one alone
    rated = [
        row for row in rows(run, "values") if row["agency"] == agency and row["kind"] == "rating"
    ]
    panels = [[float(x) for x in row["panel"].split("; ")] for row in rated if row["panel"]]
    missing = sum(row["state"] == "missing" for row in rated)
    split = sum(max(panel) - min(panel) >= SPLIT for panel in panels)
    assert f"Missing: {missing}" in told("r7")
    assert f"Split by {SPLIT} points or more: {split}" in told("r7")
    assert f"From one rating: {sum(len(panel) == 1 for panel in panels)}" in told("r7")

    # 4, 6, 8, 9, 10: there, with the command of what only a full run solves
    assert "It alone keeps in" in told("r4")
    assert "--full" in told("r6")
    assert told("r8").startswith("It objects")
    assert "evaluator criteria" in told("r9")
    assert "not recorded" in told("r10")
