"""The scenario's method over the values of a study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.model.method import Method
from evaluator.scoring.findings import MethodVariant
from evaluator.scoring.methods.additive import waspas, weighted_product, weighted_sum
from evaluator.scoring.methods.distance import topsis, vikor
from evaluator.scoring.methods.electre_tri import electre_tri
from evaluator.scoring.methods.promethee import promethee

Floats = NDArray[np.float64]


class Result(Protocol):
    """What every method returns."""

    @property
    def scores(self) -> Floats:
        """Return scores (n,) or (draws, n), higher is better."""

    @property
    def variant(self) -> MethodVariant:
        """Return the method's name, parameters and source."""


Unit: TypeAlias = Literal["points", "share", "net flow", "class"]
"""points: of 0 to 100. share: of the method's own scale, 0 to 1. net flow: -1 to 1."""


@dataclass(frozen=True)
class Aggregation:
    """One method of aggregation and what has to be known of its scores."""

    function: Callable[..., Result]
    unit: Unit = "points"
    """Of its scores where the values are not normalized."""
    linear: bool = False
    """Each score is a sum over criteria of weight x a contribution that no weight moves."""
    normalization: str = "none"
    """Its own default."""
    beside: Method | None = None
    """As it is set beside a study's own method; None: it is not."""


METHODS: Mapping[str, Aggregation] = {
    "weighted_sum": Aggregation(weighted_sum, linear=True, beside=Method()),
    "weighted_product": Aggregation(weighted_product, beside=Method(name="weighted_product")),
    "waspas": Aggregation(waspas, normalization="max", beside=Method(name="waspas")),
    "topsis": Aggregation(topsis, "share", beside=Method(name="topsis")),
    "vikor": Aggregation(vikor, "share", beside=Method(name="vikor")),
    # net flows are sums of weight x flow on one criterion
    "promethee": Aggregation(
        promethee,
        "net flow",
        linear=True,
        beside=Method(name="promethee", preference="linear", q=5.0, p=25.0),
    ),
    "electre_tri": Aggregation(electre_tri, "class"),
}


def aggregate(method: Method, values: ArrayLike, weights: ArrayLike) -> Result:
    """Return the method's result for values (n, m) in 0..100 and weights (m,) or (draws, m).

    Values have no direction left: higher is better on every criterion.
    Raises ValueError where the method refuses the values, such as a column that it cannot scale.
    """
    matrix = np.asarray(values, dtype=np.float64)
    criteria = matrix.shape[-1]
    parameters: dict[str, Any] = method.parameters
    if method.profiles is not None:
        parameters["profiles"] = [[level] * criteria for level in method.profiles]
    return METHODS[method.name].function(matrix, weights, np.ones(criteria), **parameters)


def is_plain_sum(method: Method) -> bool:
    """Return whether a method is the weighted sum of the values as they are."""
    return method.name == "weighted_sum" and (method.normalization or "none") == "none"


def refused_parameters(method: Method) -> str:
    """Return why a method refuses its parameters, whatever the values; empty if it takes them."""
    try:
        aggregate(method, [[25.0, 75.0], [75.0, 25.0]], [0.5, 0.5])
    except ValueError as error:
        return f"{method.name}: {str(error).removesuffix('.')}."
    return ""


def weighted_mean(values: Floats, weights: Floats) -> Floats:
    """Return the weighted sum over what counts, its weights scaled to sum to 1.

    values (n, m), NaN where one does not count; weights (..., m) -> (..., n). Or values (d, n, m),
    one table for each row of weights (d, m) -> (d, n). Of which nothing with a weight counts has 0.
    """
    counts = ~np.isnan(values)
    known = np.where(counts, values, 0.0)
    if values.ndim == 3:
        sums = np.matmul(known, weights[:, :, None])[:, :, 0]
        whole = np.matmul(counts, weights[:, :, None])[:, :, 0]
    else:
        sums, whole = weights @ known.T, weights @ counts.T.astype(np.float64)
    whole = np.where(counts.all(axis=-1), 1.0, whole)
    found: Floats = np.divide(sums, whole, out=np.zeros_like(sums), where=whole > 0)
    return found
