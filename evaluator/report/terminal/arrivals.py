"""Policies and reserves tried out on random orders of arrival, as data and as text."""

from __future__ import annotations

from typing import Any

from evaluator.questions.rolling_review.arrivals import Arrivals
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.records import json_records
from evaluator.report.messages import plain
from evaluator.report.terminal.tables import answered
from evaluator.report.viewmodel.arrivals import answer


def as_data(found: Arrivals, names: Names) -> dict[str, Any]:
    """Return the simulation as plain data for JSON."""
    policies, trial = found.policies, found.reserves
    return {
        "seed": policies.seed,
        "chance": policies.chance,
        "policies": json_records(policies.policies.reset_index()),
        "orders": json_records(policies.orders.reset_index()),
        "recorded": None if policies.recorded is None else policies.recorded.to_dict(),
        "commit_at": None if trial is None else trial.commit_at,
        "reserves": None if trial is None else json_records(trial.reserves.reset_index()),
        "rules": plain(found.rules, names),
    }


def as_text(found: Arrivals, names: Names) -> str:
    """Return the simulation as text for the terminal."""
    return answered(answer(found, names), names.words)
