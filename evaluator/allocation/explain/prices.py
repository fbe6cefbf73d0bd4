"""Prices: what a further dollar of a limit gains, what one less costs, and who must rise together.

At the packages and tickets that are chosen the program is linear, and its best objective is concave
in every upper bound. Where it has a corner at the bound as it stands (twins, a request that is met
to the dollar), the duals of a solver are any of many: one side's price, the other's, or between. So
each side is worked out for itself, as the least cost of a direction in which the optimum may move
(Gal, Postoptimal Analyses, Parametric Programming and Related Topics, 1995).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator import linear
from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.exact.rows import Rational
from evaluator.allocation.model.limits.families import moves_by
from evaluator.allocation.model.program import Flags, Floats, Program, with_integers_fixed
from evaluator.allocation.solve import highs
from evaluator.allocation.solve.clock import Clock
from evaluator.allocation.solve.rounding import complete
from evaluator.allocation.solve.tighten import what_is_free
from evaluator.errors import SolverError

_NEAR = 1e-6
"""Units within which a bound is met: a dollar as a rule."""
_NOTHING = 1e-9
"""Of the largest gain of a unit: a price below is none."""
_CORNERS, _WORK = (50, 400), 2_000_000
"""Limits whose two sides are worked out, at least and at most, and of what nonzeros in all; those
beyond have no price. Limits on the whole program come first."""
_SUSPECTS = 40
"""Limits among which those are sought that have to rise together."""


@dataclass(frozen=True)
class Price:
    """What a dollar of a bound is worth at the packages chosen, in points of objective.

    0 or more for an upper limit, 0 or less for a lower one; None where it is not known, or where no
    allocation is left.
    """

    more: float | None
    """Gained by a dollar more."""
    less: float | None
    """Lost by a dollar less."""
    low: float | None = None
    high: float | None = None
    """Bounds between which `more` holds; None where that has no end or is not known."""
    together: tuple[int, ...] = ()
    """Places of the limits that have to rise with this one before anything is gained."""
    together_gain: float = 0.0
    """Gained by a dollar more of each of them and of this one."""


_FREE = Price(0.0, 0.0)
"""Of a limit with room."""


@dataclass(frozen=True)
class _Linear:
    """What is left to decide at the packages chosen, and its optimum."""

    program: Program
    row: Mapping[int, int]
    """By place of a limit in force."""
    least: Floats
    """What held columns take of each row already, shape (m,): its bounds are less by it."""
    solve: Callable[[Program], highs.Priced | None]
    optimum: highs.Priced


def prices(
    compiled: Compiled, amounts: Sequence[int], clock: Clock | None = None
) -> dict[int, Price]:
    """Return the price of each limit in force, by its place, at whole-dollar amounts.

    Limits with room have prices of 0. Empty where the linear program is not solved. Those for which
    the clock leaves no time are not known.
    """
    clock = clock or Clock(math.inf)
    if clock.ends("prices"):
        return {}
    every = complete(compiled.program, compiled.layout, amounts)
    values = np.array([float(value) for value in every])
    found = dict.fromkeys(compiled.row_of, _FREE)
    there = _at(compiled, values)
    if there is None:
        return {}
    tight = _tight(there.program, there.optimum.values)
    corners = []
    for place, row in there.row.items():
        if tight[row]:
            smooth = _smooth(there.program, there.optimum, row)
            if smooth is None:
                corners.append(place)
            else:
                found[place] = smooth
    if corners:
        corners.sort(key=lambda place: bool(compiled.limits[place].group))
        slope = _slopes(there, tight)
        count = int(np.clip(_WORK // max(1, len(there.program.value)), *_CORNERS))
        known = dict.fromkeys(corners, Price(None, None))
        for place in corners[:count]:
            if clock.ends("prices"):
                break
            corner = _corner(there.program, slope, there.row[place])
            known[place] = _with_end(there, there.row[place], corner)
        found |= known
        if not clock.ends("prices"):
            found |= _together(compiled, there, slope, known)
    moves = moves_by(every)
    # at the packages chosen no count moves
    found |= {
        place: Price(None, None)
        for place in found
        if compiled.limits[place].spec.measure == "packages"
    }
    taken = dict(zip(there.row, there.least[list(there.row.values())].tolist(), strict=True))
    return {
        place: one
        if one is _FREE
        else _as_bounds(compiled, moves(compiled.limits[place]), place, taken[place], one)
        for place, one in found.items()
    }


def _at(compiled: Compiled, values: Floats) -> _Linear | None:
    """Return the linear program at a point's binaries with its optimum; None where it has none."""
    fixed = with_integers_fixed(compiled.program, values)
    kept = np.zeros(len(fixed.row_lower), dtype=np.bool_)
    kept[list(compiled.row_of.values())] = True
    small, _, rows = what_is_free(fixed, kept)
    number = {row: place for place, row in enumerate(rows.tolist())}
    bound = np.where(np.isfinite(fixed.row_upper), fixed.row_upper, fixed.row_lower)
    left = np.where(np.isfinite(small.row_upper), small.row_upper, small.row_lower)
    solve = _solver(small)
    optimum = solve(small)
    if optimum is None:
        return None
    row = {place: number[row] for place, row in compiled.row_of.items()}
    return _Linear(small, row, bound[rows] - left, solve, optimum)


