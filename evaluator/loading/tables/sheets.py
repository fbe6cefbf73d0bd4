"""A table as text, before it is understood: header and rows, and the place of each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    changed: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Where a cell is stated that a scenario or an option changes, by line and index."""

    def edited(
        self,
        rows: Sequence[tuple[int, tuple[str, ...]]],
        header: tuple[str, ...] | None = None,
        changed: Mapping[tuple[int, int], str] | None = None,
    ) -> Sheet:
        """Return the table with other rows; what a file had in a changed cell counts no more."""
        every = {**self.changed, **(changed or {})}
        faults = {at: fault for at, fault in self.faults.items() if at not in every}
        return replace(
            self,
            header=self.header if header is None else header,
            rows=tuple(rows),
            faults=faults,
            changed=every,
        )

    def row(self, line: int) -> str:
        """Return the place of a row, and of what is changed in it."""
        place = f"{self.where} row {line}" if self.lettered else f"{self.where} line {line}"
        by = dict.fromkeys(where for (at, _), where in self.changed.items() if at == line)
        return ", ".join([place, *(f"as changed by {where}" for where in by)])

    def cell(self, line: int, index: int) -> str:
        """Return the place of a cell, or of what changes it."""
        if (line, index) in self.changed:
            return self.changed[line, index]
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
        shown = {line: one for line, one in shown.items() if (line, index) not in self.changed}
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
