"""What makes a package win, and what swaps two packages, as data and as text for the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from evaluator.model.study import Study
from evaluator.questions.weighing.what_wins import OneFact, Shares, Swap, Wins
from evaluator.report.formatting.names import Names, method_name, study_names
from evaluator.report.formatting.numbers import counted, fixed, general
from evaluator.report.formatting.text import Columns
from evaluator.report.terminal.tables import titled_table
from evaluator.uncertainty.stability.reach import Goal

_MOVES, _FACTS = 6, 8
"""Moved shares of one change, and single facts, that a terminal shows."""
_GOALS: dict[Goal, str] = {"first": "First", "priority": "{Priority}"}
_ONE = "One share moved, the others in proportion: a smaller change of several is not excluded."


def wins_data(found: Wins) -> dict[str, Any]:
    """Return what makes a package win as plain data for JSON."""
    return asdict(found)


def swap_data(found: Swap) -> dict[str, Any]:
    """Return what swaps two packages as plain data for JSON."""
    return asdict(found)


def wins_text(found: Wins, study: Study) -> str:
    """Return what makes a package win as text."""
    names = study_names(study)
    parted = "designation" in study.parts
    goals = [goal for goal in _GOALS if parted or goal == "first"]
    lines = [_goal(found, goal, study, names) for goal in goals]
    if any(one.sought for ways in found.ways.values() for one in ways if one.changes):
        lines.append(f"  {_ONE}")
    return "\n".join(["What would make it win", *lines, ""])


def _goal(found: Wins, goal: Goal, study: Study, names: Names) -> str:
    ways, head = found.ways[goal], names.words.fill(_GOALS[goal])
    first = ways[0]
    if first.outcome == "already":
        return f"  {head}: it is, as it stands."
    if first.outcome == "ineligible":
        return f"  {head}: no weights help; what keeps it out stands above."
    told = [_way(one, study, names) for one in _best(found, goal)]
    if not told:
        return f"  {head}: {_none(found, goal, study, names)}"
    return "\n".join(f"  {head} if {one}." for one in told)


def _best(found: Wins, goal: Goal) -> Iterator[Shares]:
    for lever in ("influence", "weights"):
        best = found.best(goal, lever)
        if best is not None:
            yield best


def _none(found: Wins, goal: Goal, study: Study, names: Names) -> str:
    ways, alone = found.ways[goal], "agencies" not in study.parts
    if not found.linear:
        method = method_name(study.scenario.method.name)
        return (
            f"no single {'weight' if alone else 'share of influence or weight'} brings it there. "
            "Several moved together were "
            f"not looked at: under {method} there is no formula for them."
        )
    if any(one.outcome == "unknown" for one in ways):
        return "not known: the search was stopped by its time limit."
    if any((one.lever, one.outcome) == ("any weights", "impossible") for one in ways):
        whatever = "" if alone else ", whatever the influence"
        return f"no weights of the criteria do{whatever}."
    several = " Influence and weights changed together can." if goal == "first" else ""
    return (
        f"neither another influence nor the weights of any one {names.words.agency} alone "
        f"do.{several}"
    )


def _way(one: Shares, study: Study, names: Names) -> str:
    several = one.agency is not None and len(study.agencies) > 1
    whose = f" within {names.agency(str(one.agency))}" if several else ""
    what = "influence" if one.lever == "influence" else f"the weight{whose}"
    return f"{_percent(one.moved or 0.0)} of {what} changes hands: {_moves(one, names)}"


def _moves(one: Shares, names: Names) -> str:
    name = names.agency if one.lever == "influence" else names.criterion
    largest = sorted(one.changes, key=lambda change: -abs(change[1] - change[2]))
    told = [f"{name(of)} {_percent(old)} -> {_percent(new)}" for of, old, new in largest[:_MOVES]]
    more = len(largest) - _MOVES
    return ", ".join([*told, *([f"and {more} more"] if more > 0 else [])])


def _percent(part: float) -> str:
    """Return a share in percent, small ones with as many decimals as tell them from nothing."""
    percent = 100 * part
    return f"{fixed(percent, 1) if percent >= 1 or not percent else general(percent, 2)} %"


def swap_text(found: Swap, study: Study) -> str:
    """Return what swaps two packages as text."""
    names = study_names(study)
    behind, ahead = (f"{names.package(one)} ({one})" for one in (found.behind, found.ahead))
    if not found.gap:
        return f"{behind} and {ahead} are tied: any change parts them.\n"
    unit = {"weighted_sum": " points"}.get(study.scenario.method.name, "")
    parts = [
        f"{behind} is {general(found.gap, 3)}{unit} behind {ahead}. Smallest changes that bring it "
        "level:",
        _shares_table(found.shares, study, names),
    ]
    if any(one.sought and one.changes for one in found.shares):
        parts.append(f"{_ONE}\n")
    parts.append(_facts_table(found.facts, names))
    if not found.facts:
        parts.append("No single rating or measure of either is enough.\n")
    return "\n".join(part for part in parts if part)


def _shares_table(every: Sequence[Shares], study: Study, names: Names) -> str:
    words = {"impossible": "none is enough", "unknown": "no single share is enough"}
    columns: Columns = [("Of", "left"), ("Changes hands", "right"), ("What moves", "left")]
    alone = "agencies" not in study.parts
    told = [one for one in every if not alone or one.agency is not None]
    order = sorted(told, key=lambda one: (one.moved is None, one.moved or 0.0))
    rows = [
        (
            "Influence"
            if one.agency is None
            else "Weights"
            if alone
            else f"Weights of {names.agency(one.agency)}",
            _percent(one.moved) if one.moved is not None else "-",
            _moves(one, names) if one.moved is not None else words[one.outcome],
        )
        for one in order
    ]
    return titled_table(
        "The weights" if alone else "Influence, or the weights of one", columns, rows
    )


def _facts_table(facts: Sequence[OneFact], names: Names) -> str:
    heads = (names.words.head.package, "Criterion", "By", "From", "To", "Change")
    rows = [
        (
            one.package,
            names.criterion(one.criterion),
            one.evaluator or "",
            *(_value(each) for each in (one.old, one.new)),
            counted(one.steps, "level") if one.steps else f"{general(one.points, 3)} points",
        )
        for one in facts[:_FACTS]
    ]
    table = titled_table("One rating or measure", [(head, "left") for head in heads], rows)
    settable = sorted((one for one in facts if one.set), key=lambda one: isinstance(one.to, dict))
    if not settable:
        return table
    key, to = settable[0].set, settable[0].to
    said = to if isinstance(to, str) else json.dumps(to)
    return f"{table}Try one: --set '{key}={said}' --because ...\n"


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else general(value, 6)
