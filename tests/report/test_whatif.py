"""What-if: the page's arithmetic is the engine's, and its file is a scenario that runs."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page

from evaluator import Override, evaluate, load_study
from evaluator.record.runs.folder import read_run
from evaluator.report import render
from evaluator.report.html.whatif import payload, scenario_file
from evaluator.results.evaluation import Evaluation
from tests.conftest import BASELINE, ROOT
from tests.report.conftest import HAND, unfold

TINY = 1e-9


@pytest.fixture(autouse=True)
def _unfolded(request: pytest.FixtureRequest) -> None:
    if "page" in request.fixturenames:
        unfold(request.getfixturevalue("page"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The study's files elsewhere; returns the folder of scenarios."""
    shutil.copytree(ROOT / "criteria", tmp_path / "criteria")
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    return tmp_path / "scenarios"


def opened(page: Page, evaluation: Evaluation, folder: Path) -> Page:
    path = folder / "report.html"
    path.write_bytes(render(evaluation).files["report.html"])
    page.goto(path.as_uri())
    return page


def download(page: Page, beside: Path) -> Path:
    """Press the button and keep the file beside the scenario that it extends."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the scenario").click()
    path = beside / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def slide(page: Page, key: str, steps: int) -> None:
    """Move a slider by arrow keys."""
    slider = page.locator(f"input[type=range][data-key={key}]")
    for _ in range(abs(steps)):
        slider.press("ArrowRight" if steps > 0 else "ArrowLeft")


def settled(page: Page) -> None:
    """Wait until the table shows the points that were given last."""
    page.locator("#whatif-table:not([aria-busy])").wait_for()


def agree(page: Page, evaluation: Evaluation) -> None:
    """The page's table and an evaluation have the same order, ranks, scores and priority."""
    settled(page)
    rows = page.evaluate(
        """() => [...document.querySelectorAll("#whatif-table tbody tr")].map((row) => ({
            package: row.dataset.package, cells: [...row.cells].map((cell) => cell.textContent),
            exact: [row.result.now, ...row.result.scores], priority: row.result.now_priority }))"""
    )
    want = evaluation.ranking[evaluation.ranking["outcome"] != "failed"]
    assert [row["package"] for row in rows] == list(want.index)
    columns = ["overall", *(f"score.{agency}" for agency in evaluation.influence.index)]
    for found, (package, row) in zip(rows, want.iterrows(), strict=True):
        place, _, _, _, named, overall, _, _, *scores = found["cells"]
        assert int(place) == row["rank"]
        assert named == f"{package} {row['title']}"
        assert found["priority"] == row["designated"]
        assert found["exact"] == pytest.approx(list(row[columns]), abs=TINY, rel=0)
        shown = [float(text) for text in (overall, *scores)]
        assert shown == pytest.approx(found["exact"], abs=0.05 + TINY, rel=0)


@pytest.mark.browser
def test_untouched_page_is_the_run(page: Page, baseline: Evaluation, baseline_page: Path) -> None:
    page.goto(baseline_page.as_uri())
    agree(page, baseline)
    assert page.locator("#whatif-table td", has_text="same").count() == 31
    page.locator("#whatif-status", has_text="As in the run.").wait_for()


@pytest.mark.slow
@pytest.mark.browser
def test_sliders_and_numbers_agree_with_evaluate_on_the_file(
    page: Page, baseline: Evaluation, repository: Path
) -> None:
    opened(page, baseline, repository)
    page.fill("#w-influence-1", "41.7")
    slide(page, "w-influence-0", -9)
    page.locator("details.group summary").nth(1).click()
    page.fill("#w-1-0", "3")
    slide(page, "w-1-3", 25)
    page.locator("details.group summary").nth(3).click()
    page.fill("#w-3-1", "0")
    page.fill("#w-3-2", "33.333333333333336")
    page.get_by_role("textbox", name="By").fill('A. "Reviewer"')
    page.get_by_role("textbox", name="Because").fill("What if: # Defense, 'mostly'?")
    study = load_study(download(page, repository))
    again = evaluate(study)
    agree(page, again)
    assert [change.set for change in study.applied] == [
        "influence.shares",
        "agencies.defense.weights",
        "agencies.ostp.weights",
    ]
    assert {change.because for change in study.applied} == {"What if: # Defense, 'mostly'?"}
    assert {change.by for change in study.applied} == {'A. "Reviewer"'}
    # 36 - 9 x 0.5 = 31.5 and 41.7 points beside three times 16: shares of 121.2.
    assert again.influence["commerce"] == pytest.approx(31.5 / 121.2, abs=1e-12)
    assert again.influence["defense"] == pytest.approx(41.7 / 121.2, abs=1e-12)
    moved = (again.ranking["rank"] != baseline.ranking["rank"].reindex(again.ranking.index)).sum()
    assert moved > 5


