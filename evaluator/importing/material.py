"""What is read from a foreign file: cells at their places, what was taken, what was left."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.tables.sheets import letters


@dataclass(frozen=True)
class Source:
    """A foreign file, read once."""

    path: Path
    name: str
    """As the user named it; messages show it so."""
    data: bytes
    bounds: Bounds
    parts: tuple[Source, ...] = ()
    """Of a folder: its files, in the order of their names; the folder itself holds no data."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What the user says of what the file leaves open, by what was asked."""
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What one reader made of it and another needs as well, so that it is made once."""

    @property
    def file(self) -> str:
        """Its name without folders, as the record keeps it."""
        return os.fsencode(self.path.name).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a cell stands: the same in a message and on record."""

    file: str
    sheet: str
    """Empty where the file has none."""
    row: int
    """From 1; of a text file, the line on which it begins."""
    column: int
    """From 0; -1 where a line as a whole is meant."""
    lines: bool = False
    """The file is text, read by its lines; what stands for a sheet is a part of it."""

    @property
    def cell(self) -> str:
        """Column and row, as a spreadsheet names them: `B3`; of a whole line its number."""
        return f"{letters(self.column)}{self.row}" if self.column >= 0 else str(self.row)

    def __str__(self) -> str:
        if self.lines:
            return f"{self.file} line {self.row}, {self.sheet}"
        sheet = f" sheet {self.sheet}" if self.sheet else ""
        return f"{self.file}{sheet} cell {self.cell}"


@dataclass(frozen=True, slots=True)
class Taken:
    """A cell, or a part of one, that went into the study."""

    place: Place
    found: str
    """As it stands in the file."""
    taken: str
    """As the study has it; empty where it is missing."""
    field: str
    """Where it went: `packages.title`, `measures.trade.price`, or a key of a YAML file."""
    of: str
    """Whose it is: the id of the package, and what else is in the key of its row."""
    how: str = ""
    """What was done to it, in words of the parsers: `decimal comma`, `cents`; empty: nothing."""


Why = Literal[
    "head", "title", "note", "type", "column", "row", "sheet", "hidden", "unit", "beside", "format"
]
"""Why a cell was left. head: it names a column. title: above the table. note: below it. type: a row
of names of types. column, row, sheet: no field of the study. hidden: hidden, and left for that.
unit: a row or cell that states a unit. beside: outside the table. format: the study has no form for
it."""


@dataclass(frozen=True, slots=True)
class Left:
    """A cell that did not go into the study."""

    place: Place
    found: str
    why: Why


@dataclass(frozen=True, slots=True)
class Note:
    """What a user is told of the import as a whole; `report.messages` has the words."""

    code: str
    """Such as `hidden_rows`, `sheet_left`, `encoding`."""
    where: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A row of one of the study's own tables, and the cells that it came from."""

    cells: Mapping[str, str]
    """Text by column, as the study's file has it."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """By column; a column that was not read from a cell has none."""


@dataclass(frozen=True)
class Imported:
    """What a reader makes of a file: rows of the round's tables, YAML files, the record."""

    tables: Mapping[str, Sequence[Row]]
    """By the name of a table of a round."""
    documents: Mapping[str, Any] = field(default_factory=dict)
    """Plain data of YAML files by their path in a new study; `SCENARIO` among them. Empty where an
    existing study is filled."""
    record: Sequence[Taken | Left] = ()
    notes: Sequence[Note] = ()


SCENARIO = "scenarios/imported.yaml"
"""The scenario of a study that an import makes."""


@dataclass(frozen=True)
class Reader:
    """One kind of foreign file."""

    name: str
    about: str
    """Told where no reader recognises a file."""
    recognises: Callable[[Source], bool]
    """By what the file holds rather than by its name."""
    read: Callable[[Source, dt.date], Imported]
    """The day is that of a study whose file states none. Raises InvalidStudyError with all faults
    at once, each at its cell or line; what is open is one, with the answers that it may have."""
    asks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What a file may leave open, and the answers that are known."""
    fills: bool = False
    """Whether a study that is there can be filled from such a file, as from any other table."""
