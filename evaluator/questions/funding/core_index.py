"""Robust portfolios: who is funded in what share of draws of the scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluator.allocation.explain.conflicts import plainly_broken
from evaluator.allocation.model.entering import as_entered, entering_points
from evaluator.allocation.model.program import Floats, Program
from evaluator.allocation.solve.point import Point, Termination, faults
from evaluator.allocation.variations import Resolve, resolver, silent
from evaluator.decision.designation import ranked_packages
from evaluator.decision.ties import levelled
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.funding.draws import (
    Draws,
    Flags,
    Places,
    compiled_once,
    in_common,
    variation,
)
from evaluator.questions.funding.findings import (
    CoreShares,
    DesignationOfDraws,
    DrawsStopped,
    FewerDraws,
)
from evaluator.questions.question import LARGE, Question, is_large
from evaluator.results.evaluation import Evaluation, ExtendedTable
from evaluator.results.findings import Findings
from evaluator.uncertainty.inputs import performances_of, weighting_of
from evaluator.uncertainty.sample import blocks_of, draw_sample

_DRAWS, _FEW_DRAWS = 1_000, 100
"""Draws of a run, and of one with a large program."""
_TOLD = 10
"""Times that progress is told, about."""
_CHUNK = 20
"""Draws that one loaded program answers, so that threads share the work evenly."""
_DOLLAR = 0.8
"""Less than a dollar by a solver's tolerance is none."""


@dataclass(frozen=True)
class Robustness:
    """How often each package is funded over draws of the scores."""

    packages: pd.DataFrame
    """By package, the most often funded first: tier (core, borderline, out), core_index (share of
    draws in which it is funded, of choices where interchangeable packages tie), error (standard
    error of the share), designated_share."""
    draws: int
    infeasible: int
    """Draws in which no allocation exists; they fund nobody."""
    stopped: int
    """Draws that ran into the time limit; their incumbents count."""
    objective: pd.Series
    """Over draws: mean, sd, min, 5 %, 50 %, 95 %, max."""
    portfolios: int
    """Different sets of funded packages that occur, those that only interchangeable ones part
    being one."""
    most_frequent: tuple[str, ...]
    """The set of funded packages that occurs most often; of interchangeable ones the first."""
    most_frequent_share: float
    funded: pd.DataFrame
    """Draws x packages: whether it is funded; of interchangeable packages that cannot all be, in
    what share of the choices among them."""
    rules: Findings
    """What core means, and who was designated in a draw."""


@dataclass(frozen=True)
class _Answer:
    """Of one draw."""

    status: Termination
    objective: float
    funded: Floats
    """Shape (n,): 1 for who gets at least a dollar; a share where interchangeable packages tie."""


def core_index(
    study: Study,
    packages: Sequence[str],
    scores: Floats,
    designated: Flags,
    core_share: float = 1.0,
    workers: int = 2,
    progress: Progress = silent,
) -> Robustness:
    """Return the share of draws in whose best allocation each package is funded.

    scores: 0..100, shape (draws, n), by the order of packages; of packages that a draw does not
    designate they are not read. designated: shape (n,) if the set is fixed, (draws, n) if each
    draw has its own. Core: funded in at least core_share of draws; out: in at most 1 - core_share;
    borderline: between. The core index of Robust Portfolio Modeling (Liesioe, Mild & Salo 2007) is
    a share of all non-dominated portfolios; here it is the share of draws, each with its best one.

    One program is built; each draw changes its costs (and who may be funded) in a model that stays
    loaded, and starts from the same point. Where one point is proven to be optimal for many draws
    at once, none of them is solved. The answer depends neither on the order of the draws nor on the
    number of threads, `workers`. Interchangeable packages whose scores are tied in a draw are
    funded alike where that is as good, and else share what places there are: the index is then the
    share of choices. Where other portfolios are equally good, the solver's choice stands.

    Raises ValueError if shapes do not fit, a score that is read is not finite, or core_share is
    not above 0.5 and at most 1.
    """
    _check(packages, scores, designated, core_share)
    fixed = designated.ndim == 1
    every = np.broadcast_to(designated, scores.shape)
    scores, study = entering_points(study, scores, every), as_entered(study)
    draws = compiled_once(study, packages, scores, every)
    middle = variation(draws, _means(draws), draws.ever)
    start = resolver(draws.case, draws.program)(middle, None)
    begin = start.values if start.found else None

    def part(rows: Sequence[int]) -> list[tuple[int, _Answer]]:
        solve = resolver(draws.case, draws.program)
        return [(row, _of_draw(draws, row, solve, begin)) for row in rows]

    answers: dict[int, _Answer] = {}
    with ThreadPoolExecutor(workers) as pool:
        for row, point in in_common(draws, begin, pool).items():
            answers[row] = _told(draws, row, _of(draws, row), point)
        alone = [row for row in range(len(scores)) if row not in answers]
        chunks = [alone[first : first + _CHUNK] for first in range(0, len(alone), _CHUNK)]
        for done in pool.map(part, chunks):
            answers |= done
            tenth = len(scores) / _TOLD
            if len(answers) // tenth > (len(answers) - len(done)) // tenth:
                progress(f"draw {len(answers)} of {len(scores)}")
    in_order = [answers[row] for row in range(len(scores))]
    return _robustness(packages, draws, in_order, core_share, fixed)


