"""The scenarios of a sweep, summed up as data and as text."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evaluator.questions.sweep import Plan
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import fixed, general
from evaluator.report.formatting.phrases import supposed
from evaluator.report.formatting.text import heads
from evaluator.report.formatting.words import Words
from evaluator.report.terminal.tables import framed, titled_table

_REASONS = 3
_CUT = (
    "{} of them were cut by the time limit: what they gain is a lower bound, and another run may "
    "find more. Raise allocation.time_limit_s."
)
_IN_PROPORTION = (
    "Influence: of {} as stated in each row; of the others in proportion, so that all sum to 1."
)


def as_data(table: pd.DataFrame) -> dict[str, Any]:
    """Return what is summed up as plain data for JSON; the rows themselves are in the file."""
    made = table[table["status"] != "refused"]
    return {
        "scenarios": len(table),
        "statuses": {str(k): int(n) for k, n in table["status"].value_counts().items()},
        "cut_by_time": int(table["cut_by_time"].sum()),
        "first": _shares(made, "leader"),
        "designated": _shares(made, "designated"),
        "supported": _shares(made, "supported"),
    }


def as_text(table: pd.DataFrame, plan: Plan, names: Names) -> str:
    """Return a summary of the rows as text for the terminal."""
    data = as_data(table)
    ended = sorted(data["statuses"].items()) if "allocation" in plan.study.parts else ()
    told = ", ".join(f"{count:,} {status}" for status, count in ended)
    bills = supposed(one.bill for one in plan.study.scenario.if_enacted)
    parts = [
        bills,
        f"{len(table):,} scenarios of {', '.join(plan.grid.keys)}{': ' * bool(told)}{told}.",
    ]
    parts.append(_packages(data, plan, names))
    parts += _ranges(table, names.words) if "allocation" in plan.study.parts else ()
    if plan.shared:
        parts.append(_IN_PROPORTION.format(", ".join(plan.shared.values())))
    if data["cut_by_time"]:
        parts.append(_CUT.format(f"{data['cut_by_time']:,}"))
    reasons = table.loc[table["status"] == "refused", "refused"].value_counts()
    parts += [f"Refused {n:,}: {why}" for why, n in reasons.head(_REASONS).items()]
    return framed(names.words, [*parts, names.words.disclaimer])


def _packages(data: dict[str, Any], plan: Plan, names: Names) -> str:
    """Return in how many of the scenarios each package is in, those that are most often first."""
    parts, titles = plan.study.parts, {one.id: one.title for one in plan.study.packages}
    told = {f"{names.words.head.priority} in, %": data["designated"]}
    if "designation" not in parts:
        told = {"First in, %": data["first"]}
    if "allocation" in parts and not _scored(plan):
        told["Funded in, %"] = data["supported"]
    every = [*told.values()]
    order = sorted(every[0], key=lambda p: (-every[-1].get(p, 0), -every[0][p], p))
    rows = [(p, titles[p], *(_percent(share.get(p, 0)) for share in every)) for p in order]
    shares = [(head, "right") for head in told]
    columns = [*heads("ranking", names.words, "package", "title"), *shares]
    return titled_table("Of the scenarios made", columns, rows)


def _scored(plan: Plan) -> bool:
    return plan.only == "scores"


def _percent(share: float) -> str:
    return fixed(100 * share, 1)


def _shares(made: pd.DataFrame, column: str) -> dict[str, float]:
    """Return in which share of the scenarios each package is in a column of packages."""
    found = made[column].explode().dropna().value_counts()
    return {str(package): int(count) / len(made) for package, count in found.items()}


def _ranges(table: pd.DataFrame, words: Words) -> list[str]:
    given = table["amount_usd"].dropna()
    if given.empty:
        return []
    low, high = int(given.min()), int(given.max())
    unit = words.money.unit([low, high])
    points = table["objective"].dropna()
    return [
        f"Given in all: {unit.amount(low)} to {unit.amount(high)} {unit.head}; objective "
        f"{general(float(points.min()), 6)} to {general(float(points.max()), 6)} points."
    ]
