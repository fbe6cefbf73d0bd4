"""The report by keyboard alone: everything is reached, is seen when it has the focus, and works."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.folded]
_CONTROLS = "a[href], button, input, select, summary, textarea, [tabindex='0']"
_STOP = """(controls) => {
    const one = document.activeElement, box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight
        && box.right > 0 && box.left < innerWidth;
    one.dataset.reached = "";
    return {
        tag: one.tagName.toLowerCase(), name: (one.id || one.textContent.trim()).slice(0, 60),
        ring, inside,
        shut: one.tagName === "SUMMARY" && !one.parentElement.open,
    };
}"""
_LEFT = """(controls) => [...document.querySelectorAll(controls)]
    .filter((one) => !one.disabled && !("reached" in one.dataset)
        && one.checkVisibility({ visibilityProperty: true })
        && one.tabIndex >= 0 && !(one.type === "radio" && !one.checked))
    .map((one) => one.outerHTML.slice(0, 120))"""

_LAID_OUT = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""A table that scrolls becomes a stop once its size is known."""


def missed(page: Page) -> list[str]:
    """Return what Tab alone never reaches, or reaches unseen, from the first link to the last.

    What is folded is opened on the way.
    """
    unseen = []
    for _ in range(3_000):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP, _CONTROLS)
        if stop["tag"] == "body":
            break
        if not (stop["ring"] and stop["inside"]):
            unseen.append(f"{stop['tag']} {stop['name']}")
        if stop["shut"]:
            page.keyboard.press("Enter")
            page.wait_for_function("document.activeElement.parentElement.open")
            page.evaluate(_LAID_OUT)
    return [*unseen, *page.evaluate(_LEFT, _CONTROLS)]


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 375])
def test_everything_is_reached_and_seen(page: Page, hand_page: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(hand_page.as_uri())
    assert missed(page) == []


@pytest.mark.slow
def test_each_control_works(page: Page, hand_page: Path) -> None:
    page.goto(hand_page.as_uri())
    press = page.keyboard.press

    def reach(test: str, key: str = "Tab") -> None:
        """Go from stop to stop until one passes a test of the script."""
        for _ in range(2_000):
            press(key)
            if page.evaluate(f"(() => {{ const it = document.activeElement; return {test}; }})()"):
                return
        raise AssertionError(f"no stop where {test}")

    def becomes(test: str) -> None:
        page.wait_for_function(test)

    reach("it.closest('#ranked-filter') && it.matches('input')")
    page.keyboard.type("p2")
    becomes("document.querySelectorAll('#ranked tbody tr:not([hidden])').length === 1")
    press("Control+a")
    press("Delete")
    reach("it.id === 'show-apart'")
    press("Space")
    becomes("getComputedStyle(document.querySelector('#ranked td.apart')).display === 'none'")
    reach("it.matches('#ranked .sort') && it.textContent.includes('Overall')")
    press("Enter")
    becomes("document.querySelector('#ranked th.overall').ariaSort !== null")

    reach("it.matches('#whatif summary')")
    press("Enter")
    reach("it.type === 'range'")
    before = page.evaluate("document.activeElement.value")
    for _ in range(3):
        press("ArrowRight")
    becomes(f"Number(document.activeElement.value) === {float(before)} + 1.5")
    becomes("!document.getElementById('whatif-undo').disabled")
    reach("it.id === 'whatif-pin'", "Shift+Tab")
    press("Enter")
    becomes("!document.getElementById('whatif-unpin').hidden")
    reach("it.id === 'whatif-undo'", "Shift+Tab")
    while not page.evaluate("document.getElementById('whatif-undo').disabled"):
        press("Enter")
    becomes("document.activeElement.id === 'whatif-redo'")
    becomes(f"document.querySelector('#weights-form [type=range]').value === '{before}'")
    reach("it.id === 'whatif-pin'")
    press("Enter")
    reach("it.id === 'whatif-unpin'")
    press("Enter")
    becomes("document.activeElement.id === 'whatif-pin'")
    reach("it.closest('#whatif-pair') && it.matches('summary')")
    press("Enter")
    reach("it.matches('#whatif-pair select')")
    chosen = page.evaluate("document.activeElement.selectedIndex")
    press("ArrowDown")
    becomes(f"document.activeElement.selectedIndex !== {chosen}")
    becomes("document.querySelectorAll('#whatif-pair-table tbody tr').length > 0")
    reach("it.matches('summary') && it.parentElement.querySelector('#all-packages')")
    press("Enter")
    reach("it.id === 'all-packages'")
    press("Space")
    becomes("[...document.querySelectorAll('details.package')].every((one) => one.open)")
