"""Draws of the scores: one program whose costs each of them changes, and what many share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evaluator.allocation.explain.conflicts import plainly_broken
from evaluator.allocation.model.interchange import interchangeable
from evaluator.allocation.model.program import Floats, Program
from evaluator.allocation.solve.intervals import Intervals, challenged, stands
from evaluator.allocation.solve.point import Point
from evaluator.allocation.solve.solve import path_for
from evaluator.allocation.solve.tighten import tightened, without_idle_rows
from evaluator.allocation.variations import Case, prepare, resolver
from evaluator.model.study import Study

Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

_TOGETHER = 64
"""Draws from which on one proof for all is tried: fewer are solved one by one as quickly."""


@dataclass(frozen=True)
class Draws:
    """What of a program changes from draw to draw."""

    case: Case
    program: Program
    scale: Floats
    """Shape (pairs,): cost of a unit per point of score."""
    package: Places
    """Shape (columns,): whose column it is; -1 for none."""
    scores: Floats
    designated: Flags
    """Shape (draws, n)."""
    ever: Flags
    """Shape (n,): designated in any draw."""
    names: Sequence[str]
    alike: tuple[Places, ...]
    """Groups of packages that are interchangeable where their scores are tied."""


def compiled_once(
    study: Study, packages: Sequence[str], scores: Floats, designated: Flags
) -> Draws:
    """Return the draws of a study, scores and flags of shape (draws, n), with their one program."""
    some: list[bool] = np.any(designated, axis=0).tolist()
    ever = [name for name, one in zip(packages, some, strict=True) if one]
    case = prepare(study, dict.fromkeys(ever, 1.0), ever)
    program = without_idle_rows(tightened(case.compiled.program))
    pairs = len(case.compiled.layout.pairs)
    place = {name: column for column, name in enumerate(packages)}
    owner = [place[c.subject] if c.owned else -1 for c in program.columns]
    return Draws(
        case,
        program,
        program.cost[:pairs].copy(),
        np.array(owner, dtype=np.intp),
        scores,
        designated,
        np.array(some, dtype=np.bool_),
        packages,
        tuple(
            np.array([place[name] for name in group], dtype=np.intp)
            for group in interchangeable(case.compiled)
        ),
    )


def variation(draws: Draws, scores: Floats, allowed: Flags) -> Program:
    """Return the program for some scores, where some packages may be funded, shape (n,) each."""
    program, pairs = draws.program, len(draws.scale)
    cost = program.cost.copy()
    shut = (draws.package >= 0) & ~allowed[draws.package]
    cost[:pairs] = np.where(shut[:pairs], 0.0, draws.scale * scores[draws.package[:pairs]])
    return replace(program, cost=cost, upper=np.where(shut, program.lower, program.upper))


def in_common(draws: Draws, start: Floats | None, pool: Executor) -> Mapping[int, Point]:
    """Return the optimal point of draws that have it in common with others, by draw.

    Those that designate the same stand in the box of their scores: what is best in its middle is
    so in all of them if nothing gains more anywhere in the box. Where something does, the draws
    are parted in two by the score of the package that it moves most, until few are left. start: a
    point to begin from. What is found follows from the draws alone, whatever their order.
    """
    if path_for(draws.case.study.scenario.allocation.solver) != "highs":
        return {}
    _, code = np.unique(draws.designated, axis=0, return_inverse=True)
    boxes = [np.flatnonzero(code.ravel() == one) for one in range(int(code.max()) + 1)]
    found: dict[int, Point] = {}
    while boxes := [box for box in boxes if len(box) >= _TOGETHER]:
        parts: list[Places] = []
        for box, (point, halves) in zip(
            boxes, pool.map(partial(_settled, draws, start), boxes), strict=True
        ):
            if point is not None:
                found |= dict.fromkeys(box.tolist(), point)
            parts += halves
        boxes = parts
    return found


def _settled(
    draws: Draws, start: Floats | None, box: Places
) -> tuple[Point | None, Sequence[Places]]:
    """Return the point that some draws have in common, or else the parts in which to seek one."""
    scores, allowed, case = draws.scores[box], draws.designated[box[0]], draws.case
    low, high = scores.min(axis=0), scores.max(axis=0)
    program = variation(draws, (low + high) / 2, allowed)
    if case.compiled.impossible or plainly_broken(program):
        return None, ()
    begin = None if start is None else np.minimum(start, program.upper)
    point = resolver(case, draws.program)(program, begin)
    if point.status != "optimal":
        return None, ()
    package = draws.package[: len(draws.scale)]
    intervals = Intervals(package, -draws.scale, low, high)
    challenge = challenged(program, point.values, intervals, case.settings)
    if challenge is None:
        return None, ()
    if stands(challenge, case.settings.gap):
        return point, ()
    column = scores[:, int((np.abs(challenge.moved) * (high - low)).argmax())]
    below = column < np.median(column)
    return None, (box[below], box[~below]) if below.any() else ()
