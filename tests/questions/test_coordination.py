"""What notices have to tell, and who coordinates: against the files of the round."""

from __future__ import annotations

import pytest

from evaluator import ask, evaluate, load_study
from evaluator.results.evaluation import Evaluation
from tests.conftest import BASELINE


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    study = load_study(BASELINE)
    quick = study.scenario.uncertainty.model_copy(update={"draws": 0})
    scenario = study.scenario.model_copy(update={"uncertainty": quick})
    return ask(evaluate(study.model_copy(update={"scenario": scenario})))


def told_of(evaluation: Evaluation, package: str) -> dict[str, tuple[str, bool]]:
    """Return each part of the report of 22 U.S.C. 9656(b): its code, whether it is missing."""
    assert evaluation.extended is not None
    table = evaluation.extended.tables["notice_contents"].table
    mine = table[(table["limit"] == "dfc.notification") & (table["package"] == package)]
    codes = (found[0].code for found in mine["told"])
    return dict(zip(mine["of"], zip(codes, mine["missing"], strict=True), strict=True))


ALWAYS = {
    "amounts": ("told_amounts", False),
    "recipient": ("told_entities", False),
    "title": ("told_title", False),
    "targets": ("told_countries", False),
}
FACT, BLANK = ("told_fact", False), ("told_nothing", True)


@pytest.mark.parametrize(
    ("package", "facts"),
    [
        # senior: no rationale is asked for
        ("SP26-08", {"impact_quotient": FACT, "dfc_subordinate": FACT}),
        # subordinate, with and without a rationale
        *(
            (
                package,
                {
                    "impact_quotient": FACT,
                    "dfc_subordinate": FACT,
                    "subordination_rationale": rationale,
                },
            )
            for package, rationale in (("SP26-16", FACT), ("SP26-13", BLANK))
        ),
        # not known whether: then the rationale is asked for, and missing
        (
            "SP26-12",
            {"impact_quotient": FACT, "dfc_subordinate": BLANK, "subordination_rationale": BLANK},
        ),
        ("SP26-17", {"impact_quotient": BLANK, "dfc_subordinate": FACT}),
    ],
)
def test_a_report_has_its_contents_or_says_that_they_are_missing(
    evaluation: Evaluation, package: str, facts: dict[str, tuple[str, bool]]
) -> None:
    assert told_of(evaluation, package) == {**ALWAYS, **facts}


def test_a_clock_runs_from_the_day_that_a_package_states(evaluation: Evaluation) -> None:
    assert evaluation.extended is not None
    clocks = evaluation.extended.tables["clocks"].table
    (row,) = clocks[clocks["limit"] == "dfc.impact_assessment"].to_dict("records")
    # public since 30 June: 31 days to 31 July, 29 more in August
    assert (row["package"], row["start"], row["earliest"]) == (
        "SP26-33",
        "2026-06-30",
        "2026-08-29",
    )


def test_amounts_by_institution_are_those_of_the_allocation(evaluation: Evaluation) -> None:
    assert evaluation.extended is not None
    acts = evaluation.extended.tables["acts"].table
    once = acts.drop_duplicates(["package", "institution"])
    assert once["amount_usd"].sum() == evaluation.allocation.amounts.to_numpy().sum()


def test_who_coordinates_is_data_of_the_study(evaluation: Evaluation) -> None:
    body = evaluation.study.scenario.coordination
    assert body is not None
    chairs = [seat.agency for seat in body.members if seat.role == "chair"]
    assert chairs == ["state"]
    with_tools = {one.institution for one in evaluation.study.institutions if one.tools}
    assert with_tools == {seat.institution for seat in body.members} - {None}
