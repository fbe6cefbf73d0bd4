"""Packages that arrive one by one: first come, bid prices and hindsight compared by simulation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from evaluator.allocation.model.limits.families import moves_by
from evaluator.allocation.model.program import Flags, Floats, Program, assemble, relaxed
from evaluator.allocation.model.reserve import whole_money
from evaluator.allocation.solve.rounding import complete
from evaluator.allocation.variations import (
    Case,
    Resolve,
    answered,
    prepare,
    resolver,
    silent,
)
from evaluator.errors import UsageError
from evaluator.model.base import Known
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.rolling_review.findings import (
    ArrivalsDrawn,
    JudgedAtTheEnd,
    OrdersWithoutGain,
    SharesOfHindsight,
)
from evaluator.questions.rolling_review.pricing import Places, owners, part, priced, shared_rows
from evaluator.results.findings import Findings

_CHUNK = 5
"""Orders that one thread simulates with the same loaded programs."""
_NOISE = 1e-6


@dataclass(frozen=True)
class Pool:
    """The packages that may arrive, the program that they share, and loaded solvers for it."""

    packages: tuple[str, ...]
    chance: float
    """That a package arrives at all."""
    program: Program
    owner: Places
    """Shape (n,): whose column it is; -1 for nobody's."""
    shared: Flags
    """Shape (m,): rows of more than one package."""
    rows: tuple[Places, ...]
    """By package: the rows that it is in."""
    parts: tuple[Program, ...]
    """By package: its columns in those rows."""
    solve: tuple[Resolve, ...]
    """By package: solves variations of its part."""
    solve_relaxed: Resolve


@dataclass(frozen=True)
class State:
    """What is known when a package arrives."""

    package: int
    time: float
    """Between 0 and 1, the whole of the review."""
    committed: Floats
    """Shape (n,): columns of those that arrived before; 0 for the rest."""
    seen: Flags
    """Shape (packages,): who has arrived, this package among them."""


Policy = Callable[[Pool, State], Floats]
"""Returns the columns of the arriving package, to be committed for good."""


@dataclass(frozen=True)
class Simulation:
    """How much of the hindsight optimum each policy reaches, over random orders of arrival."""

    policies: pd.DataFrame
    """By policy: mean, error (standard error of the mean), sd, min, 5 %, 50 %, 95 %, max of its
    share of the clairvoyant's objective."""
    orders: pd.DataFrame
    """By order: clairvoyant (objective points), and the share of each policy."""
    recorded: pd.Series | None
    """Share of each policy in the order of `arrived_on`; None where a date is not known."""
    chance: float
    seed: int
    rules: Findings


def first_come(pool: Pool, state: State) -> Floats:
    """Give the arriving package all that it can get."""
    return _best(pool, state, pool.program.cost)


def bid_price(pool: Pool, state: State) -> Floats:
    """Give the arriving package what gains more than its room is worth to those yet to come.

    The prices are duals of the relaxation in which the packages not seen yet ask for what they
    are expected to, solved anew at each arrival (Talluri & van Ryzin 1998).
    """
    program = pool.program
    left = pool.chance * (1 - state.time) / max(1e-12, 1 - pool.chance * state.time)
    expected = np.where(state.seen, 0.0, left)
    mine = pool.owner < 0
    share = np.where(mine, 1.0, expected[pool.owner])
    loose = replace(
        relaxed(program),
        lower=state.committed,
        upper=np.maximum(state.committed, program.upper * share),
    )
    point = pool.solve_relaxed(loose, None)
    if point.duals is None or not point.found:
        return first_come(pool, state)
    return _best(pool, state, priced(program, point.duals, pool.shared))


POLICIES: Mapping[str, Policy] = {"first come": first_come, "bid price": bid_price}


def _best(pool: Pool, state: State, cost: Floats) -> Floats:
    """Return the columns of the arriving package that cost least in the room that is left."""
    rows, own = pool.rows[state.package], pool.parts[state.package]
    columns = np.flatnonzero(pool.owner == state.package)
    used = pool.program.activity(state.committed)[rows]
    low, high = pool.program.row_lower[rows] - used, pool.program.row_upper[rows] - used
    changed = replace(
        own,
        cost=cost[columns],
        row_lower=np.where(np.abs(low) < _NOISE, 0.0, low),
        row_upper=np.where(np.abs(high) < _NOISE, 0.0, high),
    )
    point = pool.solve[state.package](changed, None)
    if not point.found:
        return np.zeros(len(columns))
    return np.where(own.integer, np.round(point.values), point.values)


