"""The least-regret portfolio over several scenarios: what it loses where, beside the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from evaluator.questions.versions.least_regret import LEAST
from evaluator.questions.versions.regret import Regret
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import fixed, general
from evaluator.report.formatting.phrases import STATUS, sentence
from evaluator.report.formatting.text import Columns, amounts_rows
from evaluator.report.formatting.words import Words
from evaluator.report.messages import say, say_all
from evaluator.report.viewmodel.answers import Answer, Heat, Shaded, Shown, shade

_NAMED = 4
"""Scenarios from beyond which columns are headed by numbers."""
_TIE = 0.005
"""Points that a table of two decimals does not show."""


def answer(found: Regret, names: Names) -> Answer:
    """Return the portfolio that loses least in the worst scenario, and what each loses where."""
    words, labels = names.words, _labels(found).values()
    lines = [f"Least maximum regret over {len(labels)} scenarios: {', '.join(labels)}"]
    question = "Which portfolio loses least, whichever scenario holds?"
    notes = tuple(_notes(found, names))
    if not found.found:
        return Answer(question, (*lines, _why_none(found, words)), None, (), notes)
    tables = [_regrets(found), _not_allowed(found, names), _scenarios(found)]
    given = found.least.allocations[LEAST]
    given = given.loc[given.any(axis=1), given.any(axis=0)]
    if not given.empty:
        unit, columns, rows, total = amounts_rows(given, words)
        head = f"What the least-regret portfolio gives, {unit.head}"
        tables.append(Shown(head, columns, rows, total))
    shown = tuple(table for table in tables if table.rows)
    return Answer(question, (*lines, *_verdict(found)), _heat(found), shown, notes)


def _heat(found: Regret) -> Heat:
    """Return what each portfolio loses in each scenario, and at most, as shades."""
    rows = {LEAST: found.least.matrix.to_dict("index")[LEAST]}
    rows |= {f"best of {name}": lost for name, lost in found.own.to_dict("index").items()}
    known = [float(x) for lost in rows.values() for x in lost.values() if not pd.isna(x)]
    most = max(known, default=0.0)

    def cell(lost: Any) -> Shaded:
        if pd.isna(lost):
            return Shaded("not allowed", 0)
        return Shaded(_points(lost), shade(float(lost), most) if float(lost) >= _TIE else 0)

    def largest(lost: Mapping[Any, Any]) -> Shaded:
        some = [x for x in lost.values() if pd.isna(x)]
        return Shaded("–", 0) if some else cell(max(0.0, *map(float, lost.values())))

    heads = tuple(f"If {name}" for name in found.scenarios.index)
    drawn = ((head, (*map(cell, lost.values()), largest(lost))) for head, lost in rows.items())
    caption = "Points lost against the best of the scenario that holds: the darker the more"
    return Heat(caption, "Portfolio", (*heads, "At most"), tuple(drawn), LEAST)


def least_of(found: Regret) -> dict[str, Any]:
    """Return the regret of the least-regret portfolio: largest, mean, bound, gap."""
    row = found.least.portfolios.to_dict("index")[LEAST]
    return {
        "max_regret": float(row["max_regret"]),
        "worst": str(row["worst"]),
        "mean_regret": float(row["mean_regret"]),
        "bound": found.least.bound,
        "gap": found.gap,
    }


def _why_none(found: Regret, words: Words) -> str:
    status = found.least.status
    if status != "infeasible":
        return sentence(words.fill(STATUS[status]))
    alone = found.scenarios.index[found.scenarios["status"] == "infeasible"]
    if len(alone):
        return f"No allocation keeps every limit and override of {', '.join(alone)} by itself."
    return "Each scenario has an allocation, but none keeps the limits and overrides of them all."


def _verdict(found: Regret) -> list[str]:
    rows = found.scenarios.to_dict("index")
    least = least_of(found)
    worst, most = rows[least["worst"]], least["max_regret"]
    if most < _TIE:
        said = ["One portfolio is best in every scenario: nothing need be given up."]
    else:
        said = [
            f"The least-regret portfolio loses at most {fixed(most, 2)} points,"
            f" {fixed(100 * worst['lost_share'], 1)} % of the best, in {least['worst']};"
            f" {fixed(least['mean_regret'], 2)} on average."
        ]
        unavoidable = worst["best"] - worst["allowed"]
        if unavoidable >= _TIE:
            said.append(
                f"Of those, {fixed(unavoidable, 2)} are the price of the other scenarios' limits, "
                f"and {fixed(max(0.0, most - unavoidable), 2)} that of not knowing which scenario "
                "holds."
            )
    gap = f"{general(found.gap, 2)} points"
    said.append(
        f"Proven: no portfolio that all allow has a smaller maximum regret (to {gap})."
        if found.proven
        else f"A solve was stopped early: a maximum regret smaller by {gap} is not excluded, and"
        " the best of a scenario may be better than the one found."
    )
    return said


def _regrets(found: Regret) -> Shown:
    names = _heads(found)
    columns = [
        ("Portfolio", "left"),
        *((f"If {name}", "right") for name in names.values()),
        ("Largest", "right"),
        ("Mean", "right"),
    ]
    rows = [_losses(LEAST, found.least.matrix.to_dict("index")[LEAST])]
    for name, lost in found.own.to_dict("index").items():
        rows.append(_losses(f"best of {names[str(name)]}", lost))
    return Shown("Points lost against the best of the scenario that holds", columns, rows)


def _heads(found: Regret) -> dict[str, str]:
    """Return how the head of a column calls each scenario: by number where columns are many."""
    names = [str(name) for name in found.scenarios.index]
    many = len(names) > _NAMED
    return {name: str(number) if many else name for number, name in enumerate(names, 1)}


def _labels(found: Regret) -> dict[str, str]:
    """Return how a row calls each scenario: by name, after its number where it has one."""
    heads = _heads(found).items()
    return {name: name if head == name else f"{head} {name}" for name, head in heads}


def _losses(portfolio: str, lost: Mapping[Any, Any]) -> tuple[str, ...]:
    known = [max(0.0, float(points)) for points in lost.values() if not pd.isna(points)]
    whole = len(known) == len(lost)
    return (
        portfolio,
        *("not allowed" if pd.isna(points) else _points(points) for points in lost.values()),
        _points(max(known)) if whole else "",
        _points(sum(known) / len(known)) if whole else "",
    )


def _points(value: float) -> str:
    return fixed(max(0.0, float(value)), 2)


def _and_more(count: int) -> str:
    return f" and {count} more" if count else ""


def _not_allowed(found: Regret, names: Names) -> Shown:
    columns = [("Best of", "left"), ("If", "left"), ("Breaks", "left")]
    rows = [
        (name, other, say(faults[0], names) + _and_more(len(faults) - 1))
        for (name, other), faults in found.faults.items()
    ]
    return Shown("Why a portfolio is not allowed elsewhere", columns, rows)


def _scenarios(found: Regret) -> Shown:
    columns: Columns = [
        ("Scenario", "left"),
        ("Its best", "right"),
        ("Best that all allow", "right"),
        ("Least regret", "right"),
        ("Lost", "right"),
        ("Lost, %", "right"),
    ]
    names = _labels(found)
    rows = [
        (
            names[str(name)],
            _points(row["best"]),
            _points(row["allowed"]),
            _points(row["hedged"]),
            _points(row["lost"]),
            "" if pd.isna(row["lost_share"]) else fixed(max(0.0, 100 * row["lost_share"]), 1),
        )
        for name, row in found.scenarios.to_dict("index").items()
    ]
    return Shown("Objective in each scenario, points", columns, rows)


def _notes(found: Regret, names: Names) -> list[str]:
    first = found.scenarios.index[0]
    notes = [
        f"{sentence(say(found.rule, names))} Every portfolio keeps its scenario's limits, the"
        f" least-regret one those of all. Goals are those of {first}."
    ]
    for what, told in (
        (f"Would not be {names.words.priority}", found.doubted),
        ("Left out, for it failed a requirement", found.barred),
    ):
        listed = "; ".join(f"{p} (in {', '.join(where)})" for p, where in told.items())
        notes += [f"{what}: {listed}."] if told else []
    if found.least.certificate:
        notes.append(f"The certificate finds broken: {say_all(found.least.certificate, names)}.")
    return notes
