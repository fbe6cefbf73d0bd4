"""A run's tables as a workbook shows them: names for ids, yes and no, a price of a million."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from evaluator.report.formatting.names import agency_names, names_of, speller
from evaluator.report.messages import say_all
from evaluator.report.viewmodel.limits import MILLION
from evaluator.report.viewmodel.portfolio import ranked
from evaluator.report.xlsx.sheets import described
from evaluator.results.evaluation import Evaluation
from evaluator.results.schema import TABLES

_AGENCY = ("agency", "other", "lowest_agency", "decisive", "below_floor", "below_median")
_TEXTS = ("reason", "note", "sentence", "capped_by", "drivers", "subject")


def shown(evaluation: Evaluation, stem: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the columns of the run's CSV in their order, and what is added."""
    named = _names(evaluation)
    found = table.copy()
    said = partial(say_all, names=names_of(evaluation))
    schema = TABLES.get(stem)
    for column in map(str, table.columns):
        if schema and schema.column(column).type == "findings":
            found[column] = table[column].map(said)
        elif column in named:
            found[column] = table[column].map(named[column], na_action="ignore")
        elif column == "panel":
            found[column] = [" ".join(f"{value:g}" for value in values) for values in table[column]]
        elif described(stem).column(column).type == "ids":
            found[column] = table[column].map("; ".join)
        elif pd.api.types.is_bool_dtype(table[column]):
            found[column] = table[column].map({True: "yes", False: "no"})
    if {"limit", "group"} <= {*table.columns}:
        called, pairs = names_of(evaluation).group, zip(table["limit"], table["group"], strict=True)
        found["group"] = [called(limit, group) for limit, group in pairs]
    for price in {"shadow_price", "cut_price"} & {*table.columns}:
        found[price] = table[price] * MILLION
    return _with_standing(evaluation, found) if stem == "ranking" else found


def _names(evaluation: Evaluation) -> Mapping[str, Callable[[object], object]]:
    """Return by column what says its ids in names; what is no id stays as it is."""
    study, agencies, names = evaluation.study, agency_names(evaluation), names_of(evaluation)
    criteria = {name: one.label for name, one in study.criteria.items()}
    tools = {tool: names.tool(tool) for tool in study.tools}
    spelt = speller(evaluation)
    return {
        **dict.fromkeys(_TEXTS, lambda text: spelt(str(text))),
        **dict.fromkeys(_AGENCY, _listed(agencies, ", ")),
        "criterion": _listed(criteria, "; "),
        "red_flags": _listed(criteria, "; "),
        "tool": _listed(tools, "; "),
    }


def _listed(names: Mapping[str, str], mark: str) -> Callable[[object], object]:
    return lambda ids: mark.join(names.get(one, one) for one in str(ids).split(mark))


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
