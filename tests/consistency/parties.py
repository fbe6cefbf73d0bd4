"""Who takes part in a package, who holds and controls whom: each chain of owners is walked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.consistency.cells import Row, flag, stated

if TYPE_CHECKING:
    from tests.consistency.study import Study

NONE, ONE = Fraction(0), Fraction(1)
Verdict = str


def _stakes(study: Study, entity: str) -> list[Row]:
    return [row for row in study.tables.get("ownership", []) if row["entity"] == entity]


def _part(row: Row, column: str) -> Fraction:
    cell = stated(row.get(column)) or (stated(row.get("share")) if column == "votes" else None)
    return Fraction(cell) if cell else NONE


def above(study: Study, entity: str) -> list[str]:
    """Return who holds and controls an entity."""
    rows = [row for row in _stakes(study, entity) if row["owner"]]
    said = [row["owner"] for row in rows if flag(row.get("control"))]
    if said:
        return said
    votes: dict[str, Fraction] = defaultdict(lambda: NONE)
    for row in rows:
        votes[top(study, row["owner"])] += _part(row, "votes")
    most = [name for name, part in votes.items() if part * 2 > 1]
    return [row["owner"] for row in rows if most and top(study, row["owner"]) == most[0]]


def top(study: Study, entity: str) -> str:
    """Return who controls an entity in the end."""
    owners = above(study, entity)
    return top(study, owners[0]) if owners else entity


def chain(study: Study, entity: str) -> Iterator[Row]:
    """Yield an entity and whoever controls it, some maybe twice."""
    every = {row["id"]: row for row in study.tables.get("entities", [])}
    yield every[entity]
    for owner in above(study, entity):
        yield from chain(study, owner)


def of_flagged(study: Study, code: str | None, flags: Mapping[str, Any]) -> bool | None:
    """Return whether a country has one of some flags; None where it is not known."""
    if code is None:
        return None
    cells = [(stated(study.countries[code].get(name)), want) for name, want in flags.items()]
    if any(cell is not None and _same(cell, want) for cell, want in cells):
        return True
    return None if any(cell is None for cell, _ in cells) else False


def _same(cell: str, want: Any) -> bool:
    return cell == want if isinstance(want, str) else flag(cell) == bool(want)


def _kind(study: Study, entity: Row, check: Mapping[str, Any], flags: Any) -> bool | None:
    if check.get("government") and not flag(entity.get("government")):
        return False
    return of_flagged(study, stated(entity["headquarters"]), flags)


def holding(
    study: Study, entity: str, check: Mapping[str, Any], flags: Any, bound: Any, *, doubt: bool
) -> Fraction:
    """Return what flagged owners hold; doubt: what is not known is taken to be theirs."""
    every = {row["id"]: row for row in study.tables.get("entities", [])}
    kind = _kind(study, every[entity], check, flags)
    if kind or (kind is None and doubt):
        return ONE
    sums = []
    for column in ("share", "votes"):
        held = clear = NONE
        for row in _stakes(study, entity):
            of = NONE
            if row["owner"]:
                of = holding(study, row["owner"], check, flags, bound, doubt=doubt)
                own = (study, row["owner"], check, flags)
                if bound is not None and (of >= Fraction(str(bound)) or _under(*own, doubt=doubt)):
                    of = ONE
            held += _part(row, column) * of
            clear += _part(row, column) * (1 - of)
        sums.append(1 - clear if doubt else held)
    return max(sums)


def _under(study: Study, entity: str, check: Mapping[str, Any], flags: Any, *, doubt: bool) -> bool:
    """Return whether a flagged owner controls an entity, by whatever chain."""
    kinds = [_kind(study, row, check, flags) for row in list(chain(study, entity))[1:]]
    return any(kind or (kind is None and doubt) for kind in kinds)


def named(study: Study, package: str, among: list[str]) -> dict[str, list[str]]:
    found = {}
    for kind in among:
        table = "members" if kind == "members" else "roles"
        rows = study.of_package(table, package)
        found[kind] = [r["entity"] for r in rows if kind == "members" or r["role"] == kind]
    return found


def verdict(study: Study, package: str, check: Mapping[str, Any]) -> Verdict:
    """Return passed, failed or unknown for a check of parties."""
    parties = named(study, package, check.get("among", ["members"]))
    doubt = not all(parties.values())
    flags, bound = check["headquarters_not"], check.get("owned_below")
    for entity in (one for every in parties.values() for one in every):
        rows = list(chain(study, entity))
        for row in rows if check.get("control", True) else rows[:1]:
            kind = _kind(study, row, check, flags)
            if kind:
                return "failed"
            doubt = doubt or kind is None
    if bound is not None:
        for entity in (one for every in parties.values() for one in every):
            args = (study, entity, check, flags, bound)
            if holding(*args, doubt=False) >= Fraction(str(bound)):
                return "failed"
            doubt = doubt or holding(*args, doubt=True) >= Fraction(str(bound))
    return "unknown" if doubt else "passed"


def models(study: Study, package: str, check: Mapping[str, Any]) -> Verdict:
    """Return passed, failed or unknown for a check of models."""
    rows = [r for r in study.of_package("layers", package) if r["layer"] in check["layers"]]
    found = []
    for row in rows:
        is_open = stated(row.get("open_weights")) if check.get("open_weights") else "yes"
        bars = of_flagged(study, stated(row.get("model_origin")), check["origin_not"])
        clear = (is_open is not None and not flag(is_open)) or bars is False
        found.append("passed" if clear else "failed" if bars and is_open else "unknown")
    worst = ("failed", "unknown", "passed")
    return min(found, key=worst.index) if found else "unknown"


def derived_cell(study: Study, row: Row, how: Mapping[str, Any]) -> str | None:
    """Return what other tables give for a fact of a package, as a cell; None where nothing."""
    ((kind, rule),) = how.items()
    if kind == "barred":
        told = verdict(study, row["id"], rule)
        return {"failed": "yes", "passed": "no", "unknown": None}[told]
    if kind == "held":
        parties = named(study, row["id"], rule.get("among", ["members"]))
        if not all(parties.values()):
            return None
        every = [one for found in parties.values() for one in found]
        of = [(study, one, rule, rule["headquarters"], rule.get("in_full_from")) for one in every]
        least = max(holding(*one, doubt=False) for one in of)
        most = max(holding(*one, doubt=True) for one in of)
        return repr(float(least)) if least == most else None
    rows = [one for one in study.of_package("layers", row["id"]) if one["layer"] in rule]
    cells = [(stated(one.get("value_usd")), stated(one.get("us_made_share"))) for one in rows]
    if not cells or any(None in pair for pair in cells):
        return None
    value = sum(int(worth or 0) for worth, _ in cells)
    made = sum(int(worth or 0) * Fraction(share or 0) for worth, share in cells)
    return repr(float(made / value)) if value else None
