"""Preference functions: how much a difference on one criterion counts, and the flows they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from evaluator.scoring.methods.problem import SLACK, Floats, on_criterion, per_criterion

Preference = Literal["usual", "u_shape", "v_shape", "level", "linear", "gaussian"]

_NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "usual": (),
        "u_shape": ("q",),
        "v_shape": ("p",),
        "level": ("q", "p"),
        "linear": ("q", "p"),
        "gaussian": ("s",),
    }
)

_PAIRS_AT_ONCE = 2**20


@dataclass(frozen=True, slots=True)
class PreferenceFunction:
    """The preference function of one criterion; a threshold that it does not use is 0."""

    kind: str
    q: float
    p: float
    s: float

    def ramps(self) -> tuple[tuple[float, float], ...]:
        """Return the (foot, head) of the ramps whose mean this piecewise-linear function is."""
        return {
            "usual": ((0.0, 0.0),),
            "u_shape": ((self.q, self.q),),
            "v_shape": ((0.0, self.p),),
            "level": ((self.q, self.q), (self.p, self.p)),
            "linear": ((self.q, self.p),),
        }[self.kind]


def preference_functions(
    kinds: str | Sequence[str],
    thresholds: Mapping[str, ArrayLike | None],
    criteria: int,
) -> tuple[PreferenceFunction, ...]:
    """Return the function of each criterion from what a caller states for all or for each.

    Raises ValueError naming the criterion for an unknown kind, for a threshold that is needed
    and absent, negative, or out of order (p under q), and for one that no criterion uses.
    """
    names = [kinds] * criteria if isinstance(kinds, str) else list(kinds)
    if len(names) != criteria:
        raise ValueError(f"{len(names)} preference functions for {criteria} criteria.")
    for column, name in enumerate(names):
        if name not in _NEEDS:
            known = ", ".join(_NEEDS)
            raise ValueError(f"preference[{column}] is {name!r}; known here: {known}.")
    given = {
        symbol: per_criterion(values, symbol, criteria)
        for symbol, values in thresholds.items()
        if values is not None
    }
    for symbol, values in given.items():
        # published cases state q = 0 beside a V-shape: no indifference, which is what it has
        none = symbol == "q" and not values.any()
        if not none and not any(symbol in _NEEDS[name] for name in names):
            raise ValueError(f"{symbol} is given, but none of the preference functions uses it.")
    each = None if isinstance(kinds, str) else kinds
    places = [on_criterion(i, each, *thresholds.values()) for i in range(criteria)]
    return tuple(_function(name, given, i, places[i]) for i, name in enumerate(names))


def _function(
    name: str, given: Mapping[str, Floats], column: int, where: str
) -> PreferenceFunction:
    used = {"q": 0.0, "p": 0.0, "s": 0.0}
    for symbol in _NEEDS[name]:
        if symbol not in given:
            raise ValueError(f"{name}{where} needs {symbol}; give it.")
        used[symbol] = float(given[symbol][column])
        if not (np.isfinite(used[symbol]) and used[symbol] >= 0):
            raise ValueError(f"{symbol} is {used[symbol]:g}{where}; give a number of 0 or more.")
    function = PreferenceFunction(name, **used)
    if "p" in _NEEDS[name] and function.p < function.q:
        raise ValueError(f"p = {function.p:g} is under q = {function.q:g}{where}.")
    if name == "gaussian" and function.s == 0:
        raise ValueError(f"s is 0{where}; gaussian needs a positive s.")
    return function


def ramp(differences: Floats, foot: Floats, head: Floats, slack: Floats) -> Floats:
    """Return 0 up to foot, 1 beyond head, linear between; a step where the two coincide.

    All broadcast; at a step, a difference within slack of it counts as not beyond.
    """
    width = head - foot
    step = width <= slack
    sloped = np.clip((differences - foot) / np.where(step, 1.0, width), 0.0, 1.0)
    shares: Floats = np.where(step, differences > foot + slack, sloped)
    return shares


def unicriterion_flows(values: Floats, function: PreferenceFunction) -> tuple[Floats, Floats]:
    """Return the positive and negative flow (n,) of each alternative on one criterion.

    Values (n,), higher is better; flows are means over the other alternatives, 0 if there are
    none. Piecewise-linear functions take O(n log n) time and O(n) memory, by sorting and prefix
    sums; gaussian takes O(n^2) time and bounded memory.
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    others = max(len(values) - 1, 1)
    if function.kind == "gaussian":
        above, below = _gaussian_sums(ordered, function.s)
    else:
        ramps = function.ramps()
        above = np.mean([_ramp_sums(ordered, *ends) for ends in ramps], axis=0)
        mirrored = -ordered[::-1]
        below = np.mean([_ramp_sums(mirrored, *ends) for ends in ramps], axis=0)[::-1]
    positive, negative = np.empty_like(values), np.empty_like(values)
    positive[order], negative[order] = above / others, below / others
    return positive, negative


def _ramp_sums(ordered: Floats, foot: float, head: float) -> Floats:
    """Return, for each x of ascending values, the sum over all y of ramp(x - y)."""
    low, high = ordered[0], ordered[-1]
    slack = SLACK * max(abs(low), abs(high))
    width = head - foot
    if width <= slack:
        counts: Floats = ordered.searchsorted(ordered - (foot + slack)).astype(np.float64)
        return counts
    centred = ordered - (low / 2 + high / 2)
    prefix = np.concatenate(([0.0], np.cumsum(centred)))
    full = centred.searchsorted(centred - head)
    some = centred.searchsorted(centred - foot)
    partly = some - full
    sloped = (partly * (centred - foot) - (prefix[some] - prefix[full])) / width
    sums: Floats = full + np.clip(sloped, 0.0, partly)
    return sums


def _gaussian_sums(ordered: Floats, s: float) -> tuple[Floats, Floats]:
    above, below = np.empty_like(ordered), np.zeros_like(ordered)
    rows = max(1, _PAIRS_AT_ONCE // len(ordered))
    for start in range(0, len(ordered), rows):
        stop = min(start + rows, len(ordered))
        with np.errstate(over="ignore"):
            differences = np.maximum(ordered[start:stop, None] - ordered[None, :stop], 0.0)
            degrees = -np.expm1(-0.5 * (differences / s) ** 2)
        above[start:stop] = degrees.sum(axis=1)
        below[:stop] += degrees.sum(axis=0)
    return above, below
