"""Priority packages that get nothing: what holds each, and why each of its requests fails."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from evaluator.report.formatting.names import Names, names_of, speller
from evaluator.report.formatting.records import Record, grouped, records
from evaluator.results.evaluation import Evaluation


@dataclass(frozen=True)
class Unserved:
    """A priority package without support."""

    title: str
    held: str
    """What holds its largest request, in short."""
    reasons: tuple[tuple[str, str], ...]
    """Tools, and why they give nothing; tools with the same reason together."""


def unserved(
    evaluation: Evaluation, spelt: Callable[[str], str] | None = None
) -> dict[str, Unserved]:
    """Return the designated packages without support, by id, the best first.

    spelt: how reasons are said; in names unless stated.
    """
    named, names = speller(evaluation), names_of(evaluation)
    say = spelt or named
    requests = grouped(evaluation.allocation.table, "package")
    given = evaluation.allocation.amounts.sum(axis=1).to_dict()
    chosen = evaluation.ranking["designated"].to_dict()
    without = [str(p) for p, inside in chosen.items() if inside and not given[p]]
    full = {
        (limit["limit"], limit["group"])
        for limit in records(evaluation.allocation.limits)
        if limit["binding"] and limit["bound"] is not None
    }
    return {
        package: Unserved(
            title=names.package(package),
            held=_held(requests.get(package, []), full, named, names),
            reasons=_reasons(evaluation, requests.get(package, []), say),
        )
        for package in without
    }


def _held(
    requests: list[Record],
    full: Collection[tuple[str, str]],
    say: Callable[[str], str],
    names: Names,
) -> str:
    """`full`: limits and groups without room left. Of others the reason says more than the name."""
    if not requests:
        return "it asks for nothing"
    largest = max(requests, key=lambda request: (request["eligible"], request["requested"]))
    if largest["rival"]:
        return f"{names.package(largest['rival'])} is supported in its place"
    if (largest["limit"], largest["group"]) not in full:
        return say(str(largest["reason"]).split("; ")[0])
    # What a limit is for is said unless it is the package itself.
    group = "" if largest["group"] == largest["package"] else str(largest["group"])
    held = names.group(largest["limit"], group)
    return f"held by {say(largest['limit'])}{f', {held}' if held else ''}"


def _reasons(
    evaluation: Evaluation, requests: list[Record], say: Callable[[str], str]
) -> tuple[tuple[str, str], ...]:
    tools: dict[str, list[str]] = {}
    for request in requests:
        tool = names_of(evaluation).tool(request["tool"])
        tools.setdefault(say(request["reason"]), []).append(tool)
    return tuple((", ".join(named), reason) for reason, named in tools.items())
