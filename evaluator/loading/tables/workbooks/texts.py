"""The texts of a workbook: those that its sheets share, and what stands for letters in them."""

from __future__ import annotations

import re

from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.tables.workbooks.archive import Damaged, Depth, parser_of
from evaluator.loading.tables.workbooks.names import locals_of

_LETTER = re.compile("_x([0-9A-Fa-f]{4})_")
_HALF = re.compile("[\ud800-\udfff]")
_LOCAL = locals_of("si", "t", "rPh")


def plain(text: str) -> str:
    r"""Return a text with letters for their escapes, and lines that end as in XML.

    >>> plain("a_x000D_\nb"), plain("_x0041_"), plain("_x005F_x0041_")
    ('a\nb', 'A', '_x0041_')
    """
    if "_x" in text:
        text = _LETTER.sub(lambda found: chr(int(found[1], 16)), text)
        if _HALF.search(text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


class SharedTexts:
    """Takes in the part that holds the texts, in the order of their numbers."""

    def __init__(self, where: str, bounds: Bounds) -> None:
        self.texts: list[str] = []
        self.parser = parser_of(self)
        self._where, self._bounds = where, bounds
        self._depth = Depth()
        self._pieces: list[str] = []
        self._spoken = 0
        """How deep in what tells the sound of a text."""

    def start(self, name: str, _: object) -> None:
        """Enter an element."""
        self._depth.down()
        local = _LOCAL.get(name)
        if local == "t" and not self._spoken:
            self.parser.CharacterDataHandler = self._pieces.append
        elif local == "rPh":
            self._spoken += 1
        elif local == "si" and self._pieces:
            raise Damaged("a text within a text")

    def end(self, name: str) -> None:
        """Leave an element."""
        self._depth.up()
        local = _LOCAL.get(name)
        if local == "t":
            self.parser.CharacterDataHandler = None
        elif local == "rPh":
            self._spoken -= 1
        elif local == "si":
            self.texts.append(plain("".join(self._pieces)))
            self._pieces.clear()
            self._bounds.check("cells", len(self.texts), self._where, counted=False)
