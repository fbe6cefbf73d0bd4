"""The report in a real browser, without a network: reading, sorting, printing, access."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from jinja2.ext import Extension
from playwright.sync_api import Browser, Page

from evaluator import compare, evaluate
from evaluator.report import render
from evaluator.report.html.comparison import comparison_page
from evaluator.report.html.page import templates
from evaluator.results.evaluation import Evaluation
from tests.conftest import program
from tests.report.conftest import unfold
from tests.report.test_page import FORMULA, HOSTILE, changed, hostile
from tests.report.test_whatif import settled

__all__ = ["hostile"]  # a fixture

pytestmark = pytest.mark.browser
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(autouse=True)
def _unfolded(request: pytest.FixtureRequest) -> None:
    if "page" in request.fixturenames and not request.node.get_closest_marker("folded"):
        unfold(request.getfixturevalue("page"))


class Verbose(Extension):
    """Leaves the templates as they are."""


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{v['id']}: {[n['target'] for n in v['nodes'][:3]]} {v['help']}" for v in found]


SCREEN = 800


@pytest.mark.folded
def test_the_decision_is_on_the_first_screen_and_all_are_few(
    page: Page, baseline: Evaluation, baseline_page: Path
) -> None:
    """Who gets how much, who gets nothing, who is just out: seen without scrolling."""
    page.set_viewport_size({"width": 1280, "height": SCREEN})
    page.goto(baseline_page.as_uri())

    def ends(selector: str) -> list[float]:
        boxes = [one.bounding_box() for one in page.locator(selector).all()]
        return [box["y"] + box["height"] for box in boxes if box is not None]

    assert len(ends(".decision .figure")) == 5
    assert max(ends(".decision .figure")) <= SCREEN
    given = baseline.allocation.amounts.sum(axis=1)
    chosen = baseline.ranking.index[baseline.ranking["designated"]]
    rows = page.locator(".bars tbody tr").all()
    told = {row.locator("a").get_attribute("href"): row.inner_text().split() for row in rows}
    for package in chosen:
        figure = float(told[f"#p-{package}"][-1].replace(",", ""))
        assert figure == pytest.approx(given[package] / 1e6, abs=0.05), package
    inside = ends(".bars tbody tr")[: len(chosen)]
    assert max(inside) <= SCREEN
    assert page.evaluate("document.documentElement.scrollHeight") <= 25 * SCREEN


def test_every_picture_is_drawn(page: Page, baseline_page: Path) -> None:
    page.goto(baseline_page.as_uri())
    page.wait_for_function("[...document.images].every((one) => one.complete)")
    assert page.evaluate("[...document.images].map((one) => one.naturalWidth > 0)") == [True] * 4


@pytest.mark.folded
def test_what_a_link_leads_to_is_unfolded(page: Page, baseline_page: Path) -> None:
    page.goto(baseline_page.as_uri())
    assert not page.locator("#limit-table").is_visible()
    page.click("nav a[href='#limits']")
    page.locator("#limit-table").wait_for(state="visible")
    page.click(".bars a >> nth=0")
    page.locator(".package[open]").wait_for(state="visible")
    page.goto(f"{baseline_page.as_uri()}#source-table")
    page.reload()
    page.locator("#source-table").wait_for(state="visible")
    run = json.loads(page.locator("#whatif-data").text_content() or "")["run"]
    page.goto(f"{baseline_page.as_uri()}#whatif;{run};w0=60,10,10,10,10")
    page.reload()
    page.locator("#weights-form").wait_for(state="visible")
    assert page.locator("#w-influence-0").input_value() == "60"


@pytest.mark.slow
@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation(
    page: Page, hand_page: Path, width: int, ground: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=ground)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(hand_page.as_uri())
    page.fill("#w-influence-1", "60")
    for summary in page.locator("details:not(.part) > summary").all():
        summary.click()
    assert violations(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation_on_a_full_report(
    page: Page, baseline_page: Path, width: int, ground: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=ground)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(baseline_page.as_uri())
    page.fill("#w-influence-1", "60")
    page.click("details.group >> nth=0 >> summary")
    page.click("#p-SP26-05 summary")
    assert violations(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation_in_a_run_of_full_extent(
    page: Page, full: Evaluation, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(render(full).files["report.html"])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    page.locator("#x-frontier-subsidy").wait_for(state="visible")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation_in_a_comparison(
    page: Page, hand: Evaluation, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "comparison.html"
    path.write_bytes(comparison_page(compare([hand, hand])))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path.as_uri())
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation_in_the_form_of_a_large_report(
    page: Page,
    hand: Evaluation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    width: int,
) -> None:
    monkeypatch.setattr("evaluator.report.html.sections._LARGE", 0)
    path = tmp_path / "report.html"
    path.write_bytes(render(hand).files["report.html"])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path.as_uri())
    # By keyboard: what is far below is laid out only when it is scrolled to, and then moves.
    page.press("#p-P1 summary", "Enter")
    page.locator("#c-P1").wait_for(state="visible")
    for section in page.locator("main > section").all():
        section.evaluate("section => section.scrollIntoView()")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_the_templates_leave_out_is_understood(
    page: Page, hand: Evaluation, hand_page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """End tags and quotes left out make the same document: but for blanks, to the last node."""
    tree = "document.body.outerHTML.replace(/\\s+/g, '')"
    page.goto(hand_page.as_uri())
    settled(page)
    terse = page.evaluate(tree)
    monkeypatch.setattr("evaluator.report.html.page.Terse", Verbose)
    templates.cache_clear()
    path = tmp_path / "report.html"
    path.write_bytes(render(hand).files["report.html"])
    templates.cache_clear()
    assert path.stat().st_size > hand_page.stat().st_size
    page.goto(path.as_uri())
    settled(page)
    assert page.evaluate(tree) == terse


@pytest.mark.parametrize("width", [1280, 640, 320])
def test_page_never_scrolls_sideways(page: Page, baseline_page: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(baseline_page.as_uri())
    page.click("#p-SP26-05 summary")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_tables_that_scroll_can_be_reached_by_keyboard(page: Page, baseline_page: Path) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(baseline_page.as_uri())
    box = page.locator(".scroll", has=page.locator("#side-by-side"))
    box.focus()
    before = box.evaluate("box => box.scrollLeft")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle())
    assert before == 0
    assert box.get_attribute("role") == "region"


def test_sorting_by_a_head(page: Page, baseline: Evaluation, baseline_page: Path) -> None:
    page.goto(baseline_page.as_uri())
    head = page.locator("#ranked thead th", has_text="Spread")
    ids = "#ranked tbody th a"
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    spread = baseline.ranking["spread"].round(1)
    want = spread.sort_values(ascending=False, kind="stable")
    found = page.locator(ids).all_inner_texts()
    assert [spread[p] for p in found] == list(want)
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert [spread[p] for p in page.locator(ids).all_inner_texts()] == list(want)[::-1]


def test_unranked_packages_stay_last_whichever_way_ranks_are_sorted(
    page: Page, baseline: Evaluation, baseline_page: Path
) -> None:
    page.goto(baseline_page.as_uri())
    button = page.locator("#ranked").get_by_role("button", name="Rank", exact=True)
    button.click()
    cells = page.locator("#ranked tbody tr td:first-child").all_inner_texts()
    ranks = [cell.split()[0] for cell in cells]
    failed = int((baseline.ranking["outcome"] == "failed").sum())
    assert ranks[0] == str(baseline.ranking["rank"].max())
    assert ranks[-failed:] == ["–"] * failed


def test_filter(page: Page, baseline: Evaluation, baseline_page: Path) -> None:
    page.goto(baseline_page.as_uri())
    page.locator("select[data-by=state]").select_option(label="Failed a requirement")
    failed = list(baseline.ranking.index[baseline.ranking["outcome"] == "failed"])
    shown = "#ranked tbody tr:visible th a"
    assert page.locator(shown).all_inner_texts() == failed
    page.get_by_label("Find").fill(failed[0].lower())
    assert page.locator(shown).all_inner_texts() == failed[:1]
    assert page.locator("#ranked-filter output").inner_text() == "1 of 36 packages shown"


def test_a_link_opens_its_package(page: Page, baseline_page: Path) -> None:
    page.goto(baseline_page.as_uri())
    fold = page.locator("#p-SP26-07")
    assert fold.get_attribute("open") is None
    page.locator("#ranked a", has_text="SP26-07").press("Enter")
    page.locator("#c-SP26-07").wait_for(state="visible")
    assert fold.get_attribute("open") is not None


def test_without_scripts_everything_is_there(
    browser: Browser, baseline: Evaluation, baseline_page: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(baseline_page.as_uri())
    assert page.locator("details.package").count() == len(baseline.study.packages)
    assert page.locator("details[open]").count() == 0, "as short as with scripts"
    for summary in ("#packages > details > summary", "#p-SP26-07 > summary"):
        page.click(summary)
    assert page.locator("#c-SP26-07").is_visible()
    assert not page.locator(".whatif").is_visible()
    page.click("#whatif > details > summary")
    assert "Weighing again needs scripts" in page.locator("#whatif").inner_text()
    context.close()


def test_without_scripts_a_large_report_says_what_is_missing(
    browser: Browser, hand: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evaluator.report.html.sections._LARGE", 0)
    path = tmp_path / "report.html"
    path.write_bytes(render(hand).files["report.html"])
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    page.click("#packages > details > summary")
    notice = page.locator("#unpacking")
    notice.scroll_into_view_if_needed()
    assert notice.is_visible()
    assert "it is missing below" in (notice.text_content() or "")
    assert page.locator("details.package summary").count() == len(hand.study.packages)
    context.close()


def test_what_cannot_be_unpacked_is_said(
    page: Page, hand: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evaluator.report.html.sections._LARGE", 0)
    path = tmp_path / "report.html"
    path.write_bytes(render(hand).files["report.html"])
    page.add_init_script("delete window.DecompressionStream")
    page.goto(path.as_uri())
    page.locator("#unpacking").wait_for(state="visible")


def test_a_large_report_opens_its_packages_and_prints_them(
    page: Page, hostile: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evaluator.report.html.sections._LARGE", 0)
    path = tmp_path / "report.html"
    path.write_bytes(render(hostile).files["report.html"])
    page.goto(path.as_uri())
    page.locator("#unpacking").wait_for(state="detached")
    assert page.locator("#c-P1").count() == 0
    page.evaluate("location.hash = 'p-P1'")
    page.locator("#c-P1").wait_for(state="visible")
    assert HOSTILE in page.locator("#c-P1").inner_text()
    page.click("#all-packages")
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    subprocess.run(
        [program("pdftotext"), "-layout", "report.pdf", "report.txt"], check=True, cwd=tmp_path
    )
    text = (tmp_path / "report.txt").read_text()
    assert all(f"{p.id}: criteria and what they" in text for p in hostile.study.packages)
    assert page.locator("#c-P1").count() == page.locator("#c-P2").count() == 1


def test_hostile_texts_do_nothing(page: Page, hostile: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(render(hostile).files["report.html"])
    page.goto(path.as_uri())
    page.fill("#w-influence-0", "90")
    page.locator("#whatif-status", has_text="leads").wait_for()
    settled(page)
    titles = page.locator("#whatif-table tbody .title").all_inner_texts()
    assert {HOSTILE, FORMULA} <= set(titles)
    assert page.locator("h1").inner_text() == HOSTILE
    assert page.locator("img[src=x]").count() == 0
    page.evaluate("location.hash = 'p-P1'")
    page.locator("#c-P1").wait_for(state="visible")
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_hostile_figure_does_nothing(page: Page, hostile: Evaluation, tmp_path: Path) -> None:
    for name, data in render(hostile).files.items():
        if name.endswith(".svg"):
            path = tmp_path / Path(name).name
            path.write_bytes(data)
            page.goto(path.as_uri())
            assert page.locator("script").count() == 0


def test_evaluation_is_not_needed_twice(hand: Evaluation) -> None:
    """The page's numbers are those of the run: the fixture and a fresh evaluation agree."""
    assert render(evaluate(hand.study)) == render(hand)


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (1280, 700), (320, 640)])
def test_what_has_the_focus_is_never_covered(
    page: Page, baseline_page: Path, width: int, height: int
) -> None:
    """WCAG 2.4.11: backwards through the table to weigh by, with the longest of verdicts."""
    page.set_viewport_size({"width": width, "height": height})
    page.goto(baseline_page.as_uri())
    page.fill("#w-influence-1", "90")
    page.locator("#whatif-status", has_text="No longer priority").wait_for()
    page.locator("#takeaway input").first.focus()
    links = page.locator("#whatif-table a").count()
    covered = []
    for _ in range(links):
        page.keyboard.press("Shift+Tab")
        # A table that scrolls is a stop itself, after its links when going backwards.
        covered += page.evaluate(
            """() => {
                const link = document.activeElement, own = link.getBoundingClientRect();
                return [".verdict", ".stamp"].filter((name) => {
                    const over = document.querySelector(name).getBoundingClientRect();
                    return own.top < over.bottom - 0.5 && own.bottom > over.top + 0.5;
                }).map((name) => `${link.textContent} under ${name}`);
            }"""
        )
    assert page.evaluate("document.activeElement.closest('#whatif-table') !== null")
    assert covered == []


