"""What a question comes to, for every medium: sentences, a picture, tables, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.report.formatting.text import Columns

SHADES = 8
"""Shades of a picture of cells, from pale to dark."""


@dataclass(frozen=True)
class Shown:
    """A table as people read it."""

    title: str
    columns: Columns
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    """A last row that sums up all of them."""


@dataclass(frozen=True)
class Shaded:
    """A cell of a picture of cells."""

    text: str
    shade: int
    """1 to `SHADES`; 0: none."""


@dataclass(frozen=True)
class Heat:
    """A picture of cells: rows and columns, the darker the more."""

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Shaded, ...]], ...]
    chosen: str = ""
    """The row that is the answer."""


@dataclass(frozen=True)
class Span:
    """A line from one place to another, in shares of the picture, and what it says."""

    head: str
    start: float
    end: float
    text: str
    mark: float | None = None
    """A place within it, such as a mean."""
    colour: int = 0


@dataclass(frozen=True)
class Spans:
    """A picture of lines, one a row."""

    caption: str
    ends: tuple[str, str]
    """What the left and the right end of the picture stand for."""
    rows: tuple[Span, ...]
    target: float | None = None


@dataclass(frozen=True)
class Answer:
    """What a question comes to."""

    question: str
    """As the page of it asks; in a word what it is about before it."""
    lines: tuple[str, ...]
    picture: Heat | Spans | None
    tables: tuple[Shown, ...]
    notes: tuple[str, ...]


def shade(value: float, most: float) -> int:
    """Return the shade of a value of 0 or more.

    >>> [shade(value, 10) for value in (0, 0.1, 5, 10)]
    [0, 1, 4, 8]
    """
    return 0 if value <= 0 or most <= 0 else max(1, min(SHADES, -int(-SHADES * value // most)))
