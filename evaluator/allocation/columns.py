"""The columns of the program: amounts, and the binaries that the rules need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from evaluator.allocation.eligibility import Pair, asks
from evaluator.allocation.rows import exact
from evaluator.model.study import Study


@dataclass(frozen=True, slots=True)
class Column:
    """What one column stands for."""

    kind: Literal["amount", "served", "supported", "missed"]
    """amount: USD of one tool for one package. served: whether that amount is above 0.
    supported: whether the package gets anything. missed: USD by which a goal is missed."""
    subject: str
    """A package, or a limit."""
    detail: str = ""
    """A tool, or a limit's group."""


@dataclass(frozen=True)
class Layout:
    """Which column stands where; amounts come first, in the order of pairs."""

    pairs: tuple[Pair, ...]
    by_package: Mapping[str, tuple[int, ...]]
    served: Mapping[int, int]
    """Binary by pair, where the amount has a minimum or an alternative."""
    supported: Mapping[str, int]
    """Binary by package, where support is all the package gets or nothing."""
    least_support: Mapping[str, int]
    """What a package gets in all if it is supported, in whole dollars."""
    unit: int
    """USD of a solver's unit: a million, or less where all requests are small."""
    columns: tuple[Column, ...]


def lay_out(study: Study, pairs: Sequence[Pair]) -> Layout:
    """Return the columns that a study needs, binaries only where a rule asks for one."""
    by_package: dict[str, list[int]] = defaultdict(list)
    for index, pair in enumerate(pairs):
        by_package[pair.package].append(index)
    columns = [Column("amount", pair.package, pair.tool) for pair in pairs]
    served: dict[int, int] = {}
    for index, pair in enumerate(pairs):
        if pair.least > 1 or pair.alternative is not None:
            served[index] = len(columns)
            columns.append(Column("served", pair.package, pair.tool))
    supported: dict[str, int] = {}
    for package in sorted(_whole(study, by_package)):
        supported[package] = len(columns)
        columns.append(Column("supported", package))
    share, unit = exact(study.scenario.allocation.minimum_support), _unit(pairs)
    least = {
        package: max(token(pairs, indices, unit), _up(share * _asks(pairs, indices)))
        for package, indices in by_package.items()
    }
    return Layout(
        tuple(pairs),
        {package: tuple(indices) for package, indices in by_package.items()},
        served,
        supported,
        least,
        unit,
        tuple(columns),
    )


def token(pairs: Sequence[Pair], indices: Sequence[int], unit: int) -> int:
    """Return the least that counts as support, in whole dollars.

    A thousandth of the unit (1,000 USD as a rule), or all that is asked where that is less: a
    solver's tolerance must not pass for support.
    """
    return max(1, min(unit // 1_000, max(pairs[index].cap for index in indices)))


def _unit(pairs: Sequence[Pair]) -> int:
    greatest = max((pair.cap for pair in pairs), default=1)
    return int(10 ** min(6, max(0, len(str(greatest)) - 4)))


def _up(amount: Fraction) -> int:
    return -(-amount.numerator // amount.denominator)


def _asks(pairs: Sequence[Pair], indices: Sequence[int]) -> Fraction:
    return asks([(Fraction(pairs[i].cap), pairs[i].alternative) for i in indices])


def _whole(study: Study, by_package: Mapping[str, Sequence[int]]) -> set[str]:
    settings = study.scenario.allocation
    if settings.minimum_support > 0:
        return set(by_package)
    groups: dict[str, list[str]] = defaultdict(list)
    needed = {package for package in settings.must if settings.must[package].tool is None}
    for name in by_package:
        package = study.package_by_id[name]
        if package.exclusive_group is not None:
            groups[package.exclusive_group].append(name)
        if package.requires:
            needed |= {name, *package.requires}
    for members in groups.values():
        if len(members) > 1:
            needed |= set(members)
    return needed & set(by_package)
