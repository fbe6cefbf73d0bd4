"""YAML with places: every node knows the file and the line that it came from."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from evaluator.errors import InvalidStudyError, Problem

Scalar = str | int | float | bool | dt.date | None
_DEPTH = 40
_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*")
_REAL = re.compile(r"[-+]?(?:[0-9][0-9_]*)?\.?[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|nan)", re.IGNORECASE)
_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp")
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


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
        return next((node for node in self.value if _id_of(node) == step), None)

    def nearest(self, path: Sequence[str | int]) -> Node:
        """Return the deepest node on a path, passing over steps that are not in the data."""
        node = self
        for step in path:
            node = node.child(step) or node
        return node


def _id_of(node: Node) -> str | None:
    found = node.value.get("id") if isinstance(node.value, dict) else None
    return found.value if found is not None and isinstance(found.value, str) else None


def from_plain(data: Any, file: str) -> Node:
    """Wrap plain data as nodes that all name one place, such as a command-line option."""
    if isinstance(data, dict):
        return Node({str(k): from_plain(v, file) for k, v in data.items()}, file, 0)
    if isinstance(data, list | tuple):
        return Node(tuple(from_plain(v, file) for v in data), file, 0)
    return Node(data, file, 0)


def read_text(path: Path, name: str) -> str:
    """Return a file's text; UTF-8 without a byte order mark.

    Raises InvalidStudyError where the file is absent, empty, or encoded otherwise.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise _invalid(name, "there is no such file.", "Check the path and its spelling.") from None
    except OSError as error:
        raise _invalid(name, f"cannot be read: {error.strerror}.", "Check the path.") from None
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _invalid(
            name, "begins with a byte order mark.", "Save it as UTF-8 without a byte order mark."
        )
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _invalid(
            f"{name} line {line}", "is not UTF-8 text.", "Save the file as UTF-8."
        ) from None
    if "\0" in text:
        raise _invalid(name, "holds a NUL character.", "Save it as plain text.")
    if not text.strip():
        raise _invalid(name, "the file is empty.", "Fill it, or take it out of the study.")
    return text


def _invalid(where: str, fact: str, remedy: str) -> InvalidStudyError:
    return InvalidStudyError([Problem(where, fact, remedy)])


def parse_yaml(text: str, name: str) -> Node:
    """Parse one YAML document into located nodes.

    Only `true` and `false` are booleans, so that `no` stays text. Raises InvalidStudyError for
    bad syntax, duplicate keys, anchors, tags, and numbers that are not finite.
    """
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name} line {mark.line + 1}" if mark else name
        fact = f"this is not valid YAML: {error.problem or error.context}."
        raise _invalid(where, fact, "Check indentation, quotes, colons and brackets.") from None
    except (YAMLError, RecursionError, ValueError) as error:
        fact = f"this is not valid YAML: {type(error).__name__}."
        raise _invalid(name, fact, "Check the file's syntax.") from None
    if root is None:
        raise _invalid(name, "the file holds no data.", "Fill it, or take it out of the study.")
    problems: list[Problem] = []
    node = _located(root, name, problems, 0)
    if problems:
        raise InvalidStudyError(problems)
    return node


def read_yaml(path: Path, name: str) -> Node:
    """Read one YAML file into located nodes; the errors of `read_text` and `parse_yaml`."""
    return parse_yaml(read_text(path, name), name)


def _located(node: Any, name: str, problems: list[Problem], depth: int) -> Node:
    line = node.start_mark.line + 1
    where = f"{name} line {line}"
    if depth > _DEPTH:
        problems.append(Problem(where, f"is nested deeper than {_DEPTH} levels.", "Flatten it."))
        return Node(None, name, line)
    if getattr(node, "anchor", None):
        fact = f"anchors and aliases (&{node.anchor}) are not allowed."
        problems.append(Problem(where, fact, "Write the value out."))
    if str(node.tag) not in _TAGS:
        problems.append(Problem(where, f"the tag {node.tag} is not allowed.", "Remove it."))
        return Node(None, name, line)
    if isinstance(node, MappingNode):
        return Node(dict(_entries(node, name, problems, depth)), name, line)
    if isinstance(node, SequenceNode):
        items = tuple(_located(item, name, problems, depth + 1) for item in node.value)
        return Node(items, name, line)
    return Node(_scalar(node, where, problems), name, line)


def _entries(
    node: MappingNode, name: str, problems: list[Problem], depth: int
) -> Iterator[tuple[str, Node]]:
    first: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        where = f"{name} line {line}"
        if not isinstance(key_node, ScalarNode):
            problems.append(Problem(where, "a key must be a single word.", "Quote it."))
            continue
        key = str(key_node.value)
        if key in first:
            fact = f"the key '{key}' stands here again; it is first on line {first[key]}."
            problems.append(Problem(where, fact, "Keep one of the two."))
            continue
        first[key] = line
        yield key, _located(value_node, name, problems, depth + 1)


def _scalar(node: ScalarNode, where: str, problems: list[Problem]) -> Scalar:
    text = str(node.value)
    if node.style is not None:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _NOT_FINITE.fullmatch(text):
        fact = f"{text} is not a finite number."
        problems.append(Problem(where, fact, "Leave the value out if it is not known."))
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    if _REAL.fullmatch(text):
        return float(text)
    if _DATE.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            problems.append(Problem(where, f"{text} is no day of the calendar.", "Mend the date."))
            return None
    return text


def as_json(node: Node) -> str:
    """Return the node's plain data as JSON text, for validation."""
    return json.dumps(node.plain())
