"""Where one agency alone decides what becomes of a package."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.agreement.arrays import (
    Bools,
    Floats,
    matrix,
    weights_of_agencies,
)
from evaluator.agreement.findings import LeftOut, ViewMoved
from evaluator.results.findings import Finding

Membership: TypeAlias = Callable[[Floats, Floats, NDArray[np.intp]], NDArray[np.bool_]]
"""The influence of the agencies that are counted (k or k - 1,), which sums to 1, their scores
(k or k - 1, n), and which agencies these are (positions, so that a rule can find their floors and
weights) -> who is in (n,)."""


@dataclass(frozen=True)
class Decisive:
    """Whose vote alone changes whether a package is in.

    `baseline` (n,): who is in with all agencies. `flips` (k, n): changing agency a alone changes
    that for package p. `decisive`: for each package the one agency that does, None where none or
    several do. `sole`: the agency that holds all the influence, if one does: it decides every
    package. `variant` says what was changed.
    """

    baseline: Bools
    flips: Bools
    decisive: tuple[int | None, ...]
    sole: int | None
    variant: Finding

    def agencies(self, package: int) -> tuple[int, ...]:
        """The agencies that can change, each alone, whether `package` is in."""
        return tuple(int(a) for a in np.flatnonzero(self.flips[:, package]))


def decisive_agencies(
    scores: ArrayLike,
    influence: ArrayLike,
    members: Membership,
    change: Literal["removal", "view"] = "removal",
    scale: tuple[float, float] = (0.0, 100.0),
) -> Decisive:
    """For each package the agencies that decide, each alone, whether it is in.

    `scores` (k, n) of the agencies, `influence` (k,) sums to 1, `members` is called
    with the influence of those counted, their scores, and their positions.
    `removal`: agency a is left out; the influence of the others is scaled up to sum to 1 and
    `members` sees k - 1 rows. `view`: agency a's score of one package is put at the lowest, then
    at the highest end of `scale`, everything else as it was (that is 2 k n calls of `members`).
    Raises ValueError, also where `members` does not return n booleans.
    """
    array = matrix(scores, "scores")
    weight = weights_of_agencies(influence, len(array), "influence")
    if abs(weight.sum() - 1.0) > 1e-9:
        raise ValueError(f"influence sums to {weight.sum():g}; it must sum to 1")
    baseline = _who(members, weight, array)
    held = np.flatnonzero(weight)
    sole = int(held[0]) if len(held) == 1 else None
    flips = np.zeros(array.shape, dtype=np.bool_)
    for a in range(len(array)):
        if a == sole:
            flips[a] = True
        elif change == "removal":
            flips[a] = baseline != _who(members, weight, array, a)
        elif change == "view":
            flips[a] = baseline != _with_view(members, weight, array, a, baseline, scale)
        else:
            raise ValueError(f"unknown change {change!r}; use 'removal' or 'view'")
    return Decisive(baseline, flips, tuple(_only(flips)), sole, _VARIANTS[change]())


_VARIANTS: Mapping[str, type[Finding]] = {"removal": LeftOut, "view": ViewMoved}


def _who(members: Membership, weight: Floats, scores: Floats, left_out: int | None = None) -> Bools:
    counted = np.arange(len(weight))
    if left_out is not None:
        counted = np.delete(counted, left_out)
        weight, scores = weight[counted] / weight[counted].sum(), scores[counted]
    inside = np.asarray(members(weight, scores, counted))
    if inside.shape != scores.shape[1:] or inside.dtype != np.bool_:
        raise ValueError(
            f"members returned {inside.dtype} of shape {inside.shape}; "
            f"it must return {scores.shape[1]} booleans"
        )
    return inside


def _with_view(
    members: Membership,
    weight: Floats,
    scores: Floats,
    a: int,
    baseline: Bools,
    scale: tuple[float, float],
) -> Bools:
    """Membership of each package where agency a's own view of it alone changes it."""
    changed = baseline.copy()
    for package in range(scores.shape[1]):
        for view in scale:
            moved = scores.copy()
            moved[a, package] = view
            if _who(members, weight, moved)[package] != baseline[package]:
                changed[package] = not baseline[package]
    return changed


def _only(flips: Bools) -> Iterator[int | None]:
    for column in flips.T:
        found = np.flatnonzero(column)
        yield int(found[0]) if len(found) == 1 else None
