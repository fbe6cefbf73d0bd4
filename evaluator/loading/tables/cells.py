"""Parsers of one cell: text -> value, or ValueError with the fact and, below it, the remedy."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from evaluator.errors import Vocabulary
from evaluator.letters import blank, called, difference, plain, tidy
from evaluator.loading.documents.characters import odd_character
from evaluator.model.base import FIRST_DAY, LAST_DAY, MONEY, Known, Missing
from evaluator.model.country import Attribute
from evaluator.model.package import NOT_APPLICABLE
from evaluator.sanitize import shortened

T = TypeVar("T")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_ISO3 = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,4})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_KNOWN = re.compile(r"n/a\b[: ]*(.*)", re.IGNORECASE | re.DOTALL)
_NO_MATTER = re.compile(r"not applicable\b[: ]*(.*)", re.IGNORECASE | re.DOTALL)
_LONGEST = 20_000
MOST_MONEY = MOST_NUMBER = 10**15
_FLAGS = {"yes": True, "no": False, "1": True, "0": False, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Parser(Generic[T]):
    """What reads one cell: text -> value, or ValueError with the fact and the remedy."""

    read: Callable[[str], T]
    verbatim: bool
    """Takes what is written letter by letter: a number that a sheet shows otherwise is none."""
    kind: str = ""
    """What it reads: `number`, `money`, `date`, ..."""
    words: tuple[str, ...] = ()
    """Those that it knows, where it knows no others."""
    absent: Literal["refused", "blank", "reason"] = "refused"
    """What may stand for nothing. blank: an empty cell. reason: that, or `n/a: reason`."""

    def __call__(self, cell: str) -> T:
        """Return what a cell says."""
        return self.read(cell)


def _letters(read: Callable[[str], T]) -> Parser[T]:
    return Parser(read, True, read.__name__)


def _figures(read: Callable[[str], T]) -> Parser[T]:
    return Parser(read, False, read.__name__)


@_letters
def text(cell: str) -> str:
    """Free text, which may be empty."""
    if fault := odd_character(cell):
        raise ValueError("\n".join(fault))
    if len(cell) > _LONGEST:
        raise ValueError(f"has {len(cell):,} characters.\nShorten it to {_LONGEST:,}.")
    if cell and blank(cell):
        raise ValueError(f"nothing of the cell is seen: {called(cell[0])}.\nFill it, or empty it.")
    return cell


@_letters
def filled(cell: str) -> str:
    """Free text that is there."""
    if not cell:
        raise ValueError("the cell is empty.\nFill it.")
    if blank(cell) and not odd_character(cell):
        raise ValueError(f"nothing of the cell is seen: {called(cell[0])}.\nFill it.")
    return text(cell)


@_letters
def word(cell: str) -> str:
    """Text that is compared, in one form; it may be empty."""
    return tidy(text(cell))


@_letters
def label(cell: str) -> str:
    """Text that is compared, and is there."""
    return tidy(filled(cell))


def _unlike(cell: str) -> str:
    """Return which letter of a cell is none of those that were meant."""
    unlike = difference(cell, "")
    return f": {unlike}." if unlike else "."


@_letters
def identifier(cell: str) -> str:
    """An id."""
    if not _ID.fullmatch(cell):
        filled(cell)
        raise ValueError(
            f"'{shortened(cell)}' is not an id{_unlike(cell)}\n"
            "Use A to Z, a to z, digits, '.', '_' and '-', beginning with a letter or digit."
        )
    return cell


@_letters
def iso3(cell: str) -> str:
    """A country's code of ISO 3166-1 alpha-3."""
    if not _ISO3.fullmatch(cell):
        filled(cell)
        fact = f"'{shortened(cell)}' is not a code of ISO 3166-1 alpha-3."
        raise ValueError(f"{fact}\nWrite three capital letters, such as KEN.")
    return cell


@_figures
def number(cell: str) -> float:
    """A finite number, with a point for decimals and no separators."""
    if not _NUMBER.fullmatch(cell) or not math.isfinite(float(cell)):
        filled(cell)
        raise ValueError(
            f"'{shortened(cell)}' is not a number{_unlike(cell)}\n"
            "Write digits and a decimal point, without separators, units or signs of currency."
        )
    if abs(float(cell)) > MOST_NUMBER:
        raise ValueError(f"{shortened(cell)} is beyond 10^15, either way.\nCheck the unit.")
    return float(cell) + 0.0  # -0 is 0


