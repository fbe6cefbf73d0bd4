"""Texts of the brief, cut to what a page can bear: at a blank, and between facts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from unicodedata import east_asian_width

from evaluator.report.formatting.phrases import sentence

_WIDE = "MWmw@%"


def short(text: str, length: int) -> str:
    """Return a text cut to a length in letters, of which wide ones count twice.

    It is cut at a blank, unless its last word is longer than half of what is kept.

    >>> short("one of many", 9), short("one of many", 12), short("a" * 12, 9)
    ('one of…', 'one of many', 'aaaaaaaa…')
    """
    if 2 * len(text) <= length:
        return text
    ends = list(accumulate(_counted(letter) for letter in text))
    if not ends or ends[-1] <= length:
        return text
    place = bisect_right(ends, length - 1)
    blank = text.rfind(" ", 0, place + 1)
    return f"{text[: blank if 2 * blank > place else place].rstrip(' ,;:')}…"


def _counted(letter: str) -> int:
    return 2 if letter in _WIDE or east_asian_width(letter) in "WF" else 1


def whole(facts: Iterable[str], length: int) -> str:
    """Return facts as sentences, each whole; how many more there are where not all fit.

    The first stands in any case.

    >>> whole(["one", "", "two"], 40), whole(["one", "two", "three"], 12)
    ('One. Two.', 'One. Two. … and 1 more.')
    """
    told = [sentence(fact) for fact in facts if fact]
    ends = [*accumulate(len(fact) + 1 for fact in told)]
    count = max(1, bisect_right(ends, length))
    more = len(told) - count
    kept = [short(told[0], length), *told[1:count]] if told else []
    return " ".join([*kept, *([f"… and {more} more."] if more > 0 else [])])
