"""What a study lacks has no word in any medium: studies of every combination of parts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Set
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from evaluator.cli import main
from tests.report.parted import PARTS, written

_MONEY = r"allocat|\bfund|\btool|propos|envelope|subsid|objective point|institution|solver"
WORDS = {
    "agencies": r"agenc|lowest|consensus|influence|spread",
    "countries": r"countr|\bbloc",
    "designation": r"designat|priorit|\btier|\bcut\b|contested|\bthe set\b|in or out",
    "financing": _MONEY,
    "requests": r"\brequests?\b|(?<!is )(?<!are )\basked\b|\basks for\b|dollar|\$|\bUSD\b|\bmoney\b",  # noqa: E501
    "allocation": r"allocat|\bfund|propos|objective point|solver",
}
"""What would speak of a part that is not there."""


class _Text(HTMLParser):
    """What a reader sees of a page, and what assistive technology says."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in ("script", "style")
        said = ("alt", "aria-label", "placeholder", "content", "title")
        self.found += [value for name, value in attrs if name in said and value]

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(data)


def page_text(path: Path) -> str:
    reader = _Text()
    reader.feed(path.read_text())
    return "\n".join(text for text in reader.found if "default-src" not in text)


def media(run: Path) -> Iterator[tuple[str, str]]:
    """Yield each medium of a run by its name, as text."""
    yield "report.html", page_text(run / "report.html")
    yield "manifest.json", (run / "manifest.json").read_text()
    for file in sorted(run.glob("*.csv")):
        yield file.name, f"{file.name}\n{file.read_text()}"
    for file in sorted(run.glob("figures/*.svg")):
        yield file.name, f"{file.name}\n{re.sub('<[^>]*>', ' ', file.read_text())}"
    book = load_workbook(run / "results.xlsx")
    cells = (
        str(cell)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell and not str(cell).startswith("=")
    )
    yield "results.xlsx", "\n".join([*book.sheetnames, *cells])
    if shutil.which("pdftotext"):
        brief = ["pdftotext", "-layout", str(run / "brief.pdf"), "-"]
        yield "brief.pdf", subprocess.run(brief, check=True, capture_output=True, text=True).stdout


def told(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def terminal(scenario: Path, run: Path) -> Iterator[tuple[str, str]]:
    yield "validate", told("validate", str(scenario))
    yield "show", told("show", str(run))
    for package in "ACD":
        yield f"explain {package}", told("explain", str(run), package)
    floors = "agencies.jury.criteria.merit.floor=20,30"
    text = told("sweep", str(scenario), "--vary", floors, "--out", f"{run.parent}.csv")
    yield "sweep", text.replace(floors.partition("=")[0], "")
    yield "compare", told("compare", str(run), str(run))
    yield "runs", told("runs", str(run.parent))


def missing_words(parts: Set[str], medium: str, text: str) -> list[str]:
    """Return what a medium says of parts that are not there, each with its line."""
    there = {*parts, *({"allocation"} if {"financing", "requests"} <= parts else ())}
    return [
        f"{medium}: {part}: {line.strip()[:160]}"
        for part, pattern in WORDS.items()
        if part not in there
        for line in text.splitlines()
        if re.search(pattern, line, re.I)
    ]


EVERY = [set(some) for size in range(6) for some in combinations(PARTS, size)]
AT_ONCE = [set(), {"agencies"}, {"designation"}, {"financing"}, {"requests"}, {"countries"}]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(
            one, marks=() if one in AT_ONCE else pytest.mark.slow, id="+".join(sorted(one))
        )
        for one in EVERY
    ],
)
def test_what_is_not_there_has_no_word(tmp_path: Path, parts: set[str]) -> None:
    scenario = written(tmp_path / "study", parts)
    out = tmp_path / "runs"
    printed = told("run", str(scenario), "--out", str(out))
    (run,) = out.iterdir()
    manifest = json.loads((run / "manifest.json").read_text())
    assert set(manifest["parts"]) - {"allocation"} == parts
    assert manifest["failed"] == []
    texts = [("run", printed), *media(run), *terminal(scenario, run)]
    assert [fault for medium, text in texts for fault in missing_words(parts, medium, text)] == []


def test_the_words_are_found_where_the_parts_are_there(tmp_path: Path) -> None:
    """Each pattern speaks of its part: a study that has all of them uses all of them."""
    scenario = written(tmp_path / "study", set(PARTS))
    out = tmp_path / "runs"
    told("run", str(scenario), "--out", str(out))
    (run,) = out.iterdir()
    text = page_text(run / "report.html")
    for part, pattern in WORDS.items():
        assert re.search(pattern, text, re.I), part
