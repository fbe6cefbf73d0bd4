"""What an evaluation finds: frozen containers of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from evaluator.model.frozen import FrozenDict
from evaluator.model.study import Study
from evaluator.results.findings import Finding, Findings
from evaluator.results.schema import family

Status = Literal["optimal", "feasible", "infeasible", "nothing", "no_solution"]
"""optimal: proven within the gap. feasible: found, and not proven best.
infeasible: no allocation keeps every limit and override. nothing: no request to serve.
no_solution: stopped before any allocation was found."""

STANDING: tuple[Status, ...] = ("optimal", "feasible", "nothing")
"""Where there is an allocation, be it of nothing."""


class Result:
    """A result: its mappings cannot be changed in place."""

    def __post_init__(self) -> None:
        """Freeze the mappings."""
        for name, value in vars(self).items():
            if isinstance(value, dict):
                object.__setattr__(self, name, FrozenDict(value))


@dataclass(frozen=True)
class Ease:
    """A limit, rule or override to leave out, or to move by so many dollars."""

    what: Finding
    by: int | None = None
    """Whole dollars; None: leave it out."""


@dataclass(frozen=True)
class Conflict:
    """Limits, rules and overrides that cannot hold together; leaving out any one resolves it."""

    members: Findings
    """Empty: they cannot hold all together, but no few of them alone are the cause."""
    unserved: bool = False
    """Whether the one member is a must of a package of which no request can be served."""
    refused: tuple[tuple[str, Findings], ...] = ()
    """By tool, why no such request of it can be served; empty: it makes none."""
    eases: tuple[Ease, ...] = ()
    """Members that are sums of money, and the least change of each that would be enough alone."""
    relaxation: tuple[Ease, ...] = ()
    """What of the members to change, and by how much, so that an allocation exists: the least sum
    of dollars, all conflicts resolved together; empty if it was not found in time."""


@dataclass(frozen=True)
class Allocation(Result):
    """The referral envelope: who is proposed for how much of which tool, and why."""

    amounts: pd.DataFrame
    """Whole dollars, int64; packages x tools; all packages and tools of the study."""
    table: pd.DataFrame
    """One row a request: package, tool, requested, eligible, allocated (missing where there is no
    allocation), reason (findings: what capped it, the weightiest first)."""
    limits: pd.DataFrame
    """One row a limit and group: limit, label, kind, measure, sense, group, bound, used, slack,
    binding (whether it leaves no room, or too little for a request that is not met; used, slack
    and missed are missing where there is no allocation), shadow_price
    (points that a further dollar of the bound gains), price_low, price_high, cut_price, together
    (findings), missed, citation, confidence, note (findings)."""
    supported: tuple[str, ...]
    """Packages with any support."""
    status: Status
    termination: str
    """The solver's own word for how it ended; empty where none was asked."""
    objective: float
    """Of the whole-dollar amounts."""
    bound: float
    """No allocation can be better than this."""
    gap: float
    """(bound - objective) / max(1, points gained before the cost of missed goals)."""
    subsidy_usd: int
    """Credit-reform cost of the amounts, rounded up to whole dollars."""
    certificate: Findings
    """Limits found broken by the independent check; empty when the certificate holds."""
    conflicts: tuple[Conflict, ...]
    solver: Mapping[str, Any]
    """Name, version, path taken, size of the program, tolerances."""
    log: str
    notes: Findings = ()
    cut_by_time: tuple[str, ...] = ()
    """What the time limit cut: search, ties, amounts, prices, conflicts. Without an entry the same
    study gives the same bytes."""

    @property
    def exists(self) -> bool:
        """Whether there is an allocation, be it of nothing."""
        return self.status in STANDING


@dataclass(frozen=True)
class Provenance(Result):
    """Where the numbers come from and how far they can be trusted."""

    fingerprint: str
    sources: pd.DataFrame
    """One row a number or rule that the result rests on: kind, id, label, value, citation,
    confidence, bill, checked_on, note."""
    confidence: Mapping[str, int]
    """Rows of `sources` by confidence; those that a bill would make so apart, as `if enacted`."""
    versions: Mapping[str, str]
    notes: Findings
    """Doubtful weights, lapsed authorities, limits with unknown conditions, missing facts, clamped
    values."""


