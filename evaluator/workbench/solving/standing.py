"""How all packages stand under some settings: as little as what is compared needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from evaluator.results.evaluation import Allocated, Status

Standing = Literal["in", "contested", "out"]


@dataclass(frozen=True)
class Place:
    """How one package stands."""

    rank: int | None
    standing: Standing
    amount: int | None
    """Of all tools; None where nothing is allocated."""


@dataclass(frozen=True)
class Stood:
    """How all packages stand."""

    places: Mapping[str, Place]
    """By package, as they are ranked."""
    amounts: pd.DataFrame
    """Whole dollars; packages x tools."""
    objective: float
    status: Status

    @property
    def total(self) -> int:
        """Amount allocated."""
        return int(self.amounts.to_numpy().sum())


def stood(one: Allocated) -> Stood:
    """Return how packages stand in an evaluation."""
    found = one.allocation
    return Stood(
        _places(one),
        found.amounts,
        0.0 if found.objective is None else float(found.objective),
        found.status,
    )


def _places(one: Allocated) -> dict[str, Place]:
    given = one.allocation.amounts.sum(axis=1).to_dict()
    amounts = "allocation" in one.study.parts and one.allocation.exists
    columns = (one.ranking[name].tolist() for name in ("rank", "designated", "contested"))
    return {
        str(package): Place(
            None if pd.isna(rank) else int(rank),
            "in" if inside else "contested" if contested else "out",
            int(given.get(package, 0)) if amounts else None,
        )
        for package, rank, inside, contested in zip(one.ranking.index, *columns, strict=True)
    }
