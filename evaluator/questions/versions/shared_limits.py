"""What several studies allow in common: the rows of each over the same amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.columns import Column
from evaluator.allocation.model.exact.rows import Row
from evaluator.allocation.model.limits.families import Terms
from evaluator.allocation.model.program import assemble


def common(first: Compiled, other: Compiled) -> Compiled:
    """Return the program of a study that keeps the limits of law and rules of another as well.

    A request is served only if both can serve it, within the smaller cap and above the larger
    minimum. Objective, goals and the subsidy cost shown are those of the first.
    """
    again = {(pair.package, pair.tool): pair for pair in other.layout.pairs}
    pairs = []
    for pair in first.layout.pairs:
        same = again.get((pair.package, pair.tool))
        cap, least = (min(pair.cap, same.cap), max(pair.least, same.least)) if same else (0, 1)
        pairs.append(pair._replace(cap=cap, least=least))
    columns, where = _merged(first, other)
    rows = (*first.program.rows, *_translated(first, other, where))
    program = assemble(
        columns,
        rows,
        cost=dict(enumerate(first.program.cost.tolist())),
        subsidy=dict(enumerate(first.program.subsidy.tolist())),
        upper={index: pair.cap / first.layout.unit for index, pair in enumerate(pairs)},
        unit=first.layout.unit,
    )
    amount = {(pair.package, pair.tool): index for index, pair in enumerate(pairs)}
    place = {_key(column): index for index, column in enumerate(columns)}
    served = {amount[c.subject, c.detail]: place[_key(c)] for c in columns if c.kind == "served"}
    layout = replace(
        first.layout,
        pairs=tuple(pairs),
        served=served,
        supported={c.subject: place[_key(c)] for c in columns if c.kind == "supported"},
        columns=columns,
    )
    impossible = {**other.impossible, **first.impossible}
    return replace(first, layout=layout, impossible=impossible, program=program)


def _key(column: Column) -> tuple[str, str, str]:
    return column.kind, column.subject, column.detail


def _binary(column: Column, known: set[tuple[str, str, str]]) -> bool:
    """Whether a column is a binary of a request, or a package, that both studies can serve."""
    if column.kind == "served":
        return ("amount", column.subject, column.detail) in known
    packages = {subject for _, subject, _ in known}
    return column.kind == "supported" and column.subject in packages


def _merged(first: Compiled, other: Compiled) -> tuple[tuple[Column, ...], dict[int, int]]:
    """Return the columns of both, and where those of the other stand among them.

    A sum of the other that is one of the first as well has its column.
    """
    columns = list(first.program.columns)
    place = {_key(column): index for index, column in enumerate(columns)}
    known = {("amount", pair.package, pair.tool) for pair in first.layout.pairs}
    where: dict[int, int] = {}
    for number, column in enumerate(other.program.columns):
        if column.owned and _key(column) in place:
            where[number] = place[_key(column)]
        elif _binary(column, known):
            where[number] = len(columns)
            columns.append(column)
    sums = {_summed(row, row.terms): list(row.terms)[-1] for row in _sums(first)}
    for row in _sums(other):
        terms = {where[column]: v for column, v in row.terms.items() if column in where}
        where[list(row.terms)[-1]] = sums.get(_summed(row, terms), len(columns))
        if _summed(row, terms) not in sums:
            columns.append(Column("sum", row.name, str(len(columns))))
    return tuple(columns), where


def _sums(compiled: Compiled) -> list[Row]:
    return [row for row in compiled.program.rows if row.kind == "sum"]


def _summed(row: Row, terms: Terms) -> tuple[object, ...]:
    """Return what equal sums have in common."""
    return row.sense, frozenset(item for item in terms.items() if item[1] > 0)


def _translated(first: Compiled, other: Compiled, where: Mapping[int, int]) -> Iterator[Row]:
    """Yield the other's rows that the first lacks; amounts that only one can serve are 0."""
    present = {_content(row) for row in first.program.rows}
    for row in other.program.rows:
        if row.kind == "goal":
            continue
        terms = {where[column]: v for column, v in row.terms.items() if column in where}
        moved = row._replace(terms=terms)
        if _content(moved) not in present:
            yield moved


def _content(row: Row) -> tuple[object, ...]:
    return row.sense, row.bound, row.unit, frozenset(row.terms.items())
