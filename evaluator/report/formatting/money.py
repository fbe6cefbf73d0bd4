"""How amounts are told: in the study's currency, in one unit a table."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from evaluator.model.vocabulary import Currency
from evaluator.report.formatting.numbers import MINUS, fixed

_WORDS = {1: "", 1_000: "thousand", 1_000_000: "million", 1_000_000_000: "billion"}
_MILLION, _BILLION = 1_000_000, 1_000_000_000


@dataclass(frozen=True)
class Unit:
    """What the amounts of a table are counted in, and to how many decimals."""

    mark: str
    """The currency's sign or code; empty where none is stated."""
    size: int
    """Units of the currency that it has."""
    decimals: int

    @property
    def head(self) -> str:
        """What the head of a table says: `$ million`; of no currency `millions`."""
        word = _WORDS[self.size]
        return f"{self.mark} {word}".strip() if self.mark else f"{word or 'unit'}s"

    def amount(self, amount: float | None) -> str:
        """Return an amount in this unit; a dash where there is none.

        >>> million, whole = Unit("$", 1_000_000, 1), Unit("$", 1, 0)
        >>> million.amount(8_150_000), million.amount(0), whole.amount(37_500), whole.amount(None)
        ('8.2', '0', '37,500', '–')
        """
        if amount is None:
            return "–"
        return fixed(Decimal(str(amount)) / self.size, self.decimals) if amount else "0"


@dataclass(frozen=True)
class Money:
    """How the amounts of one study are told."""

    mark: str
    """The currency's sign or code, before an amount; empty where none is stated."""
    units: str
    """Its units in a sentence, such as `dollars`."""
    code: str
    """Its code, in heads of files; empty where none is stated."""

    @property
    def before(self) -> str:
        """What stands before the digits of an amount: a code is set apart, a sign is not."""
        return f"{self.mark} " if self.mark.isalpha() else self.mark

    @property
    def million(self) -> str:
        """A million of it: `$1 million`."""
        return f"{self.before}1 million"

    def amount(self, amount: float) -> str:
        """Return an amount in the unit that a sentence needs.

        >>> told = Money("$", "dollars", "USD").amount
        >>> told(12_345_000_000), told(152_000_000), told(400_000), told(-2_500_000)
        ('$12.35 billion', '$152.0 million', '$400,000', '−$2.5 million')
        >>> Money("PLN", "PLN", "PLN").amount(990_789), Money("", "units", "").amount(990_789)
        ('PLN 990,789', '990,789')
        """
        sign, exact = MINUS if amount < 0 else "", Decimal(str(abs(amount)))
        for size, decimals in ((_BILLION, 2), (_MILLION, 1)):
            if exact >= size:
                return f"{sign}{self.before}{fixed(exact / size, decimals)} {_WORDS[size]}"
        return f"{sign}{self.before}{fixed(exact, 0)}"

    def apart(self, *amounts: float) -> tuple[str, ...]:
        """Return amounts that stand in one sentence: in full where they would else look alike.

        >>> told = Money("$", "dollars", "USD").apart
        >>> told(12_500_000, 1_000_000_000), told(12_510_000, 12_500_000)
        (('$12.5 million', '$1.00 billion'), ('$12,510,000', '$12,500,000'))
        """
        short = tuple(map(self.amount, amounts))
        if len(set(short)) == len(set(amounts)):
            return short
        return tuple(f"{MINUS if a < 0 else ''}{self.before}{fixed(abs(a), 0)}" for a in amounts)

    def unit(self, amounts: Iterable[float | None]) -> Unit:
        """Return the unit for all amounts of a table, and the decimals that the least needs.

        The largest unit that the greatest amount has one of, in which no amount is rounded by more
        than a tenth of itself; in no more than three decimals. Never billions, so that tables
        compare.

        >>> money = Money("$", "dollars", "USD")
        >>> [money.unit([50_000, 149_999, 2e8]).amount(a) for a in (50_000, 149_999, 2e8)]
        ['0.05', '0.15', '200.00']
        >>> money.unit([900_000, 8e9]).amount(900_000), money.unit([400, 8e9]).head
        ('0.9', '$ thousand')
        >>> money.unit([]).head, Money("", "units", "").unit([7]).head
        ('$ million', 'units')
        """
        known = [abs(one) for one in amounts if one and not math.isnan(one)] or [_MILLION]
        least, most = min(known), max(known)
        for size in (_MILLION, 1_000):
            for decimals in (1, 2, 3):
                if most >= size and size * 10**-decimals <= least / 5:
                    return Unit(self.mark, size, decimals)
        return Unit(self.mark, 1, 0)


NO_CURRENCY = Money("", "units", "")


def money_of(currency: Currency | None) -> Money:
    """Return how the amounts of a study are told."""
    if currency is None:
        return NO_CURRENCY
    code = currency.code
    return Money(currency.sign or code, currency.name or code, code)
