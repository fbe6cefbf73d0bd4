"""Documents as DOCX: to be read, filled in and signed in any word processor."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evaluator.errors import UsageError
from evaluator.report.documents.blocks import (
    Blank,
    Block,
    Document,
    Facts,
    Heading,
    Listed,
    Paragraph,
    Quote,
    Table,
)
from evaluator.report.formatting.direction import RIGHT_TO_LEFT
from evaluator.report.formatting.palette import LIGHT
from evaluator.report.formatting.phrases import in_full

if TYPE_CHECKING:
    from docx.document import Document as Word

_INCHES, _HEADS = 6.7, 1.35
"""Width of what is set on a page, and of the heads of facts."""
_WHOLE = 1_500
"""Letters of a row that stays whole on a page: more could fill one."""
_NAVY, _MUTED, _WARN = (LIGHT[name][1:].upper() for name in ("navy", "muted", "bad"))
_ISOLATED = re.compile(
    "(\N{FIRST STRONG ISOLATE}[^\N{POP DIRECTIONAL ISOLATE}]*\N{POP DIRECTIONAL ISOLATE})"
)
_FONT = "Liberation Serif"
"""As wide as Times New Roman, which stands in for it where it is not there."""


def docx(document: Document) -> bytes:
    """Return a document as DOCX; the same document gives the same bytes.

    Every text is written as it stands: none is read as markup, field or template.
    Raises UsageError where python-docx is not installed.
    """
    try:
        import docx as library
    except ImportError:
        raise UsageError(
            f"{document.name}.docx is written by python-docx, which is not installed. Install the "
            "same wheel again with its extra [memo]; `evaluator docs install` says how."
        ) from None
    word = library.Document()
    _styles(word)
    _page(word, document)
    if document.programme:
        _line(word, document.programme, size=9, color=_MUTED)
    _paragraph(word, document.title, "Title")
    _paragraph(word, document.subject, "Subtitle")
    _line(word, f"As of {in_full(document.day)}.", size=9, color=_MUTED)
    if document.disclaimer:
        _line(word, document.disclaimer, bold=True, color=_NAVY)
    for block in document.blocks:
        _block(word, block)
    return _bytes(word, document)


def _block(word: Word, block: Block) -> None:
    """Set a block at the end of a document."""
    match block:
        case Heading():
            _paragraph(word, block.text, f"Heading {block.level}")
        case Paragraph(tone="note"):
            _line(word, block.text, size=9, color=_MUTED)
        case Paragraph(tone="warning"):
            _line(word, block.text, bold=True, color=_WARN)
        case Paragraph():
            _paragraph(word, block.text)
        case Listed():
            for item in block.items:
                _paragraph(word, item, "List Bullet")
        case Facts():
            _facts(word, block)
        case Table():
            _table(word, block)
        case Quote():
            _line(
                word, block.by, size=9, bold=True, color=_MUTED
            ).paragraph_format.keep_with_next = True
            _paragraph(word, block.text, "Quote")
        case Blank():
            _line(word, block.label, bold=True).paragraph_format.keep_with_next = True
            for place in range(block.lines):
                _ruled(word.add_paragraph(), keep=place + 1 < block.lines)


def _paragraph(word: Word, text: str, style: str = "Normal") -> None:
    """Add a paragraph in a style."""
    _run(word.add_paragraph(style=style), text)


def _line(
    word: Word, text: str, *, size: float | None = None, bold: bool = False, color: str = ""
) -> Any:
    """Add a paragraph of one look, and return it."""
    paragraph = word.add_paragraph()
    _run(paragraph, text, size=size, bold=bold, color=color)
    return paragraph


def _run(
    paragraph: Any, text: str, *, size: float | None = None, bold: bool = False, color: str = ""
) -> None:
    """Add a text to a paragraph; what is isolated in it and written from right to left is a run of
    its own that says so, since Word goes by that where it knows no isolates."""
    from docx.shared import Pt, RGBColor

    for part in filter(None, _ISOLATED.split(text)):
        run = paragraph.add_run(part)
        run.bold = run.font.cs_bold = bold or None
        run.font.rtl = bool(_ISOLATED.match(part) and RIGHT_TO_LEFT.search(part)) or None
        if size:
            run.font.size = Pt(size)
            _child(run._r.rPr, "w:szCs", before=_AFTER_SIZE, val=str(int(2 * size)))
        if color:
            run.font.color.rgb = RGBColor.from_string(color)


def _facts(word: Word, block: Facts) -> None:
    grid = _grid(word, len(block.rows), (_HEADS, _INCHES - _HEADS))
    for row, (head, told) in zip(grid.rows, block.rows, strict=True):
        _run(row.cells[0].paragraphs[0], head, bold=True, color=_NAVY)
        _run(row.cells[1].paragraphs[0], told)
    _after(word)


def _table(word: Word, block: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    every = sum(column.width for column in block.columns)
    widths = tuple(_INCHES * column.width / every for column in block.columns)
    grid = _grid(word, len(block.rows) + 1, widths)
    _repeated(grid.rows[0])
    rows = (tuple(column.head for column in block.columns), *block.rows)
    for place, (row, cells) in enumerate(zip(grid.rows, rows, strict=True)):
        if sum(map(len, cells)) < _WHOLE:
            _child(row._tr.get_or_add_trPr(), "w:cantSplit")
        strong = place == 0 or (block.total and place == len(block.rows))
        for cell, column, text in zip(row.cells, block.columns, cells, strict=True):
            paragraph = cell.paragraphs[0]
            _run(paragraph, text, size=8.5, bold=strong, color="" if place else _MUTED)
            if column.number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _after(word)


def _grid(word: Word, rows: int, widths: tuple[float, ...]) -> Any:
    """Return an empty table with columns of stated widths and a line under each row."""
    from docx.shared import Inches, Pt

    grid = word.add_table(rows, len(widths))
    grid.autofit = False
    borders = _child(grid._tbl.tblPr, "w:tblBorders", before=_AFTER_BORDERS)
    for side in ("w:bottom", "w:insideH"):
        _child(borders, side, val="single", sz="4", space="0", color="D9DEE5")
    margins = _child(grid._tbl.tblPr, "w:tblCellMar", before=_AFTER_BORDERS[2:])
    for side, twips in (("w:left", "40"), ("w:right", "90")):
        _child(margins, side, w=twips, type="dxa")
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Inches(width)
    for row in grid.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Inches(width)
            cell.paragraphs[0].paragraph_format.space_after = Pt(1)
    return grid


def _after(word: Word) -> None:
    """Part a table from what follows: two tables without a paragraph between become one."""
    from docx.shared import Pt

    shape = word.add_paragraph().paragraph_format
    shape.space_after, shape.line_spacing = Pt(0), Pt(6)


def _repeated(row: Any) -> None:
    """Have a row stand at the head of its table on every page."""
    _child(row._tr.get_or_add_trPr(), "w:tblHeader")


def _ruled(paragraph: Any, *, keep: bool) -> None:
    """Draw a line under a paragraph, to write on. keep: on one page with the next."""
    paragraph.paragraph_format.keep_with_next = keep
    borders = _child(paragraph._p.get_or_add_pPr(), "w:pBdr")
    for side in ("w:bottom", "w:between"):
        _child(borders, side, val="single", sz="4", space="1", color=_MUTED)


_AFTER_SIZE = ("w:highlight", "w:u", "w:vertAlign", "w:rtl", "w:cs", "w:lang")
"""What follows the size of letters from right to left among the properties of a run."""
_AFTER_BORDERS = ("w:shd", "w:tblLayout", "w:tblLook")
"""What follows borders among the properties of a table, and margins of cells: Word reads them in
the order of ISO/IEC 29500 (17.4.59) alone."""


def _child(parent: Any, name: str, before: Sequence[str] = (), **attributes: str) -> Any:
    """Add an element to another, at its end or before the first of some, and return it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    child = OxmlElement(name, {qn(f"w:{key}"): value for key, value in attributes.items()})
    names = {qn(one) for one in before}
    place = next((at for at, one in enumerate(parent) if one.tag in names), len(parent))
    parent.insert(place, child)
    return child


