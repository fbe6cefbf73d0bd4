"""What the columns of a workbook are called, how their numbers are shown, and what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from evaluator.report.formatting.names import method_name, names_of
from evaluator.report.formatting.words import Words
from evaluator.report.xlsx.sheets import ADDED, ENVELOPE, WHOLE, described
from evaluator.results.evaluation import Evaluation
from evaluator.results.schema import MONEY, Column


@dataclass(frozen=True)
class Shown:
    """One column of a sheet."""

    field: str
    """Its name in the run's CSV."""
    head: str
    unit: str
    meaning: str
    pattern: str | None
    """The format of its numbers; None for text."""


_PATTERNS = {MONEY: WHOLE, "points": "0.0", "objective points": "0.000", "share": "0.0%"}
_WHOLE, _FINE = "0", "0.000"
_PRICE = "0.0000"
"""Points of objective for a further million, as the report has them."""
PER_UNIT = "objective points a unit"
"""A unit that nobody can read: a workbook has what a million is worth."""
_A_MILLION = {
    "shadow_price": "Points for a further {million}",
    "cut_price": "Points for {million} less",
}
_BY_NAME = "; by name here, the CSV has ids"


def columns(evaluation: Evaluation, stem: str, table: pd.DataFrame) -> tuple[Shown, ...]:
    """Return the columns of a run's table, in order; no two heads of one are alike."""
    said, words = _members(evaluation), names_of(evaluation).words
    added = {column.name: column for column in ADDED.get(stem, ())}
    found = []
    for field in map(str, table.columns):
        column = added.get(field) or described(stem).column(field)
        member = field.removeprefix(f"{column.name}.") if column.family else ""
        shown = _shown(field, column, said.get(column.of, str)(member), words)
        sparse = stem == "envelope" and shown.pattern == WHOLE
        found.append(replace(shown, pattern=ENVELOPE) if sparse else shown)
    count = Counter(column.head for column in found)
    return tuple(
        column if count[column.head] == 1 else replace(column, head=_apart(column))
        for column in found
    )


def _apart(column: Shown) -> str:
    return f"{column.head} ({column.field})"


def _shown(field: str, column: Column, member: str, words: Words) -> Shown:
    head, meaning = words.fill(column.head, member=member), words.fill(column.meaning)
    unit, pattern, money = column.unit, _pattern(column), words.money
    if unit == PER_UNIT:
        head = words.fill(_A_MILLION[column.name])
        unit = f"objective points a million {money.units}"
        meaning += "; here of a million, in the CSV of one"
    elif unit == MONEY:
        head += f", {money.code}" if money.code else ""
        unit = money.code or "amount"
    elif unit == "share":
        unit = "%"
    elif unit == "packages":
        unit = words.packages
    elif not unit:
        plain = "number" if column.numeric else "text"
        unit = "yes or no" if column.type == "flag" else plain
    if column.of in NAMED and not column.family:
        meaning += _BY_NAME
    return Shown(field, head, unit, meaning, pattern)


NAMED = ("agency", "criterion", "tool", "group", "subject", "override", "status")
"""What a workbook has by name."""


def _pattern(column: Column) -> str | None:
    if not column.numeric:
        return None
    if column.digits is not None:
        return f"0.{'0' * column.digits}"
    if column.unit == PER_UNIT:
        return _PRICE
    return _PATTERNS.get(column.unit, _WHOLE if column.type == "integer" else _FINE)


def _members(evaluation: Evaluation) -> Mapping[str, Callable[[str], str]]:
    """Return how the members of families are called, by what they are."""
    names = names_of(evaluation)
    return {
        "agency": names.agency,
        "criterion": names.criterion,
        "tool": names.tool,
        "method": lambda method: method_name(method)[:1].upper() + method_name(method)[1:],
    }
