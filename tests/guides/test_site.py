"""The documentation site: built whole, readable by all, and from nowhere else."""

from __future__ import annotations

import fcntl
import http.server
import re
import runpy
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from evaluator.cli import main
from evaluator.guides import guides
from tests.conftest import GUIDES, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LOOKED_AT = (
    *("index.html", "guides/tutorial.html", "guides/scenarios.html", "guides/run-files.html"),
    *("reference/python.html", "decisions/index.html", "law.html"),
    *("notebooks/analyst.html", "notebooks/sweeps.html"),
)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the site: two workers build in one place, one after the other."""
    home = tmp_path_factory.mktemp("site")
    with (ROOT / "mkdocs.yml").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        command = [sys.executable, ROOT / "docs" / "build.py"]
        subprocess.run(command, check=True, capture_output=True)
        return shutil.copytree(ROOT / "build" / "site", home / "site")


@pytest.fixture(scope="module")
def site(built: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=built))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()


def test_every_table_is_one_and_pictures_are_there(built: Path) -> None:
    for page in built.rglob("*.html"):
        assert not re.search(r"<p>\||\|---", page.read_text()), page.relative_to(built)
    shown = re.findall(r'<img[^>]*src="([^"]+)"', (built / "guides" / "workbench.html").read_text())
    assert len(shown) == 3
    assert all((built / "guides" / name).resolve().is_file() for name in shown)


def test_the_site_has_every_guide_decision_and_name(built: Path) -> None:
    for name in guides(main):
        assert (built / "guides" / f"{name}.html").is_file(), name
    nav = (ROOT / "mkdocs.yml").read_text().partition("nav:")[2]
    assert set(re.findall(r"guides/([\w-]+)\.md", nav)) == set(guides(main))
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"data-dictionary.md"}
    assert pages <= set(re.findall(r"[\w-]+\.md", nav)), "each page is reached from the menu"
    decisions = (built / "decisions" / "index.html").read_text()
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert f'href="{path.stem}.html"' in decisions
    reference = (built / "reference" / "python.html").read_text()
    for name in ("evaluator.evaluate", "evaluator.load_study", "evaluator.Allocation.amounts"):
        assert f'id="{name}"' in reference


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "light"), (1280, "dark")])
def test_axe_finds_no_violation_and_nothing_comes_from_elsewhere(
    site: str, browser: Browser, width: int, scheme: Any
) -> None:
    sheet = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    sheet.on("request", lambda request: asked.append(request.url))
    for name in LOOKED_AT if scheme == "light" else LOOKED_AT[:2]:
        sheet.goto(site + name, wait_until="networkidle")
        found = Axe().run(sheet, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(name, one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert sheet.evaluate("document.documentElement.scrollWidth") <= width, name
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []
    sheet.close()


def test_a_word_is_found_by_the_search_of_the_site(site: str, browser: Browser) -> None:
    sheet = browser.new_page()
    sheet.goto(f"{site}index.html", wait_until="networkidle")
    sheet.get_by_role("button", name="Search").first.click()
    sheet.keyboard.type("minimum_ticket", delay=20)
    sheet.get_by_text("A tool", exact=True).first.wait_for(timeout=20_000)
    sheet.close()


def test_a_link_to_what_is_no_page_is_a_fault() -> None:
    build = runpy.run_path(str(ROOT / "docs" / "build.py"))
    faults: list[str] = []
    source = GUIDES / "tutorial.md"
    moved = {source: Path("guides/tutorial.md"), GUIDES / "install.md": Path("start/install.md")}
    text = build["with_links"](source, moved, {Path("guides/run-files.md")}, faults)
    assert "[install](../start/install.md)" in text
    assert "evaluator/guides/tutorial.md: criteria.md is no page of the site." in faults
    assert not [fault for fault in faults if "install.md" in fault or "run-files" in fault]
