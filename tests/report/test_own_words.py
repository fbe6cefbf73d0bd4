"""Studies of a town, a hackathon and a ranking have words of their own, in every medium."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from evaluator import Override, ask, evaluate, load_study, read_run, write_run
from evaluator.cli import main
from evaluator.model.vocabulary import Currency, Vocabulary
from evaluator.questions.dated.law import law
from evaluator.questions.versions.comparison import compare
from evaluator.record import Run
from evaluator.report.figures import every_figure
from evaluator.report.formatting.words import words_of
from evaluator.report.html.comparison import comparison_page
from evaluator.report.html.law import law_page
from evaluator.report.html.notebook import as_html
from evaluator.report.terminal.comparison import as_text
from tests.report.markup import Markup
from tests.report.test_brief import in_reading_order
from tests.report.test_figures import note

CASES = Path(__file__).parents[1] / "cases"
STUDIES = {
    "town": CASES / "town" / "s" / "budget.yaml",
    "hackathon": CASES / "hackathon" / "s" / "jury.yaml",
    "university": CASES / "university" / "s" / "table.yaml",
}
MARKING = "Internal use of the town hall"
FOREIGN = re.compile(
    r"agenc(y|ies)|(?<![a-z])packages?(?![a-z])|(?<![a-z])tools?(?![a-z])|envelope|dollar"
    r"|(?<![a-z])(priority|institutions?|USD|referral|award)(?![a-z])|\$",
    re.IGNORECASE,
)
"""Words of another programme, within ids, keys and names of files as well."""
NAMES_OF_FILES = re.compile(r"\b(agency_views|agency_scores|packages)\.csv|\bscales\.\S+")
"""Files that a run or a study has, whatever its words: whoever opens them has to find them."""
SEEN = ("alt", "title", "placeholder", "aria-label", "aria-description", "summary")
"""Attributes that people see or hear."""


def foreign(text: str) -> list[str]:
    """Return what stands around the words of another programme."""
    plain = NAMES_OF_FILES.sub("", text)
    return [plain[max(0, m.start() - 50) : m.end() + 30] for m in FOREIGN.finditer(plain)]


def foreign_in_page(page: str) -> list[str]:
    """Return the same of all that a page shows or says: texts and attributes."""
    found = Markup(page)
    told = [value for _, own in found.tags for name, value in own.items() if name in SEEN and value]
    return foreign(found.text) + foreign("\n".join(told))


@pytest.fixture(scope="module", params=STUDIES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a full run of each study."""
    full = [Override("extent", "full", "All that is asked.")]
    evaluation = ask(evaluate(load_study(STUDIES[request.param], full)))
    return read_run(write_run(evaluation, tmp_path_factory.mktemp(request.param)))


@pytest.mark.slow
def test_no_page_has_words_of_another_programme(made: Run) -> None:
    assert foreign_in_page((made.folder / "report.html").read_text(encoding="utf-8")) == []
    assert foreign(in_reading_order((made.folder / "brief.pdf").read_bytes())) == []


