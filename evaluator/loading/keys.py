"""By which columns the rows of each table of facts are known, and paths of changes into them."""

from __future__ import annotations

from collections.abc import Mapping

KEYS: Mapping[str, tuple[str, ...]] = {
    "packages": ("id",),
    "entities": ("id",),
    "ownership": ("entity", "owner"),
    "exposures": ("entity", "institution"),
    "members": ("package", "entity"),
    "targets": ("package", "country"),
    "layers": ("package", "layer", "provider"),
    "roles": ("package", "role", "entity"),
    "requests": ("package", "tool"),
    "assistance": ("package", "kind", "addressee"),
    "country_facts": ("country", "criterion", "kind", "date"),
    "strategy": ("target",),
    "measures": ("package", "criterion"),
    "ratings": ("package", "criterion", "evaluator"),
    "evaluators": ("id",),
    "evidence": ("package", "requirement"),
    "exclusions": ("row",),
}
VALUES: Mapping[str, str] = {"requests": "amount_usd", "measures": "value", "ratings": "rating"}
"""The column that a change of a row means where it states one value alone."""
COUNTRIES = "countries"
_FULL_IDS = ("criterion", "tool")
_KEYS_OF_ROWS: Mapping[str, tuple[str, ...]] = {**KEYS, COUNTRIES: ("iso3",)}


def keys_of(table: str) -> tuple[str, ...]:
    """Return the columns by which the rows of a table of facts are told apart."""
    return _KEYS_OF_ROWS[table]


def fact_path(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path of a change with the full ids of criteria and tools as one step each.

    >>> fact_path(("ratings", "P1", "trade", "jobs", "E1"))
    ('ratings', 'P1', 'trade.jobs', 'E1')
    """
    if not of_facts(path):
        return path
    left, found = list(path[1:]), [path[0]]
    for column in keys_of(path[0]):
        if column in _FULL_IDS and len(left) > 1 and "." not in left[0]:
            left[:2] = [f"{left[0]}.{left[1]}"]
        found += left[:1]
        left = left[1:]
    return (*found, *left)


def of_facts(path: tuple[str, ...]) -> bool:
    """Return whether a path of a change leads into a table; `countries` alone is a setting."""
    return path[0] in KEYS or (path[0] == COUNTRIES and len(path) > 1)
