"""Rows in blocks: arrays for the solver now, exact rows with their names when they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evaluator.allocation.model.exact.later import OneByOne
from evaluator.allocation.model.exact.numbers import Entries, Exact, Flags, each_of, rows_of
from evaluator.allocation.model.exact.rows import Kind, Rational, Row, Sense, whole
from evaluator.results.findings import Finding

Title = Callable[[int], tuple[str, str]]
"""Name and group of a row, by its place in the block."""


@dataclass(frozen=True, eq=False)
class Block:
    """Some rows of the program, m of them."""

    entries: Entries
    bound: Exact
    """Shape (m,)."""
    most: Flags
    """Which are upper bounds."""
    least: Flags
    """Which are lower bounds; both, where the two sides are equal."""
    count: Flags
    """Which count binaries; the others are in USD."""
    kinds: Sequence[Kind]
    rows: Sequence[Row]


def block_of(rows: Sequence[Row]) -> Block:
    """Return rows that were written one by one as a block."""
    return Block(
        rows_of([dict(row.terms) for row in rows]),
        each_of([row.bound for row in rows]),
        np.array([row.sense != "at_least" for row in rows], dtype=np.bool_),
        np.array([row.sense != "at_most" for row in rows], dtype=np.bool_),
        np.array([row.unit == "count" for row in rows], dtype=np.bool_),
        [row.kind for row in rows],
        rows,
    )


def alike(
    kind: Kind,
    sense: Sense | Literal["equal"],
    entries: Entries,
    bound: Exact,
    title: Title,
    count: Flags | None = None,
    aside: Sequence[Rational] = (),
    rule: Callable[[int], Finding] | None = None,
) -> Block:
    """Return a block of rows of one kind and sense; in USD unless `count` says which are not.

    aside: the bound of each that holds even where it is set aside, if any does. rule: what the
    row of each place says, unless it is a limit.
    """
    number = entries.count
    counted = np.zeros(number, dtype=np.bool_) if count is None else count

    def row(place: int) -> Row:
        name, group = title(place)
        still = aside[place] if aside else None
        unit: Literal["usd", "count"] = "count" if counted[place] else "usd"
        said = None if rule is None else rule(place)
        most = whole(bound.table[bound.code[place]])
        return Row(name, group, kind, sense, entries.terms[place], most, unit, still, said)

    most, least = np.full(number, sense != "at_least"), np.full(number, sense != "at_most")
    rows = OneByOne(number, row)
    return Block(entries, bound, most, least, counted, (kind,) * number, rows)
