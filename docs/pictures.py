"""The pictures of the README, taken of the baseline's report: `make pictures`.

Chromium is the system's own, as for the tests.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from evaluator import evaluate, load_study, write_run

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"


def main() -> None:
    """Run the baseline, and take a picture of the decision and one of a weighting tried out."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not there. On Debian and Ubuntu: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        run = write_run(evaluate(load_study(ROOT / "scenarios" / "baseline.yaml")), folder)
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto((run / "report.html").as_uri())
        page.screenshot(path=IMAGES / "report-decision.png")
        page.set_viewport_size({"width": 1280, "height": 1180})
        page.click("#whatif > details > summary")
        page.locator("#whatif input[type=number]").nth(1).fill("60")
        page.locator("#whatif").scroll_into_view_if_needed()
        page.evaluate("location.hash = 'whatif'")
        page.wait_for_timeout(500)
        page.screenshot(path=IMAGES / "report-what-if.png")
        browser.close()


if __name__ == "__main__":
    main()
