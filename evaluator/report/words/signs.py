"""Shares and signs as people read them; files for machines keep the plain numbers."""

from __future__ import annotations

import re

_HYPHEN = re.compile(r"(?<![\w.])-(?=\d)")


def share(part: float) -> str:
    """Return a share in whole percent; what is not all or nothing never looks like it.

    >>> share(0.5), share(1), share(0.999), share(0.0004), share(0), share(4.58)
    ('50 %', '100 %', '>99 %', '<1 %', '0 %', '458 %')
    """
    percent = 100 * part
    if 0 < percent < 0.5:
        return "<1 %"
    if 99.5 <= percent < 100 - 1e-6:
        return ">99 %"
    return f"{percent:,.0f} %"


def minus(text: str) -> str:
    """Return a text whose negative numbers have a true minus sign.

    >>> minus("-1.5 to +2"), minus("SP26-05, 2026-07-15")
    ('−1.5 to +2', 'SP26-05, 2026-07-15')
    """
    return _HYPHEN.sub("−", text)
