"""What every limit, rule and override says of the columns, in exact rationals of a dollar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from evaluator.results.findings import Finding

ZERO, ONE = Fraction(0), Fraction(1)

Sense = Literal["at_most", "at_least"]
Kind = Literal["law", "goal", "rule", "override", "link", "sum"]
"""law, goal: limits of the study. rule: minimum tickets, groups, minimum support. override: a
named must or must-not. link: ties a binary to its amounts, and is never in question. sum: ties the
column of a sum, its last, to the amounts that it is of."""


@lru_cache(maxsize=65_536)
def exact(number: float) -> Fraction:
    """Return a number as the decimal it was written as.

    >>> exact(0.35)
    Fraction(7, 20)
    """
    return Fraction(Decimal(str(number))) if isinstance(number, float) else Fraction(number)


@dataclass(frozen=True, slots=True)
class Row:
    """One linear bound on the columns; amounts and bound in USD, or counts of binaries."""

    name: str
    group: str
    kind: Kind
    sense: Sense | Literal["equal"]
    terms: Mapping[int, Fraction]
    """Coefficients by column."""
    bound: Fraction
    unit: Literal["usd", "count"] = "usd"
    aside: Fraction | None = None
    """The bound that holds even where the row is set aside: the part of it that is a link."""
    rule: Finding | None = None
    """What a rule or an override says; None for a limit, which its name and group say."""

    @property
    def label(self) -> str:
        """The name, with the group it bounds."""
        return f"{self.name} ({self.group})" if self.group else self.name


def total(terms: Mapping[int, Fraction], values: Sequence[Fraction | int]) -> Fraction:
    """Return the exact sum of coefficients times values."""
    # summed by denominator: a fraction that is made is reduced, and most of the time went there
    sums: dict[int, int] = {}
    for column, coefficient in terms.items():
        value = values[column]
        if value:
            below = coefficient.denominator * value.denominator
            sums[below] = sums.get(below, 0) + coefficient.numerator * value.numerator
    return sum((Fraction(above, below) for below, above in sums.items()), ZERO)


def slack(row: Row, values: Sequence[Fraction | int]) -> Fraction:
    """Return how far a row is from its bound at a point; negative where it is broken."""
    used = total(row.terms, values)
    if row.sense == "equal":
        return -abs(row.bound - used)
    return row.bound - used if row.sense == "at_most" else used - row.bound