def _solver(program: Program) -> Callable[[Program], highs.Priced | None]:
    """Return what solves variations of a linear program by their row bounds."""
    if linear.available():
        live = highs.pricing(program)
        return lambda varied: live(varied.row_lower, varied.row_upper)
    return _by_scipy


def _by_scipy(program: Program) -> highs.Priced | None:
    rows = linear.Rows(program.starts, program.index, program.value)
    bounds = (program.row_lower, program.row_upper), (program.lower, program.upper)
    try:
        found = linear.minimise(program.cost, rows, *bounds)
    except SolverError:
        return None
    none = np.full(len(program.row_lower), np.nan)
    return None if found is None else highs.Priced(found.x, none, None)


def _tight(program: Program, values: Floats) -> Flags:
    """Return which rows are at their bound, shape (m,)."""
    used = program.activity(values)
    bound = np.where(np.isfinite(program.row_upper), program.row_upper, program.row_lower)
    found: Flags = np.abs(used - bound) <= _NEAR + 1e-9 * np.abs(bound)
    return found


def _smooth(program: Program, point: highs.Priced, row: int) -> Price | None:
    """Return the price of a row where both sides have the same; None at a corner."""
    if point.ranges is None:
        return None
    bound = _bound(program, row)
    low, high = (float(side[row]) for side in point.ranges)
    if not (low < bound - 2 * _NEAR and bound + 2 * _NEAR < high) or point.duals[row] == 0:
        return None
    value = -float(point.duals[row])
    return Price(value, value, low, high)


def _bound(program: Program, row: int) -> float:
    upper = float(program.row_upper[row])
    return upper if math.isfinite(upper) else float(program.row_lower[row])


Slope = Callable[[Iterable[int], float], float | None]
"""Gain of the objective by a unit more (1.0) or less (-1.0) of the bounds of some rows at once;
None where no allocation is left, or there is no answer."""


def _slopes(there: _Linear, tight: Flags) -> Slope:
    """Return what answers for any side of any rows: the best direction from an optimum."""
    program, values = there.program, there.optimum.values
    near = _NEAR + 1e-9 * np.abs(values)
    lower = np.where(values <= program.lower + near, 0.0, -np.inf)
    upper = np.where(values >= program.upper - near, 0.0, np.inf)
    most = np.where(tight & np.isfinite(program.row_upper), 0.0, np.inf)
    least = np.where(tight & np.isfinite(program.row_lower), 0.0, -np.inf)
    gain = max(float(-program.cost.min(initial=0.0)), 1e-12)
    kept = np.zeros(len(tight), dtype=np.bool_)
    kept[list(there.row.values())] = True
    around = replace(
        program,
        cost=program.cost / gain,
        lower=lower,
        upper=upper,
        row_lower=least,
        row_upper=most,
    )
    small, _, rows = what_is_free(around, kept & tight)
    number = {row: place for place, row in enumerate(rows.tolist())}
    best = linear.varied(
        small.cost,
        linear.Rows(small.starts, small.index, small.value),
        (small.lower, small.upper),
    )

    def slope(moved: Iterable[int], side: float) -> float | None:
        low, high = small.row_lower.copy(), small.row_upper.copy()
        for row in moved:
            low[number[row]] += side
            high[number[row]] += side
        try:
            found = best(low, high)
        except SolverError:
            return None
        if found is None:
            return None
        value = -float(small.cost @ found) * gain
        return value if abs(value) > _NOTHING * gain else 0.0

    return slope


