"""What a document is made of: plain blocks that PDF and DOCX set, each in its own way."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from typing import Any, Literal, TypeVar, cast

from evaluator.model.study import Study
from evaluator.report.findings import DocumentsWithoutFont
from evaluator.report.formatting.direction import isolated, isolation
from evaluator.report.formatting.fonts import fonts_for
from evaluator.sanitize import seen

T = TypeVar("T")


@dataclass(frozen=True)
class Heading:
    """What the blocks after it are about."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True)
class Paragraph:
    """A text of one or several sentences."""

    text: str
    tone: Literal["plain", "note", "warning"] = "plain"


@dataclass(frozen=True)
class Listed:
    """Short texts, one under another."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Heads, and what is said under each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    head: str
    width: float
    """In proportion to those beside it."""
    number: bool = False
    """Whether its cells are numbers, which stand at the right."""


@dataclass(frozen=True)
class Table:
    """Rows with a cell for each column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: bool = False
    """Whether the last row is the sum of those above."""


@dataclass(frozen=True)
class Quote:
    """What somebody said, word for word, line for line."""

    text: str
    by: str
    """Who said it, and when."""


@dataclass(frozen=True)
class Blank:
    """Lines to be filled in by hand."""

    label: str
    lines: int = 1


Block = Heading | Paragraph | Listed | Facts | Table | Quote | Blank


@dataclass(frozen=True)
class Document:
    """A document from its head to its last line."""

    name: str
    """Of its files, without an ending."""
    programme: str
    """What stands above the title; may be empty."""
    title: str
    subject: str
    day: dt.date
    """The day that it is of: that of the run, never today."""
    stamp: str
    """What a result is, at the foot of every page; may be empty."""
    disclaimer: str
    """The same in sentences, under the title; may be empty."""
    marking: str
    """How it is to be handled, twice on every page; may be empty."""
    reference: str
    """Which run and study it is of, at the foot of every page."""
    blocks: tuple[Block, ...]


def table(
    columns: tuple[Column, ...], rows: Sequence[tuple[str, ...]], *, total: bool = False
) -> Table:
    """Return a table without the columns of which no cell says anything."""
    said = [any(row[at] for row in rows) for at in range(len(columns))]
    return Table(
        tuple(column for column, any_ in zip(columns, said, strict=True) if any_),
        tuple(tuple(c for c, any_ in zip(row, said, strict=True) if any_) for row in rows),
        total,
    )


def without_font(document: Document) -> tuple[DocumentsWithoutFont, ...]:
    """Return the letters of a document that no font of this system sets, if there are any."""
    missing = fonts_for([json.dumps(asdict(document), ensure_ascii=False, default=str)]).missing
    return (DocumentsWithoutFont(missing),) if missing else ()


def printable(document: Document, study: Study) -> Document:
    """Return a document whose texts any page can bear.

    What no text may hold is a blank, and what is written from right to left is set in a direction
    of its own. Nothing is cut: a document that is signed has all of what was said.
    """
    isolate = isolation(study, "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}")

    def fit(text: str) -> str:
        told = seen(text, between="\n")
        return isolate(told) if isolate else "\n".join(map(isolated, told.split("\n")))

    return _each(document, fit)


def _each(value: T, change: Callable[[str], str]) -> T:
    """Return a value with all texts within it changed."""
    found: Any = value
    if isinstance(value, str):
        found = change(value)
    elif isinstance(value, tuple):
        found = tuple(_each(one, change) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: _each(getattr(value, one.name), change) for one in fields(value)}
        found = replace(value, **parts)
    return cast("T", found)
