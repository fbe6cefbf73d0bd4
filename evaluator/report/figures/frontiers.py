"""Figures of a full run: what is given up for less subsidy or more spread, other envelopes."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import pandas as pd

from evaluator.report.figures.drawing import (
    HATCHED,
    Drawn,
    Look,
    boxes,
    label,
    panel,
    plain_numbers,
    rows,
    style,
    write,
)
from evaluator.report.formatting.money import Money
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.numbers import general, signed
from evaluator.report.formatting.palette import FILLS, GRID, INK
from evaluator.report.formatting.words import NEUTRAL, Words
from evaluator.report.viewmodel.extended import how_found
from evaluator.results.evaluation import Evaluation, ExtendedTable

_NEAR, _FAR = (0.75, 1.25), (0.5, 1.5)
"""Factors of the present envelope."""


def subsidy_frontier_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw what of the objective is left under falling caps on subsidy cost."""
    found = _extended(evaluation, "frontier_subsidy")
    if found is None:
        return None
    return frontier_figure(
        found.table,
        rule=how_found(found.rules, names_of(evaluation)),
        name="frontier_subsidy",
        words=names_of(evaluation).words,
    )


def concentration_frontier_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw what of the objective is left under falling caps on the largest group's share."""
    found, w = _extended(evaluation, "frontier_concentration"), names_of(evaluation).words
    if found is None:
        return None
    return frontier_figure(
        found.table,
        "largest_share",
        costs=f"Largest share that one group gets of all {w.money.units}",
        rule=how_found(found.rules, names_of(evaluation)),
        name="frontier_concentration",
        words=w,
    )


def _extended(evaluation: Evaluation, name: str) -> ExtendedTable | None:
    """Return a table of a full run that has rows."""
    found = evaluation.extended.tables.get(name) if evaluation.extended else None
    return None if found is None or found.table.empty else found


def frontier_figure(
    points: pd.DataFrame,
    cost: str = "subsidy_usd",
    worth: str = "objective",
    *,
    costs: str = "Subsidy cost",
    rule: str = "",
    name: str = "frontier",
    words: Words = NEUTRAL,
) -> Drawn | None:
    """Draw a Pareto frontier: one row of `points` an allocation; one without a cap is marked.

    cost, worth: columns, the less and the more the better; a cost whose name ends in `_usd` is
    drawn in $ million, one that ends in `_share` in percent. costs: what the axis says. rule: how
    the points were found, in sentences. name: of the figure. Raises ValueError for a column that
    is not there.
    """
    absent = [column for column in (cost, worth) if column not in points]
    if absent:
        raise ValueError(f"no column {absent[0]!r}; there are {', '.join(map(str, points))}.")
    if points.empty:
        return None
    table = points.sort_values([cost, worth], kind="stable")
    scale, unit = _unit(cost, words.money)
    at, value = [c * scale for c in table[cost].tolist()], table[worth].tolist()
    free = table["cap"].isna().tolist() if "cap" in table else [False] * len(table)
    marked = " Diamond: without a cap." if any(free) else ""
    found = f" {rule}" if rule else ""
    note = (
        "Each mark is an allocation that no other here beats on both counts; the steps between are "
        f"what is known to be within reach.{marked}{found}"
    )
    with style():
        figure, axes = panel(4.2, note, words, left=0.9, right=0.5, head=0.25)
        axes.grid(color=GRID, linewidth=0.6)
        axes.step(at, value, where="post", color=FILLS[0], linewidth=1.2)
        for mark, look, wanted in (("o", FILLS[0], False), ("D", INK, True)):
            chosen = [place for place, alone in enumerate(free) if alone == wanted]
            across, up = [at[place] for place in chosen], [value[place] for place in chosen]
            axes.plot(across, up, mark, color=look, markersize=6)
        for place, (x, y, text) in enumerate(_ends(table, at, value, words)):
            # The last stands at the right edge: its text goes to the left.
            side, ha = (-6, "right") if place else (6, "left")
            axes.annotate(
                text, (x, y), xytext=(side, -14), textcoords="offset points", ha=ha, fontsize=8
            )  # fmt: skip
        axes.xaxis.set_major_formatter(plain_numbers())
        axes.yaxis.set_major_formatter(plain_numbers())
        axes.margins(x=0.06, y=0.12)
        if value[0] >= 0:
            # With room for the marks at the top.
            axes.set_ylim(0, 1.08 * max(value) or 1.0)
        axes.set_xlabel(f"{costs}{unit}")
        axes.set_ylabel(worth.replace("_", " ").capitalize())
    alt = (
        f"Frontier of {len(table)} allocations: {costs.lower()} from {general(at[0], 6)} "
        f"to {general(at[-1], 6)}"
        f"{unit.replace(',', '')}, {worth.replace('_', ' ')} from "
        f"{general(value[0], 6)} to {general(value[-1], 6)}."
    )
    return Drawn(name, alt, figure)


