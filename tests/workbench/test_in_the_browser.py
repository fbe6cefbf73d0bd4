"""A session in a browser: from draft weights to a frozen run, and what is left of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from evaluator import load_study
from evaluator.record.ledger import open_ledger
from evaluator.workbench.session import Table, named_session
from tests.conftest import ROOT
from tests.processes import below, lives
from tests.workbench.conftest import copied
from tests.workbench.served import Served, begin, ended
from tests.workbench.test_solving import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 120_000
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SERVE = ("study/scenarios/baseline.yaml", "--by", "Ann Smith", "--record", "record.db")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    copied(tmp_path)
    found = begin(tmp_path, *SERVE)
    yield found
    if found.process.poll() is None:
        ended(found, signal.SIGKILL)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which every complaint of the browser is a failure."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = context.new_page()
    found.set_default_timeout(PATIENCE)
    found.on("console", lambda message: complaints.append(message.text))
    found.on("pageerror", lambda error: complaints.append(str(error)))
    yield found
    context.close()
    assert complaints == []


def accessible(page: Page) -> None:
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page).response["violations"]
            assert [(one["id"], [n["html"] for n in one["nodes"]]) for one in found] == []
    page.set_viewport_size({"width": 1280, "height": 900})


def tables(run: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in [*run.glob("*.csv"), run / "study.json"]}


def test_from_draft_weights_to_a_frozen_run_that_its_file_gives_again(
    served: Served, page: Page
) -> None:
    page.goto(served.address)
    other = page.context.new_page()  # a second tab, which looks on
    other.set_default_timeout(PATIENCE)
    other.goto(f"{served.base}/decide")

    page.goto(f"{served.base}/weigh")
    page.fill("#w-influence-0", "50")
    page.fill("#w-influence-1", "50")
    expect(page.locator("#solving")).to_contain_text("Solved")
    expect(page.locator("#effect")).to_have_text("Nobody moves, and no amount.")
    expect(page.locator("#drawn-at")).to_contain_text("Drawn", timeout=PATIENCE)
    expect(page.locator("#draws")).to_contain_text("draws of what is not certain")
    accessible(page)
    page.fill("#share-form [name=because]", "Both alike.")
    page.click("#share-form button")
    expect(page.locator("[data-version]").first).to_have_attribute("data-version", "1")

    page.goto(f"{served.base}/decide")
    page.select_option("[name=package]", "P1")
    page.select_option("[name=choice]", "exclude")
    expect(page.locator("#effect")).to_contain_text("Leave: P1")
    accessible(page)
    page.fill("#decide-form [name=because]", "Not ready.")
    page.click("#decide-form button")
    expect(page.locator("#answer")).to_contain_text("number 2 of the record")
    for tab in (page, other):  # the one that decided, and the one that looks on
        expect(tab.locator(".named")).to_contain_text("Not ready")
    other.close()

    page.goto(f"{served.base}/history")
    expect(page.locator(".steps > li")).to_have_count(2)
    page.locator("summary", has_text="What it did").first.click()
    expect(page.locator(".steps .effect").first).to_contain_text("$40.0 million")
    accessible(page)
    page.click("text=Freeze as a run")
    expect(page.locator(".runs")).to_contain_text("Version 2")
    for screen in ("disagree", "ratings"):
        page.goto(f"{served.base}/{screen}")
        expect(page.locator("#live table").first).to_be_visible(timeout=PATIENCE)
        accessible(page)
    page.goto(f"{served.base}/concur")
    form = page.locator("form[hx-post$=position]")
    form.locator("[name=position]").select_option("concerns")
    form.locator("textarea").fill("Not before the vote.")
    form.locator("button").click()
    expect(page.locator(".positions")).to_contain_text("Not before the vote.", timeout=PATIENCE)
    accessible(page)
    page.fill("#determine-form textarea", "Selected.")
    page.click("#determine-form button")
    expect(page.locator("#run-h")).to_contain_text("Determined", timeout=PATIENCE)
    with page.expect_download(timeout=PATIENCE) as memo:
        page.click("text=Memo, PDF")
    assert Path(memo.value.path()).read_bytes().startswith(b"%PDF")
    page.goto(f"{served.base}/history")
    with page.expect_download() as taken:
        page.click("a[download]")
    file = served.folder / "study" / "scenarios" / taken.value.suggested_filename
    shutil.copy(taken.value.path(), file)

    (frozen,) = [one for one in (served.folder / "runs").iterdir() if one.is_dir()]
    done = subprocess.run(
        [sys.executable, "-m", "evaluator", "run", file, "--out", "again"],
        cwd=served.folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (again,) = (served.folder / "again").iterdir()
    assert again.name == frozen.name
    assert tables(again) == tables(frozen)
    assert (again / "report.html").read_bytes() == (frozen / "report.html").read_bytes()

    page.goto("about:blank")  # a page complains of a server that is gone
    workers = below(served.process.pid)
    assert len(workers) >= 3  # two workers, and what begins them
    ended(served, signal.SIGKILL)
    until(lambda: not any(map(lives, workers)), seconds=5)
    scenario = served.folder / "study" / "scenarios" / "baseline.yaml"
    ledger = open_ledger(served.folder / "record.db")
    session = Table(scenario, load_study(scenario), ledger, named_session("hand", "session"))
    assert session.session().scenario() == file.read_bytes()
    ledger.close()


def test_a_statement_in_pairs_moves_the_sliders_and_is_what_is_shared(
    served: Served, page: Page
) -> None:
    page.goto(served.address)
    page.goto(f"{served.base}/weigh")
    page.select_option("#stating [name=agency]", "energy")
    page.select_option("#stating [name=form]", "ahp")
    page.press("#stating button", "Enter")
    pairs = page.locator("#statement-form select")
    expect(page.locator("#consistency")).to_contain_text("nothing can contradict")
    pairs.first.select_option("-4")
    for place, share in enumerate(("20.0", "80.0")):
        expect(page.locator(f'output[for="w-0-{place}"]')).to_have_text(f"{share}\u00a0%")
    expect(page.locator("#solving")).to_contain_text("Solved")
    accessible(page)
    page.fill("#share-form [name=because]", "In pairs.")
    page.click("#share-form button")
    page.wait_for_url("**/weigh?now**")
    page.goto(f"{served.base}/history")
    expect(page.locator(".steps")).to_contain_text("method ahp")


def test_what_was_opened_stays_open_when_the_session_changes(served: Served, page: Page) -> None:
    page.goto(served.address)
    page.goto(f"{served.base}/disagree")
    fold = page.locator("#live details").first
    fold.locator("summary").click()
    expect(fold.locator(".effect")).not_to_contain_text("Solving", timeout=PATIENCE)
    other = page.context.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(f"{served.base}/decide")
    other.select_option("[name=package]", "P1")
    other.select_option("[name=choice]", "exclude")
    other.fill("#decide-form [name=because]", "Not ready.")
    other.click("#decide-form button")
    expect(other.locator("#answer")).to_contain_text("of the record")
    expect(page.locator("#live [data-version]")).to_have_attribute("data-version", "1")
    expect(fold).to_have_attribute("open", "")
    expect(fold.locator(".effect")).not_to_contain_text("Solving", timeout=PATIENCE)


def test_a_server_that_is_asked_to_end_ends_with_a_stream_open(served: Served, page: Page) -> None:
    page.goto(served.address)
    page.wait_for_function("document.querySelector('#stale').hidden")
    workers = below(served.process.pid)
    page.goto("about:blank")
    ended(served, signal.SIGTERM)
    assert served.process.returncode == 0
    until(lambda: not any(map(lives, workers)), seconds=5)


def test_ten_tabs_of_one_browser_are_served_and_catch_up(served: Served, page: Page) -> None:
    page.goto(served.address)
    tabs = [page, *(page.context.new_page() for _ in range(9))]
    for tab in tabs[1:]:
        tab.set_default_timeout(PATIENCE)
        # a tab that is not seen, as a browser tells its page: headless ones are seen all at once
        tab.add_init_script("Object.defineProperty(document, 'hidden', {get: () => window.away});")
        tab.add_init_script("window.away = true;")
        tab.goto(f"{served.base}/decide")
    told = page.request.get(f"{served.base}/metrics").text()
    assert "workbench_streams 1\n" in told  # of ten tabs the one that is seen
    page.select_option("[name=package]", "P1")
    page.select_option("[name=choice]", "exclude")
    page.fill("#decide-form [name=because]", "Not ready.")
    page.click("#decide-form button")
    expect(page.locator(".named")).to_contain_text("Not ready", timeout=PATIENCE)
    last = tabs[-1]
    expect(last.locator("#live")).not_to_contain_text("Not ready")
    last.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'));")
    expect(last.locator(".named")).to_contain_text("Not ready", timeout=PATIENCE)
    for tab in tabs[1:]:
        tab.close()
