"""The ranked portfolio as people look at it: fits, with heads that stay; cards on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from evaluator.report.viewmodel.packages.pictures import pictures
from evaluator.report.viewmodel.packages.portfolio import ranked
from evaluator.results.evaluation import Evaluation


def test_parts_of_a_bar_stand_one_after_another(hand: Evaluation) -> None:
    # Influence 0.6 trade, 0.4 energy. P2: 0.6 x 80 = 48, 0.4 x 96.18 = 38.47. It asks for 80 of
    # at most 80 million and gets 20, P1 for 40 and gets 40.
    drawn = pictures(hand, ranked(hand))
    parts = sorted(width for _, width in drawn["P2"].parts)
    assert parts == pytest.approx([38.47, 48.0], abs=0.01)
    assert [start for start, _ in drawn["P2"].parts] == [0.0, drawn["P2"].parts[0][1]]
    assert (drawn["P2"].asked, drawn["P2"].given) == (100.0, 25.0)
    assert (drawn["P1"].asked, drawn["P1"].given) == (50.0, 50.0)


@pytest.mark.browser
def test_it_fits_a_desk_and_its_heads_stay_in_sight(page: Page, baseline_page: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(baseline_page.as_uri())
    table, box = page.evaluate(
        """() => ["#ranked", "#ranking .scroll"].map((name) =>
            document.querySelector(name).scrollWidth)"""
    )
    assert table <= box == 1184
    page.locator("#ranked tbody tr").nth(25).scroll_into_view_if_needed()
    page.wait_for_function(
        """() => { const own = document.querySelector("#ranked thead th").getBoundingClientRect(),
            stamp = document.querySelector(".stamp").getBoundingClientRect();
            return scrollY > 900 && own.top >= 0 && Math.abs(own.top - stamp.bottom) < 4; }"""
    )


@pytest.mark.browser
def test_columns_are_left_out_by_keyboard_and_without_scripts(
    browser: Browser, baseline_page: Path
) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.goto(baseline_page.as_uri())
    shown = page.locator("#ranked thead th:visible")
    heads = shown.all_inner_texts()
    assert "Spread" in heads
    assert "Commerce" not in heads
    page.locator("#show-own").press("Space")
    page.locator("#show-apart").press("Space")
    page.locator("#ranked thead th", has_text="Commerce").wait_for(state="visible")
    heads = shown.all_inner_texts()
    assert "Spread" not in heads
    assert page.locator("#ranked tbody tr").first.locator("td:visible, th:visible").count() == len(
        heads
    )
    context.close()


@pytest.mark.browser
def test_on_a_phone_a_package_is_a_card_and_can_be_sorted(
    page: Page, baseline: Evaluation, baseline_page: Path
) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(baseline_page.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    first = page.locator("#ranked tbody tr").first
    told = first.inner_text()
    leader = baseline.ranking.iloc[0]
    for text in ("1", leader["title"], f"{leader['overall']:.1f}", "clear", "1,100.0"):
        assert text in told
    wide = [cell.bounding_box() for cell in first.locator("td:visible, th:visible").all()]
    assert all(box is not None and 0 <= box["x"] <= box["x"] + box["width"] <= 375 for box in wide)
    page.locator("#ranked thead button", has_text="Proposed").press("Enter")
    given = baseline.allocation.amounts.sum(axis=1)
    most = str(given.idxmax())
    page.locator(f"#ranked tbody tr:first-child a[href='#p-{most}']").wait_for()


@pytest.mark.browser
def test_words_are_found_in_titles_and_ids_alone(
    page: Page, baseline: Evaluation, baseline_page: Path
) -> None:
    page.goto(baseline_page.as_uri())
    page.get_by_label("Find").fill("priority")
    page.locator("#ranked-filter output", has_text="0 of 36").wait_for()
    title = str(baseline.ranking["title"].iloc[4])
    page.get_by_label("Find").fill(title)
    page.locator("#ranked-filter output", has_text="1 of 36").wait_for()
