"""The scenario's method over the values of a study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluator.model.method import Method
from evaluator.scoring import methods
from evaluator.scoring.findings import MethodVariant

Floats = NDArray[np.float64]


class Result(Protocol):
    """What every method returns."""

    @property
    def scores(self) -> Floats:
        """Return scores (n,) or (draws, n), higher is better."""

    @property
    def variant(self) -> MethodVariant:
        """Return the method's name, parameters and source."""


_METHODS: Mapping[str, Callable[..., Result]] = {
    "weighted_sum": methods.weighted_sum,
    "weighted_product": methods.weighted_product,
    "waspas": methods.waspas,
    "topsis": methods.topsis,
    "vikor": methods.vikor,
    "promethee": methods.promethee,
    "electre_tri": methods.electre_tri,
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
    return _METHODS[method.name](matrix, weights, np.ones(criteria), **parameters)


def refused_parameters(method: Method) -> str:
    """Return why a method refuses its parameters, whatever the values; empty if it takes them."""
    try:
        aggregate(method, [[25.0, 75.0], [75.0, 25.0]], [0.5, 0.5])
    except ValueError as error:
        return f"{method.name}: {str(error).removesuffix('.')}."
    return ""
