"""Shares of draws by a simulation of our own, with other seeds, within five standard errors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.consistency.case import Case
from tests.consistency.checks.again import again
from tests.consistency.ledger import Ledger
from tests.consistency.scores import of_panel
from tests.consistency.totals import given

Floats = NDArray[np.float64]
_OWN = 300
_ERRORS = 5.0


def simulate(case: Case, held: Ledger) -> None:
    """Hold the shares of draws in which packages are designated, in some studies."""
    told = case.study.scenario.get("uncertainty") or {}
    if told.get("draws", 10_000) < 200 or len(case.right.passable) > 8 or not _plain(case, told):
        return
    rng = np.random.default_rng(len(case.right.passable) + 17)
    count = dict.fromkeys(case.right.passable, 0)
    for _ in range(_OWN):
        found = again(
            case,
            _values(case, rng, told),
            _weights(case, rng, told),
            _influence(case, rng, told),
            _evaluators(case, rng, told),
        )
        for package in found.designated:
            count[package] += 1
    for row in case.run.tables["acceptability"]:
        share, mine = float(row["designated_share"]), count[row["package"]] / _OWN
        both = (share * told.get("draws", 10_000) + mine * _OWN) / (
            told.get("draws", 10_000) + _OWN
        )
        spread = math.sqrt(
            max(both * (1 - both), 0.002) * (1 / _OWN + 1 / told.get("draws", 10_000))
        )
        held.holds(
            "share of draws by own simulation",
            "acceptability.csv",
            row["package"],
            abs(share - mine) <= _ERRORS * spread,
            share,
            mine,
        )


def _plain(case: Case, told: dict[str, Any]) -> bool:
    """Whether it is beyond dispute what is drawn."""
    sizes = [len(one.panel) for one in case.right.performances.values()]
    blank = [one.rows != len(one.panel) for one in case.right.performances.values() if one.panel]
    panels = told.get("ratings", "panel") == "stated" or (1 not in sizes and not any(blank))
    known = [
        told.get("weights", {}),
        told.get("influence", {}),
        *told.get("weights_of", {}).values(),
    ]
    return panels and all(
        one in ("stated", "uniform") or "relative_deviation" in one for one in known
    )


def _simplex(rng: np.random.Generator, stated: dict[str, float], known: Any) -> dict[str, float]:
    if known == "stated" or len(stated) == 1:
        return stated
    if known == "uniform":
        drawn = rng.dirichlet(np.ones(len(stated)))
        return dict(zip(stated, drawn.tolist(), strict=True))
    # an equal weight has the deviation stated: variance w (1 - w) / (c + 1) at w = 1/n
    some = {name: share for name, share in stated.items() if share > 0}
    if len(some) < 2:
        return stated
    c = (len(some) - 1) / known["relative_deviation"] ** 2 - 1
    drawn = rng.dirichlet(c * np.array(list(some.values())))
    return dict.fromkeys(stated, 0.0) | dict(zip(some, drawn.tolist(), strict=True))


def _influence(case: Case, rng: np.random.Generator, told: dict[str, Any]) -> dict[str, float]:
    return _simplex(rng, case.right.influence, told["influence"])


def _weights(
    case: Case, rng: np.random.Generator, told: dict[str, Any]
) -> dict[str, dict[str, float]]:
    found = {}
    for agency, weights in case.right.weights.items():
        own = {n: w for n, w in weights.items() if w > 0 or n.startswith(f"{agency}.")}
        known = told.get("weights_of", {}).get(agency, told["weights"])
        found[agency] = dict.fromkeys(weights, 0.0) | _simplex(rng, own, known)
    return found


def _evaluators(
    case: Case, rng: np.random.Generator, told: dict[str, Any]
) -> dict[tuple[str, str], list[str]]:
    """Return by package and agency evaluators drawn with replacement, where totals count."""
    if not case.right.over_totals or told.get("ratings", "panel") != "panel":
        return {}
    found = {}
    for package in case.right.passable:
        for agency in case.right.influence:
            if who := list(given(case.study, package, agency)):
                found[package, agency] = rng.choice(who, len(who)).tolist()
    return found


def _values(case: Case, rng: np.random.Generator, told: dict[str, Any]) -> Floats:
    values = case.right.matrix.copy()
    for i, package in enumerate(case.right.passable):
        for j, name in enumerate(case.study.criteria):
            one = case.right.performances[package, name]
            if not one.counts:
                continue
            if one.missing:
                if case.study.scenario.get("missing", "interval") == "interval":
                    values[i, j] = 100 * rng.random()
            elif one.panel:
                if told.get("ratings", "panel") == "panel" and not case.right.over_totals:
                    again = rng.choice(one.panel, len(one.panel)).tolist()
                    values[i, j] = of_panel(again, case.study.scenario)
            elif one.high > one.low:
                values[i, j] = rng.uniform(one.low, one.high)
    return values
