"""Runs on disk."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluator.store.forked import beside
    from evaluator.store.runs import Run, read_run, read_study, run_name, write_run

_HOMES = {
    "Run": "runs",
    "beside": "forked",
    "read_run": "runs",
    "read_study": "runs",
    "run_name": "runs",
    "write_run": "runs",
}
__all__ = ["Run", "beside", "read_run", "read_study", "run_name", "write_run"]


def __getattr__(name: str) -> Any:
    # Imported on first use: a second process is begun before the rest is loaded.
    if name in _HOMES:
        return getattr(import_module(f"evaluator.store.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'evaluator.store' has no attribute '{name}'")
