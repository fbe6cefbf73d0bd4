"""Multi-criteria evaluation of proposals and allocation of limited public financing tools.

A run is three hops: `load_study(path)`, `evaluate(study)`, `write_run(evaluation, folder)`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluator.decision.rank import rank
    from evaluator.errors import EvaluatorError, InvalidStudyError, Problem
    from evaluator.loading import Bounds, Override, load_study
    from evaluator.model.study import Study
    from evaluator.pipeline import evaluate
    from evaluator.questions import admit, ask, compare
    from evaluator.questions.rolling_review.arrivals import arrivals
    from evaluator.questions.versions.regret import regret
    from evaluator.questions.weighing.deciding_criteria import deciding_criteria
    from evaluator.questions.weighing.what_wins import what_swaps, what_wins
    from evaluator.record import read_run, read_study, write_run
    from evaluator.record.sweeps import sweep
    from evaluator.report import figures
    from evaluator.report.html.notebook import as_html
    from evaluator.report.messages import in_words
    from evaluator.report.pdf.brief import brief
    from evaluator.results.evaluation import Allocation, Evaluation

    __version__: str

_HOMES = {
    "Allocation": "evaluator.results.evaluation",
    "Bounds": "evaluator.loading",
    "Evaluation": "evaluator.results.evaluation",
    "EvaluatorError": "evaluator.errors",
    "InvalidStudyError": "evaluator.errors",
    "Override": "evaluator.loading",
    "Problem": "evaluator.errors",
    "Study": "evaluator.model.study",
    "admit": "evaluator.questions",
    "arrivals": "evaluator.questions",
    "as_html": "evaluator.report.html.notebook",
    "ask": "evaluator.questions",
    "brief": "evaluator.report.pdf.brief",
    "compare": "evaluator.questions",
    "deciding_criteria": "evaluator.questions.weighing.deciding_criteria",
    "evaluate": "evaluator.pipeline",
    "figures": "evaluator.report",
    "in_words": "evaluator.report.messages",
    "load_study": "evaluator.loading",
    "rank": "evaluator.decision.rank",
    "read_run": "evaluator.record",
    "read_study": "evaluator.record",
    "regret": "evaluator.questions",
    "sweep": "evaluator.record.sweeps",
    "what_swaps": "evaluator.questions.weighing.what_wins",
    "what_wins": "evaluator.questions.weighing.what_wins",
    "write_run": "evaluator.record",
}
__all__ = [
    "Allocation",
    "Bounds",
    "Evaluation",
    "EvaluatorError",
    "InvalidStudyError",
    "Override",
    "Problem",
    "Study",
    "admit",
    "arrivals",
    "as_html",
    "ask",
    "brief",
    "compare",
    "deciding_criteria",
    "evaluate",
    "figures",
    "in_words",
    "load_study",
    "rank",
    "read_run",
    "read_study",
    "regret",
    "sweep",
    "what_swaps",
    "what_wins",
    "write_run",
]


def __getattr__(name: str) -> Any:
    # Imported on first use: the command line answers `--help` without loading pandas.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name == "__version__":  # stands in pyproject.toml alone
        return version("evaluator")
    raise AttributeError(f"module 'evaluator' has no attribute '{name}'")


def __dir__() -> list[str]:
    return __all__


def _shown_in_notebooks() -> None:
    """Let a notebook show an evaluation by `as_html`, which the type itself does not know of."""
    shell = sys.modules["IPython"].get_ipython()
    if shell is not None:
        formatter = shell.display_formatter.formatters["text/html"]
        home = _HOMES["Evaluation"]
        formatter.for_type_by_name(home, "Evaluation", lambda one: __getattr__("as_html")(one))


if "IPython" in sys.modules:
    _shown_in_notebooks()
