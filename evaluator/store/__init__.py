"""Runs on disk."""

from evaluator.store.runs import Run, read_run, read_study, run_name, write_run

__all__ = ["Run", "read_run", "read_study", "run_name", "write_run"]
