"""A table as text, before it is understood: header and rows, and the place of each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from evaluator.errors import Problem

Fault = tuple[str, str]
"""Fact and remedy."""


class Disguise(Protocol):
    """What shows a number otherwise than it is read."""

    def disguise(self, text: str) -> Fault | None:
        """Return what is wrong with what was read, where it stands for letters."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text: header, then rows with their line numbers."""

    where: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    top: int = 1
    """The line of the header."""
    lettered: bool = False
    faults: Mapping[tuple[int, int], Fault] = field(default_factory=dict)
    """What is wrong with a cell before it is read, by line and index: a formula, an error."""
    disguises: Mapping[int, Sequence[tuple[int, int, Disguise]]] = field(default_factory=dict)
    """What shows the numbers of a column, by its index: from line to line."""
    flaws: tuple[Problem, ...] = ()
    """What is wrong with the sheet as a whole."""

    def row(self, line: int) -> str:
        """Return the place of a row."""
        return f"{self.where} row {line}" if self.lettered else f"{self.where} line {line}"

    def cell(self, line: int, index: int) -> str:
        """Return the place of a cell."""
        if self.lettered:
            return f"{self.where} cell {letters(index)}{line}"
        return f"{self.where} line {line}, column {self.header[index]}"

    def column(self, name: str) -> set[str]:
        """Return the texts of a column, whether or not the rest of their rows is sound."""
        index = self.header.index(name) if name in self.header else len(self.header)
        return {texts[index].strip() for _, texts in self.rows if index < len(texts)}

    def disguised(self, index: int) -> dict[int, Fault]:
        """Return what is wrong with a column by line, where it holds ids or texts."""
        shown = {
            line: disguise
            for first, last, disguise in self.disguises.get(index, ())
            for line in range(first, last + 1)
        }
        texts = ((line, texts[index]) for line, texts in self.rows if line in shown)
        faults = ((line, shown[line].disguise(text)) for line, text in texts if text)
        return {line: fault for line, fault in faults if fault is not None}

    def misfit(self, line: int, texts: tuple[str, ...]) -> Problem | None:
        """Return what is wrong with the number of cells in a row."""
        if len(texts) == len(self.header):
            return None
        fact = f"has {len(texts)} cells, the header has {len(self.header)}."
        return Problem(self.row(line), fact, "Quote cells that hold commas; keep empty cells.")


def letters(index: int) -> str:
    """Return the name of a column.

    >>> letters(0), letters(16_383)
    ('A', 'XFD')
    """
    before, last = divmod(index, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)
