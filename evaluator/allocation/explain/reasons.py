"""What capped each request, worked out from exact slack at the whole-dollar amounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from evaluator.allocation.model.bounds import describe
from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.eligibility import dollars, percent
from evaluator.allocation.model.rows import slack
from evaluator.allocation.solve.rounding import complete
from evaluator.model.study import Study

_SHOWN = 3


class Reason(NamedTuple):
    """What capped a request, in words, and by name what stands in its way first."""

    words: str
    limit: str = ""
    """The limit that leaves no room, or less than the least amount."""
    group: str = ""
    """Whom that bounds; empty: the whole program."""
    rival: str = ""
    """The package that is supported in the place of this one."""


Reasons = dict[tuple[str, str], Reason]
"""By package and tool."""


@dataclass(frozen=True)
class _State:
    """Everything that a reason is worked out from."""

    study: Study
    compiled: Compiled
    amounts: Sequence[int]
    rooms: Sequence[Fraction]
    """Exact slack by row."""
    uses: Mapping[int, Mapping[int, Fraction]]
    """What a dollar of an amount takes of the room of each row that it can exhaust."""
    place: Mapping[int, int]
    """The limit behind a row."""
    supported: frozenset[str]


def reasons(study: Study, compiled: Compiled, amounts: Sequence[int]) -> Reasons:
    """Return for each request, by package and tool, what capped it."""
    program, layout = compiled.program, compiled.layout
    now = complete(program, layout, amounts)
    uses: dict[int, dict[int, Fraction]] = defaultdict(dict)
    for number, row in enumerate(program.rows):
        if row.kind in ("law", "override"):
            for column, coefficient in row.terms.items():
                use = coefficient if row.sense == "at_most" else -coefficient
                if column < len(amounts) and use > 0:
                    uses[column][number] = use
    state = _State(
        study,
        compiled,
        amounts,
        [slack(row, now) for row in program.rows],
        uses,
        {row: place for place, row in compiled.row_of.items()},
        supported(compiled, amounts),
    )
    found = {(p.package, p.tool): _reason(state, index) for index, p in enumerate(layout.pairs)}
    return {**_refused(compiled), **found}


def supported(compiled: Compiled, amounts: Sequence[int]) -> frozenset[str]:
    """Return the packages with any support."""
    pairs = compiled.layout.pairs
    return frozenset(p.package for p, a in zip(pairs, amounts, strict=True) if a)


def same_for_all(compiled: Compiled, reason: str) -> Reasons:
    """Return one reason for all requests that could have been served."""
    found = {(pair.package, pair.tool): Reason(reason) for pair in compiled.layout.pairs}
    return {**_refused(compiled), **found}


def _refused(compiled: Compiled) -> Reasons:
    return {request: Reason(why) for request, why in compiled.eligibility.refused.items()}


def _reason(state: _State, index: int) -> Reason:
    pair, amount = state.compiled.layout.pairs[index], state.amounts[index]
    if amount == pair.cap:
        return Reason(f"in full; {pair.note}" if pair.note else "in full")
    by_rule = _by_rule(state, index)
    if by_rule is not None:
        return by_rule
    rows = state.compiled.program.rows
    uses = state.uses.get(index, {})
    tight = [row for row, use in uses.items() if use > state.rooms[row]]
    if tight:
        tight.sort(key=lambda row: not _own(state, index, row))
        words = "; ".join(_binds(state, index, row) for row in tight[:_SHOWN])
        return Reason(words, rows[tight[0]].name, rows[tight[0]].group)
    least = max(pair.least, 1) if amount == 0 else 1
    narrow = [row for row, use in uses.items() if use * least > state.rooms[row]]
    if narrow:
        under = ", ".join(rows[row].label for row in narrow[:_SHOWN])
        words = f"minimum of {dollars(least)}: the rest is too small under {under}"
        return Reason(words, rows[narrow[0]].name, rows[narrow[0]].group)
    return Reason(_otherwise(state, index))


def _by_rule(state: _State, index: int) -> Reason | None:
    """Rules that have nothing to do with how much is left."""
    pair, layout = state.compiled.layout.pairs[index], state.compiled.layout
    package = state.study.package_by_id[pair.package]
    ban = state.study.scenario.allocation.must_not.get(pair.package)
    if ban is not None and ban.tool in (None, pair.tool):
        return Reason(f"must not be supported: {ban.because}")
    if pair.package not in state.supported:
        absent = [q for q in package.requires if q not in state.supported and q != package.id]
        if absent:
            return Reason(f"requires {absent[0]}, which is not supported")
        group = package.exclusive_group
        for rival in sorted(state.supported) if group is not None else ():
            if state.study.package_by_id[rival].exclusive_group == group:
                words = f"{rival} is supported, of the same exclusive group {group}"
                return Reason(words, rival=rival)
    for other in layout.by_package[pair.package] if pair.alternative is not None else ():
        same = layout.pairs[other].alternative == pair.alternative
        if other != index and same and state.amounts[other]:
            return Reason(f"its alternative {layout.pairs[other].tool} is served")
    return None


def _binds(state: _State, index: int, row: int) -> str:
    label = state.compiled.program.rows[row].label
    if row not in state.place:
        return f"{label} binds"
    limit = state.compiled.limits[state.place[row]]
    if limit.held:
        return f"{limit.held}: {limit.limit} holds it at 0"
    if _own(state, index, row):
        return f"{label} binds ({describe(limit.spec.bound, state.study)})"
    return (
        f"gains more elsewhere: {label} binds" if _outbid(state, index, row) else f"{label} binds"
    )


def _own(state: _State, index: int, row: int) -> bool:
    """Whether a row bounds the amounts of this package alone."""
    pairs, terms = state.compiled.layout.pairs, state.compiled.program.rows[row].terms
    return all(pairs[c].package == pairs[index].package for c in terms if c < len(pairs))


def _outbid(state: _State, index: int, row: int) -> bool:
    """Whether all of a row's room goes to others that gain as much by it, or more."""

    def gain(column: int) -> float:
        return state.compiled.gains[column] / float(state.uses[column][row])

    users = [
        column
        for column in state.compiled.program.rows[row].terms
        if column < len(state.amounts)
        and state.amounts[column]
        and row in state.uses[column]
        and column != index
    ]
    mine = gain(index) * (1 - 1e-9)
    return bool(users) and all(gain(column) >= mine for column in users)


def _otherwise(state: _State, index: int) -> str:
    """No limit stands in the way of this request alone."""
    if state.compiled.gains[index] <= 0:
        return "its score counts 0: support would add nothing"
    layout, program = state.compiled.layout, state.compiled.program
    package = layout.pairs[index].package
    share = state.study.scenario.allocation.minimum_support
    if package not in state.supported and share > 0:
        least = dollars(layout.least_support[package])
        return f"not supported: {least} would be needed at once, {percent(share)} of its asks"
    goals = [
        row.label
        for row in program.rows
        if row.kind == "goal"
        and row.terms.get(index, Fraction(0)) * (1 if row.sense == "at_most" else -1) > 0
    ]
    if goals:
        return f"held back for {', '.join(goals[:_SHOWN])}"
    return "left out within the gap of the solve"
