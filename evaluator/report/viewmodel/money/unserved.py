"""Priority packages that get less than they ask for: what holds each, and why."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.allocation.explain.findings import (
    GainsMoreElsewhere,
    LimitBinds,
    LimitShutsOut,
    Tied,
)
from evaluator.report.formatting.names import Names, names_of
from evaluator.report.formatting.records import Record, grouped
from evaluator.report.messages import say, say_all
from evaluator.report.messages.allocation import limit_in_words
from evaluator.results.evaluation import Evaluation
from evaluator.results.findings import Finding


@dataclass(frozen=True)
class Unserved:
    """A priority package without support."""

    title: str
    held: str
    """What holds its largest request, in short."""
    reasons: tuple[tuple[str, str], ...]
    """Tools, and why they give nothing; tools with the same reason together."""


def unserved(evaluation: Evaluation) -> dict[str, Unserved]:
    """Return the designated packages without support, by id, the best first.

    There is none in a study without tools, or without an allocation: no support is to be had. A
    standing package asks for none.
    """
    if not ("allocation" in evaluation.study.parts and evaluation.allocation.exists):
        return {}
    names = names_of(evaluation)
    requests = grouped(evaluation.allocation.table, "package")
    given = evaluation.allocation.amounts.sum(axis=1).to_dict()
    chosen = evaluation.ranking["designated"].to_dict()
    standing = {package.id for package in evaluation.study.packages if package.standing}
    without = [str(p) for p, inside in chosen.items() if inside and not given[p]]
    without = [package for package in without if package not in standing]
    return {
        package: Unserved(
            title=names.package(package),
            held=_held(package, requests.get(package, []), names),
            reasons=_reasons(requests.get(package, []), names),
        )
        for package in without
    }


def held_back(evaluation: Evaluation) -> dict[str, str]:
    """Return what holds the packages that get something, and less than is eligible, in short."""
    if not ("allocation" in evaluation.study.parts and evaluation.allocation.exists):
        return {}
    names, given = names_of(evaluation), evaluation.allocation.amounts.sum(axis=1).to_dict()
    requests = grouped(evaluation.allocation.table, "package")
    asked = {package.id: package.asked_usd for package in evaluation.study.packages}
    return {
        package: _held(package, every, names)
        for package, every in requests.items()
        if 0 < given[package] < asked[package]
    }


def _held(package: str, requests: list[Record], names: Names) -> str:
    """Return what holds back most of what it asks for."""
    if not requests:
        return "it asks for nothing"
    largest = max(
        requests,
        key=lambda request: (request["eligible"] - request["allocated"], request["requested"]),
    )
    told: tuple[Finding, ...] = largest["reason"]
    first = next((one for one in told if isinstance(one, Tied)), told[0]) if told else None
    if isinstance(first, LimitBinds | GainsMoreElsewhere | LimitShutsOut):
        # What a limit is for is said unless it is the package itself.
        group = "" if first.group == package else first.group
        return f"held by {limit_in_words(first.limit, group, names)}"
    return "" if first is None else say(first, names)


def _reasons(requests: list[Record], names: Names) -> tuple[tuple[str, str], ...]:
    tools: dict[tuple[Finding, ...], list[str]] = {}
    for request in requests:
        tools.setdefault(request["reason"], []).append(names.tool(request["tool"]))
    return tuple((", ".join(named), say_all(reason, names)) for reason, named in tools.items())
