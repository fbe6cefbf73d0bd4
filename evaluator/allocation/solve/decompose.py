"""Large programs by decomposition: prices of what packages share, then the few that are undecided.

Dantzig & Wolfe (Operations Research 8, 1960) with the duals smoothed (Wentges, International
Transactions in Operational Research 4, 1997): a master program weighs points of each package, and
each package answers prices with its cheapest point. The Lagrangian bound at any prices holds for
the whole program in whole numbers (Geoffrion, Mathematical Programming Study 2, 1974).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import scipy

from evaluator.allocation.model.program import Floats, Program
from evaluator.allocation.solve.cheapest import Best, cheapest, points_of
from evaluator.allocation.solve.greedy import dropped
from evaluator.allocation.solve.packages import Cut, Group, Places, cut
from evaluator.allocation.solve.point import Settings
from evaluator.linear import highspy, silence_banner

_ROUNDS = 80
"""Of prices, at most."""
_SMOOTHING = 0.5
"""Weight of the prices of the best bound so far."""
_CLOSE = 0.2
"""Of the gap asked for: prices are good enough."""
_UNDECIDED = ((0.5, 20), (0.2, 100))
"""Packages that are left free in one solve after another, beside those that the master mixes, and
the share of the time for it."""
_MIXED = 1e-6
_SHARE = 0.3
"""Of the time: prices are to be known by then."""
_FAR = 0.005
"""Of the cost: prices that rounds ended so far from the bound are of no use."""
_NOTHING, _GAIN = 1e-9, 1e-7
_PRIMAL = 4
_OPTIONS: dict[str, object] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "simplex_strategy": _PRIMAL,
}
"""Of the master: the last answer stays feasible where points are added, so that the primal simplex
goes on from it; the dual one begins anew."""


@dataclass(frozen=True, eq=False)
class Loose:
    """A bound, a point that need not be whole, and smaller programs near it."""

    name: str
    """What they are of."""
    bound: float
    """No point of the program costs less."""
    values: Floats
    """Shape (n,)."""
    smaller: Sequence[tuple[float, Callable[[Floats], Program]]]
    """The share of the time for each, and what makes it from the best values known."""
    log: str
    last_resort: Callable[[], Floats | None] = lambda: None
    """A whole point that needs no search, shape (n,), if there is one."""


@dataclass(frozen=True, eq=False)
class Priced:
    """What prices of the shared rows say."""

    bound: float
    """No point of the program costs less."""
    groups: tuple[tuple[Group, Best], ...]
    point: Floats
    """The master's mixture of points, shape (n,)."""
    log: str


def by_packages(program: Program, settings: Settings) -> Loose | None:
    """Return what prices say of a program of many packages; None where it cannot be cut into them.

    In the smaller programs most packages are held as the master program has them. More and more are
    left free, those first that the prices leave undecided.
    """
    if np.any((program.lower > 0) | (program.integer & (program.upper < 1))):
        return None
    parts = cut(program)
    if parts is None or not parts.groups:
        return None
    until = time.monotonic() + _SHARE * settings.time_limit_s
    priced = _prices(program, parts, settings.gap, until)
    if priced is None:
        return None
    smaller = [(share, partial(_held, program, parts, priced, free)) for share, free in _UNDECIDED]

    def last_resort() -> Floats | None:
        return dropped(program, *points_at(priced.groups, len(program.cost)))

    return Loose("prices", priced.bound, priced.point, smaller, priced.log, last_resort)


def _held(program: Program, parts: Cut, priced: Priced, free: int, known: Floats) -> Program:
    """Return the program with the binaries held as the master has them, of all but some packages.

    Free are packages of which the master mixes points, and those that it costs least to support, or
    not to support, against the prices: so many. The best values known are among its points.
    """
    margin = np.full(parts.packages, np.inf)
    for group, best in priced.groups:
        some = best.others[:, 1:].min(axis=1, initial=np.inf)
        margin[group.package] = np.abs(some - best.others[:, 0])
    point = priced.point
    mixed = program.integer & (np.abs(point - np.round(point)) > _MIXED)
    margin[parts.owner[mixed & (parts.owner >= 0)]] = -1.0
    chosen = np.argsort(margin, kind="stable")[: free + int((margin < 0).sum())]
    values = np.round(point)
    agreed = np.abs(known - values) < 0.5
    kept = program.integer & ~np.isin(parts.owner, chosen) & (mixed | agreed)
    return replace(
        program,
        lower=np.where(kept, values, program.lower),
        upper=np.where(kept, values, program.upper),
    )


