"""What a document says, read from its bytes by means that the engine does not use."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from evaluator.model.proceedings import (
    Comment,
    Concurrence,
    Determination,
    Freeze,
    Proceedings,
)
from evaluator.results.evaluation import Evaluation
from tests.conftest import program

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OBJECTION = (
    'We object: #panic("x") *b* $x$ {{7*7}} {% if %} A & B <w:p> \\u202e.\n'
    "Second line, with  two blanks.\n\n=1+1 Жук عربي 中文"
)
"""A dissent that would be markup, a template or a formula elsewhere."""
NOTE = "Freeze for the July meeting"
RATIONALE = "The end user was never cleared by us"


def pdf_text(data: bytes) -> str:
    """Return the words of a PDF in the order of the file, with one blank between them."""
    found = subprocess.run(
        [program("pdftotext"), "-raw", "-", "-"], input=data, capture_output=True, check=True
    )
    return squeezed(found.stdout.decode())


def squeezed(text: str) -> str:
    return " ".join(text.split())


def joined(text: str) -> str:
    """Return a text without any white space: a line of a page breaks anywhere."""
    return re.sub(r"\s", "", text)


def _of(paragraph: ET.Element) -> str:
    marks = {f"{_W}br": "\n", f"{_W}tab": "\t"}
    return "".join(
        (one.text or "") if one.tag == f"{_W}t" else marks.get(one.tag, "")
        for one in paragraph.iter()
    )


def _body(data: bytes) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return ET.fromstring(file.read("word/document.xml"))  # noqa: S314  made by the test


def docx_rows(data: bytes) -> list[list[str]]:
    """Return the rows of all tables of a DOCX."""
    return [
        ["\n".join(map(_of, cell.iter(f"{_W}p"))) for cell in row.iter(f"{_W}tc")]
        for row in _body(data).iter(f"{_W}tr")
    ]


def docx_lines(data: bytes) -> list[str]:
    """Return every paragraph of a DOCX, those in cells too."""
    return [_of(paragraph) for paragraph in _body(data).iter(f"{_W}p")]


def children(data: bytes, name: str) -> list[list[str]]:
    """Return the names of what stands in every element of a name in a DOCX."""
    body = _body(data).iter(f"{_W}{name}")
    return [[one.tag.removeprefix(_W) for one in element] for element in body]


def parts(data: bytes) -> Iterator[zipfile.ZipInfo]:
    """Yield the parts of a DOCX."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        yield from file.infolist()


def proceedings_of(evaluation: Evaluation) -> Proceedings:
    """Return what could be on record of a run of five agencies: one word of each kind."""
    day = dt.datetime(2026, 7, 20, 9, 30, tzinfo=dt.UTC)
    designated = tuple(evaluation.designated)

    def said(agency: str, number: int, position: str, text: str | None) -> Concurrence:
        by = None if text is None else f"Person of {agency}"
        told = {"agency": agency, "position": position, "text": text, "by": by}
        return Concurrence.model_validate({"number": number, "at": day, **told})

    act = {"by": "Sec. Example", "at": day, "agency": "commerce"}
    return Proceedings(
        run="baseline",
        digest="ab" * 32,
        fingerprint=evaluation.study.fingerprint,
        entry=12,
        hash="cd" * 32,
        frozen=Freeze(number=13, by="Ann Smith", at=day, note=NOTE),
        concurrences=(
            said("state", 14, "concerns", "We have yet to hear the embassy."),
            said("defense", 15, "objects", OBJECTION),
            said("energy", 16, "concurs", None),
            said("state", 17, "concurs", "The embassy agrees."),
        ),
        comments=(Comment(number=18, by="Di Fox", at=day, about=designated[0], text="A comment"),),
        determinations=(
            Determination.model_validate(
                {"number": 19, "kind": "designates", "packages": designated, **act}
                | {"text": "Designated as put forward.", "because": ""}
            ),
            Determination.model_validate(
                {"number": 20, "kind": "de-designates", "packages": designated[-1:], **act}
                | {"text": "", "because": RATIONALE}
            ),
        ),
        checkpoint=f"evaluator-checkpoint 21 {'ef' * 32} 2026-07-20T16:00:00Z",
    )
