"""What is reported and not bounded: notices of the financing files."""

from __future__ import annotations

from evaluator.allocation.explain.findings import NoticeDue
from evaluator.allocation.explain.notices import notice_table
from tests.allocation.law import (
    DFC_LOAN,
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
    a = deal("A", ask(DFC_LOAN, 12 * M), ask(GUARANTY, 9 * M), ask(LOAN, 500 * M))
    b = deal("B", ask(DFC_LOAN, 20 * M))
    found = allocated(study_of([a, b], MADE_UP))
    assert given(found)[f"A {DFC_LOAN}"] == 12 * M
    assert [note for note in found.notes if isinstance(note, NoticeDue)] == [
        NoticeDue("dfc.notification", "22 U.S.C. 9656(a)", (("A", 21 * M, 20 * M),), None)
    ]
    assert "dfc.notification" not in set(found.limits["limit"])
    table = notice_table(study_of([a, b], MADE_UP), found.amounts)
    assert table[["group", "amount_usd", "threshold_usd"]].to_numpy().tolist() == [
        ["A", 21 * M, 20 * M]
    ]
    silenced = study_of([a, b], MADE_UP | {"dfc.notification"})
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
