"""The same program by numpy alone, as one would write it by hand for one model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from benchmarks._rounds import COUNTRIES, MILLION, REGIONS, TOOLS, Round

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Columns:
    """A round as bare columns, by request and by package."""

    package: Places
    tool: Places
    amount: Floats
    least: Floats
    country: Places
    """By package."""
    cost: Floats
    score: Floats
    envelope: Floats
    rate: Floats
    bound: Floats
    """Of a country, of a region, of subsidy."""


def columns(of: Round) -> Columns:
    """Return a round's numbers, read from its objects."""
    study = of.study
    tools = list(study.tools.values())
    place = {f"bank.{tool.id}": number for number, tool in enumerate(tools)}
    ticket = [tool.minimum_ticket for tool in tools]
    rows = [
        (number, place[r.tool], r.amount_usd, max(ticket[place[r.tool]], r.minimum_usd))
        for number, package in enumerate(study.packages)
        for r in sorted(package.requests, key=lambda one: one.tool)
    ]
    table = np.array(rows, dtype=np.int64)
    limits = study.limits
    names = ("bank.country", "bank.region", "bank.subsidy")
    return Columns(
        table[:, 0],
        table[:, 1],
        table[:, 2] / MILLION,
        table[:, 3] / MILLION,
        np.array([int(p.targets[0].country[1:]) for p in study.packages]),
        np.array([p.attributes["cost_usd"].value for p in study.packages]) / MILLION,
        np.array([of.scores[p.id] for p in study.packages]),
        np.array([tool.envelope.amount for tool in tools]) / MILLION,
        np.array([max(0.0, tool.subsidy.rate) for tool in tools]),
        np.array([limits[name].at_most for name in names]) / MILLION,
    )


def load(c: Columns) -> Any:
    """Build the arrays and pass them to HiGHS; return the solver."""
    pairs, packages = len(c.amount), len(c.score)
    asked = np.bincount(c.package, weights=c.amount, minlength=packages)
    row, column, value, rows = _entries(c, asked)
    order = np.argsort(row, kind="stable")
    caps = [c.envelope, np.full(COUNTRIES, c.bound[0]), np.full(REGIONS, c.bound[1]), c.bound[2:]]
    upper = np.concatenate([*caps, 0.6 * c.cost])
    upper = np.append(upper, np.zeros(rows - len(upper)))
    count = 2 * pairs + packages
    cost = np.zeros(count)
    cost[:pairs] = -c.score[c.package] / asked[c.package]
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(
        count,
        rows,
        len(value),
        2,
        1,
        0.0,
        cost,
        np.zeros(count),
        np.r_[c.amount, np.ones(pairs + packages)],
        np.full(rows, -np.inf),
        upper,
        np.r_[0, np.cumsum(np.bincount(row, minlength=rows))][:-1].astype(np.int32),
        column[order].astype(np.int32),
        value[order],
        np.r_[np.zeros(pairs), np.ones(pairs + packages)].astype(np.int32),
    )
    return solver


def _entries(c: Columns, asked: Floats) -> tuple[Places, Places, Floats, int]:
    """Return row, column and value of every coefficient, and the number of rows."""
    pairs, packages = len(c.amount), len(c.score)
    x, z, y = np.arange(pairs), pairs + np.arange(pairs), 2 * pairs + np.arange(packages)
    ones, rate, host = np.ones(pairs), c.rate[c.tool], c.country[c.package]
    costly = np.flatnonzero(rate > 0)
    blocks = [  # row, column, value, number of rows
        (c.tool, x, ones, TOOLS),
        (host, x, ones, COUNTRIES),
        (host % REGIONS, x, ones, REGIONS),
        (np.zeros_like(costly), costly, rate[costly], 1),
        (c.package, x, ones, packages),
        (np.r_[x, x], np.r_[x, z], np.r_[ones, -c.amount], pairs),
        (np.r_[x, x], np.r_[z, y[c.package]], np.r_[ones, -ones], pairs),
        (np.r_[x, x], np.r_[x, z], np.r_[-ones, c.least], pairs),
        (np.r_[c.package, np.arange(packages)], np.r_[x, y], np.r_[-ones, 0.25 * asked], packages),
    ]
    starts = np.cumsum([0, *[block[3] for block in blocks]])
    row = np.concatenate([b[0] + first for b, first in zip(blocks, starts, strict=False)])
    column = np.concatenate([block[1] for block in blocks])
    value = np.concatenate([block[2] for block in blocks])
    return row, column, value, int(starts[-1])


def relaxation(solver: Any) -> float:
    """Return the optimum without whole numbers."""
    solver.setOptionValue("solve_relaxation", True)
    solver.run()
    return float(solver.getInfo().objective_function_value)
