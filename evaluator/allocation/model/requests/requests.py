"""Requests in columns, and what a package asks for in all."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.allocation.model.exact.numbers import Dollars, Exact, Flags, Floats, Places
from evaluator.allocation.model.exact.rows import Rational
from evaluator.allocation.model.requests.facts import Facts
from evaluator.errors import InvalidStudyError, Problem
from evaluator.model.package import Request

_COLUMNS = np.dtype(
    [
        ("package", np.intp),
        ("tool", np.intp),
        ("amount", np.int64),
        ("minimum", np.int64),
        ("whole", np.bool_),
        ("tenor", np.float64),
        ("alternative", np.object_),
        ("written", np.object_),
    ],
    align=True,
)


@dataclass(frozen=True, eq=False)
class Requests:
    """Some requests of a study, k of them, by package and tool in the order of ids."""

    facts: Facts
    tools: tuple[str, ...]
    """All of the study, in the order of ids."""
    table: NDArray[np.void]
    """A row a request."""

    @property
    def package(self) -> Places:
        """Places among the packages of `facts`, ascending."""
        return self.table["package"]

    @property
    def tool(self) -> Places:
        """Places among `tools`."""
        return self.table["tool"]

    @property
    def amount(self) -> Dollars:
        """What is asked."""
        return self.table["amount"]

    @property
    def minimum(self) -> Dollars:
        """Less is of no use."""
        return self.table["minimum"]

    @property
    def whole(self) -> Flags:
        """Whether it is all or nothing."""
        return self.table["whole"]

    @property
    def tenor(self) -> Floats:
        """Years; infinite where they are not stated."""
        return self.table["tenor"]

    @property
    def alternative(self) -> list[str | None]:
        """Groups of alternatives; None where a request is in none."""
        return list(self.table["alternative"])

    def __iter__(self) -> Iterator[tuple[int, Request]]:
        """Yield the package and the request as the study has it."""
        return zip(self.package.tolist(), self.table["written"].tolist(), strict=True)

    def take(self, chosen: Places | Flags) -> Requests:
        """Return some of the requests."""
        return Requests(self.facts, self.tools, self.table[chosen])

    def packages(self, chosen: Places | slice = slice(None)) -> Flags:
        """Return which packages make some of the requests, or any."""
        found = np.zeros(len(self.facts.names), dtype=np.bool_)
        found[self.package[chosen]] = True
        return found


def read_requests(facts: Facts) -> Requests:
    """Return all requests of a study.

    Raises InvalidStudyError if a package asks twice for one tool.
    """
    tools = tuple(sorted(facts.study.tools))
    number = {name: place for place, name in enumerate(tools)}
    rows = (
        (
            place,
            number[one.tool],
            one.amount_usd,
            one.minimum_usd,
            one.all_or_nothing,
            math.inf if one.tenor_years is None else one.tenor_years,
            one.alternative_group,
            one,
        )
        for place, package in enumerate(facts.packages)
        for one in package.requests
    )
    table = np.fromiter(rows, _COLUMNS)
    table = table[np.lexsort((table["tool"], table["package"]))]
    again = (np.diff(table["package"]) == 0) & (np.diff(table["tool"]) == 0)
    if again.any():
        name, fact = facts.names[table["package"][np.argmax(again)]], "asks twice for one tool."
        raise InvalidStudyError([Problem(name, fact, "Add the requests up.")])
    return Requests(facts, tools, table)


def asks(requests: Requests, amount: Dollars, weight: Exact) -> list[Rational]:
    """Return what each package asks for in all; of alternatives only the greatest counts.

    amount, weight: by request. By place of the package.
    """
    alternative = requests.alternative
    alone = np.array([group is None for group in alternative], dtype=np.bool_)
    found: list[Rational] = [0] * len(requests.facts.names)
    for kind, number in enumerate(weight.table):
        mine = alone & (weight.code == kind)
        sums = np.zeros(len(found), dtype=np.int64)
        np.add.at(sums, requests.package[mine], amount[mine])
        found = [
            before + number * dollars for before, dollars in zip(found, sums.tolist(), strict=True)
        ]
    greatest: dict[tuple[int, str | None], Rational] = defaultdict(int)
    for place in np.flatnonzero(~alone).tolist():
        key = int(requests.package[place]), alternative[place]
        weighed = int(amount[place]) * weight.table[weight.code[place]]
        greatest[key] = max(greatest[key], weighed)
    for (package, _), weighed in greatest.items():
        found[package] += weighed
    return found
