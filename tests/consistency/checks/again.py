"""A study decided again with one share or one value changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.consistency import totals
from tests.consistency.case import Case
from tests.consistency.methods import aggregate
from tests.consistency.standing import levels, verdicts

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Decided:
    """Who is in under other numbers, who leads, and the scores of the method that ranks."""

    designated: frozenset[str]
    leaders: frozenset[str]
    method_score: Mapping[str, float]
    close: bool
    """Whether rounding decides what is tied: two scores are a tie apart, or nearly so."""


def again(
    case: Case,
    values: Floats | None = None,
    weights: Mapping[str, Mapping[str, float]] | None = None,
    influence: Mapping[str, float] | None = None,
    chosen: Mapping[tuple[str, str], Sequence[str]] | None = None,
) -> Decided:
    """Decide with other values (passable packages x criteria), weights or influence.

    chosen: by package and agency the evaluators of a draw, where their totals count.
    """
    right = case.right
    matrix = right.matrix if values is None else values
    of, counts = weights or right.weights, influence or right.influence
    names = list(case.study.criteria)
    table = np.array([[of[a][n] for n in names] for a in counts])
    shares = np.array(list(counts.values()))
    if right.over_totals:
        scores, whole = _totals(case, matrix, of, counts, chosen or {})
    else:
        scores = _means(matrix, table) if right.partly else matrix @ table.T
        whole = _means(matrix, shares @ table) if right.partly else scores @ shares
    overall = dict(zip(right.passable, whole.tolist(), strict=True))
    by_agency = {
        p: dict(zip(counts, row, strict=True))
        for p, row in zip(right.passable, scores.tolist(), strict=True)
    }
    method = case.study.scenario["method"]
    itself = right.partly or right.over_totals
    found = whole if itself else aggregate(method, matrix, shares @ table)
    order = dict(zip(right.passable, found.tolist(), strict=True))
    # packages that failed are out whatever their scores
    gone = set(case.study.packages) - set(right.passable)
    verdict = verdicts(
        right,
        order | dict.fromkeys(gone, 0.0),
        overall | dict.fromkeys(gone, 0.0),
        by_agency | {p: dict.fromkeys(counts, 0.0) for p in gone},
        _tie_values(case, matrix, gone),
    )
    inside = frozenset(p for p, why in verdict.items() if why in ("in", "included"))
    of_level = levels(order, right.span)
    leaders = frozenset(p for p, level in of_level.items() if level == 0)
    gaps = np.diff(np.sort(found)) / right.span
    close = bool(((gaps > 1e-11) & (gaps < 1e-9)).any())
    return Decided(inside, leaders, order, close)


def _totals(
    case: Case,
    matrix: Floats,
    weights: Mapping[str, Mapping[str, float]],
    influence: Mapping[str, float],
    chosen: Mapping[tuple[str, str], Sequence[str]],
) -> tuple[Floats, Floats]:
    names = list(case.study.criteria)
    scores, whole = [], []
    for package, values in zip(case.right.passable, matrix.tolist(), strict=True):
        row = dict(zip(names, values, strict=True))
        found = {
            a: totals.of_agency(case.study, package, a, row, weights[a], chosen.get((package, a)))
            for a in influence
        }
        scores.append([score for score, _ in found.values()])
        whole.append(totals.overall(found, influence))
    return np.array(scores), np.array(whole)


def _tie_values(case: Case, matrix: Floats, gone: set[str]) -> dict[str, float] | None:
    by = case.right.rule.get("tie_break")
    if by is None:
        return None
    column = matrix[:, list(case.study.criteria).index(str(by))].tolist()
    return dict(zip(case.right.passable, column, strict=True)) | dict.fromkeys(gone, 0.0)


def _means(matrix: Floats, weights: Floats) -> Floats:
    """Return weighted means over what counts: (n,) or (n, k) by weights (m,) or (k, m)."""
    counts = ~np.isnan(matrix)
    total = counts @ weights.T
    some = np.where(total > 0, total, 1.0)
    found: Floats = np.where(counts, matrix, 0.0) @ weights.T / some
    return found


def moved(case: Case, row: Mapping[str, str], share: float) -> Decided | None:
    """Decide with one influence or weight moved, the others in proportion; None if none is left."""
    right = case.right
    if row["kind"] == "influence":
        shares = _proportional(right.influence, row["agency"], share)
        return None if shares is None else again(case, influence=shares)
    if row["kind"] != "weight":
        return None
    shares = _proportional(right.weights[row["agency"]], row["criterion"], share)
    if shares is None:
        return None
    return again(case, weights={**right.weights, row["agency"]: shares})


def _proportional(shares: Mapping[str, float], name: str, share: float) -> dict[str, float] | None:
    rest = sum(part for one, part in shares.items() if one != name)
    if rest <= 1e-12:
        return None
    return {
        one: share if one == name else part * (1 - share) / rest for one, part in shares.items()
    }


def valued(case: Case, package: str, criterion: str, value: float) -> Decided:
    """Decide with one value of one package changed."""
    values = case.right.matrix.copy()
    column = list(case.study.criteria).index(criterion)
    values[case.right.passable.index(package), column] = value
    return again(case, values=values)
