"""The tables of a full run as the page shows them: chosen columns, named and with their units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from evaluator.questions.versions.tables import SINCE_TABLES
from evaluator.report.formatting.names import Names, names_of
from evaluator.report.formatting.numbers import fixed, general, share
from evaluator.report.formatting.phrases import OBJECTIVE_POINTS, sentence
from evaluator.report.formatting.records import records
from evaluator.report.messages import say
from evaluator.report.viewmodel.cells import Cell, in_names
from evaluator.results.evaluation import Evaluation, ExtendedTable
from evaluator.results.findings import Findings
from evaluator.results.schema import MONEY, TABLES, Column

_ROWS, _FOLDED = 200, 12
"""So many rows are shown; a table of more than so many is folded."""


_NAMED = (
    "agency",
    "country",
    "criterion",
    "group",
    "limit",
    "override",
    "package",
    "status",
    "subject",
    "tool",
)
_SHOWN: Mapping[str, tuple[str, ...]] = {
    "next_amounts": (
        *("subject", "amount_usd", "gained", "foretold", "used_usd", "entered", "left"),
        "capped_by",
    ),
    "what_it_takes": (
        *("package", "score", "score_needed", "request_share", "more_usd", "sentence"),
    ),
    "in_the_way": ("package", "limit", "bound_usd", "more_usd", "gained", "note"),
    "override_costs": ("subject", "kind", "lost", "moved_usd", "sentence"),
    "budget_sweep": (
        *("tool", "factor", "envelope_usd", "given_usd", "total_usd", "change", "subsidy_usd"),
        *("supported", "entered", "left"),
    ),
    "frontier_subsidy": (
        *("subsidy_usd", "objective", "share", "given_usd", "supported", "entered", "left"),
    ),
    "frontier_concentration": (
        *("largest_share", "largest_group", "objective", "share", "given_usd", "subsidy_usd"),
        *("supported", "entered", "left"),
    ),
    "best_portfolios": (
        *("rank", "objective", "lost", "moved_usd", "given_usd", "subsidy_usd", "supported"),
        *("entered", "left"),
    ),
    "core_index": ("package", "tier", "core_index", "error", "designated_share"),
    "coverage": ("label", "state", "packages", "others", "proposed_usd", "note", "confidence"),
    "country_facts": ("country", "criterion", "kind", "fact", "date", "citation", "confidence"),
    "funded_stability": ("agency", "present", "low", "high", "differs_below", "differs_above"),
    "law": (
        *("kind", "label", "value", "from", "until", "standing", "days_left", "next_day", "next"),
        *("confidence", "bill"),
    ),
    "law_confidence": (
        *("confidence", "bill", "kind", "label", "rests", "subject", "binds", "groups", "usd"),
    ),
}
"""Columns that a page has room for; of a table that is not here, all. The file has all."""
_ENGAGEMENT = ("coverage", "assistance", "country_facts")
_ELSEWHERE = (
    *("notices", "clocks", "acts", "notice_contents", "own_way"),
    *(*_ENGAGEMENT, *SINCE_TABLES),
)
"""Tables that another section shows."""
_FIGURES = {
    "budget_sweep": "Half of each {tool}'s {envelope}, and half as much again.",
    "frontier_subsidy": "What is left of the objective when less subsidy may be used.",
    "frontier_concentration": "What is left of the objective when no group may get so much.",
}


def extended(evaluation: Evaluation) -> Mapping[str, Any] | None:
    """Return each table's title, rule, columns and rows as text; None where there are none."""
    found = evaluation.extended
    if found is None:
        return None
    write, names = in_names(evaluation, _NAMED), names_of(evaluation)
    tables = ((name, one) for name, one in found.tables.items() if name not in _ELSEWHERE)
    parts = evaluation.study.parts
    shown = [(n, one) for n, one in tables if TABLES[n].there(parts) and not one.table.empty]
    if not shown:
        return None
    return {
        "titles": evaluation.ranking["title"].to_dict(),
        "points": names.words.fill(
            OBJECTIVE_POINTS[evaluation.study.scenario.allocation.objective]
        ),
        "tables": [_told(name, one, write, evaluation) for name, one in shown],
    }


def engagement(evaluation: Evaluation) -> Mapping[str, Any] | None:
    """Return where the strategy is met, what is asked beside money, and facts of countries."""
    found = evaluation.extended
    every = {} if found is None else found.tables
    tables = [(name, every[name]) for name in _ENGAGEMENT if name in every]
    parts = evaluation.study.parts
    shown = [(n, one) for n, one in tables if TABLES[n].there(parts) and not one.table.empty]
    if not shown:
        return None
    write = in_names(evaluation, _NAMED)
    return {
        "titles": evaluation.ranking["title"].to_dict(),
        "tables": [_told(name, one, write, evaluation) for name, one in shown],
    }


def how_found(rules: Findings, names: Names) -> str:
    """Return by which rules a table was found, each in a sentence."""
    return " ".join(sentence(say(rule, names)) for rule in rules)


def _told(name: str, one: ExtendedTable, write: Cell, evaluation: Evaluation) -> Mapping[str, Any]:
    schema, names = TABLES[name].within(evaluation.study.parts), names_of(evaluation)
    w = names.words
    wanted = [TABLES[name].column(str(c)) for c in _SHOWN.get(name, one.table.columns)]
    columns = [column for column in wanted if column in schema.columns]
    if "status" in one.table and not (one.table["status"] == "optimal").all():
        columns.append(schema.column("status"))
    amounts = [v for c in columns if c.unit == MONEY for v in one.table[c.name].dropna()]
    unit = names.words.money.unit(amounts)

    def cell(column: Column, value: Any) -> str:
        if column.unit == MONEY and value is not None:
            return unit.amount(value)
        # a package stands by its id, beside which the page has its title
        own = column.type == "id" and column.of == "package"
        return _written(column, value if own else write(column, value))

    rows = records(one.table.iloc[:_ROWS])
    return {
        "id": name.replace("_", "-"),
        "name": name,
        "title": w.fill(schema.title),
        "about": sentence(w.fill(schema.meaning)),
        "rule": how_found(one.rules, names),
        "figure": w.fill(_FIGURES.get(name, "")),
        "columns": [replace(one, head=w.fill(one.head)) for one in columns],
        "rows": [[cell(column, row[column.name]) for column in columns] for row in rows],
        "folded": len(one.table) > _FOLDED,
        "more": max(0, len(one.table) - _ROWS),
        "unit": f"; amounts in {unit.head}" if amounts else "",
        "file": f"{name}.csv",
    }


_NUMBERS: Mapping[str, Callable[[Any], str]] = {
    "points": lambda value: fixed(value, 2),
    "objective points": lambda value: fixed(value, 2),
    "share": lambda value: share(value, 1),
}


def _written(column: Column, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if column.type == "flag":
        return "yes" if value else "no"
    if column.numeric:
        return _NUMBERS.get(column.unit, lambda number: general(number, 6))(value)
    return str(value)
