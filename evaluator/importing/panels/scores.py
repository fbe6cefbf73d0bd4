"""The cells of score sheets -> scores of projects by judges, each at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing.material import Left, Note, Place, Source, Taken, Why
from evaluator.importing.panels.roles import Roles, Scored, is_known, roles
from evaluator.importing.tables.grids.files import read_cells
from evaluator.importing.tables.grids.grid import Cell, Grid
from evaluator.importing.tables.heads import Layout, layout, merged_texts
from evaluator.importing.tables.notes import around
from evaluator.importing.tables.parsing.numbers import (
    Figure,
    amount,
    conventions,
    figure,
    separated,
    written,
)
from evaluator.importing.tables.parsing.words import is_missing
from evaluator.letters import folded
from evaluator.sanitize import shortened

Read = tuple[Decimal, str]
"""A number, and what was done to read it."""
ONE_CRITERION = Scored("Score")


@dataclass(frozen=True)
class Sheet:
    """A sheet whose columns are those of a score sheet."""

    grid: Grid
    layout: Layout
    roles: Roles
    rows: tuple[int, ...]

    def cells(self, column: int) -> Iterator[Cell]:
        """Yield the cells of a column within the table."""
        return (x for row in self.rows if (x := self.grid.cells.get((row, column))) is not None)


@dataclass(frozen=True)
class Score:
    """What a judge gave a project on a criterion."""

    project: str
    judge: str
    criterion: str
    number: Decimal
    place: Place
    reason: str = ""


@dataclass
class Scores:
    """What the sheets of a file hold."""

    projects: dict[str, str] = field(default_factory=dict)
    """Titles by what tells projects apart, in the order of the file."""
    places: dict[str, Place] = field(default_factory=dict)
    """Where each first stands."""
    judges: dict[str, Place] = field(default_factory=dict)
    criteria: dict[str, Scored] = field(default_factory=dict)
    scores: list[Score] = field(default_factory=list)
    record: dict[Place, Taken | Left] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    spelled: dict[tuple[str, str], str] = field(default_factory=dict)
    """The first spelling of a word, by what it names and its letters without case."""

    def word(self, kind: str, cell: Cell, field_: str) -> str:
        """Return a word as it was spelled first, on record."""
        text = " ".join(cell.found.split())
        found = self.spelled.setdefault((kind, folded(text)), text)
        how = "" if found == text else "spelled as before"
        self.record[cell.place] = Taken(cell.place, cell.found, found, field_, found, how)
        return found


def sheets_of(source: Source) -> tuple[tuple[Grid, ...], list[Sheet], Sequence[Problem]]:
    """Return all sheets of a file, those that hold scores, and what cannot be decided of it.

    Raises InvalidStudyError for what is no table, or crosses a bound.
    """
    found = read_cells(source)
    open_ = [
        Problem(one.where, one.fact, "Save it so that it can be read in one way.")
        for one in found.questions
    ]
    sheets = []
    for grid in found.grids:
        where = layout(grid, is_known) if not grid.hidden else None
        if where is None or where.first > where.last:
            continue
        skip = {*where.thin, *where.totals}
        rows = tuple(r for r in grid.rows if where.first <= r <= where.last and r not in skip)
        own = roles(where.heads, lambda c, g=grid, r=rows: _numeric(g, r, c))  # type: ignore[misc]
        sheet = Sheet(grid, where, own, rows) if own is not None else None
        if sheet is not None and _is_of_a_panel(sheet):
            sheets.append(sheet)
    return found.grids, sheets, open_


def _is_of_a_panel(sheet: Sheet) -> bool:
    """Return whether a project stands in several rows, as one that several judge does.

    Where each stands once, a column of names may as well say who is in charge of it.
    """
    if sheet.roles.form == "judges":
        return True
    merged = merged_texts(sheet.grid)
    at = ((row, sheet.roles.project) for row in sheet.rows)
    names = [folded(x.found) for key in at if (x := sheet.grid.cells.get(key) or merged.get(key))]
    return len(set(names)) < len(names)


def _numeric(grid: Grid, rows: Sequence[int], column: int) -> bool:
    cells = [x for row in rows if (x := grid.cells.get((row, column))) is not None]
    told = [x for x in cells if x.fault is None and not is_missing(x.found.strip())]
    numbers = [x for x in told if x.kind == "number" or (x.kind == "text" and figure(x.found))]
    return bool(numbers) and 2 * len(numbers) > len(told)


def is_panel(source: Source) -> bool:
    """Return whether a file holds a score sheet."""
    if source.parts or not source.data.strip():
        return False
    try:
        return bool(sheets_of(source)[1])
    except InvalidStudyError:
        return False


def read_scores(source: Source) -> tuple[Scores, list[Sheet]]:
    """Return the scores of all sheets. Raises InvalidStudyError with all faults, at their cells."""
    grids, sheets, problems = sheets_of(source)
    found = Scores(problems=list(problems))
    for sheet in sheets:
        _take(sheet, found)
    _once(found)
    if not found.scores and not found.problems:
        found.problems.append(Problem(source.name, "holds no score.", "Fill the sheet."))
    if found.problems:
        raise InvalidStudyError(list(dict.fromkeys(found.problems)))
    _leave(grids, sheets, found)
    return found, sheets


def _take(sheet: Sheet, found: Scores) -> None:
    own, merged = sheet.roles, merged_texts(sheet.grid)
    read = _numbers(sheet, found)
    for row in sheet.rows:
        cells = {
            column: cell
            for column in sheet.layout.heads
            if (cell := sheet.grid.cells.get((row, column)) or merged.get((row, column)))
        }
        named = cells.get(own.project)
        if named is None:
            where = str(sheet.grid.place(row, own.project))
            found.problems.append(Problem(where, "names no project.", "Fill it, or empty the row."))
            continue
        project = found.word("project", named, "packages.id")
        found.projects.setdefault(project, project)
        found.places.setdefault(project, named.place)
        if own.title is not None and own.title in cells:
            found.projects[project] = found.word("title", cells[own.title], "packages.title")
        judge = cells.get(own.judge) if own.judge is not None else None
        if own.judge is not None and judge is None:
            where = str(sheet.grid.place(row, own.judge))
            found.problems.append(Problem(where, "names no judge.", "Fill it, or empty the row."))
            continue
        _row(sheet, cells, project, judge, read, found)


def _row(
    sheet: Sheet,
    cells: Mapping[int, Cell],
    project: str,
    judge: Cell | None,
    read: Mapping[Place, Read],
    found: Scores,
) -> None:
    """Take the scores of a row."""
    own = sheet.roles
    reason = cells.get(own.reason) if own.reason is not None else None
    said = "" if reason is None else " ".join(reason.found.split())
    who = "" if judge is None else found.word("judge", judge, "ratings.evaluator")
    if judge is not None:
        found.judges.setdefault(who, judge.place)
    columns = (own.score,) if own.form == "long" else tuple(own.scored)
    for column in columns:
        cell = cells.get(column) if column is not None else None
        if column is None or cell is None or cell.place not in read:
            continue
        if own.form == "long":
            named = cells.get(own.criterion) if own.criterion is not None else None
            if named is None:
                where = str(cell.place)
                found.problems.append(Problem(where, "scores no criterion.", "Name it beside it."))
                continue
            criterion = found.word("criterion", named, "ratings.criterion")
            found.criteria.setdefault(criterion, Scored(criterion))
        elif own.form == "criteria":
            criterion = own.scored[column].label
            found.criteria.setdefault(criterion, own.scored[column])
        else:
            criterion, who = ONE_CRITERION.label, own.scored[column].label
            found.criteria.setdefault(criterion, ONE_CRITERION)
            found.judges.setdefault(who, sheet.grid.place(sheet.layout.head[-1], column))
        number, how = read[cell.place]
        of = f"{project} | {who} | {criterion}"
        taken = Taken(cell.place, cell.found, written(number), "ratings.rating", of, how)
        found.record[cell.place] = taken
        found.scores.append(Score(project, who, criterion, number, cell.place, said))
        said = ""  # a remark stands once
    if reason is not None:
        told = Taken(reason.place, reason.found, reason.found, "ratings.rationale", project)
        found.record.setdefault(reason.place, told)


def _numbers(sheet: Sheet, found: Scores) -> dict[Place, Read]:
    """Return the numbers of a sheet's scores; what parts decimals is that of the sheet."""
    own = sheet.roles
    columns = [own.score] if own.score is not None else list(own.scored)
    cells = [cell for column in columns for cell in sheet.cells(column)]
    texts: dict[Place, Figure] = {}
    read: dict[Place, Read] = {}
    for cell in cells:
        where, text = str(cell.place), shortened(cell.found)
        if cell.fault is not None:
            found.problems.append(Problem(where, *cell.fault))
        elif cell.kind == "number":
            read[cell.place] = Decimal(cell.found), ""
        elif cell.kind == "text" and (one := figure(cell.found)) is not None:
            texts[cell.place] = one
        elif is_missing(cell.found.strip()):
            taken = Taken(cell.place, cell.found, "", "ratings.rating", "", "missing")
            found.record[cell.place] = taken
        else:
            fact = f"'{text}' is no number of points."
            remedy = "Write the number, or empty the cell."
            found.problems.append(Problem(where, fact, remedy))
    ways = conventions(list(texts.values()), lambda one, number: True) if texts else []
    if len(ways) > 1:
        place, one = next(
            (p, f) for p, f in texts.items() if len({amount(f, *w) for w in ways}) > 1
        )
        numbers = [number for way in ways if (number := amount(one, *way)) is not None]
        told = " or ".join(dict.fromkeys(map(written, numbers)))
        fact = f"'{one.digits}' may be {told}: no other score of the sheet tells."
        found.problems.append(Problem(str(place), fact, "Write it with a decimal point alone."))
        return read
    for place, one in texts.items():
        number = amount(one, *ways[0])
        if number is None:
            fact = f"'{shortened(one.digits)}' is no number as the others of the sheet are."
            found.problems.append(Problem(str(place), fact, "Write it like them."))
        else:
            read[place] = number, "; ".join([*one.how, *separated(one, *ways[0])])
    return read