def _prices(program: Program, parts: Cut, gap: float, until: float) -> Priced | None:
    """Return good prices of the shared rows; None where the master program has no answer."""
    master = _Master(program, parts)
    master.start()
    nothing = np.zeros(int(parts.shared.sum()))
    master.add(master.priced(nothing), nothing, np.zeros(master.packages))
    best, centre = None, None
    upper, late = np.inf, False
    lines = []
    for number in range(_ROUNDS):
        solved = master.solve()
        if solved is None:
            return None
        upper, duals, sigma = solved
        out = duals if centre is None else _SMOOTHING * centre + (1 - _SMOOTHING) * duals
        found = master.priced(out)
        if best is None or found.bound > best.bound:
            best, centre = found, out
        lines.append(f"prices {number}: master {upper:.9g}, bound {best.bound:.9g}")
        close = upper - best.bound <= _CLOSE * gap * max(1.0, abs(upper))
        late = time.monotonic() > until
        if close or late:
            break
        if not master.add(found, duals, sigma):
            true = master.priced(duals)
            if true.bound > best.bound:
                best, centre = true, duals
            if not master.add(true, duals, sigma):
                break
    far = best is None or upper - best.bound > _FAR * max(1.0, abs(upper))
    # where time ended them, a relaxation would have none either
    if best is None or ((master.broken or far) and not late):
        return None
    return replace(best, point=master.point(), log="\n".join([*lines, ""]))


def points_at(groups: Sequence[tuple[Group, Best]], size: int) -> tuple[Any, Places]:
    """Return points as the columns of a sparse matrix (n, q), and whose each is, shape (q,)."""
    every = [points_of(group, best) for group, best in groups]
    packages = np.concatenate([one.package for one in every])
    starts = np.cumsum([0, *(len(one.package) for one in every)])
    point = np.concatenate([one.point + at for one, at in zip(every, starts, strict=False)])
    column = np.concatenate([one.column for one in every])
    value = np.concatenate([one.value for one in every])
    shape = (size, len(packages))
    return scipy.sparse.csc_array((value, (column, point)), shape=shape), packages


