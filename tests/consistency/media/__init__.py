"""What each medium of a run tells, read as anybody would read it."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.consistency.commands import Said
from tests.consistency.media.brief import Brief, read_brief
from tests.consistency.media.page import Page, read_page
from tests.consistency.media.terminal import Terminal, read_terminal
from tests.consistency.media.workbook import Sheet, read_workbook

__all__ = ["Brief", "Page", "Run", "Sheet", "Terminal"]


@dataclass
class Run:
    """One run on disk and what the command line printed of it; each medium is read once."""

    folder: Path
    said: dict[str, Said] = field(default_factory=dict)
    """By command: run, show, validate, `explain P01`."""

    @cached_property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text("utf-8"))
        return found

    @cached_property
    def tables(self) -> dict[str, list[dict[str, str]]]:
        return {one.stem: _csv(one) for one in sorted(self.folder.glob("*.csv"))}

    def by_package(self, table: str) -> dict[str, dict[str, str]]:
        return {row["package"]: row for row in self.tables.get(table, [])}

    @cached_property
    def page(self) -> Page:
        return read_page(self.folder / "report.html")

    @cached_property
    def brief(self) -> Brief | None:
        path = self.folder / "brief.pdf"
        return read_brief(path) if path.exists() else None

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        return read_workbook(self.folder / "results.xlsx")

    def terminal(self, command: str) -> Terminal | None:
        said = self.said.get(command)
        return None if said is None else read_terminal(said.out)


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
