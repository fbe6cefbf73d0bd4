"""Values of packages drawn from what is known of them: exact, a range, or a panel's ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from evaluator.model.scenario import PanelRule
from evaluator.scoring.panels import combined
from evaluator.uncertainty.findings import ValuesDrawn
from evaluator.uncertainty.sampling.multisets import multisets
from evaluator.uncertainty.sampling.streams import BLOCK, concatenated, stream
from evaluator.uncertainty.sampling.sums import ROWS, SumTables, draw_means, sum_tables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MEAN = PanelRule()
LEAST, MOST = 0.0, 100.0
"""The bounds of a value."""
_CHOICES = 256
"""Ordered choices from a panel whose sums are tabled, at most: less than are drawn in a block."""
_TABLES = 8
"""Sizes of panels whose tables are kept."""


@dataclass(frozen=True)
class Range:
    """A value somewhere between two bounds, uniformly; 0 to 100 if it is missing."""

    low: float
    high: float


@dataclass(frozen=True)
class Panel:
    """The values given by several evaluators, and what they come to."""

    values: tuple[float, ...]
    rule: PanelRule = _MEAN


@dataclass(frozen=True, eq=False)
class Incomplete:
    """A panel whose ratings do not show how far they spread: it has one, or lacks some.

    Each rating is a value and what is added to it, drawn from a list; the sum stays in 0..100. It
    is known by what the ratings come to.
    """

    ratings: tuple[tuple[float, Floats], ...]
    rule: PanelRule = _MEAN


Cell = float | Range | Panel | Incomplete | None
"""What is known of a value; None: it does not count, in no draw."""


@dataclass(frozen=True, eq=False)
class Performances:
    """What is known of every value, as arrays.

    `exact` (n, m): the value where it is exact, NaN where it does not count, 0 elsewhere. `ranges`
    (k, 2): package and criterion of the values known by a range, `low` and `high` (k,). `panels`
    (l, 2) likewise of the values
    known by a panel, `opinions` (l, s) its evaluators' values, padded with 0, `evaluators` (l,),
    and `rule` what they come to.
    `incomplete`: package, criterion and ratings of the values known by an incomplete panel.
    """

    exact: Floats
    ranges: Ints
    low: Floats
    high: Floats
    panels: Ints
    opinions: Floats
    evaluators: Ints
    incomplete: tuple[tuple[int, int, Incomplete], ...]
    rule: PanelRule = _MEAN

    @property
    def uncertain(self) -> bool:
        """Whether any value differs from draw to draw."""
        return bool(len(self.ranges) or len(self.panels) or self.incomplete)

    @property
    def moving(self) -> Bools:
        """Which values differ from draw to draw, (n, m)."""
        found = np.zeros(self.exact.shape, dtype=np.bool_)
        found[*np.concatenate([self.ranges, self.panels]).T] = True
        for row, column, _ in self.incomplete:
            found[row, column] = True
        return found


def performances(cells: Sequence[Sequence[Cell]]) -> Performances:
    """Return the arrays for a table of cells, one row per package and one column per criterion.

    A range of no width and a panel that is of one mind are exact.

    Raises ValueError, naming the cell, if rows differ in length, a value is outside 0..100, a
    range is upside down, or a panel is empty.
    """
    if not len(cells) or not len(cells[0]):
        raise ValueError("no cells: give one row per package and one column per criterion")
    exact = np.zeros((len(cells), len(cells[0])))
    ranges: list[tuple[int, int, float, float]] = []
    panels: list[tuple[int, int, tuple[float, ...]]] = []
    incomplete: list[tuple[int, int, Incomplete]] = []
    rules: set[PanelRule] = set()
    for row, line in enumerate(cells):
        if len(line) != exact.shape[1]:
            raise ValueError(f"row {row} has {len(line)} cells, row 0 has {exact.shape[1]}")
        for column, cell in enumerate(line):
            if cell is None:
                exact[row, column] = np.nan
                continue
            numbers = _numbers(cell)
            _check_cell(cell, numbers, f"row {row}, column {column}")
            if isinstance(cell, Incomplete):
                incomplete.append((row, column, cell))
            elif min(numbers) == max(numbers):
                exact[row, column] = numbers[0]
            elif isinstance(cell, Range):
                ranges.append((row, column, cell.low, cell.high))
            else:
                panels.append((row, column, numbers))
                rules.add(cell.rule if isinstance(cell, Panel) else _MEAN)
    if len(rules) > 1:
        raise ValueError("panels come to a number by different rules: give all of them one")
    found = _arrays(exact, ranges, panels, tuple(incomplete))
    return replace(found, rule=rules.pop()) if rules else found


def values_drawn(known: Performances) -> ValuesDrawn:
    """Return how many values are uncertain and how they are drawn."""
    counts = (len(known.ranges), len(known.panels), len(known.incomplete))
    rule = known.rule.rule
    return ValuesDrawn(known.exact.size, *counts, LEAST, MOST, rule)


def sample_values(known: Performances, draws: int, *, seed: int, purpose: str = "values") -> Floats:
    """Return values (draws, n, m) in 0..100; (n, m) if every value is exact.

    All draws are held at once, 8 draws n m bytes; `value_block` gives them block by block.

    Raises ValueError if `draws` is below 1 or the seed is negative.
    """
    if not known.uncertain:
        return known.exact
    return concatenated(
        lambda block: value_block(known, seed=seed, purpose=purpose, block=block), draws
    )


def value_block(known: Performances, *, seed: int, purpose: str = "values", block: int) -> Floats:
    """Return one whole block of values, (BLOCK, n, m); (n, m) if every value is exact."""
    if not known.uncertain:
        return known.exact
    values: Floats = np.broadcast_to(known.exact, (BLOCK, *known.exact.shape)).copy()
    values[:, known.moving] = drawn_block(known, seed=seed, purpose=purpose, block=block).T
    return values


def drawn_block(known: Performances, *, seed: int, purpose: str = "values", block: int) -> Floats:
    """Return one block of the values that differ from draw to draw, row by row, (l, BLOCK).

    A value known by a panel is what as many opinions drawn from it with replacement come to (the
    bootstrap, Efron 1979): the variance of a mean is (s - 1)/s of the usual one, so panels of two
    or three look somewhat surer than they are; a median takes values of the panel itself, or the
    middle of two.
    """
    moving = known.moving
    place = np.cumsum(moving).reshape(moving.shape) - 1
    drawn: Floats = np.empty((np.count_nonzero(moving), BLOCK))
    if len(known.ranges):
        shares = stream(seed, f"{purpose}/ranges", block).random((BLOCK, len(known.ranges)))
        drawn[place[*known.ranges.T]] = (known.low + (known.high - known.low) * shares).T
    for size in np.unique(known.evaluators).tolist():
        at = known.evaluators == size
        generator = stream(seed, f"{purpose}/panels of {size}", block)
        of = _means if known.rule.rule == "mean" else _by_rule
        drawn[place[*known.panels[at].T]] = of(generator, known, size)
    generator = stream(seed, f"{purpose}/incomplete", block)
    for row, column, cell in known.incomplete:
        drawn[place[row, column]] = _completed(generator, cell)
    return drawn


def _means(generator: np.random.Generator, known: Performances, size: int) -> Floats:
    """Return the means (l, BLOCK) of s opinions drawn with replacement from each panel of s."""
    if size**size <= _CHOICES:  # one number draws all of them as it is
        return _resampled(generator, _opinions(known, size))
    tables, tabled = _tables(known, size)
    drawn = draw_means(generator, tables, BLOCK)
    if tabled.all():
        return drawn
    means = np.empty((len(tabled), BLOCK))
    means[tabled] = drawn
    means[~tabled] = _resampled(generator, _opinions(known, size)[~tabled])
    return means


def _opinions(known: Performances, size: int) -> Floats:
    found: Floats = known.opinions[known.evaluators == size, :size]
    return found


def _by_rule(generator: np.random.Generator, known: Performances, size: int) -> Floats:
    """Return what s opinions drawn with replacement from each panel of s come to, (l, BLOCK)."""
    opinions = _opinions(known, size)
    table = multisets(size)
    if table is None:
        drawn = np.empty((len(opinions), BLOCK))
        for row, own in enumerate(opinions):
            chosen = own[generator.integers(0, size, (BLOCK, size))]
            drawn[row] = combined(chosen, known.rule)
        return drawn
    worth = combined(opinions[:, table.members], known.rule)
    which = np.searchsorted(table.below, generator.random((len(opinions), BLOCK)), side="right")
    return np.take_along_axis(worth, which, axis=1)


@lru_cache(maxsize=_TABLES)
def _tables(known: Performances, size: int) -> tuple[SumTables, Bools]:
    return sum_tables(_opinions(known, size))


def _completed(generator: np.random.Generator, cell: Incomplete) -> Floats:
    """Return what a panel's ratings, each drawn about its value, come to, (BLOCK,)."""
    every = np.empty((len(cell.ratings), BLOCK))
    for row, (value, added) in zip(every, cell.ratings, strict=True):
        row[:] = np.clip(value + added[generator.integers(0, len(added), BLOCK)], LEAST, MOST)
    if cell.rule.rule == "mean":
        total = np.zeros(BLOCK)
        for row in every:
            total += row
        return total / len(every)
    return combined(every.T, cell.rule)


