"""Two evaluations side by side, and which key is responsible."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluator import evaluate, load_study
from evaluator.errors import UsageError
from evaluator.loading import Override
from evaluator.model.study import Study
from evaluator.questions.versions.comparison import compare, differences, with_difference
from evaluator.questions.versions.outcome import outcome, standing
from evaluator.report.formatting.names import study_names
from evaluator.report.html.comparison import comparison_page
from evaluator.report.messages.allocation import conflict_in_words
from evaluator.report.terminal.comparison import as_data, as_text
from evaluator.report.viewmodel.versions.comparison import key_rows, sentences, tool_rows
from evaluator.results.evaluation import Evaluation
from tests.conftest import BASELINE

HAND = Path(__file__).parents[1] / "cases" / "hand" / "scenarios" / "baseline.yaml"
QUIET = Override("uncertainty.draws", "0", "no draws are needed here")


def changed(*changes: tuple[str, str]) -> Study:
    return load_study(HAND, [QUIET, *(Override(key, to, "a trial") for key, to in changes)])


@pytest.fixture(scope="module")
def first() -> Evaluation:
    return evaluate(changed())


def test_a_study_does_not_differ_from_itself(first: Evaluation) -> None:
    assert differences(first.study, changed()) == ()
    assert outcome(standing(first), standing(first)).moved_usd == 0


def test_applying_every_difference_leads_to_the_other_study(first: Evaluation) -> None:
    other = changed(
        ("influence.shares", "{trade: 0.9, energy: 0.1}"),
        ("institutions.bank.tools.loan.envelope.amount", "50000000"),
        ("institutions.bank.limits.group_equity.at_most", "1000000"),
        ("agencies.trade.weights.judgements", "{content: 10, delivery: 90}"),
        ("designation.min_overall", "60"),
    )
    found = differences(first.study, other)
    assert [d.name for d in found] == [
        "influence",
        "institutions.bank.tools.loan.envelope",
        "institutions.bank.limits.group_equity.at_most",
        "agencies.trade.weights",
        "designation.min_overall",
    ]
    assert {d.because for d in found} == {"a trial"}
    study = first.study
    for difference in found:
        study = with_difference(study, difference)
    assert differences(study, other) == ()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tight-appropriations", "exim-lapsed", "full-weightings"])
def test_the_scenarios_of_the_round_differ_in_the_keys_they_change(name: str) -> None:
    study, other = load_study(BASELINE), load_study(BASELINE.with_name(f"{name}.yaml"))
    for difference in differences(study, other):
        study = with_difference(study, difference)
    assert differences(study, other) == ()


def test_who_enters_who_leaves_and_what_moves(first: Evaluation) -> None:
    # With a floor of 60, P1 (57.2) is out and its 40 million of loans go to P2: 10 -> 50 of 60.
    other = evaluate(changed(("designation.min_overall", "60")))
    (found,) = compare([first, other])
    assert found.outcome.designated_out == ("P1",)
    assert found.outcome.funded_out == ("P1",)
    assert found.outcome.tools.loc["bank.loan"].to_dict() == {
        "before": 100_000_000,
        "after": 100_000_000,
        "net": 0,
        "moved": 40_000_000,
    }
    (only,) = found.attributions
    assert only.difference.name == "designation.min_overall"
    assert only.in_order.moved_usd == only.alone.moved_usd == 40_000_000
    title = other.study.package_by_id["P1"].title
    assert f"Priority packages: leaves {title} (P1)." in as_text([found])
    assert "Least overall score to be priority" in comparison_page([found]).decode()
    (row,) = key_rows(found)
    assert (row.old, row.new, row.alone) == ("50", "60", "the same")
    assert f"no longer priority: {title} (P1)" in row.in_order


def test_two_runs_of_one_scenario_are_told_apart(first: Evaluation) -> None:
    other = evaluate(changed(("designation.min_overall", "60")))
    (found,) = compare([first, other])
    heads = as_text([found]).splitlines()[0].split(" -> ")
    assert heads == [f"hand-{one.study.fingerprint[:12]}" for one in (first, other)]
    page = comparison_page([found]).decode()
    assert all(page.count(head) >= 1 for head in heads)
    (same,) = compare([first, first])
    assert "Both are the same study." in as_text([same])


def test_a_changed_key_tells_what_in_it_is_other(first: Evaluation) -> None:
    # Of an envelope's amount, date and citation the amount alone is other.
    other = evaluate(changed(("institutions.bank.tools.loan.envelope.amount", "40000000")))
    (row,) = key_rows(compare([first, other])[0])
    assert row.what == "Envelope of Bank: Loan"
    assert (row.old, row.new) == ("amount 100,000,000", "amount 40,000,000")


def test_effects_of_order_show(first: Evaluation) -> None:
    # Loans 100 -> 40: alone, P1 keeps its 40, so P3 and P2 lose theirs. After the floor of 60 has
    # put P1 out, the 40 go to P3, which has the next best price.
    other = evaluate(
        changed(
            ("designation.min_overall", "60"),
            ("institutions.bank.tools.loan.envelope.amount", "40000000"),
        )
    )
    (found,) = compare([first, other])
    floor, envelope = found.attributions
    assert floor.in_order.moved_usd == floor.alone.moved_usd == 40_000_000
    assert envelope.alone.tools.loc["bank.loan", "net"] == -60_000_000
    assert envelope.alone.funded_out == ()
    assert "P1" not in envelope.in_order.funded_out


def test_a_package_that_only_one_has(first: Evaluation) -> None:
    fewer = first.study.model_copy(update={"packages": first.study.packages[:2]})
    (difference,) = differences(first.study, fewer)
    assert difference.key == ("packages", "P3")
    found = outcome(standing(first), standing(evaluate(fewer)))
    assert found.designated_out == ("P3",)
    assert (
        differences(with_difference(fewer, differences(fewer, first.study)[0]), first.study) == ()
    )


def test_one_alone_cannot_be_compared(first: Evaluation) -> None:
    with pytest.raises(ValueError, match="two evaluations"):
        compare([first])


def test_studies_of_other_agencies_cannot_be_compared(first: Evaluation) -> None:
    other = evaluate(load_study(BASELINE, [QUIET]))
    ours = ", ".join(sorted(one.agency for one in first.study.agencies))
    for both in ([first, other], [other, first]):
        with pytest.raises(UsageError, match="of other agencies cannot be compared") as told:
            compare(both)
        assert f"has {ours}" in str(told.value)
        assert "has commerce, defense, energy, ostp, state" in str(told.value)


def test_one_without_an_allocation_is_told_and_its_dollars_are_not_compared(
    first: Evaluation,
) -> None:
    named = "because: a trial, by: a tester, date: 2026-07-01"
    must = f"{{P1: {{{named}, tool: bank.loan, at_least: 50000000}}}}"
    other = evaluate(changed(("allocation.must", must)))
    assert other.allocation.status == "infeasible"
    (conflict,) = other.allocation.conflicts
    for both, word in (([first, other], "other"), ([other, first], "first")):
        compared = compare(both)
        text = as_text(compared)
        name = other.study.run_name
        assert f"The {word}, {name}, has no allocation: infeasible" in text
        assert conflict_in_words(conflict, study_names(other.study)) in text
        assert "Funded: leave" not in text
        assert "Dollars moved" not in text
        assert b"has no allocation: infeasible" in comparison_page(compared)
        (pair,) = compared
        dashes = {row[1:].count("-") for row in tool_rows(pair)[1]}
        assert dashes == {3}  # of before and after the one that is not, net, and moved
        assert as_data(compared)[0]["status"] == [one.allocation.status for one in both]
        (only,) = key_rows(pair)
        told = "no allocation: infeasible" if word == "other" else "an allocation exists"
        assert (only.in_order, only.alone) == (told, "the same")


@pytest.mark.slow
def test_two_runs_with_other_facts_are_told_apart_fact_by_fact() -> None:
    path = BASELINE
    rating = "ratings.SP26-02.energy.power_readiness.energy-1"
    one = [Override("requests.SP26-08.exim.direct_loan", "600000000", "A smaller ask.")]
    other = [
        Override(rating, "unacceptable", "Seen on site.", by="an analyst"),
        Override("measures.SP26-02.commerce.us_jobs", "null", "Withdrawn."),
    ]
    first, second = (
        evaluate(load_study(path, changes), only="allocation") for changes in (one, other)
    )
    (found,) = compare([first, second])
    assert [[change.set for change in side] for side in found.stated] == [
        ["requests.SP26-08.exim.direct_loan"],
        [rating, "measures.SP26-02.commerce.us_jobs"],
    ]
    told = {a.difference.name: a.difference for a in found.attributions}
    by_fact = 'ratings.SP26-02."energy.power_readiness".energy-1'
    assert told.keys() == {
        by_fact,
        'measures.SP26-02."commerce.us_jobs"',
        'requests.SP26-08."exim.direct_loan"',
    }
    assert told[by_fact].new["rating"] == "unacceptable"
    assert told[by_fact].because == "Seen on site."
    assert told['measures.SP26-02."commerce.us_jobs"'].new is None
    # what each does alone is what a run with it alone does
    alone = evaluate(load_study(path, [*one, other[0]]), only="allocation")
    single = next(a.alone for a in found.attributions if a.difference.name == by_fact)
    assert (single.packages["rank_after"] == alone.ranking["rank"]).dropna().all()
    said = sentences(found)
    assert any("good -> unacceptable. Seen on site. (an analyst)" in line for line in said)
