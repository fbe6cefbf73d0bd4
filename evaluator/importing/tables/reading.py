"""Workbooks and text tables of any form -> what a study takes of them, by a map or a proposal."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing.material import Imported, Left, Note, Place, Source, Taken
from evaluator.importing.tables.criteria import documents, new_destination
from evaluator.importing.tables.destination import Destination
from evaluator.importing.tables.grids.files import read_cells
from evaluator.importing.tables.grids.grid import Found, Question
from evaluator.importing.tables.map_text import as_yaml
from evaluator.importing.tables.proposal import answered, propose
from evaluator.importing.tables.taking import Harvest, take
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.located import Node, read_yaml
from evaluator.loading.documents.validation import validate
from evaluator.model.import_map import ImportMap
from evaluator.sanitize import shortened

_NO_TABLE = (
    "holds no table: no row names columns, with rows of as many cells below.",
    "Check the path; or write a map that says where the head is.",
)


@dataclass(frozen=True)
class Proposed:
    """A map to be mended, as something of it is not sure; nothing is imported."""

    text: str
    """YAML."""
    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]
    """What is wrong with cells, whatever is answered."""


def read_map(path: Path, bounds: Bounds) -> tuple[ImportMap, Node]:
    """Read a map and where its keys stand. Raises InvalidStudyError with all its faults."""
    node = read_yaml(path, str(path), bounds)
    problems: list[Problem] = []
    mapped = validate(ImportMap, node, problems)
    if mapped is None:
        raise InvalidStudyError(problems)
    return mapped, node


def read_tables(file: Source, there: Destination, day: dt.date) -> Imported | Proposed:
    """Read a file as it suggests; a map to be mended where that is not sure.

    there: the study that is filled. day: that of a study that is made.

    Raises InvalidStudyError with all faults at once, each at its cell.
    """
    found = read_cells(file)
    proposal = propose(found, there, file.file, day)
    if proposal is None:
        raise InvalidStudyError([Problem(file.name, *_NO_TABLE)])
    mapped = proposal.mapped
    harvest = take(mapped, found.grids, new_destination(mapped) if there.new else there)
    proposal = answered(proposal, harvest.questions, harvest.settled)
    if proposal.questions:
        text = as_yaml(proposal.mapped, proposal.questions)
        problems = tuple(dict.fromkeys(harvest.problems))
        return Proposed(text, tuple(proposal.questions), problems)
    return _imported(file, found, proposal.mapped, harvest)


def read_mapped(file: Source, there: Destination, mapped: ImportMap, node: Node) -> Imported:
    """Read a file by a map. node: where the keys of the map stand.

    Raises InvalidStudyError with all faults at once, each at its cell, or at the line of the map.
    """
    problems = list(_beside_itself(mapped, there, node))
    found = read_cells(file, mapped.encoding, mapped.delimiter)
    harvest = take(mapped, found.grids, new_destination(mapped) if there.new else there)
    for one in (*found.questions, *harvest.questions):
        remedy = f"State {one.key[-1]} in the map: {' or '.join(one.options)}."
        at = node.nearest(one.key[:-1]).where
        problems.append(Problem(one.where, one.fact, f"{remedy[:-1]} ({at})."))
    problems += [_in_map(one, node) for one in harvest.problems]
    if problems:
        raise InvalidStudyError(dict.fromkeys(problems))
    return _imported(file, found, mapped, harvest)


def _beside_itself(mapped: ImportMap, there: Destination, node: Node) -> Iterable[Problem]:
    """Yield what a map lacks for the study that it is to make or to fill."""
    if there.new and mapped.study is None:
        yield Problem(node.where, "the key 'study' is missing.", "Add id, title and as_of.")
    if not there.new and (mapped.study is not None or mapped.criteria):
        fact = "states a study of its own, and the one that is to be filled is there."
        yield Problem(node.where, fact, "Remove study and criteria, or import into a new folder.")
    pairs = Counter((one.base, one.quote) for one in mapped.rates or ())
    for index, rate in enumerate(mapped.rates or ()):
        where = f"{node.nearest(('rates', index)).where}, {rate.base}"
        if pairs[rate.base, rate.quote] > 1:
            fact = f"the rate of {rate.base} in {rate.quote} stands there more than once."
            yield Problem(where, fact, "Keep one.")
        if rate.base == rate.quote:
            yield Problem(where, "base and quote are the same currency.", "Remove the rate.")
    for index, one in enumerate(mapped.criteria):
        where = f"{node.nearest(('criteria', index)).where}, {one.id}"
        if one.levels:
            continue
        if one.direction is None:
            yield Problem(where, "direction is not stated.", "State higher or lower.")
        if one.low is None or one.high is None or one.low == one.high:
            fact = "low and high are not two numbers."
            yield Problem(where, fact, "State what counts 0 and what counts 100.")


def _in_map(problem: Problem, node: Node) -> Problem:
    """Return a fault of the map with the file that it stands in."""
    if problem.where.startswith("sheets, "):
        return Problem(f"{node.file}, {problem.where}", problem.fact, problem.remedy)
    return problem


def _imported(file: Source, found: Found, mapped: ImportMap, harvest: Harvest) -> Imported:
    if harvest.problems:
        raise InvalidStudyError(dict.fromkeys(harvest.problems))
    notes: list[Note] = []
    if found.encoding and found.encoding not in ("utf-8", "utf-8-sig"):
        notes.append(Note("encoding", file.name, {"encoding": found.encoding}))
    for sheet in harvest.settled:
        for column in sheet.columns:
            if column.to:
                told = {"column": column.column, "head": column.head, "to": column.to}
                where = f"{file.name} sheet {sheet.sheet}" if sheet.sheet else file.name
                notes.append(Note("column_taken", where, told))
    if mapped.criteria:
        names = tuple(one.id for one in mapped.criteria if not one.levels)
        notes.append(Note("ranges_of_table", file.name, {"criteria": names}))
    for rate, count in harvest.converted.items():
        cited = {"title": rate.citation.title, "confidence": rate.citation.confidence}
        converted = {**rate.model_dump(exclude={"citation"}), **cited, "cells": count}
        notes.append(Note("amounts_converted", file.name, converted))
    for cell in found.stated:
        harvest.leave(cell, "format")
    order = {grid.name: number for number, grid in enumerate(found.grids)}

    def at(place: Place) -> tuple[int, int, int]:
        return order.get(place.sheet, -1), place.row, place.column

    places = sorted(harvest.record, key=at)
    record: Sequence[Taken | Left] = [one for place in places for one in harvest.record[place]]
    tables = {table: tuple(rows) for table, rows in harvest.tables.items()}
    return Imported(
        tables, documents(mapped, shortened(file.file)), record, [*notes, *harvest.notes]
    )