@dataclass(frozen=True)
class Uncertainty(Result):
    """How sure the ranking is: shares of draws from the stated distributions.

    Not a probability of success. Packages that failed a requirement are not in it.
    """

    draws: int
    seed: int
    distributions: Findings
    """What was drawn, and from which distribution."""
    rules: Findings
    """The method, how ties are shared, and how tiers are formed, or that there are none."""
    clear: float | None
    """Share of draws in which a package must be designated to be clear; None in a study without a
    cut, which has no tiers."""
    notes: Findings
    """What was drawn for panels of one, and for ratings not given."""
    packages: pd.DataFrame
    """By package, best first: tier, designated_share, designated_error, tied_share, first_share,
    first_error, expected_rank, rank_low, rank_high (5 and 95 % of draws), confidence (missing where
    never first)."""
    rank_acceptability: pd.DataFrame
    """One row a package and rank that it ever holds, or band of ranks: package, rank_from, rank_to,
    share of draws."""
    pairwise_winning: pd.DataFrame
    """One row a pair whose order the draws question: package, other, ahead (share of draws)."""
    central_weights: pd.DataFrame
    """Packages that are ever first x criteria."""
    stability: pd.DataFrame
    """One row a share that moves, the others in proportion: kind, agency, criterion, present, and
    for leader, order and designated: low, high, what changes below and above."""
    improvements: pd.DataFrame
    """By package outside the designated set: outcome, target, criterion, value, needed, points."""
    variance: pd.DataFrame
    """By package: standard deviation of the overall score, and first-order and total shares of
    influence, weights and values."""
    tornado: pd.DataFrame
    """The best packages' widest bars: package, kind, agency, criterion, low, high (the ends of 5
    to 95 % of the draws), score_at_low, score_at_high, swing."""
    methods: pd.DataFrame
    """By package: its rank under each method, over the packages that no gate failed."""
    reversals: pd.DataFrame
    """By method and test (remove, copy, worse): variant, checks, reversals of the others' order,
    changes of their leader, refusals. Empty unless the scenario's extent is full, and above 60
    packages."""


@dataclass(frozen=True)
class Agreement(Result):
    """Whose rankings agree, who objects to what, and what drives the disagreement.

    Packages that failed a requirement are not in it.
    """

    packages: pd.DataFrame
    """By package, best first: one rank an agency (`rank.<agency>`), consensus ranks (borda,
    copeland, kemeny), lowest, highest, spread (points), rank_spread, below_floor and below_median
    (agencies), decisive (the one agency that decides whether it is in), dominated_by."""
    pairs: pd.DataFrame
    """One row a pair of agencies: tau_b, spearman (missing where one ranks all alike), disagreeing
    pairs of packages, proportional weights, the three criteria that drive them apart, and
    the packages on whose ranks they are furthest apart."""
    drivers: pd.DataFrame
    """One row a pair of agencies and criterion with a part: share of the disagreement, points."""
    views: pd.DataFrame
    """One row an agency and package: its rank, the others' rank, whether it is in by this agency
    alone, and the criterion that makes the difference."""
    facts: Mapping[str, object]
    """kendall_w, its p value, and of Kemeny: disagreements, of_pairs, lower_bound, proven,
    unique."""
    notes: Findings
    rules: Findings
    """The variant of each coefficient and rule."""


@dataclass(frozen=True)
class ExtendedTable:
    """One table of a full run, and how it was found or what was left out."""

    rules: Findings
    table: pd.DataFrame


@dataclass(frozen=True)
class Extended(Result):
    """What a full run adds."""

    tables: Mapping[str, ExtendedTable]
    """By the stem of the file."""
    failed: Findings = ()
    """Questions without an answer."""


