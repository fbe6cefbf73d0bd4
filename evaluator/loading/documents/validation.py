"""Located nodes -> frozen types, with every fault at its line and in plain words."""

from __future__ import annotations

import types
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from evaluator.errors import Problem, did_you_mean
from evaluator.loading.documents.located import Node, as_json, id_of
from evaluator.sanitize import shortened

M = TypeVar("M", bound=BaseModel)
Loc = tuple[str | int, ...]

_PHRASES: Mapping[str, tuple[str, str]] = {
    "missing": ("the key '{key}' is missing.", "Add it."),
    "string_type": ("{key} must be text, not {input}.", "Put it in quotes."),
    "string_too_short": ("{key} is empty.", "Fill it."),
    "string_too_long": ("{key} is too long.", "Shorten it to {max_length} characters."),
    "string_pattern_mismatch": (
        "{key} is {input}, which is not an id.",
        "Use A to Z, a to z, digits, '.', '_' and '-', beginning with a letter or digit.",
    ),
    "int_type": ("{key} must be a whole number, not {input}.", "Write digits only."),
    "float_type": ("{key} must be a number, not {input}.", "Write digits, without quotes."),
    "bool_type": ("{key} must be true or false, not {input}.", "Write true or false."),
    "finite_number": ("{key} must be a finite number.", "Leave it out if it is not known."),
    "greater_than": ("{key} is {input}; it must be above {gt}.", "Mend the number."),
    "greater_than_equal": ("{key} is {input}; it must be at least {ge}.", "Mend the number."),
    "less_than": ("{key} is {input}; it must be below {lt}.", "Mend the number."),
    "less_than_equal": ("{key} is {input}; it must be at most {le}.", "Mend the number."),
    "tuple_type": ("{key} must be a list, not {input}.", "Write [..., ...] or lines with '- '."),
    "dict_type": ("{key} must be a mapping of keys, not {input}.", "Write key: value."),
    "model_type": ("{key} must be a mapping of keys, not {input}.", "{keys}"),
    "literal_error": ("{key} is {input}.", "It must be {expected}."),
    "date_parsing": ("{key} is {input}, not a date.", "Write it as 2026-06-30."),
    "date_type": ("{key} is {input}, not a date.", "Write it as 2026-06-30."),
    "too_short": ("{key} has {actual_length} of at least {min_length} entries.", "Add to it."),
    "too_long": ("{key} has {actual_length} entries; at most {max_length} fit.", "Shorten it."),
}


_FORMS: Mapping[str, str] = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys",
    "model_type": "a mapping of keys",
    "literal_error": "{expected}",
    "date_parsing": "a date such as 2026-06-30",
    "date_type": "a date such as 2026-06-30",
}
"""What a value should have been, for faults that say no more than that it is another thing."""
_OF_KEYS = ("missing", "extra_forbidden")


@dataclass(frozen=True)
class _Fault:
    """What is wrong with one value; several errors if it has none of the forms allowed."""

    path: Loc
    node: Node
    errors: tuple[ErrorDetails, ...]


def validate(model: type[M], node: Node, problems: list[Problem]) -> M | None:
    """Return the node as a frozen type, or None with its faults added to `problems`."""
    try:
        return model.model_validate_json(as_json(node), strict=True)
    except ValidationError as error:
        found = [(details["loc"], details) for details in error.errors(include_url=False)]
        for fault in _faults(found, node, ()):
            where = _full(node, fault)
            problems.append(Problem(where, *_words(model, fault)))
        return None


def _faults(errors: Sequence[tuple[Loc, ErrorDetails]], node: Node, path: Loc) -> Iterator[_Fault]:
    """Yield the faults of a value and of what is below it, from errors at the rest of their path.

    A step that is not in the data is one of several forms that the value may have.
    """
    below: defaultdict[str | int, list[tuple[Loc, ErrorDetails]]] = defaultdict(list)
    forms: defaultdict[str | int, list[tuple[Loc, ErrorDetails]]] = defaultdict(list)
    for rest, error in errors:
        if not rest or (len(rest) == 1 and error["type"] == "missing"):
            if not _is_echo(error):
                yield _Fault(path, node, (error,))
        elif _below_node(node, rest[0]) is not None:
            below[rest[0]].append((rest[1:], error))
        else:
            forms[rest[0]].append((rest[1:], error))
    for step, found in below.items():
        child = _below_node(node, step)
        if child is not None:
            yield from _faults(found, child, (*path, step))
    if not forms:
        return
    meant = _meant(list(forms.values()))
    if meant:
        yield from _faults(meant, node, path)
    else:
        yield _Fault(path, node, tuple(error for found in forms.values() for _, error in found))


