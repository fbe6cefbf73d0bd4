"""What the coordinating body is shown, in December when a statement comes too late."""

from __future__ import annotations

import pytest

from evaluator import Override, ask, evaluate, load_study
from evaluator.report import render
from evaluator.report.viewmodel.decision.lines import decision
from evaluator.report.viewmodel.money.coordination import Coordinated, coordination
from evaluator.results.evaluation import Evaluation
from tests.conftest import BASELINE


@pytest.fixture(scope="module")
def december() -> Evaluation:
    changes = [
        Override("as_of", "2026-12-15", "two weeks before an authority ends"),
        Override("uncertainty.draws", "0", "quick"),
    ]
    return ask(evaluate(load_study(BASELINE, changes)))


@pytest.fixture(scope="module")
def shown(december: Evaluation) -> Coordinated:
    found = coordination(december)
    assert found is not None
    return found


def test_who_acts_on_what(shown: Coordinated) -> None:
    seats = {name: (role, does) for role, name, does in shown.seats}
    assert seats["Department of State"] == ("Chair", "judges the packages")
    assert seats["Small Business Administration"][1].startswith("acts on SBIC leverage")
    assert [one.institution for one in shown.institutions] == ["dfc", "exim", "sba", "ustda"]


def test_what_is_not_in_time_is_marked_and_keeps_its_amount(
    december: Evaluation, shown: Coordinated
) -> None:
    exim = next(one for one in shown.institutions if one.institution == "exim")
    given = december.allocation.amounts.filter(like="exim.").sum(axis=1)
    assert {row.package: row.total for row in exim.packages} == given[given > 0].to_dict()
    # a statement lies 25 days: no package of 100 million or more can be approved by 31 December
    late = {row.package for row in exim.packages if row.late == "not in time"}
    assert late == set(given[given >= 100_000_000].index)
    assert {row.late for row in exim.packages if row.package not in late} == {""}
    assert len(shown.late) == 1
    (bought,) = (line.text for line in decision(december) if line.head == "What it buys")
    assert f"for {len(late)} packages cannot, however days are counted, be approved" in bought


def test_each_count_of_a_statement_has_its_day(shown: Coordinated) -> None:
    exim = next(one for one in shown.institutions if one.institution == "exim")
    (due,) = (one for one in exim.due if one.citation == "12 U.S.C. 635(b)(3)(i)")
    # 15 December + 25 = 9 January, beyond the calendar
    assert due.counts == (
        ("every day counts", "2027-01-09 or later", "2026-12-06"),
        ("to the last planned day", "2027-01-09 or later", "2026-11-22"),
        ("planned days alone", "2027-01-09 or later", "2026-11-08"),
        ("in an adjournment", "not open", "2026-10-29"),
    )


def test_contents_stand_by_package(shown: Coordinated) -> None:
    dfc = next(one for one in shown.institutions if one.institution == "dfc")
    (told,) = dfc.contents
    rows = {package: dict(zip(told.heads, cells, strict=True)) for package, _, cells in told.rows}
    assert rows["SP26-08"]["Policy rationale for subordination"] == "not needed"
    assert rows["SP26-13"]["Policy rationale for subordination"].startswith("missing")
    assert told.missing == sum(
        cell.startswith("missing") for row in rows.values() for cell in row.values()
    )


def test_the_page_has_it(december: Evaluation) -> None:
    html = render(december).files["report.html"].decode()
    assert "Economic Diplomacy Action Group" in html
    # below the first screen, among the amounts, for those who coordinate, and among the notes
    assert html.count("ot in time: however days are counted, EXIM cannot act") == 4
