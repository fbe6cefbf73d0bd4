"""How wide letters are, and texts broken into lines that fit: a title may be one long word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from unicodedata import category, combining

from matplotlib.font_manager import findfont, get_font
from matplotlib.ft2font import LoadFlags

_BOLD = 1.12
"""How much wider bold letters are."""
_UNKNOWN = 1.1
"""Ems of the box that stands for a letter that the font lacks: no letter is wider."""


@cache
def _advance(letter: str) -> float:
    """Return the width of a letter in ems; what the font lacks is taken for wide."""
    font = get_font(findfont("DejaVu Sans"))
    if combining(letter) or category(letter) == "Cf":
        return 0.0
    if not font.get_char_index(ord(letter)):
        return _UNKNOWN
    font.set_size(12, 72)
    return float(font.load_char(ord(letter), LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 12)


def inches(text: str, points: float, *, bold: bool = False) -> float:
    """Return how wide a text is in so many points."""
    return sum(map(_advance, text)) * points / 72 * (_BOLD if bold else 1.0)


def broken(
    text: str, room: float, points: float, *, bold: bool = False, most: int | None = None
) -> list[str]:
    """Return a text in lines of so many inches at most; beyond `most` lines it is cut.

    A line ends at a blank or a hyphen; a word wider than the room is broken.
    """
    ems = room * 72 / points / (_BOLD if bold else 1.0)
    if "\n" not in text and _ems(text) <= ems:
        return [text]
    lines = [""]
    for blanks, word in _words(text, ems):
        joined = f"{lines[-1]}{blanks}{word}"
        if lines[-1] and _ems(joined) > ems:
            lines.append(word)
        else:
            lines[-1] = joined if lines[-1] else word
    if most is None or len(lines) <= most:
        return lines
    last = f"{lines[most - 1]} {lines[most]}"
    return [*lines[: most - 1], _cut(last, ems - _advance("…")).rstrip() + "…"]


def _words(text: str, ems: float) -> Iterator[tuple[str, str]]:
    """Yield what may stand on a line of its own, each with the blanks before it."""
    blanks = ""
    for word in re.split(r"\s", text):
        for part in filter(None, re.split(r"(?<=-)", word)):
            rest = part
            while _ems(rest) > ems:
                head = _cut(rest, ems) or rest[:1]
                yield blanks, head
                rest, blanks = rest[len(head) :], ""
            if rest:
                yield blanks, rest
            blanks = ""
        blanks += " "


def _ems(text: str) -> float:
    return sum(map(_advance, text))


def _cut(text: str, ems: float) -> str:
    """Return as much of the start of a text as fits."""
    ends = accumulate(map(_advance, text))
    return text[: sum(end <= ems for end in ends)]
