"""A program with some bounds raised: what stands in a package's way, and the answer without it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.exact.rows import ONE, ZERO, slack
from evaluator.allocation.model.program import Program
from evaluator.allocation.model.variation import with_most
from evaluator.allocation.solve.rounding import complete
from evaluator.allocation.variations import Answer, Case, answered
from evaluator.allocation.verify.findings import LimitBroken

Whole = Mapping[int, int]
"""USD by which to raise upper bounds, by row of the program."""


def answered_with_more(case: Case, more: Whole) -> Answer:
    """Solve a case with the bounds of some upper limits raised.

    The certificate is of the study as it is, less what it finds of the raised limits: all others
    hold, and those raised are kept by exact arithmetic.
    """
    answer = answered(case, with_more(case.compiled.program, more))
    return without_raised(case, more, answer)


def with_more(program: Program, more: Whole) -> Program:
    """Return a program with the bounds of some upper limits raised."""
    for row, usd in more.items():
        program = with_most(program, row, math.floor(program.rows[row].bound) + usd)
    return program


def without_raised(case: Case, rows: Iterable[int], answer: Answer) -> Answer:
    """Return an answer whose certificate says nothing of the limits that were raised."""
    raised = {(one.name, one.group) for one in (case.compiled.program.rows[row] for row in rows)}
    kept = tuple(
        fault
        for fault in answer.certificate
        if not (isinstance(fault, LimitBroken) and (fault.limit, fault.group) in raised)
    )
    return replace(answer, certificate=kept)


def in_the_way(
    compiled: Compiled, amounts: Sequence[int], wanted: Collection[int], *, whole: bool
) -> dict[str, tuple[int, ...]]:
    """Return the upper limits of law that keep some pairs from more, by label, with their rows.

    whole: those under which what the pairs lack in all does not fit. Otherwise: those without
    room for one more dollar of any of them.
    """
    program, layout = compiled.program, compiled.layout
    now = complete(program, layout, amounts)
    found: dict[str, list[int]] = {}
    for number, row in enumerate(program.rows):
        if (
            row.kind != "law"
            or row.sense != "at_most"
            or not np.isfinite(program.row_upper[number])
        ):
            continue
        net = program.net(number)
        uses = [
            net[index] * (layout.pairs[index].cap - amounts[index] if whole else ONE)
            for index in wanted
            if index in net and amounts[index] < layout.pairs[index].cap
        ]
        taken = (sum if whole else max)([use for use in uses if use > 0] or [ZERO])
        if taken > slack(row, now):
            found.setdefault(row.label, []).append(number)
    return {label: tuple(rows) for label, rows in found.items()}


def enough(compiled: Compiled, row: int) -> int:
    """Return USD by which to raise an upper bound so that it bounds nothing at all."""
    bound, net = compiled.program.rows[row].bound, compiled.program.net(row)
    caps = [pair.cap for pair in compiled.layout.pairs]
    most = sum((use * caps[c] for c, use in net.items() if c < len(caps) and use > 0), ZERO)
    return max(0, math.ceil(Fraction(most) - bound)) + 1
