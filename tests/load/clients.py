"""A workbench in a process of its own, and what browsers send to it."""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluator.record.ledger import open_ledger
from evaluator.record.ledger.schema import ENTRIES
from evaluator.record.ledger.writing import read
from evaluator.record.proof.verify import verify
from tests.conftest import ROOT


@dataclass(frozen=True)
class Person:
    """Somebody who came in."""

    place: int
    session: str
    token: str
    agency: str
    """Whose weights they set; empty for the decider, who sets influence."""


@dataclass
class Served:
    process: subprocess.Popen[str]
    base: str
    cookie: str
    people: list[Person]
    weights: dict[str, list[str]]

    def headers(self, person: Person) -> dict[str, str]:
        return {
            "cookie": f"{self.cookie}={person.session}",
            "origin": self.base,
            "x-workbench-token": person.token,
        }

    def tried(self, person: Person, dice: random.Random) -> list[dict[str, Any]]:
        """Return settings that a person tries: their weights, or the influence."""
        if not person.agency:
            return [{"set": "influence.shares", "to": shares(list(self.weights), dice)}]
        told = {"method": "points", "out_of": 1, "confidence": "illustrative"}
        judged = shares(self.weights[person.agency], dice)
        return [{"set": f"agencies.{person.agency}.weights", "to": {**told, "judgements": judged}}]


def shares(names: list[str], dice: random.Random) -> dict[str, float]:
    """Return random shares that sum to 1."""
    parts = [dice.uniform(0.05, 1) for _ in names]
    found = [part / sum(parts) for part in parts[:-1]]
    return dict(zip(names, [*found, 1 - sum(found)], strict=True))


def act_id() -> str:
    return secrets.token_hex(16)


def study_in(folder: Path, *, hand: bool) -> Path:
    """Copy a study into a folder; return its scenario."""
    if hand:
        shutil.copytree(ROOT / "tests" / "cases" / "hand", folder / "study")
    else:
        for name in ("scenarios", "criteria"):
            shutil.copytree(ROOT / name, folder / "study" / name)
    return folder / "study" / "scenarios" / "baseline.yaml"


def begin(scenario: Path, record: str, out: Path) -> Served:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.load.served", str(scenario), record, str(out)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    agencies = list(told["weights"])
    people = [
        Person(place, one["session"], one["token"], agencies[place % len(agencies)] * (place > 1))
        for place, one in enumerate(told["people"])
    ]
    people.pop(1)  # the analyst shares nothing
    base = f"http://127.0.0.1:{told['port']}"
    return Served(process, base, told["cookie"], people, told["weights"])


@contextmanager
def serving(scenario: Path, record: str, out: Path) -> Iterator[Served]:
    found = begin(scenario, record, out)
    try:
        yield found
    finally:
        if found.process.poll() is None:
            found.process.terminate()
            found.process.wait(60)
        assert found.process.stdout is not None
        found.process.stdout.close()


def amiss(record: str, acknowledged: Collection[str]) -> list[str]:
    """Return which acknowledged change is not there once, and where the chain is broken."""
    ledger = open_ledger(record)
    with ledger.reading() as connection:
        acts = [one.content["act"] for one in read(connection, ENTRIES.c.kind == "change")]
    faults = [str(one) for one in verify(ledger).faults]
    ledger.close()
    doubled = len(acts) - len(set(acts))
    lost = set(acknowledged) - set(acts)
    twice = [f"{doubled} changes are there twice"] if doubled else []
    return [*faults, *twice, *(f"lost: {one}" for one in lost)]
