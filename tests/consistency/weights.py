"""Weights from what agencies stated: points, swing, rank, AHP, best-worst, and trees of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, linprog

from tests.consistency.study import Study

Shares = dict[str, float]
SAATY = (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
ALONSO_LAMATA = (0, 0, 0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854)


def weights(study: Study) -> dict[str, Shares]:
    """Return each agency's weight of each criterion, by full id; what it does not weigh is 0."""
    return {
        agency: {name: shares.get(name, 0.0) for name in study.criteria}
        for agency, shares in stated(study).items()
    }


def stated(study: Study) -> dict[str, Shares]:
    """Return each agency's weight of each criterion that it weighs, those of others among them."""
    return {
        agency: {
            name if "." in name else f"{agency}.{name}": share
            for name, share in _tree(data["weights"]).items()
        }
        for agency, data in study.agencies.items()
    }


def _tree(statement: dict[str, Any]) -> Shares:
    local = judged(statement)
    groups = statement.get("groups") or {}
    found: Shares = {}
    for name, share in local.items():
        members = _tree(groups[name]) if name in groups else {name: 1.0}
        found |= {member: share * part for member, part in members.items()}
    return found


def judged(statement: dict[str, Any]) -> Shares:
    """Return the weights of one statement, groups as they stand."""
    method = statement["method"]
    if "respondents" in statement:
        return of_group(statement)[0]
    if method == "ahp":
        return eigenvector(statement)[0]
    if method == "best_worst":
        return best_worst(statement)
    numbers = statement["judgements"]
    if method == "rank":
        return _ranked(numbers, statement.get("kind", "centroid"))
    total = math.fsum(numbers.values())
    return {name: number / total for name, number in numbers.items()}


def _ranked(places: dict[str, float], kind: str) -> Shares:
    m = len(places)
    of_place = {
        "centroid": lambda k: math.fsum(1 / j for j in range(k, m + 1)) / m,
        "sum": lambda k: 2 * (m + 1 - k) / (m * (m + 1)),
        "reciprocal": lambda k: (1 / k) / math.fsum(1 / j for j in range(1, m + 1)),
    }[kind]
    found = {}
    for name, place in places.items():
        tied = sum(other == place for other in places.values())
        before = sum(other < place for other in places.values())
        found[name] = math.fsum(of_place(before + 1 + j) for j in range(tied)) / tied
    return found


def eigenvector(statement: dict[str, Any]) -> tuple[Shares, float]:
    """Return AHP weights by the power method, and the consistency ratio."""
    pairs = statement["pairwise"]
    names = list(dict.fromkeys([*pairs, *(other for row in pairs.values() for other in row)]))
    size = len(names)
    matrix = np.ones((size, size))
    for one, row in pairs.items():
        for other, times in row.items():
            i, j = names.index(one), names.index(other)
            matrix[i, j], matrix[j, i] = times, 1 / times
    vector: NDArray[np.float64] = np.ones(size) / size
    for _ in range(5000):
        vector = matrix @ vector
        vector /= vector.sum()
    eigenvalue = float((matrix @ vector).sum())
    table = ALONSO_LAMATA if statement.get("random_index") == "alonso-lamata" else SAATY
    ratio = max(0.0, (eigenvalue - size) / (size - 1)) / table[size - 1] if size > 2 else 0.0
    return dict(zip(names, vector.tolist(), strict=True)), ratio


def of_group(statement: dict[str, Any]) -> tuple[Shares, float, list[str]]:
    """Return a group's weights, their inconsistency, and who is left out."""
    method, limit = statement["method"], statement.get("leave_out_above", math.inf)
    shared = {k: statement[k] for k in ("random_index", "model") if k in statement}
    every = {one["respondent"]: {**shared, **one} for one in statement["respondents"]}
    ratios = {name: ratio_of(method, one) for name, one in every.items()}
    kept = [one for name, one in every.items() if ratios[name] <= limit]
    out = [name for name in every if ratios[name] > limit]
    find = _eigen if method == "ahp" else best_worst
    usual = "judgements" if method == "ahp" else "priorities"
    if statement.get("aggregate", usual) == "judgements":
        as_one = {**shared, **_geometric(method, kept)}
        return find(as_one), ratio_of(method, as_one), out
    voices = [find(one) for one in kept]
    names = list(voices[0])
    if statement.get("mean", "geometric") == "geometric":
        raw = {n: math.prod(v[n] for v in voices) ** (1 / len(voices)) for n in names}
    else:
        raw = {n: math.fsum(v[n] for v in voices) for n in names}
    total = math.fsum(raw.values())
    return {n: x / total for n, x in raw.items()}, max(ratio_of(method, one) for one in kept), out


