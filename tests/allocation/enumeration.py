"""All allocations of small studies in which every request is all or nothing, one by one."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evaluator.model.study import Study
from tests.allocation.small import M, ask, limit, package, study, tool

Floats = NDArray[np.float64]
RATE = {"bank.loan": 0.02, "bank.grant": 1.0}


@dataclass(frozen=True)
class Lumps:
    """A study, its scores, and every allocation that keeps its limits."""

    case: Study
    scores: dict[str, float]
    requests: tuple[tuple[str, str, int], ...]
    """Package, tool, USD."""
    chosen: NDArray[np.bool_]
    """Allocations x requests."""

    @property
    def given(self) -> Floats:
        """USD, allocations x requests."""
        return self.chosen * np.array([usd for _, _, usd in self.requests], dtype=np.float64)

    @property
    def subsidy(self) -> Floats:
        """USD, by allocation."""
        return self.given @ np.array([RATE[tool] for _, tool, _ in self.requests])

    def objective(self, scores: dict[str, float] | None = None) -> Floats:
        """Score times the share of all that is asked that is given, summed, by allocation."""
        known = scores or self.scores
        asked = {p.id: sum(r.amount_usd for r in p.requests) for p in self.case.packages}
        return self.given @ np.array([known[p] / asked[p] for p, _, _ in self.requests])

    def supported(self, row: int) -> tuple[str, ...]:
        """Packages with any support in one allocation."""
        on = self.chosen[row]
        return tuple(sorted({p for (p, _, _), yes in zip(self.requests, on, strict=True) if yes}))

    def largest_bloc(self) -> Floats:
        """The greatest share of one bloc in all dollars given, by allocation; 0 for nothing."""
        bloc = {p.id: _bloc(self.case, p.id) for p in self.case.packages}
        names = sorted(set(bloc.values()))
        sums = np.stack(
            [self.given @ np.array([bloc[p] == n for p, _, _ in self.requests]) for n in names]
        )
        total = sums.sum(axis=0)
        return np.divide(sums.max(axis=0), total, out=np.zeros_like(total), where=total > 0)


def lumps(seed: int, *, size: int = 6, envelope: float = 0.5, **settings: object) -> Lumps:
    """Return a random study of two tools, its envelopes a share of what is asked."""
    draw = random.Random(seed)
    packages = []
    for number in range(size):
        requests = [ask("bank.loan", draw.randint(10, 90) * M, all_or_nothing=True)]
        if draw.random() < 0.6:
            requests.append(ask("bank.grant", draw.randint(1, 9) * M, all_or_nothing=True))
        host = {draw.choice(["AAA", "CCC"]): 1.0}
        group = "G" if draw.random() < 0.3 else None
        packages.append(package(f"P{number}", *requests, hosts=host, exclusive_group=group))
    asked = {
        name: sum(r.amount_usd for p in packages for r in p.requests if r.tool == name)
        for name in RATE
    }
    tools = [
        tool("loan", int(asked["bank.loan"] * envelope), RATE["bank.loan"]),
        tool("grant", int(asked["bank.grant"] * envelope), RATE["bank.grant"]),
    ]
    subsidy = int(0.55 * sum(RATE[name] * usd for name, usd in asked.items()))
    limits = [limit("subsidy", measure="subsidy", at_most=subsidy)]
    case = study(packages, tools, limits, gap=1e-9, tie_tolerance=1e-9, **settings)
    scores = {p.id: round(draw.uniform(20, 95), 3) for p in case.packages}
    return every(case, scores)


def every(case: Study, scores: dict[str, float]) -> Lumps:
    """Return a study with every allocation within envelopes, subsidy budgets and groups.

    Written for these studies alone: limits are upper ones on subsidy or on dollars, of all tools.
    """
    requests = tuple((p.id, r.tool, r.amount_usd) for p in case.packages for r in p.requests)
    bits = np.arange(2 ** len(requests))[:, None] >> np.arange(len(requests))
    found = Lumps(case, scores, requests, (bits & 1).astype(np.bool_))
    fits = np.ones(len(bits), dtype=np.bool_)
    for name, one in case.tools.items():
        of = np.array([tool == name for _, tool, _ in requests])
        fits &= found.given @ of <= one.envelope.amount
    for bound in case.limits.values():
        used = found.subsidy if bound.measure == "subsidy" else found.given.sum(axis=1)
        fits &= used <= bound.at_most + 1e-3
    groups: dict[str, list[str]] = {}
    for p in case.packages:
        groups.setdefault(p.exclusive_group or p.id, []).append(p.id)
    for members in groups.values():
        on = [found.chosen[:, [p == m for p, _, _ in requests]].any(axis=1) for m in members]
        fits &= np.sum(on, axis=0) <= 1
    return replace(found, chosen=found.chosen[fits])


def pareto(objective: Floats, cost: Floats) -> list[tuple[float, float]]:
    """Return the pairs that no other pair equals or betters on both counts, best first."""
    pairs = sorted(zip(objective, cost, strict=True), key=lambda pair: (pair[1], -pair[0]))
    kept: list[tuple[float, float]] = []
    for value, price in pairs:
        if not kept or value > kept[-1][0] + 1e-9:
            kept.append((float(value), float(price)))
    return kept[::-1]


def _bloc(case: Study, name: str) -> str:
    target = case.package_by_id[name].targets[0]
    return case.country_by_id[target.country].bloc
