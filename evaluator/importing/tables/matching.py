"""The heads of a sheet -> the fields of a study that they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from evaluator.importing.tables.destination import CALLED, PACKAGE, Destination, Field
from evaluator.importing.tables.grids.grid import Cell, Grid, Question
from evaluator.importing.tables.heads import Layout
from evaluator.importing.tables.parsing import numbers, words
from evaluator.loading.round.tables import TABLES
from evaluator.loading.tables.sheets import letters
from evaluator.model.import_map import MappedColumn
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


@dataclass(frozen=True)
class Table:
    """A sheet that holds a table."""

    grid: Grid
    layout: Layout
    rows: tuple[int, ...]

    def cells(self, column: int) -> list[Cell]:
        """Return the cells of a column within the table."""
        return [x for row in self.rows if (x := self.grid.cells.get((row, column)))]


def ways(head: str) -> Iterator[str]:
    """Yield how a head may be read: as it is, its last row, both without what is in brackets."""
    last = head.rpartition(" / ")[2]
    for text in dict.fromkeys((head, last)):
        yield text
        bare = text.partition("(")[0].partition("[")[0].strip()
        if bare and bare != text:
            yield bare


def columns_of(
    table: Table,
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
        found = next((x for way in ways(head) if (x := words.matched(way, known))), None)
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


def _allowed(table: Table, there: Destination, fields: Mapping[str, Field]) -> list[Field]:
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


def _lists_packages(table: Table, there: Destination, fields: Mapping[str, Field]) -> bool:
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


def _column_of(table: Table, one: Field) -> int | None:
    """Return the first column whose head is what a field is called."""
    called = {words.key(text) for text in one.called}
    heads = table.layout.heads.items()
    found = (c for c, head in heads if any(words.key(way) in called for way in ways(head)))
    return next(found, None)


def _calls(table: Table, one: Field) -> bool:
    """Return whether a head of a sheet is what a field is called."""
    return _column_of(table, one) is not None


def _long(table: Table, there: Destination, fields: Mapping[str, Field]) -> str | None:
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


def _judged(table: Table, there: Destination) -> str:
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
    table: Table,
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
        near = (get_close_matches(words.key(way), known, 1, _NEAR) for way in ways(head))
        name = next((known[found[0]] for found in near if found), "")
        if name and name not in used:
            to[column] = (name,)
            used.add(name)
            fact = f"'{shortened(head)}' is near what {name} is called, and not the same."
            path = ("sheets", index, "columns", at, "to")
            questions.append(Question(table.grid.where, path, fact, (name,)))


def _named(
    table: Table, there: Destination, allowed: Sequence[Field], to: dict[int, tuple[str, ...]]
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
