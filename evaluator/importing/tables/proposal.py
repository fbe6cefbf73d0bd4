"""The map that a file suggests, and what of it is not sure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from evaluator.importing.tables.criteria import AGENCY
from evaluator.importing.tables.destination import PACKAGE, Destination
from evaluator.importing.tables.grids.grid import Found, Grid, Question
from evaluator.importing.tables.heads import layout
from evaluator.importing.tables.matching import Table, columns_of, ways
from evaluator.importing.tables.parsing import words
from evaluator.importing.tables.suggestions import (
    criterion_of,
    labelled,
    stated_direction,
    stated_number,
)
from evaluator.loading.round.tables import TABLES
from evaluator.loading.tables.sheets import letters
from evaluator.model.import_map import (
    ImportMap,
    MappedColumn,
    MappedCriterion,
    MappedSheet,
    MappedStudy,
)
from evaluator.sanitize import seen, shortened


@dataclass
class Proposal:
    """A map, and what of it is open or only likely."""

    mapped: ImportMap
    questions: list[Question] = field(default_factory=list)


def propose(found: Found, there: Destination, name: str, day: dt.date) -> Proposal | None:
    """Return the map that a file suggests, None where it holds no table.

    name: of the file. day: of a study that the import would make.
    """
    fields = there.fields
    known = words.vocabulary((head, one.name) for one in fields.values() for head in one.called)
    tables = list(_tables(found.grids, known))
    if not tables:
        return None
    questions = list(found.questions)
    if there.new:
        tables = _one_of(tables, questions)
    criteria: list[MappedCriterion] = []
    sheets: list[MappedSheet] = []
    for index, table in enumerate(tables):
        columns = columns_of(table, there, fields, index, questions)
        if there.new:
            columns = _with_criteria(table, columns, criteria, questions)
        alike = sum(one.layout.heads == table.layout.heads for one in tables) > 1
        sheets.append(_sheet(table, columns, index, questions, alike=alike))
    stem = " ".join(seen(name.rpartition(".")[0] or name).split()) or "imported"
    study = MappedStudy(id=words.slug(stem) or "imported", title=stem, as_of=day)
    mapped = ImportMap(
        source=name,
        study=study if there.new else None,
        criteria=tuple(criteria),
        sheets=tuple(sheets),
    )
    return Proposal(mapped, questions)


def _tables(grids: Sequence[Grid], known: Mapping[str, str]) -> Iterator[Table]:
    for grid in grids:
        if grid.hidden:
            continue
        found = layout(grid, lambda text: any(words.key(part) in known for part in ways(text)))
        if found is not None and found.first <= found.last:
            skip = (*found.thin, *found.totals)
            rows = (row for row in grid.rows if found.first <= row <= found.last)
            yield Table(grid, found, tuple(row for row in rows if row not in skip))


def _one_of(tables: list[Table], questions: list[Question]) -> list[Table]:
    """Return the largest table: a new study is made of one."""
    if len(tables) == 1:
        return tables
    best = max(tables, key=lambda one: len(one.rows) * len(one.layout.heads))
    others = ", ".join(one.grid.name for one in tables if one is not best)
    fact = f"other sheets hold a table as well: {others}."
    questions.append(Question(best.grid.where, ("sheets", 0, "sheet"), fact, ()))
    return [best]


def _with_criteria(
    table: Table,
    columns: list[MappedColumn],
    criteria: list[MappedCriterion],
    questions: list[Question],
) -> list[MappedColumn]:
    """Return the columns with a criterion for each further one of numbers, or of words in a usual
    order; adds to `criteria`."""
    found = []
    ids: set[str] = {one.id for one in criteria}
    stated = table.layout
    by_letter = {letters(column): column for column in stated.heads}
    for at, one in enumerate(columns):
        column = by_letter[one.column]
        own = table.cells(column)
        made = None if one.to else criterion_of(one, own, ids) or labelled(one, own, ids)
        if made is None:
            found.append(one)
            continue
        cells = table.grid.cells
        direction = stated_direction(cells.get((stated.directions or 0, column)))
        weight = stated_number(cells.get((stated.weights or 0, column)))
        criterion, open_ = made
        criterion = criterion.model_copy(
            update={"direction": direction, "weight": 1.0 if weight is None else weight}
        )
        path = ("criteria", len(criteria))
        where = f"{table.grid.where} column {one.column} ({shortened(one.head)})"
        if stated.weights is not None and weight is None:
            fact = "the row of weights has no number of 0 or more here."
            questions.append(Question(where, (*path, "weight"), fact, ()))
        if direction is None and not criterion.levels:
            fact = "which is better is not stated: more of it, or less."
            questions.append(Question(where, (*path, "direction"), fact, ("higher", "lower")))
        for key, fact, options in open_:
            inside = ("sheets", 0, "columns", at) if key == "missing" else path
            questions.append(Question(where, (*inside, key), fact, options))
        kind = "ratings" if criterion.levels else "measures"
        criteria.append(criterion)
        ids.add(criterion.id)
        found.append(one.model_copy(update={"to": (f"{kind}.{AGENCY}.{criterion.id}",)}))
    if criteria and stated.weights is None:
        fact = "no row states weights: all criteria count alike here."
        questions.append(Question(table.grid.where, ("criteria", 0, "weight"), fact, ()))
    return found


def _sheet(
    table: Table,
    columns: list[MappedColumn],
    index: int,
    questions: list[Question],
    *,
    alike: bool,
) -> MappedSheet:
    """Return a sheet as it is mapped. alike: others have the same heads, one for each evaluator."""
    stated, grid = table.layout, table.grid
    to = {name for one in columns for name in one.to}
    path = ("sheets", index)
    constants: dict[str, str] = {}
    rated = any(name.startswith("ratings.") for name in to)
    if rated and "ratings.evaluator" not in to:
        constants["ratings.evaluator"] = words.slug(grid.name) or "panel"
        if not alike:
            fact = "no column says who rated; the name of the sheet stands for it."
            questions.append(Question(grid.where, (*path, "constants"), fact, ()))
    skip = stated.thin
    if skip:
        fact = "these rows hold one cell alone: heads of groups, or rows still to be filled?"
        questions.append(Question(grid.where, (*path, "skip"), fact, ()))
    if stated.guessed_head:
        fact = "the upper of these rows may name groups of columns, or be a title."
        questions.append(Question(grid.where, (*path, "head"), fact, ()))
    own = (PACKAGE, "packages.id", "packages.title")
    named = any(name in own or name.endswith(".package") for name in to)
    if not named and not _alone(to):
        fact = "no column says whose each row is."
        questions.append(Question(grid.where, (*path, "columns"), fact, ()))
    numbered = "P" if "packages.title" in to and "packages.id" not in to else None
    return MappedSheet(
        sheet=grid.name,
        head=stated.head,
        first=stated.first,
        last=stated.last,
        skip=skip,
        constants=constants,
        numbered=numbered,
        columns=tuple(columns),
    )


def _alone(to: set[str]) -> bool:
    """Return whether all fields are of a table that has no package."""
    tables = {name.partition(".")[0] for name in to}
    return bool(tables) and all(
        table in TABLES and "package" not in TABLES[table][0] and table != "packages"
        for table in tables
    )


def answered(
    proposal: Proposal, more: Sequence[Question], sheets: Sequence[MappedSheet]
) -> Proposal:
    """Return a proposal with what taking it showed."""
    mapped = proposal.mapped.model_copy(update={"sheets": tuple(sheets)})
    return replace(proposal, mapped=mapped, questions=[*proposal.questions, *more])
