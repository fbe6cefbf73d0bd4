"""YAML with places: every node knows the file and the line that it came from."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.characters import odd_character, refuse_odd_characters
from evaluator.loading.documents.text_files import decoded, read_bytes

Scalar = str | int | float | bool | dt.date | None
Events = Iterator[Any]
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser of libyaml, 40 times faster, where PyYAML was built with it as its wheels are."""
DEPTH = 40
"""Levels to which a document may be nested."""
_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}
# A number that begins with 0 is read as octal by some and as decimal by others: it stays text.
_WHOLE = r"(?:0|[1-9][0-9]*(?:_[0-9]+)*)"
_PART = r"[0-9]+(?:_[0-9]+)*"
_INTEGER = re.compile(rf"[-+]?{_WHOLE}")
_REAL = re.compile(rf"[-+]?(?:{_WHOLE}(?:\.(?:{_PART})?)?|\.{_PART})(?:[eE][-+]?[0-9]+)?")
_DIGITS = 400
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|nan)", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of YAML and where it stands."""

    value: dict[str, Node] | tuple[Node, ...] | Scalar
    file: str
    line: int

    @property
    def where(self) -> str:
        """The place in the form that messages use."""
        return f"{self.file} line {self.line}" if self.line else self.file

    def plain(self) -> Any:
        """Return the value as plain data, dates in ISO form."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value.isoformat() if isinstance(self.value, dt.date) else self.value

    def child(self, step: str | int) -> Node | None:
        """Return the node under a key, at an index, or with an `id` in a list; None if absent."""
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if not isinstance(self.value, tuple):
            return None
        if isinstance(step, int):
            return self.value[step] if step < len(self.value) else None
        return next((node for node in self.value if id_of(node) == step), None)

    def nearest(self, path: Sequence[str | int]) -> Node:
        """Return the deepest node on a path, passing over steps that are not in the data."""
        node = self
        for step in path:
            node = node.child(step) or node
        return node


def id_of(node: Node) -> str | None:
    """Return the `id` of a mapping, None where it has none that is a text."""
    found = node.value.get("id") if isinstance(node.value, dict) else None
    return found.value if found is not None and isinstance(found.value, str) else None


def from_plain(data: Any, file: str) -> Node:
    """Wrap plain data as nodes that all name one place, such as a command-line option."""
    if isinstance(data, dict):
        return Node({str(k): from_plain(v, file) for k, v in data.items()}, file, 0)
    if isinstance(data, list | tuple):
        return Node(tuple(from_plain(v, file) for v in data), file, 0)
    return Node(data, file, 0)


def _invalid(where: str, fact: str, remedy: str) -> InvalidStudyError:
    return InvalidStudyError([Problem(where, fact, remedy)])


def parse_yaml(text: str, name: str) -> Node:
    """Parse one YAML document into located nodes.

    Only `true` and `false` are booleans, so that `no` stays text. Raises InvalidStudyError for
    bad syntax, duplicate keys, anchors, tags, odd characters, and numbers that are not finite.
    """
    refuse_odd_characters(text, name)
    problems: list[Problem] = []
    try:
        node = _document(yaml.parse(text, Loader=_PARSER), name, problems)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name} line {mark.line + 1}" if mark else name
        fact = f"this is not valid YAML: {error.problem or error.context}."
        raise _invalid(where, fact, "Check indentation, quotes, colons and brackets.") from None
    except (yaml.YAMLError, ValueError) as error:
        fact = f"this is not valid YAML: {type(error).__name__}."
        raise _invalid(name, fact, "Check the file's syntax.") from None
    if problems:
        raise InvalidStudyError(dict.fromkeys(problems))
    return node


def read_yaml(path: Path, name: str, bounds: Bounds) -> Node:
    """Read one YAML file into located nodes; the errors of `text_files` and `parse_yaml`."""
    return parse_yaml(decoded(read_bytes(path, name, bounds, "yaml_bytes"), name), name)


def _document(events: Events, name: str, problems: list[Problem]) -> Node:
    """Return the one document of a stream of events."""
    next(events)
    if isinstance(next(events), yaml.StreamEndEvent):
        raise _invalid(name, "holds no data.", "Fill it, or take it out of the study.")
    node = _located(events, next(events), name, problems, 0)
    next(events)
    after = next(events)
    if not isinstance(after, yaml.StreamEndEvent):
        where, fact = f"{name} line {after.start_mark.line + 1}", "a second document begins here."
        raise _invalid(where, fact, "Keep one document a file.")
    return node


def _located(events: Events, event: Any, name: str, problems: list[Problem], depth: int) -> Node:
    """Return the node that begins with an event, and read the events that belong to it."""
    line = event.start_mark.line + 1
    where = f"{name} line {line}"
    if depth > DEPTH:
        raise _invalid(where, f"is nested deeper than {DEPTH} levels.", "Flatten it.")
    if fault := _fault(event):
        problems.append(Problem(where, *fault))
    if isinstance(event, yaml.MappingStartEvent):
        return Node(dict(_entries(events, name, problems, depth)), name, line)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            items.append(_located(events, item, name, problems, depth + 1))
        return Node(tuple(items), name, line)
    if isinstance(event, yaml.AliasEvent):
        return Node(None, name, line)
    return Node(_scalar(event, where, problems), name, line)


def _fault(event: Any) -> tuple[str, str] | None:
    """Return fact and remedy of an anchor, an alias or a tag, which are not followed.

    Aliases of aliases grow without bound. Without a tag of its own, a plain word that YAML reads
    in some way, such as `=`, is a text.
    """
    alias = isinstance(event, yaml.AliasEvent)
    if event.anchor:
        shown = f"{'*' if alias else '&'}{event.anchor}"
        return f"anchors and aliases ({shown}) are not allowed.", "Write the value out."
    if not alias and event.tag:
        shown = event.tag.replace("tag:yaml.org,2002:", "!!")
        return f"the tag {shown} is not allowed.", "Remove it."
    return None


def _entries(
    events: Events, name: str, problems: list[Problem], depth: int
) -> Iterator[tuple[str, Node]]:
    first: dict[str, int] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        line = event.start_mark.line + 1
        key = _key(events, event, name, problems, depth)
        value = _located(events, next(events), name, problems, depth + 1)
        if key is None:
            continue
        if key in first:
            fact = f"the key '{key}' stands here again; it is first on line {first[key]}."
            problems.append(Problem(f"{name} line {line}", fact, "Keep one of the two."))
            continue
        first[key] = line
        yield key, value


def _key(events: Events, event: Any, name: str, problems: list[Problem], depth: int) -> str | None:
    """Return a mapping's key, None where it cannot be one."""
    where = f"{name} line {event.start_mark.line + 1}"
    if not isinstance(event, yaml.ScalarEvent):
        problems.append(Problem(where, "a key must be a single word.", "Quote it."))
        _located(events, event, name, problems, depth + 1)
        return None
    key = str(event.value)
    if fault := _fault(event):
        problems.append(Problem(where, *fault))
        return None
    if odd := odd_character(key):
        problems.append(Problem(where, f"a key {odd[0]}", odd[1]))
        return None
    return key


def _scalar(event: yaml.ScalarEvent, where: str, problems: list[Problem]) -> Scalar:
    text = str(event.value)
    if fault := odd_character(text):
        problems.append(Problem(where, *fault))
        return None
    if event.style:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text) or _REAL.fullmatch(text) or _NOT_FINITE.fullmatch(text):
        return _number(text, where, problems)
    if _DATE.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            problems.append(Problem(where, f"{text} is no day of the calendar.", "Mend the date."))
            return None
    return text


def _number(text: str, where: str, problems: list[Problem]) -> int | float | None:
    if len(text) > _DIGITS:
        problems.append(Problem(where, f"is a number of {len(text):,} digits.", "Round it."))
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    if _REAL.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    fact = f"{text} is not a finite number."
    problems.append(Problem(where, fact, "Leave the value out if it is not known."))
    return None


def as_json(node: Node) -> str:
    """Return the node's plain data as JSON text, for validation."""
    return json.dumps(node.plain())
