"""Rolling review: whether a late package is worth its room beside what stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np
import pandas as pd

from evaluator.allocation.model.entering import as_entered, entering
from evaluator.allocation.model.exact.rows import ONE, Row
from evaluator.allocation.model.program import Floats, Program, relaxed
from evaluator.allocation.model.reserve import reserved, whole_money
from evaluator.allocation.model.variation import with_rows
from evaluator.allocation.variations import (
    Answer,
    Case,
    answered,
    broken,
    prepare,
    silent,
)
from evaluator.allocation.verify.certificate import certify
from evaluator.errors import SolverError, UsageError, did_you_mean
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.rolling_review.findings import (
    CommitmentsAreLeast,
    JudgedAlone,
    LateVerdict,
    ReserveWasKept,
    RoomPricedByDuals,
)
from evaluator.questions.rolling_review.pricing import owners, part, priced, shared_rows
from evaluator.results.evaluation import Allocated, Allocation, Conflict
from evaluator.results.findings import Findings

Decision = Literal["admit", "no room", "below price", "decline"]
"""admit: worth its room, and it fits beside the commitments. no room: worth its room, but the
commitments leave none. below price: it fits, but its room is worth more to others. decline:
neither."""
_NOISE = 1e-7
_MILLION = 1_000_000
_STOPPED = "{} ended without an answer ({}). Raise allocation.time_limit_s and ask again."


@dataclass(frozen=True)
class Admission:
    """Late packages, each judged alone against the standing allocation."""

    verdicts: pd.DataFrame
    """By package: decision, sentence, score, asked_usd, worth (objective of what it would take by
    bid prices), price (what that room is worth to the others), wanted_usd, given_usd and gain
    (commitments fixed), free_usd and free_gain (commitments free), displaced_usd."""
    prices: pd.DataFrame
    """One row a late package and limit that it would pay for: package, limit, group, price (points
    a million USD), points."""
    displaced: pd.DataFrame
    """One row a late package and amount that would shrink were commitments free: late, package,
    tool, committed_usd, left_usd, lost_usd."""
    fixed: Mapping[str, pd.DataFrame]
    """By late package: whole dollars with commitments fixed, packages x tools."""
    free: Mapping[str, pd.DataFrame]
    """By late package: whole dollars with commitments free."""
    certificate: Findings
    """Limits that any of these allocations breaks; empty when all hold."""
    rules: Findings


def admit(allocated: Allocated, late: Sequence[str], progress: Progress = silent) -> Admission:
    """Let the allocation of an evaluated study stand, and judge each late package against it.

    Raises UsageError for a package that is unknown, that failed a requirement, or that has an
    amount already, and for a study without an allocation.
    """
    ranking = allocated.ranking
    for package in late:
        if package not in ranking.index:
            known = [str(p) for p in ranking.index]
            raise UsageError(f"the run has no package '{package}'. {did_you_mean(package, known)}")
        if ranking.loc[package, "outcome"] == "failed":
            table = allocated.gates
            failed = table[(table["package"] == package) & (table["outcome"] == "failed")]
            told = "; ".join(dict.fromkeys(failed["label"]))
            raise UsageError(f"'{package}' failed a requirement and cannot be admitted: {told}.")
    _refuse_none(allocated.allocation)
    amounts = allocated.allocation.amounts
    return admission(
        allocated.study, allocated.scores, allocated.designated, amounts, late, progress
    )


class InfeasibleError(UsageError):
    """There is no allocation that late packages could join: these conflicts stand in its way."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(
            "the run has no allocation that stands: it is infeasible. Mend what cannot hold "
            "together, run again, and ask of that run."
        )


def _refuse_none(allocation: Allocation) -> None:
    """Refuse a study that has no allocation which late packages could join."""
    if allocation.status == "no_solution":
        raise UsageError(
            "the run has no allocation that stands: its solve was stopped by the time limit before "
            "any was found. Raise allocation.time_limit_s, run again, and ask of that run."
        )
    if allocation.status == "infeasible":
        raise InfeasibleError(allocation.conflicts)


