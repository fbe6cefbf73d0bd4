"""The reference of a study's YAML files, made of their JSON schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from evaluator.loading.schemas import schemas

_HEAD = """# The YAML files of a study
Every key, made of the schemas that `evaluator schema` writes. The field guides tell how they work
together, and have the columns of the tables: [how packages are judged](criteria.md), [what is
asked](scenarios.md).
"""
_NAMES = {
    "agency": "An agency's file",
    "attributes": "attributes.yaml, countries.yaml",
    "calendar": "A calendar of sessions",
    "import-map": "The map of an import",
    "institution": "An institution's file",
    "requirements": "requirements.yaml",
    "scales": "scales.yaml",
    "scenario": "A scenario",
    "scenario-changes": "A scenario that extends another",
}


def study_files() -> str:
    """Return every key of every kind of file as Markdown, then the parts that they share."""
    every = schemas()
    told = [_HEAD]
    parts: dict[str, Any] = {}
    for name, schema in every.items():
        told += [f"## {_NAMES[name]}\n", *_keys(schema)]
        parts |= schema.get("$defs", {})
    told.append("## Parts\n")
    for name in sorted(parts):
        told += [f"### {name}\n", *_keys(parts[name])]
    return "\n".join(told)


def _keys(schema: Mapping[str, Any]) -> Iterator[str]:
    if "description" in schema:
        yield f"{_one_line(schema['description'])}\n"
    needed = schema.get("required", ())
    yield "| key | what | default | meaning |\n|---|---|---|---|"
    for key, value in schema["properties"].items():
        default = "needed" if key in needed else _default(value.get("default"))
        meaning = _one_line(value.get("description", ""))
        yield f"| `{key}` | {_what(value)} | {default} | {meaning} |"
    yield ""


def _what(value: Mapping[str, Any]) -> str:
    """Return the type of a value in words."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in value:
        kinds = dict.fromkeys(_what(one) for one in value["anyOf"] if one.get("type") != "null")
        return " or ".join(kinds)
    if "enum" in value:
        return ", ".join(f"`{one}`" for one in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    kind = value.get("type", "anything")
    if kind == "array":
        inner = value.get("items") or {}
        return f"list of {_what(inner)}" if inner else "list"
    if kind == "object":
        inner = value.get("additionalProperties")
        return f"by name: {_what(inner)}" if isinstance(inner, Mapping) and inner else "by name"
    return f"{_KINDS.get(value.get('format', ''), _KINDS.get(kind, kind))}{_bounds(value)}"


_KINDS = {
    "date": "date",
    "string": "text",
    "boolean": "true or false",
    "integer": "whole number",
    "number": "number",
}
_BOUNDS = {
    "minimum": "from",
    "exclusiveMinimum": "above",
    "maximum": "to",
    "exclusiveMaximum": "below",
}


def _bounds(value: Mapping[str, Any]) -> str:
    told = [f" {word} {value[key]:,g}" for key, word in _BOUNDS.items() if key in value]
    return "".join(told)


def _default(value: Any) -> str:
    if value in (None, [], {}):
        return "none"
    if isinstance(value, Mapping):
        return "its own defaults"
    return f"`{json.dumps(value) if not isinstance(value, str) else value}`"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
