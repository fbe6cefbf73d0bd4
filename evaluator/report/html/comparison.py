"""A comparison as one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.questions.versions.comparison import Comparison
from evaluator.report.formatting.phrases import supposed
from evaluator.report.formatting.words import words_of
from evaluator.report.html.page import document
from evaluator.report.viewmodel.versions.comparison import (
    change_rows,
    key_rows,
    outcomes,
    rank_rows,
    side_by_side,
    tool_rows,
)


def comparison_page(comparisons: Sequence[Comparison], pages: Sequence[str] = ()) -> bytes:
    """Return comparisons of one study with others as a page.

    pages: where the own page of each study is, the first among them; empty where it has none.
    """
    first = comparisons[0].first.study
    studies = (first, *(one.other.study for one in comparisons))
    links = pages or [""] * len(studies)
    pairs = [
        {
            "first": one.first.study,
            "other": one.other.study,
            "called": one.called,
            "page": page,
            "sentences": outcomes(one),
            "ranks": rank_rows(one),
            "tools": tool_rows(one),
            "keys": key_rows(one),
        }
        for one, page in zip(comparisons, links[1:], strict=True)
    ]
    bills = supposed(one.bill for study in studies for one in study.scenario.if_enacted)
    return document(
        "comparison.html.j2",
        first,
        stamp=" · ".join(filter(None, (words_of(first.scenario).stamp, bills))),
        pairs=pairs,
        page=links[0],
        changes=change_rows(comparisons),
        beside=side_by_side(comparisons),
    )
