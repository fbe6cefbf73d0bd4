"""Equal amounts for interchangeable packages, where those are as good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.interchange import interchangeable
from evaluator.allocation.model.program import Program
from evaluator.allocation.solve.rounding import broken, complete

_ROUNDING = 1e-12
"""Of the cost of missed goals."""


def shared_equally(compiled: Compiled, program: Program, amounts: Sequence[int]) -> tuple[int, ...]:
    """Return whole-dollar amounts in which interchangeable packages get the same, where they can.

    program: that of the study, or a variation of it with the same columns. What a solver gives the
    one and not the other is its choice alone. As many of a group as can share alike what is given
    to it, the first by id; where none can, the first by id get most. Every row still holds and no
    goal is missed by more, or the amounts stay as they are. Dollars that do not divide go to the
    first.
    """
    found = tuple(amounts)
    by_package = compiled.layout.by_package
    for group in interchangeable(compiled):
        if any(found[at] for package in group for at in by_package[package]):
            for trial in _trials(compiled, group, found):
                if trial == found or _as_good(compiled, program, trial, found):
                    found = trial
                    break
    return found


def _trials(
    compiled: Compiled, group: Sequence[str], amounts: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    """Yield the amounts to try, until those that the group has are as equal."""
    places = [tuple(compiled.layout.by_package[package]) for package in group]
    bundles = [tuple(amounts[at] for at in own) for own in places]
    sums = [sum(of) for of in zip(*bundles, strict=True)]
    served = sum(any(bundle) for bundle in bundles)
    for most in range(len(group), served - 1, -1):
        level = [
            tuple(usd // most + (number < usd % most) for usd in sums)
            if number < most
            else tuple(0 for _ in sums)
            for number in range(len(group))
        ]
        yield _with(places, level, amounts)
    yield _with(places, sorted(bundles, reverse=True), amounts)


def _with(
    places: Sequence[Sequence[int]], bundles: Sequence[Sequence[int]], amounts: tuple[int, ...]
) -> tuple[int, ...]:
    found = list(amounts)
    for own, bundle in zip(places, bundles, strict=True):
        for at, usd in zip(own, bundle, strict=True):
            found[at] = usd
    return tuple(found)


def _as_good(
    compiled: Compiled, program: Program, trial: tuple[int, ...], amounts: tuple[int, ...]
) -> bool:
    caps = (pair.cap for pair in compiled.layout.pairs)
    if any(usd > cap for usd, cap in zip(trial, caps, strict=True)):
        return False
    if broken(program, compiled.layout, trial):
        return False
    before = _missed(compiled, program, amounts)
    return _missed(compiled, program, trial) <= before + _ROUNDING * before


def _missed(compiled: Compiled, program: Program, amounts: tuple[int, ...]) -> float:
    values = complete(program, compiled.layout, amounts)
    return sum(float(program.cost[at] * values[at]) for at in compiled.miss_of.values())
