"""Weights stated by swings, by rank order or in pairs: where one begins, and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from evaluator.errors import UsageError
from evaluator.loading.changes import quoted
from evaluator.model.agency import Agency
from evaluator.model.study import Study
from evaluator.scoring.weighting import AhpWeighting
from evaluator.scoring.weighting.ahp import ACCEPTABLE_RATIO
from evaluator.scoring.weights import elicit

Form = Literal["swing", "rank", "ahp"]
FORMS: tuple[Form, ...] = get_args(Form)
MOST_IN_PAIRS = 9
"""Criteria that are compared in pairs: 36 judgements."""
_SCALE = 9
"""Saaty's, from alike to 9 times as important."""


@dataclass(frozen=True)
class Begun:
    """A form to be filled in, and what it begins with: what the agency states, or comes near it."""

    agency: str
    key: str
    """Of the scenario."""
    form: Form
    criteria: tuple[str, ...]
    """By full id, in the order of the agency's statement."""
    judged: Mapping[str, float]
    """swing: 100 for the greatest. rank: places from 1."""
    pairs: tuple[tuple[str, str, int], ...]
    """ahp: of each pair how many times as important the first is; below 0 the second."""
    kind: str
    """rank: how ranks become weights."""
    index: str
    """ahp: the random index of the statement that stands."""


@dataclass(frozen=True)
class Worst:
    """The judgement that the others contradict most."""

    first: str
    second: str
    judged: float
    """How many times as important the first is."""
    implied: float
    """By the other judgements."""


@dataclass(frozen=True)
class Follows:
    """What follows from a statement."""

    weights: Mapping[str, float]
    """By full id of a criterion; they sum to 1."""
    ratio: float | None
    """Of consistency, of pairs; see `ahp`."""
    limit: float
    index: str
    worst: Worst | None


def begun(study: Study, agency: str, form: str) -> Begun:
    """Return a form that begins with what an agency states.

    Raises UsageError where there is no such agency or form, or too many criteria for pairs.
    """
    who = _agency(study, agency)
    kind = next((one for one in FORMS if one == form), None)
    if kind is None:
        raise UsageError("weights are stated by swings, by rank order or in pairs. Choose one.")
    own = {f"{agency}.{one.id}" for one in who.criteria}
    every = elicit(who, study).weights
    weights = {name: weight for name, weight in every.items() if weight or name in own}
    if kind == "ahp" and len(weights) > MOST_IN_PAIRS:
        raise UsageError(
            f"{len(weights)} criteria have {len(weights) * (len(weights) - 1) // 2} pairs: state "
            f"swings or an order, or weigh in a scenario file. {MOST_IN_PAIRS} at most."
        )
    return Begun(
        agency=agency,
        key=f"agencies.{quoted(agency)}.weights",
        form=kind,
        criteria=tuple(weights),
        judged=_swings(weights) if kind == "swing" else _places(weights),
        pairs=tuple(_pairs(weights)) if kind == "ahp" else (),
        kind=who.weights.kind,
        index=who.weights.random_index,
    )


def _agency(study: Study, agency: str) -> Agency:
    who = next((one for one in study.agencies if one.agency == agency), None)
    if who is None:
        raise UsageError("there is no such agency.")
    return who


def _swings(weights: Mapping[str, float]) -> dict[str, float]:
    most = max(weights.values(), default=0.0) or 1.0
    return {name: round(100 * weight / most) for name, weight in weights.items()}


def _places(weights: Mapping[str, float]) -> dict[str, float]:
    """Return places, those of one weight tied as 1, 2, 2, 4."""
    return {
        name: 1 + sum(other > weight for other in weights.values())
        for name, weight in weights.items()
    }


def _pairs(weights: Mapping[str, float]) -> list[tuple[str, str, int]]:
    names = list(weights)
    return [
        (first, second, _times(weights[first], weights[second]))
        for place, first in enumerate(names)
        for second in names[place + 1 :]
    ]


def _times(first: float, second: float) -> int:
    """Return a ratio on Saaty's scale; below 0 that of the second to the first.

    >>> _times(0.4, 0.2), _times(0.1, 0.3), _times(0.2, 0.2), _times(0.0, 0.5)
    (2, -3, 1, -9)
    """
    more, less = max(first, second), min(first, second)
    ratio = _SCALE if less <= 0 < more else round(more / less) if less > 0 else 1
    bounded = int(np.clip(ratio, 1, _SCALE))
    return bounded if first >= second or bounded == 1 else -bounded


def follows(study: Study, agency: str) -> Follows:
    """Return what follows from what an agency of a study states, which holds.

    Raises UsageError where there is no such agency.
    """
    who = _agency(study, agency)
    found = elicit(who, study)
    own, names = dict(found.levels)[()], list(found.weights)
    pairs = own if isinstance(own, AhpWeighting) else None
    return Follows(
        weights=found.weights,
        ratio=pairs.consistency_ratio if pairs else None,
        limit=ACCEPTABLE_RATIO,
        index=pairs.random_index.name if pairs else "",
        worst=_worst(pairs, names) if pairs else None,
    )


def _worst(found: AhpWeighting, names: Sequence[str]) -> Worst | None:
    """Return the judgement to look at first, as that of the one that was judged more important."""
    one = found.most_inconsistent
    if one is None:
        return None
    first, second = names[one.row], names[one.column]
    if one.value >= 1:
        return Worst(first, second, one.value, one.consistent_value)
    return Worst(second, first, 1 / one.value, 1 / one.consistent_value)
