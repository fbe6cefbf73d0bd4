"""A sheet as it is found: cells that are not blank, what is merged, what is hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from evaluator.importing.material import Place
from evaluator.loading.tables.sheets import Fault

Kind = Literal["text", "number", "day", "time", "flag"]
"""How the file holds a cell. day: a date, or a date with a time."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not blank."""

    place: Place
    found: str
    """A text as it is, a number in full, a day in its ISO form, a flag as `TRUE` or `FALSE`."""
    kind: Kind = "text"
    shown: str = ""
    """The digits that the sheet shows of a number, where they are others: `00007` of 7."""
    signs: str = ""
    """What the sheet writes beside a number: `%`, a sign of currency."""
    formula: bool = False
    fault: Fault | None = None
    """Why it holds nothing that can be taken: an error, a formula without a stored value."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A range of cells that are merged: the first alone holds something."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """A sheet of a workbook, or a text table."""

    file: str
    name: str
    """Of the sheet; empty where the file has none."""
    cells: Mapping[tuple[int, int], Cell]
    """By row from 1 and column from 0."""
    hidden: bool = False
    """The sheet as a whole."""
    hidden_rows: frozenset[int] = frozenset()
    """Of those that hold something."""
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Merged, ...] = ()

    @cached_property
    def rows(self) -> Mapping[int, Mapping[int, Cell]]:
        """The cells of each row that holds something, in order, by column."""
        found: dict[int, dict[int, Cell]] = {}
        for row, column in sorted(self.cells):
            found.setdefault(row, {})[column] = self.cells[row, column]
        return found

    def place(self, row: int, column: int) -> Place:
        """Return the place of a cell, blank or not."""
        return Place(self.file, self.name, row, column)

    @property
    def where(self) -> str:
        """The file, and the sheet if it has one."""
        return f"{self.file} sheet {self.name}" if self.name else self.file


@dataclass(frozen=True)
class Question:
    """What can be read in more than one way, and is not guessed."""

    where: str
    """File, sheet, column: for people."""
    key: tuple[str | int, ...]
    """The key of the map that answers it."""
    fact: str
    """Why it is not known."""
    options: Sequence[str]
    """What the key may be."""


@dataclass(frozen=True)
class Found:
    """A file as grids, how it was read, and what of that is not known."""

    grids: tuple[Grid, ...]
    encoding: str = ""
    """Of a text; empty of a workbook."""
    delimiter: str = ""
    questions: tuple[Question, ...] = ()
    stated: tuple[Cell, ...] = ()
    """Cells that say how the file is read, and are of no grid."""
