"""Value functions and weights of XMCDA -> those of a study, in points of 0 to 100."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.errors import Problem
from evaluator.importing.documents import number
from evaluator.importing.xmcda.problem import Criterion, Decision

_HUNDRED = 100.0


@dataclass(frozen=True)
class Judged:
    """How a criterion is judged in the study."""

    value: Mapping[str, Any]
    """The value function, as a criterion's file has it."""
    direction: str | None
    weight: float
    """Of all criteria together 1."""
    anchored: bool = False
    """Its ends are the least and the greatest performance of the file."""
    how: str = ""
    """What was done to the ordinates of its function."""


def judged(found: Decision, problems: list[Problem]) -> dict[str, Judged]:
    """Return how each criterion is judged; faults where direction or weight is not stated.

    Where weights are stated, functions give values: of 0 to 1 they are worth a hundred times that.
    Where none is, and every criterion has a function, those are marginal values of an additive
    model, whose greatest are the weights (Jacquet-Lagreze & Siskos 1982, UTA).
    """
    criteria = found.criteria
    weighed = [one for one in criteria.values() if one.weight is not None]
    marginal = not weighed and all(one.points for one in criteria.values())
    weights = _weights(criteria, marginal, problems)
    most = max((worth for one in criteria.values() for _, worth in one.points), default=0.0)
    result = {}
    for name, one in criteria.items():
        least = min((worth for _, worth in one.points), default=0.0)
        if one.function is not None and (least < 0 or (most > _HUNDRED and not marginal)):
            fact = f"the value function of '{name}' has values from {least:g} to {most:g}."
            where = str(one.function.place("criteria"))
            problems.append(Problem(where, fact, "Values lie between 0 and 1, or 0 and 100."))
            continue
        own = _function(one, marginal, most) if one.points else _straight(name, one, found)
        if own is None:
            fact = f"whether more or less of '{name}' is better is not stated."
            where = str(one.element.place("criteria"))
            problems.append(Problem(where, fact, "State its preferenceDirection: min or max."))
            continue
        value, direction, anchored, how = own
        if direction is not None and one.direction not in (None, direction):
            fact = f"the preferenceDirection of '{name}' is against its value function."
            where = str((one.at or one.element).place("criteria"))
            problems.append(Problem(where, fact, "Mend one of the two."))
        result[name] = Judged(value, direction, weights.get(name, 0.0), anchored, how)
    return result


def _weights(
    criteria: Mapping[str, Criterion], marginal: bool, problems: list[Problem]
) -> dict[str, float]:
    if marginal:
        stated = {name: max(worth for _, worth in one.points) for name, one in criteria.items()}
    else:
        stated = {name: one.weight for name, one in criteria.items() if one.weight is not None}
        lacking = [name for name in criteria if name not in stated]
        if len(lacking) == len(criteria) and len(criteria) > 1:
            one = next(iter(criteria.values()))
            fact = "no weights are stated."
            remedy = "Add criteriaValues whose mcdaConcept is weight, or a function of each."
            problems.append(Problem(str(one.element.place("criteria")), fact, remedy))
            return {}
        if len(criteria) == 1:
            return dict.fromkeys(criteria, 1.0)
        for name in lacking:
            where = str(criteria[name].element.place("criteria"))
            problems.append(Problem(where, f"'{name}' has no weight.", "State it, if only 0."))
    total = math.fsum(stated.values())
    if not total > 0:
        where = str(next(iter(criteria.values())).element.place("criteria"))
        problems.append(Problem(where, "all weights are 0.", "State one above 0."))
        return {}
    return {name: weight / total for name, weight in stated.items()}


def _function(
    one: Criterion, marginal: bool, most: float
) -> tuple[dict[str, Any], str | None, bool, str]:
    top = max(worth for _, worth in one.points)
    divisor = top if marginal else 1.0 if most <= 1 else _HUNDRED
    factor = _HUNDRED / divisor if divisor else 0.0
    points = [[number(raw), number(min(worth * factor, _HUNDRED))] for raw, worth in one.points]
    worths = [worth for _, worth in one.points]
    direction = None
    if worths == sorted(worths):
        direction = "higher"
    elif worths == sorted(worths, reverse=True):
        direction = "lower"
    how = "" if factor == 1 else f"times {factor:.12g}"
    return {"piecewise": points}, direction, False, how


def _straight(
    name: str, one: Criterion, found: Decision
) -> tuple[dict[str, Any], str | None, bool, str] | None:
    """Return a straight line between the ends of the scale, else those of the performances."""
    if one.direction is None:
        return None
    known = [
        value.number
        for (_, criterion), value in found.performances.items()
        if criterion == name and value.number is not None
    ]
    known += list(one.labels.values())
    low = one.low if one.low is not None else min(known, default=0.0)
    high = one.high if one.high is not None else max(known, default=1.0)
    if low == high:  # nothing tells the alternatives apart
        low, high = low - 1, high + 1
    worst, best = (low, high) if one.direction == "higher" else (high, low)
    anchored = not one.labels and (one.low is None or one.high is None)
    value = {"linear": {"worst": number(worst), "best": number(best)}}
    return value, one.direction, anchored, ""
