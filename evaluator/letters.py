"""Letters of Unicode: which no text may hold, when a text says nothing, which texts are alike.

One rule, by category and class of direction (Unicode Standard Annexes 9 and 44). What is not seen
is refused, but for two kinds that people write: joiners that shape the letters beside them
(Persian, Indic scripts, emoji) and the marks that choose the form of the sign before them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_UNFIT = frozenset(("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"))
_TURNS = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
_MARKS = "\u200e\u200f\u061c"
"""Marks of direction: a strong class of their own, and nothing to be seen."""
_JOINERS = "\u200c\u200d"
_FORMS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_UNSEEN = re.compile(f"[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0{_FORMS}]")
"""What is not seen, though its category says that it is a mark or a letter."""
_FORM = re.compile(f"[{_FORMS}]")
_ABOVE = "".join(map(chr, range(0x064B, 0x0660)))
"""Marks of Arabic that may stand between a letter and its joiner."""
_WHITE = "\u2800"
"""White, though its category says that it is a sign."""
_LONGEST = 60
_VIRAMA = 9
"""The combining class of the marks that join letters of Indic scripts."""


def unfit(text: str) -> Iterator[int]:
    """Yield the places of letters that no text may hold.

    >>> [list(unfit(text)) for text in ("a\\u2066b", "caf\\u00e9\\u00a0", "\\u0645\\u200c\\u062e")]
    [[1], [], []]
    """
    if text.isascii() and text.isprintable():
        return
    odd = "".join(filter(_is_odd, set(text)))
    for found in re.finditer(f"[{re.escape(odd)}]", text) if odd else ():
        at, letter = found.start(), found[0]
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        fits = False
        if letter in _JOINERS:
            fits = bool(before) and _shapes(text[max(0, at - 9) : at], before, after)
        elif _FORM.match(letter):
            fits = bool(before) and _has_forms(before, after)
        if not fits:
            yield at


def _is_odd(letter: str) -> bool:
    plain = letter in "\t\n\r"
    return not plain and (unicodedata.category(letter) in _UNFIT or bool(_UNSEEN.match(letter)))


def _shapes(word: str, before: str, after: str) -> bool:
    """Return whether a joiner after the last letters of a word can shape one beside it.

    Beside a virama, after an Arabic letter, or between emoji (RFC 5892, appendix A, and UTS 51).
    """
    if any(part and unicodedata.combining(part) == _VIRAMA for part in (before, after)):
        return True
    last = word.rstrip(_ABOVE)[-1:]
    if last and unicodedata.bidirectional(last) == "AL":
        return True
    emoji = unicodedata.category(before) in ("So", "Sk") or bool(_FORM.match(before))
    return emoji and bool(after) and unicodedata.category(after) == "So"


def _has_forms(before: str, after: str) -> bool:
    """Return whether a mark of form follows a sign that may have forms."""
    if before.isspace() or _UNSEEN.match(before):
        return False
    if before.isascii():
        return after == "\u20e3"  # a digit as a key
    return unicodedata.category(before) not in ("Ll", "Lu", "Lt", "Lm", "Nd")


def called(letter: str) -> str:
    """Return a letter's code point and name.

    >>> called("\\u2066"), called("\\x1b")
    ('U+2066 LEFT-TO-RIGHT ISOLATE', 'U+001B')
    """
    return f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".rstrip()


def kind(letter: str) -> str:
    """Return what a letter is that no text may hold."""
    category = unicodedata.category(letter)
    if unicodedata.bidirectional(letter) in _TURNS or letter in _MARKS:
        return "mark of direction"
    kinds = {
        "Cc": "control character",
        "Zl": "separator of lines",
        "Zp": "separator of paragraphs",
        "Co": "private character",
        "Cn": "unassigned character",
        "Cs": "surrogate",
    }
    return kinds.get(category, "invisible character")


def blank(text: str) -> bool:
    """Return whether nothing of a text is seen.

    >>> blank("\\u3000\\u2800 "), blank(" . ")
    (True, False)
    """
    if text.isascii() and text.isprintable():
        return not text or text.isspace()
    return not any(
        unicodedata.category(letter)[0] in "LNPS"
        and letter not in _WHITE
        and not _UNSEEN.match(letter)
        for letter in text
    )


def tidy(text: str) -> str:
    """Return a word as it is kept: letters composed, white space of any kind as one space.

    >>> tidy("hours\\u00a0of  outage"), tidy("me\\u0301dium") == "m\\u00e9dium"
    ('hours of outage', True)
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def plain(text: str) -> str:
    """Return a text without differences of form: those of NFKC, of white space, of what is unseen.

    >>> plain("\\uff41\\u3000 m\\u00b2"), plain("a\\u200db")
    ('a m2', 'ab')
    """
    if text.isascii():
        return " ".join(text.split())
    seen = "".join(
        letter
        for letter in unicodedata.normalize("NFKC", text)
        if not _UNSEEN.match(letter) and unicodedata.category(letter) != "Cf"
    )
    return " ".join(seen.split())


def folded(text: str) -> str:
    """Return what texts have in common that differ by letter case and form alone.

    >>> folded("Site\\u00a07") == folded("site 7"), folded("\\u0130") == folded("i\\u0307")
    (True, True)
    """
    return unicodedata.normalize("NFKC", plain(text).casefold())


def difference(one: str, other: str) -> str:
    """Return which letter parts two texts that may look alike, nothing where it is a plain one.

    >>> difference("caf\\u0435", "cafe")
    "letter 4 of 'caf\u0435' is U+0435 CYRILLIC SMALL LETTER IE"
    """
    for text, against in ((one, other), (other, one)):
        for at, letter in enumerate(text):
            if not letter.isascii() and letter != against[at : at + 1]:
                told = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
                return f"letter {at + 1} of '{told}' is {called(letter)}"
    return ""
