"""A foreign file of cells -> grids, by what it holds."""

from __future__ import annotations

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing.material import Source
from evaluator.importing.tables.grids.delimited import read_text
from evaluator.importing.tables.grids.grid import Found
from evaluator.importing.tables.grids.ods import read_ods
from evaluator.importing.tables.grids.xlsx import read_xlsx
from evaluator.loading.tables.kinds import ARCHIVE, no_archive

_ODS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_TEXTS = (b"\xff\xfe", b"\xfe\xff")


def read_cells(file: Source, encoding: str | None = None, delimiter: str | None = None) -> Found:
    """Read a workbook or a text table; encoding and delimiter are for the latter, as stated.

    Raises InvalidStudyError for what is neither, is protected or damaged, or crosses a bound.
    """
    key = f"cells {encoding} {delimiter}"
    if key not in file.kept:
        file.kept[key] = _read(file, encoding, delimiter)
    found: Found = file.kept[key]
    return found


def _read(file: Source, encoding: str | None, delimiter: str | None) -> Found:
    data = file.data
    if data.startswith(ARCHIVE):
        return read_ods(file) if _ODS in data[:200] else read_xlsx(file)
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise InvalidStudyError([Problem(file.name, "the file is empty.", "Check the path.")])
    wide = data.startswith(_TEXTS) or data[1:40:2].count(0) > 9 or data[:40:2].count(0) > 9
    if data.startswith(b"\xd0\xcf\x11\xe0") or (b"\0" in data[:4096] and not wide):
        raise InvalidStudyError([Problem(file.name, *no_archive(data))])
    return read_text(file, encoding, delimiter)
