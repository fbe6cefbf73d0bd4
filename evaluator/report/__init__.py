"""Pages and figures of an evaluation. Reads an Evaluation, computes nothing but sums."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from evaluator.results.evaluation import Evaluation

__all__ = ["render"]


def __getattr__(name: str) -> Any:
    # Matplotlib and Jinja take a third of a second to import; `--help` must not pay for them.
    if name == "figures":
        return import_module("evaluator.report.figures")
    raise AttributeError(f"module 'evaluator.report' has no attribute '{name}'")


def render(evaluation: Evaluation) -> dict[str, bytes]:
    """Return the files of a report by name: `report.html`, figures as SVG, and `brief.pdf`.

    A run of full extent has more figures, and each as PNG too. The brief needs the extra `pdf`.
    """
    from evaluator.report.figures import every_figure
    from evaluator.report.html.page import page
    from evaluator.report.pdf.brief import brief

    drawn = every_figure(evaluation)
    files = {f"figures/{figure.name}.svg": figure.svg for figure in drawn}
    if evaluation.study.scenario.extent == "full":
        files |= {f"figures/{figure.name}.png": figure.png for figure in drawn}
    if find_spec("typst") is not None:
        files["brief.pdf"] = brief(evaluation)
    return {"report.html": page(evaluation, drawn), **files}
