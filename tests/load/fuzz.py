"""Random requests over the table of routes: `python -m tests.load.fuzz --minutes 10`. No 500.

Paths, queries, forms and JSON are put together from what the table names, from what is true of the
study, and from what breaks programs; some are cut, doubled or flipped afterwards.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from starlette.testclient import TestClient

from evaluator import load_study
from evaluator.record.ledger import open_ledger
from evaluator.record.proof.verify import verify
from evaluator.workbench.access import Alone
from evaluator.workbench.app import ROUTES, application
from evaluator.workbench.desk import Setting
from evaluator.workbench.security import Bounds, Door
from evaluator.workbench.session import Table, named_session
from tests.load.clients import study_in

HOST = "127.0.0.1:8750"
ODD = (
    "", " ", "0", "-1", "1e9", "NaN", "99999999999999999999", "null", "[]", "{}", "true",
    "P1", "P9", "trade", "energy", "trade.jobs", "'", '"', "\\", "%00", "\0",
    "\r\nset-cookie: a=b", "../../etc/passwd", "<script>alert(1)</script>", "{{ 7*7 }}", "${7*7}",
    "=1+1", "é", "\u202e", "\ud7ff", "a" * 600, "a." * 500, "influence.shares",
    'designation.include."P.1"', "agencies.trade.weights", "include", "must_not", "rule",
    "concurs", "objects", "blind", "pdf", "docx", "0123456789abcdef", "[" * 500,
    '[{"set": "x", "to": 1}]',
)  # fmt: skip
FIELDS = (
    "package", "choice", "because", "act", "seen", "settings", "version", "old", "new", "one",
    "other", "criterion", "agency", "position", "text", "on", "name", "kind", "run", "key",
    "code", "state",
)  # fmt: skip
KEYS = (
    "influence.shares", "agencies.trade.weights", "designation.exclude.P1", "allocation.must.P2",
)  # fmt: skip
HALF = {"trade": 0.5, "energy": 0.5}
JSON_ODD = (
    None, True, 0, -1, 1e308, "x", [], {}, HALF, {"trade": "x"}, [[]], {"": {}},
    {"amount_usd": 1}, {"tool": "bank.loan"}, {"because": "no"}, {"by": "x", "date": "never"},
)  # fmt: skip


_LEFT = ("/events", "/sign-out")
"""A stream has no end, and who is signed out is asked for a key."""


class Fuzzer:
    """Asks at random, and keeps what should not have come."""

    def __init__(self, client: TestClient, token: str, seed: int) -> None:
        self.client, self.token, self.dice = client, token, random.Random(seed)
        self.codes: Counter[int] = Counter()
        self.faults: list[str] = []
        self.known: list[str] = list(ODD)
        """What is true of the session, such as ids of steps and digests of runs, among the odd."""

    def ask(self) -> None:
        dice = self.dice
        route = dice.choice([one for one in ROUTES if one.path not in _LEFT])
        path = re.sub(r"\{[^}]*\}", lambda _: quote(self._text(), safe=""), route.path)
        query = {self._field(): self._text() for _ in range(dice.randrange(4))}
        method = (
            route.method if dice.random() < 0.95 else dice.choice(("PUT", "HEAD", "DELETE", "GET"))
        )
        body = (
            {}
            if method == "GET"
            else {self._field(): self._text() for _ in range(dice.randrange(8))}
        )
        if "settings" in body or "/weigh" in path:
            body["settings"] = json.dumps(
                [{"set": dice.choice((*KEYS, self._text())), "to": dice.choice(JSON_ODD)}]
                * dice.randrange(1, 3)
            )
        self._send(method, path, query, body)

    def _send(self, method: str, path: str, query: dict[str, str], body: dict[str, str]) -> None:
        data = "&".join(f"{k}={quote(v, errors='replace')}" for k, v in body.items()).encode()
        if self.dice.random() < 0.05 and data:
            place = self.dice.randrange(len(data))
            data = data[:place] + bytes([self.dice.randrange(256)]) + data[place + 1 :]
        headers = {"origin": f"http://{HOST}", "x-workbench-token": self.token}
        answer = self.client.request(method, path, params=query, content=data, headers=headers)
        self.codes[answer.status_code] += 1
        if answer.status_code >= 500 or "Traceback" in answer.text:
            self.faults.append(f"{method} {path} {query} {data!r}: {answer.status_code}")
        if "<script>alert" in answer.text or "set-cookie: a=b" in str(answer.headers):
            self.faults.append(f"{method} {path} {query} {data!r}: markup or a header came back")
        found = re.findall(r"[0-9a-f]{64}|/history/([\w-]{8,64})/undo", answer.text)
        self.known = [*self.known[-200:], *filter(None, found)]

    def _text(self) -> str:
        return self.dice.choice(self.known if self.dice.random() < 0.3 else ODD)

    def _field(self) -> str:
        return self.dice.choice(FIELDS)


def fuzz(minutes: float, seed: int) -> list[str]:
    """Ask for so long; return each request to which the answer was no answer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scenario = study_in(folder, hand=True)
        study = load_study(scenario)
        ledger = open_ledger(folder / "record.db", make=True)
        table = Table(scenario, study, ledger, named_session(study.scenario.scenario, "fuzz"))
        agencies = tuple(one.agency for one in study.agencies)
        door = Door(frozenset({HOST}), Alone("Ann Smith", agencies), bounds=Bounds(requests=10**9))
        app = application(Setting(table, folder / "runs", workers=1), door).asgi
        with TestClient(
            app, f"http://{HOST}", raise_server_exceptions=False, follow_redirects=False
        ) as client:
            client.get(f"/enter?key={door.key}")
            fuzzer = Fuzzer(client, door.sessions.token(client.cookies["workbench"]), seed)
            end = time.monotonic() + 60 * minutes
            while time.monotonic() < end:
                fuzzer.ask()
        faults = fuzzer.faults + [str(one) for one in verify(ledger).faults]
        ledger.close()
    codes = ", ".join(f"{code}: {count:,}" for code, count in sorted(fuzzer.codes.items()))
    print(f"{fuzzer.codes.total():,} requests at random; {codes}")
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=14320)
    asked = parser.parse_args(arguments)
    wrong = fuzz(asked.minutes, asked.seed)
    for one in wrong[:50]:
        print(one[:500])
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
