"""What a scenario changes, in words: the place in the study, the old value and the new one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.report.formatting.names import Name, Names, method_name, names_of
from evaluator.report.formatting.numbers import fixed, general
from evaluator.results.evaluation import Scored
from evaluator.sanitize import shortened

_ROW = {
    "packages": r"packages\.(?P<package>.+?)",
    "ratings": r"ratings\.(?P<package>.+?)\.(?P<criterion>[\w-]+\.[\w-]+)\.(?P<evaluator>[\w-]+)",
    "measures": r"measures\.(?P<package>.+?)\.(?P<criterion>[\w-]+\.[\w-]+)",
    "requests": r"requests\.(?P<package>.+?)\.(?P<tool>[\w-]+\.[\w-]+)",
}
"""Facts, by table, as far as their rows."""
_CELL = r"(\.\w+)?"
_PLACES = (
    (r"extent", "How much the run computes"),
    (r"as_of", "As of"),
    (r"method\b.*", "Method of ranking"),
    (r"missing", "What is done with what is missing"),
    (r"influence\.shares\.(?P<agency>[\w-]+)", "Influence of {its_agency}"),
    (r"influence\b.*", "Influence of the {agencies}"),
    (r"agencies\.(?P<agency>[\w-]+)\.weights\b.*", "Weights of {its_agency}"),
    (r"designation\.min_agency\.(?P<agency>[\w-]+)", "Floor of {its_agency}"),
    (r"designation\.min_overall", "Least overall score to be {priority}"),
    (r"designation\.max_packages", "Most {chosen}"),
    (r"designation\b.*", "Rule of designation"),
    (_ROW["packages"] + r"\.(?P<attribute>[^.]+)", "{its_attribute} of {its_package}"),
    (_ROW["ratings"] + _CELL, "Rating of {its_package} on {its_criterion}, by {its_evaluator}"),
    (_ROW["measures"] + _CELL, "{its_criterion} of {its_package}"),
    (_ROW["requests"] + _CELL, "What {its_package} asks of {its_tool}"),
    (r"institutions\.(?P<tool>\w+\.tools\.\w+)\.envelope\b.*", "{Envelope} of {its_tool}"),
    (r"institutions\.(?P<limit>\w+\.limits\.\w+)\.at_most", "Upper limit of {its_limit}"),
    (r"institutions\.(?P<limit>\w+\.limits\.\w+)\.at_least", "Lower limit of {its_limit}"),
    (r"allocation\b.*", "Settings of the allocation"),
    (r"uncertainty\b.*", "Settings of the draws"),
)
_VALUES = {("extent", "plain"): "the plain run", ("extent", "full"): "everything: the full run"}
_UNSTATED = {"extent": "plain"}
"""What stands where a key is not stated."""


@dataclass(frozen=True)
class ChangedKey:
    """A key of a scenario that is otherwise, in words."""

    key: str
    what: str
    """What the key stands for; empty where no words are known for it."""
    old: str
    new: str
    because: str
    by: str
    """Who changed it, and when, as far as that is stated."""


@dataclass(frozen=True)
class ChangeLine(ChangedKey):
    """One change as it was applied."""

    scenario: str


def change_lines(evaluation: Scored) -> tuple[ChangeLine, ...]:
    """Return the changes of a run in the order applied."""
    names = names_of(evaluation)
    return tuple(
        ChangeLine(
            key=change.set,
            what=key_in_words(names, change.set),
            old=value_in_words(names, change.set, change.old),
            new=value_in_words(names, change.set, change.new),
            because=change.because,
            by=change.by_whom,
            scenario=change.scenario,
        )
        for change in evaluation.study.applied
    )


def key_in_words(names: Names, key: str) -> str:
    """Return what a key of a scenario stands for; nothing where no words are known for it."""
    for pattern, words in _PLACES:
        found = re.fullmatch(pattern, key.replace('"', ""))
        if found:
            return names.words.fill(words, **_named(names, found.groupdict()))
    return ""


def _named(names: Names, ids: Mapping[str, str]) -> dict[str, str]:
    """Return what a key names, such as an agency or a tool, by name: `its_agency`."""
    named = dict(ids)
    for kind in ("agency", "package", "criterion", "attribute"):
        if kind in ids:
            named[kind] = getattr(names, kind)(ids[kind])
    if "tool" in ids:
        named["tool"] = names.tool(ids["tool"].replace(".tools.", "."))
    if "limit" in ids:
        named["limit"] = names.limit(ids["limit"].replace(".limits.", "."))
    return {f"its_{kind}": name for kind, name in named.items()}


def value_in_words(names: Names, key: str, value: object) -> str:
    """Return what stands at a key of a scenario, as people read it."""
    if value is None:
        default = _UNSTATED.get(key)
        return f"{_VALUES[key, default]} (not stated)" if default else "not stated"
    if key == "method" and isinstance(value, Mapping) and list(value) == ["name"]:
        return method_name(str(value["name"]))
    if key == "method.name":
        return method_name(str(value))
    if isinstance(value, int) and not isinstance(value, bool) and key.startswith("institutions."):
        return names.amount(value)
    return _VALUES.get((key, str(value))) or said(value, names.agency)


def differing(old: Any, new: Any) -> tuple[Any, Any]:
    """Return two values without what they have alike.

    >>> differing({"a": 1, "b": {"c": 2, "d": 3}}, {"a": 1, "b": {"c": 4, "d": 3}})
    ({'b': {'c': 2}}, {'b': {'c': 4}})
    """
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return old, new
    keys = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    pairs = {key: differing(old.get(key), new.get(key)) for key in keys}
    return {k: one for k, (one, _) in pairs.items()}, {k: two for k, (_, two) in pairs.items()}


def changed_in_words(names: Names, key: str, old: Any, new: Any) -> tuple[str, str, str]:
    """Return what a key stands for, and what of its old and new value is not alike."""
    was, now = (shortened(value_in_words(names, key, value)) for value in differing(old, new))
    return key_in_words(names, key), was, now


def said(value: object, name: Name) -> str:
    """Return a value of a scenario as people read it; keys that have a name go by it.

    >>> said({"ostp": 0.25, "state": None, "of": {"a": 1, "b": 2}}, str.upper)
    'OSTP 0.25, STATE not stated, OF (A 1, B 2)'
    >>> said(2500000000, str), said(True, str), said([1, 2], str)
    ('2,500,000,000', 'yes', '1, 2')
    """
    if isinstance(value, Mapping):
        told = ((k, v, said(v, name)) for k, v in value.items())
        return ", ".join(
            f"{name(k)} {f'({text})' if isinstance(v, Mapping) else text}" for k, v, text in told
        )
    if isinstance(value, list | tuple):
        return ", ".join(said(each, name) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return general(value, 10) if abs(value) < 1e9 else fixed(value, 0)
    return "not stated" if value is None else str(value)
