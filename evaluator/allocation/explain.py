"""What capped each request, worked out from exact slack at the whole-dollar amounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from evaluator.allocation.bounds import describe
from evaluator.allocation.build import Compiled
from evaluator.allocation.eligibility import Pair, dollars, percent
from evaluator.allocation.rounding import complete
from evaluator.allocation.rows import Row, slack
from evaluator.model.study import Study

Uses = Mapping[int, Sequence[tuple[int, Fraction]]]
_SHOWN = 3


def reasons(
    study: Study, compiled: Compiled, amounts: Sequence[int]
) -> dict[tuple[str, str], str]:
    """Return for each request, by package and tool, what capped it."""
    found = dict(compiled.eligibility.refused)
    program, layout = compiled.program, compiled.layout
    now = complete(program, layout, amounts)
    rooms = [slack(row, now) for row in program.rows]
    uses: dict[int, list[tuple[int, Fraction]]] = defaultdict(list)
    for number, row in enumerate(program.rows):
        if row.kind != "link":
            for column, coefficient in row.terms.items():
                use = coefficient if row.sense == "at_most" else -coefficient
                if column < len(amounts) and use > 0:
                    uses[column].append((number, use))
    for index, pair in enumerate(layout.pairs):
        found[pair.package, pair.tool] = _reason(study, compiled, amounts, rooms, uses, index)
    return found


def nothing(compiled: Compiled, reason: str) -> dict[tuple[str, str], str]:
    """Return one reason for all requests that could have been served."""
    found = dict(compiled.eligibility.refused)
    return found | {(pair.package, pair.tool): reason for pair in compiled.layout.pairs}


def _reason(
    study: Study,
    compiled: Compiled,
    amounts: Sequence[int],
    rooms: Sequence[Fraction],
    uses: Uses,
    index: int,
) -> str:
    pair, amount = compiled.layout.pairs[index], amounts[index]
    if amount == pair.cap:
        return f"in full; {pair.note}" if pair.note else "in full"
    rules = _rules(study, compiled, amounts, index)
    if rules:
        return rules
    least = max(pair.least, 1) if amount == 0 else 1
    rows = compiled.program.rows
    blocked = [row for row, use in uses[index] if use * least > rooms[row]]
    tight = [row for row, use in uses[index] if use > rooms[row]]
    said = [_binds(study, compiled, amounts, uses, index, row) for row in tight[:_SHOWN]]
    if said:
        return "; ".join(said)
    if blocked:
        under = ", ".join(rows[row].label for row in blocked[:_SHOWN])
        return f"minimum ticket: the rest is too small for {dollars(least)} under {under}"
    return _otherwise(study, compiled, amounts, pair, index)


def _rules(study: Study, compiled: Compiled, amounts: Sequence[int], index: int) -> str:
    """Rules that have nothing to do with how much is left."""
    pair, layout = compiled.layout.pairs[index], compiled.layout
    supported = {p for p, where in layout.by_package.items() if any(amounts[i] for i in where)}
    ban = study.scenario.allocation.must_not.get(pair.package)
    if ban is not None and ban.tool in (None, pair.tool):
        return f"must not be supported: {ban.because}"
    package = study.package_by_id[pair.package]
    for other in package.requires:
        if pair.package not in supported and other not in supported and other != package.id:
            return f"requires {other}, which is not supported"
    if package.exclusive_group is not None and pair.package not in supported:
        rivals = [
            name
            for name in sorted(supported)
            if study.package_by_id[name].exclusive_group == package.exclusive_group
        ]
        if rivals:
            return f"{rivals[0]} is supported, of exclusive group {package.exclusive_group}"
    if pair.alternative is not None and not amounts[index]:
        for other_index in layout.by_package[pair.package]:
            other_pair = layout.pairs[other_index]
            if other_pair.alternative == pair.alternative and amounts[other_index]:
                return f"its alternative {other_pair.tool} is served"
    return ""


def _binds(
    study: Study,
    compiled: Compiled,
    amounts: Sequence[int],
    uses: Uses,
    index: int,
    row: int,
) -> str:
    program = compiled.program
    at = program.rows[row]
    place = next((p for p, number in compiled.row_of.items() if number == row), None)
    if place is None:
        return f"{at.label} binds"
    limit = compiled.limits[place]
    if limit.held:
        return f"{limit.held}: {limit.limit} holds it at 0"
    own = all(compiled.layout.pairs[c].package == _package(compiled, index) for c in limit.left)
    if limit.spec.per == "package" or own:
        return f"{at.label} binds ({describe(limit.spec.bound, study)})"
    if _scores_higher(compiled, amounts, uses, index, row):
        return f"scores higher elsewhere: {at.label} binds"
    return f"{at.label} binds"


def _package(compiled: Compiled, index: int) -> str:
    return compiled.layout.pairs[index].package


def _scores_higher(
    compiled: Compiled, amounts: Sequence[int], uses: Uses, index: int, row: int
) -> bool:
    """Whether all of a row's use goes to requests that gain at least as much by it."""

    def gain(column: int) -> float:
        use = next(float(share) for number, share in uses[column] if number == row)
        return compiled.gains[column] / use

    mine = gain(index)
    users = [
        column
        for column, coefficient in compiled.program.rows[row].terms.items()
        if column < len(amounts) and amounts[column] and coefficient > 0 and column != index
    ]
    return bool(users) and all(gain(column) >= mine * (1 - 1e-9) for column in users)


def _otherwise(
    study: Study, compiled: Compiled, amounts: Sequence[int], pair: Pair, index: int
) -> str:
    if compiled.gains[index] <= 0:
        return "its score is 0: support would add nothing"
    layout = compiled.layout
    supported = any(amounts[i] for i in layout.by_package[pair.package])
    share = study.scenario.allocation.minimum_support
    if not supported and share > 0:
        least = dollars(layout.least_support[pair.package])
        return f"not supported: {least}, {percent(share)} of its asks, would be needed at once"
    if pair.least > 1 and not amounts[index]:
        return f"minimum of {dollars(pair.least)}: it fits, but less is gained than is lost by it"
    goals = [
        row.label
        for row in compiled.program.rows
        if row.kind == "goal" and _counts(row, index)
    ]
    if goals:
        return f"held back for {', '.join(goals[:_SHOWN])}"
    return "left out within the gap of the solve"


def _counts(row: Row, index: int) -> bool:
    use = row.terms.get(index, Fraction(0))
    return use > 0 if row.sense == "at_most" else use < 0
