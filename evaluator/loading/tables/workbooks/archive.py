"""The archive that a workbook is, and its parts as XML, within bounds.

No part is unpacked whole, no entity is read, and what a part says of its own size is not believed.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterable
from typing import Any, NoReturn
from xml.parsers import expat

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.tables.kinds import PROTECTED

BROKEN = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    NotImplementedError,  # a compression that is not known
    OverflowError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What a damaged file makes its readers raise."""
_CHUNK = 1 << 16
_TOKEN = 1 << 20
"""Bytes of one tag or comment: the parser reads it anew with each chunk until it ends."""
_PARTS = 10_000
_DEPTH = 64
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1


class Damaged(ValueError):  # noqa: N818  not an error of the program
    """A file that no spreadsheet program would write."""


def parser_of(handler: Any) -> Any:
    """Return a parser of XML with the `start` and `end` of a handler, which refuses entities."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    return parser


def _refuse(*_: object) -> NoReturn:
    raise Damaged("declares entities")


class Depth:
    """How deep elements are nested: each that is open takes memory."""

    def __init__(self) -> None:
        self._deep = 0

    def down(self) -> None:
        """Enter an element."""
        self._deep += 1
        if self._deep > _DEPTH:
            raise Damaged("nested too deep")

    def up(self) -> None:
        """Leave an element."""
        self._deep -= 1


class Archive:
    """The parts of a workbook, of which no more is unpacked in all than is allowed."""

    def __init__(self, data: bytes, name: str, bounds: Bounds) -> None:
        if data.count(_ENTRY) > _PARTS:
            raise Damaged("too many parts")
        self._file = zipfile.ZipFile(io.BytesIO(data))
        self._name, self._bounds, self._unpacked = name, bounds, 0
        entries = self._file.infolist()
        self._entries = {entry.filename.lower(): entry for entry in entries}
        if len(self._entries) < len(entries):
            raise Damaged("two parts of one name")

    @property
    def parts(self) -> list[str]:
        """The names of all parts, in small letters."""
        return list(self._entries)

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._entries

    def claim(self, parts: Iterable[str]) -> None:
        """Raise InvalidStudyError where parts state that they unpack to more than is allowed."""
        stated = sum(self._entry(part).file_size for part in set(parts))
        self._bounds.check("unpacked_bytes", stated, self._name)

    def head(self, part: str) -> bytes:
        """Return the first bytes of a part; none where it is not there."""
        if part not in self:
            return b""
        with self._file.open(self._entry(part)) as file:
            return file.read(256)

    def feed(self, part: str, parser: Any) -> None:
        """Parse a part; what handlers raise is raised."""
        before = self._unpacked
        with self._file.open(self._entry(part)) as file:
            while chunk := file.read(_CHUNK):
                self._unpacked += len(chunk)
                self._bounds.check("unpacked_bytes", self._unpacked, self._name, counted=False)
                parser.Parse(chunk)
                if self._unpacked - before - parser.CurrentByteIndex > _TOKEN:
                    raise Damaged("a tag without end")
        parser.Parse(b"", True)

    def _entry(self, part: str) -> zipfile.ZipInfo:
        entry = self._entries.get(part.lower())
        if entry is None:
            raise Damaged(f"no part {part}")
        if entry.flag_bits & _ENCRYPTED:
            raise InvalidStudyError([Problem(self._name, *PROTECTED)])
        return entry


def beside(part: str, target: str) -> str:
    """Return the name of the part that another names.

    >>> beside("xl/workbook.xml", "worksheets/sheet1.xml"), beside("xl/workbook.xml", "/xl/a.xml")
    ('xl/worksheets/sheet1.xml', 'xl/a.xml')
    """
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
