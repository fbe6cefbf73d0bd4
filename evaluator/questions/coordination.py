"""What institutions have to tell before they act, when they may, and whether that is in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from evaluator.allocation.explain.clocks import act_table, acts, clock_table, clocks
from evaluator.allocation.explain.notices import called_for, notice_table
from evaluator.allocation.model.requests.matching import mismatch
from evaluator.model.base import Missing
from evaluator.model.financing import Content
from evaluator.model.package import Package
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.questions.findings import (
    ClocksFrom,
    ToldAmounts,
    ToldCountries,
    ToldEntities,
    ToldFact,
    ToldNothing,
    ToldTitle,
)
from evaluator.questions.question import Question
from evaluator.results.evaluation import Evaluation, ExtendedTable
from evaluator.results.findings import Finding
from evaluator.results.schema.allocation import NOTICE_CONTENTS


def notice_contents(study: Study, amounts: pd.DataFrame, notices: pd.DataFrame) -> pd.DataFrame:
    """Return `NOTICE_CONTENTS`: one row a notice due, package of it, and thing that it has to tell.

    amounts: whole dollars, packages x tools. notices: `NOTICES`. A blank cell of the round is told
    as missing; what only some packages have to tell is left out of others, if that is known.
    """
    rows = [
        {
            "limit": limit,
            "package": package,
            "content": one.label,
            "of": one.of,
            "missing": isinstance(told, ToldNothing),
            "told": (told,),
        }
        for limit, packages in called_for(notices).items()
        for package in packages
        for one, told in _told(study, amounts, limit, study.package_by_id[package])
    ]
    return NOTICE_CONTENTS.frame(rows)


def _told(
    study: Study, amounts: pd.DataFrame, limit: str, package: Package
) -> Iterator[tuple[Content, Finding]]:
    for one in study.limits[limit].contents:
        against = mismatch(one.packages, package, study)
        if not against or any(fact.value is None for fact in against):
            yield one, _content(study, amounts, limit, package, one.of)


def _content(study: Study, amounts: pd.DataFrame, limit: str, package: Package, of: str) -> Finding:
    """Return what stands in the study for a thing to be told."""
    if of == "amounts":
        given = amounts.loc[package.id].to_dict()
        tools = study.tools_matching(study.limits[limit].tools)
        return ToldAmounts(tuple((tool, given[tool]) for tool in tools if given[tool]))
    if of == "title":
        return ToldTitle(package.id)
    if of in ("recipient", "members"):
        members = (one.entity for one in package.members)
        named = tuple(members) if of == "members" else tuple(filter(None, (package.anchor,)))
        return ToldEntities(named) if named else ToldNothing(of, "no member is stated")
    if of == "targets":
        named = tuple(one.country for one in package.targets)
        return ToldCountries(named) if named else ToldNothing(of, "no target country is stated")
    datum = package.attribute(of)
    if isinstance(datum, Missing):
        return ToldNothing(of, datum.reason)
    return ToldFact(of, datum.value)


def _asked(evaluation: Evaluation) -> bool:
    """Ask wherever a notice has a clock or contents."""
    limits = evaluation.study.limits.values()
    return any(one.clock is not None or one.contents for one in limits)


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    study, amounts = evaluation.study, evaluation.allocation.amounts
    notices = notice_table(study, amounts)
    running = clocks(study, amounts, notices)
    found = {
        "notices": notices,
        "clocks": clock_table(study, running),
        "acts": act_table(acts(study, amounts, running)),
        "notice_contents": notice_contents(study, amounts, notices),
    }
    rule = ClocksFrom(study.submitted_on.isoformat())
    return {name: ExtendedTable((rule,), table) for name, table in found.items()}


QUESTION = Question("coordination", _answer, _asked)
"""Asked by every run of a study whose notices have clocks or contents."""
