"""The law by date as one self-contained HTML file."""

from __future__ import annotations

from evaluator.questions.dated.law import Law
from evaluator.report.html.page import document
from evaluator.report.viewmodel.law import (
    ahead,
    behind,
    between_rows,
    between_sentence,
    counts,
    named,
    sentences,
    title,
    value_rows,
    weak_rows,
    weak_sentences,
)


def law_page(law: Law) -> bytes:
    """Return what lapses or begins, what money goes with it, and every dated value, as a page."""
    study = law.evaluation.study
    changes = [
        ("ahead", f"What lapses or begins in the next {law.horizon:,} days", "", ahead(law)),
        ("behind", f"What changed in the last {law.look_back:,} days", "", behind(law)),
    ]
    if law.between is not None:
        days = " and ".join(str(one.study.as_of) for one in (law.between.first, law.between.second))
        told = between_sentence(law.between)
        changes.insert(0, ("between", f"Between {days}", told, between_rows(law.between)))
    unit, weak = weak_rows(law)
    return document(
        "law.html.j2",
        study,
        title=title(law),
        counts=counts(law),
        sentences=sentences(law),
        changes=[
            {"id": name, "title": text, "told": told, "head": of.head, "rows": rows}
            for name, text, told, (of, rows) in changes
        ],
        named=named(law),
        unit=unit,
        weak=weak,
        weak_sentences=weak_sentences(law),
        values=value_rows(law),
    )