def _resampled(generator: np.random.Generator, opinions: Floats) -> Floats:
    """Return the means (l, BLOCK) of s opinions drawn with replacement from each row of (l, s).

    As many of the s as a table of all ordered choices has room for are drawn by one number.
    """
    panels, size = opinions.shape
    means: Floats = np.zeros((panels, BLOCK))
    left = size
    while left:
        sums = opinions
        together = 1
        while together < left and sums.shape[1] * size <= _CHOICES:
            sums = (sums[:, :, None] + opinions[:, None, :]).reshape(panels, -1)
            together += 1
        for begin in range(0, panels, ROWS):
            some = sums[begin : begin + ROWS]
            chosen = generator.integers(0, some.shape[1], (len(some), BLOCK))
            chosen += np.arange(0, some.size, some.shape[1])[:, None]
            means[begin : begin + ROWS] += some.take(chosen)
        left -= together
    means /= size
    return means


def _numbers(cell: float | Range | Panel | Incomplete) -> tuple[float, ...]:
    if isinstance(cell, Range):
        return (cell.low, cell.high)
    if isinstance(cell, Incomplete):
        return tuple(value for value, _ in cell.ratings)
    return cell.values if isinstance(cell, Panel) else (cell,)


def _check_cell(
    cell: float | Range | Panel | Incomplete, numbers: tuple[float, ...], place: str
) -> None:
    if not numbers:
        raise ValueError(f"{place}: an empty panel; a missing value is Range({LEAST:g}, {MOST:g})")
    wrong = [number for number in numbers if not LEAST <= number <= MOST]
    if wrong:
        raise ValueError(f"{place}: {wrong[0]:g} is outside {LEAST:g}..{MOST:g}")
    if isinstance(cell, Range) and cell.low > cell.high:
        raise ValueError(f"{place}: the range {cell.low:g}..{cell.high:g} is upside down")


def _arrays(
    exact: Floats,
    ranges: list[tuple[int, int, float, float]],
    panels: list[tuple[int, int, tuple[float, ...]]],
    incomplete: tuple[tuple[int, int, Incomplete], ...],
) -> Performances:
    evaluators = np.array([len(opinions) for _, _, opinions in panels], dtype=np.int64)
    padded = np.zeros((len(panels), int(evaluators.max(initial=0))))
    for row, (_, _, opinions) in enumerate(panels):
        padded[row, : len(opinions)] = opinions
    return Performances(
        exact=exact,
        ranges=np.array([r[:2] for r in ranges], dtype=np.int64).reshape(-1, 2),
        low=np.array([r[2] for r in ranges], dtype=np.float64),
        high=np.array([r[3] for r in ranges], dtype=np.float64),
        panels=np.array([p[:2] for p in panels], dtype=np.int64).reshape(-1, 2),
        opinions=padded,
        evaluators=evaluators,
        incomplete=incomplete,
    )
