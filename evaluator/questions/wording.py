"""Amounts and shares in the sentences of questions."""

from __future__ import annotations

from fractions import Fraction


def dollars(amount: float | Fraction) -> str:
    """Write an amount of money.

    >>> dollars(12_500_000)
    '12,500,000 USD'
    """
    return f"{float(amount):,.2f}".removesuffix(".00") + " USD"


def percent(share: float | Fraction) -> str:
    """Write a share.

    >>> percent(0.125)
    '12.5 %'
    """
    return f"{float(share) * 100:.6g} %"
