"""Where two studies differ, value by value, things told apart by their ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_IDS = ("id", "package", "agency", "institution", "criterion", "code", "name", "set", "on")
"""Keys by which things of one list are told apart, the first that all of them have."""
_APART = ("applied", "sources", "source_file")
"""What of a study is told elsewhere: changes of keys, and files."""


@dataclass(frozen=True)
class Leaf:
    """A value that two studies have otherwise; None where one has it not."""

    path: str
    old: Any
    new: Any


def leaves(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Leaf]:
    """Yield the values in which two studies differ, in the order of their files.

    >>> a = {"packages": [{"id": "P1", "cost": 3}, {"id": "P2", "cost": 4}]}
    >>> b = {"packages": [{"id": "P2", "cost": 5}]}
    >>> [(leaf.path, leaf.old, leaf.new) for leaf in leaves(a, b)]
    [('packages.P1', {'id': 'P1', 'cost': 3}, None), ('packages.P2.cost', 4, 5)]
    """
    for key in dict.fromkeys([*old, *new]):
        if key not in _APART:
            yield from _between(key, old.get(key), new.get(key))


def _between(path: str, old: Any, new: Any) -> Iterator[Leaf]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from _between(f"{path}.{key}", old.get(key), new.get(key))
        return
    if isinstance(old, list) and isinstance(new, list):
        key = next((one for one in _IDS if _told_apart(one, old) and _told_apart(one, new)), None)
        if key is not None:
            was, now = ({str(one[key]): one for one in many} for many in (old, new))
            for name in dict.fromkeys([*was, *now]):
                yield from _between(f"{path}.{name}", was.get(name), now.get(name))
            return
        if len(old) == len(new):
            for place, (one, other) in enumerate(zip(old, new, strict=True), start=1):
                yield from _between(f"{path}.{place}", one, other)
            return
    yield Leaf(path, old, new)


def _told_apart(key: str, many: list[Any]) -> bool:
    if not all(isinstance(one, dict) and one.get(key) is not None for one in many):
        return False
    return len({str(one[key]) for one in many}) == len(many)
