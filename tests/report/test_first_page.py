"""The first page of the brief alone says what, how much, why, what is contested and overruled."""

from __future__ import annotations

import re

import pytest

from evaluator import Override, evaluate, load_study
from evaluator.model.package import Package
from evaluator.report.formatting.names import agency_names
from evaluator.report.formatting.numbers import share
from evaluator.report.pdf.brief import brief
from evaluator.report.pdf.content import content
from evaluator.results.evaluation import Evaluation
from tests.conftest import BASELINE
from tests.programme import WORDS
from tests.report.test_brief import pages, retitled, text_of, words
from tests.studies import study

QUICK = Override("uncertainty.draws", "0", "Quick.")


@pytest.fixture(scope="module")
def text(baseline: Evaluation) -> str:
    return text_of(brief(baseline))


def first_of(text: str) -> str:
    return text.partition("\f")[0]


def test_what_and_how_much(baseline: Evaluation, text: str) -> None:
    """Each priority package with its rank, what it asks for and what it gets, from the tables."""
    money, amounts = WORDS.money.unit([1e6]), baseline.allocation.amounts.sum(axis=1)
    asked = {one.id: one.asked_usd for one in baseline.study.packages}
    for package, row in baseline.ranking[baseline.ranking["designated"]].iterrows():
        given = money.amount(amounts[package]) if amounts[package] else "0"
        title, asks = re.escape(str(row["title"])[:30]), money.amount(asked[str(package)])
        line = rf"^ *{row['rank']} +{title}.* {re.escape(asks)} +{re.escape(given)}\b"
        assert re.search(line, first_of(text), re.MULTILINE), line


def test_what_is_contested_and_what_decides_each(baseline: Evaluation, text: str) -> None:
    drawn, agreed, told = baseline.uncertainty, baseline.agreement, words(first_of(text))
    assert drawn is not None
    assert agreed is not None
    open_ = drawn.packages[drawn.packages["tier"] == "contested"]
    assert told.count("Contested") == len(open_) + 1, "and once among the lines"
    rows = {
        row["package"]: row
        for group in content(baseline)["first"]["groups"]
        for row in group["rows"]
    }
    for package, sure in open_.iterrows():
        why = rows[str(package)]["why"]
        assert f"in by {share(sure['designated_share'])} of draws" in why
        alone = agreed.packages.at[package, "decisive"]
        decides = f"{agency_names(baseline)[alone]} alone decides" if alone else "moves most with"
        assert decides in why


def test_why_a_priority_package_gets_nothing(baseline: Evaluation) -> None:
    given = baseline.allocation.amounts.sum(axis=1)
    chosen = baseline.ranking.index[baseline.ranking["designated"]]
    groups = {group["head"]: group["rows"] for group in content(baseline)["first"]["groups"]}
    rows = {row["package"]: row["why"] for row in groups["With nothing"]}
    assert set(rows) == {p for p in chosen if not given[p]}
    # SP26-13 stands there by its title, limits by their labels.
    assert rows["SP26-11"].startswith("Andean Inference Region, Caribbean Site is supported")
    assert "No project that a country of concern" in rows["SP26-21"]


def test_what_holds_a_package_that_gets_less_than_it_asks_for(baseline: Evaluation) -> None:
    """The limit that holds the request with most left over, from the table of amounts."""
    rows = {
        row["package"]: row
        for group in content(baseline)["first"]["groups"]
        for row in group["rows"]
    }
    given = baseline.allocation.amounts.sum(axis=1)
    asked = {one.id: one.asked_usd for one in baseline.study.packages}
    partly = [p for p in rows if p in given.index and 0 < given[p] < asked[p]]
    assert partly
    assert all(rows[package]["why"] for package in partly)
    # of 1.2 billion of guarantees nothing, of 2 billion of loans most: the guarantees are held
    assert rows["SP26-01"]["why"] == "Held by EXIM: Envelope: Loan guarantee."


def test_who_is_in_by_name_who_said_so_and_why(baseline: Evaluation, text: str) -> None:
    assert "Nothing was decided by name: the rule stands throughout." in first_of(text)
    entry = "{because: A corridor of the strategy., by: deputy, date: 2026-07-10}"
    changes = [Override("designation.include", f"{{SP26-25: {entry}}}", "A trial."), QUICK]
    first = words(first_of(text_of(brief(evaluate(load_study(BASELINE, changes))))))
    assert "Nothing was decided by name" not in first
    for part in ("A corridor of the strategy", "deputy", "2026-07-10", "Canal Logistics"):
        assert part in first


def test_no_fact_is_cut_within_a_word(baseline: Evaluation, text: str) -> None:
    """Each word before an ellipsis is one of the study's own, whole."""
    assert "…" in text
    whole = set(re.findall(r"\w+", baseline.study.model_dump_json()))
    for word in re.findall(r"(\w+)…", text):
        assert word in whole, word


def test_no_citation_of_the_brief_is_an_address(text: str) -> None:
    """Law by its section; what was read elsewhere is told in the sources."""
    assert not re.findall(r"\b[\w-]+\.(?:com|org|net|cc|info)\b|https?:", text)


def test_a_long_list_leaves_room_for_what_was_decided_by_name() -> None:
    """A page is full: rows are counted that are left out, and the rest follows on the next."""
    entry = f"{{because: {'A reason. ' * 20}, by: deputy, date: 2026-07-10}}"
    inside = f"{{SP26-30: {entry}, SP26-32: {entry}}}"
    changes = [
        Override("designation.include", inside, "A trial."),
        Override("designation.max_packages", "36", "All."),
        QUICK,
    ]
    before = load_study(BASELINE, changes)
    title = "A long title of the kind that a consortium of many members finds fitting"
    data = brief(evaluate(retitled(before, {one.id: title for one in before.packages})))
    first, second, *_ = text_of(data).split("\f")
    assert 2 <= pages(data) <= 4
    assert re.search(r"and \d+ more: see the report", first)
    assert "Against the rule, by name" in first
    assert second.lstrip().startswith("Who gets how much")


def test_a_ranking_alone_has_no_rule_to_depart_from() -> None:
    found = content(evaluate(study(packages=(Package(id="P", title="Bare", attributes={}),))))
    assert found["first"]["named"] == []
