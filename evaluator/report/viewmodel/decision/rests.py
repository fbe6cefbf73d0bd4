"""What a result rests on that was made up or not checked, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.phrases import kind_of
from evaluator.report.formatting.words import Words
from evaluator.results.evaluation import Evaluation

WEAK = ("illustrative", "unverified")
_NAMED = 25
"""Packages that a sentence names."""


@dataclass(frozen=True)
class WeakKind:
    """Numbers and rules of one kind, some of which are weak."""

    kind: str
    """In words."""
    illustrative: int
    unverified: int
    of: int
    """All of the kind."""


def weak_kinds(evaluation: Evaluation) -> tuple[WeakKind, ...]:
    """Return the kinds of sources of which some are illustrative or unverified."""
    sources, w = evaluation.provenance.sources, names_of(evaluation).words
    weak = Counter(zip(sources["kind"], sources["confidence"], strict=True))
    return tuple(
        WeakKind(
            kind_of(kind, evaluation.study.parts, w),
            weak[kind, "illustrative"],
            weak[kind, "unverified"],
            count,
        )
        for kind, count in Counter(sources["kind"]).items()
        if any(weak[kind, name] for name in WEAK)
    )


def missing_in_words(evaluation: Evaluation) -> str:
    """Return how many performances are missing that score 0, and of whom; empty if none is."""
    table = evaluation.performances
    gaps = (table["state"] == "missing") & table["value"].notna()
    return _missing(Counter(table.loc[gaps, "package"]), names_of(evaluation).words)


def _missing(by_package: Mapping[str, int], w: Words) -> str:
    count = sum(by_package.values())
    if not count:
        return ""
    named = [f"{package} ({number})" for package, number in sorted(by_package.items())]
    more = len(named) - _NAMED
    told = ", ".join(named[:_NAMED]) + (f" and {more} more {w.packages}" if more > 0 else "")
    what = "performance is missing; it scores"
    if count > 1:
        what = "performances are missing; they score"
    return f"{count} {what} 0, marked: {told}."
