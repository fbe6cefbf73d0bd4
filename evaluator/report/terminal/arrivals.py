"""Policies and reserves tried out on random orders of arrival, as data and as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluator.questions.arrivals import Arrivals
from evaluator.questions.policies import Simulation
from evaluator.questions.reserves import ReserveTrial
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import fixed, general
from evaluator.report.formatting.phrases import sentence
from evaluator.report.formatting.records import json_records
from evaluator.report.formatting.text import Columns, text_table
from evaluator.report.formatting.words import Words
from evaluator.report.messages import plain, say
from evaluator.report.terminal.tables import framed

_TARGET = 0.95
"""Share of the clairvoyant's objective that a suggested reserve reaches on average."""
_SHARES = ("mean", "error", "5 %", "50 %", "95 %", "min")
_HEADS: Columns = [
    ("Mean, %", "right"),
    ("Error", "right"),
    ("5 % of orders", "right"),
    ("Median", "right"),
    ("95 %", "right"),
    ("Worst", "right"),
]
_POLICIES = (
    "First come gives the arriving {package} all that it can get; bid price, only what gains more "
    "than its room is worth to those yet to come; the clairvoyant knows who will come."
)


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
    policies, words = found.policies, names.words
    parts = [_policies(policies), _verdict(policies), words.fill(_POLICIES)]
    if policies.recorded is not None:
        told = ", ".join(f"{name} {_share(one)} %" for name, one in policies.recorded.items())
        parts.append(f"In the order in which they did arrive: {told}.")
    if found.reserves is not None:
        parts += [_reserves(found.reserves, words), _least(found.reserves)]
    parts += [sentence(say(rule, names)) for rule in found.rules]
    return framed(words, [*parts, f"Seed {policies.seed}.", words.disclaimer])


def _policies(found: Simulation) -> str:
    points = found.orders["clairvoyant"]
    rows = [("clairvoyant", fixed(points.mean(), 2), _share(1), *[""] * 5)]
    for policy, row in found.policies.to_dict("index").items():
        reached = (found.orders[policy] * points).mean()
        rows.append((str(policy), fixed(reached, 2), *_shares(row)))
    head = f"Share of the clairvoyant's objective over {len(points)} random orders, %"
    return text_table(head, [("Policy", "left"), ("Mean, points", "right"), *_HEADS], rows)


def _shares(row: Mapping[Any, Any]) -> tuple[str, ...]:
    return tuple(_share(float(row[name])) for name in _SHARES)


def _share(share: float) -> str:
    return fixed(100 * share, 1)


def _percent(share: Any) -> str:
    return f"{general(100 * share, 6)} %"


def _verdict(found: Simulation) -> str:
    """Say which policy reaches more on average, and whether the orders are enough to tell."""
    best, *others = found.policies["mean"].sort_values(ascending=False, kind="stable").index
    ahead = found.orders[best] - found.orders[others[0]]
    error = float(ahead.sem()) if len(ahead) > 1 else 0.0
    if len(ahead) < 2 or ahead.mean() <= 2 * error:
        return "No policy is ahead of the other by more than two standard errors."
    return (
        f"{sentence(str(best))[:-1]} is ahead of {others[0]} by {fixed(100 * ahead.mean(), 1)} "
        f"percentage points on average (standard error {fixed(100 * error, 1)})."
    )


def _reserves(found: ReserveTrial, words: Words) -> str:
    unit = words.money.unit(found.reserves["committed_usd"])
    rows = [
        (_percent(reserve), unit.amount(row["committed_usd"]), *_shares(row))
        for reserve, row in found.reserves.to_dict("index").items()
    ]
    head = (
        f"Committing once, at {_percent(found.commit_at)} of the review, with a reserve kept back"
    )
    columns = [("Reserve", "right"), (f"Committed early, {unit.head}", "right"), *_HEADS]
    return text_table(head, columns, rows)


def _least(found: ReserveTrial) -> str:
    reserve, target = found.least(_TARGET), _percent(_TARGET)
    if reserve is None:
        return f"No reserve tried reaches {target} of the clairvoyant's objective on average."
    told = f"The smallest reserve tried that reaches {target} on average is {_percent(reserve)}"
    setting = f"allocation.reserve={general(reserve, 6)}"
    return f"{told}: {setting} keeps it; a larger one commits less early."