def test_status_tier_and_ranges_are_sorted_and_filtered(
    page: Page, baseline: Evaluation, baseline_page: Path
) -> None:
    page.goto(baseline_page.as_uri())
    assert baseline.uncertainty is not None
    drawn = baseline.uncertainty.packages

    def sorted_by(head: str) -> list[str]:
        page.locator("#ranked thead th", has_text=head).get_by_role("button").press("Enter")
        return page.locator("#ranked tbody th a").all_inner_texts()

    ends = drawn[["rank_low", "rank_high"]].astype(int)
    found = [tuple(ends.loc[p]) for p in sorted_by("Rank in 90 %") if p in drawn.index]
    assert found == sorted(found)
    shares = [drawn["designated_share"][p] for p in sorted_by("Tier") if p in drawn.index]
    assert shares == sorted(shares, reverse=True)
    sorted_by("Status")
    states = page.locator("#ranked tbody .state").all_inner_texts()
    order = ["Priority", "Tied at the cut", "Requirement not settled", "Not priority"]
    order.append("Failed a requirement")
    assert states == sorted(states, key=order.index)
    page.locator("select[data-by=tier]").select_option(label="contested")
    contested = set(drawn.index[drawn["tier"] == "contested"])
    assert set(page.locator("#ranked tbody tr:visible th a").all_inner_texts()) == contested


@pytest.mark.parametrize("width", [1280, 320])
def test_a_title_of_one_long_word_keeps_the_scores_in_sight(
    page: Page, hand: Evaluation, tmp_path: Path, width: int
) -> None:
    packages = tuple(p.model_copy(update={"title": "W" * 200}) for p in hand.study.packages)
    path = tmp_path / "report.html"
    path.write_bytes(render(evaluate(changed(hand.study, packages=packages))).files["report.html"])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path.as_uri())
    settled(page)
    for table, overall in (("#ranked", 3), ("#whatif-table", 5)):
        box = page.locator(f"{table} tbody tr >> nth=0 >> td, th").nth(overall - 1).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= max(width, 480), table
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_targets_are_large_enough_and_the_filter_fits(page: Page, hand_page: Path) -> None:
    """WCAG 2.5.8: 24 pixels; at 320 pixels the filter stays within the page."""
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(hand_page.as_uri())
    page.click("#p-P1 summary")
    back = page.locator("#p-P1 .back a").bounding_box()
    assert back is not None
    assert back["height"] >= 24
    for select in page.locator("#ranked-filter select").all():
        box = select.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 320 - 16
