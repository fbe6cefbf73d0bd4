"""What it would take for a designated package without support to be supported."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import pandas as pd

from evaluator.allocation.explain.conflicts import plainly_broken
from evaluator.allocation.explain.findings import AllowsNothing, EnoughWithout, NotEnough
from evaluator.allocation.model.exact.rows import Rational, Row
from evaluator.allocation.model.limits.families import moves_by
from evaluator.allocation.model.program import Program
from evaluator.allocation.solve.rounding import complete
from evaluator.allocation.variations import (
    Answer,
    Case,
    amounts_in,
    answered,
    beginning,
    begun_from,
    broken,
    listed,
    prepare,
    silent,
)
from evaluator.errors import UsageError, did_you_mean
from evaluator.model.package import Package, Request
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.funding.easing import (
    enough,
    in_the_way,
    with_more,
    without_raised,
)
from evaluator.questions.funding.findings import (
    FoundByBisection,
    NoSingleChange,
    OnlyTheBestAreLookedAt,
    SupportedWith,
)
from evaluator.questions.funding.tables import IN_THE_WAY, WHAT_IT_TAKES
from evaluator.questions.question import LARGE, Question, is_large
from evaluator.results.evaluation import Allocation, Evaluation, ExtendedTable
from evaluator.results.findings import Finding, Findings

_TOP = 100.0
"""The greatest score."""
_MOST = 3
"""Packages looked at in a large program: each takes dozens of solves."""
_COARSE = 10
"""Steps of the request at first, finer ones between two of them."""


@dataclass(frozen=True)
class Reaches:
    """What each designated package that gets nothing would need, one change at a time."""

    packages: pd.DataFrame
    """By package: score, score_needed (the least at which it is supported, missing if 100 is not
    enough), requested_usd, request_share and request_usd (the largest part of all its requests at
    which it is supported), limit and more_usd (the one limit that needs the least more), reason
    (what caps its requests now), sentence. Missing where no such change is enough."""
    limits: pd.DataFrame
    """One row a package and limit in its way: package, limit (with its group), bound_usd (what it
    allows at the standing amounts), more_usd (the least more that is enough, missing if no amount
    is), gained (objective), entered, left (packages, against the standing allocation), note."""
    certificate: Findings
    """Limits, other than one raised, that any answer shown breaks; empty when all hold."""
    rule: FoundByBisection
    """How the figures were found, and how exact they are."""


@dataclass(frozen=True)
class _Search:
    """What all the questions about one study share."""

    study: Study
    scores: Mapping[str, float]
    designated: tuple[str, ...]
    standing: Allocation
    case: Case
    score_step: float
    share_steps: int
    usd_step: int


@dataclass(frozen=True)
class _Found:
    """The least change that is enough, and the answer that shows it."""

    steps: int
    answer: Answer


def what_it_takes(
    study: Study,
    scores: Mapping[str, float],
    designated: Collection[str],
    standing: Allocation,
    packages: Sequence[str] | None = None,
    score_tolerance: float = 0.1,
    share_tolerance: float = 0.01,
    usd_tolerance: int = 100_000,
    progress: Progress = silent,
) -> Reaches:
    """Return what designated packages that get nothing would need, each change alone.

    A higher score, smaller requests (all in proportion, their own minimums with them), or more of
    one limit: the least in steps of the tolerances at which a re-solve supports the package, by
    bisection, so that one step less is not enough. For requests the largest of ten coarse steps
    is refined. All else stays as it is; others may enter or leave. Where support is not monotone
    (minimum tickets, whole packages), an end of one interval of it is found.

    packages: those to be looked at; all designated ones without support if None. Raises UsageError
    for a package that is not designated or has support, ValueError for a tolerance that is not
    above 0.
    """
    if min(score_tolerance, share_tolerance, usd_tolerance) <= 0 or share_tolerance > 0.5:
        raise ValueError("tolerances above 0 are needed, that of the share at most 0.5.")
    search = _Search(
        study,
        scores,
        tuple(sorted(designated)),
        standing,
        begun_from(prepare(study, scores, designated), standing.amounts),
        score_tolerance,
        round(1 / share_tolerance),
        usd_tolerance,
    )
    rows, limits, answers = [], [], []
    chosen = _chosen(search, packages)
    for number, package in enumerate(chosen, start=1):
        progress(f"what it would take: {number} of {len(chosen)}, {package}")
        score, request = _by_score(search, package), _by_request(search, package)
        raised = list(_by_limit(search, package))
        rows.append(_row(search, package, score, request, raised))
        limits += [_limit_row(search, package, one) for one in raised]
        answers += [one.answer for one in (score, request) if one]
        answers += [one.found.answer for one in raised if one.found]
    return Reaches(
        WHAT_IT_TAKES.frame(rows).set_index("package"),
        IN_THE_WAY.frame(limits),
        broken(answers),
        FoundByBisection(score_tolerance, 1 / search.share_steps, usd_tolerance),
    )


def _chosen(search: _Search, packages: Sequence[str] | None) -> tuple[str, ...]:
    without = [p for p in search.designated if p not in search.standing.supported]
    if packages is None:
        return tuple(without)
    for package in packages:
        if package not in without:
            hint = did_you_mean(package, without)
            raise UsageError(f"'{package}' is not a designated package without support. {hint}")
    return tuple(dict.fromkeys(packages))


Asked = Callable[[int], tuple[Case, Program]]
"""Returns the program of a number of steps."""


def _least(low: int, high: int, asked: Asked, package: str) -> _Found | None:
    """Return the least of low + 1..high that is enough, by bisection; None if high is not.

    Which steps are enough is told by the best objective alone; the answer by the whole solve.
    Where the two differ, on a tie, whole solves tell.
    """
    if high <= low:
        return None
    for enough_at in (_in_the_best, _in_the_answer):
        steps = _bisected(low, high, partial(enough_at, asked, package))
        if steps is None:
            return None
        found = answered(*asked(steps))
        if package in found.supported:
            return _Found(steps, found)
    return None


def _bisected(low: int, high: int, enough_at: Callable[[int], bool]) -> int | None:
    if not enough_at(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if enough_at(middle):
            high = middle
        else:
            low = middle
    return high


def _in_the_best(asked: Asked, package: str, steps: int) -> bool:
    case, program = asked(steps)
    wanted = list(case.compiled.layout.by_package.get(package, ()))
    if case.compiled.impossible or plainly_broken(program):
        return False
    point = case.solver(program, case.settings, beginning(case, program))
    return point.found and float(point.values[wanted].sum()) * program.unit >= 1


def _in_the_answer(asked: Asked, package: str, steps: int) -> bool:
    return package in answered(*asked(steps)).supported


def _by_score(search: _Search, package: str) -> _Found | None:
    step = search.score_step

    def at(steps: int) -> tuple[Case, Program]:
        scores = {**search.scores, package: min(_TOP, steps * step)}
        return _prepared(search, search.study, scores)

    if package not in search.case.compiled.layout.by_package:
        return None
    return _least(math.floor(search.scores[package] / step), math.ceil(_TOP / step), at, package)


def _prepared(search: _Search, study: Study, scores: Mapping[str, float]) -> tuple[Case, Program]:
    case = prepare(study, scores, search.designated)
    case = begun_from(case, search.standing.amounts)
    return case, case.compiled.program


def _by_request(search: _Search, package: str) -> _Found | None:
    """Steps are those by which the request shrinks, of `share_steps`."""
    whole = search.share_steps

    def at(steps: int) -> tuple[Case, Program]:
        study = _asking(search.study, package, Fraction(whole - steps, whole))
        return _prepared(search, study, search.scores)

    if package not in search.case.compiled.layout.by_package:
        return None
    coarse = sorted({whole * part // _COARSE for part in range(1, _COARSE)} - {0})
    for before, after in zip([0, *coarse], coarse, strict=False):
        found = _least(before, after, at, package)
        if found:
            return found
    return None


def _asking(study: Study, package: str, share: Fraction) -> Study:
    """Return a study in which a package asks for a share of what it asks for now."""
    packages = tuple(
        one.model_copy(update={"requests": tuple(_part(r, share) for r in one.requests)})
        if one.id == package
        else one
        for one in study.packages
    )
    return study.model_copy(update={"packages": packages})


def _part(request: Request, share: Fraction) -> Request:
    amount = max(1, math.floor(request.amount_usd * share))
    minimum = min(amount, math.floor(request.minimum_usd * share))
    return request.model_copy(update={"amount_usd": amount, "minimum_usd": minimum})


@dataclass(frozen=True)
class _Raised:
    """A limit in the way, and the least more of it that is enough."""

    row: Row
    """Of the program, the first that it has."""
    bound: Rational
    found: _Found | None
    notes: Findings = ()


def _by_limit(search: _Search, package: str) -> Iterator[_Raised]:
    compiled = search.case.compiled
    wanted = compiled.layout.by_package.get(package, ())
    amounts = amounts_in(compiled, search.standing.amounts)
    place = {row: compiled.limits[at] for at, row in compiled.row_of.items()}
    moves = moves_by(complete(compiled.program, compiled.layout, amounts))
    for rows in in_the_way(compiled, amounts, wanted, whole=True).values():
        limit, first = place[rows[0]], compiled.program.rows[rows[0]]
        bound = min(place[row].constant + moves(place[row]) for row in rows)
        nothing = AllowsNothing(limit.limit) if limit.spec.at_most == 0 else None
        held: Finding | None = limit.held or nothing
        most = max(enough(compiled, row) for row in rows)

        def at(steps: int, rows: tuple[int, ...] = rows) -> tuple[Case, Program]:
            usd = steps * search.usd_step
            return search.case, with_more(compiled.program, dict.fromkeys(rows, usd))

        high = -(-most // search.usd_step)
        if held is not None:
            alone = _in_the_answer(at, package, high)
            notes = (held, EnoughWithout(limit.limit)) if alone else (held,)
            yield _Raised(first, bound, None, notes)
        else:
            found = _least(0, high, at, package)
            if found:
                found = replace(found, answer=without_raised(search.case, rows, found.answer))
            yield _Raised(first, bound, found)


def _limit_row(search: _Search, package: str, raised: _Raised) -> dict[str, object]:
    found = raised.found
    now, then = set(search.standing.supported), set(found.answer.supported if found else ())
    return {
        "package": package,
        "limit": raised.row.label,
        "bound_usd": float(raised.bound),
        "more_usd": found.steps * search.usd_step if found else None,
        "gained": found.answer.objective - search.standing.objective if found else None,
        "entered": listed(then - now) if found else (),
        "left": listed(now - then) if found else (),
        "note": raised.notes or (() if found else (NotEnough(raised.row.label),)),
    }


def _row(
    search: _Search,
    package: str,
    score: _Found | None,
    request: _Found | None,
    raised: Sequence[_Raised],
) -> dict[str, object]:
    subject = search.study.package_by_id[package]
    requested = subject.asked_usd
    kept = Fraction(search.share_steps - request.steps, search.share_steps) if request else None
    enough_of = [one for one in raised if one.found]
    best = min(enough_of, key=lambda one: one.found.steps if one.found else 0, default=None)
    found: dict[str, object] = {
        "package": package,
        "score": search.scores[package],
        "score_needed": min(_TOP, score.steps * search.score_step) if score else None,
        "requested_usd": requested,
        "request_share": float(kept) if kept is not None else None,
        "request_usd": _asked(subject, kept) if kept is not None else None,
        "limit": best.row.label if best else "",
        "more_usd": best.found.steps * search.usd_step if best and best.found else None,
        "reason": _reason(search, package),
    }
    return {**found, "sentence": (_ways(found, best),)}


def _asked(package: Package, share: Fraction) -> int:
    """Return what a package asks for if it asks for a part of each of its requests."""
    requests = tuple(_part(one, share) for one in package.requests)
    return package.model_copy(update={"requests": requests}).asked_usd


def _reason(search: _Search, package: str) -> Findings:
    """Return what caps the requests of a package, each fact once."""
    table = search.standing.table
    every = table.loc[table["package"] == package, "reason"]
    return tuple(dict.fromkeys(one for findings in every for one in findings))


def _ways(row: Mapping[str, Any], best: _Raised | None) -> Finding:
    """Return the changes each of which is enough, or that there is none."""
    needed = {key: row[key] for key in ("score_needed", "request_share", "request_usd", "more_usd")}
    if all(way is None for way in needed.values()):
        return NoSingleChange(row["package"])
    limit, group = (best.row.name, best.row.group) if best else ("", "")
    return SupportedWith(row["package"], row["score"], limit=limit, group=group, **needed)


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    allocation = evaluation.allocation
    without = [p for p in evaluation.designated if p not in allocation.supported]
    looked_at = sorted(without[:_MOST] if is_large(evaluation) else without)
    reaches = what_it_takes(
        evaluation.study,
        evaluation.scores,
        evaluation.designated,
        allocation,
        looked_at,
        progress=progress,
    )
    rules: list[Finding] = [reaches.rule]
    if len(looked_at) < len(without):
        rules.append(OnlyTheBestAreLookedAt(len(looked_at), len(without), LARGE))
    packages = reaches.packages.reset_index()
    return {
        "what_it_takes": ExtendedTable(tuple(rules), packages),
        "in_the_way": ExtendedTable(tuple(rules), reaches.limits),
    }


QUESTION = Question("what_it_takes", _answer)
