"""Pages and figures of an evaluation. Reads an Evaluation, computes nothing but sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from evaluator.report.findings import BriefFailed, LettersWithoutFont
from evaluator.results.evaluation import Evaluation
from evaluator.results.findings import Findings, cause

__all__ = ["Report", "render"]


def __getattr__(name: str) -> Any:
    # Matplotlib and Jinja take a third of a second to import; `--help` must not pay for them.
    if name == "figures":
        return import_module("evaluator.report.figures")
    raise AttributeError(f"module 'evaluator.report' has no attribute '{name}'")


@dataclass(frozen=True)
class Report:
    """The files of a report, and what of it could not be made."""

    files: Mapping[str, bytes]
    """By name."""
    failed: Findings
    notes: Findings
    """What is to be known of it."""


def render(evaluation: Evaluation) -> Report:
    """Return a report: `report.html`, figures as SVG, and `brief.pdf`.

    A run of full extent has more figures, and each as PNG too. The brief needs the extra `pdf`. A
    figure or brief that could not be made is named on the page, with its reason.
    """
    from evaluator.report.figures import every_figure
    from evaluator.report.formatting.fonts import fonts_for
    from evaluator.report.html.page import page
    from evaluator.report.pdf.brief import brief

    drawn, failed = every_figure(evaluation)
    files = {f"figures/{figure.name}.svg": figure.svg for figure in drawn}
    if evaluation.study.scenario.extent == "full":
        files |= {f"figures/{figure.name}.png": figure.png for figure in drawn}
    try:
        files["brief.pdf"] = brief(evaluation)
    except Exception as error:
        failed = (*failed, BriefFailed(*cause(error)))
    missing = fonts_for(evaluation.study.letters).missing
    notes = (LettersWithoutFont(missing),) if missing else ()
    return Report({"report.html": page(evaluation, drawn, failed), **files}, failed, notes)
