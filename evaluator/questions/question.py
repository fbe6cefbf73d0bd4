"""What a question is: one thing asked of an evaluation, which may fail without the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evaluator.model.parts import Part
from evaluator.progress import Progress
from evaluator.results.evaluation import Evaluation, ExtendedTable

LARGE = 500
"""Binaries above which each solve takes seconds: fewer packages and draws are looked at."""

Answer = Callable[[Evaluation, Progress], Mapping[str, ExtendedTable]]
"""Returns tables by the stems of their files."""


def of_full_extent(evaluation: Evaluation) -> bool:
    """Whether the scenario asks for all that takes its time."""
    return evaluation.study.scenario.extent == "full"


@dataclass(frozen=True)
class Question:
    """One thing asked of an evaluation."""

    name: str
    answer: Answer
    asked: Callable[[Evaluation], bool] = of_full_extent
    """Whether a run asks it by itself."""
    without_allocation: bool = False
    """Whether it has an answer where nothing is allocated."""
    part: Part | None = None
    """The part of a study that it is about; it is not asked of a study without it."""


def is_large(evaluation: Evaluation) -> bool:
    """Whether the program has so many binaries that each solve takes seconds.

    Where nothing is allocated there is no program.
    """
    return bool(evaluation.allocation.solver.get("binaries", 0) > LARGE)