def _styles(word: Word) -> None:
    """Set one font for all, and the colours of heads."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    sizes = {"Normal": 10.5, "Title": 20, "Subtitle": 12, "Heading 1": 13.5, "Heading 2": 11}
    for name, size in sizes.items():
        style: Any = word.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(fonts.attrib):
            del fonts.attrib[key]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), _FONT)
        style.font.size = Pt(size)
        for old in style.element.rPr.findall(qn("w:szCs")):
            style.element.rPr.remove(old)
        _child(style.element.rPr, "w:szCs", before=_AFTER_SIZE, val=str(int(2 * size)))
        if name != "Normal":
            style.font.color.rgb = RGBColor.from_string(_NAVY)
    subtitle: Any = word.styles["Subtitle"]
    subtitle.font.italic = False
    normal: Any = word.styles["Normal"]
    normal.paragraph_format.space_after = Pt(6)


def _page(word: Word, document: Document) -> None:
    """Set margins, and what stands at the head and the foot of every page."""
    from docx.shared import Inches

    section = word.sections[0]
    section.left_margin = section.right_margin = Inches((8.5 - _INCHES) / 2)
    section.top_margin = section.bottom_margin = Inches(0.9)
    foot = section.footer.paragraphs[0]
    _run(foot, f"{document.stamp}\t" if document.stamp else "", size=8, bold=True, color=_NAVY)
    _run(foot, f"{document.reference}\tPage ", size=8, color=_MUTED)
    _field(foot, "PAGE")
    _run(foot, " of ", size=8, color=_MUTED)
    _field(foot, "NUMPAGES")
    if document.marking:
        for part in (section.header.paragraphs[0], section.footer.add_paragraph()):
            part.alignment = 1
            _run(part, document.marking, size=8, bold=True, color=_WARN)


def _field(paragraph: Any, code: str) -> None:
    """Add what a word processor works out itself."""
    run = _child(_child(paragraph._p, "w:fldSimple", instr=code), "w:r")
    shape = _child(run, "w:rPr")
    _child(shape, "w:color", val=_MUTED)
    _child(shape, "w:sz", val="16")
    _child(run, "w:t").text = "1"


def _bytes(word: Word, document: Document) -> bytes:
    """Return a document's bytes, in which every time is that of its run."""
    day = dt.datetime.combine(document.day, dt.time())
    about = word.core_properties
    about.title, about.subject = document.title, document.subject
    about.author = about.last_modified_by = document.programme
    about.comments = document.disclaimer
    about.created = about.modified = day
    about.revision = 1
    written, held = io.BytesIO(), io.BytesIO()
    word.save(written)
    moment = (max(day.year, 1980), day.month, day.day, 0, 0, 0)  # ZIP begins in 1980
    with zipfile.ZipFile(written) as read, zipfile.ZipFile(held, "w") as kept:
        for part in read.infolist():
            about_part = zipfile.ZipInfo(part.filename, moment)
            kept.writestr(about_part, read.read(part), zipfile.ZIP_DEFLATED)
    return held.getvalue()
