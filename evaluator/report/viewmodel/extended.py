"""The tables of a full run as the page shows them: chosen columns, named and with their units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evaluator.report.formatting.names import Names, names_of, speller
from evaluator.report.formatting.numbers import fixed, general, share, unit_of
from evaluator.report.formatting.phrases import OBJECTIVE_POINTS, STATUS, sentence
from evaluator.report.formatting.records import records
from evaluator.report.messages import say, say_all
from evaluator.results.evaluation import Evaluation, ExtendedTable
from evaluator.results.findings import Findings

_ROWS, _FOLDED = 200, 12
"""So many rows are shown; a table of more than so many is folded."""


@dataclass(frozen=True)
class Column:
    """A column of the page: its head, the column of the table, and how its cells are written."""

    head: str
    name: str
    kind: str = "text"
    """usd (in $ million), points, share (in %), number; package, ids, agency, group or text."""

    @property
    def numeric(self) -> bool:
        """Whether its cells stand to the right."""
        return self.kind in ("usd", "points", "share", "number")


_GIVEN = (
    Column("Proposed in all", "given_usd", "usd"),
    Column("Subsidy cost", "subsidy_usd", "usd"),
)
_OBJECTIVE = (
    Column("Objective points", "objective", "points"),
    Column("Of the best", "share", "share"),
)


def _who(against: str) -> tuple[Column, Column, Column]:
    return (
        Column("Packages", "supported", "number"),
        Column(f"Enter, against {against}", "entered", "ids"),
        Column(f"Leave, against {against}", "left", "ids"),
    )


_SHOWN: Mapping[str, tuple[Column, ...]] = {
    "next_dollars": (
        Column("What is raised", "subject"),
        Column("By", "amount_usd", "usd"),
        Column("Objective points gained", "gained", "points"),
        Column("Foretold by the shadow price, objective points", "foretold", "points"),
        Column("More of it proposed", "used_usd", "usd"),
        *_who("this run")[1:],
        Column("What holds the rest back", "capped_by"),
    ),
    "what_it_takes": (
        Column("Package", "package", "package"),
        Column("Score", "score", "points"),
        Column("Score that suffices", "score_needed", "points"),
        Column("Part of its request that fits", "request_share", "share"),
        Column("Or a limit larger by", "more_usd", "usd"),
        Column("In words", "sentence"),
    ),
    "in_the_way": (
        Column("Package", "package", "package"),
        Column("Limit", "limit"),
        Column("Bound", "bound_usd", "usd"),
        Column("More of it that suffices", "more_usd", "usd"),
        Column("Objective points gained", "gained", "points"),
        Column("Note", "note"),
    ),
    "override_costs": (
        Column("Override", "subject"),
        Column("Kind", "kind"),
        Column("Objective points lost", "lost", "points"),
        Column("Moved", "moved_usd", "usd"),
        Column("In words", "sentence"),
    ),
    "budget_sweep": (
        Column("Tool", "tool"),
        Column("Of its envelope", "factor", "share"),
        Column("Envelope", "envelope_usd", "usd"),
        Column("Proposed by it", "given_usd", "usd"),
        Column("Proposed by all", "total_usd", "usd"),
        Column("Change in objective points", "change", "points"),
        *_GIVEN[1:],
        *_who("this run"),
    ),
    "frontier_subsidy": (*_GIVEN[1:], *_OBJECTIVE, *_GIVEN[:1], *_who("the row above")),
    "frontier_concentration": (
        Column("Largest share of one group", "largest_share", "share"),
        Column("Which", "largest_group", "group"),
        *_OBJECTIVE,
        *_GIVEN,
        *_who("the row above"),
    ),
    "best_portfolios": (
        Column("Place", "rank", "number"),
        Column("Objective points", "objective", "points"),
        Column("Objective points lost", "lost", "points"),
        Column("Moved", "moved_usd", "usd"),
        *_GIVEN,
        *_who("the best"),
    ),
    "core_index": (
        Column("Package", "package", "package"),
        Column("Tier", "tier"),
        Column("Funded in", "core_index", "share"),
        Column("Error of the draws, ±", "error", "share"),
        Column("Priority in", "designated_share", "share"),
    ),
    "funded_stability": (
        Column("Influence of", "agency", "agency"),
        Column("Now", "present", "share"),
        Column("Stands from", "low", "share"),
        Column("To", "high", "share"),
        Column("Another set below, at", "differs_below", "share"),
        Column("Above, at", "differs_above", "share"),
    ),
}
_ABOUT = {
    "next_dollars": "Each envelope and each subsidy budget is raised by the amount shown.",
    "what_it_takes": "Priority packages that get nothing, and the least change that would get each "
    "of them support: a better score, a smaller request, or a larger limit.",
    "in_the_way": "The limits that keep those packages out, and how much more of each lets one in.",
    "override_costs": "What each named decision costs against leaving it out.",
    "budget_sweep": "Each tool's envelope, from half of it to half as much again.",
    "frontier_subsidy": "The best that can be had with less and less subsidy.",
    "frontier_concentration": "The best that can be had when no group may get so much.",
    "best_portfolios": "The best allocation, and the best of those that support other packages.",
    "core_index": "The priority packages stay as they are; scores are drawn anew.",
}
_FIGURES = {
    "budget_sweep": "Half of each tool's envelope, and half as much again.",
    "frontier_subsidy": "What is left of the objective when less subsidy may be used.",
    "frontier_concentration": "What is left of the objective when no group may get so much.",
}


def extended(evaluation: Evaluation) -> Mapping[str, Any] | None:
    """Return each table's title, rule, columns and rows as text; None where there are none."""
    found = evaluation.extended
    if found is None:
        return None
    write, names = _writer(evaluation), names_of(evaluation)
    shown = [(name, one) for name, one in found.tables.items() if not one.table.empty]
    return {
        "titles": evaluation.ranking["title"].to_dict(),
        "points": OBJECTIVE_POINTS[evaluation.study.scenario.allocation.objective],
        "tables": [_told(name, one, write, names) for name, one in shown],
    }


