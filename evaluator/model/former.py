"""What a study is set against: how packages stood in the version before it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evaluator.model.base import Day, Frozen, Id, Money, Text
from evaluator.model.frozen import FrozenMapping
from evaluator.model.scenario import Applied


class FormerPackage(Frozen):
    """How one package stood."""

    package: Id
    title: Text
    rank: Annotated[int, Field(ge=1)] | None
    """None where it failed a requirement."""
    overall: float
    designated: bool
    amounts: FrozenMapping[str, Money] = {}
    """By tool, what it was allocated; tools that gave nothing left out."""


class Former(Frozen):
    """A version of a study, as far as another is compared with it."""

    name: Text
    """What its run is called."""
    title: Text
    as_of: Day
    fingerprint: Text
    status: Text
    """Of its allocation."""
    packages: tuple[FormerPackage, ...]
    changed: tuple[Applied, ...]
    """What the study has otherwise, in the order of its own changes."""
