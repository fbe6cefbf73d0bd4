"""Amounts of other currencies -> the one that a field counts in, by dated rates of the map."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from evaluator.importing.tables.destination import Field
from evaluator.importing.tables.grids.grid import Cell, Question
from evaluator.importing.tables.parsing import numbers
from evaluator.model.import_map import MappedColumn, MappedRate

Rates = Mapping[tuple[str, str], MappedRate]
"""By base and quote."""
_WORD = re.compile(r"(?<![A-Za-z])(?:[A-Z]{3}|[^\w\s.,;:/()\[\]])(?![A-Za-z])")


def counted_in(to: Field) -> str:
    """Return the currency in which a field counts, by ISO 4217; empty where none is stated.

    Of a measure, what its unit says: `EUR`, a sign; not `ft` or `lei`, which may be something else.
    """
    if to.parser.kind == "money":
        return to.unit
    word = to.unit.isascii() and to.unit.isalpha() and not to.unit.isupper()
    return "" if word else numbers.CURRENCIES.get(to.unit.lower(), "")


def of_cell(cell: Cell) -> str:
    """Return the currency that a cell states: a code, `$` of some dollars, or empty."""
    if cell.kind == "number":
        return numbers.CURRENCIES.get(cell.signs.strip("% ").lower(), "")
    one = numbers.figure(cell.found) if cell.kind == "text" else None
    return one.currency if one else ""


def of_head(head: str) -> str:
    """Return the currency that a head states, where it states one: a sign, or a code in capitals.

    >>> of_head("Cost (EUR)"), of_head("Price, \N{EURO SIGN}"), of_head("Cost (USD) or EUR")
    ('EUR', 'EUR', '')
    >>> of_head("amount_usd"), of_head("TRY AGAIN")
    ('', '')
    """
    if head.isupper() and not re.search(r"[(\[]", head):
        return ""
    found = {numbers.CURRENCIES.get(word.lower(), "") for word in _WORD.findall(head)} - {""}
    return found.pop() if len(found) == 1 else ""


def settled(
    cells: Sequence[Cell], to: Field, mapped: MappedColumn, where: str, rates: Rates
) -> tuple[MappedColumn, list[Question]]:
    """Return a column of the map with the currency that its head states, and what is open.

    An answer to `rates` stands beside the sheets, at the top of the map.
    """
    own = counted_in(to)
    stated = list(dict.fromkeys(filter(None, map(of_cell, cells))))
    if mapped.currency is None:
        above = of_head(mapped.head)
        known = [own] if own else stated
        if above and known and not any(numbers.may_be(above, one) for one in known):
            if above == "$":
                fact = f"the head says $, and amounts are in {known[0]}: which dollars are they?"
                return mapped, [Question(where, ("currency",), fact, sorted(numbers.DOLLARS))]
            mapped = mapped.model_copy(update={"currency": above})
        if not own and len(stated) > 1:
            fact = f"cells are in {' and in '.join(stated)}: what does the column count in?"
            return mapped, [Question(where, ("currency",), fact, stated)]
    if not own:
        return mapped, []
    bare = [mapped.currency] if mapped.currency and any(not of_cell(x) for x in cells) else []
    lacking = [
        one
        for one in dict.fromkeys([*(_meant(sign, mapped) for sign in stated), *bare])
        if not numbers.may_be(one, own) and (one, own) not in rates
    ]
    return mapped, [
        Question(
            where,
            ("rates",),
            f"amounts are in {own}, and cells are in {one}: what is one {one} in {own}, of which "
            "day, and who says so?",
            (f"a list of base, quote, rate, date and citation, with base {one} and quote {own}",),
        )
        for one in lacking
    ]


def _meant(stated: str, mapped: MappedColumn) -> str:
    """Return the currency of a cell: what it states, or its column."""
    some_dollars = stated == "$" and mapped.currency in numbers.DOLLARS
    return mapped.currency or "" if not stated or some_dollars else stated


def rate_of(stated: str, to: Field, mapped: MappedColumn, rates: Rates) -> MappedRate | None:
    """Return the rate by which a number is taken, None where it counts in the field's currency.

    stated: the currency that its cell states. Raises ValueError, with the fact and, below it, the
    remedy, where there is no rate.
    """
    own, meant = counted_in(to), _meant(stated, mapped)
    if numbers.may_be(meant, own or mapped.currency or ""):
        return None
    if not own:
        fact = f"is in {meant}, and its column in {mapped.currency}."
        raise ValueError(f"{fact}\nConvert it, or map each currency to a column of its own.")
    if (meant, own) not in rates:
        fact = f"is in {meant}, and amounts are in {own}."
        raise ValueError(f"{fact}\nConvert it, or state a dated rate of {meant} in the map.")
    return rates[meant, own]


def told(rate: MappedRate) -> str:
    """Return how a number was converted, in the words of the record."""
    return f"{rate.base} at {numbers.written(exact(rate))} {rate.quote} of {rate.date}"


def exact(rate: MappedRate) -> Decimal:
    """Return a rate as it is written."""
    return Decimal(str(rate.rate))
