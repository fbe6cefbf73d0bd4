"""How numbers are written, in every medium: one rounding, one unit a table, no minus of a zero.

A number is rounded half away from zero, from the shortest decimal that reads back as it: what a
reader does by hand with the number in the run's files, and what spreadsheets do. The page's script
does the same and is held to vectors that `fixed` writes.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import SupportsFloat

MINUS = "−"
_LEAST = Decimal("0.000001")
"""What is less is only said to be."""
_CONTEXT = Context(prec=400, rounding=ROUND_HALF_UP)
"""Any double with a few decimals fits."""
_MOST = 12
"""Decimals at most, and those of a double that mean something in points."""


def _decimal(value: SupportsFloat) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def fixed(value: SupportsFloat, decimals: int) -> str:
    """Return a number with so many decimals, digits in groups of three.

    >>> fixed(2.675, 2), fixed(56.25, 1), fixed(-0.04, 1), fixed(-1234.5, 0)
    ('2.68', '56.3', '0.0', '−1,235')
    """
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-decimals), context=_CONTEXT)
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):,f}"


def signed(change: SupportsFloat, decimals: int) -> str:
    """Return a change with its sign, none where it is shown as 0.

    >>> signed(-1234.5, 1), signed(0.04, 1), signed(3, 0)
    ('−1,234.5', '0.0', '+3')
    """
    text = fixed(change, decimals)
    nothing = text == fixed(0, decimals)
    return text if nothing or text.startswith(MINUS) else f"+{text}"


def general(value: SupportsFloat, digits: int) -> str:
    """Return a number in so many significant digits, without zeros at the end.

    >>> general(0.045, 1), general(12345.678, 6), general(1850, 2), general(25.0, 4)
    ('0.05', '12,345.7', '1,900', '25')
    >>> general(0, 2), general(4e-16, 2)
    ('0', '<0.000001')
    """
    exact = _decimal(value)
    if not exact:
        return "0"
    if abs(exact) < _LEAST:
        return f"{MINUS if exact < 0 else ''}<{_LEAST:f}"
    step = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    text = f"{abs(exact.quantize(step, context=_CONTEXT)):,f}"
    return f"{MINUS if exact < 0 else ''}{text.rstrip('0').rstrip('.') if '.' in text else text}"


def measured(raw: str) -> str:
    """Return what was measured with separators, where it is a number.

    >>> measured("15200"), measured("-0.004"), measured("2026-05-28")
    ('15,200', '−0.004', '2026-05-28')
    """
    try:
        return general(float(raw), 10)
    except ValueError:
        return raw


def apart(value: float, bound: float, decimals: int = 1) -> str:
    """Return a number with as many decimals as part it from the bound that it is set against.

    >>> apart(49.96, 50), apart(50.0, 50), apart(49.2, 50), apart(50.04, 50)
    ('49.96', '50.0', '49.2', '50.04')
    """
    if value == bound:
        return fixed(value, decimals)
    enough = (n for n in range(decimals, _MOST) if fixed(value, n) != fixed(bound, n))
    return fixed(value, next(enough, _MOST))


def points(value: float) -> str:
    """Return a score of 0..100 to one decimal.

    >>> points(61.25)
    '61.3'
    """
    return fixed(value, 1)


def share(part: float, decimals: int = 0) -> str:
    """Return a share in percent; 0 and 100 are said only of none and of all.

    >>> share(0.553), share(1), share(0.999), share(0.0004), share(0), share(0.9996, 1)
    ('55 %', '100 %', '>99 %', '<1 %', '0 %', '>99.9 %')
    >>> share(0.125), share(1.004), share(-0.02)
    ('13 %', '>100 %', '−2 %')
    """
    percent, step = 100 * _decimal(part), Decimal(1).scaleb(-decimals)
    rounded = percent.quantize(step, context=_CONTEXT)
    if abs(percent - round(percent)) < Decimal("1e-9") and round(percent) in (0, 100):
        return f"{round(percent)} %"  # what is closer is a sum that was rounded
    if rounded == 0:
        return f"{MINUS if percent < 0 else ''}<{step:f} %"
    if rounded == 100:
        return f">{100 - step:f} %" if percent < 100 else ">100 %"
    return f"{fixed(rounded, decimals)} %"


def counted(count: int, noun: str) -> str:
    """Return so many of something.

    >>> counted(1, "package"), counted(2, "package")
    ('1 package', '2 packages')
    """
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
