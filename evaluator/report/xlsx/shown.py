"""A run's tables as a workbook shows them: names for ids, yes and no, a price of a million."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from evaluator.report.formatting.names import names_of, speller
from evaluator.report.messages import say_all
from evaluator.report.viewmodel.limits import MILLION
from evaluator.report.viewmodel.portfolio import ranked
from evaluator.report.xlsx.sheets import described
from evaluator.results.evaluation import Evaluation
from evaluator.results.schema import Column, Type

_SENTENCES = ("sentence", "capped_by")


def shown(evaluation: Evaluation, stem: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the columns of the run's CSV in their order, and what is added."""
    names, schema = names_of(evaluation), described(stem)
    say = _sayer(evaluation)
    found = table.copy()
    for name in map(str, table.columns):
        found[name] = table[name].map(say(schema.column(name)), na_action="ignore")
    if {"limit", "group"} <= {*table.columns}:
        pairs = zip(table["limit"], table["group"], strict=True)
        found["group"] = [names.group(limit, group) for limit, group in pairs]
    for price in {"shadow_price", "cut_price"} & {*table.columns}:
        found[price] = table[price] * MILLION
    return _with_standing(evaluation, found) if stem == "ranking" else found


def _sayer(evaluation: Evaluation) -> Callable[[Column], Callable[[Any], object]]:
    """Return what says the cells of a column: findings in words, ids by name, yes and no."""
    names, spelt = names_of(evaluation), speller(evaluation)
    called: Mapping[str, Callable[[str], str]] = {
        "agency": names.agency,
        "criterion": names.criterion,
        "tool": names.tool,
        "subject": spelt,
    }
    kinds: Mapping[Type, Callable[[Any], object]] = {
        "findings": partial(say_all, names=names),
        "numbers": lambda values: " ".join(f"{value:g}" for value in values),
        "flag": lambda flag: "yes" if flag else "no",
    }

    def said(column: Column) -> Callable[[Any], object]:
        if column.name in _SENTENCES:
            return spelt
        name = called.get(column.of, lambda one: one)
        if column.type == "ids":
            return lambda ids: "; ".join(map(name, ids))
        return name if column.type == "id" else kinds.get(column.type, lambda value: value)

    return said


def _with_standing(evaluation: Evaluation, table: pd.DataFrame) -> pd.DataFrame:
    """Return the ranking with what each package asks for and gets, and what the draws say."""
    rows = {row.package: row for row in ranked(evaluation)}
    inside = [rows[str(package)] for package in table["package"] if str(package) in rows]
    if len(inside) < len(table):
        return table
    found = table.assign(
        asked=[row.asked for row in inside], allocated=[row.given for row in inside]
    )
    if evaluation.uncertainty is None:
        return found
    if evaluation.uncertainty.clear is not None:
        found = found.assign(
            tier=[row.tier for row in inside],
            designated_share=pd.array([row.in_share for row in inside], dtype="Float64"),
        )
    return found.assign(
        rank_low=pd.array([row.rank_low for row in inside], dtype="Int64"),
        rank_high=pd.array([row.rank_high for row in inside], dtype="Int64"),
    )
