"""Text tables -> a grid: encoding and delimiter as the file shows them, or as the map states."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import groupby

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing.material import Place, Source
from evaluator.importing.tables.grids.encodings import differing, readings
from evaluator.importing.tables.grids.grid import Cell, Found, Grid, Question
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.characters import refuse_odd_characters

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_STATED = "sep="
Rows = list[tuple[int, list[str]]]


def read_text(file: Source, encoding: str | None = None, delimiter: str | None = None) -> Found:
    """Read a text table.

    encoding, delimiter (a name of `DELIMITERS`): as the map states them; where it does not, as the
    file shows them, with a question where it can be read in two ways. Raises InvalidStudyError
    where no encoding fits, a quote does not end, or a bound is crossed.
    """
    questions: list[Question] = []
    encoding, text = _decoded(file, encoding, questions)
    refuse_odd_characters(text, file.name)
    lines = text.split("\n")
    skip = False
    if delimiter is None and lines[0].lower().startswith(_STATED):
        sign = lines[0].strip()[len(_STATED) :]
        delimiter = next((name for name, one in DELIMITERS.items() if one == sign), None)
        skip = delimiter is not None
    tried = DELIMITERS if delimiter is None else {delimiter: DELIMITERS[delimiter]}
    rows: dict[str, Rows] = {}
    broken: Problem | None = None
    for name, sign in tried.items():
        try:
            rows[name] = _rows(text, sign, file.name, file.bounds)
        except csv.Error as error:
            fact = f"is not valid CSV: {error}."
            broken = broken or Problem(file.name, fact, "Check its quotes.")
    if not rows:
        raise InvalidStudyError([broken] if broken else [])
    best = _steadiest(rows)
    if len(best) > 1:
        fact = f"the columns may be parted by {' or '.join(best)}: each gives rows of one width."
        questions.append(Question(file.name, ("delimiter",), fact, best))
    chosen = best[0]
    cells = dict(_cells(rows[chosen], file))
    stated = [cells.pop(at) for at in [*cells] if at[0] == 1] if skip else []
    grid = Grid(file.file, "", cells)
    return Found((grid,), encoding, chosen, tuple(questions), tuple(stated))


def _decoded(file: Source, stated: str | None, questions: list[Question]) -> tuple[str, str]:
    if stated is not None:
        try:
            return stated, file.data.decode(stated)
        except (UnicodeDecodeError, LookupError):
            fact = f"is not text in the encoding {stated}, which the map states."
            remedy = "State another, or leave it out."
            raise InvalidStudyError([Problem(file.name, fact, remedy)]) from None
    found = readings(file.data)
    if not found:
        fact = "is text in no encoding that is known here."
        raise InvalidStudyError([Problem(file.name, fact, "Save it as UTF-8.")])
    if len(found) > 1:
        names = [encoding for encoding, _ in found]
        words = differing([text for _, text in found])
        told = "; ".join(
            ", ".join(f"'{word}' in {name}" for name, word in zip(names, each, strict=True))
            for each in words
        )
        fact = f"is not UTF-8, and may be read in several encodings: {told}."
        questions.append(Question(file.name, ("encoding",), fact, names))
    return found[0]


def _rows(text: str, sign: str, name: str, bounds: Bounds) -> Rows:
    """Return rows that are not blank, with their lines; bounds hold as they come."""
    before = csv.field_size_limit(len(text) + 1)
    found: Rows = []
    line, count = 1, 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                bounds.check("columns", len(cells), f"{name} line {line}")
                count += len(cells)
                bounds.check("rows", len(found), name, counted=False)
                bounds.check("cells", count, name, counted=False)
                found.append((line, cells))
            line = reader.line_num + 1
    finally:
        csv.field_size_limit(before)
    return found


def _steadiest(rows: dict[str, Rows]) -> list[str]:
    """Return the delimiters under which most rows on end have one width above 1; all that tie."""
    runs = {name: _run([len(cells) for _, cells in found]) for name, found in rows.items()}
    most = max(runs.values())
    return [name for name, run in runs.items() if run == most][: None if most else 1]


def _run(widths: Sequence[int]) -> int:
    return max((len(list(run)) for width, run in groupby(widths) if width > 1), default=0)


def _cells(rows: Rows, file: Source) -> Iterator[tuple[tuple[int, int], Cell]]:
    for line, cells in rows:
        for column, text in enumerate(cells):
            if text.strip():
                place = Place(file.file, "", line, column)
                yield (line, column), Cell(place, text)
