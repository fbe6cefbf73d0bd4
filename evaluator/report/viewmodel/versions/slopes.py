"""Versions of a study side by side: a line a package from rank to rank, and who gets how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from evaluator.report.formatting.money import Money, Unit
from evaluator.report.formatting.numbers import MINUS, fixed, signed
from evaluator.report.formatting.records import Record, records

_DRAWN = 40
"""Lines that a reader can follow in one picture."""
_NAMED = 3
"""Versions that have room for their names above the picture."""


@dataclass(frozen=True)
class Version:
    """How packages stand in one version, by id; a package that it has not is in none of them."""

    name: str
    ranks: Mapping[str, int]
    usd: Mapping[str, int]
    """Empty where it has no allocation."""
    inside: frozenset[str]
    """Who gets something; where nothing is allocated, who is designated."""


@dataclass(frozen=True)
class Line:
    """One package from version to version."""

    package: str
    title: str
    kind: str
    """in, out: whether it is inside in the last version or the first alone; both; none."""
    points: tuple[tuple[float, int, bool], ...]
    """Across, 0..1, row from the top, whether it is inside; a version in which it has no rank is
    left out."""
    first: str
    last: str
    """Its rank at either end; empty where it has none."""
    told: str


@dataclass(frozen=True)
class Slopes:
    """The picture: versions from left to right, the best package at the top of each."""

    names: tuple[str, ...]
    heads: tuple[str, ...]
    """What stands above each: its name, or its number where there are many."""
    lines: tuple[Line, ...]
    rows: int
    more: int
    """Packages that are not drawn."""


@dataclass(frozen=True)
class AmountRow:
    """A package or tool whose amount is not the same in all versions."""

    id: str
    title: str
    amounts: tuple[str, ...]
    widths: tuple[float, ...]
    """Of each amount, in shares of the largest of the table."""
    change: str
    """From the first version to the last; empty where one of them has no allocation."""


@dataclass(frozen=True)
class Amounts:
    """Amounts by package or tool, a column a version."""

    unit: Unit
    rows: tuple[AmountRow, ...]
    same: int
    """How many have the same amount in all versions."""


def two_versions(table: pd.DataFrame, names: tuple[str, str]) -> tuple[Version, Version]:
    """Return both sides of a table of packages before and after (`Outcome.packages`)."""
    rows = records(table.reset_index() if "package" not in table else table)
    before, after = (
        _version(name, when, rows) for name, when in zip(names, ("before", "after"), strict=True)
    )
    return before, after


def _version(name: str, when: str, rows: Sequence[Record]) -> Version:
    def column(what: str) -> dict[str, int]:
        told = ((row["package"], row.get(f"{what}_{when}")) for row in rows)
        return {package: value for package, value in told if value is not None}

    usd = column("usd")
    inside = usd if usd else column("priority")
    return Version(name, column("rank"), usd, frozenset(p for p, value in inside.items() if value))


def slopes(versions: Sequence[Version], titles: Mapping[str, str]) -> Slopes:
    """Return the picture of ranks; who is inside somewhere, and whose rank is best, is drawn."""
    every = {package for one in versions for package in one.ranks}
    best = {p: min(one.ranks[p] for one in versions if p in one.ranks) for p in every}
    outside = {p for p in every if not any(p in one.inside for one in versions)}
    chosen = sorted(every, key=lambda p: (p in outside, best[p], p))[:_DRAWN]
    rows: dict[str, list[tuple[float, int, bool]]] = {package: [] for package in chosen}
    for place, one in enumerate(versions):
        across = place / (len(versions) - 1)
        there = sorted((p for p in chosen if p in one.ranks), key=lambda p: (one.ranks[p], p))
        for row, package in enumerate(there):
            rows[package].append((across, row, package in one.inside))
    lines = (_line(package, titles[package], versions, rows[package]) for package in chosen)
    many = len(versions) > _NAMED
    return Slopes(
        tuple(one.name for one in versions),
        tuple(str(i) if many else one.name for i, one in enumerate(versions, 1)),
        tuple(sorted(lines, key=lambda line: ("none", "both", "out", "in").index(line.kind))),
        max((row for points in rows.values() for _, row, _ in points), default=0) + 1,
        len(every) - len(chosen),
    )


def _line(
    package: str, title: str, versions: Sequence[Version], points: Sequence[tuple[float, int, bool]]
) -> Line:
    then, now = (package in one.inside for one in (versions[0], versions[-1]))
    ranks = [one.ranks.get(package) for one in versions]
    told = ", ".join(
        f"{one.name} {'–' if rank is None else rank}"
        for one, rank in zip(versions, ranks, strict=True)
    )
    first, last = ("" if rank is None else str(rank) for rank in (ranks[0], ranks[-1]))
    kind = {(False, True): "in", (True, False): "out", (True, True): "both"}.get(
        (then, now), "none"
    )
    return Line(package, title, kind, tuple(points), first, last, f"{title}: {told}")


def package_amounts(
    versions: Sequence[Version], titles: Mapping[str, str], money: Money
) -> Amounts | None:
    """Return who gets another amount, the largest change first; None without an allocation."""
    if not any(one.usd for one in versions):
        return None
    every = dict.fromkeys(package for one in versions for package in one.usd)
    found = [
        (p, titles[p], tuple(one.usd.get(p, 0) if one.usd else None for one in versions))
        for p in every
    ]
    return _amounts(found, money)


def tool_amounts(
    names: Mapping[str, str], given: Mapping[str, Sequence[int | None]], money: Money
) -> Amounts | None:
    """Return which tools give another amount; given: by tool, a number a version."""
    if not given:
        return None
    return _amounts([(tool, names[tool], tuple(usd)) for tool, usd in given.items()], money)


def _amounts(found: Iterable[tuple[str, str, tuple[int | None, ...]]], money: Money) -> Amounts:
    every = list(found)
    other = [one for one in every if len(set(one[2])) > 1]
    unit = money.unit([usd for _, _, amounts in other for usd in amounts])
    most = max((usd or 0 for _, _, amounts in other for usd in amounts), default=0) or 1
    order = sorted(other, key=lambda one: -abs((one[2][-1] or 0) - (one[2][0] or 0)))
    rows = tuple(
        AmountRow(
            key,
            title,
            tuple(map(unit.amount, amounts)),
            tuple((usd or 0) / most for usd in amounts),
            _change(amounts[0], amounts[-1], unit),
        )
        for key, title, amounts in order
    )
    return Amounts(unit, rows, len(every) - len(other))


def _change(first: int | None, last: int | None, unit: Unit) -> str:
    """Return by how much more or less an amount is."""
    if first is None or last is None:
        return ""
    change = signed((last - first) / unit.size, unit.decimals)
    if last == first or change.strip("0.") != "":
        return change
    least = fixed(10**-unit.decimals, unit.decimals)
    return f"{MINUS if last < first else '+'}<{least}"
