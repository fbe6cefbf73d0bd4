"""Every address: who is let in, what is refused and how, and that nothing is done twice."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from evaluator.cli import main
from evaluator.workbench.access import Alone
from evaluator.workbench.app import PUBLIC, ROUTES, application
from evaluator.workbench.desk import Setting
from evaluator.workbench.pages import VENDORED
from evaluator.workbench.security import HEADERS, Bounds, Door
from evaluator.workbench.session import Act, ConflictError, Table, share
from evaluator.workbench.session import Setting as Set
from tests.conftest import ROOT
from tests.workbench.conftest import ALIKE

SHARES = "influence.shares"
WEIGHTS = "agencies.trade.weights"
SAID = {"confidence": "illustrative", "method": "swing"}
HOST = "127.0.0.1:8750"
ORIGIN = {"origin": f"http://{HOST}"}
ANN = Alone("Ann Smith", ("trade", "energy"))
HOME = ROOT / "evaluator" / "workbench"


@pytest.fixture(scope="module")
def table(kept_table: Table) -> Table:
    return kept_table


@pytest.fixture(scope="module")
def door() -> Door:
    return Door(frozenset({HOST}), ANN, bounds=Bounds(requests=100_000))


@pytest.fixture(scope="module")
def served(table: Table, door: Door) -> Iterator[TestClient]:
    setting = Setting(table, table.path.parents[2] / "runs", workers=1)
    with TestClient(
        application(setting, door).asgi, base_url=f"http://{HOST}", follow_redirects=False
    ) as client:
        came = client.get(f"/enter?key={door.key}")
        assert (came.status_code, came.headers["location"]) == (303, "/decide")
        said = came.headers["set-cookie"].lower()
        assert all(word in said for word in ("httponly", "samesite=strict", "path=/"))
        yield client


@pytest.fixture
def sent(served: TestClient, door: Door) -> Callable[..., Any]:
    """What a page of the workbench sends."""

    def send(path: str, **fields: Any) -> Any:
        token = door.sessions.token(served.cookies["workbench"])
        return served.post(path, data=fields, headers={**ORIGIN, "x-workbench-token": token})

    return send


def versions(client: TestClient) -> list[int]:
    found = re.findall(r'<li id="v-(\d+)">', client.get("/history").text)
    return [int(one) for one in found]


def test_what_is_decided_is_shown_entered_once_and_undone(
    served: TestClient, sent: Callable[..., Any], table: Table
) -> None:
    told = {"package": "P1", "choice": "exclude"}
    tried = sent("/decide/effect", **told)
    assert tried.status_code == 200
    for text in ("$40.0 million", "152.8 → 138.9", "P2"):  # 74 + 86.472... * 60 / 80
        assert text in tried.text
    assert table.session().steps == ()
    first = versions(served)
    asked = {**told, "because": "Not <b>ready</b>.", "act": "0123456789abcdef", "seen": 0}
    once, again = sent("/decide", **asked), sent("/decide", **asked)
    assert (once.status_code, once.text) == (200, again.text)
    assert "Not &lt;b&gt;ready&lt;/b&gt;." in once.text
    assert once.headers["hx-trigger"] == "changed"
    (version,) = set(versions(served)) - set(first)
    assert table.session().values["designation.exclude.P1"]["by"] == "Ann Smith"
    did = served.get(f"/history/{version}/effect")
    assert "60" in did.text
    undone = sent(f"/history/{asked['act']}/undo", because="Ready.", act="undo-0001", seen=version)
    assert undone.status_code == 200
    assert table.session().values == {}


def test_over_what_was_not_seen_nothing_is_set(sent: Callable[..., Any], table: Table) -> None:
    settings = json.dumps([{"set": "influence.shares", "to": ALIKE}])
    seen = table.session().version
    mine = sent("/weigh", settings=settings, because="Alike.", act="weigh-0001", seen=seen)
    assert mine.status_code == 200
    late = sent("/weigh", settings=settings, because="Mine.", act="weigh-0002", seen=seen)
    assert late.status_code == 409
    assert "Alike." in late.text
    assert "Ann Smith" in late.text
    now = table.session().version
    act = Act("direct-0001", (Set("influence.shares", None),), "Back.", "Bo", seen)
    with pytest.raises(ConflictError):
        share(table, act)
    assert table.session().version == now


def test_a_version_is_taken_away_as_the_file_that_gives_it(
    served: TestClient, table: Table
) -> None:
    session = table.session()
    for version in (0, session.version):
        taken = served.get(f"/history/{version}/scenario")
        assert taken.content == session.at(version).scenario()
        assert taken.headers["content-disposition"] == 'attachment; filename="hand-session.yaml"'


def test_a_statement_that_does_not_hold_is_told_with_its_faults(
    sent: Callable[..., Any],
) -> None:
    def swings(**judgements: float) -> str:
        return json.dumps([{"set": WEIGHTS, "to": {**SAID, "judgements": judgements}}])

    told = sent("/weigh/statement", settings=swings(content=100), seen=0)
    assert told.status_code == 422
    assert "delivery" in told.text
    influence = json.dumps([{"set": SHARES, "to": ALIKE}])
    assert sent("/weigh/statement", settings=influence, seen=0).status_code == 422
    told = sent("/weigh/statement", settings=swings(content=100, delivery=50), seen=0)
    (weights,) = re.findall(r'data-weights="([^"]*)"', told.text)
    assert json.loads(unescape(weights)) == {
        "trade.content": pytest.approx(2 / 3), "trade.delivery": pytest.approx(1 / 3),
    }  # fmt: skip


@pytest.mark.parametrize(("method", "path"), [(one.method, one.path) for one in ROUTES])
def test_nobody_comes_in_without_the_key(served: TestClient, method: str, path: str) -> None:
    asked = path.replace("{version:int}", "0").replace("{id}", "x").replace("{name}", "style.css")
    found = served.request(method, asked, headers={**ORIGIN, "cookie": "workbench=guessed"})
    if path in PUBLIC:
        assert found.status_code in (200, 204, 403, 404)
    else:
        assert found.status_code == 403
    assert HEADERS.items() <= found.headers.items()
    assert "unsafe" not in found.headers["content-security-policy"]
    other = served.request("DELETE", asked, headers=ORIGIN)
    assert other.status_code in (403, 405)


def weighed(key: str, to: str, act: str = "abuse-0000") -> bytes:
    """Return what a page sends to set a key."""
    settings = f'[{{"set": "{key}", "to": {to}}}]'
    return urlencode({"settings": settings, "because": "x", "act": act}).encode()


ABUSE: dict[str, tuple[str, str, dict[str, str], bytes, int]] = {
    "another name": ("GET", "/decide", {"host": "evil.example"}, b"", 421),
    "another port": ("GET", "/decide", {"host": "127.0.0.1:80"}, b"", 421),
    "a wrong key": ("GET", "/enter?key=guess", {}, b"", 403),
    "no key": ("GET", "/enter", {}, b"", 403),
    "a forged origin": ("POST", "/decide", {"origin": "http://evil.example"}, b"", 403),
    "no origin": ("POST", "/decide", {"origin": ""}, b"", 403),
    "a null origin": ("POST", "/decide", {"origin": "null"}, b"", 403),
    "no token": ("POST", "/decide", {"x-workbench-token": ""}, b"", 403),
    "a wrong token": ("POST", "/decide", {"x-workbench-token": "0" * 64}, b"", 403),
    "a token of other letters": ("POST", "/decide", {"x-workbench-token": "\xe9"}, b"", 403),
    "too large": ("POST", "/decide", {}, b"x" * 70_000, 413),
    "too many fields": ("POST", "/decide", {}, b"&".join([b"a=1"] * 50), 422),
    "no text": ("POST", "/decide", {}, b"\xff\xfe", 422),
    "nothing": ("POST", "/decide", {}, b"", 422),
    "no such package": ("POST", "/decide/effect", {}, b"package=P9&choice=include", 422),
    "many dots": ("POST", "/decide/effect", {}, b"choice=must&package=" + b"a." * 900, 422),
    "a package with quotes": ("POST", "/decide/effect", {}, b'package="&choice=must', 422),
    "no such choice": ("POST", "/decide/effect", {}, b"package=P1&choice=grant", 422),
    "no JSON": ("POST", "/weigh/effect", {}, b"settings=[", 422),
    "deep JSON": ("POST", "/weigh/effect", {}, b"settings=" + b"[" * 20_000, 422),
    "JSON of another kind": ("POST", "/weigh/effect", {}, b"settings=5", 422),
    "not a number": ("POST", "/weigh/effect", {}, weighed(SHARES, '{"trade": NaN}'), 422),
    "not 1 in all": ("POST", "/weigh/effect", {}, weighed(SHARES, '{"trade": 3}'), 422),
    "a path not set here": ("POST", "/weigh", {}, weighed("round", '"/etc"'), 422),
    "a text for weights": ("POST", "/weigh", {}, weighed("agencies.trade.weights", '"x"'), 422),
    "an id that is none": ("POST", "/weigh", {}, weighed(SHARES, "null", "a b\n"), 422),
    "a version that is no number": ("POST", "/weigh", {}, b"settings=[]&seen=1e9", 422),
    "a step that is none": ("POST", "/history/nothing/undo", {}, b"because=x&act=abuse-03", 404),
    "a version that never was": ("GET", "/history/99/scenario", {}, b"", 404),
    "a version past all": ("GET", "/history/99999999999999999999/effect", {}, b"", 404),
    "a path out of the folder": ("GET", "/static/..%2f..%2fapp.py", {}, b"", 404),
    "a template": ("GET", "/static/effect.html.j2", {}, b"", 404),
    "no such address": ("GET", "/admin", {}, b"", 404),
    "a header in a version": ("GET", "/compare?old=0%0d%0aset-cookie:a=b", {}, b"", 422),
    "a stream from no number": ("GET", "/events?seen=x", {}, b"", 422),
    "a control character in a reason": (
        "POST", "/decide", {}, b"package=P2&choice=exclude&because=a%1b[31m&act=abuse-04", 422,
    ),
    "markup for a comment's agency": (
        "POST", "/disagree/comments", {}, b"text=x&agency=<b>&act=abuse-06", 403,
    ),
    "a comment on nothing there": (
        "POST", "/disagree/comments", {}, b"text=x&package=../x&act=abuse-07", 422,
    ),
    "a comment without end": (
        "POST", "/disagree/comments", {}, b"act=abuse-08&text=" + b"x" * 3_000, 422,
    ),
    "an agency that is none": ("GET", "/disagree/screen?one=%3Cb%3E", {}, b"", 422),
    "a criterion that is none": ("GET", "/disagree/met?one=trade&criterion=x", {}, b"", 422),
    "a phase that is none": ("POST", "/phase", {}, b"name=x&kind=shut&act=abuse-09", 422),
    "a run that is none": ("POST", "/concur/none/determine", {}, b"text=x&act=abuse-10", 404),
    "a memo of a path": ("GET", "/concur/..%2f..%2fetc/memo.pdf", {}, b"", 404),
    "a draft of a key not set here": ("POST", "/weigh/effect", {}, weighed("round", '"/etc"'), 422),
    "a draft of no statement": (
        "POST", "/weigh/effect", {}, weighed("designation.exclude.P1", "0"), 422,
    ),
    "a note without end": (
        "POST", "/history/freeze", {}, b"version=0&act=abuse-05&because=" + b"x" * 600, 422,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ABUSE)
def test_what_is_sent_amiss_is_refused(
    served: TestClient, door: Door, table: Table, case: str
) -> None:
    method, path, headers, body, expected = ABUSE[case]
    before = table.session().version
    token = door.sessions.token(served.cookies["workbench"])
    given = {**ORIGIN, "x-workbench-token": token, **headers}
    raw = [(name, value.encode("latin-1")) for name, value in given.items()]
    found = served.request(method, path, headers=raw, content=body)
    assert found.status_code == expected, found.text
    assert HEADERS.items() <= found.headers.items()
    assert "Traceback" not in found.text
    assert "set-cookie" not in found.headers
    assert table.session().version == before


def test_who_asks_too_often_waits(table: Table) -> None:
    door = Door(frozenset({HOST}), ANN, bounds=Bounds(requests=3))
    client = TestClient(application(Setting(table, Path()), door).asgi, base_url=f"http://{HOST}")
    codes = [client.get("/decide").status_code for _ in range(5)]
    assert codes == [403, 403, 403, 429, 429]


def test_files_of_others_are_as_their_makers_published_them() -> None:
    for name, sha256 in VENDORED.items():
        assert hashlib.sha256((HOME / "static" / name).read_bytes()).hexdigest() == sha256
    assert {path.name for path in (HOME / "static").glob("*.min.js")} == set(VENDORED)
    assert len([*(HOME / "static").glob("*LICENSE*")]) == len(VENDORED)


EVALUATES = re.compile(r"hx-on|hx-trigger=.[^'\"]*\[|js:|javascript:|\son\w+=|\sstyle=|morph:\{")


def test_no_template_needs_eval_or_a_style_of_its_own() -> None:
    every = [*(HOME / "templates").glob("*.j2")]
    assert len(every) > 5
    for path in every:
        assert not EVALUATES.search(path.read_text()), path.name
    for planted in ('<a hx-on:click="x">', '<a hx-trigger="click[ctrlKey]">', "hx-vals='js:{}'"):
        assert EVALUATES.search(planted)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])  # noqa: S104
def test_nothing_listens_where_others_can_reach_it(host: str) -> None:
    told = CliRunner().invoke(main, ["serve", "scenarios/baseline.yaml", "--host", host])
    assert told.exit_code == 2
    assert "can be reached from other machines" in told.output
