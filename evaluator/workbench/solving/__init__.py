"""Solving in processes of its own: each keeps the study, and sets what it is asked to."""

from evaluator.workbench.solving.process import Worker
from evaluator.workbench.solving.queue import Begin, LateError, Solver, SupersededError

__all__ = ["Begin", "LateError", "Solver", "SupersededError", "Worker"]
