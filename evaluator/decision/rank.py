"""Rank the rows of a table, without a study: a decision matrix, weights and directions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from inspect import signature
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from evaluator.decision.ties import Floats, competition_ranks, levelled
from evaluator.errors import InvalidStudyError, Problem, did_you_mean
from evaluator.scoring.aggregation import METHODS

Weights: TypeAlias = Mapping[str, float] | Sequence[float] | Literal["equal"]
Directions: TypeAlias = Mapping[str, str] | Sequence[str] | str

DIRECTIONS: Mapping[object, float] = {
    **{"higher": 1.0, "max": 1.0, "benefit": 1.0, "+": 1.0, 1: 1.0},
    **{"lower": -1.0, "min": -1.0, "cost": -1.0, "-": -1.0, -1: -1.0},
}
"""What is better on a criterion, in the words of the field."""
_RAW = {"weighted_sum": "minmax"}
"""Normalizations of raw performances where a method's own default leaves them as they are."""
_SPANS = {"share": 1.0, "net flow": 2.0}


def rank(
    frame: pd.DataFrame,
    *,
    weights: Weights,
    directions: Directions,
    method: str = "weighted_sum",
    **parameters: Any,
) -> pd.DataFrame:
    """Rank alternatives by raw performances.

    frame: an alternative a row, named by the index, and a criterion a column; finite numbers in
    any unit. weights: how much each criterion counts, by name or in the order of the columns, or
    "equal"; not negative; they are divided by their sum. directions: whether "higher" or "lower"
    is better, by name, in order, or one word for all. method and parameters: as in
    `evaluator.scoring.methods`; a weighted sum is of performances between the worst (0) and the
    best (1) of the table, unless `normalization` says otherwise.

    Returns a row an alternative, the best first: `rank` (1, 2, 2, 4), `score` in the unit of the
    method, higher is better, and `tied`, whether another has the same rank. Its `attrs["variant"]`
    is the method with its parameters and source. The scores of a method that compares the
    alternatives hang on which others are in the table.

    Raises InvalidStudyError with all faults of the table, weights and directions, and ValueError
    where the method refuses them.

    >>> cars = pd.DataFrame({"price": [20, 30], "range": [300, 500]}, index=["A", "B"])
    >>> rank(cars, weights=[1, 3], directions=["lower", "higher"])["score"].to_dict()
    {'B': 0.75, 'A': 0.25}
    """
    known = [str(name) for name in frame.columns]
    problems = [*_faults(frame, known)]
    if method not in METHODS:
        problems.append(Problem("method", f"'{method}' is unknown.", did_you_mean(method, METHODS)))
    else:
        problems.extend(_odd(method, parameters))
    share = _weights(weights, known, problems)
    signs = _signs(directions, known, problems)
    if problems:
        raise InvalidStudyError(problems)
    stated = {"normalization": _RAW[method]} if method in _RAW else {}
    found = METHODS[method].function(
        frame.to_numpy(dtype=np.float64), share, signs, **{**stated, **parameters}
    )
    scores = np.asarray(found.scores, dtype=np.float64)
    span = _span(method, found.variant.normalization, scores)
    ranks = competition_ranks(scores, span)
    told = pd.DataFrame(
        {"rank": ranks, "score": levelled(scores, span), "tied": _tied(ranks)}, index=frame.index
    )
    told = told.sort_values("rank", kind="stable")
    told.attrs["variant"] = found.variant
    return told


def _odd(method: str, parameters: Mapping[str, Any]) -> Iterator[Problem]:
    takes = [
        name
        for name, one in signature(METHODS[method].function).parameters.items()
        if one.kind is one.KEYWORD_ONLY
    ]
    for name in parameters:
        if name not in takes:
            fact = f"{method} has no parameter '{name}'."
            yield Problem("method", fact, did_you_mean(name, takes))


def _span(method: str, normalization: str, scores: Floats) -> float:
    """Return how far apart scores can be; of raw ones, which have no scale, the largest of them."""
    unit = METHODS[method].unit
    if unit in _SPANS or normalization != "none":
        return _SPANS.get(unit, 1.0)
    return float(np.abs(scores).max()) or 1.0


def _tied(ranks: Any) -> Any:
    _, inverse, counts = np.unique(ranks, return_inverse=True, return_counts=True)
    return counts[inverse] > 1


def _faults(frame: pd.DataFrame, known: Sequence[str]) -> Iterator[Problem]:
    if frame.empty:
        yield Problem("the table", "has no alternative or no criterion.", "Give at least one each.")
    for what, names in (("alternative", [str(n) for n in frame.index]), ("criterion", known)):
        for name in sorted({name for name in names if names.count(name) > 1}):
            fact = f"the {what} '{name}' stands there twice."
            yield Problem("the table", fact, "Give each a name of its own.")
    for column in range(frame.shape[1]):
        texts = frame.iloc[:, column]
        numbers = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64)
        for row in np.flatnonzero(~np.isfinite(numbers)).tolist():
            where = f"{frame.index[row]}, {known[column]}"
            yield Problem(where, f"'{texts.iloc[row]}' is no finite number.", "State one.")


def _weights(given: Weights, known: Sequence[str], problems: list[Problem]) -> Floats:
    """Return a weight for each criterion; they sum to 1."""
    if isinstance(given, str):
        if given != "equal":
            fact = f"'{given}' is not 'equal'."
            problems.append(Problem("weights", fact, "State a number for each criterion."))
        return np.full(len(known), 1 / max(1, len(known)))
    stated = _each(given, known, "weights", problems)
    fine = {n: w for n, w in stated.items() if _is_weight(w)}
    for name in stated.keys() - fine.keys():
        fact = f"'{stated[name]}' is no number from 0."
        problems.append(Problem(f"weights, {name}", fact, "State how much it counts."))
    total = math.fsum(fine.values())
    if len(fine) == len(known) and total <= 0:
        problems.append(Problem("weights", "all are 0.", "Let one criterion count."))
    return np.array([fine.get(name, 0.0) for name in known]) / (total or 1.0)


def _is_weight(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf


def _signs(given: Directions, known: Sequence[str], problems: list[Problem]) -> Floats:
    """Return 1 for each criterion of which more is better, -1 for the others."""
    every = dict.fromkeys(known, given) if isinstance(given, str) else given
    stated = _each(every, known, "directions", problems)
    signs = {n: DIRECTIONS[d] for n, d in stated.items() if _hashed(d) in DIRECTIONS}
    for name in stated.keys() - signs.keys():
        fact = f"'{stated[name]}' is neither 'higher' nor 'lower'."
        problems.append(Problem(f"directions, {name}", fact, "Say which is better."))
    return np.array([signs.get(name, 1.0) for name in known])


def _hashed(value: object) -> object:
    return value if isinstance(value, str | int | float) else None


def _each(
    given: Mapping[str, Any] | Sequence[Any],
    known: Sequence[str],
    what: str,
    problems: list[Problem],
) -> dict[str, Any]:
    """Return what is stated by name, in the order of the criteria; what is odd is a problem."""
    if isinstance(given, Mapping):
        for name in given.keys() - set(known):
            remedy = did_you_mean(str(name), known)
            problems.append(Problem(what, f"'{name}' is no criterion of the table.", remedy))
        for name in known:
            if name not in given:
                problems.append(Problem(what, f"nothing is stated for '{name}'.", "State it."))
        return {name: given[name] for name in known if name in given}
    if len(given) != len(known):
        fact = f"{len(given)} are stated, and the table has {len(known)} criteria."
        problems.append(Problem(what, fact, "State one for each, in the order of the columns."))
        return {}
    return dict(zip(known, given, strict=True))
