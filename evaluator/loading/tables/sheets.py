"""A table as text, before it is understood: header and rows, and the place of each cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evaluator.errors import Problem

Fault = tuple[str, str]
"""Fact and remedy."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text: header, then rows with their line numbers."""

    where: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    lettered: bool = False
    faults: Mapping[tuple[int, int], Fault] = field(default_factory=dict)
    """What is wrong with a cell before it is read, by line and index: a formula, an error."""
    flaws: tuple[Problem, ...] = ()
    """What is wrong with the sheet as a whole."""

    def row(self, line: int) -> str:
        """Return the place of a row."""
        return f"{self.where} row {line}" if self.lettered else f"{self.where} line {line}"

    def cell(self, line: int, index: int) -> str:
        """Return the place of a cell."""
        if self.lettered:
            return f"{self.where} cell {_letters(index)}{line}"
        return f"{self.where} line {line}, column {self.header[index]}"

    def column(self, name: str) -> set[str]:
        """Return the texts of a column, whether or not the rest of their rows is sound."""
        index = self.header.index(name) if name in self.header else len(self.header)
        return {texts[index].strip() for _, texts in self.rows if index < len(texts)}

    def misfit(self, line: int, texts: tuple[str, ...]) -> Problem | None:
        """Return what is wrong with the number of cells in a row."""
        if len(texts) == len(self.header):
            return None
        if self.lettered:
            beyond = next(i for i, text in enumerate(texts) if text and i >= len(self.header))
            fact = f"stands outside the table, whose header has {len(self.header)} columns."
            return Problem(self.cell(line, beyond), fact, "Remove it, or give its column a name.")
        fact = f"has {len(texts)} cells, the header has {len(self.header)}."
        return Problem(self.row(line), fact, "Quote cells that hold commas; keep empty cells.")


def _letters(index: int) -> str:
    before, last = divmod(index, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
