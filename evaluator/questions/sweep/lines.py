"""Scenarios along a line -> allocations; between two that are alike, none needs to be solved.

Where two scenarios of one program have the same optimal amounts, so has every scenario whose points
lie on the straight line between theirs: what any other allocation loses there is a mean of what it
loses at the two, and so is the bound. The same holds of who is taken among ties.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.allocation.model.entering import entering
from evaluator.allocation.variations import Answer, Case, answered, prepare, rescored
from evaluator.decision.ties import levelled
from evaluator.errors import EvaluatorError
from evaluator.questions.sweep.judging import Floats, Judged, Row, refused

Cases = dict[tuple[Hashable, tuple[str, ...]], Case]
"""Programs by setting and designated packages."""

_CASES = 256
"""Programs that are kept."""
_ON_LINE = 1e-9
"""Points by which one may lie beside the line."""


@dataclass(frozen=True, eq=False)
class _Solved:
    """An answer, and the points (d,) of the designated packages that it is for."""

    answer: Answer
    points: Floats


def allocate_lines(judged: Sequence[Judged], lines: Sequence[Hashable], cases: Cases) -> None:
    """Add to the row of each scenario what its allocation is.

    lines: alike for scenarios that lie on a line, in their order on it. cases: kept from call to
    call. What is solved follows from the scenarios alone.
    """
    runs: dict[Hashable, list[Judged]] = {}
    for one, line in zip(judged, lines, strict=True):
        if one.setting is not None:
            runs.setdefault((id(one.setting), one.row["designated"], line), []).append(one)
    for run in runs.values():
        _fill(run, cases)


def _fill(run: Sequence[Judged], cases: Cases) -> None:
    """Solve both ends, and halve until the ends of each part are alike."""
    solved: dict[int, _Solved | None] = {}

    def solve(place: int) -> _Solved | None:
        if place not in solved:
            solved[place] = _solve(run[place], cases)
        return solved[place]

    parts = [(0, len(run) - 1)]
    while parts:
        low, high = parts.pop()
        start, end = solve(low), solve(high)
        inside = range(low + 1, high)
        if start is None or end is None or not _alike(start, end):
            if inside:
                middle = (low + high) // 2
                parts += [(middle, high), (low, middle)]
            continue
        for place in inside:
            share = _share(start.points, end.points, _points(run[place]))
            if share is None:
                solve(place)
            else:
                run[place].row.update(_between(start.answer, end.answer, share))


def _solve(one: Judged, cases: Cases) -> _Solved | None:
    """Solve a scenario and complete its row; None where that fails, and the row says why."""
    try:
        case = case_of(one, cases)
        answer = answered(case)
    except EvaluatorError as error:
        one.row.update(refused(str(error)))
        return None
    one.row.update(_row(answer))
    return _Solved(answer, np.array(list(case.compiled.points.values())))


def case_of(one: Judged, cases: Cases) -> Case:
    """Return the program for a scenario that is not refused; what no score moves is kept."""
    assert one.setting is not None  # noqa: S101  lines hold no other
    designated = one.row["designated"]
    key = (one.setting, designated)
    if key in cases:
        return rescored(cases[key], _scores(one))
    while len(cases) >= _CASES:
        cases.pop(next(iter(cases)))
    cases[key] = prepare(one.setting.study, _scores(one), designated)
    return cases[key]


def _scores(one: Judged) -> Mapping[str, float]:
    assert one.setting is not None  # noqa: S101  lines hold no other
    return dict(zip(one.setting.names, one.overall.tolist(), strict=True))


def _points(one: Judged) -> Floats:
    assert one.setting is not None  # noqa: S101  lines hold no other
    points = entering(one.setting.study, _scores(one), one.row["designated"])
    return np.array(list(points.values()))


def _alike(start: _Solved, end: _Solved) -> bool:
    one, other = start.answer, end.answer
    whole = one.status == other.status == "optimal" and not (one.cut or other.cut)
    return whole and one.amounts == other.amounts


def _share(start: Floats, end: Floats, at: Floats) -> float | None:
    """Return how far points are on the way from start to end, None where they are not on it.

    None as well where two packages are tied there, which are then to get the same.
    """
    way = end - start
    length = float((way * way).sum())
    share = float(((at - start) * way).sum()) / length if length else 0.0
    beside = float(np.abs(at - (start + share * way)).max(initial=0.0))
    tied = len(np.unique(levelled(at))) < len(at)
    return share if 0 <= share <= 1 and beside <= _ON_LINE and not tied else None


def between(start: Judged, end: Judged, at: Judged) -> bool:
    """Whether amounts that are optimal for two scenarios are the only ones to look for at a third.

    That is so where all designate the same, and the points of the third lie on the straight line.
    """
    alike = start.row["designated"] == end.row["designated"] == at.row["designated"]
    return alike and _share(_points(start), _points(end), _points(at)) is not None


def _between(start: Answer, end: Answer, share: float) -> Row:
    """Return the row of a scenario between two: objective, bound and gain are means of theirs."""
    mean = {
        name: (1 - share) * getattr(start, name) + share * getattr(end, name)
        for name in ("objective", "bound", "gained")
    }
    gap = (mean["bound"] - mean["objective"]) / max(1.0, mean["gained"])
    return {**_row(start), "objective": mean["objective"], "gap": gap}


def _row(answer: Answer) -> Row:
    if not answer.found:
        return {"status": answer.status, "cut_by_time": bool(answer.cut)}
    return {
        "status": answer.status,
        "supported": answer.supported,
        "amount_usd": sum(answer.amounts),
        "subsidy_usd": answer.subsidy_usd,
        "objective": answer.objective,
        "gap": answer.gap if answer.solved else 0.0,
        "certified": not answer.certificate,
        "cut_by_time": bool(answer.cut),
    }
