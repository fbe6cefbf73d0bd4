"""XML -> elements with the lines on which they stand, within bounds and without entities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing.material import Place, Source
from evaluator.loading.tables.workbooks.archive import BROKEN, Depth, parser_of

_HEAD = 1_000
"""Bytes in which the root stands."""


@dataclass
class Element:
    """An element of XML, its name without that of its space."""

    name: str
    attributes: Mapping[str, str]
    file: str
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def __iter__(self) -> Iterator[Element]:
        return iter(self.children)

    def all(self, *names: str) -> list[Element]:
        """Return the children of some names."""
        return [child for child in self.children if child.name in names]

    def first(self, *path: str) -> Element | None:
        """Return the first element below on a path of names; None where there is none."""
        found: Element | None = self
        for name in path:
            found = next(iter(found.all(name)), None) if found is not None else None
        return found

    def below(self, *names: str) -> list[Element]:
        """Return every element below of some names, in the order of the file."""
        found: list[Element] = []
        for child in self.children:
            if child.name in names:
                found.append(child)
            found += child.below(*names)
        return found

    @property
    def words(self) -> str:
        """Its text without spaces around it."""
        return self.text.strip()

    def place(self, part: str) -> Place:
        """Return where it stands. part: the element of the root that it belongs to."""
        return Place(self.file, part, self.line, -1, lines=True)


class _Taking:
    """Takes in a file of XML."""

    def __init__(self, source: Source) -> None:
        self.parser = parser_of(self)
        self.parser.CharacterDataHandler = self._text
        self._source, self._depth = source, Depth()
        self._open: list[Element] = []
        self._count = 0
        self.root: Element | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        self._depth.down()
        self._count += 1
        self._source.bounds.check("cells", self._count, self._source.name, counted=False)
        line = self.parser.CurrentLineNumber
        own = Element(name.rpartition(" ")[2], dict(attributes), self._source.file, line)
        if self._open:
            self._open[-1].children.append(own)
        else:
            self.root = own
        self._open.append(own)

    def end(self, _: str) -> None:
        """Leave an element."""
        self._depth.up()
        self._open.pop()

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1].text += text


def read_xml(source: Source) -> Element:
    """Return the root of a file.

    Raises InvalidStudyError where it is no well-formed XML, declares entities, is nested too deep,
    or has more elements than cells are read.
    """
    taking = _Taking(source)
    try:
        taking.parser.Parse(source.data, True)
    except InvalidStudyError:
        raise
    except expat.ExpatError as error:
        fact = f"is no well-formed XML: {expat.ErrorString(error.code)}."
        where = f"{source.name} line {error.lineno}"
        raise InvalidStudyError([Problem(where, fact, "Mend it at this line.")]) from None
    except BROKEN:
        fact = "declares entities, or is nested too deep."
        remedy = "Remove the document type; write what it stands for."
        raise InvalidStudyError([Problem(source.name, fact, remedy)]) from None
    if taking.root is None:
        raise InvalidStudyError([Problem(source.name, "holds no XML.", "Check the file.")])
    return taking.root


def is_xmcda(source: Source) -> bool:
    """Return whether a file, or one of a folder, has the root of XMCDA."""
    return any(_begins(part.data) for part in source.parts or (source,))


def _begins(data: bytes) -> bool:
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:_HEAD]
    return head.startswith(b"<") and b"XMCDA" in head
