"""The pictures of the README and the workbench, taken of the baseline: `make pictures`.

Chromium is the system's own, as for the tests.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from evaluator import evaluate, load_study, write_run

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
PATIENCE = 120_000


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
        with served(Path(folder)) as address:
            of_the_workbench(page, address)
        browser.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the baseline from a copy; yield the address with its key."""
    for name in ("scenarios", "criteria"):
        shutil.copytree(ROOT / name, folder / "study" / name)
    command = [sys.executable, "-m", "evaluator", "serve", "study/scenarios/baseline.yaml"]
    options = ["--port", "0", "--by", "Ann Smith", "--record", "record.db"]
    process = subprocess.Popen(
        [*command, *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None  # noqa: S101
    lines = iter(process.stdout.readline, "")
    yield next(found[0] for line in lines if (found := re.search(r"http\S+", line)))
    process.terminate()
    process.wait()


def of_the_workbench(page: Page, address: str) -> None:
    """Take a picture of each screen that the docs tell of, as one session comes to use it."""
    base = address.partition("/enter")[0]
    page.set_default_timeout(PATIENCE)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    page.goto(f"{base}/decide")
    expect(page.locator("main")).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(3000)
    page.screenshot(path=IMAGES / "workbench-decide.png")
    page.goto(f"{base}/weigh")
    page.fill("#w-influence-0", "20")
    expect(page.locator("#solving")).to_contain_text("Solved", timeout=PATIENCE)
    page.screenshot(path=IMAGES / "workbench-weigh.png")
    page.fill("#share-form [name=because]", "Commerce speaks for fewer of the packages.")
    page.click("#share-form button")
    page.wait_for_timeout(3000)
    page.goto(f"{base}/disagree?one=commerce&other=state")
    page.locator("#live summary").first.click()
    expect(page.locator("#live .sums").first).to_be_visible(timeout=PATIENCE)
    page.screenshot(path=IMAGES / "workbench-disagree.png")
    page.goto(f"{base}/history")
    page.click("text=Freeze as a run")
    expect(page.locator(".runs a").first).to_be_visible(timeout=PATIENCE)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=IMAGES / "workbench-history.png")
    page.click(".runs a")
    form = page.locator("form[hx-post$=position]")
    form.locator("[name=agency]").select_option("state")
    form.locator("[name=position]").select_option("concerns")
    form.locator("textarea").fill("Two hosts have not signed yet.")
    form.locator("button").click()
    expect(page.locator(".positions .concerns")).to_be_visible(timeout=PATIENCE)
    page.screenshot(path=IMAGES / "workbench-concur.png")


if __name__ == "__main__":
    main()
