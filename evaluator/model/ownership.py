"""Who holds how much of an entity through chains of owners, and who controls it.

Shares are multiplied along a chain and added over chains, in exact rationals. Loading has refused
circles of owners, so that owners can be taken before what they own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from graphlib import TopologicalSorter
from typing import NamedTuple

from evaluator.model.package import Entity

MAJORITY = Fraction(1, 2)
"""Whoever has more than this of the votes controls, where nobody is said to."""
ZERO, ONE = Fraction(0), Fraction(1)


class Held(NamedTuple):
    """The part of an entity that is held by owners of one kind: at least, and at most."""

    least: Fraction
    most: Fraction


class Control(NamedTuple):
    """Who controls each entity."""

    by: Mapping[str, tuple[str, ...]]
    """Those that hold it and control it, alone or as one group; empty where nobody does."""
    top: Mapping[str, str]
    """At the top of the chain: itself where nobody controls it."""

    def chain(self, entity: str) -> Iterator[str]:
        """Yield an entity and all that control it, each once, the nearest first."""
        seen = {entity: None}
        waiting = [entity]
        while waiting:
            name = waiting.pop(0)
            yield name
            for above in self.by[name]:
                if above not in seen:
                    seen[above] = None
                    waiting.append(above)


def fraction(share: float) -> Fraction:
    """Return a share as the decimal it was written as.

    >>> fraction(0.4999)
    Fraction(4999, 10000)
    """
    return Fraction(Decimal(str(share)))


def owners_first(entities: Iterable[Entity]) -> list[Entity]:
    """Return entities in an order in which owners come before what they own.

    Raises graphlib.CycleError where there is none.
    """
    by_id = {entity.id: entity for entity in entities}
    above = {e.id: [s.owner for s in e.stakes if s.owner is not None] for e in by_id.values()}
    return [by_id[name] for name in TopologicalSorter(above).static_order()]


def control(entities: Iterable[Entity]) -> Control:
    """Return who controls each entity.

    Whoever is said to control it does. Where nobody is, the votes of all owners under one control
    are added up, each in full, and more than half of them control.
    """
    by: dict[str, tuple[str, ...]] = {}
    top: dict[str, str] = {}
    for entity in owners_first(entities):
        found = tuple(s.owner for s in entity.stakes if s.control and s.owner is not None)
        if not found:
            votes: defaultdict[str, Fraction] = defaultdict(lambda: ZERO)
            for stake in entity.stakes:
                if stake.owner is not None:
                    votes[top[stake.owner]] += fraction(stake.parts[1] or 0)
            group = next((name for name, sum_ in votes.items() if sum_ > MAJORITY), None)
            owners = (s.owner for s in entity.stakes if s.owner is not None)
            found = tuple(name for name in owners if group is not None and top[name] == group)
        by[entity.id] = found
        top[entity.id] = top[found[0]] if found else entity.id
    return Control(by, top)


def held(
    entities: Collection[Entity],
    among: Callable[[Entity], bool | None],
    full_from: float | None = None,
) -> Mapping[str, Held]:
    """Return how much of each entity is held, through chains, by entities of some kind.

    among: whether an entity is of the kind; None where that is not known, as of holders who are not
    stated. An entity of the kind is held in full. full_from: from this share on an owner counts as
    one of the kind itself, with all that it holds, as it does if one of the kind controls it.
    Of capital and votes the greater counts.
    """
    bound = None if full_from is None else fraction(full_from)
    by = control(entities).by if bound is not None else {}
    found: dict[str, Held] = {}
    counted: dict[str, Held] = {}
    for entity in owners_first(entities):
        kind = among(entity)
        if kind:
            found[entity.id] = counted[entity.id] = Held(ONE, ONE)
            continue
        own = _summed(entity, counted)
        if kind is None:
            own = own._replace(most=ONE)
        found[entity.id] = counted[entity.id] = own
        if bound is not None:
            above = [counted[name] for name in by[entity.id]]
            full = own.least >= bound or any(one.least == ONE for one in above)
            may = own.most >= bound or any(one.most == ONE for one in above)
            counted[entity.id] = Held(ONE if full else own.least, ONE if may else own.most)
    return found


def _summed(entity: Entity, counted: Mapping[str, Held]) -> Held:
    """Return what the holders of an entity add up to, of capital or votes whichever is more."""
    least = most = ZERO
    for kind in (0, 1):
        low, clear = ZERO, ZERO
        for stake in entity.stakes:
            share = stake.parts[kind]
            if share is not None:
                of = Held(ZERO, ZERO) if stake.owner is None else counted[stake.owner]
                low += fraction(share) * of.least
                clear += fraction(share) * (ONE - of.most)
        least, most = max(least, low), max(most, ONE - clear)
    return Held(least, most)
