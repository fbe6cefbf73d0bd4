"""Pages of questions: the picture is the numbers, and every reader reaches all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from evaluator import Override, evaluate, load_study
from evaluator.loading.variation import vary
from evaluator.questions.rolling_review.admission import admit
from evaluator.questions.rolling_review.arrivals import arrivals
from evaluator.questions.sweep import Grid, Plan, varied
from evaluator.questions.versions.comparison import compare
from evaluator.questions.versions.least_regret import LEAST
from evaluator.questions.versions.regret import regret
from evaluator.record.sweeps import sweep
from evaluator.report.formatting.names import study_names
from evaluator.report.html.comparison import comparison_page
from evaluator.report.html.question import question_page
from evaluator.report.viewmodel import admission as of_admission
from evaluator.report.viewmodel import arrivals as of_arrivals
from evaluator.report.viewmodel.versions import regret as of_regret
from evaluator.report.viewmodel.versions import sweep as of_sweep
from tests.report.conftest import HAND
from tests.report.markup import Markup
from tests.report.test_browser import violations
from tests.report.test_keyboard import missed

QUIET = Override("uncertainty.draws", "0", "no draws are needed here")
STUDY = load_study(HAND, [QUIET])
NAMES = study_names(STUDY)
LOANS = "institutions.bank.tools.loan.envelope.amount"
# P1 comes late: it is no priority package of the standing allocation
FLOOR = load_study(HAND, [QUIET, Override("designation.min_overall", "60", "P1 is out.")])


def regretted() -> bytes:
    tight = load_study(HAND, [QUIET, Override(LOANS, "50000000", "Half of it.")])
    found = regret([evaluate(one, only="allocation") for one in (STUDY, tight)])
    return question_page(of_regret.answer(found, NAMES), [STUDY, tight])


def admitted() -> bytes:
    found = admit(evaluate(FLOOR, only="allocation"), ["P1"])
    return question_page(of_admission.answer(found, NAMES), [FLOOR])


def arrived() -> bytes:
    found = arrivals(evaluate(STUDY, only="scores"), orders=6, commit_at=0.5)
    return question_page(of_arrivals.answer(found, NAMES), [STUDY])


def swept(vary: dict[str, str], sample: int | None = None) -> bytes:
    table = sweep(STUDY, vary, sample=sample)
    plan = Plan(STUDY, Grid(varied(vary), sample))
    return question_page(of_sweep.answer(table, plan, NAMES), [STUDY])


def compared() -> bytes:
    other = vary(STUDY, {LOANS: 50_000_000})
    both = (evaluate(one, only="allocation") for one in (STUDY, FLOOR, other))
    return comparison_page(compare(list(both)), ["../a%20b/report.html", "", ""])


PAGES = {
    "regret": regretted,
    "admit": admitted,
    "arrivals": arrived,
    "sweep": lambda: swept({"designation.min_overall": "50,60,80", LOANS: "50000000,100000000"}),
    "sweep-sample": lambda: swept({"designation.min_overall": "50:90", LOANS: "1:100000000"}, 6),
    "compare": compared,
}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(
    page: Page, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGES[name]())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 768, 375, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path.as_uri())
            assert violations(page) == [], (scheme, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.folded
@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("name", PAGES)
def test_everything_is_reached_by_keyboard_and_seen(
    page: Page, name: str, width: int, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGES[name]())
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path.as_uri())
    assert missed(page) == []


def test_cells_of_regret_are_what_each_portfolio_loses() -> None:
    # Of loans 100, or 50: the best of the first keeps P1 and P3, 90 in full, which 50 do not pay.
    rows = {row[0]: row[1:] for row in Markup(regretted().decode()).tables["picture"].texts()}
    assert LEAST in rows
    assert rows[f"best of {STUDY.run_name}"][:2] == ["0.00", "not allowed"]
    assert "not allowed" not in rows[LEAST]


def test_cells_of_a_sweep_say_where_each_is_funded() -> None:
    # Floors of 50 and 60 and 80: P1 (57.2) is in under the first alone, P3 (74) under two.
    rows = Markup(swept({"designation.min_overall": "50,60,80"}).decode()).tables["picture"].texts()
    title = {one.id: one.title for one in STUDY.packages}
    assert rows[0][1:] == ["50", "60", "80"]
    assert {row[0]: row[1:] for row in rows[1:]} == {
        title["P3"]: ["in", "in", ""],
        title["P1"]: ["in", "", ""],
    }


def test_how_many_are_funded_over_two_keys() -> None:
    rows = Markup(PAGES["sweep"]().decode()).tables["picture"].texts()
    assert [row[0] for row in rows[1:]] == ["50", "60", "80"]
    assert [row[2] for row in rows[1:]] == ["3", "2", "1"]


def test_a_comparison_says_what_was_changed_and_links_to_pages() -> None:
    page = Markup(compared().decode())
    (row,) = (row for row in page.tables["changes"].texts() if "min_overall" in row[1])
    assert row[2:5] == ["50", "60", "P1 is out."]
    assert ("a", {"href": "../a%20b/report.html"}) in page.tags
    amounts = {row[0].split()[-1]: row[1:] for row in page.tables["amounts"].texts()[1:]}
    assert amounts["P1"][:2] == ["40.0", "0"]  # the floor puts it out