class _Master:
    """The shared rows over weights of packages' points, at most one in all of each package."""

    def __init__(self, program: Program, parts: Cut) -> None:
        self._program, self._parts = program, parts
        rows = np.flatnonzero(parts.shared)
        shape = (len(program.row_lower), len(program.cost))
        matrix = scipy.sparse.csr_array((program.value, program.index, program.starts), shape=shape)
        self._matrix = matrix[rows].tocsc()
        self._low, self._high = program.row_lower[rows], program.row_upper[rows]
        self._nobody = np.flatnonzero(parts.owner < 0)
        self.packages = parts.packages
        self._fine = 1e3 * max(1.0, float(np.abs(program.cost).max(initial=0.0)))
        silence_banner()
        self._solver = highspy.Highs()
        for name, value in _OPTIONS.items():
            self._solver.setOptionValue(name, value)
        self._points: list[Any] = []
        self._weights = np.empty(0)
        self.broken = False
        """Whether the shared rows hold only at a fine."""

    def start(self) -> None:
        """Load the rows, the columns of nobody, and a fine for each lower bound that is missed."""
        rows = len(self._low)
        least, most = (
            np.concatenate([self._low, np.full(self.packages, -np.inf)]),
            np.concatenate([self._high, np.ones(self.packages)]),
        )
        for low, high in zip(least.tolist(), most.tolist(), strict=True):
            self._solver.addRow(low, high, 0, np.empty(0, dtype=np.int32), np.empty(0))
        own = self._matrix[:, self._nobody].tocsc()
        program = self._program
        self._add(
            program.cost[self._nobody],
            own,
            program.lower[self._nobody],
            program.upper[self._nobody],
        )
        wanting = np.flatnonzero(np.isfinite(self._low) & (self._low > 0))
        self._fined = len(self._nobody) + np.arange(len(wanting))
        eye = scipy.sparse.csc_array(
            (np.ones(len(wanting)), (wanting, np.arange(len(wanting)))), shape=(rows, len(wanting))
        )
        self._add(
            np.full(len(wanting), self._fine),
            eye,
            np.zeros(len(wanting)),
            np.full(len(wanting), np.inf),
        )

    def _add(self, cost: Floats, matrix: Any, lower: Floats, upper: Floats) -> None:
        starts, index = matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32)
        self._solver.addCols(
            len(cost),
            cost,
            lower,
            upper,
            len(matrix.data),
            starts,
            index,
            matrix.data.astype(float),
        )

    def solve(self) -> tuple[float, Floats, Floats] | None:
        """Return cost, duals of the shared rows, and of the packages; None where there is none."""
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        duals, rows = np.array(solution.row_dual), len(self._low)
        self._weights = values = np.array(solution.col_value)
        self.broken = bool(np.any(values[self._fined] > 1e-6))
        shared = duals[:rows]
        # a price of the side that a row has not is rounding
        shared = np.where(np.isneginf(self._low), np.minimum(shared, 0.0), shared)
        shared = np.where(np.isposinf(self._high), np.maximum(shared, 0.0), shared)
        return float(self._solver.getInfo().objective_function_value), shared, duals[rows:]

    def point(self) -> Floats:
        """Return what the weights of the last answer come to, shape (n,)."""
        found = np.zeros(len(self._program.cost))
        first = len(self._nobody)
        found[self._nobody] = self._weights[:first]
        if not self._points:
            return found
        points = scipy.sparse.hstack(self._points, format="csc")
        start = first + len(self._fined)
        mixed: Floats = found + points[:, : len(self._weights) - start] @ self._weights[start:]
        return mixed

    def priced(self, duals: Floats) -> Priced:
        """Return the cheapest points at some prices, and the bound that they prove."""
        cost = self._program.cost - self._matrix.T @ duals
        side = np.where(duals > 0, self._low, self._high)
        bound = float(duals @ np.where(np.isfinite(side), side, 0.0))
        loose = cost[self._nobody]
        scale = _NOTHING * max(1.0, float(np.abs(self._program.cost).max(initial=0.0)))
        low, high = self._program.lower[self._nobody], self._program.upper[self._nobody]
        for by, least, most in zip(loose.tolist(), low.tolist(), high.tolist(), strict=True):
            end = least if by > 0 else most
            bound += 0.0 if abs(by) <= scale else by * end
        groups = tuple((group, cheapest(group, cost)) for group in self._parts.groups)
        bound += sum(float(best.cost.sum()) for _, best in groups)
        return Priced(bound - _NOTHING * max(1.0, abs(bound)), groups, np.empty(0), "")

    def add(self, priced: Priced, duals: Floats, sigma: Floats) -> bool:
        """Add the points that the master's own prices would weigh; return whether there are any."""
        true = self._program.cost - self._matrix.T @ duals
        points, packages = points_at(priced.groups, len(true))
        gains = points.T @ true - sigma[packages] < -_GAIN
        points, packages = points[:, gains], packages[gains]
        count = len(packages)
        if not count:
            return False
        shared = self._matrix @ points
        convex = scipy.sparse.csc_array(
            (np.ones(count), (packages, np.arange(count))), shape=(self.packages, count)
        )
        matrix = scipy.sparse.vstack([shared, convex], format="csc")
        cost = self._program.cost @ points
        self._points.append(points)
        self._add(np.asarray(cost), matrix, np.zeros(count), np.full(count, np.inf))
        return True
