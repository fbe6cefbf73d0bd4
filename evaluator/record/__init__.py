"""Runs on disk."""

from evaluator.record.placing import Placed
from evaluator.record.runs import (
    Run,
    csv_files,
    place_run,
    placed_run,
    read_run,
    read_study,
    write_run,
)

__all__ = [
    "Placed",
    "Run",
    "csv_files",
    "place_run",
    "placed_run",
    "read_run",
    "read_study",
    "write_run",
]
