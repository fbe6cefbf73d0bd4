"""Runs on disk."""

from evaluator.store.held import held
from evaluator.store.runs import Run, read_run, read_study, run_name, write_run

__all__ = ["Run", "held", "read_run", "read_study", "run_name", "write_run"]