def _corner(program: Program, slope: Slope, row: int) -> Price:
    bound = _bound(program, row)
    more, less = slope((row,), 1.0), slope((row,), -1.0)
    return Price(more, None if less is None else -less + 0.0, bound, bound)


def _with_end(there: _Linear, row: int, price: Price) -> Price:
    """Return a corner's price with the end up to which it holds.

    Of a concave function: where nothing is gained, nothing is beyond. Elsewhere the program is
    solved a little further on, where it has no corner.
    """
    if price.more is None or price.low is None:
        return price
    if price.more == 0:
        return replace(price, high=None)
    if not linear.available():
        return replace(price, low=None, high=None)
    for step in (1.0, 1e-2, 1e-4):
        moved = _moved(there.program, row, step)
        beyond = there.solve(moved)
        found = _smooth(moved, beyond, row) if beyond is not None else None
        if found is not None and found.more is not None and found.low is not None:
            same = math.isclose(found.more, price.more, rel_tol=1e-6)
            if same and found.low <= price.low + 2 * _NEAR:
                return replace(price, high=found.high)
    return price


def _moved(program: Program, row: int, step: float) -> Program:
    low, high = program.row_lower.copy(), program.row_upper.copy()
    low[row] += step
    high[row] += step
    return replace(program, row_lower=low, row_upper=high)


def _together(
    compiled: Compiled, there: _Linear, slope: Slope, known: Mapping[int, Price]
) -> dict[int, Price]:
    """Return the prices of upper limits that gain nothing alone, with those to raise as well."""
    stuck = [
        place
        for place, price in known.items()
        if price.more == 0 and (price.less or 0) > 0 and compiled.limits[place].sense == "at_most"
    ]
    if len(stuck) < 2 or len(stuck) > _SUSPECTS:
        return {}

    def gain(places: Collection[int]) -> float:
        return slope([there.row[place] for place in places], 1.0) or 0.0

    def adds(place: int, others: Collection[int]) -> bool:
        alone = gain(others)
        return gain([*others, place]) > alone + 1e-6 * abs(alone)

    found: dict[int, Price] = {}
    for place in stuck:
        others = [other for other in stuck if other != place]
        if not adds(place, others):
            continue
        for other in list(others):
            fewer = [one for one in others if one != other]
            if adds(place, fewer):
                others = fewer
        price = replace(known[place], together=tuple(others))
        found[place] = replace(price, together_gain=gain([*others, place]))
    return found


def _as_bounds(
    compiled: Compiled, moved: Rational, place: int, taken: float, price: Price
) -> Price:
    """Return a price by the dollar, its ends as bounds of the limit.

    Ends are of the row's own bound; the limit's has existing exposure and sums in it. moved: by how
    much the amounts move it. taken: units that columns which are held take of it.
    """
    limit, unit = compiled.limits[place], compiled.program.unit
    offset = float(limit.constant + moved - limit.bound)

    def by_dollar(value: float | None) -> float | None:
        return None if value is None else value / unit + 0.0

    def bound(value: float | None) -> float | None:
        if value is None or not math.isfinite(value) or abs(value * unit) > 1e25:
            return None
        return (value + taken) * unit + offset

    return replace(
        price,
        more=by_dollar(price.more),
        less=by_dollar(price.less),
        low=bound(price.low),
        high=bound(price.high),
        together_gain=price.together_gain / unit,
    )
