"""Policies and reserves tried out on random orders of arrival: what each reaches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluator.questions.rolling_review.arrivals import Arrivals
from evaluator.questions.rolling_review.policies import Simulation
from evaluator.questions.rolling_review.reserves import ReserveTrial
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import fixed, general
from evaluator.report.formatting.phrases import sentence
from evaluator.report.formatting.text import Columns
from evaluator.report.formatting.words import Words
from evaluator.report.messages import say
from evaluator.report.viewmodel.answers import Answer, Shown, Span, Spans

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


def answer(found: Arrivals, names: Names) -> Answer:
    """Return which policy reaches most of what hindsight would, and which reserve is enough."""
    policies, trial, words = found.policies, found.reserves, names.words
    lines = [_verdict(policies)]
    if policies.recorded is not None:
        told = ", ".join(f"{name} {_share(one)} %" for name, one in policies.recorded.items())
        lines.append(f"In the order in which they did arrive: {told}.")
    tables = [_policies(policies)]
    if trial is not None:
        lines.append(_least(trial))
        tables.append(_reserves(trial, words))
    rules = (sentence(say(rule, names)) for rule in found.rules)
    return Answer(
        f"How much is lost by committing as {words.packages} arrive?",
        tuple(lines),
        _picture(found),
        tuple(tables),
        (words.fill(_POLICIES), *rules, f"Seed {policies.seed}."),
    )


def _picture(found: Arrivals) -> Spans:
    """Return the share of hindsight in 90 % of orders, and on average, by policy and reserve."""
    rows = {str(name): row for name, row in found.policies.policies.to_dict("index").items()}
    trial = found.reserves
    if trial is not None:
        when = f"until {_percent(trial.commit_at)} of the review"
        kept = trial.reserves.to_dict("index").items()
        rows |= {f"keep {_percent(reserve)} {when}": row for reserve, row in kept}
    least = min(float(row["5 %"]) for row in rows.values())
    left = min(0.9, int(10 * least) / 10)

    def across(share: float) -> float:
        return max(0.0, min(1.0, (share - left) / (1 - left)))

    spans = tuple(
        Span(
            name,
            across(float(row["5 %"])),
            across(float(row["95 %"])),
            f"{_share(float(row['mean']))} %",
            across(float(row["mean"])),
            0 if name in found.policies.policies.index else 2,
        )
        for name, row in rows.items()
    )
    caption = (
        "Share of what one who knew who comes would reach: 5 to 95 % of the orders, the mean marked"
    )
    target = across(_TARGET) if trial is not None else None
    caption += f"; the line across: {_percent(_TARGET)}" if trial is not None else ""
    return Spans(caption, (f"{_share(left)} %", "100 %"), spans, target)


def _policies(found: Simulation) -> Shown:
    points = found.orders["clairvoyant"]
    rows = [("clairvoyant", fixed(points.mean(), 2), _share(1), *[""] * 5)]
    for policy, row in found.policies.to_dict("index").items():
        reached = (found.orders[policy] * points).mean()
        rows.append((str(policy), fixed(reached, 2), *_shares(row)))
    head = f"Share of the clairvoyant's objective over {len(points)} random orders, %"
    return Shown(head, [("Policy", "left"), ("Mean, points", "right"), *_HEADS], rows)


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


def _reserves(found: ReserveTrial, words: Words) -> Shown:
    unit = words.money.unit(found.reserves["committed_usd"])
    rows = [
        (_percent(reserve), unit.amount(row["committed_usd"]), *_shares(row))
        for reserve, row in found.reserves.to_dict("index").items()
    ]
    head = (
        f"Committing once, at {_percent(found.commit_at)} of the review, with a reserve kept back"
    )
    columns = [("Reserve", "right"), (f"Committed early, {unit.head}", "right"), *_HEADS]
    return Shown(head, columns, rows)


def _least(found: ReserveTrial) -> str:
    reserve, target = found.least(_TARGET), _percent(_TARGET)
    if reserve is None:
        return f"No reserve tried reaches {target} of the clairvoyant's objective on average."
    told = f"The smallest reserve tried that reaches {target} on average is {_percent(reserve)}"
    setting = f"allocation.reserve={general(reserve, 6)}"
    return f"{told}: {setting} keeps it; a larger one commits less early."
