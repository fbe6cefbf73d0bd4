"""The report in a browser: first paint, and a slider to its frame at a quarter of the processor.

Of the baseline the first contentful paint, beside that of a page of one word in the same browser;
of 300 packages, 12 agencies and 60 criteria the time from a slider's event to the frame that shows
the ranking, beside a frame in which nothing is done. Milliseconds, medians: where other programs
run, the ratios tell more. Needs Chromium, as the tests do.
"""

from __future__ import annotations

import datetime as dt
import random
import shutil
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks._rounds import CITED
from benchmarks.plain_run import SCENARIO
from evaluator import ask, evaluate, load_study
from evaluator.model.agency import Agency, Weights
from evaluator.model.base import Known
from evaluator.model.criterion import Anchors, Criterion, ValueFunction
from evaluator.model.package import Package
from evaluator.model.scenario import Influence, Scenario
from evaluator.model.study import Study
from evaluator.report import render

PACKAGES, AGENCIES, CRITERIA = 300, 12, 60
SLOWED, ROUNDS = 4, 7
PAINT = """() => new Promise((done) => {
    new PerformanceObserver((seen) => seen.getEntriesByName("first-contentful-paint")
        .forEach((one) => done(one.startTime))).observe({ type: "paint", buffered: true });
})"""
MOVE = """async () => {
    const slider = document.querySelector("#weights-form input[type=range]");
    const rows = [...document.querySelectorAll("#whatif-table tbody tr")];
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    slider.closest("details")?.setAttribute("open", "");
    slider.scrollIntoView();
    await frame();
    const times = [], idle = [];
    for (const points of [17, 18, 60, 5, 16, 42, 43]) {
        const still = performance.now();
        await frame();
        idle.push(performance.now() - still);
        const before = rows.map((row) => row.textContent).join();
        const start = performance.now();
        slider.value = points;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        await frame();
        times.push(performance.now() - start);
        if (before === rows.map((row) => row.textContent).join()) throw new Error("nothing moved");
    }
    return [times, idle];
}"""


def many() -> Study:
    """Return a study of many packages, agencies and criteria, all measured."""
    draw, each = random.Random(0), CRITERIA // AGENCIES
    agencies = tuple(
        Agency(
            agency=f"a{place}",
            name=f"Agency {place}",
            criteria=tuple(_criterion(f"c{number}") for number in range(each)),
            weights=Weights(
                method="points",
                out_of=1,
                confidence="illustrative",
                judgements={f"c{number}": 1 / each for number in range(each)},
            ),
        )
        for place in range(AGENCIES)
    )
    names = [f"{one.agency}.{criterion.id}" for one in agencies for criterion in one.criteria]
    scenario = Scenario(
        scenario="many",
        title="Many",
        as_of=dt.date(2026, 7, 1),
        criteria="criteria",
        round="round",
        influence=Influence(shares={a.agency: 1 / AGENCIES for a in agencies}, citation=CITED),
    )
    packages = tuple(
        Package(
            id=f"P{number:03d}",
            title=f"Package {number}",
            attributes={},
            measures={name: Known(value=draw.random(), unit="share") for name in names},
        )
        for number in range(PACKAGES)
    )
    return Study(
        scenario=scenario, agencies=agencies, institutions=(), countries=(), packages=packages
    )


def _criterion(name: str) -> Criterion:
    return Criterion(
        id=name,
        label=f"Criterion {name}",
        kind="measure",
        unit="share",
        direction="higher",
        value=ValueFunction(linear=Anchors(worst=0, best=1)),
        citation=CITED,
    )


def _opened(page: Page, path: Path, *, slowed: int = 1) -> Page:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    page.goto(path.as_uri())
    return page


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        plain, report, large = (
            Path(folder) / f"{name}.html" for name in ("word", "report", "many")
        )
        plain.write_text("<!doctype html><title>Word</title><p>Word")
        report.write_bytes(render(ask(evaluate(load_study(SCENARIO)))).files["report.html"])
        large.write_bytes(render(evaluate(many())).files["report.html"])
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        paints: dict[Path, list[float]] = {plain: [], report: []}
        for _ in range(ROUNDS):
            for path, times in paints.items():
                page = _opened(browser.new_page(), path)
                times.append(page.evaluate(PAINT))
                page.close()
        moves, idle = _opened(browser.new_page(), large, slowed=SLOWED).evaluate(MOVE)
        browser.close()
    word, whole = (median(paints[path]) for path in (plain, report))
    print(f"first paint of the baseline  {whole:6.0f} ms; of a page of one word {word:.0f} ms")
    print(f"ratio                        {whole / word:6.2f}")
    shown = f"{median(moves):6.0f} ms; a frame without {median(idle):.0f} ms"
    print(f"slider to frame, {PACKAGES} x {AGENCIES}   {shown}, processor slowed {SLOWED} times")
    print(f"ratio                        {median(moves) / median(idle):6.2f}")


if __name__ == "__main__":
    main()