def test_no_sheet_has_words_of_another_programme(made: Run) -> None:
    book = openpyxl.load_workbook(made.folder / "results.xlsx")
    assert foreign("\n".join(book.sheetnames)) == []
    for sheet in book:
        cells = [c for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
        # the last sheet has the names of columns in the files, formulas have $ before rows
        named = {c.column for c in cells if sheet.title == "Columns" and c.value == "Field"}
        told = [c.value for c in cells if c.data_type != "f" and c.column not in named]
        assert (sheet.title, foreign("\n".join(told))) == (sheet.title, [])


def test_no_line_of_the_terminal_has_words_of_another_programme(made: Run) -> None:
    runner, first = CliRunner(), made.study.packages[0].id
    for words in (["show"], ["explain"]):
        told = runner.invoke(main, [*words, str(made.folder), *([first] * (words == ["explain"]))])
        assert told.exit_code == 0, told.output
        lines = [x for x in told.output.splitlines() if not x.startswith(("Run ", "Digest"))]
        assert foreign("\n".join(lines)) == [], words


def test_a_town_is_checked_and_refused_in_its_own_words(tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["validate", str(STUDIES["town"])]).output
    assert "5 projects, 2 districts" in told
    run = write_run(evaluate(load_study(STUDIES["town"])), tmp_path)
    refused = CliRunner().invoke(main, ["explain", str(run), "Lighthouse"]).output
    assert "the run has no project 'Lighthouse'" in refused


def test_a_town_reads_its_own_words(tmp_path: Path) -> None:
    study = load_study(STUDIES["town"])
    run = read_run(write_run(evaluate(study), tmp_path))
    page = Markup((run.folder / "report.html").read_text(encoding="utf-8"))
    for said in (
        *("Lowest district", "Chosen", "Not chosen", "Who gets how much of which pot"),
        *("PLN 990,789", "PLN thousand", "Draft for the council", "The projects, one by one"),
    ):
        assert said in page.text, said
    shown = CliRunner().invoke(main, ["show", str(run.folder)]).output
    assert "Subsidy cost PLN 990,789" in shown
    assert "Scores by district" in shown


def test_a_marking_is_on_everything_but_the_tables(tmp_path: Path) -> None:
    evaluation = evaluate(load_study(STUDIES["town"]))
    run = read_run(write_run(evaluation, tmp_path))
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    assert Markup(page).text.count(MARKING) >= 2
    boxes = re.findall(r"@(top-center|bottom-center) \{[^}]*content: \"([^\"]*)\"", page)
    assert [place for place, text in boxes if text == MARKING] == ["top-center", "bottom-center"]
    book = openpyxl.load_workbook(io.BytesIO((run.folder / "results.xlsx").read_bytes()))
    assert all(MARKING in str(sheet["A1"].value) for sheet in book)
    assert all(MARKING in str(sheet.oddFooter.left.text) for sheet in book)
    text = in_reading_order((run.folder / "brief.pdf").read_bytes())
    assert text.count(MARKING) >= 4, "twice a page"
    shown = CliRunner().invoke(main, ["show", str(run.folder)]).output.splitlines()
    assert shown[0] == MARKING
    assert json.loads((run.folder / "manifest.json").read_text())["marking"] == MARKING
    assert MARKING in as_html(evaluation)
    tables = [path.read_text(encoding="utf-8") for path in run.folder.glob("*.csv")]
    assert not [table for table in tables if MARKING in table]
    figures, _ = every_figure(evaluation)
    assert figures
    assert all(MARKING in note(one) for one in figures)


def test_pages_of_questions_have_them_too() -> None:
    study = load_study(STUDIES["town"])
    other = load_study(STUDIES["town"], [Override("designation.max_packages", "2", "Fewer.")])
    less = [Override("institutions.town.tools.works.envelope.amount", "900000", "Less.")]
    compared = compare([evaluate(study), evaluate(load_study(STUDIES["town"], less))])
    for page in (
        law_page(law(study)),
        comparison_page(compare([evaluate(study), evaluate(other)])),
        comparison_page(compared),
    ):
        assert foreign_in_page(page.decode()) == []
        assert MARKING in Markup(page.decode()).text
    assert foreign(as_text(compared)) == []


def test_what_was_changed_is_told_without_the_keys_of_another_programme(tmp_path: Path) -> None:
    less = [Override("institutions.town.tools.works.envelope.amount", "900000", "Less.")]
    run = read_run(write_run(evaluate(load_study(STUDIES["town"], less)), tmp_path))
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    assert "Budget of Town hall: Works" in Markup(page).text
    assert foreign_in_page(page) == []
    assert "town.works.envelope" in (run.folder / "limits.csv").read_text()


def test_amounts_of_a_study_without_a_currency_are_bare() -> None:
    town = load_study(STUDIES["town"]).scenario
    bare = words_of(town.model_copy(update={"currency": None, "vocabulary": Vocabulary()}))
    assert bare.money.amount(990_789) == "990,789"
    assert bare.fill("{Packages}, {priority}; {an_agency}") == "Packages, designated; an agency"
    signed = town.model_copy(update={"currency": Currency(code="EUR", sign="€", name="euro")})
    assert words_of(signed).money.amount(2_500_000) == "€2.5 million"
    assert words_of(signed).money.units == "euro"
