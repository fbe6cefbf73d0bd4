"""What a session's settings do against others: who moves, and which amounts."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

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
            None if row["rank"] != row["rank"] else int(row["rank"]),
            "in" if row["designated"] else "contested" if row["contested"] else "out",
            int(given.get(package, 0)) if amounts else None,
        )
        for package, row in one.ranking.to_dict("index").items()
    }
