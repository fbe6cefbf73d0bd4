"""Which fonts can set a text: those that come with Matplotlib, else one of the system."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from evaluator.letters import unfit

_ORDINARY = (0x20, 0x530)
"""Latin, Greek and Cyrillic letters: the fonts that come along have all of them."""


@cache
def _has(path: str, letter: str) -> bool:
    from matplotlib.font_manager import get_font

    return bool(get_font(path).get_char_index(ord(letter)))


@dataclass(frozen=True)
class Fonts:
    """What sets letters that the fonts that come along lack."""

    letters: tuple[str, ...]
    """Those letters."""
    families: tuple[str, ...]
    """Families of the system that set them."""
    missing: tuple[str, ...]
    """Letters that none sets."""


def fonts_for(texts: Iterable[str]) -> Fonts:
    """Return the fonts of the system that texts need."""
    letters = _lacking(texts)
    families, missing = _of_system(letters)
    return Fonts(tuple(letters), tuple(families), tuple(missing))


def _lacking(texts: Iterable[str]) -> list[str]:
    """Return the letters of texts that DejaVu Sans, which comes along, cannot set, sorted."""
    low, high = _ORDINARY
    letters = {letter for text in texts for letter in set(text)}
    odd = sorted(x for x in letters if not low <= ord(x) < high and not x.isspace())
    if not odd:
        return []
    from matplotlib.font_manager import findfont

    own = findfont("DejaVu Sans")
    shaping = "\u200c\u200d\u2068\u2069"
    return [x for x in odd if x not in shaping and not _has(own, x) and not [*unfit(f"x{x}x")]]


def _of_system(letters: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the families of the system that set letters, the fewest that do, and what none sets.

    Sorted by name, so that one system takes the same ones each time.
    """
    from matplotlib.font_manager import fontManager

    left = list(letters)
    families: list[str] = []
    every = sorted({(one.name, one.fname) for one in fontManager.ttflist if _is_of_text(one.name)})
    for name, path in every if left else ():
        found = [letter for letter in left if _has(path, letter)]
        if found:
            families.append(name)
            left = [letter for letter in left if letter not in found]
    return list(dict.fromkeys(families)), left


def _is_of_text(family: str) -> bool:
    return not family.startswith(("DejaVu", "Last Resort", ".LastResort", "STIX", "cm"))
