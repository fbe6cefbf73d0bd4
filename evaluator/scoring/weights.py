"""Agencies' statements of weights -> the matrix of agencies x criteria."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from evaluator.errors import did_you_mean
from evaluator.model.agency import Agency, Respondent, Weights
from evaluator.model.study import Study
from evaluator.results.schema.scores import ELICITATION
from evaluator.scoring.findings import Doubt
from evaluator.scoring.weighting import (
    AhpWeighting,
    BestWorstWeighting,
    GroupWeighting,
    Weighting,
    ahp,
    best_worst,
    group_ahp,
    group_best_worst,
    hierarchy,
    pairwise_from_judgements,
    points,
    rank_order,
    swing,
)
from evaluator.scoring.weighting.hierarchy import Tree
from evaluator.scoring.weighting.result import Floats

Path = tuple[str, ...]
Fault = tuple[str, Path, str, str]


@dataclass(frozen=True)
class Elicited:
    """One agency's weights over the criteria that it names, and how they were found."""

    agency: str
    weights: dict[str, float]
    """By full criterion id; sums to 1."""
    levels: tuple[tuple[Path, Weighting], ...]
    """The result of each statement: the agency's own at the empty path, groups below."""


def elicit(agency: Agency, study: Study) -> Elicited:
    """Return an agency's weights; groups multiply down the tree.

    Raises ValueError for a statement that its method refuses.
    """
    levels = tuple(_levels(agency.weights, ()))
    found = hierarchy(_tree(agency.weights, dict(levels), ()))
    return Elicited(
        agency=agency.agency,
        weights={
            full_id(agency.agency, path[-1], study): float(weight)
            for path, weight in zip(found.leaves, found.weights, strict=True)
        },
        levels=levels,
    )


def weight_matrix(study: Study) -> pd.DataFrame:
    """Return the weights: agencies x criteria, rows sum to 1, unnamed criteria 0."""
    matrix = pd.DataFrame(
        0.0, index=[a.agency for a in study.agencies], columns=list(study.criteria)
    )
    for agency in study.agencies:
        for criterion, weight in elicit(agency, study).weights.items():
            matrix.loc[agency.agency, criterion] = weight
    return matrix


def elicitation_table(study: Study) -> pd.DataFrame:
    """Return one row a statement: how it was elicited, how consistent it is, what to beware of."""
    return ELICITATION.frame(
        {
            "agency": agency.agency,
            "group": _group(path),
            "method": found.variant.method,
            "variant": (found.variant,),
            "inconsistency": _inconsistency(found),
            "warnings": tuple(
                _placed(agency.agency, path, doubt, study) for doubt in found.warnings
            ),
        }
        for agency in study.agencies
        for path, found in elicit(agency, study).levels
    )


def _group(path: Path) -> str:
    return " > ".join(step for step in path if step != "groups")


def _placed(agency: str, path: Path, doubt: Doubt, study: Study) -> Doubt:
    """Return a doubt with its statement, and full ids in place of the names of criteria."""

    def full(name: str) -> str:
        found = full_id(agency, name, study)
        return found if found in study.criteria else name

    names = {k: full(v) for k, v in doubt.arguments.items() if k in ("first", "second", "taken")}
    tied = {k: tuple(map(full, v)) for k, v in doubt.arguments.items() if k == "tied"}
    place = {"agency": agency, "group": _group(path)}
    return type(doubt)(**{**doubt.arguments, **place, **names, **tied})


def _inconsistency(found: Weighting) -> float | None:
    """Return AHP's consistency ratio, or best-worst's inconsistency; None for other methods.

    Of a group: that of what was aggregated.
    """
    if isinstance(found, GroupWeighting):
        return found.group_ratio
    if isinstance(found, AhpWeighting):
        return found.consistency_ratio
    return found.inconsistency if isinstance(found, BestWorstWeighting) else None


def influence(study: Study) -> pd.Series:
    """Return each agency's influence, in the order of agencies; sums to 1."""
    shares = study.influence
    return pd.Series({a.agency: float(shares[a.agency]) for a in study.agencies}, name="influence")


def full_id(agency: str, name: str, study: Study) -> str:
    """Return the full id of a criterion that an agency names: its own, or another's."""
    return name if name in study.criteria else f"{agency}.{name}"


def weight_problems(study: Study) -> Iterator[Fault]:
    """Yield agency, path in its statement, fact and remedy of each fault in the weights."""
    for agency in study.agencies:
        faults = [(agency.agency, *fault) for fault in _name_faults(agency, study)]
        yield from faults
        if faults:
            continue
        try:
            elicit(agency, study)
        except OverflowError:
            yield agency.agency, (), "the numbers are too large to add up.", "Mend them."
        except ValueError as error:
            yield agency.agency, (), str(error), "Mend the statement; nothing is rescaled."


