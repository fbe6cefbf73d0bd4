"""Tools and limits with numbers in place of the parameters that their conditions name."""

from __future__ import annotations

from collections.abc import Callable

from evaluator.model.financing import (
    Bound,
    Filter,
    LeastOf,
    Limit,
    ShareOf,
    Span,
    SumOf,
    Tool,
    TotalOf,
)

Numbers = Callable[[str], float | None]
"""The value of a parameter; None where it is unknown."""


def tool_in_numbers(tool: Tool, number: Numbers) -> Tool:
    """Return a tool with numbers in place of the parameters in its conditions."""
    return tool.model_copy(update={"eligible": _filter(tool.eligible, number)})


def limit_in_numbers(limit: Limit, number: Numbers) -> Limit:
    """Return a limit with numbers in place of the parameters in its conditions."""
    bounds = {"at_most": limit.at_most, "at_least": limit.at_least}
    found: dict[str, object] = {
        side: _bound(one, number) for side, one in bounds.items() if one is not None
    }
    told = (
        one.model_copy(update={"packages": _filter(one.packages, number)}) for one in limit.contents
    )
    found |= {"contents": tuple(told)} if limit.contents else {}
    return limit.model_copy(update={"packages": _filter(limit.packages, number), **found})


def _bound(bound: Bound, number: Numbers) -> Bound:
    if isinstance(bound, LeastOf):
        parts = tuple(_bound(one, number) for one in bound.min)
        return bound.model_copy(update={"min": parts})
    if isinstance(bound, TotalOf):
        terms = tuple(_bound(one, number) for one in bound.sum)
        return bound.model_copy(update={"sum": terms})
    if isinstance(bound, ShareOf) and isinstance(bound.of, SumOf):
        among = {"packages": _filter(bound.of.packages, number)}
        return bound.model_copy(update={"of": bound.of.model_copy(update=among)})
    return bound


def _filter(conditions: Filter, number: Numbers) -> Filter:
    def known(span: Span) -> Span:
        found = {name: number(one) for name, one in span.parameters.items()}
        return span.model_copy(update={n: one for n, one in found.items() if one is not None})

    return {n: known(one) if isinstance(one, Span) else one for n, one in conditions.items()}
