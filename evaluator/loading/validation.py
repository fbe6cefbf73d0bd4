"""Located nodes -> frozen types, with every fault at its line and in plain words."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from evaluator.errors import Problem, did_you_mean
from evaluator.loading.located import Node, as_json

M = TypeVar("M", bound=BaseModel)
Loc = Sequence[str | int]

_PHRASES: Mapping[str, tuple[str, str]] = {
    "missing": ("the key '{key}' is missing.", "Add it."),
    "string_type": ("{key} must be text, not {input}.", "Put it in quotes."),
    "string_too_short": ("{key} is empty.", "Fill it."),
    "string_too_long": ("{key} is too long.", "Shorten it to {max_length} characters."),
    "string_pattern_mismatch": (
        "{key} is {input}, which is not an id.",
        "Use letters, digits, '.', '_' and '-', beginning with a letter or digit.",
    ),
    "int_type": ("{key} must be a whole number, not {input}.", "Write digits only."),
    "int_from_float": ("{key} must be a whole number, not {input}.", "Round it."),
    "float_type": ("{key} must be a number, not {input}.", "Write digits, without quotes."),
    "bool_type": ("{key} must be true or false, not {input}.", "Write true or false."),
    "finite_number": ("{key} must be a finite number.", "Leave it out if it is not known."),
    "greater_than": ("{key} is {input}; it must be above {gt}.", "Mend the number."),
    "greater_than_equal": ("{key} is {input}; it must be at least {ge}.", "Mend the number."),
    "less_than": ("{key} is {input}; it must be below {lt}.", "Mend the number."),
    "less_than_equal": ("{key} is {input}; it must be at most {le}.", "Mend the number."),
    "tuple_type": ("{key} must be a list, not {input}.", "Write [..., ...] or lines with '- '."),
    "dict_type": ("{key} must be a mapping, not {input}.", "Write key: value."),
    "model_type": ("{key} must be a mapping, not {input}.", "Write key: value."),
    "model_attributes_type": ("{key} must be a mapping, not {input}.", "Write key: value."),
    "literal_error": ("{key} is {input}.", "It must be {expected}."),
    "date_from_datetime_parsing": ("{key} is {input}, not a date.", "Write it as 2026-06-30."),
    "date_parsing": ("{key} is {input}, not a date.", "Write it as 2026-06-30."),
    "date_type": ("{key} is {input}, not a date.", "Write it as 2026-06-30."),
    "too_short": ("{key} has {actual_length} entries; it needs {min_length}.", "Add to it."),
    "too_long": ("{key} has {actual_length} entries; at most {max_length} fit.", "Shorten it."),
}


def validate(model: type[M], node: Node, problems: list[Problem]) -> M | None:
    """Return the node as a frozen type, or None with its faults added to `problems`."""
    try:
        return model.model_validate_json(as_json(node), strict=True)
    except ValidationError as error:
        problems.extend(_problems(model, node, error.errors(include_url=False)))
        return None


def _problems(model: type[BaseModel], root: Node, errors: list[ErrorDetails]) -> Iterator[Problem]:
    by_place: dict[tuple[str, tuple[str | int, ...]], list[tuple[str, str]]] = {}
    for error in errors:
        path = tuple(_present(root, error["loc"]))
        node = root.nearest(path)
        facts = by_place.setdefault((node.where, path), [])
        facts.append(_words(model, path, error))
    for (where, path), facts in by_place.items():
        if len(facts) == 1 or all(f[0].startswith(("the key", "unknown key")) for f in facts):
            yield from (Problem(_full(where, path), *fact) for fact in facts)
        else:
            told = "; or: ".join(dict.fromkeys(fact.rstrip(".") for fact, _ in facts))
            yield Problem(_full(where, path), f"none of the forms allowed here fits: {told}.")


def _full(where: str, path: Loc) -> str:
    return f"{where}, {'.'.join(map(str, path))}" if path else where


def _present(root: Node, loc: Loc) -> Iterator[str | int]:
    """Yield the steps of an error's location that are in the data: union labels are not."""
    node = root
    for step in loc:
        below = node.child(step) if not isinstance(node.value, tuple) or step != "id" else None
        if below is not None and not (isinstance(node.value, tuple) and isinstance(step, str)):
            yield step
            node = below


def _words(model: type[BaseModel], path: Loc, error: ErrorDetails) -> tuple[str, str]:
    kind, loc = error["type"], error["loc"]
    key = str(loc[-1]) if loc else "the file"
    if kind == "extra_forbidden":
        return f"unknown key '{key}'.", did_you_mean(key, _keys_at(model, path[:-1]))
    if kind == "value_error":
        return f"{error['msg'].removeprefix('Value error, ')}.", ""
    if kind not in _PHRASES:
        return f"{key}: {error['msg']}.", ""
    named = str(path[-1]) if path else key
    words = {"key": key if kind == "missing" else f"'{named}'", "input": _shown(error["input"])}
    fact, remedy = _PHRASES[kind]
    context = {**error.get("ctx", {}), **words}
    return fact.format_map(context), remedy.format_map(context)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "empty"
    text = repr(value) if isinstance(value, str) else str(value).lower()
    return text if len(text) <= 60 else f"{text[:57]}..."


def _keys_at(model: type[BaseModel], path: Loc) -> list[str]:
    """Return the keys that the type at a path allows."""
    found: list[Any] = [model]
    for step in path:
        found = [below for kind in found for below in _below(kind, step)]
    return [
        field.alias or name
        for kind in found
        if isinstance(kind, type) and issubclass(kind, BaseModel)
        for name, field in kind.model_fields.items()
    ]


def _below(kind: Any, step: str | int) -> Iterator[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if step in (name, field.alias):
                yield from _options(field.annotation)
    elif get_origin(kind) is dict:
        yield from _options(get_args(kind)[1])
    elif get_origin(kind) is tuple:
        yield from _options(get_args(kind)[0])


def _options(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _options(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for option in get_args(annotation):
            yield from _options(option)
    else:
        yield annotation
