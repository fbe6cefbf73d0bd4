"""Scenarios as ordered changes to a base: each recorded old -> new, with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.errors import Problem, did_you_mean
from evaluator.loading.documents.located import DEPTH, Node, id_of
from evaluator.loading.keys import fact_path
from evaluator.model.scenario import Applied, Change
from evaluator.sanitize import shortened

_STEP = re.compile(r'"([^"]+)"|([^."]+)')
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A change, the scenario that states it, and where it stands."""

    scenario: str
    change: Change
    node: Node
    path: Path

    @property
    def where(self) -> str:
        """The place of the change, with its key."""
        where, key = self.node.where, shortened(self.change.set)
        return where if where.endswith(key) else f"{where}, {key}"

    @property
    def to(self) -> Node:
        """The new value."""
        found = self.node.child("to")
        return found if found is not None else Node(None, self.node.file, self.node.line)


def parse_path(text: str) -> Path | None:
    """Split a path of keys at its dots; ids with dots stand in quotes. None if malformed.

    >>> parse_path('influence.shares."a.b"')
    ('influence', 'shares', 'a.b')
    """
    steps: list[str] = []
    at = 0
    while match := _STEP.match(text, at):
        steps.append(match[1] or match[2].strip())
        at = match.end()
        if at == len(text):
            return tuple(steps)
        if text[at] != ".":
            break
        at += 1
    return None


def quoted(step: str) -> str:
    """Return a step of a path as it is written: in quotes where it has a dot.

    >>> quoted("a.b"), quoted("a")
    ('"a.b"', 'a')
    """
    return f'"{step}"' if "." in step else step


def placed(
    scenario: str, changes: Iterable[tuple[Change, Node]], problems: list[Problem]
) -> list[Placed]:
    """Give each change its parsed path; two of one scenario that overlap are a problem."""
    found: list[Placed] = []
    changed: dict[Path, Placed] = {}
    above: dict[Path, Placed] = {}
    for change, node in changes:
        path = parse_path(change.set)
        if path is None:
            fact = f"'{shortened(change.set)}' is not a path of keys."
            problems.append(Problem(node.where, fact, 'Write a.b.c, ids with dots in "quotes".'))
            continue
        if len(path) > DEPTH:
            fact = f"'{shortened(change.set)}' is a path of {len(path):,} keys; {DEPTH} at most."
            problems.append(Problem(node.where, fact, "Name a key that the study has."))
            continue
        path = fact_path(path)
        begun = [path[:length] for length in range(1, len(path) + 1)]
        other = next((changed[part] for part in begun if part in changed), above.get(path))
        if other is not None:
            fact = f"'{change.set}' overlaps '{other.change.set}' of {other.node.where}."
            problems.append(Problem(node.where, fact, "State one change of each key."))
        item = Placed(scenario, change, node, path)
        changed.setdefault(path, item)
        above |= {part: item for part in begun if part not in above}
        found.append(item)
    return found


def apply(
    document: Node, changes: Sequence[Placed], problems: list[Problem]
) -> tuple[Node, dict[int, Applied]]:
    """Apply changes in order; return the new document and what was done, by `id` of the change."""
    done: dict[int, Applied] = {}
    before: dict[tuple[str, Path], Node] = {}
    last = {(item.scenario, item.path[:-1]): item for item in changes if item.change.rebalance}
    for item in changes:
        old, siblings = node_at(document, item.path), (item.scenario, item.path[:-1])
        before.setdefault(siblings, node_at(document, item.path[:-1]) or document)
        try:
            document = _set(document, item.path, item.to, item.node)
            if last.get(siblings) is item:  # where several are set, when all of them are
                stated = {c.path[-1] for c in changes if (c.scenario, c.path[:-1]) == siblings}
                document = _rebalance(document, item.path[:-1], before[siblings], stated)
        except ValueError as error:
            fact, _, remedy = str(error).partition("\n")
            problems.append(Problem(item.where, fact, remedy))
            continue
        new = node_at(document, item.path)
        done[id(item)] = applied(item, old.plain() if old else None, new.plain() if new else None)
    return document, done


def applied(item: Placed, old: Any, new: Any) -> Applied:
    """Return a change as it was applied."""
    change = item.change
    return Applied(
        scenario=item.scenario,
        set=change.set,
        old=old,
        new=new,
        because=change.because,
        by=change.by,
        date=change.date,
    )


def node_at(node: Node, path: Path) -> Node | None:
    """Return the node at a path of keys; None where there is none."""
    found: Node | None = node
    for step in path:
        found = found.child(step) if found is not None else None
    return found


def _set(node: Node, path: Path, new: Node, change: Node) -> Node:
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(node.value, dict):
        below = node.value.get(step, Node({}, change.file, change.line))
        return Node(
            {**node.value, step: _set(below, rest, new, change)},
            node.file,
            node.line,
        )
    if isinstance(node.value, tuple):
        found = node.child(step)
        if found is None:
            ids = [name for n in node.value if (name := id_of(n)) is not None]
            raise ValueError(f"no entry has the id '{step}'.\n{did_you_mean(step, ids)}")
        items = tuple(_set(n, rest, new, change) if n is found else n for n in node.value)
        return Node(items, node.file, node.line)
    raise ValueError(f"there is no '{step}' below a single value.\nShorten the path.")


def _rebalance(document: Node, path: Path, before: Node, stated: set[str]) -> Node:
    """Scale the numbers at a path so that they sum to what they did before; those stated stand."""
    old, new = _numbers(before), _numbers(node_at(document, path))
    if old is None or new is None or not stated <= old.keys():
        raise ValueError("rebalance needs a number among sibling numbers.\nLeave it out.")
    others = {key: value for key, value in new.items() if key not in stated}
    if sum(others.values()) <= 0:
        raise ValueError("the siblings sum to 0 and cannot be rebalanced.\nState them all.")
    total, held = sum(old.values()), sum(new[key] for key in stated)
    if held > total:
        raise ValueError(f"{held:.10g} exceeds the sum {total:.10g}.\nLower it.")
    for key, value in others.items():
        at = node_at(document, (*path, key)) or before
        moved = Node(value * ((total - held) / sum(others.values())), at.file, at.line)
        document = _set(document, (*path, key), moved, moved)
    return document


def _numbers(node: Node | None) -> dict[str, float] | None:
    """Return the numbers below a node by key; None where something else is among them."""
    if node is None or not isinstance(node.value, dict):
        return None
    found: dict[str, float] = {}
    for key, one in node.value.items():
        if isinstance(one.value, bool) or not isinstance(one.value, int | float):
            return None
        found[key] = one.value
    return found
