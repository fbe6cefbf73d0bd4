"""The tables of entities, of who holds them and of what is outstanding to them -> entities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from evaluator.errors import Problem, Vocabulary
from evaluator.loading.round.packages import Rows, ids, in_order
from evaluator.loading.tables.rows import Row
from evaluator.loading.tables.sheets import Sheet
from evaluator.model.package import Entity, Exposure, Stake


def entities(
    rows: Rows, sheets: Mapping[str, Sheet], problems: list[Problem]
) -> tuple[Entity, ...]:
    """Build the entities with who holds them, and what is outstanding to them."""
    problems.extend(_stakes(rows["ownership"], ids(sheets, "entities")))
    owed, held = _by(rows["exposures"], "entity"), _by(rows["ownership"], "entity")
    found = (
        Entity(
            **row.cells,
            stakes=in_order(Stake, held[row["id"]], "owner", whose="entity"),
            exposures=in_order(Exposure, owed[row["id"]], "institution", whose="entity"),
        )
        for row in rows["entities"]
    )
    return tuple(sorted(found, key=lambda entity: entity.id))


def _stakes(rows: Sequence[Row], known: Vocabulary) -> Iterator[Problem]:
    """Yield what is wrong about who holds what: names, circles, sums, more than one in control."""
    of = _by(rows, "entity")
    above = {name: [row["owner"] for row in held if row["owner"]] for name, held in of.items()}
    owners = {name: () for held in above.values() for name in held}
    circles = _in_circles({**owners, **above})
    for row in rows:
        for column in ("entity", "owner"):
            if row[column] is not None and row[column] not in known:
                fact = f"the {column} '{row[column]}' is not in entities."
                yield Problem(row.where, fact, known.near(row[column]))
        if row["entity"] in circles and row["owner"] in circles:
            fact = f"the owners of '{row['entity']}' lead back to it in a circle."
            yield Problem(row.where, fact, "Break the circle.")
        if row["control"] and row["owner"] is None:
            fact = "control stands beside no owner."
            yield Problem(row.where, fact, "Name the owner, or empty control.")
    for name, held in of.items():
        last = held[-1].where
        if sum(row["control"] for row in held) > 1:
            fact = f"more than one owner is said to control '{name}'."
            yield Problem(last, fact, "Keep one, who stands for its group.")
        for column in ("share", "votes"):
            parts = (row["share"] if row[column] is None else row[column] for row in held)
            total = sum(Fraction(str(part)) for part in parts if part is not None)
            if total > 1:
                fact = f"the {column} of the owners of '{name}' sum to {float(total):.10g}, over 1."
                yield Problem(last, fact, "Mend them; less than 1 is taken to be incomplete.")


def _by(rows: Iterable[Row], column: str) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found


def _in_circles(owners: Mapping[str, Collection[str]]) -> set[str]:
    """Return those whose owners lead back to them, and what lies between two such circles.

    Who has no owner left is taken out, then who owns nothing left; each is taken out once.
    """
    left = {name: {one for one in above if one in owners} for name, above in owners.items()}
    for _ in range(2):
        owned: defaultdict[str, set[str]] = defaultdict(set)
        for name, above in left.items():
            for owner in above:
                owned[owner].add(name)
        free = [name for name, above in left.items() if not above]
        while free:
            name = free.pop()
            del left[name]
            for below in owned[name]:
                left[below].discard(name)
                if not left[below]:
                    free.append(below)
        left = {name: owned[name] & left.keys() for name in left}
    return set(left)
