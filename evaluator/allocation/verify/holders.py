"""Groups of entities under one control, worked out a second time for the certificate.

The program works from owners to what they own; here each entity's group is grown from its top.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from evaluator.model.package import Entity

Tops = Mapping[str, str]
"""Who is at the top of each entity's group."""


def groups_of_entities(entities: Iterable[Entity]) -> Tops:
    """Return who controls each entity in the end: itself where nobody does."""
    every = {entity.id: entity for entity in entities}
    below: defaultdict[str, list[str]] = defaultdict(list)
    for entity in every.values():
        for stake in entity.stakes:
            if stake.owner is not None:
                below[stake.owner].append(entity.id)
    found: dict[str, str] = {}
    for name in sorted(every, key=lambda one: bool(every[one].stakes)):
        if name not in found:
            # what was taken for a group of its own may turn out to be part of this one
            found.update(dict.fromkeys(_grown(name, every, below), name))
    return found


def _grown(
    top: str, every: Mapping[str, Entity], below: Mapping[str, Sequence[str]]
) -> dict[str, None]:
    group = {top: None}
    waiting = [top]
    while waiting:
        for name in below.get(waiting.pop(), ()):
            if name not in group and _controlled(every[name], group):
                group[name] = None
                waiting.append(name)
    return group


def _controlled(entity: Entity, group: Mapping[str, None]) -> bool:
    """Return whether a group has control of an entity that it holds a part of."""
    said = [stake.owner for stake in entity.stakes if stake.control]
    if said:
        return said[0] in group
    votes = sum(
        Fraction(str(stake.share if stake.votes is None else stake.votes))
        for stake in entity.stakes
        if stake.owner in group and (stake.share, stake.votes) != (None, None)
    )
    return 2 * votes > 1
