"""Sheets as text -> rows of parsed cells, every fault at its cell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.errors import Problem, Vocabulary
from evaluator.loading.tables.cells import Parser
from evaluator.loading.tables.sheets import Fault, Sheet
from evaluator.sanitize import shortened

_UNKNOWN = 3
"""Unknown columns that are told one by one."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row's parsed cells by column, and where it stands."""

    cells: Mapping[str, Any]
    where: str

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]


def parse_rows(
    sheet: Sheet,
    columns: Mapping[str, Parser[Any]],
    optional: Mapping[str, Any],
    problems: list[Problem],
) -> list[Row]:
    """Parse a table by its columns; faults go to `problems` and their rows are left out.

    columns: a parser for each column that may be there.
    optional: the value that a column takes where the table lacks it.
    """
    problems.extend(sheet.flaws)
    misread = [
        Problem(sheet.cell(*at), *sheet.faults[at]) for at in sheet.faults if at[0] == sheet.top
    ]
    problems.extend(misread)
    if misread or not _header_fits(sheet, columns, optional, problems):
        return []
    found: list[Row] = []
    parsers = [(name, columns[name].read) for name in sheet.header]
    stated = _stated(sheet, columns)
    for line, texts in sheet.rows:
        misfit = sheet.misfit(line, texts)
        if misfit is not None:
            problems.append(misfit)
            continue
        cells: dict[str, Any] = dict(optional)
        faults: dict[int, Fault] = {}
        for index, ((name, read), text) in enumerate(zip(parsers, texts, strict=True)):
            try:
                cells[name] = read(text.strip())
            except ValueError as error:
                fact, _, remedy = str(error).partition("\n")
                faults[index] = fact, remedy
        faults |= stated.pop(line, {})
        problems.extend(Problem(sheet.cell(line, i), *faults[i]) for i in sorted(faults))
        if not faults:
            found.append(Row(cells, sheet.row(line)))
    for line, faults in sorted(stated.items()):  # beside the table
        problems.extend(Problem(sheet.cell(line, i), *faults[i]) for i in sorted(faults))
    return found


def _stated(sheet: Sheet, columns: Mapping[str, Parser[Any]]) -> defaultdict[int, dict[int, Fault]]:
    """Return what is wrong with cells before they are read, by line and index."""
    found: defaultdict[int, dict[int, Fault]] = defaultdict(dict)
    for index, name in enumerate(sheet.header):
        if columns[name].verbatim:
            for line, fault in sheet.disguised(index).items():
                found[line][index] = fault
    for (line, index), fault in sheet.faults.items():
        found[line][index] = fault
    return found


def _header_fits(
    sheet: Sheet,
    columns: Mapping[str, Parser[Any]],
    optional: Mapping[str, Any],
    problems: list[Problem],
) -> bool:
    where = sheet.row(sheet.top)
    before = len(problems)
    if len(sheet.header) == 1 and any(mark in sheet.header[0] for mark in ";\t|"):
        fact = "the columns are not separated by commas."
        problems.append(Problem(where, fact, "Save it as comma-separated."))
        return False
    for name, count in Counter(sheet.header).items():
        if not name.strip():
            problems.append(Problem(where, "a column has no name.", "Name it or remove it."))
        elif count > 1:
            fact = f"the column '{shortened(name)}' stands twice."
            problems.append(Problem(where, fact, "Remove one."))
    known, stated = Vocabulary(columns), {name.strip() for name in sheet.header}
    unknown = [name for name in dict.fromkeys(sheet.header) if name.strip() and name not in known]
    if len(unknown) > _UNKNOWN:
        fact = f"{len(unknown):,} columns are unknown, '{shortened(unknown[0])}' among them."
        problems.append(Problem(where, fact, known.near("")))
        return False
    for name in unknown:
        fact, remedy = f"unknown column '{shortened(name)}'.", known.near(name)
        if name.strip() in known:
            fact, remedy = f"the name of the column '{name}' has spaces around it.", "Remove them."
        problems.append(Problem(where, fact, remedy))
    for name in columns:
        if name not in stated and name not in optional:
            problems.append(Problem(where, f"the column '{name}' is missing.", "Add it."))
    return len(problems) == before
