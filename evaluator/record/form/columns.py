"""The columns of each table of a round, as they are filled in for one study."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from evaluator.loading.documents.located import parse_yaml
from evaluator.loading.round.tables import TABLES
from evaluator.model.base import Frozen, Text
from evaluator.model.country import Attribute
from evaluator.model.study import Study

_NOT_KNOWN = "Empty: not known. n/a: reason: not known for that reason."


class Column(Frozen):
    """How a column of a table is filled in."""

    model_config = ConfigDict(populate_by_name=True)

    note: Text
    type: Literal["text", "number", "money", "share", "date", "flag"] = "text"
    named: Annotated[str | None, Field(alias="list")] = None
    """The list to choose from, by its name."""
    one_of: tuple[Text, ...] | None = None
    """Words to choose from, the same in every study."""
    open: bool = False
    """Something else than the list may stand there."""
    needed: bool = False


class Table(Frozen):
    """What a table holds, and how each of its columns is filled in."""

    about: Text
    columns: Mapping[str, Column]


@cache
def _stated() -> Mapping[str, Table]:
    path = files("evaluator.record.form") / "columns.yaml"
    read = parse_yaml(path.read_text(encoding="utf-8"), "columns.yaml").plain()
    return {name: Table.model_validate_json(json.dumps(table)) for name, table in read.items()}


def tables(study: Study) -> dict[str, Table]:
    """Return every table of a round by name, packages with the columns of this study."""
    found = {}
    for name, table in _stated().items():
        optional = TABLES[name][1]
        columns = {
            column: how.model_copy(update={"needed": column not in optional})
            for column, how in table.columns.items()
        }
        if name == "packages":
            own = {one.id: _of_attribute(one) for one in study.package_attributes}
            first = {column: columns.pop(column) for column in ("id", "title")}
            columns = {**first, **own, **columns}
        found[name] = table.model_copy(update={"columns": columns})
    return found


def list_of(attribute: str) -> str:
    """Return the name of the list of a column's words."""
    return f"packages.{attribute}"


def _of_attribute(attribute: Attribute) -> Column:
    unit = f", {attribute.unit}" if attribute.unit else ""
    bounds = "".join(
        f" {word} {bound:g}."
        for word, bound in (("At least", attribute.at_least), ("At most", attribute.at_most))
        if bound is not None
    )
    return Column(
        note=f"{attribute.label}{unit}.{bounds} {_NOT_KNOWN}",
        type=attribute.type,
        named=list_of(attribute.id) if attribute.one_of else None,
        open=True,
    )
