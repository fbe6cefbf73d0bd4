"""Weights of a group, each of whose respondents has judged the same criteria.

Two ways, as Forman & Peniwati (1998, EJOR 108, 165-169) tell them apart. A group that acts as one
aggregates judgements: the geometric mean of each judgement, the only mean that keeps a matrix
reciprocal (Aczel & Saaty 1983, Journal of Mathematical Psychology 27, 93-102). A group of
individuals aggregates priorities: a mean of the weights that follow from each respondent's own
judgements. Ossadnik, Schinke & Kaspar (2016, Group Decision and Negotiation 25, 421-457) compare
the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

import numpy as np
from numpy.typing import ArrayLike

from evaluator.scoring.findings import Doubt, InconsistentRespondents, WeightingVariant
from evaluator.scoring.weighting.ahp import ACCEPTABLE_RATIO, AhpWeighting, ahp
from evaluator.scoring.weighting.best_worst import BestWorstModel, BestWorstWeighting, best_worst
from evaluator.scoring.weighting.checks import label
from evaluator.scoring.weighting.result import Bools, Floats, Weighting, to_weights

Aggregate = Literal["judgements", "priorities"]
Mean = Literal["geometric", "arithmetic"]
W = TypeVar("W", bound=Weighting)
_SOURCE = "Forman & Peniwati 1998, EJOR 108, 165-169"


@dataclass(frozen=True, eq=False, kw_only=True)
class GroupWeighting(Weighting):
    """A group's weights (m,), and what each of its r respondents said.

    `individual`: the weighting that follows from each respondent's own judgements. `ratios` (r,):
    the inconsistency of each; for AHP the consistency ratio, for best-worst that of the judgements
    alone. `counted` (r,): who is not left out. `group_ratio`: that of the aggregated judgements;
    where priorities are aggregated, the greatest of those that count.
    """

    individual: tuple[Weighting, ...]
    ratios: Floats
    counted: Bools
    group_ratio: float


def group_ahp(
    matrices: Sequence[ArrayLike],
    aggregate: Aggregate = "judgements",
    *,
    mean: Mean = "geometric",
    leave_out_above: float | None = None,
    random_index: str = "saaty",
    respondents: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
) -> GroupWeighting:
    """Return a group's weights from one reciprocal matrix (m, m) a respondent.

    aggregate: judgements, by the geometric mean of each cell, or priorities, by the mean named.
    leave_out_above: who has a consistency ratio over this is left out, and named in a warning;
    None: everybody counts, and those over 0.10 are named. Judgements beyond the scale are as
    `ahp` warns of them, in the aggregated matrix.

    Raises:
        ValueError: no respondent, matrices of different sizes, what `ahp` refuses of any of them
            (every respondent is named), nobody left, or judgements by an arithmetic mean.

    Source: Forman & Peniwati 1998, EJOR 108, 165-169; Aczel & Saaty 1983.
    """
    each = _each(respondents, len(matrices), lambda i: ahp(matrices[i], random_index, names=names))
    ratios = np.array([one.consistency_ratio for one in each])

    def judged(counted: Bools) -> AhpWeighting:
        every = np.stack([np.asarray(matrix, dtype=np.float64) for matrix in matrices])
        return ahp(geometric_mean(every[counted]), random_index, names=names)

    def ratio(found: AhpWeighting) -> float:
        return found.consistency_ratio

    index = each[0].random_index.name
    how = _How("ahp", aggregate, mean, leave_out_above, index, (("random_index", index),))
    return _aggregated(how, each, ratios, judged, ratio, respondents, ACCEPTABLE_RATIO)


def group_best_worst(
    best_to_others: Sequence[ArrayLike],
    others_to_worst: Sequence[ArrayLike],
    aggregate: Aggregate = "priorities",
    *,
    mean: Mean = "geometric",
    leave_out_above: float | None = None,
    model: BestWorstModel = "linear",
    respondents: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
) -> GroupWeighting:
    """Return a group's weights from two best-worst vectors (m,) a respondent.

    aggregate: priorities, by the mean named, or judgements, by their geometric mean, which needs
    one best and one worst criterion that all respondents name. leave_out_above: who has an input
    consistency ratio (Liang, Brunelli & Rezaei 2020) over this is left out, and named.

    Raises:
        ValueError: as `group_ahp`, with `best_worst` in place of `ahp`; or judgements about
            different best or worst criteria.

    Source: Rezaei 2015, Omega 53, 49-57; Rezaei 2016, Omega 64, 126-130; aggregation as in Forman &
    Peniwati 1998.
    """
    each = _each(
        respondents,
        len(best_to_others),
        lambda i: best_worst(best_to_others[i], others_to_worst[i], model, names=names),
    )
    ratios = np.array([one.input_consistency_ratio for one in each])

    def judged(counted: Bools) -> BestWorstWeighting:
        chosen = np.flatnonzero(counted).tolist()
        ends = {(each[i].best, each[i].worst) for i in chosen}
        if len(ends) > 1:
            told = ", ".join(f"{label(names, b)} and {label(names, w)}" for b, w in sorted(ends))
            raise ValueError(
                "Best-worst: judgements can be aggregated only about one best and one worst "
                f"criterion, and respondents name {told}; aggregate priorities instead."
            )
        over, under = (
            geometric_mean(np.stack([np.asarray(vectors[i], dtype=np.float64) for i in chosen]))
            for vectors in (best_to_others, others_to_worst)
        )
        return best_worst(over, under, model, names=names)

    def ratio(found: BestWorstWeighting) -> float:
        return found.input_consistency_ratio

    how = _How("best_worst", aggregate, mean, leave_out_above, "", (("model", model),))
    return _aggregated(how, each, ratios, judged, ratio, respondents, None)


def geometric_mean(judgements: Floats) -> Floats:
    """Return the geometric mean (...) of positive judgements (r, ...), respondent by respondent.

    Of reciprocal matrices it is reciprocal: the lower triangle is the reciprocal of the upper one.

    >>> geometric_mean(np.array([[2.0, 8.0], [8.0, 2.0]]))
    array([4., 4.])
    """
    found: Floats = np.exp(np.log(judgements).mean(axis=0))
    if found.ndim == 2:
        below = np.tril_indices(len(found), k=-1)
        found[below] = 1.0 / found.T[below]
    return found


def mean_priorities(priorities: Floats, mean: Mean = "geometric") -> Floats:
    """Return weights (m,) from those of each respondent (r, m): their mean, scaled to sum to 1.

    By the geometric mean a criterion that one respondent gives no weight has none.
    """
    if mean == "arithmetic":
        return to_weights(priorities.mean(axis=0))
    with np.errstate(divide="ignore"):
        found = np.exp(np.log(priorities).mean(axis=0))
    if not found.any():
        raise ValueError(
            "Group: every criterion has no weight by some respondent, so that geometric means are "
            "all 0; use the arithmetic mean."
        )
    return to_weights(found)


@dataclass(frozen=True)
class _How:
    method: str
    aggregate: Aggregate
    mean: Mean
    leave_out_above: float | None
    index: str
    parameters: tuple[tuple[str, str | float], ...]

    def __post_init__(self) -> None:
        if self.aggregate not in get_args(Aggregate) or self.mean not in get_args(Mean):
            raise ValueError(
                f"Group: {self.aggregate!r} by the {self.mean!r} mean is unknown; aggregate "
                f"{' or '.join(get_args(Aggregate))}, mean {' or '.join(get_args(Mean))}."
            )
        if self.aggregate == "judgements" and self.mean != "geometric":
            raise ValueError(
                "Group: judgements are aggregated by the geometric mean, which alone keeps them "
                "reciprocal; aggregate priorities, or leave the mean out."
            )


def _each(respondents: Sequence[str] | None, count: int, weighed: Callable[[int], W]) -> list[W]:
    """Return the weighting of each respondent; what is refused of any is one error."""
    if not count:
        raise ValueError("Group: no respondent; give one at least.")
    if respondents is not None and len(respondents) != count:
        raise ValueError(f"Group: {len(respondents)} names for {count} respondents.")
    found, faults = [], []
    for i in range(count):
        try:
            found.append(weighed(i))
        except ValueError as error:
            faults.append(f"{_named(respondents, i)}: {error}")
    sizes = sorted({one.weights.size for one in found})
    if len(sizes) > 1:
        faults.append(
            f"Respondents judge {', '.join(map(str, sizes))} criteria; all judge the same."
        )
    if faults:
        raise ValueError(" ".join(faults))
    return found


def _named(respondents: Sequence[str] | None, index: int) -> str:
    return f"Respondent {index if respondents is None else respondents[index]}"


def _aggregated(
    how: _How,
    each: Sequence[Weighting],
    ratios: Floats,
    judged: Callable[[Bools], W],
    ratio: Callable[[W], float],
    respondents: Sequence[str] | None,
    acceptable: float | None,
) -> GroupWeighting:
    limit = how.leave_out_above
    counted: Bools = np.ones(len(each), dtype=np.bool_) if limit is None else ratios <= limit
    if not counted.any():
        raise ValueError(
            f"Group: every respondent's judgements have a ratio over {limit:g}, the least "
            f"{ratios.min():.3g}; raise leave_out_above, or have them judge again."
        )
    warnings: tuple[Doubt, ...] = ()
    if how.aggregate == "judgements":
        found = judged(counted)
        weights, group_ratio, warnings = found.weights, ratio(found), found.warnings
    else:
        chosen = np.stack([each[i].weights for i in np.flatnonzero(counted).tolist()])
        weights, group_ratio = mean_priorities(chosen, how.mean), float(ratios[counted].max())
    parameters: tuple[tuple[str, str | float], ...] = (
        ("respondents", float(counted.sum())),
        ("aggregated", how.aggregate),
        ("mean", how.mean),
        *((("left_out_above", limit),) if limit is not None else ()),
        *how.parameters,
    )
    return GroupWeighting(
        weights=weights,
        variant=WeightingVariant(how.method, parameters, f"{_SOURCE}; {_own_source(each[0])}"),
        warnings=(*_over(how, ratios, counted, respondents, acceptable), *warnings),
        individual=tuple(each),
        ratios=ratios,
        counted=counted,
        group_ratio=group_ratio,
    )


def _own_source(found: Weighting) -> str:
    return found.variant.source


def _over(
    how: _How,
    ratios: Floats,
    counted: Bools,
    respondents: Sequence[str] | None,
    acceptable: float | None,
) -> Iterator[Doubt]:
    """Yield who is left out for contradictory judgements, or counts in spite of them."""
    limit = acceptable if how.leave_out_above is None else how.leave_out_above
    if limit is None:
        return
    over = np.flatnonzero(ratios > limit).tolist()
    if over:
        yield InconsistentRespondents(
            respondents=tuple(str(i) if respondents is None else respondents[i] for i in over),
            ratios=tuple(float(ratios[i]) for i in over),
            limit=limit,
            index=how.index,
            of=len(ratios),
            left_out=how.leave_out_above is not None,
        )
