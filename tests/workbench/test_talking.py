"""What is said at the table and on a frozen run: by whom, on what, and who sees it when."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from evaluator.errors import InvalidEntryError, UsageError
from evaluator.record.proof.verify import verify
from evaluator.workbench.access import Alone
from evaluator.workbench.app import application
from evaluator.workbench.desk import Setting
from evaluator.workbench.security import Bounds, Door
from evaluator.workbench.session import Act, Subject, Table, board_of, comment, share
from evaluator.workbench.session.phases import begin
from tests.workbench.conftest import ALIKE

Make = Callable[..., Act]
AGENCIES = ("trade", "energy")


HOST = "127.0.0.1:8750"


@pytest.fixture
def door() -> Door:
    return Door(frozenset({HOST}), Alone("Ann Smith", AGENCIES), bounds=Bounds(requests=10_000))


@pytest.fixture
def served(table: Table, door: Door) -> Iterator[TestClient]:
    setting = Setting(table, table.path.parents[2] / "runs", workers=1)
    with TestClient(application(setting, door).asgi, base_url=f"http://{HOST}") as client:
        client.get(f"/enter?key={door.key}")
        yield client


@pytest.fixture
def sent(served: TestClient, door: Door) -> Callable[..., Any]:
    def send(path: str, **fields: Any) -> Any:
        token = door.sessions.token(served.cookies["workbench"])
        headers = {"origin": f"http://{HOST}", "x-workbench-token": token}
        return served.post(path, data=fields, headers=headers)

    return send


def weights(table: Table, agency: str) -> dict[str, Any]:
    """Return a statement of an agency that weighs all its criteria alike."""
    (mine,) = (one for one in table.study.agencies if one.agency == agency)
    share_ = {f"{agency}.{one.id}": 1 / len(mine.criteria) for one in mine.criteria}
    told = {"method": "points", "out_of": 1, "confidence": "illustrative", "judgements": share_}
    return {f"agencies.{agency}.weights": told}


def test_what_is_said_stands_on_its_package_its_criterion_or_the_cell(table: Table) -> None:
    criterion = next(iter(table.study.criteria))
    on = (Subject(), Subject("P1"), Subject(criterion=criterion), Subject("P1", criterion))
    for place, one in enumerate(on):
        comment(table, f"comment-{place}", "A <b>word</b>.", one, "Ann Smith", "trade")
    comment(table, "comment-0", "A <b>word</b>.", on[0], "Ann Smith", "trade")  # once more
    board = board_of(table)
    assert [one.on for one in board.comments] == list(on)
    assert {(one.by, one.agency, one.text) for one in board.comments} == {
        ("Ann Smith", "trade", "A <b>word</b>.")
    }
    assert verify(table.ledger).whole


@pytest.mark.parametrize(
    ("text", "on", "id_"),
    [
        (" ", Subject(), "comment-1"),
        ("x" * 2_001, Subject(), "comment-1"),
        ("a\x1b[31m", Subject(), "comment-1"),
        ("a", Subject("P9"), "comment-1"),
        ("a", Subject("P1", "none"), "comment-1"),
        ("a", Subject(), "../../a"),
    ],
    ids=["nothing", "too-long", "control", "no-package", "no-criterion", "no-id"],
)
def test_what_cannot_be_said_is_refused(table: Table, text: str, on: Subject, id_: str) -> None:
    with pytest.raises((UsageError, InvalidEntryError)):
        comment(table, id_, text, on, "Ann Smith")
    assert board_of(table).comments == ()


def test_in_a_blind_phase_an_agency_sees_the_others_once_it_has_shared(
    table: Table, act: Make
) -> None:
    share(table, act(weights(table, "trade"), by="Tom"))
    comment(table, "comment-1", "Before.", Subject(), "Tom", "trade")
    begin(table, "phase-0001", "Alone first", "Cy", blind=True)
    before = board_of(table).session.values
    share(table, act({"agencies.trade.weights": None}, by="Tom", seen=9))
    share(table, act({"influence.shares": ALIKE}, by="Cy", seen=9))
    comment(table, "comment-2", "Within.", Subject(), "Tom", "trade")

    def seen(*mine: str) -> tuple[bool, list[str | None]]:
        board = board_of(table).seen_by(mine, AGENCIES)
        assert board.session.values["influence.shares"] == ALIKE  # of no agency: everybody's
        hides = "agencies.trade.weights" in board.session.values
        return hides, [one.text for one in board.comments]

    assert "agencies.trade.weights" in before
    assert seen("energy") == (True, ["Before."])
    for all_of_it in (("trade",), (), AGENCIES):
        assert seen(*all_of_it) == (False, ["Before.", "Within."])
    comment(table, "comment-3", "Ours.", Subject(), "Eve", "energy")
    assert seen("energy") == (False, ["Before.", "Within.", "Ours."])
    begin(table, "phase-0002", "Together", "Cy", blind=False)
    assert board_of(table).phase.blind is False


def test_the_three_screens_of_a_table(
    served: TestClient, sent: Callable[..., Any], table: Table
) -> None:
    for path in ("/disagree", "/disagree?one=trade&other=energy", "/ratings", "/concur"):
        assert served.get(path).status_code == 200
    assert "No run is frozen yet" in served.get("/concur").text
    sides = served.get("/disagree/sides?one=trade&other=energy")
    assert (sides.status_code, "Nobody" in sides.text) == (200, False)
    criterion = next(iter(table.study.criteria))
    assert served.get(f"/disagree/met?one=trade&criterion={criterion}").status_code == 200
    assert served.get("/disagree/screen?one=nobody").status_code == 422
    assert served.get("/ratings/screen").status_code == 200
    said = sent("/disagree/comments", text="Too <i>dear</i>.", package="P1", act="say-000001")
    assert "Too &lt;i&gt;dear&lt;/i&gt;." in said.text
    assert (
        sent("/disagree/comments", text="x", agency="nobody", act="say-000002").status_code == 403
    )
    assert sent("/phase", name="First", kind="blind", act="phase-0001").status_code == 200
    assert sent("/phase", name="First", kind="other", act="phase-0002").status_code == 422

    frozen = sent("/history/freeze", version="0", act="freeze-0001", because="For Monday.")
    (run,) = re.findall(r"/concur\?run=([0-9a-f]{64})", frozen.text)
    at = f"/concur/{run}"
    told = {"agency": "energy", "position": "concerns", "text": "Not now.", "act": "speak-0001"}
    once, again = sent(f"{at}/position", **told), sent(f"{at}/position", **told)
    assert (once.status_code, once.text) == (200, again.text)
    assert sent(f"{at}/position", **told | {"agency": "trade"}).status_code == 422
    assert sent(f"{at}/position", **told | {"agency": "none"}).status_code == 403
    assert sent(f"{at}/comment", on="P1", text="Late.", act="speak-0002").status_code == 200
    assert sent(f"{at}/determine", text="Selected.", act="speak-0003").status_code == 200
    assert (
        sent(f"{at}/de-designate", package="P1", because="Gone.", act="speak-0004").status_code
        == 200
    )
    text = served.get("/concur").text
    for one in (
        "Energy has concerns",
        "Not now.",
        "Late.",
        "Selected.",
        "De-designated: P1",
        "Gone.",
    ):
        assert one in text
    for ending, magic in (("pdf", b"%PDF"), ("docx", b"PK")):
        memo = served.get(f"{at}/memo.{ending}")
        assert memo.content.startswith(magic)
        assert "attachment" in memo.headers["content-disposition"]
    assert served.get(f"{at}/memo.exe").status_code == 404
    assert served.get("/concur?run=none").status_code == 404
    again = sent("/history/freeze", version="0", act="freeze-0002", because="Again.")
    assert run in again.text
    assert verify(table.ledger).whole


def test_a_draft_is_drawn_against_what_is_shared(sent: Callable[..., Any]) -> None:
    draft = [{"set": "designation.exclude.P3", "to": {}}]
    text = sent("/weigh/draws", settings=json.dumps(draft)).text
    assert "10,000 draws" in text
    row = text[text.index('scope="row"') :]
    assert row.index("P3") < row.index("99 %") < row.index("0 %", row.index("99 %") + 4)
    assert sent("/weigh/draws", settings="[]").status_code == 422


def test_numbers_are_told_to_this_machine_alone(table: Table, door: Door) -> None:
    setting = Setting(table, table.path.parents[2] / "runs", workers=1)
    app = application(setting, door).asgi
    with TestClient(app, f"http://{HOST}", client=("127.0.0.1", 1)) as client:
        text = client.get("/metrics").text
        told = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        assert told["workbench_workers"] == "1"
        assert float(told['workbench_resident_bytes{process="server"}']) > 1e6
        assert len({line.split()[2] for line in text.splitlines() if "# TYPE" in line}) == 7
        assert client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404
    with TestClient(app, f"http://{HOST}", client=("192.0.2.1", 1)) as client:
        assert client.get("/metrics").status_code == 404
