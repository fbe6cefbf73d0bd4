"""A run's tables as a workbook shows them: names for ids, yes and no, a price of a million."""

from __future__ import annotations

import pandas as pd

from evaluator.report.formatting.names import names_of
from evaluator.report.viewmodel.cells import in_names
from evaluator.report.viewmodel.money.limits import MILLION
from evaluator.report.viewmodel.packages.portfolio import ranked
from evaluator.report.xlsx.columns import NAMED, PER_UNIT
from evaluator.report.xlsx.sheets import described
from evaluator.results.evaluation import Evaluation


def shown(evaluation: Evaluation, stem: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the columns of the run's CSV in their order, and what is added."""
    schema, cell = described(stem), in_names(evaluation, NAMED)
    found = table.copy()
    for name in map(str, table.columns):
        column = schema.column(name)
        if column.type == "flag":
            found[name] = table[name].map({True: "yes", False: "no"})
        elif column.unit == PER_UNIT:
            found[name] = table[name] * MILLION
        elif not column.numeric:
            found[name] = [cell(column, one) for one in table[name].tolist()]
    if {"limit", "group"} <= {*table.columns}:
        called, pairs = names_of(evaluation).group, zip(table["limit"], table["group"], strict=True)
        found["group"] = [called(limit, group) for limit, group in pairs]
    return _with_standing(evaluation, found) if stem == "ranking" else found


def _with_standing(evaluation: Evaluation, table: pd.DataFrame) -> pd.DataFrame:
    """Return the ranking with what each package asks for and gets, and what the draws say."""
    rows = {row.package: row for row in ranked(evaluation)}
    inside = [rows[str(package)] for package in table["package"] if str(package) in rows]
    if len(inside) < len(table):
        return table
    parts, found = evaluation.study.parts, table
    if "requests" in parts:
        found = found.assign(asked=[row.asked for row in inside])
    if "allocation" in parts:
        found = found.assign(allocated=pd.array([row.given for row in inside], dtype="Int64"))
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
