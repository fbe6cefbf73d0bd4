"""The memo says what the tables of its run say, in PDF and in DOCX, and what was said on record."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from evaluator import Override, ask, evaluate, load_study
from evaluator.errors import UsageError
from evaluator.record.runs.folder import csv_files
from evaluator.record.runs.tables import tables
from evaluator.report.documents.blocks import (
    Document,
    Paragraph,
    Quote,
    printable,
    without_font,
)
from evaluator.report.documents.heads import Source
from evaluator.report.documents.memo import memo
from evaluator.report.docx.document import docx
from evaluator.report.pdf.document import pdf
from evaluator.results.evaluation import Evaluation
from tests.conftest import BASELINE
from tests.programme import DISCLAIMER, STAMP
from tests.report.documents.texts import (
    OBJECTION,
    RATIONALE,
    children,
    docx_lines,
    docx_rows,
    joined,
    parts,
    pdf_text,
    proceedings_of,
    squeezed,
)
from tests.report.parted import PARTS, written
from tests.report.test_own_words import MARKING, STUDIES, foreign
from tests.report.test_parts import AT_ONCE, missing_words

OF = Source("baseline", "ab" * 32)
CHANGES = [
    Override("uncertainty.draws", "200", "Quick."),
    Override(
        "designation.exclude.SP26-04",
        '{because: "Asked to wait.", by: Ann Smith, date: 2026-07-10}',
        "A named decision.",
    ),
    Override(
        "designation.include.SP26-24",
        '{because: "Schools first.", by: Bo Lee, date: 2026-07-11}',
        "A named decision.",
    ),
]
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return ask(evaluate(load_study(BASELINE, CHANGES)))


@pytest.fixture(scope="module")
def document(evaluation: Evaluation) -> Document:
    return memo(evaluation, OF, proceedings_of(evaluation))


@pytest.fixture(scope="module")
def data(document: Document) -> dict[str, bytes]:
    return {"pdf": pdf(document), "docx": docx(document)}


@pytest.fixture(scope="module")
def files(evaluation: Evaluation) -> Mapping[str, Rows]:
    """The tables of the run as anyone reads them."""
    every = csv_files(tables(evaluation), evaluation.study)
    return {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
        for name, text in every.items()
    }


def latin(text: str) -> str:
    """Return the ASCII letters of a text alone: of others a page keeps no order of its own."""
    return "".join(letter for letter in joined(text) if letter.isascii())


def row_of(rows: list[list[str]], *words: str) -> list[str]:
    """Return the first row that begins with a cell and has another, word for word."""
    return next(row for row in rows if all(any(word in cell for cell in row) for word in words))


def test_every_package_that_is_in_stands_with_the_numbers_of_the_tables(
    files: Mapping[str, Rows], data: dict[str, bytes]
) -> None:
    rows, text = docx_rows(data["docx"]), pdf_text(data["pdf"])
    chosen = [row for row in files["ranking"] if row["designated"] == "True"]
    assert len(chosen) == 20
    given = Counter[str]()
    for row in files["allocation"]:
        given[row["package"]] += int(row["allocated"])
    for row in chosen:
        found = row_of(rows, f"({row['package']})", row["title"])
        low = min(float(row[c]) for c in row if c.startswith("score."))
        assert float(found[0]) == float(row["rank"])
        assert abs(float(found[2]) - float(row["overall"])) <= 0.05 + 1e-9
        assert abs(float(found[3].split()[-1]) - low) <= 0.05 + 1e-9
        assert abs(float(found[-1].replace(",", "")) - given[row["package"]] / 1e6) <= 0.05 + 1e-9
        assert joined("".join(found)) in joined(text), row["package"]


def test_every_amount_by_tool_and_its_sum(
    evaluation: Evaluation, files: Mapping[str, Rows], data: dict[str, bytes]
) -> None:
    rows, total = docx_rows(data["docx"]), 0
    for row in files["allocation"]:
        if int(row["allocated"]):
            label = evaluation.study.tools[row["tool"]].label
            amounts = [r[2] for r in rows if r[0] == label and r[1].endswith(f"({row['package']})")]
            near = [abs(float(a.replace(",", "")) - int(row["allocated"]) / 1e6) for a in amounts]
            assert min(near) <= 0.05 + 1e-9, row
            total += int(row["allocated"])
    assert f"In all ${total / 1e9:.2f} billion" in pdf_text(data["pdf"])


def test_requirements_have_their_source_and_every_failure_its_fact(
    files: Mapping[str, Rows], data: dict[str, bytes]
) -> None:
    rows, text = docx_rows(data["docx"]), joined(pdf_text(data["pdf"]))
    outcomes = Counter((row["requirement"], row["outcome"]) for row in files["gates"])
    for row in files["gates"]:
        counts = [
            str(outcomes[row["requirement"], x] or "–") for x in ("passed", "failed", "unknown")
        ]
        assert [row["label"], f"{row['citation']} ({row['confidence']})", *counts] in rows
        if row["outcome"] != "passed":
            found = row_of(rows, f"({row['package']})", row["label"])
            assert squeezed(row["reason"]) in squeezed(found[3])
            assert joined("".join(found)) in text


def test_notices_and_clocks_are_those_of_the_tables(
    files: Mapping[str, Rows], data: dict[str, bytes]
) -> None:
    rows = docx_rows(data["docx"])
    for limit in {row["limit"] for row in files["notices"]}:
        mine = [row for row in files["notices"] if row["limit"] == limit]
        found = row_of(rows, mine[0]["label"], mine[0]["citation"])
        packages = {one for row in mine for one in row["packages"].split("; ")}
        assert found[2] == str(len(packages))
        told = " ".join(found[4:])
        for row in files["clocks"]:
            if row["limit"] == limit and row["state"] == "known":
                alike = [x for x in files["clocks"] if x["limit"] == limit]
                alike = [x for x in alike if x["reading"] == row["reading"]]
                days = {x["due_by"] or x["not_before"] for x in alike}
                assert {min(days), max(days)} <= set(re.findall(r"\d{4}-\d\d-\d\d", told)), row
    assert any(row["limit"] == "exim.statement_to_congress" for row in files["notices"])


def test_weights_and_scores_by_agency(files: Mapping[str, Rows], data: dict[str, bytes]) -> None:
    rows = docx_rows(data["docx"])
    for row in files["agency_scores"]:
        told = [r for r in rows if r[0].endswith(f"({row['package']})") and len(r) == 7]
        for found in told:
            scores = sorted(float(row[c]) for c in row if c not in ("package", "title"))
            assert [float(x) for x in sorted(found[2:], key=float)] == pytest.approx(
                scores, abs=0.051
            )
    weights = [r for r in rows if len(r) == 4 and r[2].endswith(" %") and r[3].endswith(" %")]
    assert sum(float(r[3].split()[0]) for r in weights) == pytest.approx(100, abs=1.5)


def test_departures_say_who_made_them_and_what_a_named_decision_costs(
    data: dict[str, bytes],
) -> None:
    rows, lines = docx_rows(data["docx"]), docx_lines(data["docx"])
    assert row_of(rows, "(SP26-04)", "Passed over")[3:] == [
        "Ann Smith, 2026-07-10",
        "Asked to wait.",
    ]
    assert row_of(rows, "(SP26-24)", "by name")[3:] == ["Bo Lee, 2026-07-11", "Schools first."]
    told = [line for line in lines if "Ann Smith" in line and "Asked to wait" in line]
    assert any("cost" in line or "would" in line or "without it" in line for line in told)


def test_dissent_stands_word_for_word_and_line_for_line(data: dict[str, bytes]) -> None:
    quoted = [line for line in docx_lines(data["docx"]) if "We object" in line]
    plain = re.sub("[\u2068\u2069]", "", quoted[0])
    assert plain == OBJECTION
    assert latin(OBJECTION) in latin(pdf_text(data["pdf"]))
    text = squeezed("\n".join(docx_lines(data["docx"])))
    assert "Of 4 consulted: 2 concur, 1 objects, 1 not on record. Frozen by Ann Smith" in text
    assert "Objects. Person of defense, 2026-07-20 09:30 UTC, entry 15" in text
    assert "Has concerns. Person of state, 2026-07-20 09:30 UTC, entry 14; superseded" in text
    assert text.count("(taken out of the record, by right)") == 2
    assert RATIONALE in text


def test_without_a_record_there_are_blanks_and_it_says_so(evaluation: Evaluation) -> None:
    lines = docx_lines(docx(memo(evaluation, OF)))
    assert "This run is on no record, so none is known." in lines
    assert lines.count("☐ concurs   ☐ has concerns   ☐ objects") == 4
    assert not any("Checkpoint" in line for line in lines)


def test_both_media_say_the_same(document: Document, data: dict[str, bytes]) -> None:
    """Every paragraph and cell of the DOCX is on the page, page breaks apart."""
    text = joined(pdf_text(data["pdf"]))
    said = [joined(line) for line in docx_lines(data["docx"])]
    absent = [x for x in said if x and x not in text and not re.search("[\u0590-\u08ff]", x)]
    broken = [x for x in absent if x[:12] not in text or x[-12:] not in text]
    assert broken == []
    assert len(absent) <= text.count("Page"), "only what a page break parts"


def test_marked_dated_and_the_same_bytes(document: Document, data: dict[str, bytes]) -> None:
    assert pdf(document) == data["pdf"]
    assert docx(document) == data["docx"]
    assert {part.date_time for part in parts(data["docx"])} == {(2026, 7, 15, 0, 0, 0)}
    assert b"2026-07-15T00:00:00" in data["pdf"]
    assert b"<pdfuaid:part>1<" in data["pdf"]
    assert b"/StructTreeRoot" in data["pdf"]
    text = pdf_text(data["pdf"])
    assert text.count(STAMP) - text.count(DISCLAIMER) >= len(re.findall(r"Page \d+ of", text))
    assert f"Checkpoint evaluator-checkpoint 21 {'ef' * 32}" in re.sub(r"(?<=ef) (?=ef)", "", text)


def test_properties_stand_in_the_order_that_word_reads(data: dict[str, bytes]) -> None:
    """ISO/IEC 29500-1, CT_TblPr and CT_PPr: a sequence each."""
    orders = {
        "tblPr": ("tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"),
        "pPr": ("pStyle", "keepNext", "pBdr", "spacing", "jc"),
        "rPr": ("b", "bCs", "color", "sz", "szCs", "rtl"),
    }
    for name, order in orders.items():
        found = children(data["docx"], name)
        assert found
        for there in found:
            assert there == sorted(there, key=order.index), name


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_speaks_its_own_words(name: str) -> None:
    found = memo(ask(evaluate(load_study(STUDIES[name]))), OF)
    data, lines = pdf(found), docx_lines(docx(found))
    assert foreign(pdf_text(data)) == []
    assert foreign("\n".join(lines)) == []
    if name == "town":
        text = pdf_text(data)
        assert text.count(MARKING) == 2 * len(re.findall(r"Page \d+ of", text))
        assert "PLN" in text


@pytest.mark.parametrize("there", [*AT_ONCE, set(PARTS)], ids=lambda one: "+".join(sorted(one)))
def test_what_a_study_lacks_has_no_word(tmp_path: Path, there: set[str]) -> None:
    found = memo(ask(evaluate(load_study(written(tmp_path, there)))), OF)
    text = "\n".join(docx_lines(docx(found)))
    assert missing_words(there, "memo", text) == []
    assert pdf(found)


def test_letters_that_no_font_sets_are_told(document: Document) -> None:
    assert without_font(document) == ()
    odd = replace(document, blocks=(Paragraph("\U00010600"),))
    assert without_font(odd)[0].letters == ("\U00010600",)


def test_what_no_text_may_hold_is_a_blank(evaluation: Evaluation, document: Document) -> None:
    odd = replace(document, blocks=(Quote("a\u202eb\x07c\nd", "e\u2066f"),))
    lines = docx_lines(docx(printable(odd, evaluation.study)))
    assert lines[-2:] == ["e f", "a b c\nd"]


@pytest.mark.parametrize(("library", "make"), [("typst", pdf), ("docx", docx)])
def test_without_the_extra_it_is_named(
    document: Document, monkeypatch: pytest.MonkeyPatch, library: str, make: object
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert callable(make)
    with pytest.raises(UsageError, match=r"extra \[memo\]; `evaluator docs install`"):
        make(document)


@pytest.mark.office
def test_libreoffice_reads_it(soffice: str, data: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "memo.docx").write_bytes(data["docx"])
    home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = [soffice, home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path]
    subprocess.run([*command, tmp_path / "memo.docx"], check=True, capture_output=True)
    text = pdf_text((tmp_path / "memo.pdf").read_bytes())
    for word in ("Determination memorandum", DISCLAIMER, "Visayas Geothermal Compute (SP26-33)"):
        assert word in text
    assert text.count(f"{STAMP} baseline, study") == len(re.findall(r"Page \d+ of \d+", text))
