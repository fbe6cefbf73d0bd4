"""Ids of a study in the words of its files: names, labels, abbreviations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from evaluator.model.study import Study
from evaluator.report.formatting.once import once
from evaluator.report.formatting.phrases import in_dollars
from evaluator.report.formatting.records import institution_name, short_names, tool_name
from evaluator.results.evaluation import Evaluation

_FLOOR = "under the floor of "
_BLOCS = {
    "E Europe": "Eastern Europe",
    "LatAm": "Latin America",
    "MENA": "Middle East and North Africa",
}
_CAPITALS = {"ahp", "electre_tri", "promethee", "topsis", "vikor", "waspas"}
# An id of one plain word is left alone: the word may be meant.
_ID = re.compile(r"\b[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)+")


@once
def speller(evaluation: Evaluation) -> Callable[[str], str]:
    """Return what says a text in names instead of ids, and its amounts as a sentence has them."""
    study, limits = evaluation.study, evaluation.allocation.limits
    known = {one.id: one.label for one in (*study.package_attributes, *study.country_attributes)}
    known |= {entity.id: entity.name for entity in study.entities}
    known |= {name: criterion.label for name, criterion in study.criteria.items()}
    known |= {name: parameter.label for name, parameter in study.parameters.items()}
    labels = {name: limit.label for name, limit in study.limits.items()}
    labels |= dict(zip(limits["limit"].tolist(), limits["label"].tolist(), strict=True))
    known |= {
        limit: f"{institution_name(limit.split('.', 1)[0])}: {label}"
        for limit, label in labels.items()
    }
    known |= {tool: ": ".join(tool_name(evaluation, tool)) for tool in study.tools}

    def name(found: re.Match[str]) -> str:
        told = known.get(found.group(), found.group())
        owner, _, label = told.partition(": ")
        # Some sentences say the label after the id.
        said = label and found.string.startswith(f": {label}", found.end())
        return owner if said else told

    return cache(lambda text: in_dollars(_ID.sub(name, text)))


def package_names(study: Study) -> dict[str, str]:
    """Return each package's title, with its id where two have the same."""
    titles = {package.id: package.title for package in study.packages}
    often = Counter(titles.values())
    return {p: title if often[title] == 1 else f"{title} ({p})" for p, title in titles.items()}


def group_names(study: Study) -> Mapping[str, str]:
    """Return the names of entities, countries, packages and blocs that limits group by."""
    countries = {country.id: country.name for country in study.countries}
    return (
        _BLOCS
        | package_names(study)
        | countries
        | {entity.id: entity.name for entity in study.entities}
    )


def with_agencies(text: str, names: Mapping[str, str]) -> str:
    """Return the reason of a designation with the agencies' names in place of their ids.

    >>> with_agencies("under the floor of ostp, state", {"ostp": "OSTP", "state": "State"})
    'under the floor of OSTP, State'
    """
    if not text.startswith(_FLOOR):
        return text
    return _FLOOR + ", ".join(names.get(a, a) for a in text.removeprefix(_FLOOR).split(", "))


def method_name(method: str) -> str:
    """Return a method's name, those that are abbreviations in capitals.

    >>> method_name("weighted_sum"), method_name("topsis"), method_name("electre_tri")
    ('weighted sum', 'TOPSIS', 'ELECTRE TRI')
    """
    words = method.replace("_", " ")
    return words.upper() if method in _CAPITALS else words


def distributions(evaluation: Evaluation) -> tuple[tuple[str, str], ...]:
    """Return what was drawn and how, what is drawn alike together; nothing without draws."""
    if evaluation.uncertainty is None:
        return ()
    names = short_names(evaluation)
    alike: dict[str, list[str]] = {}
    for what, how in evaluation.uncertainty.distributions.items():
        alike.setdefault(how, []).append(what)
    return tuple((_together(what, names), how) for how, what in alike.items())


def _together(drawn: Iterable[str], names: Mapping[str, str]) -> str:
    """Return what was drawn alike, the agencies whose weights are in it as one list.

    >>> _together(["influence", "weights of a", "weights of b"], {"a": "A", "b": "B"})
    'influence, weights of A, B'
    """
    prefix = "weights of "
    parts = list(drawn)
    other = [part for part in parts if not part.startswith(prefix)]
    owners = [part.removeprefix(prefix) for part in parts if part.startswith(prefix)]
    weights = [prefix + ", ".join(names.get(a, a) for a in owners)] if owners else []
    return ", ".join([*other, *weights])
