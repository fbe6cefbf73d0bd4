"""A workbench for people who are known already: `python -m tests.load.served SCENARIO RECORD OUT`.

It prints one line of JSON: where it is, and of each person the cookie and the token of a page.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from evaluator import load_study
from evaluator.record.ledger import open_ledger
from evaluator.workbench.access import Who
from evaluator.workbench.desk import Setting
from evaluator.workbench.serve import door_of, listening, serve
from evaluator.workbench.session import Table, named_session

PEOPLE = 30


@dataclass(frozen=True)
class Many:
    """The decider, an analyst, and editors of the agencies in turn."""

    agencies: tuple[str, ...]

    def who(self, id_: str) -> Who | None:
        place = int(id_)
        if place == 0:
            return Who(id_, "Decider", frozenset({"decider"}))
        if place == 1:
            return Who(id_, "Analyst", frozenset({"analyst"}))
        agency = self.agencies[place % len(self.agencies)]
        return Who(id_, f"Editor {place}", frozenset({"editor"}), {agency: "edit"})


def main(scenario: str, record: str, out: str) -> None:
    path = Path(scenario)
    study = load_study(path)
    ledger = open_ledger(record, make=True)
    table = Table(path.resolve(), study, ledger, named_session(study.scenario.scenario, "load"))
    people = Many(tuple(one.agency for one in study.agencies))
    listener = listening("127.0.0.1", 0)
    door = door_of(listener, people)
    came = [door.sessions.begin(str(place)) for place in range(PEOPLE)]
    told = {
        "port": listener.getsockname()[1],
        "cookie": door.cookie,
        "people": [{"session": one, "token": door.sessions.token(one)} for one in came],
        "weights": {
            one.agency: [f"{one.agency}.{criterion.id}" for criterion in one.criteria]
            for one in study.agencies
        },
    }
    print(json.dumps(told), flush=True)
    serve(Setting(table, Path(out)), listener, door)


if __name__ == "__main__":
    main(*sys.argv[1:])
