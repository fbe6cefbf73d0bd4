"""The map that a file suggests, and what of it is not sure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from evaluator.importing.criteria import AGENCY
from evaluator.importing.destination import CALLED, PACKAGE, Destination, Field
from evaluator.importing.grids.grid import Cell, Found, Grid, Question
from evaluator.importing.heads import Layout, layout
from evaluator.importing.parsing import numbers, words
from evaluator.importing.suggestions import criterion_of, stated_direction, stated_number
from evaluator.loading.round_tables import TABLES
from evaluator.loading.tables.sheets import letters
from evaluator.model.import_map import (
    ImportMap,
    MappedColumn,
    MappedCriterion,
    MappedSheet,
    MappedStudy,
)
from evaluator.sanitize import shortened

_NEAR = 0.82
"""Likeness from which a head may be meant for a field."""
_LONG: Mapping[str, tuple[str, ...]] = {
    "ratings": ("criterion", "rating"),
    "measures": ("criterion", "value"),
    "requests": ("tool", "amount_usd"),
    "targets": ("country", "share"),
    **{
        table: tuple(c for c in columns if c not in defaults and c != "package")
        for table, (columns, defaults) in TABLES.items()
        if table not in ("packages", "ratings", "measures", "requests", "targets")
    },
}
"""The columns by which a sheet is known to be such a table."""
_ALWAYS = ("packages.id", "packages.title", "ratings.evaluator", "ratings.rationale")


@dataclass
class Proposal:
    """A map, and what of it is open or only likely."""

    mapped: ImportMap
    questions: list[Question] = field(default_factory=list)


@dataclass(frozen=True)
class _Table:
    """A sheet that holds a table."""

    grid: Grid
    layout: Layout
    rows: tuple[int, ...]

    def cells(self, column: int) -> list[Cell]:
        """Return the cells of a column within the table."""
        return [x for row in self.rows if (x := self.grid.cells.get((row, column)))]


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
        columns = _columns(table, there, fields, index, questions)
        if there.new:
            columns = _with_criteria(table, columns, criteria, questions)
        alike = sum(one.layout.heads == table.layout.heads for one in tables) > 1
        sheets.append(_sheet(table, columns, index, questions, alike=alike))
    stem = name.rpartition(".")[0] or name
    study = MappedStudy(id=words.slug(stem) or "imported", title=stem, as_of=day)
    mapped = ImportMap(
        source=name,
        study=study if there.new else None,
        criteria=tuple(criteria),
        sheets=tuple(sheets),
    )
    return Proposal(mapped, questions)


def _tables(grids: Sequence[Grid], known: Mapping[str, str]) -> Iterator[_Table]:
    for grid in grids:
        if grid.hidden:
            continue
        found = layout(grid, lambda text: any(words.key(part) in known for part in _ways(text)))
        if found is not None and found.first <= found.last:
            skip = (*found.thin, *found.totals)
            rows = (row for row in grid.rows if found.first <= row <= found.last)
            yield _Table(grid, found, tuple(row for row in rows if row not in skip))


def _one_of(tables: list[_Table], questions: list[Question]) -> list[_Table]:
    """Return the largest table: a new study is made of one."""
    if len(tables) == 1:
        return tables
    best = max(tables, key=lambda one: len(one.rows) * len(one.layout.heads))
    others = ", ".join(one.grid.name for one in tables if one is not best)
    fact = f"other sheets hold a table as well: {others}."
    questions.append(Question(best.grid.where, ("sheets", 0, "sheet"), fact, ()))
    return [best]


def _ways(head: str) -> Iterator[str]:
    """Yield how a head may be read: as it is, its last row, both without what is in brackets."""
    last = head.rpartition(" / ")[2]
    for text in dict.fromkeys((head, last)):
        yield text
        bare = text.partition("(")[0].partition("[")[0].strip()
        if bare and bare != text:
            yield bare


def _columns(
    table: _Table,
    there: Destination,
    fields: Mapping[str, Field],
    index: int,
    questions: list[Question],
) -> list[MappedColumn]:
    """Match the heads of a sheet to fields; what is only likely is a question."""
    heads = table.layout.heads
    allowed = _allowed(table, there, fields)
    known = words.vocabulary((name, one.name) for one in allowed for name in one.called)
    to: dict[int, tuple[str, ...]] = {}
    taken: dict[str, int] = {}
    for column, head in heads.items():
        found = next((x for way in _ways(head) if (x := words.matched(way, known))), None)
        if found is None:
            continue
        if found in taken:
            other = shortened(heads[taken[found]])
            fact = f"'{shortened(head)}' may be {found} as well, which '{other}' is taken for."
            at = len(list(filter(lambda c: c < column, heads)))
            path = ("sheets", index, "columns", at, "to")
            questions.append(Question(table.grid.where, path, fact, (found,)))
            continue
        taken[found], to[column] = column, (found,)
    _named(table, there, allowed, to)
    if not there.new:
        _likely(table, known, to, index, questions)
    return [
        MappedColumn(column=letters(column), head=head, to=to.get(column, ()))
        for column, head in heads.items()
    ]


def _allowed(table: _Table, there: Destination, fields: Mapping[str, Field]) -> list[Field]:
    """Return the fields that a sheet may hold: those of one table, or a package in each row."""
    long = _long(table, there, fields)
    if long is not None:
        own = [one for one in fields.values() if one.table == long and not one.wide]
        return [one for one in own if long != "packages" or one.name != PACKAGE]
    wide = [one for one in fields.values() if one.wide or one.table == "packages"]
    always = [fields[name] for name in _ALWAYS if not name.startswith("packages")]
    rated = any(one.table == "ratings" and one.wide for one in wide)
    own = [*wide, *(always if rated else ())]
    if there.packages and not _lists_packages(table, there, fields):
        own = [one for one in own if one.name not in ("packages.id", "packages.title")]
        return [fields[PACKAGE], *own]
    return own


def _lists_packages(table: _Table, there: Destination, fields: Mapping[str, Field]) -> bool:
    """Return whether a sheet says which packages there are, and not only whose its rows are.

    Where it judges them as well, its ids and titles have to be those of the study.
    """
    at = [_column_of(table, fields[name]) for name in ("packages.id", "packages.title")]
    identity, title = at
    if identity is None or title is None:
        return False
    if not any(one.wide and _calls(table, one) for one in fields.values()):
        return True
    known = fields["packages.id"].words
    for row in table.rows:
        cells = [table.grid.cells.get((row, column)) for column in (identity, title)]
        texts = [" ".join(cell.found.split()) if cell else "" for cell in cells]
        name = words.matched(texts[0], known)
        if name is None or there.packages[name] != texts[1]:
            return False
    return True


def _column_of(table: _Table, one: Field) -> int | None:
    """Return the first column whose head is what a field is called."""
    called = {words.key(text) for text in one.called}
    heads = table.layout.heads.items()
    found = (c for c, head in heads if any(words.key(way) in called for way in _ways(head)))
    return next(found, None)


def _calls(table: _Table, one: Field) -> bool:
    """Return whether a head of a sheet is what a field is called."""
    return _column_of(table, one) is not None


def _long(table: _Table, there: Destination, fields: Mapping[str, Field]) -> str | None:
    """Return the table of a round that a sheet is, None where it has a package in each row."""
    by_name = words.matched(table.grid.name, words.vocabulary((t, t) for t in TABLES))

    def has(name: str) -> bool:
        return _calls(table, fields[name])

    if by_name and by_name != "packages" and any(has(f"{by_name}.{c}") for c in TABLES[by_name][0]):
        return by_name
    fitting = [t for t, needed in _LONG.items() if needed and all(has(f"{t}.{c}") for c in needed)]
    if {"ratings", "measures"} <= set(fitting):
        return _judged(table, there)
    return fitting[0] if fitting else None


def _judged(table: _Table, there: Destination) -> str:
    """Return whether a long sheet of criteria holds measures or ratings: what most of them are."""
    called = there.vocabulary_of("criterion")
    named = {words.key(name) for name in CALLED["ratings.criterion"]}
    at = [c for c, head in table.layout.heads.items() if words.key(head) in named]
    kinds = Counter(
        there.criteria[full].kind
        for column in at
        for cell in table.cells(column)
        if (full := words.matched(cell.found, called))
    )
    return "measures" if kinds["measure"] > kinds["rating"] else "ratings"


def _likely(
    table: _Table,
    known: Mapping[str, str],
    to: dict[int, tuple[str, ...]],
    index: int,
    questions: list[Question],
) -> None:
    """Match what is near the name of a field that no other column has; each is a question."""
    used = {name for names in to.values() for name in names}
    for at, (column, head) in enumerate(table.layout.heads.items()):
        if column in to:
            continue
        near = (get_close_matches(words.key(way), known, 1, _NEAR) for way in _ways(head))
        name = next((known[found[0]] for found in near if found), "")
        if name and name not in used:
            to[column] = (name,)
            used.add(name)
            fact = f"'{shortened(head)}' is near what {name} is called, and not the same."
            path = ("sheets", index, "columns", at, "to")
            questions.append(Question(table.grid.where, path, fact, (name,)))


def _named(
    table: _Table, there: Destination, allowed: Sequence[Field], to: dict[int, tuple[str, ...]]
) -> None:
    """See that a column says whose each row is, if need be the first one of texts."""
    names = {one.name for one in allowed}
    at = {name: column for column, each in to.items() for name in each}
    own = next((x for x in names if x == PACKAGE or x.endswith(".package")), None)
    if own is not None:
        if own not in at:
            known = there.vocabulary_of("package")
            for column in table.layout.heads:
                cells = table.cells(column)
                hits = sum(words.matched(cell.found, known) is not None for cell in cells)
                if column not in to and cells and hits >= 0.5 * len(cells):
                    to[column] = (own,)
                    return
        return
    if "packages.id" not in names:
        return
    identity, title = at.get("packages.id"), at.get("packages.title")
    if identity is None and title is None:
        free = (c for c in table.layout.heads if c not in to)
        title = next((c for c in free if _tells_apart(table.cells(c), len(table.rows))), None)
    if identity is None and title is not None:
        made = [words.slug(cell.found) for cell in table.cells(title)]
        texts = [cell.found for cell in table.cells(title)]
        unlike = all(made) and len(set(made)) == len(set(texts))
        to[title] = ("packages.id", "packages.title") if unlike else ("packages.title",)
    elif identity is not None and title is None:
        to[identity] = ("packages.id", "packages.title")


def _tells_apart(cells: Sequence[Cell], rows: int) -> bool:
    """Return whether a column could name alternatives: texts, hardly any twice."""
    texts = [cell.found for cell in cells if cell.kind == "text"]
    plain = [text for text in texts if numbers.figure(text) is None]
    return len(plain) >= 0.9 * rows > 0 and len(set(texts)) >= 0.9 * len(texts)


def _with_criteria(
    table: _Table,
    columns: list[MappedColumn],
    criteria: list[MappedCriterion],
    questions: list[Question],
) -> list[MappedColumn]:
    """Return the columns with a criterion for each further one of numbers; adds to `criteria`."""
    found = []
    ids: set[str] = {one.id for one in criteria}
    stated = table.layout
    by_letter = {letters(column): column for column in stated.heads}
    for at, one in enumerate(columns):
        column = by_letter[one.column]
        made = None if one.to else criterion_of(one, table.cells(column), ids)
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
        if direction is None:
            fact = "which is better is not stated: more of it, or less."
            questions.append(Question(where, (*path, "direction"), fact, ("higher", "lower")))
        for key, fact, options in open_:
            inside = ("sheets", 0, "columns", at) if key == "missing" else path
            questions.append(Question(where, (*inside, key), fact, options))
        criteria.append(criterion)
        ids.add(criterion.id)
        found.append(one.model_copy(update={"to": (f"measures.{AGENCY}.{criterion.id}",)}))
    if criteria and stated.weights is None:
        fact = "no row states weights: all criteria count alike here."
        questions.append(Question(table.grid.where, ("criteria", 0, "weight"), fact, ()))
    return found


def _sheet(
    table: _Table,
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