@pytest.mark.browser
def test_rank_changes_are_told_against_the_run(page: Page, hand_page: Path) -> None:
    # All influence on trade, all its weight on content: P3 100, P2 80, P1 60. In the run P2 leads.
    page.goto(hand_page.as_uri())
    page.fill("#w-influence-0", "0")
    page.locator("details.group summary").nth(1).click()
    page.fill("#w-1-1", "0")
    settled(page)
    rows = page.locator("#whatif-table tbody tr")
    told = [row.split("\t")[:3] for row in rows.all_inner_texts()]
    assert told == [["1", "2", "▲ 1 up"], ["2", "1", "▼ 1 down"], ["3", "3", "same"]]
    told = re.compile(r"2 of 3 packages change their rank; .+ \(P3\) leads\.")
    page.locator("#whatif-status", has_text=told).wait_for()


@pytest.mark.browser
def test_reset(page: Page, baseline: Evaluation, baseline_page: Path) -> None:
    page.goto(baseline_page.as_uri())
    page.fill("#w-influence-2", "77")
    page.get_by_role("button", name="Reset to the run").click()
    settled(page)
    assert page.locator("#w-influence-2").input_value() == "16"
    agree(page, baseline)


@pytest.mark.browser
def test_slider_and_number_are_one(page: Page, hand_page: Path) -> None:
    page.goto(hand_page.as_uri())
    page.fill("#w-influence-0", "20")
    assert page.locator("input[type=range][data-key=w-influence-0]").input_value() == "20"
    slide(page, "w-influence-0", 2)
    assert page.locator("#w-influence-0").input_value() == "21"
    # 21 points of energy beside 60 of trade.
    assert page.locator("output[for=w-influence-0]").inner_text() == "25.9\N{NO-BREAK SPACE}%"


@pytest.mark.browser
def test_steps_are_undone_and_done_again(page: Page, hand_page: Path) -> None:
    page.goto(hand_page.as_uri())
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    assert [undo.is_disabled(), redo.is_disabled()] == [True, True]
    for points in ("20", "30"):
        page.fill("#w-influence-0", points)
        page.locator("#w-influence-0").press("Tab")
    undo.click()
    assert page.locator("#w-influence-0").input_value() == "20"
    undo.click()
    page.locator("#whatif-status", has_text="As in the run.").wait_for()
    assert undo.is_disabled()
    redo.click()
    assert page.locator("#w-influence-0").input_value() == "20"
    page.get_by_role("button", name="Reset to the run").click()
    settled(page)
    undo.click()
    assert page.locator("#w-influence-0").input_value() == "20"


@pytest.mark.browser
def test_the_address_holds_what_is_tried(page: Page, hand_page: Path) -> None:
    page.goto(hand_page.as_uri())
    page.fill("#w-influence-0", "12.5")
    page.locator("details.group summary").nth(1).click()
    page.fill("#w-1-1", "0")
    page.get_by_role("button", name="Pin to compare").click()
    page.fill("#w-influence-0", "70")
    page.wait_for_url(re.compile("w0=70"))
    address, table = page.url, page.locator("#whatif-table").inner_text()
    page.goto("about:blank")
    page.goto(address)
    settled(page)
    assert page.locator("#w-influence-0").input_value() == "70"
    assert page.locator("#w-1-1").input_value() == "0"
    assert page.locator("#whatif-table").inner_text() == table
    # 12.5 points beside 60
    assert "influence at 17.2 %, 82.8 %" in (page.locator("#whatif-pinned").text_content() or "")
    # Of another run, and of points that make no weighting: told, and nothing is changed.
    for wrong in (address.replace("#whatif;", "#whatif;another-"), address.replace("70", "-70")):
        page.goto("about:blank")
        page.goto(wrong)
        page.locator("#whatif-status", has_text="another run").wait_for()
        page.wait_for_timeout(400)  # it stays
        assert "another run" in page.locator("#whatif-status").inner_text()
        assert page.locator("#w-influence-0").input_value() == "40"


