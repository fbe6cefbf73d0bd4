"""Who has a say in a run on record, and what there is to say something of: from its own study."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from evaluator.record.ledger.contents import load
from evaluator.record.ledger.enter import manifest_of
from evaluator.record.ledger.entries import Entry
from evaluator.record.runs.verify import STUDY


@dataclass(frozen=True)
class Parties:
    """The agencies of a run's study by their role, and the ids of its things."""

    agencies: Mapping[str, str]
    """What each is called, by id."""
    deciding: tuple[str, ...]
    consulted: tuple[str, ...]
    things: tuple[str, ...]
    """Packages, agencies, criteria and tools: what a comment may be about."""


def parties_of(connection: Connection, run: Entry) -> Parties:
    """Return who has a say in a run on record.

    Raises RecordError where what is kept of it was altered.
    """
    manifest = manifest_of(connection, run)
    name = manifest["files"][STUDY]
    study = json.loads(load(connection, [name])[name])["study"]
    agencies = study["agencies"]
    named = {one["agency"]: one["short"] or one["name"] for one in agencies}
    deciding = tuple(one["agency"] for one in agencies if one["role"] == "decides")
    if len(named) == 1:
        deciding = tuple(named)  # it decides alone, whatever is stated
    return Parties(
        named,
        deciding,
        tuple(agency for agency in named if agency not in deciding),
        (*_ids(study["packages"], "id"), *named, *_criteria(agencies), *_tools(study)),
    )


def _ids(things: list[dict[str, Any]], key: str) -> list[str]:
    return [one[key] for one in things]


def _criteria(agencies: list[dict[str, Any]]) -> list[str]:
    return [f"{one['agency']}.{id_}" for one in agencies for id_ in _ids(one["criteria"], "id")]


def _tools(study: Mapping[str, Any]) -> list[str]:
    return [
        f"{one['institution']}.{id_}"
        for one in study["institutions"]
        for id_ in _ids(one["tools"], "id")
    ]
