"""CSV files and workbook sheets -> rows of parsed cells, every fault at its cell."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluator.errors import InvalidStudyError, Problem, did_you_mean
from evaluator.loading.cells import Parser
from evaluator.loading.located import read_text
from evaluator.sanitize import shortened

_BYTES = 50_000_000
_UNKNOWN = 3
"""Unknown columns that are told one by one."""
Fault = tuple[str, str]
"""Fact and remedy."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row's parsed cells by column, and where it stands."""

    cells: Mapping[str, Any]
    where: str

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]


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


def parse_rows(
    sheet: Sheet,
    columns: Mapping[str, Parser],
    optional: Mapping[str, Any],
    problems: list[Problem],
) -> list[Row]:
    """Parse a table by its columns; faults go to `problems` and their rows are left out.

    columns: a parser for each column that may be there.
    optional: the value that a column takes where the table lacks it.
    """
    problems.extend(sheet.flaws)
    if not _header_fits(sheet, columns, optional, problems):
        return []
    found: list[Row] = []
    parsers = [(name, columns[name]) for name in sheet.header]
    stated: defaultdict[int, dict[int, Fault]] = defaultdict(dict)
    for (line, index), fault in sheet.faults.items():
        stated[line][index] = fault
    for line, texts in sheet.rows:
        misfit = sheet.misfit(line, texts)
        if misfit is not None:
            problems.append(misfit)
            continue
        cells: dict[str, Any] = dict(optional)
        faults: dict[int, Fault] = {}
        for index, ((name, parse), text) in enumerate(zip(parsers, texts, strict=True)):
            try:
                cells[name] = parse(text.strip())
            except ValueError as error:
                fact, _, remedy = str(error).partition("\n")
                faults[index] = fact, remedy
        faults |= stated.get(line, {})
        problems.extend(Problem(sheet.cell(line, i), *faults[i]) for i in sorted(faults))
        if not faults:
            found.append(Row(cells, sheet.row(line)))
    return found


def _header_fits(
    sheet: Sheet,
    columns: Mapping[str, Parser],
    optional: Mapping[str, Any],
    problems: list[Problem],
) -> bool:
    where = sheet.row(1)
    before = len(problems)
    if len(sheet.header) == 1 and any(mark in sheet.header[0] for mark in ";\t|"):
        problems.append(
            Problem(
                where, "the columns are not separated by commas.", "Save it as comma-separated."
            )
        )
        return False
    for name in dict.fromkeys(sheet.header):
        if sheet.header.count(name) > 1:
            problems.append(Problem(where, f"the column '{name}' stands twice.", "Remove one."))
        if not name.strip():
            problems.append(Problem(where, "a column has no name.", "Name it or remove it."))
    stated = {name.strip() for name in sheet.header}
    unknown = [name for name in dict.fromkeys(sheet.header) if name.strip() and name not in columns]
    if len(unknown) > _UNKNOWN:
        fact = f"{len(unknown):,} columns are unknown, '{shortened(unknown[0])}' among them."
        problems.append(Problem(where, fact, did_you_mean("", columns)))
        return False
    for name in unknown:
        fact, remedy = f"unknown column '{shortened(name)}'.", did_you_mean(name, columns)
        if name.strip() in columns:
            fact, remedy = f"the name of the column '{name}' has spaces around it.", "Remove them."
        problems.append(Problem(where, fact, remedy))
    for name in columns:
        if name not in stated and name not in optional:
            problems.append(Problem(where, f"the column '{name}' is missing.", "Add it."))
    return len(problems) == before


def read_csv(path: Path, name: str) -> Sheet:
    """Read a comma-separated file as text.

    Raises InvalidStudyError for a file that is absent, empty, not UTF-8, or badly quoted.
    """
    reader = csv.reader(io.StringIO(read_text(path, name, _BYTES), newline=""), strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        fact = f"is not valid CSV: {error}."
        raise InvalidStudyError(
            [Problem(f"{name} line {line}", fact, "Check the quotes of this line.")]
        ) from None
    if not rows:
        raise InvalidStudyError([Problem(name, "holds empty cells only.", "Fill the table.")])
    return Sheet(name, rows[0][1], tuple(rows[1:]))
