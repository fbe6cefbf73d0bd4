"""Runs on disk."""

from evaluator.record.interrupts import interrupts_held
from evaluator.record.runs import Run, read_run, read_study, write_run

__all__ = ["Run", "interrupts_held", "read_run", "read_study", "write_run"]
