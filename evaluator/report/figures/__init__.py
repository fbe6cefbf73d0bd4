"""Figures, one function each; each says in words what it shows, and a notebook shows it."""

from __future__ import annotations

from evaluator.model.results import Evaluation
from evaluator.report.figures.certainty import (
    rank_acceptability_figure,
    rank_interval_figure,
    stability_figure,
    tornado_figure,
)
from evaluator.report.figures.drawing import Drawn
from evaluator.report.figures.financing import (
    country_figure,
    frontier_figure,
    limit_figure,
    tool_figure,
)
from evaluator.report.figures.scores import contribution_figure, disagreement_figure

__all__ = [
    "Drawn",
    "contribution_figure",
    "country_figure",
    "disagreement_figure",
    "figures",
    "frontier_figure",
    "limit_figure",
    "rank_acceptability_figure",
    "rank_interval_figure",
    "stability_figure",
    "tool_figure",
    "tornado_figure",
]

PLAIN = (
    contribution_figure,
    limit_figure,
    rank_acceptability_figure,
    rank_interval_figure,
    tornado_figure,
)
FULL = (*PLAIN, disagreement_figure, stability_figure, tool_figure, country_figure)


def figures(evaluation: Evaluation) -> tuple[Drawn, ...]:
    """Return the figures of a run that have something to show: more where its extent is full."""
    wanted = FULL if evaluation.study.scenario.extent == "full" else PLAIN
    found = (draw(evaluation) for draw in wanted)
    return tuple(figure for figure in found if figure is not None)
