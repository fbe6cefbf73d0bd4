"""What a session is, worked out from its entries alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from evaluator.importing.writing import yaml_bytes
from evaluator.record.ledger.entries import Draft, Entry
from evaluator.workbench.session.acts import Act, Setting, named

REDACTED = "redacted"


@dataclass(frozen=True)
class Base:
    """The scenario that a session begins with."""

    scenario: str
    title: str
    file: str
    """The name of its file, which the session's extends."""


@dataclass(frozen=True)
class Change:
    """A key as a session sets it, with who did so, why and when."""

    set: str
    to: Any
    because: str
    by: str
    date: dt.date

    @property
    def value(self) -> Any:
        """What stands at the key: of a decision by name, with its reason, person and day."""
        if not named(self.set):
            return self.to
        return {**self.to, "because": self.because, "by": self.by, "date": self.date.isoformat()}


@dataclass(frozen=True)
class Step:
    """What one person did at once."""

    id: str
    entries: tuple[Entry, ...]

    @property
    def version(self) -> int:
        """The session as of this step."""
        return self.entries[-1].number

    @property
    def because(self) -> str:
        """Why it was done."""
        return str(self.entries[-1].content["because"])

    @property
    def by(self) -> str:
        """Who did it."""
        return self.entries[-1].by or REDACTED

    @property
    def at(self) -> str:
        """When it was done, in UTC."""
        return self.entries[-1].at

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What was set."""
        return tuple(Setting(one.content["set"], one.content["to"]) for one in self.entries)


@dataclass(frozen=True)
class Session:
    """A base and the steps that people took from it, in the order of the record."""

    name: str
    """Of its scenario."""
    base: Base
    steps: tuple[Step, ...] = ()

    @property
    def version(self) -> int:
        """The number of its last entry in the record; 0 where there is none."""
        return self.steps[-1].version if self.steps else 0

    def at(self, version: int) -> Session:
        """Return the session as it was at a version; KeyError where there was no such version."""
        if version not in {0, *(step.version for step in self.steps)}:
            raise KeyError(version)
        return replace(self, steps=tuple(s for s in self.steps if s.version <= version))

    def step(self, id_: str) -> Step:
        """Return a step by its id; KeyError where there is none."""
        return {step.id: step for step in self.steps}[id_]

    def since(self, version: int, keys: Iterable[str]) -> tuple[Entry, ...]:
        """Return the entries after a version that set any of some keys."""
        wanted = set(keys)
        return tuple(
            entry
            for step in self.steps
            for entry in step.entries
            if entry.number > version and entry.content["set"] in wanted
        )

    @property
    def changes(self) -> Mapping[str, Change]:
        """What the session sets, by key, in the order in which it was last set."""
        found: dict[str, Change] = {}
        for step in self.steps:
            for entry in step.entries:
                told = entry.content
                found.pop(told["set"], None)
                if told["to"] is not None:
                    day = dt.date.fromisoformat(told["date"])
                    found[told["set"]] = Change(
                        told["set"], told["to"], told["because"], step.by, day
                    )
        return found

    @property
    def values(self) -> Mapping[str, Any]:
        """What stands at each key that the session sets."""
        return {key: change.value for key, change in self.changes.items()}

    def with_act(self, act: Act, day: dt.date) -> Mapping[str, Change]:
        """Return what would be set after an act."""
        found = dict(self.changes)
        for one in act.settings:
            found.pop(one.set, None)
            if one.to is not None:
                found[one.set] = Change(one.set, one.to, act.because, act.by, day)
        return found

    def scenario(self, changes: Mapping[str, Change] | None = None) -> bytes:
        """Return its scenario file, to stand beside that of the base: the same for the same steps.

        changes: in place of its own.
        """
        entries = (self.changes if changes is None else changes).values()
        told = {
            "scenario": self.name,
            "title": f"{self.base.title}: {self.name}",
            "extends": self.base.file,
        }
        return yaml_bytes({**told, "changes": [_stated(one) for one in entries]})


def _stated(one: Change) -> dict[str, Any]:
    said = {"because": one.because, "by": one.by, "date": one.date}
    return {"set": one.set, "to": one.value, **said}


def steps_of(entries: Iterable[Entry]) -> tuple[Step, ...]:
    """Return entries of changes, in their order, as the steps that they are of."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.content["act"], []).append(entry)
    return tuple(Step(id_, tuple(every)) for id_, every in found.items())


def drafts_of(session: Session, act: Act, old: Mapping[str, Any], day: dt.date) -> list[Draft]:
    """Return the entries of an act. old: what stood at each key before."""
    return [
        Draft(
            id=f"{session.name}.{act.id}.{place}",
            kind="change",
            about=session.name,
            content={
                "kind": "key",
                "act": act.id,
                "set": one.set,
                "old": old.get(one.set),
                "to": one.to,
                "because": act.because,
                "date": day.isoformat(),
            },
            personal={"by": act.by},
        )
        for place, one in enumerate(act.settings)
    ]
