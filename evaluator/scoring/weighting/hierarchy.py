"""Weights stated level by level in a tree (agency > group > criterion), multiplied down."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from evaluator.scoring.findings import WeightingVariant
from evaluator.scoring.weighting.checks import equal_up_to_rounding
from evaluator.scoring.weighting.result import Weighting, to_weights

Tree: TypeAlias = "Mapping[str, float | tuple[float, Tree]]"
Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class HierarchyWeighting(Weighting):
    """Leaf weights (m,), the path of each leaf, and the weight of every node on the way."""

    leaves: tuple[Path, ...]
    nodes: tuple[tuple[Path, float], ...]


def hierarchy(tree: Tree) -> HierarchyWeighting:
    """Return the weight of each leaf: the product of the local weights on its path.

    A node is `name: weight` (a leaf) or `name: (weight, children)`. Leaves keep the order in
    which the tree names them.

    >>> two_groups = {"security": (0.6, {"chips": 0.5, "cloud": 0.5}), "jobs": 0.4}
    >>> dict(hierarchy(two_groups).nodes)[("security", "chips")]
    0.3

    Raises:
        ValueError: a level that is empty, holds a weight below 0, or does not sum to 1; the
            message shows the path and the sum of every such level.
    """
    faults = list(_faults((), tree))
    if faults:
        raise ValueError("Hierarchy of weights: " + "; ".join(faults) + ".")
    nodes = tuple(_descend((), 1.0, tree))
    leaves = tuple((path, weight) for path, weight, is_leaf in nodes if is_leaf)
    return HierarchyWeighting(
        weights=to_weights(np.array([weight for _, weight in leaves])),
        variant=WeightingVariant("hierarchy", (("aggregation", "multiplied_down"),), "Saaty 1980"),
        leaves=tuple(path for path, _ in leaves),
        nodes=tuple((path, weight) for path, weight, _ in nodes),
    )


def _split(node: float | tuple[float, Tree]) -> tuple[float, Tree | None]:
    return node if isinstance(node, tuple) else (node, None)


def _faults(path: Path, tree: Tree) -> Iterator[str]:
    where = " > ".join(path) or "top level"
    local = {name: _split(node)[0] for name, node in tree.items()}
    wrong = {name: weight for name, weight in local.items() if not 0 <= weight < math.inf}
    if not local:
        yield f"{where} has no members"
    elif wrong:
        yield from (f"{where}: {name} weighs {w:g}, not 0 or more" for name, w in wrong.items())
    elif not equal_up_to_rounding(local.values(), 1.0):
        yield f"{where}: weights sum to {math.fsum(local.values()):.12g}, not to 1"
    for name, node in tree.items():
        children = _split(node)[1]
        if children is not None:
            yield from _faults((*path, name), children)


def _descend(path: Path, weight: float, tree: Tree) -> Iterator[tuple[Path, float, bool]]:
    for name, node in tree.items():
        local, children = _split(node)
        yield (*path, name), weight * local, children is None
        if children is not None:
            yield from _descend((*path, name), weight * local, children)
