"""What the first page of the brief says: the same as the first screen of the report."""

from __future__ import annotations

from typing import Any

from evaluator.report.formatting.phrases import sentence
from evaluator.report.pdf.texts import short
from evaluator.report.viewmodel.decision.glance import WIDTH, Bar, Group, glance
from evaluator.report.viewmodel.decision.lines import decision
from evaluator.report.viewmodel.decision.overrides import by_name
from evaluator.results.evaluation import Evaluation

Data = dict[str, Any]
_TITLE, _WHY, _NAMED, _OVERRIDES = 60, 200, 300, 6
"""Characters of a title, of a reason, of a decision by name; decisions that stand here."""


def first_page(evaluation: Evaluation) -> Data:
    """Return the short lines, the picture with its reasons, and what is decided by name."""
    seen, decided = glance(evaluation), by_name(evaluation)
    return {
        "lines": [
            {"head": line.head, "figure": line.figure, "text": sentence(line.short)}
            for line in decision(evaluation)
        ],
        "caption": seen.caption,
        "unit": seen.unit,
        "legend": [{"of": of, "name": name} for of, name in seen.legend],
        "asked": any(bar.asks for group in seen.groups for bar in group.bars),
        "groups": [_group(group) for group in seen.groups],
        "named": [short(text, _NAMED) for text in decided[:_OVERRIDES]],
        "more": max(0, len(decided) - _OVERRIDES),
    }


def _group(group: Group) -> Data:
    return {"head": group.head, "more": group.more, "rows": [_row(bar) for bar in group.bars]}


def _row(bar: Bar) -> Data:
    reasons = "; ".join(filter(None, (bar.why, bar.decides)))
    told = sentence(reasons) if reasons else ""
    return {
        "rank": "–" if bar.rank is None else str(bar.rank),
        "title": short(bar.title, _TITLE),
        "package": bar.package,
        "marks": sentence(", ".join(bar.marks)) if bar.marks else "",
        "asked": bar.asked / WIDTH,
        "pieces": [
            {"of": piece.of, "start": piece.start / WIDTH, "width": piece.width / WIDTH}
            for piece in bar.pieces
        ],
        "asks": bar.asks or "–",
        "figure": bar.figure,
        "why": short(told, _WHY),
    }
