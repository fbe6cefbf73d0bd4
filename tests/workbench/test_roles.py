"""Every address x every role, and whose keys of the scenario are whose."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_args

import pytest
from starlette.testclient import TestClient

from evaluator.record.ledger import Draft, append
from evaluator.workbench.access import Role, Who
from evaluator.workbench.access.openid import Provider
from evaluator.workbench.access.settings import SignIn
from evaluator.workbench.app import ROUTES, application
from evaluator.workbench.desk import Setting
from evaluator.workbench.events import Events
from evaluator.workbench.security import Bounds, Door
from evaluator.workbench.session import Table
from tests.workbench.conftest import ALIKE

HOST = "workbench.example"
PROXY = "testclient"
COLUMNS = ["stranger", *get_args(Role)]
"""Who asks: somebody who has not come in, then one person of each role."""
MATRIX = """
GET  /enter                           x x x x x x x x
GET  /health                          x x x x x x x x
GET  /ready                           x x x x x x x x
GET  /metrics                         x x x x x x x x
GET  /favicon.ico                     x x x x x x x x
GET  /entrance.css                    x x x x x x x x
GET  /sign-in                         x x x x x x x x
GET  /sign-in/return                  x x x x x x x x
GET  /signed-out                      x x x x x x x x
POST /sign-out                        - x x x x x x x
GET  /                                - x x x x x x x
GET  /static/{name}                   - x x x x x x x
GET  /events                          - x x x x x x x
GET  /decide                          - x x x x x x -
GET  /decide/screen                   - x x x x x x -
POST /decide/effect                   - x x x x x x -
POST /decide                          - - - - x - - -
GET  /weigh                           - x x x x x x -
GET  /weigh/place                     - x x x x x x -
GET  /weigh/statement                 - x x x x x x -
POST /weigh/statement                 - x x x x x x -
POST /weigh/effect                    - x x x x x x -
POST /weigh/draws                     - x x x x x x -
POST /weigh                           - x - - x - - -
GET  /disagree                        - x x x x x x -
GET  /disagree/screen                 - x x x x x x -
GET  /disagree/sides                  - x x x x x x -
GET  /disagree/met                    - x x x x x x -
GET  /disagree/comments               - x x x x x x -
POST /disagree/comments               - x - x x - - -
POST /phase                           - - - x x - - -
GET  /ratings                         - x x x x x x -
GET  /ratings/screen                  - x x x x x x -
GET  /concur                          - x x x x x x x
GET  /concur/screen                   - x x x x x x x
GET  /concur/{run}/memo.{ending}      - x x x x x x x
POST /concur/{run}/position           - x - - - - - -
POST /concur/{run}/comment            - x - x x - - -
POST /concur/{run}/determine          - - - - x - - -
POST /concur/{run}/de-designate       - - - - x - - -
GET  /history                         - x x x x x x x
GET  /history/steps                   - x x x x x x x
GET  /history/{version:int}/effect    - x x x x x x x
GET  /history/{version:int}/scenario  - x x x x x x x
POST /history/{id}/undo               - x - - x - - -
POST /history/freeze                  - - - x x - - -
GET  /compare                         - x x x x x x x
GET  /record                          - - - - - - - x
"""
ROWS = [line.split() for line in MATRIX.strip().splitlines()]
OF_AN_AGENCY = {"editor": "edit", "reader": "read"}


class Everyone:
    """One person of each role, known by its name; of them those who propose influence."""

    readable = True

    def who(self, id_: str) -> Who | None:
        role, _, more = id_.partition("+")
        if role not in COLUMNS[1:]:
            return None
        grant: Any = OF_AN_AGENCY.get(role)
        agencies = {"trade": grant} if grant else {}
        roles: Any = frozenset({role})
        return Who(id_, f"The {role}", roles, agencies, influence=more == "influence")


@pytest.fixture(scope="module")
def door() -> Door:
    settings = SignIn(issuer="http://localhost:1", client="workbench")
    provider = Provider(settings, None, f"https://{HOST}/sign-in/return")
    return Door(
        frozenset({HOST}), Everyone(), provider=provider, cookie="__Host-workbench",
        scheme="https", proxy=PROXY, bounds=Bounds(requests=100_000),
    )  # fmt: skip


@pytest.fixture(scope="module")
def client(kept_table: Table, door: Door) -> Iterator[TestClient]:
    setting = Setting(kept_table, kept_table.path.parents[2] / "runs", workers=1)
    with TestClient(
        application(setting, door).asgi, base_url=f"https://{HOST}", follow_redirects=False
    ) as found:
        yield found


Ask = Callable[..., Any]


@pytest.fixture
def ask(client: TestClient, door: Door) -> Ask:
    """Ask as somebody, in a session of their own."""

    def asked(who: str, method: str, path: str, **fields: Any) -> Any:
        client.cookies.clear()
        sent = {"origin": f"https://{HOST}", "x-forwarded-for": "192.0.2.7"}
        if who != "stranger":
            session = door.sessions.begin(who)
            sent |= {
                "cookie": f"{door.cookie}={session}",
                "x-workbench-token": door.sessions.token(session),
            }
        return client.request(method, path, headers=sent, data=fields or None)

    return asked


def test_the_matrix_is_of_every_address() -> None:
    assert [(method, path) for method, path, *_ in ROWS] == [
        (one.method, one.path) for one in ROUTES
    ]
    assert {len(row) for row in ROWS} == {2 + len(COLUMNS)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:2]))
def test_an_address_answers_those_whose_role_allows_it(ask: Ask, row: list[str]) -> None:
    method, path, *marks = row
    path = path.replace("{run}", "none").replace("{ending}", "pdf")
    asked = path.replace("{version:int}", "0").replace("{id}", "none").replace("{name}", "none")
    asked = "/events?seen=x" if asked == "/events" else asked  # a stream would not end
    told = {"agency": "trade"} if path.endswith("/position") else {}
    codes = {who: ask(who, method, asked, **told).status_code for who in COLUMNS}
    refused = {who: code for who, code in codes.items() if code in (401, 403)}
    allowed = {who for who, mark in zip(COLUMNS, marks, strict=True) if mark == "x"}
    if path == "/sign-in/return":  # which nobody has begun
        assert set(refused.values()) == {401}
    else:
        assert set(refused) == set(COLUMNS) - allowed
        assert {refused[who] for who in refused if who != "stranger"} <= {403}
    assert refused.get("stranger", 401) == 401
    assert 500 not in codes.values()


TRADE = {"criteria": {"jobs": 1}}
KEYS = {
    "its own weights": "agencies.trade.weights",
    "those of another": "agencies.energy.weights",
    "influence": "influence.shares",
    "a decision": "designation.exclude.P1",
}
MAY = {
    "editor": {"its own weights"},
    "editor+influence": {"its own weights", "influence"},
    "decider": {"influence", "a decision"},
}


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize("what", KEYS)
def test_a_key_is_set_by_whose_it_is(ask: Ask, kept_table: Table, who: str, what: str) -> None:
    values = {"influence": ALIKE, "a decision": {}}
    settings = json.dumps([{"set": KEYS[what], "to": values.get(what)}])
    before = kept_table.session().version
    found = ask(
        who, "POST", "/weigh", settings=settings, because="Tried.", seen=before,
        act=f"keys-{who}-{what}".replace(" ", "-").replace("+", "-"),
    )  # fmt: skip
    session = kept_table.session()
    if what in MAY[who]:
        assert found.status_code == 200, found.text
        assert session.steps[-1].by == f"The {who.partition('+')[0]}"
    else:
        assert found.status_code == 403
        assert "not yours to set" in found.text
        assert session.version == before


def test_nobody_undoes_what_was_not_theirs_to_do(ask: Ask, kept_table: Table) -> None:
    told = {"package": "P2", "choice": "exclude", "because": "Not ready.", "act": "decided-01"}
    assert ask("decider", "POST", "/decide", **told, seen=kept_table.session().version)
    seen = kept_table.session().version
    undone = {"because": "Ready.", "act": "undone-001", "seen": seen}
    assert ask("editor", "POST", "/history/decided-01/undo", **undone).status_code == 403
    assert ask("decider", "POST", "/history/decided-01/undo", **undone).status_code == 200


def test_a_screen_shows_the_forms_of_its_reader_alone(ask: Ask) -> None:
    forms = {"/decide": ("decide-form", "decider"), "/weigh": ("share-form", "editor")}
    for path, (form, who) in forms.items():
        assert f'id="{form}"' in ask(who, "GET", path).text
        assert f'id="{form}"' not in ask("leadership", "GET", path).text
    assert "/history/freeze" not in ask("inspector", "GET", "/history").text
    assert 'href="/decide"' not in ask("inspector", "GET", "/history").text


def test_the_inspector_takes_the_record_away(ask: Ask, kept_table: Table) -> None:
    (entry,) = append(kept_table.ledger, [Draft("a-note", "note", {"text": "Looked at."})])
    answer = ask("inspector", "GET", "/record")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-disposition"] == 'attachment; filename="record.jsonl"'
    assert [one["number"] for one in lines] == list(range(1, len(lines) + 1))
    assert lines[-1]["hash"] == entry.hash


def test_beyond_loopback_it_is_reached_by_its_proxy_and_by_tls(
    client: TestClient, kept_table: Table, door: Door
) -> None:
    answer = client.get("/health")
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert client.get("/health", headers={"host": "other.example"}).status_code == 421
    session = door.sessions.begin("editor")
    sent = {
        "cookie": f"{door.cookie}={session}",
        "x-workbench-token": door.sessions.token(session),
        "origin": f"http://{HOST}",
    }
    assert client.post("/sign-out", headers=sent).status_code == 403
    assert "samesite=lax; secure" in _given(door)
    direct = TestClient(
        application(Setting(kept_table, Path()), door).asgi,
        base_url=f"https://{HOST}",
        client=("192.0.2.9", 1),
    )
    assert direct.get("/health").status_code == 403
    assert "proxy" in direct.get("/health").text


def test_a_stream_ends_with_the_right_to_it() -> None:
    async def listened() -> None:
        events, still = Events(), [True]
        stream = events.stream((0, 0), "ann", lambda: still[0])
        assert await anext(stream) == ": here\n\n"
        events.tell(1, 1)
        assert "data: 1.1" in await anext(stream)
        still[0] = False
        events.tell(2, 2)
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
        assert events.open == 0
        every = [events.stream((0, 0), "ann", lambda: True) for _ in range(20)]
        for one in every:
            await anext(one)
        assert events.full("ann")
        assert not events.full("bo")

    with ThreadPoolExecutor(1) as thread:  # a browser of other tests keeps a loop in this one
        thread.submit(asyncio.run, listened()).result()


def _given(door: Door) -> str:
    from starlette.responses import Response

    answer = Response()
    door.give(answer, "x")
    return answer.headers["set-cookie"].lower()
