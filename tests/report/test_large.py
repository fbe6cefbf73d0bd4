"""A thousand packages with full ratings: the report stays small, quick, and whole on paper."""

from __future__ import annotations

import base64
import random
import re
import subprocess
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page

from evaluator import evaluate, load_study
from evaluator.model.package import Package, Rating
from evaluator.model.study import Study
from evaluator.report import render
from evaluator.report.formatting.names import by_id
from evaluator.report.messages import say_all
from evaluator.results.evaluation import Evaluation
from tests.conftest import BASELINE, program
from tests.programme import WORDS
from tests.report.conftest import unfold
from tests.report.markup import Markup
from tests.report.test_page import changed
from tests.report.test_whatif import agree

pytestmark = pytest.mark.slow
COUNT = 1000


def clone(package: Package, number: int, labels: Mapping[str, Sequence[str]]) -> Package:
    """Return a package under another id, in groups and with ratings and words of its own."""
    dice = random.Random(f"{package.id} {number}")

    def renamed(name: str) -> str:
        return f"P{number:02}-{name[-2:]}"

    def rated(rating: Rating) -> Rating:
        words = rating.rationale.split()
        dice.shuffle(words)
        label = None if rating.recused else dice.choice(labels[rating.criterion])
        return rating.model_copy(update={"rating": label, "rationale": " ".join(words)})

    group = package.exclusive_group
    return package.model_copy(
        update={
            "id": renamed(package.id),
            "exclusive_group": f"{group}-{number}" if group else None,
            "requires": tuple(renamed(name) for name in package.requires),
            "ratings": tuple(map(rated, package.ratings)),
        }
    )


def of_thousand() -> Study:
    study = load_study(BASELINE)
    labels: defaultdict[str, list[str]] = defaultdict(list)
    for package in study.packages:
        for rating in package.ratings:
            labels[rating.criterion] += [rating.rating] if rating.rating else []
    rounds = range(COUNT // len(study.packages) + 1)
    packages = [clone(p, number, labels) for number in rounds for p in study.packages]
    uncertainty = study.scenario.uncertainty.model_copy(update={"draws": 1000})
    scenario = study.scenario.model_copy(update={"uncertainty": uncertainty})
    return changed(study, packages=tuple(packages[:COUNT]), scenario=scenario)


@pytest.fixture(scope="module")
def thousand() -> Evaluation:
    return evaluate(of_thousand())


@pytest.fixture(scope="module")
def file(thousand: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("thousand") / "report.html"
    path.write_bytes(render(thousand).files["report.html"])
    return path


def unpacked(markup: Markup) -> Markup:
    """Return what the page's script puts in place when a package is opened."""
    (packed,) = [text for _, a, text in markup.raw if a.get("id") == "packed"]
    return Markup(zlib.decompress(base64.b64decode(packed)).decode())


def test_below_ten_megabytes(file: Path) -> None:
    assert file.stat().st_size < 10_000_000


def test_nothing_is_left_out(thousand: Evaluation, file: Path) -> None:
    found = Markup(file.read_text())
    assert [row[1].split()[0] for row in found.tables["ranked"].texts()[1:]] == list(
        thousand.ranking.index
    )
    spelt_out = {row[1] for row in found.tables["legend"].texts()[1:]}
    inside = unpacked(found)
    for package in thousand.study.packages:
        rows = inside.tables[f"c-{package.id}"].texts()[1:-1]
        assert [row[0] for row in rows] == list(thousand.values.columns)
        assert {row[0] for row in rows} <= spelt_out
        told = {row[0]: row[3] for row in rows}
        for rating in package.ratings:
            given = "recused" if rating.recused else rating.rating or "empty"
            assert f"{given} {rating.evaluator}" in told[rating.criterion]
            assert " ".join(rating.rationale.split()) in told[rating.criterion]
    text = " ".join(inside.text.split())
    for reason, count in thousand.gates["reason"].value_counts().items():
        assert text.count(" ".join(say_all(reason, by_id(WORDS)).split())) >= count


@pytest.mark.browser
def test_opens_and_ranks_again(
    page: Page, thousand: Evaluation, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unfold(page)
    page.goto(file.as_uri())
    opened = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    page.locator("#weights-form").scroll_into_view_if_needed()
    agree(page, thousand)
    # From the event to the frame that shows it; moves of one point, and of forty.
    times = page.evaluate(
        """async () => {
            const box = document.getElementById("w-influence-1");
            const frame = () => new Promise((done) => {
                requestAnimationFrame(() => setTimeout(done));
            });
            await frame();
            const times = [];
            for (const points of [17, 18, 60, 5, 16]) {
                const start = performance.now();
                box.value = points;
                box.dispatchEvent(new Event("input", { bubbles: true }));
                await frame();
                times.push(performance.now() - start);
            }
            return times;
        }"""
    )
    agree(page, thousand)
    with capsys.disabled():
        print(
            f"\n{COUNT} packages, {file.stat().st_size / 1e6:.1f} MB: opened in {opened:.0f} ms, "
            f"ranked again in {', '.join(f'{t:.0f}' for t in times)} ms"
        )


@pytest.mark.browser
def test_print_keeps_every_row(
    page: Page, thousand: Evaluation, file: Path, tmp_path: Path
) -> None:
    pdftotext = program("pdftotext")
    page.goto(file.as_uri())
    page.locator("#unpacking").wait_for(state="detached")
    page.click("#packages > details > summary")
    page.click("#all-packages")
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    subprocess.run([pdftotext, "-raw", "report.pdf", "report.txt"], check=True, cwd=tmp_path)
    text = (tmp_path / "report.txt").read_text()
    ranked = text[text.index("All packages, best first") : text.index("Agencies side by side")]
    printed = set(re.findall(r"\bP\d\d-\d\d\b", ranked))
    headed = set(re.findall(r"\b(P\d\d-\d\d): criteria and what they contribute", text))
    assert printed == headed == set(thousand.ranking.index)
    evaluators = re.findall(r"\b(?:commerce|defense|energy|ostp|state)-\s*\d:", text)
    assert len(evaluators) == sum(len(package.ratings) for package in thousand.study.packages)