def _name_faults(agency: Agency, study: Study) -> Iterator[tuple[Path, str, str]]:
    seen: set[str] = set()
    own = [c.id for c in agency.criteria]
    for path, statement in _statements(agency.weights, ()):
        groups = statement.groups or {}
        if not _names(statement) and (path or not own):
            yield path, "the statement weighs nothing.", "Name at least one criterion."
        for name in _names(statement):
            if name in groups:
                continue
            full = full_id(agency.agency, name, study)
            if full not in study.criteria:
                known = [*own, *groups, *study.criteria]
                yield path, f"'{name}' is no criterion and no group.", did_you_mean(name, known)
            elif full in seen:
                yield path, f"'{full}' is weighed twice.", "Name each criterion once."
            seen.add(full)
        for group in groups:
            if group not in _names(statement):
                yield path, f"the group '{group}' has no weight.", "Add it to the judgements."
    left_out = [name for name in own if f"{agency.agency}.{name}" not in seen]
    if left_out:
        fact = f"nothing is said of its own criteria {', '.join(left_out)}."
        yield (), fact, "Weigh every criterion of the agency, if only with 0."


def weighed_criteria(agency: Agency, study: Study) -> list[str]:
    """Return the full ids of the criteria that an agency weighs, its groups opened."""
    return [
        full_id(agency.agency, name, study)
        for _, statement in _statements(agency.weights, ())
        for name in _names(statement)
        if name not in (statement.groups or {})
    ]


def _statements(statement: Weights, path: Path) -> Iterator[tuple[Path, Weights]]:
    yield path, statement
    for group, below in (statement.groups or {}).items():
        yield from _statements(below, (*path, "groups", group))


def _names(statement: Weights) -> list[str]:
    """Return the names that a statement weighs, in the order of the file."""
    if statement.judgements is not None:
        return list(statement.judgements)
    if statement.respondents is not None:
        return _compared(statement.respondents[0])
    return _compared(statement)


def _compared(one: Weights | Respondent) -> list[str]:
    """Return the names that one's comparisons are about, in the order of the file."""
    pairs = one.pairwise or {}
    named = [n for first in pairs for n in (first, *pairs[first])]
    return list(dict.fromkeys([*named, *(one.best_to_others or {}), *(one.others_to_worst or {})]))


def _levels(statement: Weights, path: Path) -> Iterator[tuple[Path, Weighting]]:
    for at, below in _statements(statement, path):
        yield at, _local(below)


def _local(statement: Weights) -> Weighting:
    names = _names(statement)
    if statement.respondents is not None:
        return _of_group(statement, statement.respondents, names)
    if statement.pairwise is not None:
        return ahp(_matrix(statement, names), statement.random_index, names=names)
    if statement.best_to_others is not None:
        return best_worst(*_vectors(statement, names), statement.model, names=names)
    judged_by_name = statement.judgements or {}
    values = np.array([judged_by_name[n] for n in names])
    if statement.method == "points":
        return points(values, statement.out_of, names=names)
    if statement.method == "swing":
        return swing(values, names=names)
    return rank_order(values, statement.kind, names=names)


def _matrix(one: Weights | Respondent, names: list[str]) -> Floats:
    pairs = one.pairwise or {}
    judged = {(a, b): v for a, row in pairs.items() for b, v in row.items()}
    return pairwise_from_judgements(names, judged)


def _vectors(one: Weights | Respondent, names: list[str]) -> tuple[list[float], list[float]]:
    best, worst = one.best_to_others or {}, one.others_to_worst or {}
    if set(best) != set(worst):
        odd = ", ".join(sorted(set(best) ^ set(worst)))
        raise ValueError(f"Best-worst: only one of the two comparisons names {odd}.")
    return [best[n] for n in names], [worst[n] for n in names]


def _of_group(
    statement: Weights, respondents: tuple[Respondent, ...], names: list[str]
) -> Weighting:
    """Return the weights of a group; what is odd of any respondent is in one error."""
    ids, faults = [one.respondent for one in respondents], []
    form = _matrix if statement.method == "ahp" else _vectors
    stated: list[Any] = []
    for one in respondents:
        odd = sorted(set(names) ^ set(_compared(one)))
        if odd:
            fact = f"compares other names than respondent {ids[0]}: {', '.join(odd)}"
            faults.append(f"Respondent {one.respondent} {fact}.")
            continue
        try:
            stated.append(form(one, names))
        except ValueError as error:
            faults.append(f"Respondent {one.respondent}: {error}")
    if faults:
        raise ValueError(" ".join(faults))
    shared: dict[str, Any] = {
        "mean": statement.mean,
        "leave_out_above": statement.leave_out_above,
        "respondents": ids,
        "names": names,
    }
    if statement.method == "ahp":
        index = statement.random_index
        return group_ahp(stated, statement.aggregated, random_index=index, **shared)
    over, under = [one[0] for one in stated], [one[1] for one in stated]
    return group_best_worst(over, under, statement.aggregated, model=statement.model, **shared)


def _tree(statement: Weights, levels: dict[Path, Weighting], path: Path) -> Tree:
    weights = levels[path].weights
    groups = statement.groups or {}
    tree: dict[str, float | tuple[float, Tree]] = {}
    for name, weight in zip(_names(statement), weights, strict=True):
        if name in groups:
            below = _tree(groups[name], levels, (*path, "groups", name))
            tree[name] = (float(weight), below)
        else:
            tree[name] = float(weight)
    return tree
