"""A comparison as one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.questions.comparison import Comparison
from evaluator.report.formatting.phrases import supposed
from evaluator.report.formatting.words import words_of
from evaluator.report.html.isolating import isolated_in
from evaluator.report.html.page import environment, policy, said, styled
from evaluator.report.viewmodel.comparison import key_rows, rank_rows, sentences, tool_rows


def comparison_page(comparisons: Sequence[Comparison]) -> bytes:
    """Return comparisons of one study with others as a page."""
    first = comparisons[0].first.study
    style = styled(first)
    pairs = [
        {
            "first": one.first.study,
            "other": one.other.study,
            "called": one.called,
            "sentences": sentences(one),
            "ranks": rank_rows(one),
            "tools": tool_rows(one),
            "keys": key_rows(one),
        }
        for one in comparisons
    ]
    template = environment().get_template("comparison.html.j2")
    studies = (comparisons[0].first.study, *(one.other.study for one in comparisons))
    bills = supposed(one.bill for study in studies for one in study.scenario.if_enacted)
    told = " · ".join(filter(None, (words_of(first.scenario).stamp, bills)))
    html = template.render(
        **{**said(first), "stamp": told}, pairs=pairs, style=style, policy=policy(style, "")
    )
    return isolated_in(comparisons[0].first.study)(html).encode()
