"""Numbers as a reader expects them: half away from zero, of the shortest decimal."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_UNITS = {"": 1.0, "thousand": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9}
_NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?")


def rounded(value: float, decimals: int) -> Decimal:
    """Return a number rounded half away from zero, as a person does it.

    >>> str(rounded(2.675, 2)), str(rounded(56.25, 1)), str(rounded(-0.25, 1))
    ('2.68', '56.3', '-0.3')
    """
    step = Decimal(1).scaleb(-decimals)
    found = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)
    return abs(found) if found == 0 else found


def unit(text: str, otherwise: float = 1e6) -> float:
    """Return what the amounts of a table are counted in, as its caption or a head says.

    >>> unit("Amounts, in $ million"), unit("Asked, $ thousand"), unit("Asked, $"), unit("Asked")
    (1000000.0, 1000.0, 1.0, 1000000.0)
    """
    found = re.search(r"\$ ?(million|thousand|billion|m\b)?", text)
    return _UNITS[found.group(1) or ""] if found else otherwise


def amount(text: str, usd: float, scale: float) -> bool:
    """Whether a cell of a table shows an amount of dollars; nothing may be a dash, or empty.

    >>> amount("1,100.0", 1.1e9, 1e6), amount("–", 0, 1e6), amount("–", 7, 1.0)
    (True, True, False)
    """
    if usd == 0:
        return text in ("", "0", "–", "$0", "0.0")
    return agrees(text, usd / scale, 1e-9 * max(1.0, abs(usd) / scale))


def number(text: str) -> float | None:
    """Return the first number of a text; None if there is none.

    >>> number("≤ 2,500.0"), number("−0.5"), number("–")
    (2500.0, -0.5, None)
    """
    found = _NUMBER.search(text.replace("\N{NO-BREAK SPACE}", " "))
    return None if found is None else float(found.group().replace(",", "").replace("−", "-"))


def decimals(text: str) -> int:
    """Return how many decimals the first number of a text shows."""
    found = _NUMBER.search(text.partition("e")[0])
    return len(found.group().partition(".")[2]) if found else 0


def agrees(text: str, value: float, slack: float = 1e-9) -> bool:
    """Whether a text shows a value rounded half away from zero at as many decimals as it has.

    slack: what a recomputation may be off by, within which either neighbour will do.
    """
    told = number(text)
    if told is None:
        return False
    bare = text.lstrip("≤≥$ ")
    if bare.startswith("<"):
        return 0 < value < told
    if bare.startswith(">"):
        return told < value
    places = decimals(text)
    shown = Decimal(str(told))
    near = {rounded(value + off, places) for off in (-slack, 0.0, slack)}
    return any(shown == one for one in near)
