"""What was said of a run and decided on it, as a record has it.

The Secretary of Commerce decides in consultation with others (Executive Order 14320, Sec. 3(d)): so
a run is frozen, each consulted agency states its position on it, and the agency that decides makes
its determination. Words and names of persons are None where they were redacted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

from evaluator.model.base import Frozen
from evaluator.model.frozen import FrozenDict

Position = Literal["concurs", "concerns", "objects"]


class Said(Frozen):
    """Something that a person put on record."""

    number: int
    """Of its entry."""
    by: str | None
    at: dt.datetime
    """In UTC, by the clock of its writer; `number` alone orders."""


class Freeze(Said):
    """A run is put to the agencies: what is said from then on is said of this one."""

    note: str | None
    """In words; empty where there are none."""


class Concurrence(Said):
    """The position of a consulted agency on a frozen run."""

    agency: str
    position: Position
    text: str | None


class Determination(Said):
    """An act of the agency that decides."""

    agency: str
    kind: Literal["designates", "de-designates"]
    packages: tuple[str, ...]
    """Of a designation the priority packages of the run."""
    text: str | None
    """In words; of a de-designation empty where there are none."""
    because: str | None
    """Why packages are de-designated; empty for a designation."""


class Comment(Said):
    """What anyone says of a run, or of something in it."""

    about: str
    """The id of a package, agency, criterion or tool; empty: the run as a whole."""
    text: str | None


class Proceedings(Frozen):
    """All that was said of one run on record and decided on it, in the order of entries."""

    run: str
    """Name of the run."""
    digest: str
    """Of its manifest; the id of the run on record."""
    fingerprint: str
    """Of its study."""
    entry: int
    """Number of the entry by which the run is on record."""
    hash: str
    """Of that entry."""
    frozen: Freeze | None = None
    concurrences: tuple[Concurrence, ...] = ()
    """Every position, those that a later one of the same agency supersedes among them."""
    determinations: tuple[Determination, ...] = ()
    comments: tuple[Comment, ...] = ()
    checkpoint: str | None = None
    """The line of the first checkpoint made after all of this; None where there is none yet."""

    @cached_property
    def positions(self) -> Mapping[str, Concurrence]:
        """The position of each agency that has spoken: its last one."""
        return FrozenDict({one.agency: one for one in self.concurrences})

    def silent(self, consulted: Iterable[str]) -> tuple[str, ...]:
        """Return those of some agencies that have not spoken."""
        return tuple(agency for agency in consulted if agency not in self.positions)

    @property
    def determination(self) -> Determination | None:
        """The determination by which packages were designated."""
        return next((one for one in self.determinations if one.kind == "designates"), None)

    @cached_property
    def designated(self) -> tuple[str, ...]:
        """The packages that were designated and are so still."""
        gone = {
            package
            for one in self.determinations
            if one.kind == "de-designates"
            for package in one.packages
        }
        made = self.determination
        return tuple(one for one in made.packages if one not in gone) if made else ()