def arrival(seed: int, order: int, packages: int, chance: float) -> tuple[Floats, Flags]:
    """Return when each package arrives, 0..1, and whether it does, by a stream of its own."""
    stream = np.random.default_rng([seed, order])
    times = stream.random(packages)
    return times, stream.random(packages) < chance


def simulate_policies(
    study: Study,
    scores: Mapping[str, float],
    designated: Collection[str],
    orders: int = 100,
    chance: float = 1.0,
    seed: int = 0,
    policies: Mapping[str, Policy] = POLICIES,
    workers: int = 2,
    progress: Progress = silent,
) -> Simulation:
    """Simulate policies that commit for good when a package arrives, against hindsight.

    Each designated package arrives with the same chance, at a time drawn uniformly; a policy knows
    the packages that may arrive, the chance and the time, not who comes when. The clairvoyant
    knows who came and allocates at the end. A reserve that the scenario keeps counts as money
    like any other. All keep the same limits: goals, musts and limits that
    ask for a least amount of several packages are left out, for they cannot be kept before the
    end, and where a bound is a share of a sum, the sum is that of the optimum over all packages.
    Amounts are not brought to whole dollars; none is shown. Each order has a random stream of its
    own, so that the result does not depend on `workers`, the number of threads.

    Raises ValueError for fewer than 1 order or a chance outside 0..1, UsageError where no
    designated package can be served.
    """
    if orders < 1 or not 0 < chance <= 1:
        raise ValueError(f"{orders} orders at a chance of {chance:g}: 1 or more, 0..1, are needed.")
    case = case_of_arrivals(study, scores, designated)
    packages = tuple(case.compiled.layout.by_package)

    def simulated(first: int) -> list[list[float]]:
        pool = _pool(case, packages, chance)
        hindsight = resolver(case, case.compiled.program)
        rows = range(first, min(first + _CHUNK, orders))
        drawn = (arrival(seed, order, len(packages), chance) for order in rows)
        return [_shares(pool, *one, policies.values(), hindsight) for one in drawn]

    found: list[list[float]] = []
    with ThreadPoolExecutor(workers) as threads:
        for done in threads.map(simulated, range(0, orders, _CHUNK)):
            found += done
            progress(f"order {len(found)} of {orders}")
    table = pd.DataFrame(found, columns=["clairvoyant", *policies])
    table.index.name = "order"
    recorded = _recorded(study, case, packages, policies)
    rules = _rules(len(packages), chance, int((table["clairvoyant"] <= 0).sum()), orders)
    return Simulation(summary(table[list(policies)]), table, recorded, chance, seed, rules)


def _rules(packages: int, chance: float, without: int, orders: int) -> Findings:
    return (
        *([OrdersWithoutGain(without, orders)] if without else []),
        ArrivalsDrawn(packages, chance),
        SharesOfHindsight(),
        JudgedAtTheEnd(),
    )


def case_of_arrivals(
    study: Study, scores: Mapping[str, float], designated: Collection[str]
) -> Case:
    """Return the case with limits that can be judged before the end."""
    case = prepare(whole_money(study), scores, designated)
    if not case.compiled.layout.pairs:
        raise UsageError("no request can be served: there is nothing to simulate.")
    program = _at_planned_sums(case)
    shared = shared_rows(program, owners(program, list(case.compiled.layout.by_package)))
    kinds = [row.kind for row in program.rows]
    least = np.isfinite(program.row_lower)
    goal = np.array([kind in ("goal", "sum") for kind in kinds], dtype=np.bool_)
    must = np.array([kind == "override" for kind in kinds], dtype=np.bool_) & least
    missed = np.array([column.kind == "missed" for column in program.columns], dtype=np.bool_)
    program = replace(
        program,
        cost=np.where(missed, 0.0, program.cost),
        upper=np.where(missed, 0.0, program.upper),
        row_lower=np.where(goal | must | (shared & least), -np.inf, program.row_lower),
        row_upper=np.where(goal, np.inf, program.row_upper),
    )
    return replace(case, compiled=replace(case.compiled, program=program))


