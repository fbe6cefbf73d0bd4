"""Figures, one function each; each says in words what it shows, and a notebook shows it."""

from __future__ import annotations

from evaluator.report.figures.certainty import (
    rank_acceptability_figure,
    rank_interval_figure,
    stability_figure,
    tornado_figure,
)
from evaluator.report.figures.drawing import Drawn
from evaluator.report.figures.financing import country_figure, limit_figure, tool_figure
from evaluator.report.figures.frontiers import (
    concentration_frontier_figure,
    frontier_figure,
    subsidy_frontier_figure,
    sweep_figure,
)
from evaluator.report.figures.scores import contribution_figure, disagreement_figure
from evaluator.results.evaluation import Evaluation

__all__ = [
    "Drawn",
    "concentration_frontier_figure",
    "contribution_figure",
    "country_figure",
    "disagreement_figure",
    "every_figure",
    "frontier_figure",
    "limit_figure",
    "rank_acceptability_figure",
    "rank_interval_figure",
    "stability_figure",
    "subsidy_frontier_figure",
    "sweep_figure",
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
EXTENDED = (sweep_figure, subsidy_frontier_figure, concentration_frontier_figure)
"""What only a run of full extent has numbers for."""


def every_figure(evaluation: Evaluation) -> tuple[Drawn, ...]:
    """Return the figures of a run that have something to show: more where its extent is full.

    A plain run answers within seconds and draws those of `PLAIN`; each function of this module
    draws its figure from any evaluation, and `Drawn.png` is it as PNG.
    """
    full = evaluation.study.scenario.extent == "full"
    wanted = (*FULL, *EXTENDED) if full else PLAIN
    found = (draw(evaluation) for draw in wanted)
    return tuple(figure for figure in found if figure is not None)
