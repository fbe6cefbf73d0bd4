"""Solving in processes of its own: each keeps the study, and sets what it is asked to."""

from evaluator.workbench.solving.queue import LateError, Solver, SupersededError

__all__ = ["LateError", "Solver", "SupersededError"]
