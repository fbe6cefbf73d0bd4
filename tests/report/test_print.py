"""The report on paper: every row, a stamp on every page, no heading without what it heads."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser

from evaluator.results.evaluation import Evaluation
from tests.conftest import program
from tests.programme import STAMP

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_SIZES = """() => Object.fromEntries(
  ["body", "figcaption", "caption", ".note", "main > .section > p", "dl"].flatMap(name =>
    [...document.querySelectorAll(name)].map((found, place) =>
      [`${name} ${place}`, parseFloat(getComputedStyle(found).fontSize) * 0.75])))"""
"""Of what is read: points of its letters."""
_HEADS = "h2, h3, h4, caption, .group-head, thead tr"


@pytest.fixture(scope="module")
def paper(
    browser: Browser, baseline_page: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[str], dict[str, float]]:
    """The report as it prints, with a filter that hides all; its heads; its notes by size."""
    folder = tmp_path_factory.mktemp("printed")
    page = browser.new_page()
    page.goto(baseline_page.as_uri())
    page.get_by_label("Find").fill("nothing has this name")
    page.click("#packages > details > summary")
    page.click("#all-packages")
    heads = page.locator(_HEADS).all_text_contents()
    page.pdf(path=folder / "report.pdf", prefer_css_page_size=True)
    page.emulate_media(media="print")
    sizes = page.evaluate(_SIZES)
    page.close()
    return folder / "report.pdf", heads, sizes


@pytest.fixture(scope="module")
def printed(paper: tuple[Path, list[str], dict[str, float]]) -> tuple[list[str], set[str]]:
    """The printed pages as text, and all headings of the page."""
    path, heads, _ = paper
    text = poppler("pdftotext", "-layout", str(path), "-")
    return text.split("\f")[:-1], {letters(head) for head in heads}


def poppler(name: str, *arguments: str) -> str:
    found = subprocess.run([program(name), *arguments], check=True, capture_output=True)
    return found.stdout.decode()


def letters(text: str) -> str:
    """Return the letters of a text in order of the alphabet: a head is printed over lines."""
    return "".join(sorted("".join(text.split()).lower()))


@pytest.mark.folded
def test_as_it_comes_the_print_is_short_and_a_package_is_added_on_request(
    browser: Browser, baseline_page: Path, tmp_path: Path, baseline: Evaluation
) -> None:
    """The decision on at most 6 pages, all on at most 60; a package that is open on its own."""
    page = browser.new_page()
    page.goto(baseline_page.as_uri())
    texts = []
    for name in ("", str(baseline.ranking.index[0])):
        page.evaluate("name => { if (name) location.hash = `p-${name}`; }", name)
        if name:
            page.wait_for_selector(f"#p-{name}[open]")
        page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)
        sheets = poppler("pdftotext", "-layout", str(tmp_path / "print.pdf"), "-").split("\f")[:-1]
        texts.append(sheets)
    page.close()
    short, asked = texts
    ranking = next(i for i, sheet in enumerate(short) if "All packages, best first" in sheet)
    assert ranking <= 6
    assert len(short) <= 60
    assert "criteria and what they contribute" not in "".join(short)
    assert len(asked) - len(short) in (0, 1)
    assert "".join(asked).count("criteria and what they contribute") == 1


def test_keeps_every_row_and_stamps_every_page(
    paper: tuple[Path, list[str], dict[str, float]],
    printed: tuple[list[str], set[str]],
    baseline: Evaluation,
) -> None:
    sheets, _ = printed
    assert all(STAMP in sheet for sheet in sheets)
    text = "\n".join(sheets)
    words = " ".join(text.split())
    start, end = text.index("All packages, best first"), text.index("Agencies side by side")
    for package, row in baseline.ranking.iterrows():
        assert str(package) in text[start:end]
        assert f"{package}: criteria and what they contribute" in words, package
        assert f"{row['overall']:.2f}" in text
    rated = [r for p in baseline.study.packages for r in p.ratings]
    evaluators = {rating.evaluator for rating in rated}
    words = poppler("pdftotext", str(paper[0]), "-")  # by columns; a name may run over two lines
    named = [r"-?\s?".join(evaluator.split("-")) for evaluator in evaluators]
    assert sum(len(re.findall(name, words)) for name in named) >= len(rated)


def test_a_package_starts_a_page_and_fits_one(
    printed: tuple[list[str], set[str]], baseline: Evaluation
) -> None:
    sheets, _ = printed
    starts = {
        package: place
        for place, sheet in enumerate(sheets)
        for package in re.findall(r"^ *(\S+): criteria and what they contribute", sheet, re.M)
    }
    assert list(starts) == list(baseline.ranking.index)
    places = list(starts.values())
    assert len(set(places)) == len(places)
    taken = [end - start for start, end in zip(places, [*places[1:], len(sheets)], strict=True)]
    # How much a page holds depends a little on the fonts that there are.
    assert max(taken) <= 2
    assert median(taken) == 1


def test_no_heading_stands_alone_at_the_foot_of_a_page(
    printed: tuple[list[str], set[str]],
) -> None:
    sheets, heads = printed
    for number, sheet in enumerate(sheets, 1):
        lines = [line for line in sheet.splitlines() if line.strip()]
        body = [x for x in lines if STAMP not in x and not re.fullmatch(r" *\d+ / \d+", x)]
        assert body, f"page {number} is empty"
        # The head of a table may take up to three lines.
        foots = {letters("".join(body[-count:])) for count in (1, 2, 3)}
        assert not foots & heads, f"page {number} ends with {body[-1].strip()!r}"


def test_what_is_read_is_no_larger_than_the_body(
    paper: tuple[Path, list[str], dict[str, float]],
) -> None:
    _, _, sizes = paper
    body = sizes["body 0"]
    assert {name.split()[0] for name in sizes} >= {"figcaption", "caption", ".note"}
    assert {name: size for name, size in sizes.items() if size > body + 0.01} == {}


def test_labels_of_tall_figures_can_be_read(
    paper: tuple[Path, list[str], dict[str, float]],
) -> None:
    """A figure of many rows has an upright page of its own; no label is under 6.5 points."""
    every = poppler("pdftotext", "-bbox", str(paper[0]), "-").split("<page ")[1:]
    notes = (">Filled<", ">hatched:<", ">Tick:<")
    drawn = [sheet for sheet in every if any(note in sheet for note in notes)]
    tall = [sheet for sheet in drawn if sheet.startswith('width="612.0')]
    # Ranks, stability, the tornado of two packages, limits.
    assert len(tall) == 4
    for sheet in tall:
        boxes = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', sheet)
        # Poppler's box of a word in DejaVu Sans is 1.164 times as high as its size.
        assert min(float(low) - float(high) for high, low in boxes) / 1.164 >= 6.5, sheet[:20000]
