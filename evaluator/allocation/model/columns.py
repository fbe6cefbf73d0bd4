"""The columns of the program: amounts, and the binaries that the rules need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from evaluator.allocation.model.exact.later import Later
from evaluator.allocation.model.exact.numbers import always
from evaluator.allocation.model.exact.rows import exact
from evaluator.allocation.model.requests.eligibility import Eligibility, Pair
from evaluator.allocation.model.requests.requests import Requests, asks
from evaluator.model.financing import LeastOf, ShareOf, SumOf
from evaluator.model.study import Study


class Column(NamedTuple):
    """What one column stands for."""

    kind: Literal["amount", "served", "supported", "counted", "sum", "missed"]
    """amount: USD of one tool for one package. served: whether that amount is above 0.
    supported: whether the package gets anything. counted: whether it gets any of some tools. sum:
    USD that the bounds of limits are shares of. missed: USD by which a goal is missed."""
    subject: str
    """A package, or a limit; of a sum, the first that it bounds."""
    detail: str = ""
    """A tool, or a limit's group."""

    @property
    def owned(self) -> bool:
        """Whether it is a package's; its subject is that package then."""
        return self.kind not in ("sum", "missed")


@dataclass(frozen=True)
class Layout:
    """Which column stands where; amounts come first, in the order of pairs."""

    pairs: Sequence[Pair]
    by_package: Mapping[str, Sequence[int]]
    served: Mapping[int, int]
    """Binary by pair, where the amount has a minimum or an alternative."""
    supported: Mapping[str, int]
    """Binary by package, where support is all the package gets or nothing."""
    counted: Mapping[tuple[str, ...], Mapping[str, int]]
    """Binary by package, by the tools of which some limit counts the packages that get any."""
    least_support: Mapping[str, int]
    """What a package gets in all if it is supported, in whole dollars."""
    token: Mapping[str, int]
    """What of that counts as support, whatever its minimum, in whole dollars."""
    unit: int
    """USD of a solver's unit: a million, or less where all requests are small."""
    columns: Sequence[Column]

    def under(self, tools: Collection[str], package: str) -> list[int]:
        """Return the requests of a package for some tools."""
        return [at for at in self.by_package[package] if self.pairs[at].tool in tools]


def lay_out(study: Study, eligibility: Eligibility) -> Layout:
    """Return the columns that a study needs, binaries only where a rule asks for one."""
    requests, offers = eligibility.requests, eligibility.offers
    count, names = len(requests.package), requests.facts.names
    present = np.unique(requests.package, return_index=True, return_counts=True)
    by_package = {
        names[package]: range(first, first + number)
        for package, first, number in zip(*(one.tolist() for one in present), strict=True)
    }
    alternative = np.array([group is not None for group in requests.alternative], dtype=np.bool_)
    owners = {tools: _owners(requests, tools) for tools in counted_tools(study)}
    counts = np.isin(requests.tool, _places(requests, {t for tools in owners for t in tools}))
    served = np.flatnonzero((offers.least > 1) | alternative | counts).tolist()
    supported = sorted(_whole(study, by_package))
    binaries = count + len(served)
    first = binaries + len(supported)
    keys = [(tools, package) for tools, packages in owners.items() for package in packages]
    counted: dict[tuple[str, ...], dict[str, int]] = {tools: {} for tools in owners}
    for number, (tools, package) in enumerate(keys):
        counted[tools][package] = first + number

    def columns() -> Iterator[Column]:
        asked = [
            (names[package], requests.tools[tool])
            for package, tool in zip(requests.package.tolist(), requests.tool.tolist(), strict=True)
        ]
        yield from (Column("amount", package, tool) for package, tool in asked)
        yield from (Column("served", *asked[place]) for place in served)
        yield from (Column("supported", package) for package in supported)
        yield from (Column("counted", package, " ".join(tools)) for tools, package in keys)

    unit = _unit(int(offers.cap.max(initial=1)))
    tokens = _tokens(eligibility, unit)
    return Layout(
        Later(count, lambda: eligibility.pairs),
        by_package,
        {place: count + number for number, place in enumerate(served)},
        {package: binaries + number for number, package in enumerate(supported)},
        counted,
        _least_support(study, eligibility, tokens),
        tokens,
        unit,
        Later(first + len(keys), columns),
    )


def counted_tools(study: Study) -> list[tuple[str, ...]]:
    """Return the sets of tools of which limits count the packages that get any."""
    limits = [limit for limit in study.limits.values() if limit.measure == "packages"]
    patterns = [limit.tools for limit in limits]
    for limit in limits:
        parts = limit.bound.min if isinstance(limit.bound, LeastOf) else (limit.bound,)
        sums = [one.of for one in parts if isinstance(one, ShareOf)]
        patterns += [one.tools for one in sums if isinstance(one, SumOf)]
    return list(dict.fromkeys(study.tools_matching(one) for one in patterns))


def _places(requests: Requests, tools: Collection[str]) -> list[int]:
    return [place for place, tool in enumerate(requests.tools) if tool in tools]


def _owners(requests: Requests, tools: Collection[str]) -> list[str]:
    """Return the packages with a request for some tools, in the order of ids."""
    mine = np.isin(requests.tool, _places(requests, tools))
    return [requests.facts.names[place] for place in np.unique(requests.package[mine]).tolist()]


def token(greatest: int, unit: int) -> int:
    """Return the least that counts as support, in whole dollars.

    A thousandth of the unit (1,000 USD as a rule), or the greatest of the amounts asked where
    that is less: a solver's tolerance must not pass for support.
    """
    return max(1, min(unit // 1_000, greatest))


def _unit(greatest: int) -> int:
    return int(10 ** min(6, max(0, len(str(greatest)) - 4)))


def _tokens(eligibility: Eligibility, unit: int) -> dict[str, int]:
    requests, names = eligibility.requests, eligibility.requests.facts.names
    greatest = np.zeros(len(names), dtype=np.int64)
    np.maximum.at(greatest, requests.package, eligibility.offers.cap)
    places = np.flatnonzero(requests.packages()).tolist()
    return {names[place]: token(int(greatest[place]), unit) for place in places}


def _least_support(
    study: Study, eligibility: Eligibility, tokens: Mapping[str, int]
) -> dict[str, int]:
    requests, cap = eligibility.requests, eligibility.offers.cap
    share = exact(study.scenario.allocation.minimum_support)
    asked = asks(requests, cap, always(1, len(cap)))
    above, below, place = share.numerator, share.denominator, requests.facts.place
    return {
        name: max(least, -(-(above * int(asked[place[name]])) // below))
        for name, least in tokens.items()
    }


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
