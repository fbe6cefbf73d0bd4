"""A shared workbench in browsers, with a real provider of another site and a real PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.server import Server
from tests.workbench.conftest import copied
from tests.workbench.shared import Shared, sharing, sign_in
from tests.workbench.test_in_the_browser import accessible

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 300_000


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
