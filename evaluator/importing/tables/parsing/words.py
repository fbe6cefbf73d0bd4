"""Words as people write them: what says that something is missing, yes and no, labels, ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from evaluator.letters import folded

MISSING = frozenset(
    (
        *("tbd", "tba", "tbc", "t.b.d.", "n/a", "na", "n.a.", "n. a.", "#n/a", "nan", "null"),
        *("-", "--", "---", "\u2013", "\u2014", "\u2212", "?", "??", ".", "..", "..."),
        *("unknown", "not known", "not available", "not applicable", "to be determined"),
        *("to be confirmed", "to be announced", "to be decided", "pending", "missing", "no data"),
        *("not provided", "not stated", "not reported", "k.a.", "b.d.", "n.d."),
    )
)
"""Words, folded, that say that something is not there; each is kept as the reason."""
_YES = frozenset(("yes", "y", "true", "t", "1", "on", "\u2713", "\u2714", "\u2611", "\u2705"))
_NO = frozenset(("no", "n", "false", "f", "0", "off", "\u2717", "\u2718", "\u2610", "\u274c"))
_PLAIN = str.maketrans(
    {"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "æ": "ae", "œ": "oe"}
)
_NOT_ID = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 60


def is_missing(text: str, more: Iterable[str] = ()) -> bool:
    """Return whether a text says that something is not there.

    more: further texts that say so in this column.
    """
    word = _folded(text)
    return word in MISSING or any(word == _folded(one) for one in more)


_folded = lru_cache(maxsize=1 << 16)(folded)


def flag(text: str) -> str | None:
    """Return `yes` or `no`, None for what is neither."""
    word = _folded(text)
    return "yes" if word in _YES else "no" if word in _NO else None


@lru_cache(maxsize=1 << 16)
def key(text: str) -> str:
    """Return what is alike in labels that people write in several ways.

    >>> key("Very_good "), key("US content (%)") == key("us-content %")
    ('verygood', True)
    """
    return "".join(x for x in _folded(text) if x.isalnum() or x in "%$€£#")


def matched(text: str, words: Mapping[str, str]) -> str | None:
    """Return the word that is meant, by its `key`; None where none is.

    words: by the key of each way to write it, as `vocabulary` makes them.
    """
    return words.get(key(text)) or None


def vocabulary(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return words by the keys of what they are called; empty where two are called alike.

    entries: what a word is called, and the word.
    """
    found: dict[str, str] = {}
    for name, word in entries:
        one = key(name)
        if found.setdefault(one, word) != word:
            found[one] = ""
    return found


def slug(text: str) -> str:
    """Return an id that a text suggests; empty where none of its letters can stand in one.

    >>> slug("Agfa ePhoto CL30 Clik!"), slug("Łódź: tramwaj nr 5"), slug("\u0434\u0430")
    ('Agfa-ePhoto-CL30-Clik', 'Lodz-tramwaj-nr-5', '')
    """
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    ascii_only = "".join(x for x in plain if not unicodedata.combining(x))
    if any(x.isalpha() and not x.isascii() for x in ascii_only):
        return ""
    return _NOT_ID.sub("-", ascii_only)[:_LONGEST].strip("-._")
