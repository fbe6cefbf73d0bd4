"""Texts of a study: letters that none may hold, each with its code point and its place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from unicodedata import unidata_version

from evaluator.errors import InvalidStudyError, Problem
from evaluator.letters import called, kind, unfit

_TOLD = 20
"""Places of such letters that are told of one file."""
_REMEDIES = {
    "mark of direction": "Remove it: each text is set in a direction of its own.",
    "separator of lines": "Write a plain end of line.",
    "separator of paragraphs": "Write a plain end of line.",
    "unassigned character": f"Remove it: Unicode {unidata_version} has no such letter.",
    "private character": "Write a letter of Unicode: this one is of one font alone.",
}
Fault = tuple[str, str]
"""Fact and remedy."""


def odd_character(text: str) -> Fault | None:
    """Return what is wrong with the first letter that no text may hold, None if there is none.

    >>> odd_character("a\\x1b[31m"), odd_character("caf\\u00e9\\n")
    (('holds the control character U+001B at letter 2.', 'Remove it.'), None)
    """
    at = next(unfit(text), None)
    return None if at is None else _fault(text[at], at + 1)


def _fault(letter: str, place: int) -> Fault:
    what = kind(letter)
    fact = f"holds the {what} {called(letter)} at letter {place}."
    return fact, _REMEDIES.get(what, "Remove it.")


def refuse_odd_characters(text: str, name: str) -> None:
    """Raise InvalidStudyError for letters that no text may hold, each with its line."""
    if next(unfit(text), None) is not None:
        raise InvalidStudyError(islice(_odd_lines(text, name), _TOLD))


def _odd_lines(text: str, name: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        if fault := odd_character(line):
            yield Problem(f"{name} line {number}", *fault)