def _once(found: Scores) -> None:
    """Refuse two scores of one judge for one project and criterion."""
    first: dict[tuple[str, str, str], Place] = {}
    for one in found.scores:
        key = (one.project, one.judge, one.criterion)
        if key in first:
            fact = f"a second score of '{shortened(one.judge)}' for '{shortened(one.project)}'"
            fact += f" on '{shortened(one.criterion)}'; the first is at {first[key].cell}."
            found.problems.append(Problem(str(one.place), fact, "Keep one of the two."))
        first.setdefault(key, one.place)


def _leave(grids: Sequence[Grid], sheets: Sequence[Sheet], found: Scores) -> None:
    """Put every other cell on record as left, and tell what is left as a whole."""
    by_name = {sheet.grid.name: sheet for sheet in sheets}
    for grid in grids:
        sheet = by_name.get(grid.name)
        for (row, column), cell in grid.cells.items():
            if cell.place not in found.record:
                why = _why(sheet, row, column, grid)
                found.record[cell.place] = Left(cell.place, cell.found, why)
        if sheet is None and grid.cells:
            code = "sheet_hidden" if grid.hidden else "sheet_left"
            found.notes.append(Note(code, grid.where, {"cells": len(grid.cells)}))
        elif sheet is not None:
            found.notes += around(grid, sheet.layout, sheet.rows, sheet.roles.taken)
            left = [h for c, h in sheet.layout.heads.items() if c not in sheet.roles.taken]
            if left:
                named = {"section": grid.name, "columns": tuple(left)}
                found.notes.append(Note("columns_left", grid.where, named))


def _why(sheet: Sheet | None, row: int, column: int, grid: Grid) -> Why:
    if sheet is None:
        return "hidden" if grid.hidden else "sheet"
    where = sheet.layout
    if row in where.head:
        return "head"
    if row < where.head[0]:
        return "title"
    if row > where.last and row not in where.totals:
        return "note"
    if row not in sheet.rows:
        return "row"
    return "column" if column in where.heads else "beside"
