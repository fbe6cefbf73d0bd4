"""What a column of numbers suggests of a criterion: its id, unit and range; what it leaves open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from evaluator.importing.tables.destination import Field
from evaluator.importing.tables.grids.grid import Cell
from evaluator.importing.tables.heads import BETTER
from evaluator.importing.tables.parsing import numbers, words
from evaluator.importing.tables.parsing.columns import read, settled
from evaluator.letters import blank, folded
from evaluator.loading.tables import cells as c
from evaluator.model.import_map import MappedColumn, MappedCriterion
from evaluator.sanitize import seen, shortened

_WORKED_OUT = frozenset(
    (
        *("total", "totals", "totalscore", "totalpoints", "sum", "average", "averagescore", "mean"),
        *("median", "rank", "ranking", "overall", "overallscore", "weightedscore", "weightedtotal"),
        *("finalscore", "weightedsum", "position", "place", "ricescore", "rice", "icescore"),
    )
)
"""Heads, by their keys, of what follows from other columns."""
_UNIT = re.compile(r".*[(\[]\s*([^)\]]{1,12}?)\s*[)\]]\s*$")
_NOT_NAME = re.compile(r"[^a-z0-9]+")
_LONG = 200
"""Letters of a head that is a name."""
_ZEROS = 0.05
"""Share of zeros from which they may stand for what is not known, where no other is near 0."""
_ORDERS = (
    ("very high", "high", "medium", "low", "very low"),
    ("very high", "high", "moderate", "low", "very low"),
    ("excellent", "very good", "good", "fair", "poor", "very poor"),
    ("outstanding", "good", "satisfactory", "unsatisfactory"),
    ("very strong", "strong", "adequate", "weak", "very weak"),
    ("strongly agree", "agree", "neutral", "disagree", "strongly disagree"),
)
"""Words of ratings in an order that everybody gives them."""
Open = tuple[str, str, tuple[str, ...]]
"""A key, why it is open, and what it may be."""


def criterion_of(
    column: MappedColumn, cells: Sequence[Cell], taken: set[str]
) -> tuple[MappedCriterion, list[Open]] | None:
    """Return the criterion that a column of numbers suggests, and what is open of it.

    None where it holds no numbers, or they number the rows or follow from other columns. taken: ids
    that others have.
    """
    if words.key(column.head.rpartition(" / ")[2]) in _WORKED_OUT:
        return None
    sound = [x for x in cells if x.fault is None and not words.is_missing(x.found.strip())]
    figures = [x for x in sound if _is_number(x)]
    if not figures or len(figures) < 0.6 * len(sound):
        return None
    unit = _unit(column.head, figures)
    to = Field("measures", "measures", "value", c.datum(c.number), {"criterion": "?"}, unit=unit)
    column, _ = settled(figures, to, column, "")
    values = []
    for cell in figures:
        try:
            values.append(Decimal(read(cell, to, column).text))
        except (ValueError, ArithmeticError):
            continue
    if not values or _numbers_rows(values):
        return None
    low, high = min(values), max(values)
    open_: list[Open] = []
    if low == high:
        fact = f"all numbers are {numbers.written(low)}: state what counts 0 and what 100."
        open_.append(("high", fact, ()))
    zeros = [v for v in values if v == 0]
    if _zeros_stand_out(values):
        others = min(abs(v) for v in values if v != 0)
        fact = (
            f"{len(zeros)} of {len(values)} are 0, the others {numbers.written(others)} or more: "
            "is 0 a number here, or not known?"
        )
        open_.append(("missing", fact, ("[]", '["0"]')))
    found = MappedCriterion(
        id=_id(column.head, taken),
        label=name_of(column.head),
        unit=unit,
        low=float(low),
        high=None if low == high else float(high),
    )
    return found, open_


def labelled(
    column: MappedColumn, cells: Sequence[Cell], taken: set[str]
) -> tuple[MappedCriterion, list[Open]] | None:
    """Return the criterion that a column of words suggests, and what is open of it.

    Its levels are the words in their usual order, in equal steps from 100 to 0; that the first is
    the best is asked. None where it holds other words, or one alone.
    """
    sound = [" ".join(x.found.split()) for x in cells if x.fault is None]
    said: dict[str, str] = {}
    for text in sound:
        if not words.is_missing(text):
            said.setdefault(folded(text), text)
    order = next((one for one in _ORDERS if said.keys() <= set(one)), None)
    if order is None or len(said) < 2:
        return None
    known = [said[word] for word in order if word in said]
    step = 100 / (len(known) - 1)
    levels = {text: round(100 - step * place, 2) for place, text in enumerate(known)}
    fact = f"taken in this order, the best first, in equal steps: is '{known[0]}' the best?"
    found = MappedCriterion(id=_id(column.head, taken), label=name_of(column.head), levels=levels)
    return found, [("levels", fact, ())]


def name_of(head: str) -> str:
    """Return what a column is called: its head, cut where it is long."""
    return "criterion" if blank(head) else seen(head[:_LONG])


def _is_number(cell: Cell) -> bool:
    if cell.kind == "number":
        return True
    return cell.kind == "text" and numbers.figure(cell.found) is not None


def _unit(head: str, cells: Sequence[Cell]) -> str:
    """Return the unit that a head states in brackets, or the sign that numbers have."""
    found = _UNIT.fullmatch(head) if len(head) < _LONG else None
    if found:
        return found[1]
    signs = {
        "%" if one.percent else one.currency
        for cell in cells
        if cell.kind == "text" and (one := numbers.figure(cell.found))
    }
    signs |= {"%" if "%" in x.signs else x.signs.strip() for x in cells if x.kind == "number"}
    signs = {numbers.CURRENCIES.get(sign.lower(), sign) for sign in signs}
    (only,) = signs if len(signs) == 1 else ("",)
    return shortened(only, 20) or ("%" if "%" in head else "units")


def _numbers_rows(values: Sequence[Decimal]) -> bool:
    """Return whether numbers only count the rows: 1, 2, 3, ..."""
    return len(values) > 2 and list(values) == [Decimal(n) for n in range(1, len(values) + 1)]


def _zeros_stand_out(values: Sequence[Decimal]) -> bool:
    """Return whether some are 0 and no other is within a tenth of the median of it."""
    others = sorted(abs(v) for v in values if v != 0)
    zeros = len(values) - len(others)
    if len(others) < 3 or zeros < max(1, _ZEROS * len(values)):
        return False
    return others[0] >= others[len(others) // 2] / 10 and others[0] > 1


def _id(head: str, taken: set[str]) -> str:
    plain = words.slug(head) or "criterion"
    name = _NOT_NAME.sub("_", plain.lower()).strip("_") or "criterion"
    number = 2
    while name in taken:
        name = f"{name.rpartition('_')[0] if number > 2 else name}_{number}"
        number += 1
    return name


def stated_direction(cell: Cell | None) -> str | None:
    """Return what a row of directions says of a column."""
    return BETTER.get(folded(cell.found.strip())) if cell else None


def stated_number(cell: Cell | None) -> float | None:
    """Return what a row of weights says of a column; None where that is no number."""
    one = numbers.figure(cell.found) if cell else None
    if one is None:
        return None
    found = numbers.conventions([one], lambda _, __: True)
    read_as = numbers.amount(one, *found[0])
    if read_as is None or not 0 <= read_as < 10**15:
        return None
    return float(read_as) / (100 if one.percent else 1)
