"""What becomes of packages and money from one version of a study to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import pandas as pd

from evaluator.model.former import Former
from evaluator.results.evaluation import STANDING, Allocated, Status


@dataclass(frozen=True)
class Standing:
    """How the packages of one version stand, as far as it is compared."""

    titles: Mapping[str, str]
    ranking: pd.DataFrame
    """By package, all that have a title: rank (missing where it failed a requirement), overall."""
    designated: tuple[str, ...]
    amounts: pd.DataFrame
    """Whole dollars; packages x tools."""
    status: Status
    """Of its allocation."""

    @property
    def allocated(self) -> bool:
        """Whether there is an allocation, be it of nothing."""
        return self.status in STANDING

    @property
    def supported(self) -> set[str]:
        """Packages with any amount."""
        return set(map(str, self.amounts.index[self.amounts.any(axis=1)]))


@dataclass(frozen=True)
class Outcome:
    """What one version changes against another."""

    packages: pd.DataFrame
    """One row a package of either: title, and before and after of rank, overall, priority, usd
    (`rank_before`, ...); missing where the version has no such package, and for usd where it has no
    allocation."""
    designated_in: tuple[str, ...]
    designated_out: tuple[str, ...]
    funded_in: tuple[str, ...]
    funded_out: tuple[str, ...]
    tools: pd.DataFrame
    """One row a tool: before, after, net, moved (half the sum of absolute changes and the net)."""
    status: tuple[Status, Status]
    """Of the allocation, before and after."""
    allocated: tuple[bool, bool]
    """Whether there is one, before and after; without it, amounts are 0 and compare with nothing.
    """

    @property
    def moved_usd(self) -> int:
        """Dollars that change hands, over all tools."""
        return int(self.tools["moved"].sum())

    @property
    def reranked(self) -> pd.DataFrame:
        """The packages whose rank is another, or that have one in a single version."""
        before, after = self.packages["rank_before"], self.packages["rank_after"]
        changed = before.ne(after).fillna(True)
        return self.packages[changed & (before.notna() | after.notna())]


def standing(evaluation: Allocated) -> Standing:
    """Return how packages stand in an evaluation."""
    return Standing(
        {package.id: package.title for package in evaluation.study.packages},
        evaluation.ranking[["rank", "overall"]],
        tuple(evaluation.designated),
        evaluation.allocation.amounts,
        evaluation.allocation.status,
    )


def former_standing(former: Former) -> Standing:
    """Return how packages stood in a version that is on record."""
    every = former.packages
    ids = pd.Index([one.package for one in every], name="package", dtype="str")
    ranking = pd.DataFrame(
        {
            "rank": pd.array([one.rank for one in every], dtype="Int64"),
            "overall": [one.overall for one in every],
        },
        index=ids,
    )
    tools = sorted({tool for one in every for tool in one.amounts})
    amounts = [[one.amounts.get(tool, 0) for tool in tools] for one in every]
    return Standing(
        {one.package: one.title for one in every},
        ranking,
        tuple(one.package for one in every if one.designated),
        pd.DataFrame(amounts, index=ids, columns=tools, dtype="int64"),
        cast("Status", former.status),
    )


def outcome(before: Standing, after: Standing) -> Outcome:
    """Return what changes from one version to another, over the packages of either."""
    sides = {"before": before, "after": after}
    ids = list(dict.fromkeys([*after.ranking.index, *before.ranking.index]))
    found: dict[str, pd.Series] = {}
    for when, side in sides.items():
        there = side.ranking.reindex(ids)
        known = pd.Series([p in side.ranking.index for p in ids], index=ids)
        inside = pd.Series([p in side.designated for p in ids], index=ids, dtype="boolean")
        given = side.amounts.sum(axis=1).reindex(ids).astype("Int64")
        found[f"rank_{when}"] = there["rank"].astype("Int64")
        found[f"overall_{when}"] = there["overall"].astype("Float64")
        found[f"priority_{when}"] = inside.where(known)
        found[f"usd_{when}"] = given if side.allocated else given.where(given.isna())
    titles = {**before.titles, **after.titles}
    packages = pd.DataFrame(found, index=pd.Index(ids, name="package", dtype="str"))
    packages.insert(0, "title", [titles[package] for package in ids])
    return Outcome(
        packages,
        *_entered(set(before.designated), set(after.designated)),
        *_entered(before.supported, after.supported),
        by_tool(before.amounts, after.amounts),
        (before.status, after.status),
        (before.allocated, after.allocated),
    )


def _entered(old: set[str], new: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(sorted(new - old)), tuple(sorted(old - new))


def by_tool(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return what each tool gives before and after, by `Outcome.tools`.

    before, after: whole dollars, packages x tools.
    """
    old, new = before.align(after, fill_value=0)
    net = new.sum() - old.sum()
    table = pd.DataFrame(
        {
            "before": old.sum(),
            "after": new.sum(),
            "net": net,
            "moved": ((new - old).abs().sum() + net.abs()) // 2,
        }
    )
    return table.astype("int64").rename_axis("tool")
