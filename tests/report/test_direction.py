"""Texts from right to left are isolated; letters that a font lacks are set by another, or told."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from matplotlib.font_manager import fontManager
from playwright.sync_api import Page

from evaluator import Evaluation, evaluate, figures, load_study
from evaluator.cli import main
from evaluator.record import write_run
from evaluator.report import render
from evaluator.report.documents.heads import Source
from evaluator.report.documents.memo import memo
from evaluator.report.docx.document import docx as write_docx
from evaluator.report.formatting import fonts
from evaluator.report.formatting.direction import RIGHT_TO_LEFT, isolated, isolation
from evaluator.report.formatting.fonts import fonts_for
from evaluator.report.html.isolating import isolated_in
from evaluator.report.html.notebook import as_html
from evaluator.report.pdf.content import content
from tests.loading.breaking import BASE, ROUND, copy, edit
from tests.report.conftest import unfold
from tests.studies import study

HEBREW = "\u05e9\u05d9\u05e8\u05d5\u05ea (\u05e9\u05dc\u05d1 2) ABC \u05dc\u05de\u05e8!"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u0628\u0646\u062f\u0631"
MINISTRY = "\u05de\u05e9\u05e8\u05d3 (\u05d1) 7"
PROPOSER = "\u05e0\u05de\u05dc\u05d9 A-B \u05d9\u05dd 3 \u05d1\u05e2\u05f4\u05de"
CHINESE = "\u6e2f\u53e3 R&D <b>"
FIRST, LAST = "\u2068", "\u2069"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = copy(tmp_path_factory.mktemp("direction"))
    for old, new in (
        ("Clinic imaging service", HEBREW),
        ("Farm advisory service", PERSIAN),
        ("Port logistics platform", CHINESE),
    ):
        edit(found, f"{ROUND}/packages.csv", old, new)
    edit(found, "criteria/security.yaml", "name: Security agency", f"name: {MINISTRY}")
    entities = f"id,name,headquarters,government,small_business\nport,{PROPOSER},KEN,no,no\n"
    edit(found, f"{ROUND}/entities.csv", "*", entities)
    edit(
        found, f"{ROUND}/members.csv", "*", "package,entity,role,exposure_share\nP1,port,anchor,1\n"
    )
    return found


@pytest.fixture(scope="module")
def told(root: Path) -> Evaluation:
    return evaluate(load_study(root / BASE))


def test_each_name_on_the_page_stands_in_a_bdi(told: Evaluation) -> None:
    html = render(told).files["report.html"].decode()
    head, _, body = html.partition("<body")
    scripts = "".join(re.findall(r"<script.*?</script>", body, re.DOTALL))
    text = re.sub(r"<script.*?</script>", "", body, flags=re.DOTALL)
    bare = re.sub(r"<(?!/?bdi|span)[^>]*>", "<>", text)  # alternatives of images have them plain
    # where no element can stand: texts of drawings, choices of a list
    bare = re.sub(f"{FIRST}[^{LAST}]*{LAST}|&#x2068;.*?&#x2069;", "", bare)
    for name in (HEBREW, PERSIAN, MINISTRY, PROPOSER):
        assert bare.count(name) == bare.count(f"<bdi>{name}</bdi>") > 0
    for title in (HEBREW, PERSIAN):
        assert f"<span class=title><bdi>{title}</bdi></span>" in text
        assert f": <bdi>{title}</bdi>" in text or f", <bdi>{title}</bdi>" in text, "in a sentence"
    assert text.count("<bdi>") == text.count("</bdi>")
    assert not [tag for tag in re.findall(r"<[^>]*>", html) if "bdi" in tag and len(tag) > 6]
    assert "<bdi>" not in head + scripts
    assert "&lt;bdi" not in html


_PLACES = """(node, words) => words.map((word) => {
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), parts = [];
    let text = "", next;
    while ((next = walk.nextNode())) { parts.push([text.length, next]); text += next.data; }
    const at = (place) => {
        const [start, found] = parts.findLast(([start]) => start <= place);
        return [found, place - start];
    };
    const place = text.indexOf(word), range = document.createRange();
    range.setStart(...at(place));
    range.setEnd(...at(place + word.length - 1));
    const box = range.getBoundingClientRect();
    return [box.top, box.left];
})"""
"""Of words in a text, where each begins."""


@pytest.mark.browser
@pytest.mark.slow
def test_no_name_turns_its_neighbours_round(page: Page, told: Evaluation, tmp_path: Path) -> None:
    """What stands before a name, the name, and what stands behind it follow from left to right."""
    unfold(page)
    page.set_viewport_size({"width": 2400, "height": 900})
    path = tmp_path / "report.html"
    path.write_bytes(render(told).files["report.html"])
    page.goto(path.as_uri())

    def follow(where: str, *words: str) -> None:
        found = page.locator(where, has_text=words[0]).filter(visible=True).first
        places = found.evaluate(_PLACES, list(words))
        assert places == sorted(places), (where, places)

    first = HEBREW.split()[0]
    follow("#ranked tr", "P1", "ABC", first)
    follow(".bars tr", "ABC", first)
    follow(".legend li", "\u05d1", "\u05de\u05e9\u05e8\u05d3", "×")
    page.locator("#p-P1 > summary").click()
    follow("#f-P1", "Anchor", "A-B", PROPOSER.split()[0], "Host countries")
    # what a script says is plain text
    spoken = page.evaluate("(names) => names.map(alone)", [HEBREW, MINISTRY, CHINESE])
    assert spoken == [f"{FIRST}{HEBREW}{LAST}", f"{FIRST}{MINISTRY}{LAST}", CHINESE]


def test_a_fragment_of_a_notebook_isolates_as_well(told: Evaluation) -> None:
    assert f"<bdi>{HEBREW}</bdi>" in as_html(told)


def test_a_page_without_such_texts_is_as_it_was(hand: Evaluation) -> None:
    assert b"bdi" not in render(hand).files["report.html"]
    assert isolation(hand.study, "<", ">") is None


def titled(*titles: str) -> object:
    exclusions = tuple((title, "x") for title in titles)
    return study(exclusions=exclusions)


def test_what_is_isolated() -> None:
    one, other = "\u05d0\u05d1 ABC \u05d2", "\u05d0\u05d1 ABC \u05d2 12"
    isolate = isolation(titled(one, other), "<", ">")  # type: ignore[arg-type]
    assert isolate is not None
    assert isolate("plain") == "plain"
    assert isolate(one) == f"<{one}>"
    assert isolate(f"a {one}, {other}: b") == f"a <{one}>, <{other}>: b"
    assert isolate("cut \u05d0\u05d1, \u05d2\u2026") == "cut <\u05d0\u05d1, \u05d2>\u2026"
    assert isolated(f"7  P1  {HEBREW} x") == f"7  P1  {FIRST}{HEBREW}{LAST} x"


def test_tags_attributes_and_scripts_stay(told: Evaluation) -> None:
    html = f'<p title="{PERSIAN}">{PERSIAN}</p><script>"{PERSIAN}"</script><title>{PERSIAN}</title>'
    expected = html.replace(f">{PERSIAN}</p>", f"><bdi>{PERSIAN}</bdi></p>")
    assert isolated_in(told.study)(html) == expected


def test_the_brief_isolates_and_keeps_joiners(told: Evaluation) -> None:
    text = json.dumps(content(told), ensure_ascii=False)
    for title in (HEBREW, PERSIAN):
        assert text.count(title) == text.count(f"{FIRST}{title}{LAST}") > 1


def test_a_word_processor_is_told_of_each_such_name(told: Evaluation) -> None:
    """Isolated, in a run of its own that says that it is written from right to left."""
    word = docx.Document(io.BytesIO(write_docx(memo(told, Source("run", "ab" * 32)))))
    cells = [cell for table in word.tables for row in table.rows for cell in row.cells]
    paragraphs = [*word.paragraphs, *(one for cell in cells for one in cell.paragraphs)]
    runs = [run for paragraph in paragraphs for run in paragraph.runs]
    seen = {run.text for run in runs if run.font.rtl}
    assert seen == {f"{FIRST}{name}{LAST}" for name in (HEBREW, PERSIAN, MINISTRY)}
    others = "".join(run.text for run in runs if not run.font.rtl)
    assert not RIGHT_TO_LEFT.search(others)


def test_figures_isolate_and_take_fonts_that_have_the_letters(
    told: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = figures.contribution_figure(told)
    assert f"{FIRST}{HEBREW}{LAST}" in drawn.svg.decode()
    assert "Noto Of This Test" not in drawn.svg.decode()
    monkeypatch.setattr(fonts, "_of_system", lambda letters: (["Noto Of This Test"], []))
    assert "Noto Of This Test" in figures.contribution_figure(told).svg.decode()


def test_letters_that_the_own_font_lacks_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = "caf\u00e9 \u0416 \u03a9 \u05e9 \u0645\u06cc\u200c\u062e \u20ac \u2264 \u2028 \ue000"
    assert fonts_for([plain]).letters == ()
    monkeypatch.setattr(fontManager, "ttflist", [])
    found = fonts_for(["\u6e2f a", "\U0001f6a2\u6e2f"])
    assert (found.families, found.missing) == ((), ("\u6e2f", "\U0001f6a2"))


def test_letters_that_no_font_sets_are_a_note_of_the_run(
    told: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fontManager, "ttflist", [])
    folder = write_run(told, tmp_path)
    shown = CliRunner().invoke(main, ["show", str(folder)]).stdout
    note = "no font of this system sets \u53e3 (U+53E3 CJK UNIFIED IDEOGRAPH-53E3), \u6e2f (U+6E2F"
    assert f"Note: {note}" in " ".join(shown.split())
    codes = [one["code"] for one in json.loads((folder / "manifest.json").read_text())["notes"]]
    assert codes.count("letters_without_font") == 1
    monkeypatch.undo()
    monkeypatch.setattr(fonts, "_of_system", lambda letters: (["DejaVu Sans"], []))
    folder = write_run(told, tmp_path / "again")
    assert "letters_without_font" not in (folder / "manifest.json").read_text()
