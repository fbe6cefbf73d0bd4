"""What is missing or split in the ratings, by what it does to who is designated and funded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.decision.designation import decide, ranked_packages, rule_of
from evaluator.decision.ordering import WEIGHTED_SUM, ordering_in
from evaluator.decision.ties import competition_ranks
from evaluator.pipeline import allocated, supposing
from evaluator.questions.versions.outcome import outcome, standing
from evaluator.results.evaluation import Allocated, Scored

Floats = NDArray[np.float64]
Kind = Literal["missing", "split"]


@dataclass(frozen=True)
class End:
    """What comes of one end of an open value."""

    value: float
    """Points."""
    rank: int
    entered: tuple[str, ...]
    left: tuple[str, ...]
    """Of the designated set."""
    funded_in: tuple[str, ...] = ()
    funded_out: tuple[str, ...] = ()
    moved: int | None = None
    """Amount that changes hands; None where that was not solved."""

    @property
    def members(self) -> int:
        """How many enter or leave the designated set."""
        return len(self.entered) + len(self.left)


@dataclass(frozen=True)
class OpenRating:
    """A value that is missing, or on which the ratings of a panel are split."""

    package: str
    criterion: str
    agency: str
    kind: Kind
    value: float
    """As it counts now, in points."""
    low: float
    high: float
    rank: int
    stake: float
    """Points of the overall score between its two ends."""
    ends: tuple[End, ...] = ()
    """The lowest and the highest that it can come to."""

    @property
    def members(self) -> int:
        """How many enter or leave the designated set at the end that moves more."""
        return max((end.members for end in self.ends), default=0)

    @property
    def decides(self) -> bool:
        """Whether who is designated or funded hangs on it."""
        return any(end.members or end.funded_in or end.funded_out for end in self.ends)

    @property
    def solved(self) -> bool:
        """Whether amounts were solved at its ends."""
        return any(end.moved is not None for end in self.ends)

    @property
    def moved(self) -> int:
        """The larger amount that one of its ends moves, as far as that was solved."""
        return max((end.moved or 0 for end in self.ends), default=0)


def open_ratings(scored: Allocated, split: float, most: int = 12) -> tuple[OpenRating, ...]:
    """Return what is open, what decides most first.

    split: points between two ratings of one panel from which on they are told as split. most: how
    many are solved at both ends: those that decide who is designated, then those with the most at
    stake. A missing value may come to 0 or to 100, a split one to what its lowest or its highest
    rating says. Packages that failed a requirement are left out. Raises SolverError.
    """
    found = sorted(_found(scored, split), key=lambda one: (-one[1].stake, one[1].package))
    judged = list(_judged(scored, [one for _, one in found]))
    pairs = sorted(zip(found, judged, strict=True), key=lambda pair: -pair[1].members)
    solved = [
        replace(one, ends=tuple(_solved(scored, label, one, end) for end in one.ends))
        if place < most
        else one
        for place, ((label, _), one) in enumerate(pairs)
    ]
    return tuple(sorted(solved, key=_weight))


def _judged(scored: Scored, every: Sequence[OpenRating]) -> Iterator[OpenRating]:
    """Yield open values with what comes of their ends, as far as the designation."""
    names, criteria = ranked_packages(scored.ranking), list(scored.values.columns)
    base = scored.values.loc[names].to_numpy(dtype=np.float64)
    values = np.repeat(base[None], 2 * len(every), axis=0)
    for place, one in enumerate(every):
        row, column = names.index(one.package), criteria.index(one.criterion)
        values[2 * place : 2 * place + 2, row, column] = one.low, one.high
    weights, influence = scored.weights.to_numpy(), scored.influence.to_numpy()
    ordering = ordering_in(scored.study, names, base)
    plain = ordering if ordering.separate else WEIGHTED_SUM

    def many(row: Floats) -> Floats:
        return np.repeat(row[None], len(values), axis=0)

    effective = many(influence @ weights)
    order, overall = (of.scores(values, effective) for of in (ordering, plain))
    agencies = np.stack([plain.scores(values, many(row)) for row in weights], axis=1)
    rule = rule_of(scored.study, scored.ranking, scored.values).valued(values)
    members = decide(rule, overall, agencies, order, ordering.span).members
    then = set(scored.designated)

    def end(place: int, package: str, value: float) -> End:
        now = {names[n] for n in np.flatnonzero(members[place])}
        rank = int(competition_ranks(order[place], ordering.span)[names.index(package)])
        return End(value, rank, tuple(sorted(now - then)), tuple(sorted(then - now)))

    for place, one in enumerate(every):
        low, high = (
            end(2 * place + side, one.package, value)
            for side, value in enumerate((one.low, one.high))
        )
        yield replace(one, ends=(low, high))


def _solved(scored: Allocated, row: Any, one: OpenRating, end: End) -> End:
    if end.value == one.value:  # as it counts already
        return replace(end, moved=0)
    table = scored.performances.copy()
    table.loc[row, "value"] = end.value
    table.loc[row, "state"] = "known"
    after = allocated(supposing(scored, performances=table))
    told = outcome(standing(scored), standing(after))
    return replace(end, funded_in=told.funded_in, funded_out=told.funded_out, moved=told.moved_usd)


def _found(scored: Scored, split: float) -> Iterator[tuple[Any, OpenRating]]:
    shares, ranks = scored.criterion_shares.to_dict("index"), scored.ranking["rank"]
    for label, row in scored.performances.iterrows():
        package, criterion, panel = str(row["package"]), str(row["criterion"]), row["panel"]
        if pd.isna(ranks[package]) or pd.isna(row["value"]):
            continue
        kind: Kind = "missing" if row["state"] == "missing" else "split"
        low, high = (
            (0.0, 100.0)
            if kind == "missing"
            else (min(panel, default=0.0), max(panel, default=0.0))
        )
        if kind == "split" and (not panel or high - low < split):
            continue
        yield (
            label,
            OpenRating(
                package,
                criterion,
                str(row["agency"]),
                kind,
                float(row["value"]),
                float(low),
                float(high),
                int(ranks[package]),
                float(shares[package][criterion]) * (high - low),
            ),
        )


def _weight(one: OpenRating) -> tuple[object, ...]:
    return (not one.decides, -one.members, -one.moved, -one.stake, one.package)
