"""Requests in columns, and what a package asks for in all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.allocation.exact import Dollars, Exact, Flags, Floats, Places, Rational
from evaluator.allocation.facts import Facts
from evaluator.errors import InvalidStudyError, Problem
from evaluator.model.package import Request


@dataclass(frozen=True, eq=False)
class Requests:
    """Some requests of a study, k of them, by package and tool in the order of ids."""

    facts: Facts
    tools: tuple[str, ...]
    """All of the study, in the order of ids."""
    written: Sequence[Request]
    """As the study has them."""
    package: Places
    """Places among the packages of `facts`, ascending."""
    tool: Places
    """Places among `tools`."""
    amount: Dollars
    minimum: Dollars
    whole: Flags
    """All or nothing."""
    tenor: Floats
    """Years; infinite where they are not stated."""
    alternative: Sequence[str | None]
    """The group of alternatives, where there is one."""

    def take(self, places: Places) -> Requests:
        """Return some of the requests, in another order or not."""
        listed = places.tolist()
        return Requests(
            self.facts,
            self.tools,
            [self.written[place] for place in listed],
            self.package[places],
            self.tool[places],
            self.amount[places],
            self.minimum[places],
            self.whole[places],
            self.tenor[places],
            [self.alternative[place] for place in listed],
        )

    def packages(self, chosen: Places | slice = slice(None)) -> Flags:
        """Return which packages make some of the requests, or any."""
        found = np.zeros(len(self.facts.packages), dtype=np.bool_)
        found[self.package[chosen]] = True
        return found


def read_requests(facts: Facts) -> Requests:
    """Return all requests of a study.

    Raises InvalidStudyError if a package asks twice for one tool.
    """
    tools = tuple(sorted(facts.study.tools))
    number = {name: place for place, name in enumerate(tools)}
    written = [request for package in facts.packages for request in package.requests]
    # one pass: to fetch the objects from memory takes longer than to read them
    rows = [
        (
            *(number[one.tool], one.amount_usd, one.minimum_usd, one.all_or_nothing),
            np.inf if one.tenor_years is None else one.tenor_years,
            one.alternative_group,
        )
        for one in written
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 6
    counts = [len(package.requests) for package in facts.packages]
    found = Requests(
        facts,
        tools,
        written,
        np.repeat(np.arange(len(counts)), counts),
        np.array(columns[0], dtype=np.intp),
        np.array(columns[1], dtype=np.int64),
        np.array(columns[2], dtype=np.int64),
        np.array(columns[3], dtype=np.bool_),
        np.array(columns[4], dtype=np.float64),
        columns[5],
    )
    found = found.take(np.lexsort((found.tool, found.package)))
    again = (np.diff(found.package) == 0) & (np.diff(found.tool) == 0)
    if again.any():
        name, fact = facts.names[found.package[np.argmax(again)]], "asks twice for one tool."
        raise InvalidStudyError([Problem(name, fact, "Add the requests up.")])
    return found


def asks(requests: Requests, amount: Dollars, weight: Exact) -> list[Rational]:
    """Return what each package asks for in all; of alternatives only the greatest counts.

    amount, weight: by request. By place of the package.
    """
    alone = np.array([group is None for group in requests.alternative], dtype=np.bool_)
    kinds = len(weight.table)
    sums = np.zeros(len(requests.facts.packages) * kinds, dtype=np.int64)
    np.add.at(sums, (requests.package * kinds + weight.code)[alone], amount[alone])
    found: list[Rational] = [
        sum(number * dollars for number, dollars in zip(weight.table, one, strict=True))
        for one in sums.reshape(-1, kinds).tolist()
    ]
    greatest: dict[tuple[int, str | None], Rational] = defaultdict(int)
    for place in np.flatnonzero(~alone).tolist():
        key = int(requests.package[place]), requests.alternative[place]
        weighed = int(amount[place]) * weight.table[weight.code[place]]
        greatest[key] = max(greatest[key], weighed)
    for (package, _), weighed in greatest.items():
        found[package] += weighed
    return found
