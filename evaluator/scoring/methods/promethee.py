"""PROMETHEE I and II: outranking by preference flows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluator.scoring.findings import MethodVariant, Parameter
from evaluator.scoring.methods.normalization import Normalization, normalize
from evaluator.scoring.methods.preference import (
    Preference,
    preference_functions,
    unicriterion_flows,
)
from evaluator.scoring.methods.problem import (
    SLACK,
    Bools,
    Floats,
    as_parameter,
    decision_problem,
    unbatched,
    weigh,
)

_SOURCE = (
    "Brans & Vincke 1985, Management Science 31(6); Brans, Vincke & Mareschal 1986, EJOR 24(2)"
)


@dataclass(frozen=True, slots=True)
class PartialOrder:
    """PROMETHEE I: cell [a, b] of each (n, n) relation compares alternative a with b.

    `preferred`: a before b. `indifferent`: equal in both flows. `incomparable`: the two flows
    contradict each other. Exactly one of preferred[a, b], preferred[b, a], indifferent[a, b]
    and incomparable[a, b] holds.
    """

    preferred: Bools
    indifferent: Bools
    incomparable: Bools


@dataclass(frozen=True, slots=True)
class PrometheeResult:
    """Flows in 0..1: `positive` (how much it outranks) and `negative` (how much it is outranked).

    Shapes (n,), or (draws, n) for a batch. `net` = positive - negative in -1..1 is PROMETHEE II.
    """

    positive: Floats
    negative: Floats
    variant: MethodVariant

    @property
    def net(self) -> Floats:
        """Return the net flows of PROMETHEE II, higher is better."""
        return self.positive - self.negative

    @property
    def scores(self) -> Floats:
        """Return the net flows."""
        return self.net

    def partial_order(self, draw: int | None = None) -> PartialOrder:
        """Return PROMETHEE I's partial order, of the named draw if this is a batch.

        Flows within 1e-12 count as equal. Raises ValueError for a batch without a draw.
        """
        if self.positive.ndim == 2 and draw is None:
            raise ValueError("this is a batch of draws; name the draw whose order is wanted.")
        positive = self.positive if self.positive.ndim == 1 else self.positive[draw]
        negative = self.negative if self.negative.ndim == 1 else self.negative[draw]
        gain = positive[:, None] - positive[None, :]
        loss = negative[:, None] - negative[None, :]
        as_good = (gain >= -SLACK) & (loss <= SLACK)
        return PartialOrder(
            preferred=as_good & ~as_good.T,
            indifferent=as_good & as_good.T,
            incomparable=~as_good & ~as_good.T,
        )


def promethee(
    matrix: ArrayLike,
    weights: ArrayLike,
    directions: ArrayLike,
    *,
    preference: Preference | Sequence[Preference] = "usual",
    q: ArrayLike | None = None,
    p: ArrayLike | None = None,
    s: ArrayLike | None = None,
    normalization: Normalization = "none",
) -> PrometheeResult:
    """Rank by flows of preference: the mean degree to which one is preferred to the others.

    Shapes: matrix (n, m), weights (m,) or (draws, m), directions (m,) of +1 / -1 -> flows (n,)
    or (draws, n). `preference` names one function for all criteria or one for each:
    usual: any difference counts 1. u_shape: 1 beyond q. v_shape: linear up to p. level: 1/2
    beyond q, 1 beyond p. linear: from 0 at q to 1 at p. gaussian: 1 - exp(-d^2 / 2 s^2).
    q, p and s are numbers or (m,), in the unit of the criterion after normalisation; p = q makes
    a step. At a step, a difference within 1e-12 of the threshold (relative to the column's
    largest magnitude) does not exceed it.
    Takes O(m n log n) time for all functions but gaussian, which takes O(m n^2).
    Raises ValueError for malformed input, an unknown function, a threshold that is missing,
    negative, out of order, or used by no function.
    Source: Brans & Vincke 1985, Management Science 31(6), 647-656; Brans, Vincke & Mareschal
    1986, European Journal of Operational Research 24(2), 228-238, there without the division
    by n - 1.

    >>> promethee([[1], [2], [4]], [1], [1], preference="v_shape", p=2).net
    array([-0.75, -0.25,  1.  ])
    """
    problem = decision_problem(matrix, weights, directions)
    thresholds = {"q": q, "p": p, "s": s}
    criteria = problem.matrix.shape[1]
    functions = preference_functions(preference, thresholds, criteria)
    values = normalize(problem.matrix, problem.directions, normalization)
    positive, negative = np.empty_like(values), np.empty_like(values)
    for column, (performances, function) in enumerate(zip(values.T, functions, strict=True)):
        flows = unicriterion_flows(performances, function)
        positive[:, column], negative[:, column] = flows
    kinds: Parameter = preference if isinstance(preference, str) else tuple(preference)
    stated = tuple(
        (symbol, as_parameter(np.asarray(given, dtype=np.float64).ravel()))
        for symbol, given in thresholds.items()
        if given is not None
    )
    return PrometheeResult(
        positive=unbatched(weigh(positive, problem.weights), problem.single),
        negative=unbatched(weigh(negative, problem.weights), problem.single),
        variant=MethodVariant(
            "promethee", normalization, (("preference", kinds), *stated), _SOURCE
        ),
    )
