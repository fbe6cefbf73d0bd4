"""Solving in processes of its own: each keeps the study, and sets what it is asked to."""

from evaluator.workbench.solving.queue import Late, Solver, Superseded

__all__ = ["Late", "Solver", "Superseded"]