def _check(packages: Sequence[str], scores: Floats, designated: Flags, core_share: float) -> None:
    count = len(packages)
    if scores.ndim != 2 or not len(scores) or scores.shape[1] != count:
        raise ValueError(f"scores have shape {scores.shape}: (draws, {count}) is needed.")
    if designated.shape not in ((count,), scores.shape) or designated.dtype != np.bool_:
        raise ValueError(
            f"designated has shape {designated.shape} of {designated.dtype}: flags of shape "
            f"({count},) or {scores.shape} are needed."
        )
    odd = np.argwhere(~np.isfinite(scores) & designated)
    if len(odd):
        draw, column = odd[0]
        raise ValueError(f"the score of '{packages[column]}' in draw {draw} is not finite.")
    if not 0.5 < core_share <= 1:
        raise ValueError(f"core_share is {core_share:g}: above 0.5 and at most 1 is needed.")


def _means(draws: Draws) -> Floats:
    known = np.where(draws.designated, draws.scores, 0.0)
    means: Floats = known.sum(axis=0) / np.maximum(1, draws.designated.sum(axis=0))
    return means


def _of(draws: Draws, row: int) -> Program:
    return variation(draws, draws.scores[row], draws.designated[row])


def _of_draw(draws: Draws, row: int, solve: Resolve, start: Floats | None) -> _Answer:
    program = _of(draws, row)
    if draws.case.compiled.impossible or plainly_broken(program):
        return _Answer("infeasible", 0.0, np.zeros(draws.scores.shape[1]))
    begin = None if start is None else np.minimum(start, program.upper)
    return _told(draws, row, program, solve(program, begin))


def _told(draws: Draws, row: int, program: Program, point: Point) -> _Answer:
    """Return what a point of a draw's program funds."""
    funded = np.zeros(draws.scores.shape[1])
    if not point.found:
        return _Answer(point.status, 0.0, funded)
    funded[draws.package[: len(draws.scale)][_given(draws, point.values)]] = 1.0
    for tied in _tied(draws, row):
        if 0 < funded[tied].sum() < len(tied):
            funded[tied] = _places(draws, program, point.values, tied, int(funded[tied].sum()))
    return _Answer(point.status, -float(program.cost @ point.values), funded)


def _given(draws: Draws, values: Floats) -> Flags:
    """Return which amounts are a dollar at least, shape (pairs,)."""
    layout = draws.case.compiled.layout
    given: Flags = values[: len(draws.scale)] * layout.unit > _DOLLAR
    for index, pair in enumerate(layout.pairs):
        binary = layout.served.get(index, layout.supported.get(pair.package))
        given[index] &= binary is None or values[binary] > 0.5
    return given


def _tied(draws: Draws, row: int) -> Iterator[Places]:
    """Yield the packages that are interchangeable in one draw."""
    for group in draws.alike:
        inside = group[draws.designated[row, group]]
        _, code = np.unique(levelled(draws.scores[row, inside]), return_inverse=True)
        yield from (inside[code == one] for one in range(code.max(initial=-1) + 1))


def _places(draws: Draws, program: Program, values: Floats, tied: Places, served: int) -> float:
    """Return for how many of the packages that are tied there is a place, by their number.

    As many as can have the same of each tool of what the point gives them in all; those that it
    serves at least.
    """
    for most in range(len(tied), served, -1):
        level = Point("feasible", "", _level(draws, values, tied, most), -np.inf)
        if not faults(program, level):
            return most / len(tied)
    return served / len(tied)


