"""Bytes -> text: by what the bytes themselves say; what can be read in two ways is not guessed.

A byte order mark, strict UTF-8 and the zero bytes of UTF-16 decide. Of the code pages of one byte
a letter, those are left out under which a word would be none: with letters of two scripts, a
capital or a sign within, an unassigned byte. What is left decides if it gives one text.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from evaluator.letters import unfit

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PAGES = ("cp1252", "cp1250", "cp1251", "iso8859_2", "iso8859_15", "mac_roman", "cp850")
"""Of one byte a letter, the likeliest first."""
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", *PAGES)
_WORD = re.compile(r"[^\s;,|\"]+")
_WITHIN = "'’-./&"
_LONGEST = 200_000
"""Bytes beyond ASCII, with what is around them, by which readings are told apart."""


def readings(data: bytes) -> list[tuple[str, str]]:
    """Return the ways to read a text, each encoding with what it gives, the likeliest first.

    One where the bytes decide, none where no encoding that is known here fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if found := _decoded(data, "utf-8"):
        return found if "\0" not in found[0][1] else _wide(data)
    if found := _wide(data):
        return found
    fitting: dict[str, str] = {}
    for encoding in PAGES:
        for _, text in _decoded(data, encoding):
            if text not in fitting and all(map(_is_word, _odd_words(text))):
                fitting[text] = encoding
    if not fitting:
        fitting = {text: page for page in reversed(PAGES) for _, text in _decoded(data, page)}
    return [(encoding, text) for text, encoding in fitting.items()]


def _decoded(data: bytes, encoding: str) -> list[tuple[str, str]]:
    try:
        return [(encoding, data.decode(encoding))]
    except UnicodeDecodeError:
        return []


def _wide(data: bytes) -> list[tuple[str, str]]:
    """Read UTF-16 without a mark: every second byte of plain text is 0."""
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = data[start : start + 4000 : 2]
        if half.count(0) > 0.7 * len(half):
            return _decoded(data, encoding)
    return []


def _odd_words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text) if not word.isascii()}


def _is_word(word: str) -> bool:
    """Return whether letters could stand beside one another so."""
    if next(unfit(word), None) is not None:
        return False
    scripts = {_script(letter) for letter in word if letter.isalpha()}
    if len(scripts) > 1:
        return False
    for before, letter, after in zip(word, word[1:], word[2:] + " ", strict=False):
        small = before.islower() and before.isalpha()
        if not letter.isascii() and letter.isupper() and small:
            return False
        within = before.isalpha() and after.isalpha() and not letter.isascii()
        if within and not letter.isalpha() and letter not in _WITHIN:
            return False
    return not any(not a.isascii() and a.isalpha() and b.isdigit() for a, b in pairwise(word))


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]


def differing(texts: Sequence[str], most: int = 3) -> list[tuple[str, ...]]:
    """Return words that readings give differently, the word of each reading in their order."""
    parts = [_WORD.findall(text) for text in texts]
    if len({len(words) for words in parts}) > 1:
        return []
    seen = dict.fromkeys(words for words in zip(*parts, strict=True) if len(set(words)) > 1)
    return list(seen)[:most]