def how_found(rules: Findings, names: Names) -> str:
    """Return by which rules a table was found, each in a sentence."""
    return " ".join(sentence(say(rule, names)) for rule in rules)


def _told(
    name: str, one: ExtendedTable, write: Callable[[Any, str], str], names: Names
) -> Mapping[str, Any]:
    columns = [c for c in _columns(name, one.table) if c.name in one.table]
    if "status" in one.table and not (one.table["status"] == "optimal").all():
        columns.append(Column("How it ended", "status", "status"))
    amounts = [v for c in columns if c.kind == "usd" for v in one.table[c.name].dropna()]
    unit = unit_of(amounts)

    def cell(value: Any, kind: str) -> str:
        money = kind == "usd" and value is not None
        return unit.amount(value) if money else write(value, kind)

    return {
        "id": name.replace("_", "-"),
        "name": name,
        "title": one.title,
        "about": _ABOUT.get(name, ""),
        "rule": how_found(one.rules, names),
        "figure": _FIGURES.get(name, ""),
        "columns": columns,
        "rows": [[cell(row[c.name], c.kind) for c in columns] for row in records(one.table)][
            :_ROWS
        ],
        "folded": len(one.table) > _FOLDED,
        "more": max(0, len(one.table) - _ROWS),
        "unit": f"; amounts in {unit.head}" if amounts else "",
        "file": f"{name}.csv",
    }


def _columns(name: str, table: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns that a page shows; all of them are in the file."""
    return _SHOWN.get(name) or tuple(_inferred(table, str(column)) for column in table.columns)


def _inferred(table: pd.DataFrame, name: str) -> Column:
    """Return a column of a table that this page does not know."""
    head = name.removesuffix("_usd").replace("_", " ").capitalize()
    if name.endswith("_usd"):
        return Column(head, name, "usd")
    kind = table[name].dtype
    numeric = pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
    return Column(head, name, "number" if numeric else "text")


def _writer(evaluation: Evaluation) -> Callable[[Any, str], str]:
    """Return what writes a cell of a kind."""
    spelt, names = speller(evaluation), names_of(evaluation)
    kinds: Mapping[str, Callable[[Any], str]] = {
        "points": lambda value: fixed(value, 2),
        "share": lambda value: share(value, 1),
        "number": lambda value: general(value, 6),
        "agency": names.agency,
        "package": str,
        "status": lambda value: STATUS[value].partition(":")[0],
        "group": names.anchor,
        "ids": lambda value: "; ".join(map(names.package, value)),
        "text": lambda value: spelt(str(value)),
    }

    def write(value: Any, kind: str) -> str:
        if value is None or value in ("", ()):
            return "–"
        if isinstance(value, tuple):
            return kinds["ids"](value) if kind == "ids" else say_all(value, names)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return kinds[kind](value)

    return write
