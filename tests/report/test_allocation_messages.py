"""What the allocation finds, in words."""

from __future__ import annotations

import pytest

from evaluator.allocation.explain import findings as explain
from evaluator.allocation.model import findings as model
from evaluator.allocation.model.findings import Stated
from evaluator.allocation.verify.findings import LimitBroken
from evaluator.model.study import Study
from evaluator.report.formatting.names import study_names
from evaluator.report.messages import say
from evaluator.report.messages.allocation import conflict_in_words, ease_in_words, noted
from evaluator.results.evaluation import Conflict, Ease
from evaluator.results.findings import Finding, arguments, codes, findings_of
from tests.allocation.small import M, ask, limit, package, parameter, study, tool

SIGNED = ("For this case.", "analyst", "2026-07-01")
ENVELOPE = "bank.loan.envelope"


@pytest.fixture(scope="module")
def case() -> Study:
    north = package("P1", ask("bank.loan", 9 * M)).model_copy(update={"title": "Clinic north"})
    south = package("P2", ask("bank.loan", 9 * M)).model_copy(update={"title": "Clinic south"})
    return study(
        [north, south],
        [tool("loan", 90 * M)],
        [limit("cost", per="package", at_most={"share": 0.25, "of": "cost_usd"})],
        [parameter("cap", 500 * M)],
    )


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (model.NotDesignated(), "not designated"),
        (
            model.Ineligible((Stated("green", "P1", False), Stated("host.class", "BBB", "high"))),
            "not eligible: Green is no; class of B is high",
        ),
        (
            model.Ineligible((Stated("content_share", "P1", None, "empty cell"),)),
            "not eligible: US content is missing (empty cell)",
        ),
        (model.Ineligible((Stated("host."),)), "not eligible: no target country is named"),
        (
            model.MinimumAboveEligible(10 * M, 9 * M),
            "not eligible: the minimum of $10.0 million is more than the $9.0 million that are",
        ),
        (
            model.TermTooLong(22.5, 22, (Stated("green", "P1", True),)),
            "not eligible: 22.5 years, at most 22 (Green is yes)",
        ),
        (explain.LimitBinds(ENVELOPE, "", own=False), "{bank}: Envelope: {loan} binds"),
        (
            explain.LimitBinds("bank.cost", "P1", own=True),
            "{bank}: {cost} binds (25 % of Capital cost)",
        ),
        (
            explain.GainsMoreElsewhere("bank.cost", "P2"),
            "gains more elsewhere: {bank}: {cost}, Clinic south binds",
        ),
        (
            explain.LimitShutsOut(ENVELOPE, "", 80 * M),
            "{bank}: Envelope: {loan} leaves less than the $80.0 million that it needs at least",
        ),
        (explain.Tied(("P2",)), "tied: as good with Clinic south in its place"),
        (
            explain.HeldByOverride("must_not", "P1", *SIGNED),
            "must not be supported: For this case (analyst, 2026-07-01)",
        ),
        (
            explain.HeldByOverride("must", "P2", *SIGNED),
            "Clinic south must be supported: For this case (analyst, 2026-07-01)",
        ),
        (
            model.OutsideItsDays("bank.cost", "2026-01-01", "2026-12-31"),
            "not in force: it holds from 2026-01-01 until 2026-12-31",
        ),
        (
            model.OutsideItsDays("bank.cost", "", "2026-12-31"),
            "not in force: it holds until 2026-12-31",
        ),
        (
            explain.NoticeDue("bank.cost", "Law 1", (("P1", 60 * M, 50 * M),), None, False),
            "{bank}: {cost} (Law 1; above $50.0 million): Clinic north ($60.0 million)",
        ),
        (
            explain.NoticeDue("bank.cost", "Law 1", (("P1", 50 * M, 50 * M),), None, True),
            "{bank}: {cost} (Law 1; $50.0 million or more): Clinic north ($50.0 million)",
        ),
        (
            explain.NoticeDue("bank.cost", "Law 1", (("P1", 2 * M, 0),), None, False),
            "{bank}: {cost} (Law 1; any amount): Clinic north ($2.0 million)",
        ),
        (
            explain.NotInTime(
                *("bank", "2026-12-15", "2026-12-31", (("P1", 100 * M),)),
                *(("every_day", "planned"), (), ()),
            ),
            "not in time: however days are counted, {bank} cannot act before its authority ends on "
            "2026-12-31, on notices of 2026-12-15 where no day of their own is stated; $100.0 "
            "million is proposed all the same: Clinic north ($100.0 million)",
        ),
        (
            explain.NotInTime(
                *("bank", "2026-12-01", "2026-12-31", (("P1", 100 * M),)),
                *(("ended", "planned"), ("every_day",), ("adjourned",)),
            ),
            "perhaps not in time: whether {bank} can act before its authority ends on 2026-12-31, "
            "on notices of 2026-12-01 where no day of their own is stated, is open (cannot if the "
            "session ends for good on its last planned day or without the days of planned "
            "adjournments; can if every day counts; not "
            "known by the calendar days of an adjournment); $100.0 million is proposed all the "
            "same: Clinic north ($100.0 million)",
        ),
        (
            LimitBroken("bank.cost", "P1", "at_most", 50_000_001, 50 * M, 1),
            "{bank}: {cost}, Clinic north: $50,000,001 of at most $50,000,000, over by $1",
        ),
    ],
)
def test_words(case: Study, finding: Finding, words: str) -> None:
    names = study_names(case)
    labels = {
        "bank": names.institution("bank"),
        "loan": names.tool_alone("bank.loan"),
        "cost": case.limits["bank.cost"].label,
    }
    assert say(finding, names) == words.format(**labels)


def test_findings_are_read_back_from_codes_and_arguments() -> None:
    told = (
        explain.LimitShutsOut(ENVELOPE, "", 80 * M),
        model.Ineligible((Stated("green", "P1", False), Stated("grade", "P1", None, "empty cell"))),
        explain.HeldBackForGoals((("bank.green", ""), ("bank.small", "X"))),
        explain.NoticeDue("bank.notice", "Law 1", (("P1", 2.5, None),), None, True),
    )
    assert findings_of(codes(told), arguments(told)) == told


def test_a_conflict_in_words(case: Study) -> None:
    names = study_names(case)
    must = model.MustRule("P1", "", 50 * M)
    envelope = model.LimitRule(ENVELOPE, "", "at_most", 40 * M)
    conflict = Conflict((must, envelope), eases=(Ease(must, 10 * M), Ease(envelope, 10 * M)))
    limit_name = names.limit(ENVELOPE)
    assert conflict_in_words(conflict, names) == (
        "These cannot hold together: that Clinic north must be supported with at least $50.0 "
        f"million and {limit_name} (at most $40.0 million). Leaving out any one of them resolves "
        "it. So would lowering what Clinic north must get by $10.0 million, or raising "
        f"{limit_name} by $10.0 million."
    )
    assert ease_in_words(Ease(model.MustNotRule("P2", "")), names) == (
        "leave out that Clinic south must not be supported"
    )
    unserved = Conflict((must,), unserved=True)
    assert conflict_in_words(unserved, names).endswith(
        "cannot hold: it asks for nothing of the kind."
    )


def test_a_note_of_a_limit_has_its_name(case: Study) -> None:
    names = study_names(case)
    note = model.LimitIgnored("bank.cost", *SIGNED)
    assert say(note, names) == "ignored: For this case (analyst, 2026-07-01)"
    assert noted(note, names) == f"{names.limit('bank.cost')}: {say(note, names)}"
