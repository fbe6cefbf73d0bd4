"""What may be chosen in the cells of a study's round."""

from __future__ import annotations

from typing import get_args

from evaluator.model.base import Confidence
from evaluator.model.study import Study
from evaluator.record.form.columns import list_of

OTHER_TABLES = ("packages", "entities")
"""Lists that are the ids of a table of the round itself."""
LEVELS = "levels"
"""The list of a rating: that of the scale of the criterion in its row."""


def levels(study: Study) -> dict[str, tuple[str, ...]]:
    """Return the levels of the scale of each rated criterion, best first, by its full id."""
    scales = {scale.id: tuple(level.id for level in scale.levels) for scale in study.scales}
    return {
        name: scales[one.scale] for name, one in study.criteria.items() if one.scale is not None
    }


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