def admission(
    study: Study,
    scores: Mapping[str, float],
    designated: Collection[str],
    standing: pd.DataFrame,
    late: Sequence[str],
    progress: Progress = silent,
) -> Admission:
    """Judge late packages, each once and alone, against a standing allocation, in two ways.

    study: the standing packages and the late ones; its whole envelopes count, a reserve that the
    scenario keeps among them.
    designated: those that the standing allocation was made for. standing: whole dollars, packages
    x tools; late packages may lack a row.

    By bid prices (Talluri & van Ryzin 1998): the duals of the relaxation without the late package
    say what the room that it would take is worth to the others; it is worth admitting if its best
    amounts gain more. By a re-solve in which every standing amount is a lower bound: what it gets
    of what is left. A third solve with commitments free says whom it would displace.

    Raises ValueError where the standing table does not fit the study, UsageError for a late package
    that is unknown or has an amount already, and for a standing allocation that breaks a limit,
    SolverError where a solve is stopped before it finds anything.
    """
    late = tuple(dict.fromkeys(late))
    kept, study = reserved(study), whole_money(study)
    committed = _committed(study, standing, late)
    known = set(designated) - set(late)
    lacking = sorted({*known, *late} - set(scores))
    if lacking:
        raise ValueError(f"{', '.join(lacking[:5])} has no score; add it to scores.")
    scores, study = entering(study, scores, {*known, *late}), as_entered(study)
    faults = certify(study, committed, known)
    if faults:
        told = "; ".join(f"{fault.code} {fault.arguments}" for fault in faults[:3])
        raise UsageError(f"the standing allocation breaks a limit: {told}.")
    base = prepare(study, scores, known)
    held, free = _solved(base, _held(base, committed)), _solved(base)
    before = held.objective, free.objective
    judged: list[_Judged] = []
    for package in late:
        progress(f"admission of {package}")
        case = prepare(study, scores, {*known, package})
        held, free = _solved(case, _held(case, committed)), _solved(case)
        judged.append(_Judged(package, _bid(case, package), held, free, before))
    found = _admission(study, scores, committed, judged)
    return replace(found, rules=(ReserveWasKept(kept.shares), *found.rules)) if kept else found


@dataclass(frozen=True)
class _Bid:
    """What a package would take if it paid bid prices for its room."""

    worth: float
    price: float
    wanted_usd: int
    paid: tuple[dict[str, object], ...]


@dataclass(frozen=True)
class _Judged:
    package: str
    bid: _Bid
    fixed: Answer
    free: Answer
    before: tuple[float, float]
    """Objectives without the package, commitments fixed and free."""

    @property
    def worthwhile(self) -> bool:
        return self.bid.worth - self.bid.price > _NOISE * max(1.0, self.bid.worth)

    def given(self, answer: Answer) -> int:
        """USD that the package gets in an answer."""
        return int(answer.table.loc[self.package].to_numpy().sum())


def _committed(study: Study, standing: pd.DataFrame, late: Sequence[str]) -> pd.DataFrame:
    for package in late:
        if package not in study.package_by_id:
            hint = did_you_mean(package, study.package_by_id)
            raise UsageError(f"the late package '{package}' is unknown. {hint}")
        if package in standing.index and standing.loc[package].to_numpy().any():
            raise UsageError(f"'{package}' has an amount already: it is not late.")
    odd = set(study.package_by_id) ^ set(standing.index)
    odd = (odd - set(late)) | (set(study.tools) ^ set(standing.columns))
    if odd:
        raise ValueError(
            f"the standing allocation and the study differ on {', '.join(sorted(odd)[:5])}."
        )
    packages = sorted(study.package_by_id)
    return standing.reindex(index=packages, columns=list(study.tools), fill_value=0)


def _held(case: Case, committed: pd.DataFrame) -> Program:
    """Return the program in which every committed amount is a lower bound."""
    program, layout = case.compiled.program, case.compiled.layout
    lower = program.lower.copy()
    rows: list[Row] = []
    given = committed.to_dict("index")
    for index, pair in enumerate(layout.pairs):
        amount = int(given[pair.package][pair.tool])
        if not amount:
            continue
        name = f"{pair.package} {pair.tool}"
        rows.append(Row("committed", name, "override", "at_least", {index: ONE}, Fraction(amount)))
        lower[index] = amount / layout.unit
        for binary in (layout.served.get(index), layout.supported.get(pair.package)):
            if binary is not None:
                lower[binary] = 1.0
    return with_rows(replace(program, lower=lower), rows)


def _solved(case: Case, program: Program | None = None) -> Answer:
    """Return the answer of a case; one that was stopped is no verdict of nothing."""
    answer = answered(case, program)
    if answer.status == "no_solution":
        raise SolverError(_STOPPED.format("a solve", "its time limit"))
    return answer