@pytest.mark.browser
def test_a_pinned_weighting_stands_beside(page: Page, hand_page: Path) -> None:
    """All on trade pinned, the run tried: the ranks of both stand in each row."""
    page.goto(hand_page.as_uri())
    page.fill("#w-influence-0", "0")
    page.locator("details.group summary").nth(1).click()
    page.fill("#w-1-1", "0")
    settled(page)

    def ranks() -> dict[str, list[str]]:
        """All rows of one moment."""
        settled(page)
        rows: list[list[str]] = page.evaluate(
            """() => [...document.querySelectorAll("#whatif-table tbody tr")].map((row) =>
            [row.dataset.package, ...[...row.cells].slice(0, 3).map((cell) => cell.innerText)])"""
        )
        return {package: cells for package, *cells in rows}

    tried = {name: cells[0] for name, cells in ranks().items()}
    page.get_by_role("button", name="Pin to compare").click()
    page.get_by_role("button", name="Reset to the run").click()
    assert {name: cells[2] for name, cells in ranks().items()} == tried
    page.get_by_role("button", name="Swap with the pinned").click()
    assert {name: cells[0] for name, cells in ranks().items()} == tried
    assert {name: cells[2] for name, cells in ranks().items()} == {
        name: cells[1] for name, cells in ranks().items()
    }
    page.get_by_role("button", name="Unpin").click()
    assert page.locator("#whatif-table .pin:visible").count() == 0


@pytest.mark.browser
def test_two_packages_side_by_side(page: Page, baseline: Evaluation, baseline_page: Path) -> None:
    page.goto(baseline_page.as_uri())
    page.locator("#whatif-pair summary").click()
    one, other = (page.locator(f"#whatif-pair select[data-side='{i}']") for i in (0, 1))
    one.select_option("SP26-03")
    other.select_option("SP26-30")
    rows = page.locator("#whatif-pair-table tbody tr").all_inner_texts()
    overall = baseline.ranking["overall"]
    a, b = overall["SP26-03"], overall["SP26-30"]
    assert rows[0].split("\t") == ["Overall score", f"{a:.1f}", f"{b:.1f}", f"+{a - b:.1f}"]
    parts = [float(row.split("\t")[3].replace("\N{MINUS SIGN}", "-")) for row in rows[1:6]]
    assert sum(parts) == pytest.approx(a - b, abs=0.26)
    influence = baseline.influence
    scores = baseline.agency_scores
    for agency, part in zip(influence.index, parts, strict=True):
        gap = influence[agency] * (scores.loc["SP26-03", agency] - scores.loc["SP26-30", agency])
        assert part == pytest.approx(gap, abs=0.05 + TINY)
    assert len(rows) == 1 + len(influence) + 8
    more = page.locator("#whatif-pair-all")
    assert more.inner_text() == f"Show the other {len(baseline.values.columns) - 8} criteria"
    more.press("Enter")
    rows = page.locator("#whatif-pair-table tbody tr").all_inner_texts()[1 + len(influence) :]
    parts = [float(row.split("\t")[3].replace("\N{MINUS SIGN}", "-")) for row in rows]
    assert len(parts) == len(baseline.values.columns)
    assert sum(parts) == pytest.approx(a - b, abs=0.05 * len(parts))