def _at_planned_sums(case: Case) -> Program:
    """Return the program in which a share of a sum is one of that sum in the offline optimum."""
    compiled = case.compiled
    program, amounts = compiled.program, answered(case).amounts
    rows, moves = list(program.rows), moves_by(complete(program, compiled.layout, amounts))
    for place, number in compiled.row_of.items():
        limit = compiled.limits[place]
        if limit.sum is not None and limit.spec.kind != "goal":
            planned = limit.bound + moves(limit)
            rows[number] = rows[number]._replace(terms=limit.left, bound=planned)
    return assemble(
        program.columns,
        rows,
        cost=dict(enumerate(program.cost.tolist())),
        subsidy=dict(enumerate(program.subsidy.tolist())),
        upper=dict(enumerate(program.upper.tolist())),
        unit=program.unit,
    )


def _pool(case: Case, packages: tuple[str, ...], chance: float) -> Pool:
    program = case.compiled.program
    owner = owners(program, packages)
    columns = [np.flatnonzero(owner == number) for number in range(len(packages))]
    rows = [np.unique(program.owner[owner[program.index] == p]) for p in range(len(packages))]
    parts = [part(program, c, r) for c, r in zip(columns, rows, strict=True)]
    return Pool(
        packages,
        chance,
        program,
        owner,
        shared_rows(program, owner),
        tuple(row.astype(np.intp) for row in rows),
        tuple(parts),
        tuple(resolver(case, one) for one in parts),
        resolver(case, relaxed(program)),
    )


def _shares(
    pool: Pool,
    times: Floats,
    present: Flags,
    policies: Collection[Policy],
    hindsight: Resolve,
) -> list[float]:
    """Return the clairvoyant's objective and each policy's share of it."""
    program = pool.program
    absent = (pool.owner >= 0) & ~present[pool.owner]
    best = hindsight(replace(program, upper=np.where(absent, program.lower, program.upper)), None)
    most = -float(program.cost @ best.values) if best.found else 0.0
    arrivals = [p for p in np.argsort(times, kind="stable").tolist() if present[p]]
    reached = [_run(pool, policy, times, arrivals) for policy in policies]
    return [most, *(one / most if most > 0 else 1.0 for one in reached)]


def _run(pool: Pool, policy: Policy, times: Floats, arrivals: Sequence[int]) -> float:
    committed = np.zeros(len(pool.program.cost))
    seen = np.zeros(len(pool.packages), dtype=np.bool_)
    for package in arrivals:
        seen = seen | (np.arange(len(seen)) == package)
        given = policy(pool, State(package, float(times[package]), committed, seen))
        committed = committed.copy()
        committed[pool.owner == package] = given
    return -float(pool.program.cost @ committed)


def _recorded(
    study: Study, case: Case, packages: tuple[str, ...], policies: Mapping[str, Policy]
) -> pd.Series | None:
    days = [study.package_by_id[package].attribute("arrived_on") for package in packages]
    known = [str(day.value) for day in days if isinstance(day, Known)]
    if len(known) < len(packages):
        return None
    pool = _pool(case, packages, 1.0)
    order = np.array(sorted(range(len(packages)), key=lambda p: (known[p], packages[p])))
    times = np.empty(len(packages))
    times[order] = np.arange(len(packages)) / len(packages)
    present = np.ones(len(packages), dtype=np.bool_)
    hindsight = resolver(case, case.compiled.program)
    shares = _shares(pool, times, present, policies.values(), hindsight)
    return pd.Series(shares[1:], index=list(policies), name="recorded")


def summary(shares: pd.DataFrame) -> pd.DataFrame:
    """Return mean, error, sd, min, 5 %, 50 %, 95 % and max of each column, over orders."""
    values = shares.to_numpy()
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95], axis=0)
    sd = values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1])
    return pd.DataFrame(
        {
            "mean": values.mean(axis=0),
            "error": sd / np.sqrt(len(values)),
            "sd": sd,
            "min": values.min(axis=0),
            "5 %": low,
            "50 %": middle,
            "95 %": high,
            "max": values.max(axis=0),
        },
        index=pd.Index(list(shares.columns), name="policy"),
    )
