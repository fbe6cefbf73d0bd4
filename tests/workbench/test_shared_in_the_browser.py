"""A shared workbench in browsers, with a real provider of another site and a real PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from evaluator.record.ledger import open_ledger
from evaluator.record.ledger.schema import ENTRIES
from evaluator.record.ledger.writing import read
from evaluator.record.proof.verify import verify
from tests.conftest import ROOT
from tests.server import Server
from tests.workbench.conftest import copied
from tests.workbench.shared import Shared, sharing, sign_in
from tests.workbench.test_in_the_browser import accessible, tables

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 300_000
AGENCIES = ("commerce", "defense", "energy", "ostp", "state")
EDITORS = {one: {"name": f"{one.title()} Person", "agencies": {one: "edit"}} for one in AGENCIES}
PEOPLE: dict[str, dict[str, Any]] = {
    **EDITORS,
    "decider": {"name": "Dee Cider", "roles": ["decider"]},
    "leader": {"name": "Lee Der", "roles": ["leadership"]},
}
FEW = """\
scenario: table
title: For the table
extends: baseline.yaml
changes:
- {set: uncertainty.draws, to: 200, because: Fewer draws are enough to try.}
"""


def opened(browser: Browser, address: str, name: str, held: ExitStack) -> Page:
    """Return the page of a person who has signed in, in a browser profile of their own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    held.callback(context.close)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    sign_in(page, address, name)
    return page


@pytest.fixture
def hand(tmp_path: Path, server: Server) -> Iterator[Shared]:
    copied(tmp_path)
    people = {"ann": {"name": "Ann Smith", "agencies": {"trade": "edit"}}}
    scenario = "study/scenarios/baseline.yaml"
    with sharing(tmp_path, scenario, server.database(), people) as found:
        yield found


def test_signing_in_twenty_times_over(hand: Shared, browser: Browser) -> None:
    seen = set()
    for _ in range(20):
        with ExitStack() as held:
            page = opened(browser, hand.address, "ann", held)
            page.wait_for_url("**/decide")
            cookies = page.context.cookies(hand.address)
            (mine,) = [one for one in cookies if one["name"].startswith("workbench-")]
            assert (mine["httpOnly"], mine["sameSite"]) == (True, "Lax")
            seen.add(mine["value"])
    assert len(seen) == 20
    with ExitStack() as held:
        page = opened(browser, hand.address, "ann", held)
        page.wait_for_url("**/decide")
        (hand.folder / "roles.yaml").write_text(json.dumps({"people": {}}))
        page.goto(f"{hand.address}/history")  # the session is there, the role is not
        link = page.get_by_role("link", name="Sign in")
        expect(link).to_be_visible(timeout=PATIENCE)
        accessible(page)
        link.click()  # the provider knows who it is
        expect(page.get_by_text("have no role")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text("ann", exact=True)).to_be_visible(timeout=PATIENCE)
    secrets = {*seen, (hand.folder / "secret").read_text()}
    log = hand.log.read_text()
    assert not any(one in log for one in (*secrets, "code=", "state="))
    events = [line["event"] for line in hand.logged()]
    assert events.count("sign-in") == 21
    assert events.count("sign-in refused") == 1


def weighed(page: Page, place: int) -> None:
    """Weigh one's own agency otherwise, see what it does, and say why."""
    field = page.locator(f"#w-{place}-0")
    page.locator("#weights-form details", has=field).locator("summary").first.click()
    field.fill(str(round(float(field.input_value())) + 20))
    expect(page.locator("#solving")).to_contain_text("Solved", timeout=PATIENCE)
    page.fill("#share-form [name=because]", "It weighs more than we said.")


def shown(page: Page) -> int:
    """Return the version that a page shows."""
    return int(page.locator("[data-version]").first.get_attribute("data-version") or 0)


def changed(page: Page, before: int) -> int:
    """Wait until a page shows another version than before; return it."""
    stands = expect(page.locator("[data-version]").first)
    stands.not_to_have_attribute("data-version", str(before), timeout=PATIENCE)
    return shown(page)


def spoken(page: Page, position: str, words: str) -> None:
    """State the position of one's agency on the frozen run."""
    form = page.locator("form", has=page.locator("[name=position]"))
    form.locator("[name=position]").select_option(position)
    form.locator("[name=text]").fill(words)
    form.get_by_role("button").click()
    expect(page.locator(".positions")).to_contain_text(words, timeout=PATIENCE)