def _unit(column: str, money: Money) -> tuple[float, str]:
    """Return the factor and the unit in which a column is drawn."""
    if column.endswith("_usd"):
        million = money.unit([1e6])
        return 1 / million.size, f", {million.head}"
    return (100.0, ", %") if column.endswith("_share") else (1.0, "")


def _ends(
    table: pd.DataFrame, at: Sequence[float], value: Sequence[float], w: Words
) -> list[tuple[float, float, str]]:
    """Return the first and the last point with what is known of them."""
    counts = table["supported"].tolist() if "supported" in table else [None] * len(table)
    told = [
        general(y, 6) + (f", {count} {w.packages}" if count is not None else "")
        for y, count in zip(value, counts, strict=True)
    ]
    found = list(zip(at, value, told, strict=True))
    return found if len(found) < 3 else [found[0], found[-1]]


def sweep_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw what the objective loses and gains when one tool's envelope alone is another."""
    w = names_of(evaluation).words
    found = _extended(evaluation, "budget_sweep")
    if found is None:
        return None
    changes_by_tool = found.table.pivot(index="tool", columns="factor", values="change")
    table = changes_by_tool.astype(float).loc[found.table["tool"].drop_duplicates()]
    if not {*_NEAR, *_FAR} <= set(table.columns):
        return None
    note = (
        f"Points of objective against this run; the {w.envelope} of one {w.tool} alone is "
        "changed, and "
        "everything solved again. Solid: 75 % or 125 % of it; hatched: 50 % or 150 %. No bar: "
        "there is no allocation."
    )
    changes = [table[factor].fillna(0.0).tolist() for factor in (*_FAR, *_NEAR)]
    reach = max(abs(change) for column in changes for change in column) or 1.0
    with style():
        figure, axes = rows(len(table), note, w, head=0.35, right=0.3)
        places, zero = range(len(table)), [0.0] * len(table)
        looks: Sequence[Look] = (HATCHED, HATCHED, {"facecolor": FILLS[0]}, {"facecolor": FILLS[0]})
        for column, look in zip(changes, looks, strict=True):
            starts, ends = map(min, zero, column), map(max, zero, column)
            boxes(axes, places, [*starts], [*ends], 0.6, edgecolor=FILLS[0], linewidth=0.9, **look)
        for side, near, far, ha in zip((-0.02, 0.02), _NEAR, _FAR, ("right", "left"), strict=True):
            tips = table[far].fillna(table[near]).fillna(0.0).tolist()
            for place, (tip, change) in enumerate(zip(tips, table[far].tolist(), strict=True)):
                told = "no allocation" if isnan(change) else signed(change, 1)
                write(axes, tip + side * reach, place, told, ha=ha, fontsize=8)
        axes.axvline(0, color=INK, linewidth=1.0)
        label(axes, [names_of(evaluation).tool(str(tool)) for tool in table.index])
        for side, text, ha in (
            (-1.15, f"half the {w.envelope}", "left"),
            (1.15, "half more", "right"),
        ):
            write(axes, side * reach, -1.0, text, ha=ha, fontsize=8)
        axes.set_xlim(-1.2 * reach, 1.2 * reach)
        axes.set_xlabel("Change of the objective, points")
    names = names_of(evaluation)
    half, more = table[_FAR[0]].dropna(), table[_FAR[1]].dropna()
    none = [names.tool(str(tool)) for tool in table.index[table[_FAR[0]].isna()]]
    alt = (
        f"Bars of {len(table)} {w.tools}: what the objective loses with half the "
        f"{w.envelope} and gains "
        "with half more."
    )
    if len(half):
        most = names.tool(str(half.idxmin()))
        alt += f" Most is lost with {most}, {signed(half.min(), 1)} points."
    if len(more):
        most = names.tool(str(more.idxmax()))
        alt += f" Most is gained with {most}, {signed(more.max(), 1)}."
    if none:
        alt += f" With half of it there is no allocation: {', '.join(none)}."
    return Drawn("budget_sweep", alt, figure)
