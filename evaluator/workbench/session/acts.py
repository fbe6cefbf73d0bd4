"""What a person may do at the table: which keys of the scenario they set, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from evaluator.errors import UsageError
from evaluator.loading.changes import parse_path, quoted
from evaluator.sanitize import shortened

Choice = Literal["include", "exclude", "must", "must_not", "rule"]
NAMED: Mapping[Choice, str] = {
    "include": "designation.include",
    "exclude": "designation.exclude",
    "must": "allocation.must",
    "must_not": "allocation.must_not",
}
"""Decisions on one package, by the section of a scenario that they stand in."""
_SECTIONS = frozenset(tuple(section.split(".")) for section in NAMED.values())
_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
REASON = 500
"""Letters of a reason, at most."""


@dataclass(frozen=True)
class Setting:
    """A key that is set."""

    set: str
    to: Any
    """None: no longer set, so that what the scenario below says holds again."""


@dataclass(frozen=True)
class Act:
    """What one person does at once, for one reason: one or more keys, all or none."""

    id: str
    """Made by the browser: who sends it again gets the first answer."""
    settings: tuple[Setting, ...]
    because: str
    by: str
    seen: int
    """The number of the last entry of the session that the person had seen."""


def hold_id(id_: str) -> None:
    """Raise UsageError for what is no id that a browser makes, by which a repeat is known."""
    if not _ID.fullmatch(id_):
        raise UsageError("the id of a change is 8 to 64 letters, digits, - and _.")


def check(act: Act) -> None:
    """Raise UsageError for what nobody may do at the table."""
    hold_id(act.id)
    if not act.settings:
        raise UsageError("nothing is changed. Change a weight or a decision first.")
    if not act.because.strip():
        raise UsageError("no reason is given. Say why: it stands beside the change for good.")
    if len(act.because) > REASON:
        raise UsageError(f"the reason has over {REASON} letters. Shorten it.")
    keys = [one.set for one in act.settings]
    if len(set(keys)) < len(keys):
        raise UsageError("a key is set twice at once.")
    for one in act.settings:
        if not may_set(one.set):
            fact = f"'{shortened(one.set)}' is not set at the table, but in a scenario file."
            raise UsageError(fact)
        if named(one.set) and not isinstance(one.to, Mapping | None):
            raise UsageError("a decision by name states no more than tool and amount.")


def may_set(key: str) -> bool:
    """Return whether a key is one that people set at the table.

    >>> [may_set(key) for key in ("influence.shares", "agencies.a.weights", "round")]
    [True, True, False]
    >>> may_set('designation.include."P.1"'), may_set("designation.include")
    (True, False)
    """
    path = parse_path(key) or ()
    if path == ("influence", "shares"):
        return True
    if len(path) == 3 and (path[0], path[2]) == ("agencies", "weights"):
        return True
    return len(path) == 3 and path[:2] in _SECTIONS


def named(key: str) -> bool:
    """Return whether a key is a decision by name, which states its own reason, person and day."""
    return decided(key) is not None


def decided(key: str) -> tuple[Choice, str] | None:
    """Return the choice that a key is, and the package that it is on; None of any other.

    >>> decided("designation.include.P1"), decided("influence.shares")
    (('include', 'P1'), None)
    """
    path = parse_path(key) or ()
    of = {tuple(section.split(".")): choice for choice, section in NAMED.items()}
    return (of[path[:2]], path[2]) if len(path) == 3 and path[:2] in of else None


def choosing(package: str, choice: Choice, now: Mapping[str, Any]) -> tuple[Setting, ...]:
    """Return what makes a choice on a package the only one that the session states of it.

    now: what the session sets. `rule`: as the rule has it, nothing by name.
    """
    keys = {one: f"{section}.{quoted(package)}" for one, section in NAMED.items()}
    taken = (Setting(key, None) for one, key in keys.items() if key in now and one != choice)
    given = (Setting(key, {}) for one, key in keys.items() if one == choice and key not in now)
    return (*taken, *given)


def chosen(package: str, now: Mapping[str, Any]) -> Choice:
    """Return the choice on a package that the session states."""
    keys = {f"{section}.{quoted(package)}": one for one, section in NAMED.items()}
    return next((one for key, one in keys.items() if key in now), "rule")