def test_five_agencies_and_a_decider_come_from_draft_weights_to_a_memo(
    tmp_path: Path, server: Server, browser: Browser
) -> None:
    study = tmp_path / "study"
    for name in ("criteria", "scenarios"):
        shutil.copytree(ROOT / name, study / name)
    (study / "scenarios" / "table.yaml").write_text(FEW)
    record = server.database()
    with ExitStack() as held:
        at = held.enter_context(sharing(tmp_path, "study/scenarios/table.yaml", record, PEOPLE))
        another = browser.browser_type.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        held.callback(another.close)
        leader = opened(another, at.address, "leader", held)  # looks on from a browser of its own
        leader.wait_for_url("**/decide")
        version = shown(leader)
        seen: dict[int, dt.datetime] = {}
        pages = {}
        for place, agency in enumerate(AGENCIES):
            page = pages[agency] = opened(browser, at.address, agency, held)
            page.goto(f"{at.address}/weigh")
            weighed(page, place)
            page.click("#share-form button")
            version = changed(leader, version)
            seen[version] = dt.datetime.now(dt.UTC)

        decider = opened(browser, at.address, "decider", held)
        decider.wait_for_url("**/decide")
        decider.locator("[name=package]").select_option(index=0)
        decider.locator("[name=choice]").select_option("exclude")
        expect(decider.locator("#effect")).to_contain_text("Leave", timeout=PATIENCE)
        decider.fill("#decide-form [name=because]", "Its host has not agreed.")
        decider.click("#decide-form button")
        version = changed(leader, version)
        named = expect(leader.locator("#decision"))
        named.to_contain_text("Its host has not agreed", timeout=PATIENCE)
        assert leader.locator("#decide-form").count() == 0

        decider.goto(f"{at.address}/history")
        decider.click("text=Freeze as a run")
        expect(decider.locator(".runs")).to_contain_text(f"Version {version}", timeout=2 * PATIENCE)
        (frozen,) = [one for one in (tmp_path / "runs").iterdir() if one.is_dir()]

        words = {"defense": "objects", "energy": "concerns", "ostp": "concurs", "state": "concurs"}
        for agency, position in words.items():
            pages[agency].goto(f"{at.address}/concur")
            spoken(pages[agency], position, f"So says {agency}.")
        decider.goto(f"{at.address}/concur")
        decider.fill("#determine-form [name=text]", "Designated after all were heard.")
        decider.click("#determine-form button")
        determined = expect(decider.locator("#determination-h"))
        determined.to_contain_text("has determined", timeout=PATIENCE)

        leader.goto(f"{at.address}/concur")
        with leader.expect_download() as taken:
            leader.click("text=Memo, PDF")
        told = subprocess.run(
            ["pdftotext", taken.value.path(), "-"], capture_output=True, text=True, check=True
        ).stdout
        for text in ("So says defense.", "Designated after all were heard.", "Dee Cider"):
            assert text in " ".join(told.split())
        leader.goto(f"{at.address}/history")
        with leader.expect_download() as taken:
            leader.click("a[download]")
        file = study / "scenarios" / taken.value.suggested_filename
        shutil.copy(taken.value.path(), file)
        assert {400, 401, 403, 409, 500}.isdisjoint(
            one["status"] for one in at.logged() if one.get("path", "/") != "/"
        )

    again = subprocess.run(
        [sys.executable, "-m", "evaluator", "run", file, "--out", "again"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    (made,) = (tmp_path / "again").iterdir()
    assert made.name == frozen.name
    assert tables(made) == tables(frozen)
    ledger = open_ledger(record)
    assert not verify(ledger).faults
    with ledger.reading() as connection:
        said = read(connection, ENTRIES.c.kind.in_(("concurrence", "determination")))
        came = read(connection, ENTRIES.c.kind == "sign-in")
        shares = read(connection, ENTRIES.c.kind == "change", ENTRIES.c.number.in_(seen))
    lags = (seen[one.number] - dt.datetime.fromisoformat(one.at) for one in shares)
    waits = [one.total_seconds() for one in lags]
    print("seconds from an entry until leadership saw it:", [round(one, 2) for one in waits])
    assert len(waits) == len(AGENCIES)
    assert [one.by for one in said] == [*(PEOPLE[one]["name"] for one in words), "Dee Cider"]
    assert len(came) == 7
    ledger.close()
