"""The same program with a tighter relaxation, for solvers alone: no whole-number point is lost."""

from __future__ import annotations

from dataclasses import replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from evaluator.allocation.model.exact.later import Later
from evaluator.allocation.model.program import Flags, Floats, Program

Places = NDArray[np.intp]


def tightened(program: Program) -> Program:
    """Return a program with the same columns, rows and whole-number points, and a better bound.

    What the amounts of one package may come to in all, they may come to times the binary of its
    support; and the big-M of a binary is no more than its amount can be (lifting and coefficient
    tightening: Crowder, Johnson & Padberg 1983; Savelsbergh 1994).
    """
    if not program.mixed:
        return program
    package = packages_of(program)
    own = _own_rows(program, package)
    upper = _implied(program, own)
    value = _smaller_big_m(program, upper)
    first = program.starts[:-1][own]
    support = _support(program, package)[package[program.index[first]]]
    several = (np.diff(program.starts)[own] > 1) & (support >= 0)
    rows, support = np.flatnonzero(own)[several], support[several]
    ends = program.starts[rows + 1]
    longer = np.zeros(len(program.starts), dtype=np.int32)
    longer[rows + 1] = 1
    row_upper = program.row_upper.copy()
    row_upper[rows] = 0.0
    return replace(
        program,
        upper=upper,
        starts=(program.starts + np.cumsum(longer)).astype(np.int32),
        index=np.insert(program.index, ends, support).astype(np.int32),
        value=np.insert(value, ends, -program.row_upper[rows]),
        row_upper=row_upper,
    )


def without_idle_rows(program: Program) -> Program:
    """Return a program without the rows that no point within the bounds of its columns breaks."""
    low, high = program.lower[program.index], program.upper[program.index]
    up = program.value > 0
    least = program.by_row(program.value * np.where(up, low, high))
    most = program.by_row(program.value * np.where(up, high, low))
    busy = (most > program.row_upper) | (least < program.row_lower)
    entries = busy[program.owner]
    lengths = np.diff(program.starts)[busy]
    return replace(
        program,
        rows=Later(len(lengths), lambda: compress(program.rows, busy.tolist())),
        starts=np.append(0, np.cumsum(lengths)).astype(np.int32),
        index=program.index[entries],
        value=program.value[entries],
        row_lower=program.row_lower[busy],
        row_upper=program.row_upper[busy],
    )


def what_is_free(program: Program, kept: Flags) -> tuple[Program, Flags, Places]:
    """Return the program of what is yet to be decided: columns that can move, rows that can bind.

    kept: rows that stay in any case, shape (m,). Rows about a single column become its bounds.
    Returns which columns are left, shape (n,), and the rows that are, by their numbers; exact rows
    and names are left out.
    """
    lower, upper = program.lower.copy(), program.upper.copy()
    bounded = np.isfinite(program.row_lower) | np.isfinite(program.row_upper)
    busy = bounded & ~kept
    owner, index, value = program.owner, program.index, program.value
    while True:
        held = lower >= upper
        still = held[index]
        moved = np.bincount(
            owner[still], value[still] * lower[index[still]], minlength=len(program.row_lower)
        )
        count = np.bincount(owner[~still], minlength=len(program.row_lower))
        single = busy & (count == 1)
        if not single.any():
            break
        entry = single[owner] & ~still
        row, column, by = owner[entry], index[entry], value[entry]
        low, high = program.row_lower[row] - moved[row], program.row_upper[row] - moved[row]
        low, high = low / by, high / by
        np.maximum.at(lower, column, np.where(by > 0, low, high))
        np.minimum.at(upper, column, np.where(by > 0, high, low))
        upper = np.maximum(lower, upper)
        busy &= ~single
    rows = np.flatnonzero((busy & (count > 0)) | kept)
    entry = np.isin(owner, rows) & ~still
    place = np.cumsum(~held) - 1
    lengths = np.bincount(owner[entry], minlength=len(program.row_lower))[rows]
    small = replace(
        program,
        columns=(),
        rows=(),
        cost=program.cost[~held],
        subsidy=program.subsidy[~held],
        lower=lower[~held],
        upper=upper[~held],
        integer=program.integer[~held],
        starts=np.append(0, np.cumsum(lengths)).astype(np.int32),
        index=place[index[entry]].astype(np.int32),
        value=value[entry],
        row_lower=(program.row_lower - moved)[rows],
        row_upper=(program.row_upper - moved)[rows],
    )
    return small, ~held, rows


def packages_of(program: Program) -> Places:
    """Return a number for the package of each column, shape (n,); -1 where it has none."""
    place: dict[str, int] = {}
    found = [
        place.setdefault(column.subject, len(place)) if column.owned else -1
        for column in program.columns
    ]
    return np.array(found, dtype=np.intp)


def _support(program: Program, package: Places) -> Places:
    """Return the binary of support by package; -1 where it has none."""
    found = np.full(int(package.max(initial=-1)) + 2, -1, dtype=np.intp)
    kinds = (column.kind == "supported" for column in program.columns)
    columns = np.flatnonzero(np.fromiter(kinds, np.bool_, len(program.columns)))
    found[package[columns]] = columns
    return found


def _own_rows(program: Program, package: Places) -> Flags:
    """Return which rows cap a positive sum of amounts of a single package, shape (m,)."""
    count = len(program.row_upper)
    kinds = (column.kind == "amount" for column in program.columns)
    amount = np.fromiter(kinds, np.bool_, len(program.columns))
    plain = amount[program.index] & (program.value > 0)
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, program.owner, package[program.index])
    np.maximum.at(high, program.owner, package[program.index])
    alone = (low == high) & (program.by_row(plain.astype(np.float64)) == np.diff(program.starts))
    room = np.isneginf(program.row_lower) & np.isfinite(program.row_upper)
    found: Flags = alone & room & (program.row_upper > 0)
    return found


def _implied(program: Program, own: Flags) -> Floats:
    """Return upper bounds of the columns, those implied by a package's own rows among them."""
    entries = own[program.owner]
    upper = program.upper.copy()
    room = program.row_upper[program.owner[entries]] / program.value[entries]
    np.minimum.at(upper, program.index[entries], room)
    return upper


def _smaller_big_m(program: Program, upper: Floats) -> Floats:
    """Return the coefficients, those of x - M y <= 0 with M no more than x can be."""
    pair = (np.diff(program.starts) == 2) & (program.row_upper == 0)
    pair &= np.isneginf(program.row_lower)
    x = program.starts[:-1][pair]
    y = x + 1
    most = program.value[x] * upper[program.index[x]]
    fits = program.integer[program.index[y]] & ~program.integer[program.index[x]]
    fits &= (program.value[x] > 0) & (program.value[y] < 0) & (most > 0) & np.isfinite(most)
    value = program.value.copy()
    value[y[fits]] = np.maximum(value[y[fits]], -most[fits])
    return value