@pytest.mark.slow
@pytest.mark.browser
def test_the_command_gives_what_the_page_shows(page: Page, repository: Path) -> None:
    overrides = [Override("designation.max_packages", "12", "it's a trial")]
    evaluation = evaluate(load_study(repository / "baseline.yaml", overrides))
    opened(page, evaluation, repository)
    assert not page.locator("#whatif-command").is_visible()
    page.fill("#w-influence-1", "41.7")
    page.locator("details.group summary").nth(1).click()
    page.fill("#w-1-0", "3")
    settled(page)
    words = shlex.split(page.locator("#whatif-command code").text_content() or "")
    assert words[:2] == ["evaluator", "run"]
    done = subprocess.run(
        [sys.executable, "-m", "evaluator", *words[1:], "--out", "it"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (run,) = (repository / "it").glob("*/manifest.json")
    agree(page, evaluate(read_run(run.parent).study))


@pytest.mark.browser
def test_on_a_phone_the_effect_stands_beside_the_slider(page: Page, baseline_page: Path) -> None:
    page.set_viewport_size({"width": 375, "height": 667})
    page.goto(baseline_page.as_uri())
    slider = page.locator("input[type=range][data-key=w-influence-1]")
    slider.scroll_into_view_if_needed()
    slide(page, "w-influence-1", 40)
    page.locator("#whatif-status", has_text="change their rank").wait_for()
    box, bar = page.locator("#whatif-status").bounding_box(), slider.bounding_box()
    assert box is not None
    assert bar is not None
    assert 0 <= bar["y"] <= box["y"] - bar["height"]
    assert box["y"] + box["height"] <= 667 + 1


def marked(page: Page) -> dict[str, str]:
    """Return the boxes that are told to be wrong, each with the message that it refers to."""
    found: dict[str, str] = page.evaluate(
        """() => Object.fromEntries(
            [...document.querySelectorAll("#weights-form [aria-invalid=true]")].map((box) => {
                const told = document.getElementById(box.getAttribute("aria-describedby"));
                return [box.id, told.checkVisibility() ? told.textContent : "hidden"];
            }))"""
    )
    return found


@pytest.mark.browser
def test_points_that_make_no_weighting_are_named(page: Page, hand_page: Path) -> None:
    page.goto(hand_page.as_uri())
    boxes = page.locator("#weights-form input[type=number]")
    bounds = boxes.evaluate_all("(all) => all.map((box) => [box.min, box.max])")
    assert set(map(tuple, bounds)) == {("0", "1000")}
    for bad in ("-5", "", "1000.5", "1e9"):
        page.fill("#w-influence-0", bad)
        told = page.locator("#whatif-status").inner_text()
        assert "see influence" in told
        assert "the table keeps the last valid ranking" in told
        assert marked(page) == {"w-influence-0": "Points must be numbers from 0 to 1,000."}
        page.get_by_role("button", name="Download the scenario").click()
        assert "not valid yet" in page.locator("#takeaway-status").inner_text()
    page.fill("#w-influence-0", "0")
    assert marked(page) == {}
    page.fill("#w-influence-1", "0")
    assert marked(page) == dict.fromkeys(
        ("w-influence-0", "w-influence-1"), "One of these must be above 0."
    )
    page.get_by_role("button", name="Reset to the run").click()
    settled(page)
    assert marked(page) == {}
    page.fill("#w-influence-0", "0")
    page.fill("#w-influence-1", "0")
    assert "see influence" in page.locator("#whatif-status").inner_text()


@pytest.mark.browser
def test_nothing_changed_is_a_scenario_too(page: Page, hand: Evaluation, tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(HAND.parents[1], study)
    opened(page, hand, tmp_path)
    again = load_study(download(page, study / "scenarios"))
    assert again.applied == ()
    assert evaluate(again).ranking.equals(hand.ranking)


@pytest.mark.slow
@pytest.mark.browser
def test_changes_of_the_command_line_are_carried(page: Page, repository: Path) -> None:
    overrides = [
        Override("as_of", "2027-01-15", "EXIM has lapsed"),
        Override(
            "designation.max_packages", "7", "a short list", by="The board", date="2026-07-02"
        ),
        Override("influence.shares.commerce", "0.5", "a larger share"),
        Override("influence.shares.state", "0.02", "a smaller share"),
    ]
    evaluation = evaluate(load_study(repository / "baseline.yaml", overrides))
    opened(page, evaluation, repository)
    agree(page, evaluation)
    page.locator("details.group summary").nth(0).click()
    page.fill("#w-0-0", "60")
    study = load_study(download(page, repository))
    assert study.as_of == dt.date(2027, 1, 15)
    assert study.scenario.designation.max_packages == 7
    (short,) = [one for one in study.applied if one.set == "designation.max_packages"]
    assert (short.by, short.date) == ("The board", dt.date(2026, 7, 2))
    agree(page, evaluate(study))


@pytest.mark.browser
def test_what_no_file_can_say_is_refused(page: Page, tmp_path: Path) -> None:
    shares = "{trade: 0.5, energy: 0.5}"
    whole = f"{{shares: {shares}, citation: {{title: A trial, confidence: illustrative}}}}"
    study = load_study(HAND, [Override("influence", whole, "a trial")])
    opened(page, evaluate(study), tmp_path)
    page.get_by_role("button", name="Download the scenario").click()
    assert "changed on the command line" in page.locator("#takeaway-status").inner_text()


def test_payload_holds_the_numbers_in_full(baseline: Evaluation) -> None:
    data = payload(baseline)
    assert data is not None
    assert [a["influence"] for a in data["agencies"]] == list(baseline.influence)
    for package in data["packages"]:
        values = [data["levels"][place] for place in package["values"]]
        assert values == list(baseline.values.loc[package["id"]])


def test_file_of_the_scenario(baseline: Evaluation, repository: Path) -> None:
    assert scenario_file(baseline.study) == "baseline.yaml"
    # The scenario `hand` stands in baseline.yaml.
    assert scenario_file(load_study(HAND)) == "baseline.yaml"
    assert (
        scenario_file(load_study(BASELINE.parent / "security-first.yaml")) == "security-first.yaml"
    )
    # A file may have another name than its scenario, and stand among others.
    renamed = (repository / "security-first.yaml").rename(repository / "draft.yaml")
    study = load_study(renamed)
    assert scenario_file(study) == "draft.yaml"
    assert study.fingerprint == load_study(BASELINE.parent / "security-first.yaml").fingerprint
    assert scenario_file(study.model_copy(update={"source_file": ""})) == "security-first.yaml"
