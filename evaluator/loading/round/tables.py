"""The tables of a round: their columns, what stands in an absent one, keys and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from evaluator.loading.keys import COUNTRIES
from evaluator.loading.tables import cells as c
from evaluator.model.base import Confidence, Missing
from evaluator.model.country import Attribute

Columns = Mapping[str, c.Parser[Any]]
Defaults = Mapping[str, Any]

TABLES: Mapping[str, tuple[Columns, Defaults]] = {
    "packages": (
        {
            "id": c.identifier,
            "title": c.filled,
            "standing": c.optional(c.flag, False),
            "exclusive_group": c.optional(c.identifier),
            "requires": c.identifiers,
        },
        {"standing": False, "exclusive_group": None, "requires": ()},
    ),
    "entities": (
        {
            "id": c.identifier,
            "name": c.filled,
            "headquarters": c.datum(c.identifier),
            "government": c.optional(c.flag, False),
            "small_business": c.optional(c.flag, False),
        },
        {
            "headquarters": Missing(reason="no such column"),
            "government": False,
            "small_business": False,
        },
    ),
    "ownership": (
        {
            "entity": c.identifier,
            "owner": c.optional(c.identifier),
            "share": c.optional(c.share),
            "votes": c.optional(c.share),
            "control": c.optional(c.flag, False),
            "source": c.text,
        },
        {"share": None, "votes": None, "control": False, "source": ""},
    ),
    "exposures": (
        {
            "entity": c.identifier,
            "institution": c.identifier,
            "amount_usd": c.money,
            "source": c.text,
        },
        {"source": ""},
    ),
    "members": (
        {
            "package": c.identifier,
            "entity": c.identifier,
            "role": c.choice("anchor", "member"),
            "exposure_share": c.share,
        },
        {},
    ),
    "targets": ({"package": c.identifier, "country": c.identifier, "share": c.share}, {}),
    "layers": (
        {
            "package": c.identifier,
            "layer": c.identifier,
            "provider": c.optional(c.identifier),
            "description": c.text,
            "value_usd": c.optional(c.money),
            "us_made_share": c.optional(c.share),
            "model_origin": c.datum(c.iso3),
            "open_weights": c.optional(c.flag),
        },
        {
            "provider": None,
            "description": "",
            "value_usd": None,
            "us_made_share": None,
            "model_origin": Missing(reason="no such column"),
            "open_weights": None,
        },
    ),
    "roles": (
        {
            "package": c.identifier,
            "role": c.choice("builds", "owns", "operates"),
            "entity": c.identifier,
            "source": c.text,
        },
        {"source": ""},
    ),
    "requests": (
        {
            "package": c.identifier,
            "tool": c.identifier,
            "amount_usd": c.money,
            "minimum_usd": c.optional(c.money, 0),
            "all_or_nothing": c.optional(c.flag, False),
            "alternative_group": c.optional(c.identifier),
            "tenor_years": c.optional(c.number),
        },
        {
            "minimum_usd": 0,
            "all_or_nothing": False,
            "alternative_group": None,
            "tenor_years": None,
        },
    ),
    "assistance": (
        {
            "package": c.identifier,
            "kind": c.label,
            "addressee": c.label,
            "asked": c.filled,
            "source": c.text,
        },
        {"source": ""},
    ),
    "country_facts": (
        {
            "country": c.identifier,
            "criterion": c.identifier,
            "kind": c.label,
            "fact": c.filled,
            "date": c.day,
            "citation": c.filled,
            "confidence": c.choice(*get_args(Confidence)),
        },
        {},
    ),
    "strategy": (
        {
            "target": c.identifier,
            "note": c.text,
            "citation": c.filled,
            "confidence": c.choice(*get_args(Confidence)),
        },
        {"note": ""},
    ),
    "measures": (
        {
            "package": c.identifier,
            "criterion": c.identifier,
            "value": c.datum(c.number),
            "low": c.optional(c.number),
            "high": c.optional(c.number),
            "unit": c.word,
            "origin": c.text,
            "source": c.text,
        },
        {"low": None, "high": None, "origin": "", "source": ""},
    ),
    "ratings": (
        {
            "package": c.identifier,
            "criterion": c.identifier,
            "evaluator": c.identifier,
            "rating": c.optional(c.word),
            "rationale": c.text,
            "recused": c.optional(c.flag, False),
            "by": c.text,
            "date": c.optional(c.day),
        },
        {"rationale": "", "recused": False, "by": "", "date": None},
    ),
    "evaluators": (
        {"id": c.identifier, "name": c.filled, "agency": c.optional(c.identifier)},
        {"agency": None},
    ),
    "evidence": (
        {
            "package": c.identifier,
            "requirement": c.identifier,
            "status": c.choice("passed", "failed", "unknown"),
            "source": c.text,
            "note": c.text,
        },
        {"source": "", "note": ""},
    ),
    "exclusions": ({"row": c.filled, "reason": c.filled}, {}),
}
ABOUT, LISTS = BESIDE = ("about", "lists")
"""Sheets of a workbook that are no tables: what it is, and what may be chosen in its cells."""
REQUIRED = ("packages",)
LABELS: Mapping[str, tuple[str, ...]] = {
    "packages": ("id", "exclusive_group"),
    "entities": ("id",),
    "layers": ("layer",),
    "requests": ("alternative_group",),
    "assistance": ("kind", "addressee"),
    "country_facts": ("kind",),
    "ratings": ("evaluator",),
    "evaluators": ("id",),
    "exclusions": ("row",),
}
"""Columns of which two spellings would make two of one thing."""
COUNTRY: Columns = {"iso3": c.iso3, "name": c.filled, "bloc": c.label}


def columns_of(
    packages: Sequence[Attribute], countries: Sequence[Attribute]
) -> dict[str, tuple[str, ...]]:
    """Return the columns that each table of facts may have, by the described ones of two."""
    found = {table: tuple(columns) for table, (columns, _) in TABLES.items()}
    found["packages"] += tuple(one.id for one in packages)
    return {**found, COUNTRIES: (*COUNTRY, *(name for one in countries for name in one.held_in))}
