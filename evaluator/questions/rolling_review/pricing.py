"""A program cut into its packages: what is a package's own, and what it shares at a price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import scipy
from numpy.typing import NDArray

from evaluator.allocation.model.program import Flags, Floats, Program

Places = NDArray[np.intp]


def owners(program: Program, packages: Sequence[str]) -> Places:
    """Return whose column each is, by place in packages, shape (n,); -1 for nobody's."""
    place = {name: number for number, name in enumerate(packages)}
    found = [place.get(c.subject, -1) if c.owned else -1 for c in program.columns]
    return np.array(found, dtype=np.intp)


def shared_rows(program: Program, owner: Places) -> Flags:
    """Return which rows are about more than one package, shape (m,)."""
    count = len(program.row_lower)
    whose = owner[program.index].astype(np.float64)
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, program.owner, whose)
    np.maximum.at(high, program.owner, whose)
    found: Flags = (low < high) | (low < 0)
    return found


def part(program: Program, columns: Places, rows: Places) -> Program:
    """Return the program of some columns and rows; the other columns are 0."""
    shape = (len(program.row_lower), len(program.cost))
    whole = scipy.sparse.csr_array((program.value, program.index, program.starts), shape=shape)
    cut = whole[rows][:, columns].tocsr()
    return replace(
        program,
        columns=tuple(program.columns[column] for column in columns.tolist()),
        rows=(),
        cost=program.cost[columns],
        subsidy=program.subsidy[columns],
        lower=program.lower[columns],
        upper=program.upper[columns],
        integer=program.integer[columns],
        starts=cut.indptr.astype(np.int32),
        index=cut.indices.astype(np.int32),
        value=cut.data,
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
    )


def priced(program: Program, duals: Floats, shared: Flags) -> Floats:
    """Return the cost of each column plus what the room it takes of shared rows is worth."""
    return program.reduced_costs(np.where(shared, duals, 0.0))
