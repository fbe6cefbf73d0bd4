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
from evaluator.allocation.model.program import Flags, Floats, Program, with_integers_fixed
from evaluator.allocation.model.rows import total
from evaluator.allocation.solve import highs
from evaluator.allocation.solve.point import Point, Settings
from evaluator.allocation.solve.rounding import complete
from evaluator.errors import SolverError

_NEAR = 1e-6
"""Units within which a bound is met: a dollar as a rule."""
_NOTHING = 1e-9
"""Of the largest gain of a unit: a price below is none."""
_CORNERS = 400
"""Limits whose two sides are worked out; those beyond have no price."""
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


def prices(compiled: Compiled, amounts: Sequence[int]) -> dict[int, Price]:
    """Return the price of each limit in force, by its place, at whole-dollar amounts.

    Limits with room have prices of 0. Empty where the linear program is not solved.
    """
    program = compiled.program
    values = np.array([float(v) for v in complete(program, compiled.layout, amounts)])
    fixed = with_integers_fixed(program, values)
    try:
        point = _solved(fixed)
    except SolverError:
        return {}
    tight = _tight(fixed, point.values)
    found = {place: Price(0.0, 0.0) for place in compiled.row_of}
    corners = []
    for place, row in compiled.row_of.items():
        if tight[row]:
            smooth = _smooth(fixed, point, row)
            if smooth is None:
                corners.append(place)
            else:
                found[place] = smooth
    if corners:
        slope = _slopes(fixed, point.values, tight)
        known = dict.fromkeys(corners[_CORNERS:], Price(None, None))
        known |= {p: _corner(fixed, slope, compiled.row_of[p]) for p in corners[:_CORNERS]}
        known |= {place: _with_end(fixed, compiled.row_of[place], known[place]) for place in known}
        found |= known | _together(compiled, slope, known)
    return {place: _as_bounds(compiled, amounts, place, one) for place, one in found.items()}


def _solved(program: Program) -> Point:
    if linear.available():
        point = highs.solve(program, Settings())
        if point.status != "optimal":
            raise SolverError(f"the program at chosen packages ended with '{point.termination}'.")
        return point
    rows = linear.Rows(program.starts, program.index, program.value)
    bounds = (program.row_lower, program.row_upper), (program.lower, program.upper)
    found = linear.minimise(program.cost, rows, *bounds)
    if found is None:
        raise SolverError("the program at chosen packages has no answer.")
    return Point("optimal", "optimal", found.x, float(program.cost @ found.x))


def _tight(program: Program, values: Floats) -> Flags:
    """Return which rows are at their bound, shape (m,)."""
    used = program.activity(values)
    bound = np.where(np.isfinite(program.row_upper), program.row_upper, program.row_lower)
    found: Flags = np.abs(used - bound) <= _NEAR + 1e-9 * np.abs(bound)
    return found


def _smooth(program: Program, point: Point, row: int) -> Price | None:
    """Return the price of a row where both sides have the same; None at a corner."""
    if point.duals is None or point.ranges is None:
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


def _slopes(program: Program, values: Floats, tight: Flags) -> Slope:
    """Return what answers for any side of any rows: the best direction from an optimum."""
    near = _NEAR + 1e-9 * np.abs(values)
    lower = np.where(values <= program.lower + near, 0.0, -np.inf)
    upper = np.where(values >= program.upper - near, 0.0, np.inf)
    most = np.where(tight & np.isfinite(program.row_upper), 0.0, np.inf)
    least = np.where(tight & np.isfinite(program.row_lower), 0.0, -np.inf)
    gain = max(float(-program.cost.min(initial=0.0)), 1e-12)
    rows = linear.Rows(program.starts, program.index, program.value)
    best = linear.varied(program.cost / gain, rows, (lower, upper))

    def slope(moved: Iterable[int], side: float) -> float | None:
        low, high = least.copy(), most.copy()
        for row in moved:
            low[row] += side
            high[row] += side
        try:
            found = best(low, high)
        except SolverError:
            return None
        if found is None:
            return None
        value = -float(program.cost @ found)
        return value if abs(value) > _NOTHING * gain else 0.0

    return slope


def _corner(program: Program, slope: Slope, row: int) -> Price:
    bound = _bound(program, row)
    more, less = slope((row,), 1.0), slope((row,), -1.0)
    return Price(more, None if less is None else -less + 0.0, bound, bound)


def _with_end(program: Program, row: int, price: Price) -> Price:
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
        there = highs.solve(_moved(program, row, step), Settings())
        found = _smooth(_moved(program, row, step), there, row) if there.found else None
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


def _together(compiled: Compiled, slope: Slope, known: Mapping[int, Price]) -> dict[int, Price]:
    """Return the prices of upper limits that gain nothing alone, with those to raise as well."""
    stuck = [
        place
        for place, price in known.items()
        if price.more == 0 and (price.less or 0) > 0 and compiled.limits[place].sense == "at_most"
    ]
    if len(stuck) < 2 or len(stuck) > _SUSPECTS:
        return {}
    row_of = compiled.row_of

    def gain(places: Collection[int]) -> float:
        return slope([row_of[place] for place in places], 1.0) or 0.0

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


def _as_bounds(compiled: Compiled, amounts: Sequence[int], place: int, price: Price) -> Price:
    """Return a price by the dollar, its ends as bounds of the limit.

    Ends are of the row's own bound; the limit's has existing exposure and sums in it.
    """
    limit, unit = compiled.limits[place], compiled.program.unit
    offset = float(limit.constant + total(limit.base, amounts) - limit.bound)

    def by_dollar(value: float | None) -> float | None:
        return None if value is None else value / unit + 0.0

    def bound(value: float | None) -> float | None:
        if value is None or not math.isfinite(value) or abs(value * unit) > 1e25:
            return None
        return value * unit + offset

    return replace(
        price,
        more=by_dollar(price.more),
        less=by_dollar(price.less),
        low=bound(price.low),
        high=bound(price.high),
        together_gain=price.together_gain / unit,
    )