def _level(draws: Draws, values: Floats, tied: Places, most: int) -> Floats:
    """Return a point in which the first so many get the same of each tool, the others nothing."""
    layout, level = draws.case.compiled.layout, values.copy()
    names = [draws.names[place] for place in tied.tolist()]
    for alike in zip(*(layout.by_package[name] for name in names), strict=True):
        level[list(alike)] = 0.0
        level[list(alike[:most])] = values[list(alike)].sum() / most
        for at in alike:
            if at in layout.served:
                level[layout.served[at]] = float(level[at] > 0)
    for number, name in enumerate(names):
        if name in layout.supported:
            level[layout.supported[name]] = float(number < most)
    return level


def _robustness(
    packages: Sequence[str],
    draws: Draws,
    answers: Sequence[_Answer],
    core_share: float,
    fixed: bool,
) -> Robustness:
    funded = np.array([answer.funded for answer in answers])
    index = funded.mean(axis=0)
    found = np.array([answer.status in ("optimal", "feasible") for answer in answers])
    sets, counts = np.unique(funded[found], axis=0, return_counts=True)
    often = int(counts.argmax()) if len(counts) else -1
    core, out = index >= core_share, index <= 1 - core_share
    table = pd.DataFrame(
        {
            "tier": np.select([core, out], ["core", "out"], "borderline"),
            "core_index": index,
            "error": np.sqrt(index * (1 - index) / len(answers)),
            "designated_share": draws.designated.mean(axis=0),
        },
        index=pd.Index(packages, name="package"),
    )
    shares = dict(zip(packages, index.tolist(), strict=True))
    order = sorted(shares, key=lambda name: (-shares[name], name))
    return Robustness(
        packages=table.loc[order],
        draws=len(answers),
        infeasible=sum(answer.status == "infeasible" for answer in answers),
        stopped=sum(answer.status in ("feasible", "no_solution") for answer in answers),
        objective=_spread(np.array([a.objective for a in answers])[found]),
        portfolios=len(sets),
        most_frequent=_names(packages, _chosen(draws, sets[often])) if often >= 0 else (),
        most_frequent_share=float(counts[often]) / len(answers) if often >= 0 else 0.0,
        funded=pd.DataFrame(funded, columns=pd.Index(packages, name="package")),
        rules=(CoreShares(core_share), DesignationOfDraws(fixed), *_stopped(answers)),
    )


def _stopped(answers: Sequence[_Answer]) -> Findings:
    count = sum(answer.status in ("feasible", "no_solution") for answer in answers)
    return (DrawsStopped(count, len(answers)),) if count else ()


def _names(packages: Sequence[str], chosen: Flags) -> tuple[str, ...]:
    return tuple(name for name, yes in zip(packages, chosen, strict=True) if yes)


def _chosen(draws: Draws, funded: Floats) -> Flags:
    """Return who is funded if of interchangeable packages the first by id are."""
    chosen: Flags = funded == 1
    for group in draws.alike:
        part = group[(funded[group] > 0) & (funded[group] < 1)]
        chosen[part[: round(float(funded[part].sum()))]] = True
    return chosen


def _spread(objectives: Floats) -> pd.Series:
    if not len(objectives):
        return pd.Series(dtype="float64", name="objective")
    low, middle, high = np.quantile(objectives, [0.05, 0.5, 0.95])
    found = {
        "mean": objectives.mean(),
        "sd": objectives.std(),
        "min": objectives.min(),
        "5 %": low,
        "50 %": middle,
        "95 %": high,
        "max": objectives.max(),
    }
    return pd.Series(found, name="objective")


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    """Draw the scores anew; the designated set is held."""
    study, ranking = evaluation.study, evaluation.ranking
    packages = ranked_packages(ranking)
    known = performances_of(study, evaluation.performances, packages)
    weighting = weighting_of(study, evaluation.influence)
    seed = study.scenario.uncertainty.seed
    sample = draw_sample(blocks_of(weighting, known, seed), known, _DRAWS)
    every = len(sample.influence)
    draws = min(every, _FEW_DRAWS) if is_large(evaluation) else every
    scores = np.einsum("dm,dnm->dn", sample.effective[:draws], sample.values(draws))
    inside = ranking.loc[packages, "designated"].to_numpy(dtype=np.bool_)
    robust = core_index(study, packages, scores, inside, progress=progress)
    fewer = (FewerDraws(draws, LARGE),) if draws < every else ()
    rules = (*robust.rules, *fewer)
    return {"core_index": ExtendedTable(rules, robust.packages.reset_index())}


QUESTION = Question("core_index", _answer)
