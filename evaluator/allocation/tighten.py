"""The same program with a tighter relaxation, for solvers alone: no whole-number point is lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evaluator.allocation.program import Flags, Floats, Program

Places = NDArray[np.intp]


def tightened(program: Program) -> Program:
    """Return a program with the same columns, rows and whole-number points, and a better bound.

    Where amounts of one package may come to so much in all, they may come to so much times the
    binary of its support; and the big-M of a binary is no more than its amount can be (lifting and
    coefficient tightening: Crowder, Johnson & Padberg 1983; Savelsbergh 1994).
    """
    if not program.mixed:
        return program
    binary, package = _support(program)
    own = _own_rows(program, package)
    upper = _implied(program, own)
    value = _smaller_big_m(program, upper)
    whose = package[program.index[program.starts[:-1].clip(0, max(0, len(package_index(program)) - 1))]]
    return replace(program, upper=upper, value=value)
