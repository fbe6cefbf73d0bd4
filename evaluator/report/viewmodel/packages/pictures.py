"""What is drawn in the rows of the ranked portfolio: scores, ranges of ranks, amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.report.formatting.names import agency_names
from evaluator.report.formatting.numbers import fixed
from evaluator.report.viewmodel.packages.portfolio import Ranked
from evaluator.results.evaluation import Evaluation


@dataclass(frozen=True)
class Pictures:
    """The drawings of one package."""

    parts: tuple[tuple[float, float], ...]
    """Start and width of what each agency contributes, in points of the overall score."""
    told: str
    """The parts in words."""
    asked: float
    given: float
    """In percent of the largest amount that a package of the ranking asks for or gets."""


def pictures(evaluation: Evaluation, rows: Sequence[Ranked]) -> dict[str, Pictures]:
    """Return the drawings by package."""
    names = agency_names(evaluation)
    widest = max((max(row.asked, row.given or 0) for row in rows), default=0) or 1

    def drawn(row: Ranked) -> Pictures:
        starts, start = [], 0.0
        for part in row.contributions.values():
            starts.append((start, part))
            start += part
        told = ", ".join(f"{names[a]} {fixed(part, 1)}" for a, part in row.contributions.items())
        return Pictures(
            tuple(starts), told, 100 * row.asked / widest, 100 * (row.given or 0) / widest
        )

    return {row.package: drawn(row) for row in rows}