def _eigen(statement: dict[str, Any]) -> Shares:
    return eigenvector(statement)[0]


def ratio_of(method: str, one: dict[str, Any]) -> float:
    """Return how inconsistent one respondent is."""
    if method == "ahp":
        return eigenvector(one)[1]
    over, under = one["best_to_others"], one["others_to_worst"]
    span = max(over.values())
    return max(abs(over[n] * under[n] - span) / (span * span - span) for n in over)


def _geometric(method: str, each: list[dict[str, Any]]) -> dict[str, Any]:
    def mean(numbers: list[float]) -> float:
        return math.prod(numbers) ** (1 / len(numbers))

    if method == "ahp":
        pairs = each[0]["pairwise"]
        return {
            "pairwise": {
                a: {b: mean([one["pairwise"][a][b] for one in each]) for b in row}
                for a, row in pairs.items()
            }
        }
    return {
        side: {n: mean([one[side][n] for one in each]) for n in each[0][side]}
        for side in ("best_to_others", "others_to_worst")
    }


def best_worst(statement: dict[str, Any]) -> Shares:
    """Return best-worst weights: the linear model, or the nonlinear one by its definition."""
    over, under = statement["best_to_others"], statement["others_to_worst"]
    names = list(over)
    best = next(name for name in names if over[name] == 1)
    worst = next(name for name in names if under[name] == 1)
    if statement.get("model", "linear") == "linear":
        return _linear(names, over, under, best, worst)
    return _nonlinear(names, over, under, best, worst)


def _linear(names: list[str], over: Any, under: Any, best: str, worst: str) -> Shares:
    """Minimise the largest |w_B - a_Bj w_j|, |w_j - a_jW w_W|."""
    size = len(names)
    rows = []
    for j, name in enumerate(names):
        for one, other, times in ((best, j, over[name]), (j, worst, under[name])):
            gap = np.zeros(size + 1)
            gap[one if isinstance(one, int) else names.index(one)] += 1
            gap[other if isinstance(other, int) else names.index(other)] -= times
            for sign in (1, -1):
                row = sign * gap
                row[-1] = -1
                rows.append(row)
    cost = np.zeros(size + 1)
    cost[-1] = 1
    whole = np.append(np.ones(size), 0.0)[np.newaxis, :]
    found = linprog(cost, A_ub=np.array(rows), b_ub=np.zeros(len(rows)), A_eq=whole, b_eq=[1])
    return dict(zip(names, found.x[:size].tolist(), strict=True))


def _nonlinear(names: list[str], over: Any, under: Any, best: str, worst: str) -> Shares:
    """Minimise the largest |w_B / w_j - a_Bj|, |w_j / w_W - a_jW|.

    Of its optima the one in which each criterion's own largest deviation is least: at the ratio r
    of best to worst, w_j / w_W = x where r / x - a_Bj and x - a_jW are as far from 0.
    """
    span = over[worst]
    inner = [name for name in names if name not in (best, worst)]

    def reach(xi: float) -> tuple[float, float]:
        highs = [(over[n] + xi) * (under[n] + xi) for n in inner]
        lows = [max(0.0, over[n] - xi) * max(0.0, under[n] - xi) for n in inner]
        return max([span - xi, *lows]), min([span + xi, *highs])

    def gap(xi: float) -> float:
        low, high = reach(xi)
        return low - high

    xi = 0.0 if gap(0.0) <= 0 else float(brentq(gap, 0.0, 20.0, xtol=1e-14, rtol=8.9e-16))
    ratio = reach(xi)[1]
    importance = {best: ratio, worst: 1.0}
    for name in inner:
        difference = under[name] - over[name]
        importance[name] = (difference + math.sqrt(difference**2 + 4 * ratio)) / 2
    total = math.fsum(importance.values())
    return {name: importance[name] / total for name in names}
