"""Pages and briefs of studies at the ends: one package, long names of agencies, no tools."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from evaluator import ask, evaluate, load_study, write_run
from evaluator.model.study import Study
from tests.conftest import BASELINE
from tests.report.test_brief import pages
from tests.report.test_page import changed

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = (
    "Office of the United States Trade Representative",
    "National Aeronautics and Space Administration",
    "Federal Communications Commission",
    "Department of Health and Human Services",
    "Agency for International Development",
)
_BROKEN = """(places) => [...document.querySelectorAll(places)].flatMap((cell) => {
    const found = [], range = document.createRange();
    const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode()) {
        for (const word of text.data.matchAll(/[^\\s-]+/g)) {
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
            if (lines.size > 1) found.push(word[0]);
        }
    }
    return found;
})"""
"""Words that stand on two lines."""


def long_names() -> Study:
    study = load_study(BASELINE)
    of = zip(study.agencies, LONG, strict=True)
    agencies = tuple(a.model_copy(update={"name": name, "short": None}) for a, name in of)
    return changed(study, agencies=agencies, scenario=_quick(study))


def one_package() -> Study:
    study = load_study(BASELINE)
    only = study.package_by_id["SP26-33"]
    alone = only.model_copy(update={"requires": (), "exclusive_group": None})
    return changed(study, packages=(alone,), scenario=_quick(study))


def no_tools() -> Study:
    study = load_study(BASELINE)
    nothing = type(study.scenario.allocation)()
    fields = {"financing": None, "coordination": None, "sessions": None, "allocation": nothing}
    return changed(
        study,
        packages=tuple(p.model_copy(update={"requests": ()}) for p in study.packages),
        institutions=(),
        requirements=tuple(one for one in study.requirements if not one.binds),
        scenario=_quick(study, **fields),
    )


def _quick(study: Study, **fields: object) -> object:
    drawn = study.scenario.uncertainty.model_copy(update={"draws": 200})
    return study.scenario.model_copy(update={"uncertainty": drawn, **fields})


STUDIES = {"long names": long_names, "one package": one_package, "no tools": no_tools}


@pytest.fixture(scope="module", params=STUDIES)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    study = STUDIES[request.param]()
    return write_run(ask(evaluate(study)), tmp_path_factory.mktemp("extreme"))


@pytest.mark.parametrize("width", [1280, 768, 375])
def test_no_word_is_broken_and_nothing_scrolls_sideways(page: Page, run: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((run / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    places = ["#ranked thead th", "#ranked .tier", "#ranked .apart", ".bars .mark", ".decision"]
    assert page.evaluate(_BROKEN, ", ".join(places)) == []


def test_the_brief_has_two_to_four_pages(run: Path) -> None:
    assert 2 <= pages((run / "brief.pdf").read_bytes()) <= 4
