"""The guides say what is so, and what they tell one to type does what they say."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import click
import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner, Result
from playwright.sync_api import sync_playwright

from evaluator.cli import main
from evaluator.guides import guides
from evaluator.loading.schemas import schemas
from evaluator.record.starter import write_starter
from tests.conftest import GUIDES
from tests.guides.steps import follow, steps

EVERY = guides(main)
FOLLOWED = (
    *("tutorial", "compare-weightings", "add-a-criterion", "add-a-limit", "what-if"),
    *("law-by-date", "late-package", "sweep", "record", "memo", "python", "import", "rank"),
    *("what-decides", "workbench"),
)
AXE = {"resultTypes": ["violations"]}


def docs(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["docs", *arguments])


def shims(folder: Path) -> str:
    """Return a path on which `evaluator` and `python` are those of the tests."""
    folder.mkdir()
    for name, command in (("evaluator", "-m evaluator"), ("python", "")):
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n')
        (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.slow
@pytest.mark.parametrize("name", FOLLOWED)
def test_what_a_guide_tells_to_type_does_what_it_says(name: str, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    if name != "tutorial":
        write_starter(work / "mine")
    assert follow(name, work, shims(tmp_path / "bin")) > 0


def test_every_guide_with_commands_is_followed() -> None:
    written = [path.stem for path in GUIDES.glob("*.md")]
    kinds = {name: {step.kind for step in steps(name)} for name in written}
    assert {name for name, seen in kinds.items() if seen & {"sh", "python"}} == set(FOLLOWED)
    assert set(written) == {name for name, guide in EVERY.items() if guide.path}


def keys(schema: Any) -> Iterator[str]:
    """Yield the keys of a schema and of its parts."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for part in schema.values():
            yield from keys(part)


def test_the_field_guides_name_every_key() -> None:
    text = EVERY["criteria"].text + EVERY["scenarios"].text + EVERY["import"].text
    code = " ".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
    words = set(re.findall(r"\w+", code))
    known = {key for schema in schemas().values() for key in keys(schema)}
    assert len(known) > 100
    assert known - words == set()


def test_the_reference_of_files_has_every_key_and_only_links_that_lead_somewhere() -> None:
    text = EVERY["study-files"].text
    assert {key for schema in schemas().values() for key in keys(schema)} - set(
        re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    ) == set()
    heads = {head.lower() for head in re.findall(r"^### (\w+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\(#(\w+)\)", text)) <= heads


def test_the_reference_of_commands_has_every_option() -> None:
    told = EVERY["commands"].text.split("\n## ")[1:]
    assert [part.partition("\n")[0] for part in told] == sorted(main.commands)
    for part in told:
        command = main.commands[part.partition("\n")[0]]
        inner = dict(command.commands) if isinstance(command, click.Group) else {}
        heads = re.findall(r"^### (.*)$", part, re.MULTILINE)
        assert heads == [f"{command.name} {name}" for name in sorted(inner)]
        sections = dict(
            zip(["", *sorted(inner)], re.split(r"^### ", part, flags=re.M), strict=True)
        )
        for name, one in {"": command, **inner}.items():
            options = [o for p in one.params for o in p.opts if o.startswith("--")]
            assert options or one.name in ("docs", "record")
            assert [option for option in options if f"`{option}" not in sections[name]] == []


def test_docs_lists_and_prints() -> None:
    listed = docs().stdout
    assert [line.split()[0] for line in listed.splitlines()[: len(EVERY)]] == list(EVERY)
    assert docs("criteria").stdout == EVERY["criteria"].text + "\n"
    assert json.loads(docs("criteria", "--json").stdout)["text"] == EVERY["criteria"].text
    told = json.loads(docs("--json").stdout)["guides"]
    assert [guide["name"] for guide in told] == list(EVERY)
    assert docs("--print").stdout == f"{GUIDES}\n"
    assert docs("criteria", "--print").stdout == f"{GUIDES / 'criteria.md'}\n"


def test_docs_tells_what_it_cannot_do(tmp_path: Path) -> None:
    for arguments, told in (
        (["critera"], "Did you mean 'criteria'?"),
        (["commands", "--print"], "'evaluator docs commands' prints it"),
        (["--html", str(tmp_path / "nowhere" / "page.html")], "cannot be written"),
    ):
        result = docs(*arguments)
        assert result.exit_code == 2
        assert told in result.stderr
    assert not list(tmp_path.iterdir())


class Links(HTMLParser):
    """Ids and links of a page, and whatever it would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            elif name == "href" and tag == "a":
                self.links.append(str(value))
            elif name in ("src", "href", "srcset"):
                self.loads.append(str(value))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "guides.html"
    assert docs("--html", str(file)).exit_code == 0
    return file


def test_the_page_holds_all_guides_and_its_links_lead_somewhere(page: Path) -> None:
    found = Links(page.read_text())
    assert set(EVERY) <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    inner = {link[1:] for link in found.links if link.startswith("#")}
    assert len(inner) > 50
    assert inner - set(found.ids) == set()
    assert [link for link in found.links if not link.startswith(("#", "https://"))] == []
    assert found.loads == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_axe_finds_no_violation_on_the_page(
    page: Path, chromium: str, width: int, scheme: Any
) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        sheet = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        sheet.goto(page.as_uri())
        found = Axe().run(sheet, options=AXE).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert sheet.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()
