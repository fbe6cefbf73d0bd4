"""People and their roles: who may set which key, and for which agency they speak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

from evaluator.errors import EvaluatorError
from evaluator.loading.changes import parse_path
from evaluator.sanitize import shortened

Role = Literal["editor", "reader", "analyst", "decider", "leadership", "advisory", "inspector"]
"""editor, reader: of an agency. analyst: looks into all, and freezes. decider: decides on packages
by name, and on influence. leadership, advisory: read. inspector: history and record."""
ROLES: frozenset[Role] = frozenset(get_args(Role))
Grant = Literal["edit", "read"]
ALONE = "alone"
"""Identity of the one person of a workbench that is not shared."""


class NotAllowedError(EvaluatorError):
    """A person asked for something that their roles do not allow."""


@dataclass(frozen=True)
class Who:
    """A person who came in."""

    id: str
    """As it is known who they are."""
    name: str
    """As the record says it."""
    roles: frozenset[Role]
    agencies: Mapping[str, Grant] = field(default_factory=dict)
    """Those whose weights they set and for which they speak, or whose part they read."""
    influence: bool = False
    """Whether they propose influence as well."""

    def edits(self, agency: str) -> bool:
        """Return whether they set the weights of an agency, and speak for it."""
        return self.agencies.get(agency) == "edit"

    def may_set(self, key: str) -> bool:
        """Return whether they may set a key of a session's scenario.

        >>> ann = Who("a", "Ann", frozenset({"editor"}), {"trade": "edit"})
        >>> [ann.may_set(f"agencies.{one}.weights") for one in ("trade", "energy")]
        [True, False]
        >>> ann.may_set("influence.shares"), ann.may_set("designation.include.P1")
        (False, False)
        """
        path = parse_path(key) or ()
        if path[:1] == ("agencies",):
            return len(path) > 1 and self.edits(path[1])
        if path[:1] == ("influence",):
            return self.influence or "decider" in self.roles
        return "decider" in self.roles

    def hold_may_set(self, keys: Iterable[str]) -> None:
        """Raise NotAllowedError where some keys are not theirs to set."""
        others = [key for key in keys if not self.may_set(key)]
        if others:
            fact = f"'{shortened(others[0])}' is not yours to set."
            raise NotAllowedError(f"{fact} Ask who has the role for it.")


class People(Protocol):
    """Who is known, and in which roles now."""

    @property
    def readable(self) -> bool:
        """Whether it can be told now."""

    def who(self, id_: str) -> Who | None:
        """Return a person by identity; None for somebody who has no role, or none any more."""


@dataclass(frozen=True)
class Alone:
    """One person, who may do everything."""

    name: str
    agencies: Iterable[str]
    readable: bool = True

    def who(self, id_: str) -> Who | None:
        """Return that person."""
        every: dict[str, Grant] = dict.fromkeys(self.agencies, "edit")
        return Who(ALONE, self.name, ROLES, every, influence=True) if id_ == ALONE else None