def _is_echo(error: ErrorDetails) -> bool:
    """Return whether a list is only short for want of its faulty entries."""
    wanted = error.get("ctx", {}).get("min_length", 0)
    if error["type"] == "missing":
        return isinstance(error["loc"][-1], int)
    return error["type"] == "too_short" and len(error["input"]) >= wanted


def _below_node(node: Node, step: str | int) -> Node | None:
    listed = isinstance(node.value, tuple)
    return node.child(step) if listed == isinstance(step, int) else None


def _meant(
    forms: Sequence[Sequence[tuple[Loc, ErrorDetails]]],
) -> list[tuple[Loc, ErrorDetails]]:
    """Return the errors of the form that the author meant: the one whose keys fit best.

    Empty if the value is of no form at all. Where two fit alike, what both miss is left out.
    """
    close = [found for found in forms if found[0][0] or found[0][1]["type"] not in _FORMS]
    odd = [sum(len(r) == 1 and e["type"] in _OF_KEYS for r, e in found) for found in close]
    best = [found for found, count in zip(close, odd, strict=True) if count == min(odd)]
    if len(best) < 2:
        return list(best[0]) if best else []
    shared = [(r, e) for r, e in best[0] if e["type"] != "missing"]
    return shared or list(best[0])


def _full(root: Node, fault: _Fault) -> str:
    """Return the place: file and line, and the path of keys, entries of lists by their ids."""
    steps: list[str] = []
    node = root
    path = fault.path[:-1] if fault.errors[0]["type"] == "extra_forbidden" else fault.path
    for step in path:
        node = _below_node(node, step) or node
        steps.append(_named(node, step))
    where, told = fault.node.where, shortened(".".join(steps), 100)
    return where if not told or where.endswith(f" {told}") else f"{where}, {told}"


def _named(node: Node, step: str | int) -> str:
    if isinstance(step, str):
        return step
    return (id_of(node) or "").strip() or str(step + 1)


def _subject(path: Loc) -> str:
    if not path:
        return "this"
    last = path[-1]
    return f"entry {last + 1}" if isinstance(last, int) else f"'{shortened(last)}'"


def _words(model: type[BaseModel], fault: _Fault) -> tuple[str, str]:
    error = fault.errors[0]
    kind, loc, path = error["type"], error["loc"], fault.path
    named = _subject(path)
    keys = _keys_at(model, path)
    if error["input"] is None and kind in _FORMS:
        return f"{named} is empty.", "Fill it, or take the key out."
    if len(fault.errors) > 1:
        wanted = dict.fromkeys(_form(e, keys) for e in fault.errors)
        return f"{named} is {_shown(error['input'])}.", f"It must be {_either(wanted)}."
    if kind == "extra_forbidden":
        known = _keys_at(model, path[:-1])
        if path[-1] in known:
            return f"the key {named} does not go with the others here.", "Remove it."
        return f"unknown key {named}.", did_you_mean(str(path[-1]), known)
    if kind == "value_error":
        return f"{error['msg'].removeprefix('Value error, ')}.", ""
    if kind not in _PHRASES:
        return f"{named}: {error['msg']}.", ""
    words = {
        "key": str(loc[-1]) if kind == "missing" else named,
        "input": _shown(error["input"]),
        "keys": did_you_mean("", keys),
    }
    fact, remedy = _PHRASES[kind]
    limits = {k: f"{v:g}" if isinstance(v, float) else v for k, v in error.get("ctx", {}).items()}
    context = {**limits, **words}
    return fact.format_map(context), remedy.format_map(context)


def _form(error: ErrorDetails, keys: Sequence[str]) -> str:
    form = _FORMS[error["type"]].format_map(error.get("ctx", {})).replace(" or '", ", '")
    return f"{form} ({', '.join(keys)})" if error["type"] == "model_type" and keys else form


def _either(forms: Iterable[str]) -> str:
    wider = {"a whole number": "a number"}
    every = list(forms)
    words = [form for form in every if wider.get(form) not in every]
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


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
    elif get_origin(kind) is Mapping:
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
