"""What a session's settings do against others: who moves, and which amounts."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from evaluator.loading import load_study
from evaluator.loading.variation import vary
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.questions.outcome import outcome, standing
from evaluator.results.evaluation import Allocated

Standing = Literal["in", "contested", "out"]
Values = Mapping[str, Any]
"""What a session sets, by key; see `Session.values`."""
_REMEMBERED = 32


@dataclass(frozen=True)
class Place:
    """How one package stands."""

    rank: int | None
    standing: Standing
    amount: int | None
    """Of all tools; None where nothing is allocated."""


@dataclass(frozen=True)
class Move:
    """A package that stands otherwise."""

    package: str
    title: str
    before: Place
    after: Place

    @property
    def gains(self) -> int:
        """Amount that it gains; below 0 what it loses."""
        return (self.after.amount or 0) - (self.before.amount or 0)


@dataclass(frozen=True)
class Effect:
    """What settings do against others."""

    moves: tuple[Move, ...]
    """Whose rank, standing or amount differs, as they are ranked after."""
    packages: int
    total: tuple[int, int]
    """Amount allocated, before and after."""
    moved: int
    """Amount that changes hands."""
    objective: tuple[float, float]
    status: tuple[str, str]

    @property
    def entered(self) -> tuple[Move, ...]:
        """Who comes in."""
        return tuple(one for one in self.moves if one.after.standing == "in" != one.before.standing)

    @property
    def left(self) -> tuple[Move, ...]:
        """Who goes out."""
        return tuple(one for one in self.moves if one.before.standing == "in" != one.after.standing)

    @property
    def decisive(self) -> tuple[Move, ...]:
        """Whose standing or amount differs: who gains or loses most comes first."""
        found = [
            one for one in self.moves if one.gains or one.before.standing != one.after.standing
        ]
        return tuple(sorted(found, key=lambda one: (-abs(one.gains), one.package)))

    @property
    def shifted(self) -> tuple[Move, ...]:
        """Whose rank alone differs."""
        found = set(self.decisive)
        return tuple(one for one in self.moves if one not in found)

    @property
    def amounts(self) -> tuple[int | None, ...]:
        """Every amount, to choose the unit by."""
        return tuple(
            amount for one in self.moves for amount in (one.before.amount, one.after.amount)
        )


class Kept:
    """What a worker keeps: the base, and what it evaluated last."""

    def __init__(self, path: Path) -> None:
        """Read the base. Raises InvalidStudyError."""
        self.base = load_study(path)
        self._last: OrderedDict[str, Allocated] = OrderedDict()

    def study(self, values: Values) -> Study:
        """Return the base with settings, checked as those of a file are.

        Raises InvalidStudyError with every fault.
        """
        return vary(self.base, values) if values else self.base

    def allocated(self, values: Values) -> Allocated:
        """Return the allocation under settings, without draws."""
        key = json.dumps(values, sort_keys=True)
        if key not in self._last:
            self._last[key] = evaluate(self.study(values), only="allocation")
        self._last.move_to_end(key)
        while len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        return self._last[key]


@dataclass(frozen=True)
class EffectOf:
    """Asks what settings do against those before."""

    before: Values
    after: Values

    def answer(self, kept: Kept) -> Effect:
        """Return it. Raises InvalidStudyError for settings that do not hold."""
        return effect(kept.allocated(self.before), kept.allocated(self.after))


def effect(before: Allocated, after: Allocated) -> Effect:
    """Return what differs between two evaluations of the same packages."""
    places = [_places(one) for one in (before, after)]
    titles = {package.id: package.title for package in after.study.packages}
    order = [str(package) for package in after.ranking.index]
    moves = tuple(
        Move(package, titles[package], places[0][package], places[1][package])
        for package in order
        if places[0][package] != places[1][package]
    )
    sums = [int(one.allocation.amounts.to_numpy().sum()) for one in (before, after)]
    return Effect(
        moves,
        len(order),
        (sums[0], sums[1]),
        outcome(standing(before), standing(after)).moved_usd,
        (_points(before), _points(after)),
        (before.allocation.status, after.allocation.status),
    )


def _points(one: Allocated) -> float:
    found = one.allocation.objective
    return 0.0 if found is None else float(found)


def _places(one: Allocated) -> dict[str, Place]:
    given = one.allocation.amounts.sum(axis=1).to_dict()
    amounts = "allocation" in one.study.parts and one.allocation.exists
    return {
        str(package): Place(
            None if pd.isna(row["rank"]) else int(row["rank"]),
            "in" if row["designated"] else "contested" if row["contested"] else "out",
            int(given.get(package, 0)) if amounts else None,
        )
        for package, row in one.ranking.to_dict("index").items()
    }
