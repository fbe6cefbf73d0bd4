"""What is reported and not bounded: notices of the financing files."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.allocation.explain.findings import NoticeDue
from evaluator.allocation.explain.notices import notice_table
from tests.allocation.law import (
    DFC_LOAN,
    DFC_STUDY,
    GUARANTEE,
    GUARANTY,
    LOAN,
    MADE_UP,
    M,
    allocated,
    ask,
    deal,
    given,
    study_of,
)


def test_commitments_above_the_threshold_are_reported_and_not_bounded() -> None:
    # A: 12 + 9 = 21 m in two tools, above 20 m; B: 20 m, not above
    a = deal("A", ask(DFC_LOAN, 12 * M), ask(GUARANTY, 9 * M), ask(LOAN, 50 * M))
    b = deal("B", ask(DFC_LOAN, 20 * M))
    found = allocated(study_of([a, b], MADE_UP))
    assert given(found)[f"A {DFC_LOAN}"] == 12 * M
    told = [note for note in found.notes if isinstance(note, NoticeDue)]
    assert [note for note in told if note.notice != "exim.receipt"] == [
        NoticeDue(
            "dfc.notification",
            "22 U.S.C. 9656(a), (b); 9622(b)(12)",
            (("A", 21 * M, 20 * M),),
            None,
            False,
        )
    ]
    assert "dfc.notification" not in set(found.limits["limit"])
    table = notice_table(study_of([a, b], MADE_UP), found.amounts)
    table = table[table["limit"] != "exim.receipt"]
    assert table[["group", "amount_usd", "threshold_usd"]].to_numpy().tolist() == [
        ["A", 21 * M, 20 * M]
    ]
    silenced = study_of([a, b], MADE_UP | {"dfc.notification", "exim.receipt"})
    assert notice_table(silenced, found.amounts).empty


def test_a_notice_with_an_unknown_threshold_reports_every_commitment() -> None:
    a = deal("A", ask(DFC_LOAN, 15 * M))
    found = allocated(study_of([a], MADE_UP))
    assert notice_table(study_of([a], MADE_UP), found.amounts).empty
    unknown = study_of([a], MADE_UP, parameters={"dfc.notification_threshold": None})
    (row,) = notice_table(unknown, found.amounts).to_dict("records")
    assert row["group"] == "A"
    (note,) = row["note"]
    assert note.fact.name == "dfc.notification_threshold"
    (due,) = [one for one in allocated(unknown).notes if isinstance(one, NoticeDue)]
    assert (due.amounts, due.fact) == ((("A", 15 * M, None),), note.fact)


@pytest.mark.parametrize(
    ("notice", "asked", "host", "facts", "due"),
    [
        # 12 U.S.C. 635(b)(3): 100 million or more, and a combination adds up
        ("exim.statement_to_congress", {LOAN: 99_999_999}, "KEN", {}, None),
        ("exim.statement_to_congress", {LOAN: 100 * M}, "KEN", {}, 100 * M),
        ("exim.statement_to_congress", {LOAN: 60 * M, GUARANTEE: 40 * M}, "KEN", {}, 100 * M),
        ("exim.statement_to_congress", {LOAN: 60 * M, DFC_LOAN: 40 * M}, "KEN", {}, None),
        # at any amount for a nuclear facility; what is not known is reported
        ("exim.statement_nuclear", {LOAN: 2 * M}, "KEN", {"nuclear_facility": True}, 2 * M),
        ("exim.statement_nuclear", {LOAN: 2 * M}, "KEN", {"nuclear_facility": None}, 2 * M),
        ("exim.statement_nuclear", {LOAN: 200 * M}, "KEN", {}, None),
        # 635(b)(2)(D)(ii): each loan of 50 million or more in Vietnam; no guarantee
        ("exim.separate_determination", {LOAN: 49_999_999}, "VNM", {}, None),
        ("exim.separate_determination", {LOAN: 50 * M}, "VNM", {}, 50 * M),
        ("exim.separate_determination", {GUARANTEE: 60 * M}, "VNM", {}, None),
        ("exim.separate_determination", {LOAN: 60 * M}, "KEN", {}, None),
        # 635a(c)(10): above 100 million, and long
        ("exim.comment_period", {LOAN: 100 * M}, "KEN", {}, None),
        ("exim.comment_period", {LOAN: 100_000_001}, "KEN", {}, 100_000_001),
        ("exim.comment_period", {LOAN: 120 * M}, "KEN", {"exim_term": "none"}, None),
        # with what was approved in 12 months for the same: 60 + 40, and a dollar more; not known
        ("exim.comment_period", {LOAN: 60 * M}, "KEN", {"exim_year_before_usd": 40 * M}, None),
        (
            "exim.comment_period",
            {LOAN: 60_000_001},
            "KEN",
            {"exim_year_before_usd": 40 * M},
            100_000_001,
        ),
        ("exim.comment_period", {LOAN: 2 * M}, "KEN", {"exim_year_before_usd": None}, 2 * M),
        # 22 U.S.C. 9621(e)(2)(B): at any amount of a study, of no other tool
        ("dfc.study_reimbursement", {DFC_STUDY: 500_000}, "KEN", {}, 500_000),
        ("dfc.study_reimbursement", {DFC_LOAN: 5 * M}, "KEN", {}, None),
        ("exim.economic_impact", {LOAN: 2 * M}, "KEN", {"economic_impact_review": True}, 2 * M),
        ("exim.economic_impact", {LOAN: 2 * M}, "KEN", {}, None),
        # 22 U.S.C. 9612(c), (d): by class; what was approved before needs none
        ("dfc.high_income_notice", {DFC_LOAN: 5 * M}, "POL", {}, 5 * M),
        ("dfc.high_income_notice", {DFC_LOAN: 5 * M}, "BRA", {}, None),
        ("dfc.high_income_notice", {DFC_LOAN: 5 * M}, "POL", {"dfc_approved_before": True}, None),
        ("dfc.advancing_notice", {DFC_LOAN: 5 * M}, "BRA", {}, 5 * M),
        ("dfc.advancing_notice", {DFC_LOAN: 5 * M}, "COL", {}, None),
        ("dfc.impact_assessment", {DFC_LOAN: 5 * M}, "KEN", {"significant_impacts": True}, 5 * M),
        ("dfc.impact_assessment", {DFC_LOAN: 5 * M}, "KEN", {}, None),
    ],
)
def test_a_notice_is_due_from_its_threshold_on(
    notice: str, asked: dict[str, int], host: str, facts: dict[str, Any], due: int | None
) -> None:
    one = deal("A", *(ask(tool, amount) for tool, amount in asked.items()), host=host, **facts)
    case = study_of([one], MADE_UP)
    found = allocated(case)
    assert given(found) == {f"A {tool}": amount for tool, amount in asked.items()}
    table = notice_table(case, found.amounts).set_index("limit")
    told = int(table.loc[notice, "amount_usd"]) if notice in table.index else None
    assert told == due
    noted = {note.notice for note in found.notes if isinstance(note, NoticeDue)}
    assert (notice in noted) is (due is not None)
