"""Every page that a command writes, at three widths, on light and on dark ground, before axe."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page

from evaluator.cli import main
from tests.conftest import ROOT
from tests.report.conftest import HAND
from tests.report.test_browser import violations
from tests.report.test_keyboard import missed

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TABLE = "name,price,rating\nA,10,3\nB,20,5\nC,15,4\n"
PAGES = ("report", "compare", "law", "rank", "docs")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "t.csv").write_text(TABLE)
    hand, pages = str(HAND), {name: folder / f"{name}.html" for name in PAGES[1:]}
    commands = {
        "compare": ("compare", hand, str(ROOT / "tests/cases/hand/scenarios/baseline.yaml")),
        "law": ("law", hand),
        "rank": (
            "rank",
            str(folder / "t.csv"),
            "--directions",
            "price=lower,rating=higher",
            "--weights",
            "equal",
        ),
        "docs": ("docs",),
    }
    for name, command in commands.items():
        result = CliRunner().invoke(main, [*command, "--html", str(pages[name])])
        assert result.exit_code == 0, result.output
    result = CliRunner().invoke(main, ["run", hand, "--out", str(folder / "runs")])
    assert result.exit_code == 0, result.output
    (report,) = (folder / "runs").glob("*/report.html")
    return {"report": report, **pages}


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768, 375])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(
    page: Page,
    written: dict[str, Path],
    name: str,
    width: int,
    ground: Literal["light", "dark"],
) -> None:
    page.emulate_media(color_scheme=ground)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(written[name].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.folded
@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("name", PAGES[1:])
def test_everything_is_reached_by_keyboard_and_seen(
    page: Page, written: dict[str, Path], name: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(written[name].as_uri())
    assert missed(page) == []
