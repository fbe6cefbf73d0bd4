"""`brief.pdf`: two to four pages for leadership, tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

from evaluator.report.pdf.content import content
from evaluator.report.pdf.typesetting import typeset
from evaluator.results.evaluation import Evaluation


def brief(evaluation: Evaluation) -> bytes:
    """Return the brief as a tagged PDF; the same evaluation gives the same bytes.

    Raises UsageError where Typst is not installed.
    """
    day = evaluation.study.as_of
    return typeset("brief.typ", content(evaluation), day, what="brief.pdf", extra="pdf")
