"""Stability of an order and of the designated set: how far one share may move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evaluator.decision.designation import Designated, DesignationRule, check_rule, decide
from evaluator.decision.ordering import WEIGHTED_SUM, Ordering
from evaluator.decision.ties import Bools, Floats, competition_ranks, meets, tied
from evaluator.uncertainty.stability.moves import (
    ScoreLines,
    check_study,
    effective_lines,
    influence_lines,
    may_weigh,
    weight_lines,
)
from evaluator.uncertainty.stability.search import search
from evaluator.uncertainty.stability.walk import (
    SAME_SHARE,
    Change,
    End,
    Ints,
    Standing,
    State,
    at_shares,
    changed,
    held,
    roots,
    walk,
)

Kind = Literal["influence", "weight", "effective weight"]


@dataclass(frozen=True)
class Stability:
    """How far one share may move, the others in proportion, before each matter changes."""

    kind: Kind
    agency: int | None
    """Row of the agency whose influence or weight moves; None for an effective weight."""
    criterion: int | None
    """Column of the criterion whose weight moves; None for an influence."""
    present: float
    leader: Standing
    """Who is first; several where they tie."""
    order: Standing
    """Who holds which of the first `top` competition ranks."""
    designated: Standing
    """The designated set."""


def stability(
    values: Floats,
    weights: Floats,
    influence: Floats,
    *,
    ordering: Ordering = WEIGHTED_SUM,
    rule: DesignationRule | None = None,
    top: int = 10,
    own: Bools | None = None,
) -> tuple[Stability, ...]:
    """Intervals for every agency's influence and every criterion's weight, by the ordering.

    values (n, m) in points, ranked packages only; weights (k, m) and influence (k,) sum to 1.
    ordering: the method that ranks. `own` (k, m) says which criteria an agency may weigh (default:
    those it weighs today); each gets a row. Where a share is 1 and its siblings 0, they share what
    it gives up equally. An interval holds today's share and is the largest within 0..1. Where the
    method is linear in the weights it is exact: by proportional shifting every score is a straight
    line in the share, so all changes lie at crossings of lines. Method: the one-at-a-time
    weight stability interval of Mareschal, European Journal of Operational Research 33 (1988),
    carried over to designated sets. Elsewhere it is sought (see `search`).

    Raises ValueError where shapes or sums do not fit, or the method refuses the values.
    """
    check_study(values, weights, influence, partly=ordering.separate)
    applied = DesignationRule() if rule is None else rule
    check_rule(applied, values.shape[0], influence.size)
    if top < 1:
        raise ValueError(f"top is {top}; it must be at least 1")
    may = may_weigh(weights, own)
    judged = _judged if ordering.linear else search
    return tuple(
        Stability(kind, agency, criterion, lines.present, *judged(lines, *watched))
        for watched in ((values, ordering, applied, top),)
        for kind, agency, criterion, lines in _moves(values, weights, influence, may)
    )


def _moves(
    values: Floats, weights: Floats, influence: Floats, may: Bools
) -> Iterator[tuple[Kind, int | None, int | None, ScoreLines]]:
    for a in range(influence.size):
        yield "influence", a, None, influence_lines(values, weights, influence, a)
    for a, c in np.argwhere(may).tolist():
        yield "weight", a, c, weight_lines(values, weights, influence, a, c, may[a])
    for c in range(values.shape[1]):
        yield "effective weight", None, c, effective_lines(values, weights, influence, c)


def _judged(
    lines: ScoreLines, values: Floats, ordering: Ordering, rule: DesignationRule, top: int
) -> tuple[Standing, Standing, Standing]:
    """Leader, order and designated set, where the scores that rank are straight lines."""
    order = (
        lines.overall if ordering.additive else lines.effective @ ordering.contributions(values).T
    )
    ranked = _Ranked(order, ordering.span, _crossings(order, ordering.span))
    today = ranked.ranks(np.array([lines.present]))[0]
    return (
        _top_standing(lines, ranked, held(today, 1), 1),
        _top_standing(lines, ranked, held(today, top), top),
        _designated_standing(lines, ranked, rule),
    )


@dataclass(frozen=True)
class _Ranked:
    """The lines of the scores that rank (2, n), their span, and all shares where two cross."""

    order: Floats
    span: float
    every: Floats

    def ranks(self, shares: Floats) -> Ints:
        """Competition ranks at shares (p,), (p, n)."""
        return competition_ranks(at_shares(self.order, shares), self.span)


def _top_standing(lines: ScoreLines, ranked: _Ranked, today: Ints, top: int) -> Standing:
    """Interval on which the first `top` competition ranks stay with who holds them.

    `top=1` is the leader. Packages tied at rank `top` all belong to it.
    """
    breaks = _crossings(ranked.order, ranked.span, today > 0)
    return _standing(
        lines, lambda shares: held(ranked.ranks(shares), top), today, breaks, ranked.every, []
    )


def _designated_standing(lines: ScoreLines, ranked: _Ranked, rule: DesignationRule) -> Standing:
    """Interval on which the designated set stays as it is."""

    def found(shares: Floats) -> Designated:
        overall, agencies = at_shares(lines.overall, shares), at_shares(lines.agencies, shares)
        return decide(rule, overall, agencies, at_shares(ranked.order, shares), ranked.span)

    now = found(np.array([lines.present]))
    inside = now.taken[0]
    able = rule.able(inside.size)
    floors = _floor_roots(lines, rule)
    breaks = [share for _, _, share in floors]
    if rule.places is not None:
        # Places left free are kept free by a tie at the cut: then crossings on one side of the cut
        # matter as well.
        free = inside.sum() < rule.places < able.sum()
        some, others = (able, able) if free else (inside, able & ~inside)
        breaks.extend(_crossings(ranked.order, ranked.span, some, others))
    return _standing(
        lines,
        lambda shares: found(shares).members.astype(np.int64),
        now.members[0].astype(np.int64),
        np.array(breaks),
        ranked.every,
        floors,
    )


FloorRoots = list[tuple[int, int | None, float]]
"""(package, agency or None for the overall floor, share at which the floor is crossed)."""


def _standing(
    lines: ScoreLines,
    state: State,
    today: Ints,
    breaks: Floats,
    every: Floats,
    floors: FloorRoots,
) -> Standing:
    if not lines.movable:
        fixed = Change("fixed")
        return Standing(lines.present, lines.present, True, True, fixed, fixed)
    crossings = np.concatenate([every, [share for _, _, share in floors]])
    lower, upper = walk(state, today, lines.present, breaks, crossings)
    return Standing(
        lower.at,
        upper.at,
        lower.closed,
        upper.closed,
        _change(lower, today, floors),
        _change(upper, today, floors),
    )


def _change(end: End, today: Ints, floors: FloorRoots) -> Change:
    if end.beyond is None:
        return Change("none")
    crossed = tuple(
        (package, agency) for package, agency, share in floors if abs(share - end.at) <= SAME_SHARE
    )
    return changed(today, end.beyond, crossed)


def _crossings(
    order: Floats, span: float, some: Bools | None = None, others: Bools | None = None
) -> Floats:
    """Shares at which a line of `some` crosses one of `others`, by default of all."""
    one = order if some is None else order[:, some]
    other = order if others is None else order[:, others]
    gap = one[:, :, None] - other[:, None, :]
    return roots(gap[0], gap[1], span)


def _floor_roots(lines: ScoreLines, rule: DesignationRule) -> FloorRoots:
    """Where eligible packages cross floors."""
    margins = lines.overall[:, None, :] - rule.min_overall
    if rule.min_agency is not None:
        agencies = lines.agencies - rule.min_agency[:, None]
        margins = np.concatenate([margins, agencies], axis=1)
    met = meets(margins, 0.0)
    misses = ~met.all(axis=0) & met.any(axis=0) & rule.able(margins.shape[-1])
    start, end = margins[:, misses]
    # one end of each line is below its floor and the other is not: it has exactly one root
    inner = start / (start - end)
    share = np.where(tied(start, 0.0), 0.0, np.where(tied(end, 0.0), 1.0, inner))
    return [
        (package, floor - 1 if floor else None, at)
        for (floor, package), at in zip(np.argwhere(misses).tolist(), share.tolist(), strict=True)
    ]
