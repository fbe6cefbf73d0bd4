"""Stochastic multicriteria acceptability analysis (SMAA-2)."""

from evaluator.uncertainty.smaa.blocks import (
    Designation,
    Draws,
    Method,
    Scores,
    weighted_sum,
)
from evaluator.uncertainty.smaa.result import Acceptability
from evaluator.uncertainty.smaa.simulate import (
    acceptability,
    acceptability_of_scores,
    simulate,
)

__all__ = [
    "Acceptability",
    "Designation",
    "Draws",
    "Method",
    "Scores",
    "acceptability",
    "acceptability_of_scores",
    "simulate",
    "weighted_sum",
]
