"""Evaluations and pages that the tests of the report share."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, Route

from evaluator import Override, ask, evaluate, load_study
from evaluator.record.runs.tables import tables
from evaluator.report import render
from evaluator.report.xlsx.workbook import workbook
from evaluator.results.evaluation import Evaluation
from tests.conftest import BASELINE

HAND = Path(__file__).parents[1] / "cases" / "hand" / "scenarios" / "baseline.yaml"


@pytest.fixture(scope="session")
def baseline() -> Evaluation:
    return evaluate(load_study(BASELINE))


@pytest.fixture(scope="session")
def hand() -> Evaluation:
    return evaluate(load_study(HAND))


@pytest.fixture(scope="session")
def full() -> Evaluation:
    """The case computed by hand, run to its full extent."""
    changes = [Override("extent", "full", "a trial"), Override("uncertainty.draws", "200", "quick")]
    return ask(evaluate(load_study(HAND, changes)))


@pytest.fixture(scope="session")
def data(baseline: Evaluation) -> bytes:
    """The workbook of the baseline."""
    return workbook(baseline, tables(baseline))


@pytest.fixture(scope="session")
def file(data: bytes) -> openpyxl.Workbook:
    """The same, opened."""
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="session")
def baseline_page(baseline: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("baseline") / "report.html"
    path.write_bytes(render(baseline).files["report.html"])
    return path


@pytest.fixture(scope="session")
def hand_page(hand: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hand") / "report.html"
    path.write_bytes(render(hand).files["report.html"])
    return path


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without network on which every complaint of the browser is a failure."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = context.new_page()

    def refuse(route: Route) -> None:
        complaints.append(f"asked for {route.request.url}")
        route.abort()

    context.route(lambda url: not url.startswith(("file:", "data:", "blob:")), refuse)
    found.on("console", lambda message: complaints.append(message.text))
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on("dialog", lambda dialog: complaints.append(dialog.message))
    yield found
    context.close()
    assert complaints == []


def unfold(page: Page) -> None:
    """Let every part of a page stand open that is read after this."""
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () =>
            document.querySelectorAll("details.part").forEach((part) => { part.open = true; }))"""
    )
