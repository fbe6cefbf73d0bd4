"""The program written a second time, for scipy, from the study's own numbers: mixed amounts.

Exhaustive search needs all-or-nothing requests; here amounts move between a minimum and the ask.
"""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from evaluator.allocation import allocate
from evaluator.model.study import Study
from tests.allocation.small import M, ask, limit, package, study, tool

RATES = {"bank.loan": 0.03, "bank.grant": 1.0, "bank.cover": 0.0}
HOSTS = ("AAA", "BBB", "CCC")
TICKET = {"bank.loan": 8 * M, "bank.grant": 0, "bank.cover": 5 * M}


def mixed(seed: int) -> tuple[Study, dict[str, float]]:
    """Return a study of eight packages under limits of the common forms, and scores."""
    draw = random.Random(seed)
    packages = []
    for number in range(8):
        requests = [ask("bank.loan", draw.randint(10, 120) * M, minimum_usd=draw.randint(0, 9) * M)]
        if draw.random() < 0.6:
            requests.append(ask("bank.grant", draw.randint(1, 9) * M))
        if draw.random() < 0.5:
            whole = draw.random() < 0.3
            requests.append(ask("bank.cover", draw.randint(5, 60) * M, all_or_nothing=whole))
        packages.append(
            package(
                f"P{number}",
                *requests,
                hosts={draw.choice(HOSTS): 1.0},
                facts={"cost_usd": draw.randint(40, 200) * M},
                exclusive_group="G" if draw.random() < 0.3 else None,
            )
        )
    tools = [
        tool("loan", draw.randint(80, 300) * M, RATES["bank.loan"], minimum_ticket=8 * M),
        tool("grant", draw.randint(5, 25) * M, RATES["bank.grant"]),
        tool("cover", draw.randint(20, 120) * M, minimum_ticket=5 * M),
    ]
    limits = [
        limit("subsidy", measure="subsidy", at_most=draw.randint(6, 25) * M),
        limit("country", per="country", at_most=draw.randint(60, 200) * M),
        limit("cost", per="package", at_most={"share": 0.6, "of": "cost_usd"}),
        limit("cover_share", "bank.cover", at_most={"share": 0.25, "of": {"tools": ("bank.*",)}}),
    ]
    support = draw.choice([0.0, 0.2, 0.5])
    case = study(packages, tools, limits, minimum_support=support, gap=1e-9, tie_tolerance=1e-9)
    return case, {p.id: round(draw.uniform(20, 95), 3) for p in case.packages}


def best_by_scipy(case: Study, scores: dict[str, float]) -> float:
    """Columns: amount and whether it is given, a request each; then whether a package is."""
    pairs = [(p, r) for p in case.packages for r in p.requests]
    names = [p.id for p in case.packages]
    count, every = len(pairs), 2 * len(pairs) + len(names)
    rows: list[np.ndarray] = []
    low: list[float] = []
    high: list[float] = []

    def row(entries: dict[int, float], least: float, most: float) -> None:
        line = np.zeros(every)
        for column, value in entries.items():
            line[column] += value
        rows.append(line)
        low.append(least)
        high.append(most)

    def under(most: float, weight: dict[int, float]) -> None:
        row(weight, -np.inf, most)

    cost = np.zeros(every)
    for k, (p, r) in enumerate(pairs):
        amount, asked = r.amount_usd / M, sum(one.amount_usd for one in p.requests) / M
        cost[k] = -scores[p.id] / asked
        least = max(TICKET[r.tool], r.minimum_usd, r.amount_usd if r.all_or_nothing else 0) / M
        y = 2 * count + names.index(p.id)
        under(0.0, {k: 1.0, count + k: -amount})
        row({k: 1.0, count + k: -least}, 0.0, np.inf)
        under(0.0, {count + k: 1.0, y: -1.0})
    for p in case.packages:
        mine = [k for k, (one, _) in enumerate(pairs) if one.id == p.id]
        asked = sum(one.amount_usd for one in p.requests) / M
        y = 2 * count + names.index(p.id)
        least = case.scenario.allocation.minimum_support * asked
        row({**dict.fromkeys(mine, 1.0), y: -least}, 0.0, np.inf)
        under(0.6 * p.attributes["cost_usd"].value / M, dict.fromkeys(mine, 1.0))  # type: ignore[union-attr,operator]
    group = [n for n, p in enumerate(case.packages) if p.exclusive_group]
    under(1.0, {2 * count + n: 1.0 for n in group})
    for name, one in case.tools.items():
        under(
            one.envelope.amount / M,
            {k: 1.0 for k, (_, r) in enumerate(pairs) if r.tool == name},
        )
    subsidy, country = case.limits["bank.subsidy"], case.limits["bank.country"]
    under(subsidy.at_most / M, {k: RATES[r.tool] for k, (_, r) in enumerate(pairs)})  # type: ignore[operator]
    for host in HOSTS:
        there = [k for k, (p, _) in enumerate(pairs) if p.targets[0].country == host]
        under(country.at_most / M, dict.fromkeys(there, 1.0))  # type: ignore[operator]
    under(0.0, {k: float(r.tool == "bank.cover") - 0.25 for k, (_, r) in enumerate(pairs)})
    most = [r.amount_usd / M for _, r in pairs]
    found = milp(
        cost,
        constraints=LinearConstraint(np.array(rows), low, high),
        bounds=Bounds(0, np.r_[most, np.ones(every - count)]),
        integrality=np.r_[np.zeros(count), np.ones(every - count)],
        options={"mip_rel_gap": 1e-9},
    )
    assert found.status == 0
    return float(-found.fun)


@pytest.mark.parametrize("seed", range(60))
def test_a_second_model_finds_nothing_better(seed: int) -> None:
    case, scores = mixed(seed)
    found = allocate(case, scores, list(scores))
    assert found.status == "optimal"
    assert found.certificate == ()
    assert found.objective > 0
    # whole dollars may cost a few millionths
    assert found.objective == pytest.approx(best_by_scipy(case, scores), rel=2e-6)
