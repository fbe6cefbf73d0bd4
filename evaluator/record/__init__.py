"""Runs on disk."""

from evaluator.record.runs.folder import (
    Run,
    csv_files,
    place_run,
    placed_run,
    read_run,
    read_study,
    write_run,
)
from evaluator.record.runs.placing import Placed

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
