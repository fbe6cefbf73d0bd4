"""Ways to alter one told thing in a copy of a run."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from openpyxl import load_workbook

from tests.consistency.case import Case
from tests.consistency.commands import Said

Alter = Callable[[Case], bool]
"""Alter the copy; False where the run has no such thing."""


def table(
    stem: str, edit: Callable[[list[str], list[list[str]], Case], bool]
) -> Callable[[Case], bool]:
    """Edit a table in its file."""

    def alter(case: Case) -> bool:
        path = case.run.folder / f"{stem}.csv"
        if not path.exists():
            return False
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = list(csv.reader(file))
        if not edit(head, rows, case):
            return False
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *rows])
        return True

    return alter


def cell(
    stem: str,
    column: str,
    change: Callable[[str], str | None],
    where: Callable[[dict[str, str]], bool] = lambda row: True,
) -> Callable[[Case], bool]:
    """Edit the first cell of a column for which `change` has another text."""

    def edit(head: list[str], rows: list[list[str]], case: Case) -> bool:
        places = [at for at, name in enumerate(head) if re.fullmatch(column, name)]
        for row in rows:
            facts = dict(zip(head, row, strict=True))
            for place in places[:1] if where(facts) else ():
                new = change(row[place])
                if new is not None and new != row[place]:
                    row[place] = new
                    return True
        return False

    return table(stem, edit)


def page(pattern: str, change: Callable[[re.Match[str]], str | None]) -> Callable[[Case], bool]:
    """Edit the first match of a pattern in the page for which `change` has another text."""

    def alter(case: Case) -> bool:
        return _first_match(case.run.folder / "report.html", pattern, change)

    return alter


def _first_match(path: Path, pattern: str, change: Callable[[re.Match[str]], str | None]) -> bool:
    text = path.read_text(encoding="utf-8")
    for match in re.finditer(pattern, text, re.DOTALL):
        new = change(match)
        if new is not None and new != match.group():
            path.write_text(text[: match.start()] + new + text[match.end() :], "utf-8")
            return True
    return False


def manifest(change: Callable[[dict[str, object]], bool]) -> Callable[[Case], bool]:
    """Edit the manifest."""

    def alter(case: Case) -> bool:
        path = case.run.folder / "manifest.json"
        data = json.loads(path.read_text("utf-8"))
        if not change(data):
            return False
        path.write_text(json.dumps(data), "utf-8")
        return True

    return alter


def said(command: str, change: Callable[[str], str | None]) -> Callable[[Case], bool]:
    """Edit what a command printed; `command` is how its name begins."""

    def alter(case: Case) -> bool:
        for name, said in case.run.said.items():
            if name.startswith(command) and not said.code:
                new = change(said.out)
                if new is not None and new != said.out:
                    case.run.said[name] = Said(said.code, new, said.err)
                    return True
        return False

    return alter


def brief(change: Callable[[str], str | None]) -> Callable[[Case], bool]:
    def alter(case: Case) -> bool:
        brief = case.run.brief
        new = change(brief.text) if brief else None
        if brief is None or new is None or new == brief.text:
            return False
        case.run.__dict__["brief"] = replace(brief, text=new)
        return True

    return alter


def sheet(title: str, head: str, change: Callable[[object], object]) -> Callable[[Case], bool]:
    def alter(case: Case) -> bool:
        path = case.run.folder / "results.xlsx"
        book = load_workbook(path)
        found = book[title] if title in book.sheetnames else None
        heads = [one.value for one in found[2]] if found else []
        if found is None or head not in heads:
            return False
        for row in found.iter_rows(min_row=3):
            cell = row[heads.index(head)]
            new = change(cell.value)
            if new is not None and new != cell.value:
                cell.value = new
                book.save(path)
                return True
        return False

    return alter


def larger(by: float) -> Callable[[str], str | None]:
    """Return a number that is so much larger."""
    return lambda text: repr(float(text) + by) if text and re.match(r"-?\d", text) else None


def digit(text: str) -> str:
    """Return a text whose last digit is another: a number that is rounded otherwise."""
    return re.sub(r"(\d)(\D*)$", lambda m: f"{(int(m.group(1)) + 1) % 10}{m.group(2)}", text)


def counted(match: re.Match[str]) -> str:
    return match.group().replace(match.group(1), str(int(match.group(1)) + 1), 1)


def second(alter: Alter) -> Alter:
    """Alter the second version of a study."""
    return lambda case: case.other is not None and alter(case.other)


def compared(pattern: str, change: Callable[[re.Match[str]], str | None]) -> Alter:
    """Edit the first match of a pattern in the page that compares two versions."""

    def alter(case: Case) -> bool:
        path = case.run.folder.parent / "compared.html"
        there = case.other is not None and path.exists()
        return there and _first_match(path, pattern, change)

    return alter
