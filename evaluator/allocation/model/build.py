"""A study -> the program and everything needed to read its answer."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.allocation.model.columns import Column, Layout, lay_out
from evaluator.allocation.model.entering import entering
from evaluator.allocation.model.exact.blocks import Block
from evaluator.allocation.model.exact.later import Joined, Later
from evaluator.allocation.model.exact.numbers import as_written
from evaluator.allocation.model.exact.rows import Rational, exact
from evaluator.allocation.model.limits.families import (
    Family,
    LimitRow,
    SharedSum,
    block_of_limit,
    block_of_sums,
)
from evaluator.allocation.model.limits.limits import limit_families
from evaluator.allocation.model.program import Floats, Program, stacked
from evaluator.allocation.model.requests.eligibility import Eligibility, sort_requests
from evaluator.allocation.model.requests.requests import asks
from evaluator.allocation.model.rules import impossible, rule_blocks
from evaluator.errors import did_you_mean
from evaluator.model.study import Study
from evaluator.results.evaluation import Conflict

MILLION = 1_000_000


@dataclass(frozen=True)
class Compiled:
    """A study's program with the tables behind it."""

    eligibility: Eligibility
    layout: Layout
    limits: Sequence[LimitRow]
    """All of them, in force or not."""
    row_of: Mapping[int, int]
    """The program's row of each limit in force, by its place in `limits`."""
    miss_of: Mapping[int, int]
    """The column of each goal's miss, by its place in `limits`."""
    points: Mapping[str, float]
    """By which the objective counts each designated package."""
    asked: Mapping[str, Rational]
    """What the share of each package that is met is a share of; a million where dollars count."""
    gains: tuple[float, ...]
    """Objective points gained by a dollar of each pair."""
    impossible: Mapping[str, Conflict]
    """Musts that no allocation can meet, by name."""
    program: Program


def compile_study(
    study: Study, scores: Mapping[str, float], designated: Collection[str]
) -> Compiled:
    """Return the program of a study, its designated packages and their scores.

    Scores enter as `allocation.scores` says.

    Raises ValueError for a designated package that is unknown or has no finite score.
    """
    _check(study, scores, designated)
    eligibility = sort_requests(study, designated)
    layout = lay_out(study, eligibility)
    families = limit_families(study, eligibility, layout)
    points = entering(study, scores, designated)
    whole = _asked(study, eligibility)
    gains = _gains(study, points, whole, eligibility)
    own = len(layout.columns)
    sums = list(dict.fromkeys(one for family in families for one in family.sums))
    column_of = {one: own + number for number, one in enumerate(sums)}
    first = own + len(sums)
    blocks: list[Block] = []
    row_of: dict[int, int] = {}
    miss_of: dict[int, int] = {}
    place = 0
    for family in families:
        blocks.append(block_of_limit(family, column_of, first + len(miss_of)))
        places = (place + family.active).tolist()
        if family.spec.kind == "goal":
            miss_of |= {one: first + len(miss_of) + n for n, one in enumerate(places)}
        row_of |= {one: len(row_of) + n for n, one in enumerate(places)}
        place += len(family.lines)
    blocks += [block_of_sums(sums, own), *rule_blocks(study, layout, eligibility)]
    return Compiled(
        eligibility,
        layout,
        Joined(family.rows for family in families),
        row_of,
        miss_of,
        points,
        {name: whole[eligibility.every.facts.place[name]] for name in points},
        tuple(gains.tolist()),
        impossible(study, layout, eligibility),
        _program(layout, eligibility, gains, sums, families, blocks),
    )


def with_scores(
    study: Study, compiled: Compiled, scores: Mapping[str, float], designated: Collection[str]
) -> Compiled:
    """Return the program for other scores of the same designated packages: other costs alone.

    Raises ValueError for a designated package that has no finite score.
    """
    _check(study, scores, designated)
    eligibility = compiled.eligibility
    points = entering(study, scores, designated)
    gains = _gains(study, points, _asked(study, eligibility), eligibility)
    cost = compiled.program.cost.copy()
    cost[: len(gains)] = -gains * compiled.layout.unit
    program = replace(compiled.program, cost=cost)
    return replace(compiled, points=points, gains=tuple(gains.tolist()), program=program)