def _bid(case: Case, package: str) -> _Bid:
    """Return what a package would take at the relaxation's duals without it."""
    program = case.compiled.program
    own = owners(program, [package]) == 0
    if not own.any():
        return _Bid(0.0, 0.0, 0, ())
    without = replace(relaxed(program), upper=np.where(own, program.lower, program.upper))
    point = case.solver(without, case.settings)
    if point.duals is None or not point.found:
        raise SolverError(_STOPPED.format(f"the relaxation without {package}", point.termination))
    shared = shared_rows(program, owners(program, list(case.designated)))
    mine = np.unique(program.owner[own[program.index]])
    columns = np.flatnonzero(own)
    costs = replace(program, cost=priced(program, point.duals, shared))
    wanted = case.solver(part(costs, columns, mine[~shared[mine]]), case.settings)
    values = np.zeros(len(program.cost))
    values[columns] = wanted.values if wanted.found else 0.0
    for column, added in program.sums.items():
        values[column] = sum(float(part) * values[amount] for amount, part in added.items())
    amounts = values[: len(case.compiled.layout.pairs)].sum() * program.unit
    worth, net = -float(program.cost @ values), -float(costs.cost @ values)
    paid = _paid(program, point.duals, np.where(shared, program.activity(values), 0.0))
    return _Bid(worth, worth - net, round(float(amounts)), paid)


def _paid(program: Program, duals: Floats, used: Floats) -> tuple[dict[str, object], ...]:
    points = -duals * used
    found = []
    for row in np.flatnonzero(np.abs(points) > _NOISE).tolist():
        what = program.rows[row]
        scale = _MILLION / program.unit if what.unit == "usd" else 1.0
        found.append(
            {
                "limit": what.name,
                "group": what.group,
                "price": -float(duals[row]) * scale,
                "per": "million" if what.unit == "usd" else "count",
                "points": float(points[row]),
            }
        )
    return tuple(found)


def _admission(
    study: Study,
    scores: Mapping[str, float],
    committed: pd.DataFrame,
    judged: Sequence[_Judged],
) -> Admission:
    displaced: list[dict[str, object]] = []
    rows = []
    for one in judged:
        shrunk = _displaced(one, committed)
        displaced += shrunk
        asked = sum(request.amount_usd for request in study.package_by_id[one.package].requests)
        rows.append(
            {
                "decision": _decision(one),
                "sentence": (_verdict(one, [str(row["package"]) for row in shrunk]),),
                "score": float(scores[one.package]),
                "asked_usd": asked,
                "worth": one.bid.worth,
                "price": one.bid.price,
                "wanted_usd": one.bid.wanted_usd,
                "given_usd": one.given(one.fixed),
                "gain": one.fixed.objective - one.before[0],
                "free_usd": one.given(one.free),
                "free_gain": one.free.objective - one.before[1],
                "displaced_usd": sum(int(str(row["lost_usd"])) for row in shrunk),
            }
        )
    names = pd.Index([one.package for one in judged], name="package", dtype="str")
    paid = [{"package": one.package, **row} for one in judged for row in one.bid.paid]
    return Admission(
        pd.DataFrame(rows, index=names, columns=_VERDICTS),
        pd.DataFrame(paid, columns=["package", "limit", "group", "price", "per", "points"]),
        pd.DataFrame(displaced, columns=_DISPLACED),
        {one.package: one.fixed.table for one in judged},
        {one.package: one.free.table for one in judged},
        broken([answer for one in judged for answer in (one.fixed, one.free)]),
        (RoomPricedByDuals(), CommitmentsAreLeast(), JudgedAlone()),
    )


_VERDICTS = [
    *("decision", "sentence", "score", "asked_usd", "worth", "price", "wanted_usd"),
    *("given_usd", "gain", "free_usd", "free_gain", "displaced_usd"),
]
_DISPLACED = ["late", "package", "tool", "committed_usd", "left_usd", "lost_usd"]


def _displaced(one: _Judged, committed: pd.DataFrame) -> list[dict[str, object]]:
    if not one.given(one.free):
        return []
    left = one.free.table.to_dict("index")
    return [
        {
            "late": one.package,
            "package": package,
            "tool": tool,
            "committed_usd": int(amount),
            "left_usd": int(left[package][tool]),
            "lost_usd": int(amount - left[package][tool]),
        }
        for package, given in committed.to_dict("index").items()
        for tool, amount in given.items()
        if left[package][tool] < amount
    ]


def _decision(one: _Judged) -> Decision:
    if one.given(one.fixed):
        return "admit" if one.worthwhile else "below price"
    return "no room" if one.worthwhile else "decline"


def _verdict(one: _Judged, displaced: Sequence[str]) -> LateVerdict:
    return LateVerdict(
        worth=one.bid.worth if one.bid.wanted_usd else None,
        price=one.bid.price,
        worthwhile=one.worthwhile,
        given_usd=one.given(one.fixed),
        gained=one.fixed.objective - one.before[0],
        free_usd=one.given(one.free),
        displaced=tuple(sorted(set(displaced))),
    )
