"""Text of a study: characters that none may hold, and how a message shows it."""

from __future__ import annotations

import re
import unicodedata

from evaluator.errors import InvalidStudyError, Problem

# Control characters drive terminals and break XML; overrides of direction show text that is not
# what is written; spaces without width make two words of what looks like one; surrogates and
# non-characters cannot be saved as UTF-8 or XML.
_WIDTHLESS = "\u200b\u2060\ufeff"
_ODD = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff{_WIDTHLESS}]"
)
REMEDY = "Remove it."


def odd_character(text: str) -> str | None:
    """Return what is wrong with the first character that no text may hold, None if there is none.

    >>> odd_character("a\\x1b[31m"), odd_character("caf\\u00e9\\n")
    ('holds the control character U+001B.', None)
    """
    found = _ODD.search(text)
    return f"holds the {_kind(found[0])} U+{ord(found[0]):04X}." if found else None


def _kind(letter: str) -> str:
    if letter in _WIDTHLESS:
        return "invisible character"
    return "control character" if unicodedata.category(letter) in ("Cc", "Cf") else "character"


def refuse_odd_characters(text: str, name: str) -> None:
    """Raise InvalidStudyError, with its line, for the first character that no text may hold."""
    found = _ODD.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        fact = odd_character(found[0]) or ""
        raise InvalidStudyError([Problem(f"{name} line {line}", fact, REMEDY)])
