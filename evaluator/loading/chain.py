"""A scenario file and those that it extends."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluator.errors import InvalidStudyError, Problem, did_you_mean
from evaluator.loading.changes import Placed, placed
from evaluator.loading.documents.characters import refuse_odd_characters
from evaluator.loading.documents.located import Node, from_plain, parse_yaml
from evaluator.loading.documents.validation import validate
from evaluator.loading.files import Root, collect
from evaluator.model.scenario import Change, ScenarioChanges
from evaluator.sanitize import shortened


@dataclass(frozen=True)
class Override:
    """A change from the command line: `--set key=value --because text`.

    It says what an entry of a scenario's `changes` says.
    """

    set: str
    to: str
    """YAML."""
    because: str
    option: str = ""
    """The option that asks for it, where it has one of its own, such as `--draws`."""
    by: str | None = None
    date: str | None = None
    """A day, such as 2026-07-15."""
    rebalance: str | None = None
    """`proportional`: siblings shrink or grow in proportion, so that the sum stays."""


@dataclass(frozen=True)
class Chain:
    """The base's document, under the last scenario's name, and all changes in order."""

    document: Node
    changes: tuple[Placed, ...]
    paths: tuple[Path, ...]
    supposing: Mapping[str, frozenset[str]]
    """The bills that a scenario of the chain supposes, by its name."""
    extends: str = ""
    """What the scenario that the last one extends is called."""

    @property
    def base(self) -> Path:
        """The file at the end of the chain; its relative paths start at its folder."""
        return self.paths[-1]


def read_chain(path: Path, root: Root, problems: list[Problem]) -> Chain:
    """Follow `extends` to the base.

    Raises InvalidStudyError for a file that is unreadable, and for a circle.
    """
    changes: tuple[Placed, ...] = ()
    paths: list[Path] = []
    names: dict[str, Node] = {}
    bills: tuple[Node, ...] = ()
    supposing: dict[str, frozenset[str]] = {}
    extends = ""
    while True:
        node = root.document(path)
        paths.append(path)
        if not isinstance(node.value, dict):
            fact = "a scenario is a mapping of keys, which this is not."
            raise InvalidStudyError([Problem(node.where, fact, "Write lines of key: value.")])
        names = names or {k: node.value[k] for k in ("scenario", "title") if k in node.value}
        if len(paths) == 2:
            extends = _called(node)
        own = node.child("if_enacted")
        if own is not None and isinstance(own.value, tuple):
            bills = (*own.value, *bills)
        if "extends" not in node.value:
            told = {"if_enacted": Node(bills, node.file, node.line)} if bills else {}
            document = Node({**node.value, **names, **told}, node.file, node.line)
            return Chain(document, changes, tuple(paths), supposing, extends)
        valid = validate(ScenarioChanges, node, problems)
        if valid is None:
            raise InvalidStudyError(problems)
        if valid.if_enacted:
            supposing[valid.scenario] = frozenset(one.bill for one in valid.if_enacted)
        entries = node.nearest(("changes",)).value if valid.changes else ()
        nodes = entries if isinstance(entries, tuple) else ()
        pairs = zip(valid.changes, nodes, strict=True)
        changes = (*placed(valid.scenario, pairs, problems), *changes)
        path = _next(valid.extends, node.nearest(("extends",)).where, paths, root)


def _called(scenario: Node) -> str:
    """Return what a scenario is called; nothing where its file does not say it rightly."""
    name = scenario.child("scenario")
    return name.value if name is not None and isinstance(name.value, str) else ""


def _next(extends: str, where: str, paths: Sequence[Path], root: Root) -> Path:
    name = extends if extends.endswith(".yaml") else f"{extends}.yaml"
    path = root.resolve(name, paths[-1].parent, where)
    if path in paths:
        circle = " -> ".join(root.name(p) for p in [*paths[paths.index(path) :], path])
        raise InvalidStudyError([Problem(where, f"extends in a circle: {circle}.", "Break it.")])
    if not os.path.isfile(path):  # noqa: PTH113  Path.is_file raises for a name that is too long
        known = sorted(p.stem for p in path.parent.glob("*.yaml"))
        fact = f"extends '{shortened(extends)}', which does not exist."
        raise InvalidStudyError([Problem(where, fact, did_you_mean(extends, known))])
    return path


def from_command_line(overrides: Sequence[Override], problems: list[Problem]) -> list[Placed]:
    """Return `--set` options as changes; their values are YAML."""
    pairs: list[tuple[Change, Node]] = []
    for override in overrides:
        node = collect(problems, _stated, override)
        change = validate(Change, node, problems) if node is not None else None
        if node is not None and change is not None:
            pairs.append((change, node))
    return placed("command line", pairs, problems)


def _stated(override: Override) -> Node:
    place = override.option or f"--set {shortened(override.set)}"
    refuse_odd_characters(override.set, place)
    stated = {key: getattr(override, key) for key in ("because", "by", "date", "rebalance")}
    for key, text in stated.items():
        refuse_odd_characters(text or "", f"{place}, --{key}")
    said = {key: text for key, text in stated.items() if text is not None}
    to = parse_yaml(override.to, place).plain()
    return from_plain({"set": override.set, "to": to, **said}, place)
