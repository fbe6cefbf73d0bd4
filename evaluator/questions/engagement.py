"""What is asked beside money, what is known of host countries, and where the strategy is met."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.findings import StrategyMet
from evaluator.questions.question import Question
from evaluator.results.evaluation import Evaluation, ExtendedTable
from evaluator.results.schema.engagement import ASSISTANCE, COUNTRY_FACTS, COVERAGE


def assistance(study: Study) -> pd.DataFrame:
    """Return `ASSISTANCE`: one row a request that is not money."""
    return ASSISTANCE.frame(
        {"package": package.id, **dict(one)}
        for package in study.packages
        for one in package.assistance
    )


def country_facts(study: Study) -> pd.DataFrame:
    """Return `COUNTRY_FACTS`: one row a fact, with the packages that go to the country."""
    going = {
        code: tuple(p.id for p in study.packages if code in {t.country for t in p.targets})
        for code in {fact.country for fact in study.country_facts}
    }
    return COUNTRY_FACTS.frame(
        {**dict(fact), "date": fact.date.isoformat(), "packages": going[fact.country]}
        for fact in study.country_facts
    )


def coverage(
    study: Study, designated: Mapping[str, bool], given: Mapping[str, int] | None
) -> pd.DataFrame:
    """Return `COVERAGE`: one row a target of the strategy, with who reaches it.

    given: whole dollars by package; None where there is no allocation. A package reaches a target
    with the part of it that goes there: its dollars times the shares of its targets within.
    """
    rows = []
    for one in study.strategy:
        members = _members(study, one.target)
        part = {
            package.id: sum((t.part for t in package.targets if t.country in members), Fraction(0))
            for package in study.packages
        }
        reaching = [package for package, share in part.items() if share]
        inside = tuple(package for package in reaching if designated[package])
        usd = None if given is None else float(sum(part[p] * given[p] for p in inside))
        rows.append(
            {
                "target": one.target,
                "label": target_label(study, one.target),
                "state": _state(inside, reaching, usd),
                "packages": inside,
                "others": tuple(package for package in reaching if package not in inside),
                "proposed_usd": usd,
                "note": one.note,
                "citation": one.citation,
                "confidence": one.confidence,
            }
        )
    return COVERAGE.frame(rows)


def _members(study: Study, target: str) -> tuple[str, ...]:
    return (target,) if target in study.country_by_id else study.bloc(target) or ()


def target_label(study: Study, target: str) -> str:
    """Return what a country or a bloc is called."""
    if target in study.country_by_id:
        return study.country_by_id[target].name
    return next(one.label for one in study.country_attributes if one.id == target)


def _state(inside: tuple[str, ...], reaching: list[str], usd: float | None) -> str:
    if usd:
        return "funded"
    return "priority" if inside else "proposed" if reaching else "none"


def _asked(evaluation: Evaluation) -> bool:
    study = evaluation.study
    return bool(study.strategy or study.country_facts or any(p.assistance for p in study.packages))


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    study, allocation = evaluation.study, evaluation.allocation
    designated = {str(p): bool(x) for p, x in evaluation.ranking["designated"].items()}
    sums = {str(p): int(usd) for p, usd in allocation.amounts.sum(axis=1).items()}
    covered = coverage(study, designated, sums if allocation.exists else None)
    open_ = covered.loc[covered["state"].isin(["proposed", "none"]), "label"]
    met = (StrategyMet(len(covered), tuple(open_)),) if len(covered) else ()
    return {
        "assistance": ExtendedTable((), assistance(study)),
        "coverage": ExtendedTable(met, covered),
        "country_facts": ExtendedTable((), country_facts(study)),
    }


QUESTION = Question("engagement", _answer, _asked, without_allocation=True)
"""Asked by every run of a study that states a strategy, facts of countries or such requests."""
