"""Texts that are not ours: how they are shown, cut, and kept from being taken for orders."""

from __future__ import annotations

import re
import textwrap

from evaluator.letters import unfit

# Full-width signs begin a formula as well in some spreadsheets.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def visible(text: str) -> str:
    """Return a text with what would drive a terminal or is not seen, lines and tabs apart, escaped.

    >>> visible("a\\x1b[31m")
    'a\\\\u001b[31m'
    """
    letters = list(text)
    for at in unfit(text):
        letters[at] = f"\\u{ord(text[at]):04x}"
    return "".join(letters).replace("\r", "\\u000d")


def seen(text: str, between: str = "") -> str:
    """Return a text with a blank for each letter that no text may hold, and for ends of lines.

    between: further letters to be left as they are.
    >>> seen("a\\nb\\u2066")
    'a b '
    """
    letters = list(text)
    for at in unfit(text):
        letters[at] = " "
    blanks = {ord(letter): " " for letter in "\t\n\r" if letter not in between}
    return "".join(letters).translate(blanks)


def shortened(text: str, most: int = 60) -> str:
    """Return a text on one line, cut where it is long, for a message.

    >>> shortened("a\\nb"), shortened("abcdefgh", 6)
    ('a b', 'abc...')
    """
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


def fitted(text: str, width: int) -> str:
    """Return a text whose lines are broken between words where they are wider; at 0 as it is.

    >>> print(fitted("one two three\\n  four", 8))
    one two
      three
      four
    """
    return "\n".join(_broken(line, width) for line in text.split("\n")) if width else text


def _broken(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    mark = "- " if line.startswith("- ") else ""
    return textwrap.fill(
        line.removeprefix(mark),
        max(width, 4),
        initial_indent=mark,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def inert(text: str) -> str:
    """Return a text for a CSV file that no spreadsheet takes for a formula; see `active`.

    >>> inert("=1+1"), inert("'=1+1"), inert("1+1")
    ("'=1+1", "''=1+1", '1+1')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def active(text: str) -> str:
    """Return the text that `inert` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
