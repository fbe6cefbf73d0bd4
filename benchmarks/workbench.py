"""The workbench in a browser, as one person has it: first paint, ranks, amounts, and a share seen.

Of the baseline: the first contentful paint of *Decide*, beside that of a page of one word; from a
slider's event to the frame that shows the ranks, beside a frame in which nothing is done; from the
last movement to the amounts of what is tried; and from a share to *Decide* in another tab as it is
then. Milliseconds, medians. Needs Chromium, as the tests do.
"""

from __future__ import annotations

import shutil
import signal
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

from benchmarks.page import MOVE, PAINT, ROUNDS
from benchmarks.plain_run import SCENARIO
from tests.workbench.served import begin, ended

_PATIENCE = 60_000


def _amounts(page: Page, points: int) -> float:
    """Return the milliseconds from the last movement of a slider to the amounts that follow."""
    slider = page.locator("#weights-form input[type=range]").first
    began = perf_counter()
    slider.evaluate(
        "(one, to) => { one.value = to; one.dispatchEvent(new Event('input', {bubbles: true})); }",
        points,
    )
    page.locator("#solving", has_text="olving").wait_for(timeout=_PATIENCE)
    page.locator("#solving", has_text="Solved").wait_for(timeout=_PATIENCE)
    return (perf_counter() - began) * 1000


def _seen(page: Page, other: Page, version: int) -> float:
    """Return the milliseconds from a share to another tab that shows it."""
    page.fill("#share-form [name=because]", "A trial.")
    began = perf_counter()
    page.click("#share-form button")
    other.locator(f"[data-version='{version}']").wait_for(timeout=_PATIENCE, state="attached")
    return (perf_counter() - began) * 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        word = Path(name) / "word.html"
        word.write_text("<!doctype html><title>Word</title><p>Word")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        served = begin(Path(name), str(SCENARIO), "--record", "record.db")
        try:
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            first = context.new_page()
            first.goto(served.address)
            first.goto(f"{served.base}/decide")
            first.locator("[data-version]").first.wait_for(timeout=_PATIENCE, state="attached")
            plain, decide = [], []
            for _ in range(ROUNDS):
                for place, times in ((word.as_uri(), plain), (f"{served.base}/decide", decide)):
                    page = context.new_page()
                    page.goto(place)
                    times.append(page.evaluate(PAINT))
                    page.close()
            page = context.new_page()
            page.goto(f"{served.base}/weigh")
            moves, idle = page.evaluate(MOVE)
            page.reload()
            amounts, seen = [], []
            for version in range(1, ROUNDS + 1):
                amounts.append(_amounts(page, 10 + 7 * version))
                seen.append(_seen(page, first, version))
                page.reload()
        finally:
            ended(served, signal.SIGTERM)
        browser.close()
    for what, times, beside in (
        ("first paint of Decide", decide, f"of a page of one word {median(plain):.0f}"),
        ("slider to ranks", moves, f"a frame without {median(idle):.0f}"),
        ("movement to amounts", amounts, f"at most {max(amounts):.0f}"),
        ("share to another's Decide", seen, f"at most {max(seen):.0f}"),
    ):
        print(f"{what:26} {median(times):6.0f} ms; {beside} ms")


if __name__ == "__main__":
    main()
