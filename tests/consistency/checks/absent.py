"""Where there is no allocation, nothing is told of it: no amount, no cost, no share, and no 0."""

from __future__ import annotations

from collections.abc import Iterator

from tests.consistency.case import Case
from tests.consistency.ledger import Ledger

KIND = "nothing of what is not there"
_UNTOLD = ("", "–", "None")


def check(case: Case, held: Ledger) -> None:
    """Hold every place where an amount would stand."""
    if case.exists:
        return
    for medium, what, told in (
        *_files(case),
        *_page(case),
        *_sheets(case),
        *_terminal(case),
    ):
        held.holds(KIND, medium, what, str(told) in _UNTOLD, told, "nothing")
    brief = case.run.brief
    if brief is not None:
        held.holds(KIND, "brief", "subsidy", "Subsidy cost" not in brief.text, "told", "nothing")
        held.holds(KIND, "brief", "out", "no support" not in brief.text, "told", "nothing")


def _files(case: Case) -> Iterator[tuple[str, str, object]]:
    told = case.run.manifest["allocation"]
    for name in ("objective", "bound", "gap", "subsidy_usd"):
        yield "manifest", name, told[name]
    for table, columns in (("allocation", ("allocated",)), ("limits", ("used", "slack", "missed"))):
        for row in case.run.tables.get(table, ()):
            for column in columns:
                yield f"{table}.csv", column, row[column]


def _page(case: Case) -> Iterator[tuple[str, str, object]]:
    page = case.run.page
    for head, figure, _ in page.decision:
        if head in ("What it buys", "What binds"):
            yield "page", head, figure
    matrix = page.tables.get("matrix")
    for row in matrix.rows if matrix else ():
        for head, cell in row.items():
            if head not in ("Package", "Asked"):
                yield "page", f"envelope {head}", cell.text
    for line in matrix.foot[:1] if matrix else ():
        yield from (("page", "envelope, proposed", text) for text in line[1 : 2 + len(case.tools)])
    countries = page.tables.get("countries")
    for row in countries.rows if countries else ():
        yield from (("page", f"countries {h}", row[h].text) for h in ("Proposed", "Met"))
    for package in case.study.packages:
        requests = page.tables.get(f"a-{package}")
        for row in requests.rows if requests else ():
            yield "page", f"requests of {package}", row["Proposed"].text


def _sheets(case: Case) -> Iterator[tuple[str, str, object]]:
    limits = case.run.sheets.get("Limits")
    for row in limits.rows if limits else ():
        yield from (("workbook", h, row[h]) for h in row if h.startswith(("Used", "Slack")))
    envelope = case.run.sheets.get("Envelope")
    for row in envelope.rows if envelope else ():
        if row["Package"] in case.study.packages:
            cells = list(row.values())[2 : 3 + len(case.tools)]
            yield from (("workbook", f"envelope {row['Package']}", cell) for cell in cells)


def _terminal(case: Case) -> Iterator[tuple[str, str, object]]:
    terminal = case.run.terminal("run")
    if terminal is None:
        return
    ranked = terminal.block("Ranked portfolio")
    for row in ranked.rows if ranked else ():
        yield from (("terminal", h, row[h]) for h in row if h.startswith("Proposed"))
    yield from (("terminal", "subsidy", line) for line in terminal.lines if "Subsidy cost" in line)
