"""A study -> the program and everything needed to read its answer."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from evaluator.allocation.columns import Column, Layout, lay_out
from evaluator.allocation.eligibility import Eligibility, asks, sort_requests
from evaluator.allocation.entering import entering
from evaluator.allocation.limits import LimitRow, limit_rows
from evaluator.allocation.program import Program, assemble
from evaluator.allocation.rows import ONE, Kind, Row, exact
from evaluator.allocation.rules import impossible, rule_rows
from evaluator.errors import did_you_mean
from evaluator.model.study import Study

MILLION = 1_000_000


@dataclass(frozen=True)
class Compiled:
    """A study's program with the tables behind it."""

    eligibility: Eligibility
    layout: Layout
    limits: tuple[LimitRow, ...]
    """All of them, in force or not."""
    row_of: Mapping[int, int]
    """The program's row of each limit in force, by its place in `limits`."""
    miss_of: Mapping[int, int]
    """The column of each goal's miss, by its place in `limits`."""
    gains: tuple[float, ...]
    """Objective points gained by a dollar of each pair."""
    impossible: Mapping[str, str]
    """Musts that no allocation can meet, with the reason in words."""
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
    layout = lay_out(study, eligibility.pairs)
    limits = limit_rows(study, eligibility.pairs)
    gains = _gains(study, entering(study, scores, designated), layout)
    columns = list(layout.columns)
    rows: list[Row] = []
    row_of: dict[int, int] = {}
    miss_of: dict[int, int] = {}
    cost = {index: -gain * layout.unit for index, gain in enumerate(gains)}
    for place, limit in enumerate(limits):
        if not limit.active:
            continue
        terms = dict(limit.terms)
        if limit.spec.cost_per_million is not None:
            miss_of[place] = len(columns)
            terms[len(columns)] = ONE if limit.sense == "at_least" else -ONE
            cost[len(columns)] = limit.spec.cost_per_million * layout.unit / MILLION
            columns.append(Column("missed", limit.limit, limit.group))
        row_of[place] = len(rows)
        kind: Kind = "law" if limit.spec.cost_per_million is None else "goal"
        rows.append(Row(limit.limit, limit.group, kind, limit.sense, terms, limit.bound))
    rows += rule_rows(study, layout)
    program = assemble(
        columns,
        rows,
        cost=cost,
        subsidy={i: float(pair.rate) for i, pair in enumerate(layout.pairs)},
        upper={i: pair.cap / layout.unit for i, pair in enumerate(layout.pairs)},
        unit=layout.unit,
    )
    broken = impossible(study, layout, eligibility.refused)
    return Compiled(eligibility, layout, limits, row_of, miss_of, gains, broken, program)


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


def _gains(study: Study, scores: Mapping[str, float], layout: Layout) -> tuple[float, ...]:
    settings = study.scenario.allocation
    weights = {tool: exact(settings.tool_weights.get(tool, 1.0)) for tool in study.tools}
    whole = {package: Fraction(MILLION) for package in layout.by_package}
    if settings.objective == "coverage":
        whole = {package: _whole_ask(study, package, weights) for package in layout.by_package}
    return tuple(
        float(exact(float(scores[pair.package])) * weights[pair.tool] / whole[pair.package])
        for pair in layout.pairs
    )


def _whole_ask(study: Study, package: str, weights: Mapping[str, Fraction]) -> Fraction:
    requests = study.package_by_id[package].requests
    return asks([(weights[r.tool] * r.amount_usd, r.alternative_group) for r in requests])
