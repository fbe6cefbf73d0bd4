"""Figures, one function each; each says in words what it shows, and a notebook shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evaluator.model.parts import Part
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
from evaluator.report.findings import FigureFailed
from evaluator.results.evaluation import Evaluation
from evaluator.results.findings import Findings, cause

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
    limit_figure,
    rank_interval_figure,
    stability_figure,
    tornado_figure,
)
"""What the page of a plain run shows; what its rows and its table of acceptability draw is not."""
FULL = (
    *PLAIN,
    contribution_figure,
    country_figure,
    disagreement_figure,
    rank_acceptability_figure,
    tool_figure,
)
EXTENDED = (sweep_figure, subsidy_frontier_figure, concentration_frontier_figure)
"""What only a run of full extent has numbers for."""


ABOUT: Mapping[Callable[[Evaluation], Drawn | None], Part] = {
    contribution_figure: "agencies",
    disagreement_figure: "agencies",
    limit_figure: "allocation",
    tool_figure: "allocation",
    country_figure: "countries",
}
"""The part of a study that a figure is about."""


def every_figure(evaluation: Evaluation) -> tuple[tuple[Drawn, ...], Findings]:
    """Return the figures of a run that have something to show, and those that could not be drawn.

    A plain run answers within seconds and draws those of `PLAIN`, one of full extent has more;
    each function of this module draws its figure from any evaluation, and `Drawn.png` is it as
    PNG.
    """
    full, parts = evaluation.study.scenario.extent == "full", evaluation.study.parts
    drawn: list[Drawn] = []
    failed: list[FigureFailed] = []
    for draw in (*FULL, *EXTENDED) if full else PLAIN:
        if draw in ABOUT and ABOUT[draw] not in parts:
            continue
        try:
            figure = draw(evaluation)
            if figure is not None and figure.svg:
                drawn.append(figure)
        except Exception as error:
            name = draw.__name__.removesuffix("_figure")
            failed.append(FigureFailed(name, *cause(error)))
    return tuple(drawn), tuple(failed)