@dataclass(frozen=True, eq=False)
class Scored:
    """A study whose packages are gated, scored, ranked and designated; equal to itself alone."""

    study: Study
    gates: pd.DataFrame
    """One row a package and requirement: package, requirement, label, outcome, reason, citation."""
    values: pd.DataFrame
    """0..100; packages x criteria; a missing performance stands as 0, and one that does not count
    as NaN (see `performances`)."""
    performances: pd.DataFrame
    """One row a package and criterion: package, criterion, agency, kind, raw, unit, state, origin,
    value, value_low, value_high, panel, rated, blank, recused, clamped, floor, red_flag, note."""
    weights: pd.DataFrame
    """Agencies x criteria; rows sum to 1."""
    influence: pd.Series
    """By agency; sums to 1."""
    ranking: pd.DataFrame
    """Indexed by package id, best first, failed packages last: rank, overall, one column an
    agency (`score.<agency>`), lowest_agency, spread, outcome, designated, contested, red_flags,
    reason."""
    elicitation: pd.DataFrame
    """One row a statement of weights: agency, group, method, variant, inconsistency, warnings."""

    @property
    def scores(self) -> dict[str, float]:
        """Overall score by package, as the functions of the allocation take it."""
        return scores_of(self.ranking)

    @property
    def agency_scores(self) -> pd.DataFrame:
        """What each agency scores: packages in the order of the ranking x agencies."""
        return family(self.ranking, "score")

    @property
    def contributions(self) -> pd.DataFrame:
        """What each criterion adds to the overall score: packages x criteria.

        Its share x value, 0 of what does not count; NaN where it is not known, of what evaluators'
        totals come to, which is no sum over criteria.
        """
        if self.study.scenario.panel_rule.over == "totals":
            return self.values * np.nan
        return self.criterion_shares * self.values.fillna(0.0)

    @property
    def criterion_shares(self) -> pd.DataFrame:
        """How much each criterion counts in the overall score: packages x criteria.

        Influence x weight; of a package of which some values do not count, that of the others
        scaled to sum to 1, and 0 of those.
        """
        effective = self.weights.mul(self.influence, axis=0).sum().to_numpy()
        counts = self.values.notna().to_numpy()
        shares = np.where(counts, effective, 0.0)
        whole = shares.sum(axis=1, keepdims=True)
        partly = ~counts.all(axis=1, keepdims=True) & (whole > 0)
        shares = np.divide(shares, whole, out=shares.copy(), where=partly)
        return pd.DataFrame(shares, index=self.values.index, columns=self.values.columns)

    @property
    def agency_shares(self) -> pd.DataFrame:
        """How much each agency counts in the overall score: packages x agencies.

        Its influence; of a package of which some values do not count, in proportion to what of its
        weights does.
        """
        counts = self.values.notna().to_numpy()
        known = counts @ self.weights.to_numpy().T * self.influence.to_numpy()
        whole = known.sum(axis=1, keepdims=True)
        partly = ~counts.all(axis=1, keepdims=True) & (whole > 0)
        plain = np.broadcast_to(self.influence.to_numpy(), known.shape)
        shares = np.divide(known, whole, out=plain.copy(), where=partly)
        return pd.DataFrame(shares, index=self.values.index, columns=self.influence.index)

    @property
    def designated(self) -> list[str]:
        """Designated packages, best first."""
        return designated_of(self.ranking)


@dataclass(frozen=True, eq=False)
class Allocated(Scored):
    """A scored study whose tools are spread over the designated packages."""

    allocation: Allocation


@dataclass(frozen=True, eq=False)
class Evaluation(Allocated):
    """Everything that one study yields."""

    provenance: Provenance
    agreement: Agreement | None = None
    """None where fewer than two agencies or packages can be compared."""
    uncertainty: Uncertainty | None = None
    """None where the scenario asks for no draws."""

    extended: Extended | None = None
    """What a full run adds; of a plain one, clocks and contents of notices and what its overrides
    cost, if it has any."""


def scores_of(ranking: pd.DataFrame) -> dict[str, float]:
    """Return the overall score by package."""
    return {str(package): float(score) for package, score in ranking["overall"].items()}


def designated_of(ranking: pd.DataFrame) -> list[str]:
    """Return the designated packages in the order of the ranking; all that passed if none are."""
    chosen = ranking["designated"] if "designated" in ranking else ranking["outcome"] == "passed"
    return [str(package) for package in ranking.index[chosen]]
