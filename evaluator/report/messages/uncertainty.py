"""What was drawn and how, and how tiers are formed."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import counted, general, points, share
from evaluator.report.messages import message
from evaluator.uncertainty import findings as kinds
from evaluator.uncertainty.panels import BlankRatings, LoneRatings
from evaluator.uncertainty.stability.findings import (
    CannotMove,
    ChangesThere,
    ImprovementsSought,
    IntervalsSought,
    VarianceNotKnown,
)
from evaluator.uncertainty.tiers import NoCut, TierRule


@message(TierRule)
def _tiers(found: TierRule, names: Names) -> str:
    w = names.words
    return (
        f"clear: {w.priority} in {share(found.clear)} or more of the draws; out: in "
        f"{share(found.out)} "
        "or fewer, counting those in which it is tied at the cut; contested: in between, or tied "
        "at the cut as stated; included and excluded by name, and unsettled for a requirement that "
        "is not known: not by the draws"
    )


@message(NoCut)
def _no_cut(found: NoCut, names: Names) -> str:
    w = names.words
    return f"no floor and no number of places keeps an eligible {w.package} out, whatever is drawn"


@message(LoneRatings)
def _lone(found: LoneRatings, names: Names) -> str:
    who = (
        f"{names.criterion(found.criterion)}: "
        f"{names.words.packages_counted(found.packages)} with 1 rating"
    )
    if not found.source:
        return f"{who}; how far ratings spread is not known, each level of the scale is drawn alike"
    where = "this criterion" if found.source == "criterion" else "other criteria on this scale"
    return (
        f"{who}, whose spread is that of {counted(found.panels, 'panel')} of several on {where} "
        f"(standard deviation of a rating {points(found.deviation)} points)"
    )


@message(BlankRatings)
def _blank(found: BlankRatings, names: Names) -> str:
    return (
        f"{names.criterion(found.criterion)}: {counted(found.blank, 'rating')} not given on "
        f"{names.words.packages_counted(found.packages)}; each level of the scale is drawn alike"
    )


def how_drawn(found: kinds.Drawn) -> str:
    """Return the distribution, without what is drawn from it."""
    match found:
        case kinds.UniformOnSimplex():
            return "uniform on the simplex, Dirichlet(1, ..., 1): nothing is known of the shares"
        case kinds.UniformInOrder(ties=ties):
            tied = "of equal weight" if ties == "equal" else "in any order"
            return f"uniform on the shares in the stated order; those tied {tied}"
        case kinds.UniformWithinBounds():
            return "uniform on the shares within the stated bounds"
        case kinds.DirichletAround(relative_deviation=deviation):
            return (
                "Dirichlet: shares that sum to 1, drawn around those stated; the standard "
                f"deviation of an equal share is {general(100 * deviation, 4)} % of it"
            )
        case kinds.ValuesDrawn():
            return _values(found)
        case kinds.TotalsDrawn():
            return _totals_drawn(found)
        case _:
            return "fixed at the stated shares"


def _values(found: kinds.ValuesDrawn) -> str:
    if not found.ranges + found.panels + found.incomplete:
        return f"all {found.values:,} values exact"
    least, most = general(found.least, 4), general(found.most, 4)
    worth = {"mean": "the mean", "median": "the median"}.get(found.rule, "the trimmed mean")
    kinds = {
        f"uniform over a range (missing ones over {least} to {most})": found.ranges,
        f"{worth} of ratings drawn again from those of the panel (bootstrap)": found.panels,
        f"{worth} of a panel of one or with ratings missing": found.incomplete,
    }
    parts = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items() if count)
    exact = found.values - sum(kinds.values())
    return f"of {found.values:,} values {parts}{', the others exact' if exact else ''}"


def _totals_drawn(found: kinds.TotalsDrawn) -> str:
    kinds = {
        "by several evaluators, drawn again from those of the panel (bootstrap)": found.several,
        "by one evaluator alone, whose ratings are drawn as the others spread": found.lone,
    }
    parts = [f"{count:,} {kind}" for kind, count in kinds.items() if count]
    if found.blank:
        parts.append(f"{counted(found.blank, 'rating')} not given, over all levels")
    return f"of totals {'; '.join(parts)}" if parts else "all totals as stated"


_NAMED, _FEW = 12, 3
"""So many agencies are named one by one; of more, the first few."""


def what_drawn(found: Sequence[kinds.Drawn], names: Names) -> str:
    """Return what is drawn alike, the agencies whose weights are in it as one list."""
    parts = []
    if any(isinstance(one, kinds.Shares) and one.of == "influence" for one in found):
        parts.append("influence")
    owners = [one.agency for one in found if isinstance(one, kinds.Shares) and one.agency]
    if owners:
        told = list(map(names.agency, owners if len(owners) <= _NAMED else owners[:_FEW]))
        more = f" and {len(owners) - len(told)} more" if len(told) < len(owners) else ""
        parts.append(f"weights of {', '.join(told)}{more}")
    elif any(isinstance(one, kinds.Shares) and one.of == "weights" for one in found):
        parts.append("weights")
    if any(isinstance(one, kinds.ValuesDrawn) for one in found):
        parts.append("values")
    if any(isinstance(one, kinds.TotalsDrawn) for one in found):
        parts.append("evaluators")
    return ", ".join(parts)


def _drawn(found: kinds.Drawn, names: Names) -> str:
    return f"{what_drawn([found], names)}: {how_drawn(found)}"


for _kind in (
    kinds.FixedShares,
    kinds.UniformOnSimplex,
    kinds.UniformInOrder,
    kinds.UniformWithinBounds,
    kinds.DirichletAround,
    kinds.ValuesDrawn,
    kinds.TotalsDrawn,
):
    message(_kind)(_drawn)


@message(kinds.RankAcceptability)
def _smaa(found: kinds.RankAcceptability, names: Names) -> str:
    return (
        "stochastic multicriteria acceptability analysis, SMAA-2 (Lahdelma and Salminen 2001; "
        "Tervonen and Figueira 2008); a share of the draws from the stated distributions, not a "
        "probability of success"
    )


@message(kinds.PairsTold)
def _pairs(found: kinds.PairsTold, names: Names) -> str:
    w = names.words
    return (
        f"of {found.pairs:,} pairs of {w.packages} whose order some draw turns round, "
        f"{found.told:,} stand in pairwise_winning.csv; of the others the first is ahead in "
        f"{general(100 * found.ahead, 3)} % of the draws or more"
    )


@message(kinds.TiesShared)
def _ties(found: kinds.TiesShared, names: Names) -> str:
    w = names.words
    return (
        f"scores of a draw within {found.within:g} of their scale of each other are tied, and tied "
        f"{w.packages} share their ranks equally"
    )


@message(CannotMove)
def _cannot_move(found: CannotMove, names: Names) -> str:
    return "cannot move"


@message(ChangesThere)
def _changes(found: ChangesThere, names: Names) -> str:
    moves = {"in": found.entering, "out": found.leaving}
    told = [f"{word} {_listed(who, names)}" for word, who in moves.items() if who]
    return "; ".join(told) if told else f"{_listed(found.reordered, names)} change places"


def _listed(packages: tuple[str, ...], names: Names) -> str:
    return ", and ".join(map(names.package, packages))


@message(VarianceNotKnown)
def _variance(found: VarianceNotKnown, names: Names) -> str:
    why = (
        "no closed form holds for what evaluators' totals come to"
        if found.totals
        else "some values do not count, and no closed form holds for the weights of the others"
    )
    return f"What drives the variance of a score is not told: {why}"


@message(IntervalsSought)
def _intervals(found: IntervalsSought, names: Names) -> str:
    step, within = general(found.step, 2), general(found.tolerance, 1)
    return (
        "intervals: this method's scores are no straight lines in a share, so they are scored "
        f"again outward in steps of {step}, then halved to {within}; a change within a step may go "
        "unseen"
    )


@message(ImprovementsSought)
def _improvements(found: ImprovementsSought, names: Names) -> str:
    w = names.words
    return (
        f"what would bring {w.a_package} in: sought by scoring again, one criterion at a "
        "time, within "
        f"{general(found.within, 1)} points, for the {found.packages} best outside at most; what "
        "several criteria need together is not known"
    )
