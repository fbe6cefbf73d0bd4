"""Kemeny consensus rankings of 36 packages and 5 agencies, and of 100, measured in one run.

A row gives the seconds of our proof, of the same program handed to HiGHS's MIP solver whole, and
their ratio; the seconds of `kemeny` with all that it tells (uniqueness, the first best ranking in
index order); and how many disagreements more than the optimum Borda and Copeland leave. Of 100 the
MIP solver is not asked; a row gives the processor seconds of `kemeny`, which has ten seconds of the
clock for the proof, and the gap that is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from evaluator.agreement import (
    borda,
    copeland,
    disagreements_by_agency,
    kemeny,
    majority_margins,
    pairwise_preferences,
)
from evaluator.agreement.linear_ordering import least_regret

Floats = NDArray[np.float64]

PACKAGES, AGENCIES = 36, 5
SEEDS = range(3)
MIP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Row:
    """One profile of rankings and what was measured on it."""

    profile: str
    largest_tier: int
    proof_seconds: float
    seconds: float
    proven: bool
    unique: bool | None
    mip_seconds: float
    same_optimum: bool
    borda_gap: float
    copeland_gap: float


def profiles() -> Iterator[tuple[str, Floats]]:
    """Related, unrelated, tied and near-cyclic rankings."""
    shifts = np.arange(AGENCIES)[:, None] * (PACKAGES // AGENCIES)
    circles = -((np.arange(PACKAGES) - shifts) % PACKAGES).astype(float)
    yield "circles", circles
    for seed in SEEDS:
        unrelated = np.random.default_rng(seed).random((AGENCIES, PACKAGES))
        yield f"unrelated {seed}", unrelated
        yield f"unrelated, ties {seed}", np.floor(8 * unrelated)
        yield f"related {seed}", unrelated + unrelated.mean(axis=0) * 3
        yield f"circles, blurred {seed}", circles + 12 * unrelated


def mallows(packages: int, agencies: int, dispersion: float, seed: int) -> Floats:
    """Return scores (agencies, packages) whose rankings are drawn around one order.

    By repeated insertion: a package is put so many places above its own with a chance in proportion
    to dispersion to that power (Mallows, Biometrika 44, 1957; Doignon et al., Psychometrika 69,
    2004).
    """
    rng = np.random.default_rng(seed)
    scores = np.empty((agencies, packages))
    for row in scores:
        order: list[int] = []
        for package in range(packages):
            chances = dispersion ** np.arange(package, -1, -1.0)
            order.insert(rng.choice(package + 1, p=chances / chances.sum()), package)
        row[order] = np.arange(packages, 0, -1)
    return scores


def large() -> None:
    """Print what is proven of 100 packages."""
    print(f"{'100 packages':<24}{'agencies':>9}{'s':>7}{'proven':>8}{'gap':>9}")
    for agencies in (5, 50):
        unrelated = np.random.default_rng(0).random((agencies, 100))
        for profile, scores in (
            ("Mallows 0.95", mallows(100, agencies, 0.95, 0)),
            ("unrelated", unrelated),
        ):
            start = process_time()
            found = kemeny(scores, time_limit=10.0)
            used = process_time() - start
            gap = 1 - found.lower_bound / found.disagreements
            print(f"{profile:<24}{agencies:>9}{used:>7.1f}{found.proven!s:>8}{gap:>9.2%}")


def whole_program(margins: Floats) -> tuple[float, float]:
    """(seconds, least regret) of the MIP with all transitivity constraints at once."""
    size = len(margins)
    first, second = np.triu_indices(size, 1)
    place = np.zeros((size, size), dtype=np.int64)
    place[first, second] = np.arange(len(first))
    triples = np.array(list(combinations(range(size), 3)))
    i, j, k = triples.T
    columns = np.stack([place[i, j], place[j, k], place[i, k]], axis=1).ravel()
    lines = np.repeat(np.arange(len(triples)), 3)
    signs = np.tile([1.0, 1.0, -1.0], len(triples))
    rows = csr_array((signs, (lines, columns)), shape=(len(triples), len(first)))
    cost = -margins[first, second]
    start = perf_counter()
    found = milp(
        cost,
        constraints=LinearConstraint(rows, 0, 1),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(cost), dtype=np.int64),
        options={"mip_rel_gap": 0.0, "time_limit": MIP_SECONDS},
    )
    return perf_counter() - start, found.fun - np.minimum(cost, 0.0).sum()


def measure(profile: str, scores: Floats) -> Row:
    start = perf_counter()
    found = kemeny(scores)
    seconds = perf_counter() - start
    preferences = pairwise_preferences(scores)
    margins = majority_margins(preferences)
    start = perf_counter()
    least_regret(margins)
    proof_seconds = perf_counter() - start
    mip_seconds, regret = whole_program(margins)
    optimum = np.triu(np.minimum(preferences, preferences.T)).sum() + regret

    def gap(ranks: NDArray[np.int64]) -> float:
        order = np.argsort(ranks, kind="stable")
        return float(disagreements_by_agency(scores, order).sum() - found.disagreements)

    return Row(
        profile,
        max(len(tier) for tier in found.tiers),
        proof_seconds,
        seconds,
        found.proven,
        found.unique,
        mip_seconds,
        bool(abs(found.disagreements - optimum) < 1e-6),
        gap(borda(scores).ranks),
        gap(copeland(scores).ranks),
    )


def main() -> None:
    """Print the table."""
    print(f"Kemeny consensus, {PACKAGES} packages, {AGENCIES} agencies")
    print(
        f"{'profile':<20}{'tier':>5}{'proof s':>9}{'MIP s':>8}{'ratio':>8}{'same':>6}"
        f"{'all s':>7}{'proven':>8}{'unique':>8}{'Borda':>8}{'Copeland':>10}"
    )
    slowest = 0.0
    for profile, scores in profiles():
        row = measure(profile, scores)
        slowest = max(slowest, row.seconds)
        print(
            f"{row.profile:<20}{row.largest_tier:>5}{row.proof_seconds:>9.2f}"
            f"{row.mip_seconds:>8.2f}{row.mip_seconds / row.proof_seconds:>7.1f}x"
            f"{row.same_optimum!s:>6}{row.seconds:>7.2f}{row.proven!s:>8}{row.unique!s:>8}"
            f"{row.borda_gap:>+8g}{row.copeland_gap:>+10g}"
        )
    print(f"slowest {slowest:.2f} s")
    large()


if __name__ == "__main__":
    main()
