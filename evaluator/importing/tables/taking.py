"""A map and the grids of a file -> rows of a study's tables, with every cell on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from evaluator.errors import Problem, did_you_mean
from evaluator.importing.material import Left, Note, Place, Row, Taken, Why
from evaluator.importing.tables.destination import Destination, Field
from evaluator.importing.tables.grids.grid import Cell, Grid, Question
from evaluator.importing.tables.heads import merged_texts
from evaluator.importing.tables.parsing.columns import Reading, read, settled
from evaluator.importing.tables.parsing.currencies import Rates
from evaluator.importing.tables.parsing.words import key
from evaluator.loading.tables.sheets import letters
from evaluator.loading.tables.workbooks.table import column_of
from evaluator.model.import_map import ImportMap, MappedColumn, MappedRate, MappedSheet
from evaluator.sanitize import shortened

_Read = tuple[Field, Reading, Place]
"""A field, what a cell says of it, and the cell's place."""


@dataclass
class Harvest:
    """What is taken, as it grows: rows, the record by place, faults, what is open."""

    rates: Rates = field(default_factory=dict)
    """By which amounts of other currencies are taken."""
    tables: dict[str, list[Row]] = field(default_factory=dict)
    record: dict[Place, list[Taken | Left]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    faulty: set[Place] = field(default_factory=set)
    """The cells of which they tell."""
    questions: list[Question] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    converted: Counter[MappedRate] = field(default_factory=Counter)
    """Cells by the rate that was taken."""
    settled: list[MappedSheet] = field(default_factory=list)
    """The sheets of the map, with what their cells show."""

    def leave(self, cell: Cell, why: Why) -> None:
        """Put a cell on record as left, unless it is there already."""
        self.record.setdefault(cell.place, []).append(Left(cell.place, cell.found, why))


def take(mapped: ImportMap, grids: Sequence[Grid], there: Destination) -> Harvest:
    """Take what a map names from grids; what is wrong and what is open are told, all at once."""
    found = Harvest({(one.base, one.quote): one for one in mapped.rates or ()})
    by_name = {grid.name: grid for grid in grids}
    fields = there.fields
    for index, sheet in enumerate(mapped.sheets):
        grid = by_name.get(sheet.sheet)
        where = f"sheets, entry {index + 1}"
        if grid is None:
            fact = f"there is no sheet '{shortened(sheet.sheet)}'."
            found.problems.append(Problem(where, fact, did_you_mean(sheet.sheet, by_name)))
            continue
        _take_sheet(sheet, index, grid, there, fields, found)
    if "packages" in found.tables:
        found.tables["packages"] = _once(found.tables["packages"])
    named = {sheet.sheet for sheet in mapped.sheets}
    for grid in grids:
        if grid.name not in named:
            for cell in grid.cells.values():
                found.leave(cell, "hidden" if grid.hidden else "sheet")
            if grid.cells:
                code = "sheet_hidden" if grid.hidden else "sheet_left"
                found.notes.append(Note(code, grid.where, {"cells": len(grid.cells)}))
    return found


def _once(rows: Sequence[Row]) -> list[Row]:
    """Return rows without those that say again what another says, as of a package judged twice."""
    first: dict[tuple[tuple[str, str], ...], Row] = {}
    for row in rows:
        first.setdefault(tuple(sorted(row.cells.items())), row)
    return list(first.values())


@dataclass(frozen=True)
class _Sheet:
    """A sheet with its columns as they are read."""

    mapped: MappedSheet
    grid: Grid
    columns: Mapping[int, tuple[MappedColumn, tuple[Field, ...]]]
    """Those that go somewhere, by index."""
    merged: Mapping[tuple[int, int], Cell]
    rows: tuple[int, ...]
    inside: frozenset[int]
    """The same rows."""


def _take_sheet(
    sheet: MappedSheet,
    index: int,
    grid: Grid,
    there: Destination,
    fields: Mapping[str, Field],
    found: Harvest,
) -> None:
    merged = merged_texts(grid)
    leave_hidden = grid.hidden_rows if sheet.hidden == "leave" else frozenset[int]()
    rows = tuple(
        row
        for row in grid.rows
        if sheet.first <= row <= sheet.last and row not in (*sheet.skip, *leave_hidden)
    )
    before = len(found.problems)
    columns: dict[int, tuple[MappedColumn, tuple[Field, ...]]] = {}
    settled_columns: list[MappedColumn] = []
    for at, column in enumerate(sheet.columns):
        place = column_of(column.column)
        _check_head(sheet, column, place, grid, merged, found)
        targets = _targets(column, (index, at), fields, found)
        for target in targets:
            cells = [grid.cells[row, place] for row in rows if (row, place) in grid.cells]
            where = f"{grid.where} column {column.column} ({shortened(column.head)})"
            column, open_ = settled(cells, target, column, where, found.rates)
            path = ("sheets", index, "columns", at)
            found.questions += [
                x if x.key == ("rates",) else replace(x, key=(*path, *x.key)) for x in open_
            ]
        settled_columns.append(column)
        if targets:
            columns[place] = column, targets
    found.settled.append(sheet.model_copy(update={"columns": tuple(settled_columns)}))
    # the criterion of a row says what its other cells may be
    first = sorted(columns, key=lambda at: not any(x.column == "criterion" for x in columns[at][1]))
    ready = _Sheet(sheet, grid, {at: columns[at] for at in first}, merged, rows, frozenset(rows))
    _leave(ready, leave_hidden, found)
    if len(found.problems) == before:
        _take_rows(ready, there, found)


def _check_head(
    sheet: MappedSheet,
    column: MappedColumn,
    place: int,
    grid: Grid,
    merged: Mapping[tuple[int, int], Cell],
    found: Harvest,
) -> None:
    for row in sheet.head:
        cell = grid.cells.get((row, place))
        if cell is not None and cell.fault is not None:
            found.problems.append(Problem(str(cell.place), *cell.fault))
    stands = head_of(grid, merged, sheet.head, place)
    if key(stands) != key(column.head):
        says = f"'{shortened(stands)}'" if stands else "nothing"
        fact = f"the head of the column is {says}; the map says '{shortened(column.head)}'."
        remedy = "Mend the map, or import the file that it was made for."
        found.problems.append(Problem(str(grid.place(sheet.head[-1], place)), fact, remedy))


def head_of(
    grid: Grid, merged: Mapping[tuple[int, int], Cell], rows: Sequence[int], column: int
) -> str:
    """Return what stands above a column, of several rows joined by ` / `.

    A row of groups that is not merged names those to the right of each text as well.
    """
    parts: list[str] = []
    for row in rows:
        cell = merged.get((row, column)) or grid.cells.get((row, column))
        if cell is None and row != rows[-1]:
            left = [c for c in grid.rows.get(row, {}) if c < column]
            above = any((row, c) in merged for c in grid.rows.get(row, {}))
            cell = grid.cells[row, max(left)] if left and not above else None
        text = " ".join(cell.found.split()) if cell else ""
        if text and text not in parts:
            parts.append(text)
    return " / ".join(parts)


def _targets(
    column: MappedColumn, at: tuple[int, int], fields: Mapping[str, Field], found: Harvest
) -> tuple[Field, ...]:
    targets = []
    for name in column.to:
        if name in fields:
            targets.append(fields[name])
            continue
        where = f"sheets, entry {at[0] + 1}, column {column.column}"
        fact = f"there is no field '{shortened(name)}'."
        found.problems.append(Problem(where, fact, did_you_mean(name, fields)))
    return tuple(targets)


def _leave(ready: _Sheet, leave_hidden: frozenset[int], found: Harvest) -> None:
    """Put on record what of a sheet is left, and tell of it."""
    sheet, grid = ready.mapped, ready.grid
    beside: dict[int, int] = {}
    for cell in grid.cells.values():
        why = _why_left(ready, cell.place, leave_hidden)
        if why is not None:
            found.leave(cell, why)
        if why in ("column", "beside"):
            beside[cell.place.column] = beside.get(cell.place.column, 0) + 1
    inside = ready.inside
    where = grid.where
    heads = {column_of(one.column): one.head for one in sheet.columns}
    for column, count in sorted(beside.items()):
        told = {"column": letters(column), "head": heads.get(column, ""), "cells": count}
        found.notes.append(Note("column_left", where, told))
    hidden = sorted(grid.hidden_rows & (inside | leave_hidden))
    blank = [r for r in range(sheet.first, sheet.last + 1) if r not in grid.rows]
    for code, rows in (
        ("rows_hidden_left" if leave_hidden else "rows_hidden", hidden),
        ("rows_blank", blank),
        ("rows_skipped", [row for row in sheet.skip if row in grid.rows]),
        ("rows_above", [row for row in grid.rows if row < min(sheet.head)]),
        ("rows_between", [row for row in grid.rows if max(sheet.head) < row < sheet.first]),
        ("rows_below", [row for row in grid.rows if row > sheet.last]),
    ):
        if rows:
            found.notes.append(Note(code, where, {"rows": tuple(rows)}))
    for column in sorted(grid.hidden_columns & set(ready.columns)):
        told = {"column": letters(column), "head": heads.get(column, "")}
        found.notes.append(Note("column_hidden", where, told))


def _why_left(ready: _Sheet, place: Place, leave_hidden: frozenset[int]) -> Why | None:
    """Return why a cell of a sheet is left, None where it is taken."""
    sheet, row = ready.mapped, place.row
    if row in sheet.head:
        return "head"
    if not sheet.first <= row <= sheet.last:
        above, below = row < min(sheet.head), row > sheet.last
        return "title" if above else "note" if below else "type"
    if row in leave_hidden:
        return "hidden"
    if row not in ready.inside:
        return "row"
    if place.column in ready.columns:
        return None
    listed = {column_of(one.column) for one in sheet.columns}
    return "column" if place.column in listed else "beside"


def _take_rows(ready: _Sheet, there: Destination, found: Harvest) -> None:
    number = 0
    for row in ready.rows:
        cells = {c: x for c in ready.columns if (x := ready.grid.cells.get((row, c)))}
        if not cells:
            continue
        number += 1
        readings: dict[str, _Read] = {}
        for column in ready.columns:
            _take_cell(ready, row, column, cells.get(column), there, readings, found)
        _make_rows(ready, row, number, readings, cells, there, found)


def _take_cell(
    ready: _Sheet,
    row: int,
    column: int,
    cell: Cell | None,
    there: Destination,
    readings: dict[str, _Read],
    found: Harvest,
) -> None:
    """Read a cell for each of its fields; adds to `readings`, or a fault."""
    mapped, targets = ready.columns[column]
    spread = ready.merged.get((row, column))
    if cell is None and spread and any(one.names_package for one in targets):
        cell = spread
    if cell is None:
        return
    for target in targets:
        criterion = readings.get(f"{target.table}.criterion")
        target = there.judged(target, criterion[1].text) if criterion else target
        try:
            reading = read(cell, target, mapped, found.rates)
            readings[target.name] = target, reading, cell.place
            found.converted.update([reading.rate] if reading.rate else [])
        except ValueError as error:
            fact, _, remedy = str(error).partition("\n")
            found.problems.append(Problem(str(cell.place), fact, remedy))
            found.faulty.add(cell.place)


def _make_rows(
    ready: _Sheet,
    row: int,
    number: int,
    readings: Mapping[str, _Read],
    cells: Mapping[int, Cell],
    there: Destination,
    found: Harvest,
) -> None:
    named = [x for x in readings.values() if x[0].names_package]
    package = named[0][1].text if named else ""
    if not named and ready.mapped.numbered is not None:
        package = f"{ready.mapped.numbered}{number}"
    first = next(iter(cells.values())).place
    needed = any(
        one.names_package or one.table == "packages" or one.wide
        for _, targets in ready.columns.values()
        for one in targets
    )
    if not package and needed:
        if not any(cell.place in found.faulty for cell in cells.values()):
            fact = "the row has cells, and nothing says whose they are."
            remedy = "Fill its id, or name the row under skip in the map."
            found.problems.append(Problem(str(first), fact, remedy))
        return
    for table, made in _rows_of(ready.mapped, package, readings):
        found.tables.setdefault(table, []).append(made)
    _put_on_record(ready, package, readings, cells, found)


def _rows_of(
    sheet: MappedSheet, package: str, readings: Mapping[str, _Read]
) -> Iterator[tuple[str, Row]]:
    """Yield the rows of the study's tables that one row of a sheet makes."""
    constants: dict[str, dict[str, str]] = {}
    for name, text in sheet.constants.items():
        table, _, column = name.partition(".")
        constants.setdefault(table, {})[column] = text
    shared: dict[str, dict[str, _Read]] = {}
    for one in readings.values():
        if one[0].table and not one[0].wide:
            shared.setdefault(one[0].table, {})[one[0].column] = one
    wide = [one for one in readings.values() if one[0].wide]
    for one in wide:
        table = one[0].table
        if table != "requests" or one[1].text not in ("0", ""):
            yield table, _wide_row(one, package, constants.get(table, {}), shared.get(table, {}))
    for table, parts in shared.items():
        if table in {one[0].table for one in wide}:
            continue
        cells = {**constants.get(table, {}), **{k: x[1].text for k, x in parts.items()}}
        if package:
            cells.setdefault("id" if table == "packages" else "package", package)
        if "value" in parts and table == "measures":
            cells.setdefault("unit", parts["value"][0].unit)
        rating = parts.get("rating") if table == "ratings" else None
        if rating is not None and rating[1].missing:
            cells.setdefault("rationale", rating[1].missing)
        yield table, Row(cells, {k: x[2] for k, x in parts.items()})


def _wide_row(
    one: _Read, package: str, constants: Mapping[str, str], shared: Mapping[str, _Read]
) -> Row:
    """Return the row of a cell whose column stands for a criterion, a tool, ..."""
    target, reading, place = one
    own = {column: x[1].text for column, x in shared.items()}
    cells = {"package": package, **constants, **target.fixed, **own, target.column: reading.text}
    if target.table == "measures":
        cells["unit"] = target.unit
    if target.table == "ratings" and reading.missing:
        cells.setdefault("rationale", reading.missing)
    places = {column: x[2] for column, x in shared.items()}
    return Row(cells, {"package": place, **places, target.column: place})


def _put_on_record(
    ready: _Sheet,
    package: str,
    readings: Mapping[str, _Read],
    cells: Mapping[int, Cell],
    found: Harvest,
) -> None:
    places = {cell.place: cell for cell in cells.values()}
    for name, (_, reading, place) in readings.items():
        cell = places.get(place)
        how = "; ".join(reading.how) if cell else "; ".join((*reading.how, "merged"))
        if cell is None:
            continue
        entry = Taken(place, cell.found, reading.text, name, package, how)
        found.record.setdefault(place, []).append(entry)