@_figures
def money(cell: str) -> int:
    """Whole units of the currency, not negative."""
    number(cell)
    value = Decimal(cell)
    if value < 0:
        raise ValueError(f"{shortened(cell)} is negative.\nMoney is 0 or more.")
    if value > MOST_MONEY:
        raise ValueError(f"{shortened(cell)} is above 10^15.\nCheck the unit.")
    if value != int(value):
        raise ValueError(f"{shortened(cell)} is not a whole number.\nRound it.")
    return int(value)


@_figures
def share(cell: str) -> float:
    """A share from 0 to 1."""
    value = number(cell)
    if not 0 <= value <= 1:
        raise ValueError(f"{shortened(cell)} is not between 0 and 1.\nWrite 51 % as 0.51.")
    return value


@_figures
def date(cell: str) -> str:
    """A day, kept in its ISO form."""
    try:
        if not _DATE.fullmatch(filled(cell)):
            raise ValueError  # noqa: TRY301  other ISO forms are refused too
        day = dt.date.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"'{shortened(cell)}' is not a date.\nWrite it as 2026-06-30.") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"{cell} is before {FIRST_DAY} or after {LAST_DAY}.\nMend the date.")
    return cell


day = Parser(lambda cell: dt.date.fromisoformat(date(cell)), False, "date")
"""A day, as such."""


@_figures
def flag(cell: str) -> bool:
    """A yes or no."""
    found = _FLAGS.get(plain(cell).lower())
    if found is None:
        text(cell)
        raise ValueError(f"'{shortened(cell)}' is neither yes nor no.\nWrite yes or no.")
    return found


_KINDS: Mapping[str, Parser[Any]] = {
    "number": number,
    "money": money,
    "share": share,
    "date": date,
    "text": word,
    "flag": flag,
}
_UNITS = {"money": MONEY, "share": "share"}


def optional(parser: Parser[Any], default: Any = None) -> Parser[Any]:
    """Return a parser that takes an empty cell for the default."""
    read = parser.read
    return replace(parser, read=lambda cell: read(cell) if cell else default, absent="blank")


def choice(*words: str) -> Parser[str]:
    """Return a parser of one word of several."""
    known = Vocabulary(words)

    def parse(cell: str) -> str:
        found = plain(text(cell))
        if found not in known:
            raise ValueError(f"'{shortened(cell)}' is not known here.\n{known.near(cell)}")
        return found

    return Parser(parse, True, "choice", words)


@_letters
def identifiers(cell: str) -> tuple[str, ...]:
    """Ids joined by `|`, each once; none in an empty cell."""
    parts = [part.strip() for part in cell.split("|")] if cell else []
    if "" in parts or len(set(parts)) < len(parts):
        raise ValueError(f"'{shortened(cell)}' has an id twice or none at all.\nWrite P1|P2.")
    return tuple(identifier(part) for part in parts)


def datum(parser: Parser[Any], unit: str = "") -> Parser[Known | Missing]:
    """Return a parser of Known or Missing: an empty cell, `n/a: reason`, or `not applicable`.

    The last may have its reason behind a colon as well.
    """
    read = parser.read

    def parse(cell: str) -> Known | Missing:
        if not cell:
            return Missing()
        told = text(cell)
        if found := _NO_MATTER.fullmatch(told):
            return Missing(reason=text(found[1]) or NOT_APPLICABLE, applicable=False)
        if found := _NOT_KNOWN.fullmatch(told):
            if not found[1]:
                raise ValueError("'n/a' needs its reason.\nWrite 'n/a: why it is not known'.")
            return Missing(reason=text(found[1]))
        return Known(value=read(cell), unit=unit)

    return replace(parser, read=parse, absent="reason")


def of_attribute(attribute: Attribute) -> Parser[Known | Missing]:
    """Return the parser of a described column."""
    kind = _KINDS[attribute.type]
    words = Vocabulary(attribute.one_of or ())
    listed = None if attribute.one_of is None else {plain(one): one for one in attribute.one_of}

    def bounded(cell: str) -> Any:
        value = kind.read(cell)
        if listed is not None and plain(str(value)) not in listed:
            raise ValueError(f"'{shortened(cell)}' is not known here.\n{words.near(str(value))}")
        if attribute.at_least is not None and value < attribute.at_least:
            raise ValueError(
                f"{shortened(cell)} is below {attribute.at_least:g}.\nCheck the value."
            )
        if attribute.at_most is not None and value > attribute.at_most:
            raise ValueError(f"{shortened(cell)} is above {attribute.at_most:g}.\nCheck the value.")
        return value if listed is None else listed[plain(str(value))]

    own = attribute.unit if attribute.type != "money" else None
    unit = own or _UNITS.get(attribute.type, "")
    return datum(replace(kind, read=bounded, words=attribute.one_of or ()), unit)
