"""The least-regret portfolio over several scenarios, as data and as text."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from evaluator.questions.versions.regret import Regret
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.records import json_records
from evaluator.report.messages import plain
from evaluator.report.terminal.tables import answered
from evaluator.report.viewmodel.versions.regret import answer, least_of


def as_data(found: Regret, names: Names) -> dict[str, Any]:
    """Return the portfolios and their regrets as plain data for JSON."""
    regret = found.least
    return {
        "status": regret.status,
        "proven": found.proven,
        "least_regret": least_of(found) if found.found else None,
        "scenarios": json_records(found.scenarios.reset_index()),
        "best_of_each": {
            "lost": json.loads(found.own.to_json(orient="index")),
            "not_allowed": [
                {"best_of": name, "in": other, "breaks": plain(faults, names)}
                for (name, other), faults in found.faults.items()
            ],
        },
        "allowed_by_all": {
            "portfolios": json_records(regret.portfolios.reset_index()),
            "lost": json.loads(regret.matrix.to_json(orient="index")),
            "amounts": {name: _amounts(table) for name, table in regret.allocations.items()},
        },
        "designated": plain([found.rule], names),
        "not_designated_in": {p: list(names) for p, names in found.doubted.items()},
        "failed_in": {p: list(names) for p, names in found.barred.items()},
        "certificate": plain(regret.certificate, names),
        "assumption": plain([regret.assumption], names),
    }


def _amounts(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {"package": package, "tool": tool, "usd": int(usd)}
        for package, given in table.to_dict("index").items()
        for tool, usd in given.items()
        if usd
    ]


def as_text(found: Regret, names: Names) -> str:
    """Return the portfolios and their regrets as text for the terminal."""
    return answered(answer(found, names), names.words)
