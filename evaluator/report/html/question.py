"""What a question comes to as one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.model.study import Study
from evaluator.report.formatting.phrases import supposed
from evaluator.report.formatting.words import words_of
from evaluator.report.html.page import document
from evaluator.report.viewmodel.answers import Answer, Heat


def question_page(answer: Answer, studies: Sequence[Study]) -> bytes:
    """Return a page of an answer about studies, the first of which gives its words."""
    first = studies[0]
    bills = supposed(one.bill for study in studies for one in study.scenario.if_enacted)
    return document(
        "question.html.j2",
        first,
        stamp=" · ".join(filter(None, (words_of(first.scenario).stamp, bills))),
        answer=answer,
        heat=isinstance(answer.picture, Heat),
        studies=studies,
    )
