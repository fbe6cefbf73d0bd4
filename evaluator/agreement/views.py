"""What each agency sees otherwise than the others together, and which criterion makes it so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from evaluator.agreement.arrays import Bools, Floats, Ints
from evaluator.decision.ties import competition_ranks, levelled

Members = Callable[[Floats, Floats, Ints], Bools]
"""Influence (k,), scores (k, n) and positions (k,) of the agencies counted -> who is in (n,)."""


def views(
    scores: Floats,
    influence: Floats,
    values: pd.DataFrame,
    weights: pd.DataFrame,
    members: Members,
    summed: bool,
) -> Iterator[dict[str, object]]:
    """Yield `AGENCY_VIEWS`, a row an agency and package, in the order of both.

    scores (k, n) of the agencies, influence (k,), values (n, m), weights (k, m). The others are
    weighed together by their influence, scaled to sum to 1; where they have none they have no rank.
    An agency's score less theirs is a sum over criteria, (its weight less theirs) x value; less its
    mean over the packages, which moves no rank, that is a criterion's part. Of a package that the
    agency ranks higher the largest part is named, of one that it ranks lower the least. Where
    scores are not `summed` over criteria no part is told. members: the rule of designation; alone,
    an agency has all the influence, and floors and named decisions stay.
    """
    w, v = weights.to_numpy(dtype=np.float64), values.to_numpy(dtype=np.float64)
    counted = np.arange(len(w))
    own_ranks, mean = competition_ranks(scores), v.mean(axis=0)
    for a, agency in enumerate(map(str, weights.index)):
        rest = np.where(counted == a, 0.0, influence)
        others = rest / rest.sum() if rest.sum() > 0 else None
        alone = members(np.where(counted == a, 1.0, 0.0), scores, counted)
        if others is not None:
            ranks = competition_ranks(others @ scores)
            theirs = others @ w
            parts = levelled((w[a] - theirs) * (v - mean)) if summed else None
        for p, package in enumerate(map(str, values.index)):
            row: dict[str, object] = {"agency": agency, "package": package, **_NOTHING}
            row |= {"rank": int(own_ranks[a, p]), "alone": bool(alone[p])}
            if others is not None:
                row["others"] = int(ranks[p])
                moved = int(ranks[p]) - int(own_ranks[a, p])
                if moved and parts is not None:
                    c = int(parts[p].argmax() if moved > 0 else parts[p].argmin())
                    row |= {
                        "criterion": str(weights.columns[c]),
                        "points": float((w[a, c] - theirs[c]) * (v[p, c] - mean[c])),
                        "weight_others": float(theirs[c]),
                        "mean": float(mean[c]),
                    }
            yield row


_NOTHING: dict[str, object] = {
    **{"criterion": "", "others": None},
    **dict.fromkeys(("points", "weight_others", "mean")),
}
