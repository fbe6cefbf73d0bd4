"""What the page needs to weigh and rank again in the reader's browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from evaluator.decision.ordering import ordering_in
from evaluator.decision.ties import POINTS, TIE
from evaluator.model.scenario import Applied
from evaluator.model.study import Study
from evaluator.report.formatting.money import Unit
from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.viewmodel.packages.portfolio import ranked
from evaluator.results.evaluation import Evaluation

Payload = Mapping[str, Any]
_COMMAND_LINE = "command line"


def payload(evaluation: Evaluation) -> Payload | None:
    """Return weights, values, the rule of designation and the run's ranking.

    None where the scenario ranks by another method than the plain weighted sum: the page's
    arithmetic would be another than the run's.
    """
    if not ordering_in(evaluation.study, evaluation.values.index, evaluation.values).additive:
        return None
    agencies = [str(agency) for agency in evaluation.influence.index]
    rule = evaluation.study.scenario.designation
    levels = sorted(set(evaluation.values.to_numpy().ravel().tolist()))
    allocated = "allocation" in evaluation.study.parts
    rows = ranked(evaluation) if allocated else ()
    amounts = {row.package: row.given for row in rows if row.given is not None}
    words, parts = names_of(evaluation).words, evaluation.study.parts
    parted = "designation" in parts
    unit = words.money.unit(amounts.values())
    return {
        "run": evaluation.study.run_name,
        "words": {
            "agency": words.agency if "agencies" in parts else "",
            "agencies": words.agencies,
            "packages": words.packages,
            "priority": words.priority if parted else "",
            "Priority": words.head.priority if parted else "",
            "stamp": " · ".join(filter(None, (words.stamp, words.marking))),
        },
        "scenario": evaluation.study.scenario.scenario,
        "extends": scenario_file(evaluation.study),
        "criteria": list(evaluation.values.columns),
        "agencies": _agencies(evaluation),
        "levels": levels,
        "packages": _packages(evaluation, levels, amounts, unit),
        "amounts": f"In the run, {unit.head}" if amounts else "",
        "rule": {
            "overall": rule.min_overall,
            "agencies": [rule.min_agency.get(agency) for agency in agencies],
            "places": rule.max_packages,
            "tie": TIE * POINTS,
            "parts": rule.tie_break is not None,
        },
        **_carried(evaluation.study, agencies),
    }


def scenario_file(study: Study) -> str:
    """Return the name of the scenario's own file; of a study that was in none, the expected one."""
    return PurePosixPath(study.source_file).name or f"{study.scenario.scenario}.yaml"


def _agencies(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return each agency with its influence and the criteria that it weighs, by place."""
    criteria, names = list(evaluation.weights.columns), agency_names(evaluation)
    owned = {
        a.agency: {f"{a.agency}.{c.id}" for c in a.criteria} for a in evaluation.study.agencies
    }
    full = {agency.agency: agency.name for agency in evaluation.study.agencies}
    weights = evaluation.weights.to_dict("index")
    found = []
    for agency, influence in evaluation.influence.items():
        row = weights[agency]
        places = [i for i, c in enumerate(criteria) if row[c] or c in owned[str(agency)]]
        found.append(
            {
                "id": str(agency),
                "name": names[str(agency)],
                "full": full[str(agency)],
                "influence": float(influence),
                "criteria": places,
                "labels": [evaluation.study.criteria[str(criteria[i])].label for i in places],
                "weights": [row[criteria[i]] for i in places],
            }
        )
    return found


def _packages(
    evaluation: Evaluation, levels: Sequence[float], amounts: Mapping[str, int], unit: Unit
) -> list[dict[str, Any]]:
    """Return the packages that are ranked, best first; their values by place among the levels."""
    rule, money = evaluation.study.scenario.designation, names_of(evaluation).words.money
    place = {level: i for i, level in enumerate(levels)}
    values = evaluation.values.T.to_dict("list")
    by = None if rule.tie_break is None else list(evaluation.values.columns).index(rule.tie_break)
    rows = evaluation.ranking[evaluation.ranking["outcome"] != "failed"].to_dict("index")
    return [
        {
            "id": package,
            "values": [place[value] for value in values[package]],
            "rank": int(row["rank"]),
            "overall": row["overall"],
            "priority": row["designated"],
            "amount": unit.amount(amounts.get(str(package))),
            "held": money.amount(amounts[str(package)]) if amounts.get(str(package)) else "",
            **({} if by is None else {"part": values[package][by]}),
            "included": package in rule.include,
            "barred": package in rule.exclude
            or (row["outcome"] == "unknown" and package not in rule.include),
        }
        for package, row in rows.items()
    ]


def _carried(study: Study, agencies: list[str]) -> dict[str, Any]:
    """Return the changes of the command line, which the scenario's file does not hold.

    Those that a weighting replaces are left out and the whole weighting is stated instead
    (`forced`); where one is wider than a weighting, no file can say both (`conflict`).
    """
    weightings = ["influence.shares", *(f"agencies.{agency}.weights" for agency in agencies)]
    carried, forced, conflict = [], [], False
    for change in study.applied:
        if change.scenario != _COMMAND_LINE:
            continue
        path = change.set.replace('"', "")
        below = [w for w in weightings if f"{path}.".startswith(f"{w}.")]
        forced += below
        conflict |= any(f"{w}.".startswith(f"{path}.") and w != path for w in weightings)
        if not below:
            carried.append(_plain(change))
    return {"carried": carried, "forced": forced, "conflict": conflict}


def _plain(change: Applied) -> dict[str, Any]:
    told = {"set", "new", "because", "by", "date"}
    return change.model_dump(mode="json", include=told, exclude_none=True)
