"""What every limit, rule and override says of the columns, in exact rationals of a dollar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from evaluator.results.findings import Finding

Rational = Fraction | int
"""An exact number: an integer where it is whole, which is ten times as quick to reckon with."""
ZERO: Rational = 0
ONE: Rational = 1

Sense = Literal["at_most", "at_least"]
Kind = Literal["law", "goal", "rule", "override", "link", "sum"]
"""law, goal: limits of the study. rule: minimum tickets, groups, minimum support. override: a
named must or must-not. link: ties a binary to its amounts, and is never in question. sum: ties the
column of a sum, its last, to the amounts that it is of."""


def whole(number: Rational) -> Rational:
    """Return a whole number as an integer."""
    return number.numerator if number.denominator == 1 else number


@lru_cache(maxsize=65_536)
def exact(number: float) -> Rational:
    """Return a number as the decimal it was written as.

    >>> exact(0.35)
    Fraction(7, 20)
    """
    return whole(Fraction(Decimal(str(number)))) if isinstance(number, float) else int(number)


class Row(NamedTuple):
    """One linear bound on the columns; amounts and bound in USD, or counts of binaries."""

    name: str
    group: str
    kind: Kind
    sense: Sense | Literal["equal"]
    terms: Mapping[int, Rational]
    """Coefficients by column."""
    bound: Rational
    unit: Literal["usd", "count"] = "usd"
    aside: Rational | None = None
    """The bound that holds even where the row is set aside: the part of it that is a link."""
    rule: Finding | None = None
    """What a rule or an override says; None for a limit, which its name and group say."""

    @property
    def label(self) -> str:
        """The name, with the group it bounds."""
        return f"{self.name} ({self.group})" if self.group else self.name


def total(terms: Mapping[int, Rational], values: Sequence[Rational]) -> Rational:
    """Return the exact sum of coefficients times values."""
    # summed by denominator: a fraction that is made is reduced, and most of the time went there
    sums: dict[int, int] = {}
    for column, coefficient in terms.items():
        value = values[column]
        if value:
            below = coefficient.denominator * value.denominator
            sums[below] = sums.get(below, 0) + coefficient.numerator * value.numerator
    found: Rational = sums.pop(1, 0)
    for below, above in sums.items():
        found += Fraction(above, below)
    return whole(found)


def slack(row: Row, values: Sequence[Rational]) -> Rational:
    """Return how far a row is from its bound at a point; negative where it is broken."""
    used = total(row.terms, values)
    if row.sense == "equal":
        return min(row.bound - used, used - row.bound)
    return row.bound - used if row.sense == "at_most" else used - row.bound
