"""What committing early costs at several reserves, on random orders of arrival."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from evaluator.allocation.model.limits.limits import subsidy_budget
from evaluator.allocation.model.program import Flags, Floats
from evaluator.allocation.variations import Case, Resolve, resolver, silent
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.rolling_review.findings import CommittedOnce
from evaluator.questions.rolling_review.policies import arrival, case_of_arrivals, summary
from evaluator.questions.rolling_review.pricing import Places, owners
from evaluator.results.findings import Findings

SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
_CHUNK = 5
"""Orders that one thread tries with the same loaded program."""
_SLACK = 1e-7
"""Units by which a commitment may give way to a solver's tolerance."""


@dataclass(frozen=True)
class ReserveTrial:
    """How much of the hindsight optimum is reached if a part is committed, the rest later."""

    reserves: pd.DataFrame
    """By reserve: committed_usd (early, the mean over orders), and of its share of the
    clairvoyant's objective: mean, error (standard error of the mean), sd, min, 5 %, 50 %, 95 %,
    max. To keep everything is to wait for all: it reaches 1 and commits nothing early."""
    orders: pd.DataFrame
    """By order: the share of each reserve."""
    commit_at: float
    rules: Findings

    def least(self, target: float) -> float | None:
        """Return the smallest reserve tried whose mean share is at least so much, if any is."""
        means = zip(self.orders.columns, self.reserves["mean"].tolist(), strict=True)
        return next((float(reserve) for reserve, mean in means if mean >= target), None)


def try_reserves(
    study: Study,
    scores: Mapping[str, float],
    designated: Collection[str],
    shares: Sequence[float] = SHARES,
    commit_at: float = 0.5,
    orders: int = 100,
    chance: float = 1.0,
    seed: int = 0,
    workers: int = 2,
    progress: Progress = silent,
) -> ReserveTrial:
    """Commit once, less a reserve, to those who arrived; then all the rest with commitments kept.

    shares: reserves to be tried, 0..1, of every envelope and every appropriation for subsidy, as
    `keep_reserve` takes them. commit_at: when the first allocation is made, 0..1 of the review.
    Who arrives when is drawn as in `simulate_policies`, whose limits are kept too; so are the
    orders, seed for seed.

    Raises ValueError for fewer than 1 order, a chance outside 0..1, a time or a reserve not within
    0..1, UsageError where no designated package can be served.
    """
    if orders < 1 or not 0 < chance <= 1:
        raise ValueError(f"{orders} orders at a chance of {chance:g}: 1 or more, 0..1, are needed.")
    tried = sorted({0.0, *shares})
    odd = [one for one in (commit_at, *tried) if not 0 <= one <= 1]
    if odd:
        raise ValueError(f"{odd[0]:g} is neither a time nor a reserve of 0..1.")
    case = case_of_arrivals(study, scores, designated)
    packages = tuple(case.compiled.layout.by_package)
    owner, money = owners(case.compiled.program, packages), _money_rows(case)

    def some(first: int) -> list[list[tuple[float, float]]]:
        solve = resolver(case, case.compiled.program)
        found = []
        for order in range(first, min(first + _CHUNK, orders)):
            times, present = arrival(seed, order, len(packages), chance)
            early = present & (times <= commit_at)
            found.append(list(_reached(case, solve, owner, money, early, present, tried)))
        return found

    rows: list[list[tuple[float, float]]] = []
    with ThreadPoolExecutor(workers) as threads:
        for done in threads.map(some, range(0, orders, _CHUNK)):
            rows += done
            progress(f"reserves, order {len(rows)} of {orders}")
    found = np.array(rows)
    table = pd.DataFrame(found[:, :, 0], columns=pd.Index(tried, name="reserve"))
    table.index.name = "order"
    reserves = summary(table).rename_axis("reserve")
    reserves.insert(0, "committed_usd", found[:, :, 1].mean(axis=0).round().astype(np.int64))
    return ReserveTrial(reserves, table, commit_at, (CommittedOnce(commit_at),))


def _money_rows(case: Case) -> Places:
    """Return the rows that a reserve cuts: envelopes, and subsidy over the whole program."""
    compiled = case.compiled
    envelopes = {f"{tool}.envelope" for tool in case.study.tools}
    rows = []
    for place, row in compiled.row_of.items():
        limit = compiled.limits[place]
        if limit.limit in envelopes or subsidy_budget(limit.spec) is not None:
            rows.append(row)
    return np.array(rows, dtype=np.intp)


def _reached(
    case: Case,
    solve: Resolve,
    owner: Places,
    money: Places,
    early: Flags,
    present: Flags,
    shares: Sequence[float],
) -> Iterator[tuple[float, float]]:
    """Yield by reserve the share of what one who knew would reach, and the USD committed early."""
    program, layout = case.compiled.program, case.compiled.layout

    def upper(there: Flags) -> Floats:
        return np.where((owner >= 0) & ~there[owner], program.lower, program.upper)

    late = replace(program, upper=upper(present))
    best = solve(late, None)
    most = -float(program.cost @ best.values) if best.found else 0.0
    for share in shares:
        row_upper = program.row_upper.copy()
        row_upper[money] *= 1 - share
        first = solve(replace(program, upper=upper(early), row_upper=row_upper), None)
        committed = first.values - _SLACK if first.found else program.lower
        whole = np.where(program.integer, np.round(committed), committed)
        # a sum is what its amounts come to
        free = np.isneginf(program.lower)
        lower = np.where(free, program.lower, np.clip(whole, program.lower, late.upper))
        last = solve(replace(late, lower=lower), None)
        reached = -float(program.cost @ last.values) if last.found else 0.0
        given = lower[: len(layout.pairs)].sum() * layout.unit
        yield (reached / most if most > 0 else 1.0), float(given)