def _program(
    layout: Layout,
    eligibility: Eligibility,
    gains: Floats,
    sums: Sequence[SharedSum],
    families: Sequence[Family],
    blocks: Sequence[Block],
) -> Program:
    """Return the program: amounts, binaries, sums and goals' misses in columns, blocks in rows."""
    offers, unit = eligibility.offers, layout.unit
    goals = [family for family in families if family.spec.kind == "goal"]
    missed = [column for family in goals for column in family.missed]
    prices = [one.spec.cost(unit) for one in goals for _ in one.missed]
    binaries = len(layout.columns) - len(gains)
    more = binaries + len(sums)
    parts = [len(gains), binaries, len(sums), len(missed)]

    def columns() -> Iterator[Column]:
        yield from layout.columns
        yield from (Column("sum", one.name, str(number)) for number, one in enumerate(sums, 1))
        yield from missed

    return stacked(
        Later(sum(parts), columns),
        blocks,
        np.repeat([False, True, False, False], parts),
        np.repeat([False, False, True, False], parts),
        cost=np.concatenate([-gains * unit, np.zeros(more), np.array(prices)]),
        subsidy=np.concatenate([offers.rate.floats, np.zeros(more + len(missed))]),
        upper=np.concatenate([offers.cap / unit, np.full(more + len(missed), np.inf)]),
        unit=unit,
    )


def build_program(
    study: Study, scores: Mapping[str, float], designated: Collection[str]
) -> Program:
    """Return the program that `allocate` solves.

    Raises ValueError for a designated package that is unknown or has no finite score.
    """
    return compile_study(study, scores, designated).program


def _check(study: Study, scores: Mapping[str, float], designated: Collection[str]) -> None:
    for package in sorted(designated):
        if package not in study.package_by_id:
            hint = did_you_mean(package, study.package_by_id)
            raise ValueError(f"the designated package '{package}' is unknown. {hint}")
        if package not in scores:
            raise ValueError(f"the designated package '{package}' has no score; add it to scores.")
        if not math.isfinite(scores[package]):
            raise ValueError(f"the score of '{package}' is {scores[package]}, not a finite number.")


def _asked(study: Study, eligibility: Eligibility) -> Sequence[Rational]:
    """Return what the share of each package that is met is a share of, by place."""
    settings, every = study.scenario.allocation, eligibility.asked
    if settings.objective == "amount":
        return [MILLION] * len(every.facts.names)
    weights = as_written(settings.tool_weights.get(tool, 1.0) for tool in every.tools)
    return asks(every, every.amount, weights.take(every.tool))


def _gains(
    study: Study,
    points: Mapping[str, float],
    whole: Sequence[Rational],
    eligibility: Eligibility,
) -> Floats:
    """Return the objective points gained by a dollar of each request that can be served."""
    settings, asked = study.scenario.allocation, eligibility.requests
    weights = as_written(settings.tool_weights.get(tool, 1.0) for tool in asked.tools)
    weight = weights.take(asked.tool)
    width = len(weights.table)
    met, code = np.unique(asked.package * width + weight.code, return_inverse=True)
    gains = [
        _quotient(exact(float(points[asked.facts.names[p]])), weights.table[w], whole[p])
        for p, w in (divmod(one, width) for one in met.tolist())
    ]
    return np.array(gains, dtype=np.float64)[code]


def _quotient(score: Rational, weight: Rational, whole: Rational) -> float:
    """Return the float nearest to score times weight over whole."""
    above = score.numerator * weight.numerator * whole.denominator
    return above / (score.denominator * weight.denominator * whole.numerator)
