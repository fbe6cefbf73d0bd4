"""What may be chosen in the cells of a study's round."""

from __future__ import annotations

from typing import get_args

from evaluator.model.base import Confidence
from evaluator.model.criterion import Scale
from evaluator.model.study import Study
from evaluator.record.form.columns import list_of

OTHER_TABLES = ("packages", "entities")
"""Lists that are the ids of a table of the round itself."""
_LISTED = 101
"""Numbers of a scale that are offered in a list; the rest are written."""
LEVELS = "levels"
"""The list of a rating: that of the scale of the criterion in its row."""


def levels(study: Study) -> dict[str, tuple[str, ...]]:
    """Return the levels of the scale of each rated criterion, best first, by its full id."""
    scales = {scale.id: _of(scale) for scale in study.scales}
    every = {n: scales[one.scale] for n, one in study.criteria.items() if one.scale is not None}
    return {name: words for name, words in every.items() if words}


def _of(scale: Scale) -> tuple[str, ...]:
    """Return the labels of a scale, best first, or its numbers if they fit a list."""
    numbers = scale.numbers.numbers if scale.numbers else ()
    few = numbers if len(numbers) <= _LISTED else ()
    return (*(level.id for level in scale.levels), *(f"{one:.10g}" for one in reversed(few)))


def lists(study: Study) -> dict[str, tuple[str, ...]]:
    """Return every other list by its name; one that the study has nothing for is left out."""
    criteria = study.criteria
    measured = {name: one for name, one in criteria.items() if one.kind == "measure"}
    stated = {name: one for name, one in measured.items() if one.attribute is None}
    countries = tuple(country.id for country in study.countries)
    blocs = tuple(one.id for one in study.country_attributes if one.type == "flag")
    found = {
        "tools": tuple(study.tools),
        "institutions": tuple(one.institution for one in study.institutions),
        "hosts": (*countries, *blocs),
        "countries": countries,
        "measures": tuple(stated),
        "units": tuple(dict.fromkeys(one.unit for one in stated.values() if one.unit)),
        "ratings": tuple(levels(study)),
        "criteria": tuple(criteria),
        "requirements": tuple(one.id for one in study.requirements),
        "confidence": get_args(Confidence),
        **{list_of(one.id): one.one_of for one in study.package_attributes if one.one_of},
    }
    return {name: words for name, words in found.items() if words}
