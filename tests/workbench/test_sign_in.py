"""Signing in: what holds lets in once, in a session that is new; what does not hold, never."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from evaluator import load_study
from evaluator.errors import InvalidInputError
from evaluator.record.ledger.schema import ENTRIES
from evaluator.record.ledger.writing import read
from evaluator.workbench.access import Role
from evaluator.workbench.access.sessions import Numbered
from evaluator.workbench.access.settings import read_roles, read_settings
from evaluator.workbench.app import application
from evaluator.workbench.desk import Setting
from evaluator.workbench.security import Bounds, Door
from evaluator.workbench.serve import shared_door
from evaluator.workbench.session import Table
from tests.conftest import BASELINE, ROOT
from tests.workbench.issuer import CLIENT, SECRET, Code, Issuer, another_key, issuing

HOST = "127.0.0.1:8750"
ANN, LEE = "ann-1", "lee-2"
ROLES = f"""\
people:
  {ANN}: {{name: Ann Smith, agencies: {{trade: edit}}}}
  {LEE}: {{name: Lee Roe, roles: [inspector]}}
"""


@dataclass
class Place:
    """A shared workbench, its provider, and a browser that may or may not have come in."""

    client: TestClient
    issuer: Issuer
    door: Door
    table: Table
    roles: Path

    def begin(self) -> dict[str, str]:
        """Ask to sign in; return what is asked of the provider."""
        answer = self.client.get("/sign-in?to=/history")
        assert answer.status_code == 303
        address = urlsplit(answer.headers["location"])
        assert f"{address.scheme}://{address.netloc}" == self.issuer.address
        return {key: one[0] for key, one in parse_qs(address.query).items()}

    def back(self, asked: dict[str, str], sub: str = ANN, **amiss: Any) -> Any:
        """Come back from the provider, which says who it was."""
        told = self.issuer.claims({"nonce": asked["nonce"], "sub": sub, **amiss.pop("claims", {})})
        self.issuer.codes["one"] = Code(asked["code_challenge"], told, **amiss)
        return self.client.get(f"/sign-in/return?code=one&state={asked['state']}")

    def signed_in(self) -> bool:
        return bool(self.client.get("/").status_code == 303)


@contextmanager
def shared(folder: Path, table: Table, issuer: Issuer, **more: Any) -> Iterator[Place]:
    (folder / "secret").write_text(f"{SECRET}\n")
    (folder / "roles.yaml").write_text(ROLES)
    told = {
        "address": f"http://{HOST}", "roles": "roles.yaml", **more,
        "sign_in": {"issuer": issuer.address, "client": CLIENT, "secret": "secret"},
    }  # fmt: skip
    file = folder / "workbench.yaml"
    file.write_text(json.dumps(told))
    door = shared_door(read_settings(file), folder, ["trade", "energy"])
    door = replace(door, bounds=Bounds(requests=100_000))  # many tests come from one address
    setting = Setting(table, folder / "runs", workers=1)
    with TestClient(
        application(setting, door).asgi, base_url=f"http://{HOST}", follow_redirects=False
    ) as client:
        yield Place(client, issuer, door, table, folder / "roles.yaml")


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@pytest.fixture(scope="module")
def kept_place(
    tmp_path_factory: pytest.TempPathFactory, kept_table: Table, issuer: Issuer
) -> Iterator[Place]:
    with shared(tmp_path_factory.mktemp("shared"), kept_table, issuer) as found:
        yield found


@pytest.fixture
def place(kept_place: Place) -> Place:
    """A browser that has not come in, at roles as they were at first."""
    kept_place.client.cookies.clear()
    kept_place.roles.write_text(ROLES)
    return kept_place


def test_who_signs_in_is_entered_and_let_in_by_a_session_that_is_new(place: Place) -> None:
    stranger = place.client.get("/history")
    assert stranger.status_code == 401
    assert 'href="/sign-in?to=/history"' in stranger.text
    asked = place.begin()
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid"
    before = dict(place.client.cookies)
    came = place.back(asked)
    assert (came.status_code, came.headers["location"]) == (303, "/history")
    given = [one for one in came.headers.get_list("set-cookie") if "workbench-8750=" in one]
    assert all(word in given[0].lower() for word in ("httponly", "samesite=lax", "path=/"))
    assert place.client.cookies["workbench-8750"] not in before.values()
    assert "workbench-8750-start" not in place.client.cookies
    assert place.signed_in()
    with place.table.ledger.reading() as connection:
        entry = read(connection, ENTRIES.c.kind == "sign-in")[-1]
    assert (entry.by, entry.content["agencies"]) == ("Ann Smith", {"trade": "edit"})
    first = place.client.cookies["workbench-8750"]
    place.back(place.begin())
    assert place.client.cookies["workbench-8750"] != first
    assert place.door.sessions.get(first) is None  # the one before has ended


@pytest.mark.slow
def test_twenty_sign_ins_leave_nothing_that_was_begun(place: Place) -> None:
    for _ in range(20):
        assert place.back(place.begin()).status_code == 303
    provider = place.door.provider
    assert provider is not None
    assert len(provider.starts) == 0
    assert place.issuer.asked.count("/token") >= 20


AMISS: dict[str, dict[str, Any]] = {
    "expired": {"claims": {"exp": 1_000_000_000}},
    "of another provider": {"claims": {"iss": "http://localhost:1"}},
    "for another client": {"claims": {"aud": "other"}},
    "for another client, by us": {"claims": {"aud": "other", "azp": CLIENT}},
    "of another sign-in": {"claims": {"nonce": "other"}},
    "without a nonce": {"claims": {"nonce": ""}},
    "without a subject": {"claims": {"sub": ""}},
    "a subject that is no text": {"claims": {"sub": 5}},
    "an access token that is not the one": {"claims": {"at_hash": "AAAA"}},
    "from tomorrow": {"claims": {"iat": 4_000_000_000, "nbf": 4_000_000_000}},
    "altered": {"alter": True},
    "signed by another": {"key": "other"},
    "signed by the client's secret": {"key": "secret", "sign": "HS256"},
    "no token": {"answer": {"access_token": "opaque", "token_type": "Bearer"}},
    "no token at all": {"answer": {}},
    "a token that is none": {"answer": {"access_token": "a", "id_token": "a.b.c"}},
    "a token that is a number": {"answer": {"access_token": "a", "id_token": 5}},
    "not signed": {"answer": {"access_token": "a", "id_token": "eyJhbGciOiJub25lIn0.e30."}},
}


@pytest.mark.parametrize("case", AMISS)
def test_a_token_that_is_amiss_lets_nobody_in(place: Place, case: str) -> None:
    amiss = dict(AMISS[case])
    if "key" in amiss:
        amiss["key"] = another_key(amiss["key"])
    answer = place.back(place.begin(), **amiss)
    assert answer.status_code == 401, case
    assert "Sign in again" in answer.text
    assert not place.signed_in()
    assert place.back(place.begin()).status_code == 303  # and the next is let in


CALLBACKS: dict[str, Callable[[dict[str, str]], str]] = {
    "no state": lambda asked: "code=one",
    "another state": lambda asked: "code=one&state=other",
    "no code": lambda asked: f"state={asked['state']}",
    "an empty code": lambda asked: f"code=&state={asked['state']}",
    "a code of nobody": lambda asked: f"code=never&state={asked['state']}",
    "refused there": lambda asked: f"error=access_denied&state={asked['state']}",
    "nothing": lambda asked: "",
    "no text": lambda asked: "code=%ff%00&state=%0d%0aset-cookie:a=b",
}


@pytest.mark.parametrize("case", CALLBACKS)
def test_a_return_that_is_amiss_is_refused(place: Place, case: str) -> None:
    answer = place.client.get(f"/sign-in/return?{CALLBACKS[case](place.begin())}")
    assert answer.status_code == 401, case
    assert not place.signed_in()


def test_a_return_holds_once_and_in_the_browser_that_began_it(place: Place) -> None:
    asked = place.begin()
    begun = dict(place.client.cookies)
    assert place.back(asked).status_code == 303
    place.client.cookies.clear()
    place.client.cookies.update(begun)  # replayed with all that the first had
    assert place.back(asked).status_code == 401
    other = place.begin()
    place.client.cookies.clear()  # another browser, which has the address alone
    assert place.back(other).status_code == 401
    assert not place.signed_in()


def test_who_has_no_role_is_told_by_what_they_are_known(place: Place) -> None:
    answer = place.back(place.begin(), sub="<b>nobody</b>")
    assert answer.status_code == 403
    assert "&lt;b&gt;nobody&lt;/b&gt;" in answer.text
    assert not place.signed_in()


def test_roles_that_change_in_mid_session_hold_at_once(place: Place) -> None:
    place.back(place.begin())
    assert place.client.get("/weigh").status_code == 200
    place.roles.write_text(ROLES.replace("agencies: {trade: edit}", "roles: [inspector]"))
    assert place.client.get("/weigh").status_code == 403
    assert place.client.get("/").headers["location"] == "/history"
    place.roles.write_text("people: {}\n")
    assert place.client.get("/history").status_code == 401
    place.roles.write_text("people: [\n")  # what cannot be read lets nobody in
    assert place.client.get("/history").status_code == 401
    assert place.client.get("/ready").json() == {"ready": False, "lacking": ["roles"]}
    place.roles.write_text(ROLES)
    assert place.client.get("/weigh").status_code == 200
    assert place.client.get("/ready").json() == {"ready": True, "lacking": []}


def test_who_signs_out_is_out(place: Place) -> None:
    place.back(place.begin())
    cookie = place.client.cookies["workbench-8750"]
    token = place.door.sessions.token(cookie)
    assert place.client.post("/sign-out").status_code == 403  # not from a page of ours
    sent = {"origin": f"http://{HOST}", "x-workbench-token": token}
    answer = place.client.post("/sign-out", headers=sent)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (200, "/signed-out")
    place.client.cookies.set("workbench-8750", cookie)
    assert not place.signed_in()
    assert place.client.get("/signed-out").status_code == 200


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "x"])
def test_a_sign_in_leads_nowhere_else(place: Place, to: str) -> None:
    place.client.get("/sign-in", params={"to": to})
    asked = place.begin()
    place.client.get("/sign-in", params={"to": to})
    assert place.back(asked).status_code == 401  # the later one is the one that counts
    answer = place.client.get("/sign-in", params={"to": to})
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    came = place.back({key: one[0] for key, one in query.items()})
    assert came.headers["location"] == "/"


def test_a_provider_that_is_gone_or_is_another_is_told(
    tmp_path: Path, kept_table: Table, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shared(tmp_path, kept_table, issuer) as place:
        real = issuer.metadata()
        monkeypatch.setattr(issuer, "metadata", lambda: {**real, "issuer": "http://localhost:1"})
        assert place.client.get("/sign-in").status_code == 503
    with shared(tmp_path, kept_table, Issuer("http://localhost:1")) as place:
        assert place.client.get("/sign-in").status_code == 503
        assert place.client.get("/health").status_code == 200


def test_what_is_begun_is_bounded_and_expires() -> None:
    now = [0.0]
    kept = Numbered[str](most=3, idle=10, longest=25, clock=lambda: now[0])
    first = kept.begin("a")
    assert len(first) >= 43
    others = [kept.begin(one) for one in "bcd"]
    assert [kept.get(one) for one in (first, *others)] == [None, "b", "c", "d"]
    for now[0] in (9, 18, 24):
        assert kept.get(others[0]) == "b"
    assert kept.get(others[1]) is None  # nothing was asked of it for too long
    now[0] = 26
    assert kept.get(others[0]) is None  # however often it was asked for
    last = kept.begin("e")
    now[0] = 35
    assert kept.get(last, seen=False) == "e"
    now[0] = 37
    assert kept.get(last) is None  # a stream that listens is nobody who asks


GOOD = {
    "address": "https://workbench.example", "roles": "roles.yaml", "proxy": "127.0.0.1",
    "sign_in": {"issuer": "https://login.example", "client": "w"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("told", "fact"),
    [
        ({"address": "http://workbench.example"}, "not https"),
        ({"address": "https://workbench.example/a"}, "has a path"),
        ({"address": "https://workbench.example:443"}, "meant anyhow"),
        ({"address": "https://[::"}, "no address"),
        ({"proxy": None}, "who ends TLS"),
        ({"proxy": "proxy.example"}, "no IP address"),
        ({"tls": {"certificate": "c", "key": "k"}}, "beside tls"),
        ({"roles": "none.yaml"}, "no file"),
        ({"sign_in": {"issuer": "http://login.example", "client": "w"}}, "not https"),
        ({"sign_in": {"issuer": "https://login.example", "client": "w", "x": 1}}, "x"),
    ],
)
def test_settings_that_would_not_protect_are_refused(
    tmp_path: Path, told: dict[str, Any], fact: str
) -> None:
    (tmp_path / "roles.yaml").write_text(ROLES)
    file = tmp_path / "workbench.yaml"
    file.write_text(json.dumps(GOOD))
    assert read_settings(file).secure
    every = {key: one for key, one in {**GOOD, **told}.items() if one is not None}
    file.write_text(json.dumps(every))
    with pytest.raises(InvalidInputError, match=fact):
        read_settings(file)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("people: {a: {name: A, agencies: {trde: edit}}}", "Did you mean 'trade'"),
        ("people: {a: {name: A, roles: [admin]}}", "roles"),
        ("people: {a: {name: A}}", "has no role"),
        ("people: {a: {name: A, roles: [decider]}, b: {name: A, roles: [decider]}}", "the name"),
        ("people: {a: {name: A, agencies: {trade: write}}}", "trade"),
    ],
)
def test_roles_that_name_what_is_not_there_are_refused(
    tmp_path: Path, text: str, fact: str
) -> None:
    file = tmp_path / "roles.yaml"
    file.write_text(text)
    with pytest.raises(InvalidInputError, match=fact):
        read_roles(file, ["trade", "energy"])


def test_the_files_of_the_documentation_hold(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "shared-workbench.md").read_text()
    settings, roles = re.findall(r"```yaml\n(.*?)```", text, re.S)
    (tmp_path / "roles.yaml").write_text(roles)
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "workbench.yaml").write_text(settings)
    found = read_settings(tmp_path / "workbench.yaml")
    agencies = [one.agency for one in load_study(BASELINE).agencies]
    people = read_roles(tmp_path / found.roles, agencies)
    assert {role for one in people.values() for role in one.roles} == set(get_args(Role)) - {
        "analyst",
        "advisory",
    }
