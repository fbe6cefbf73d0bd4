"""What is told of a version against another: since the last one, and in a comparison."""

from __future__ import annotations

import json
from typing import Any

from tests.consistency.case import Case
from tests.consistency.ledger import Ledger
from tests.consistency.media.page import read_page
from tests.consistency.rounding import amount, unit


def check(case: Case, held: Ledger) -> None:
    """Hold tables, page and sentences of the second version of a study to both recomputations."""
    if case.other is None:
        return
    _packages(case, case.other, held)
    _tools(case, case.other, held)
    _keys(case, case.other, held)
    _since_page(case, case.other, held)
    _compared(case, case.other, held)
    _compared_page(case, case.other, held)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _packages(before: Case, after: Case, held: Ledger) -> None:
    rows = {row["package"]: row for row in after.run.tables.get("since", ())}
    held.same("what changed since", "since.csv", "packages", sorted(rows), sorted(after.titles))
    for package, row in rows.items():
        for when, side in (("before", before), ("after", after)):
            what = f"{package} {when}"
            rank, inside = side.right.rank.get(package), package in side.right.designated
            given = side.given[package] if side.exists else None
            for name, right in (("rank", rank), ("priority", inside), ("usd", given)):
                told = row.get(f"{name}_{when}", "")
                held.same("what changed since", "since.csv", f"{what} {name}", told, _cell(right))
            told, right = row[f"overall_{when}"], side.right.overall[package]
            held.near("what changed since", "since.csv", f"{what} overall", told, right)


def _by_tool(case: Case) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {tool: {} for tool in case.tools}
    for (package, tool), usd in case.amounts.items():
        found[tool][package] = usd
    return found


def _moves(before: Case, after: Case) -> dict[str, tuple[int, int, int, int]]:
    """Return by tool what it gave, gives, the difference, and what changes hands."""
    found, then, now = {}, _by_tool(before), _by_tool(after)
    for tool in then:
        gone = [now[tool].get(p, 0) - then[tool].get(p, 0) for p in before.titles]
        more, less = sum(x for x in gone if x > 0), -sum(x for x in gone if x < 0)
        sums = sum(then[tool].values()), sum(now[tool].values())
        found[tool] = (*sums, sums[1] - sums[0], max(more, less))
    return found


def _tools(before: Case, after: Case, held: Ledger) -> None:
    right = _moves(before, after)
    for row in after.run.tables.get("since_tools", ()):
        told = tuple(int(row[name]) for name in ("before", "after", "net", "moved"))
        held.same(
            *("what changed since, by tool", "since_tools.csv", row["tool"]),
            *(told, right[row["tool"]]),
        )


def _keys(before: Case, after: Case, held: Ledger) -> None:
    """What was changed: each key that differs, with what stands in either version."""
    rows = after.run.tables.get("since_changes", ())
    wanted = {
        key
        for key in map(str, (one["set"] for one in after.study.changes))
        if _at(before.study.scenario, key) != _at(after.study.scenario, key)
    }
    said = [row["key"] for row in rows]
    kind, medium = "keys changed since", "since_changes.csv"
    fits = all(any(f"{key}.".startswith(f"{name}.") for name in said) for key in wanted)
    held.holds(kind, medium, "keys", fits, said, sorted(wanted))
    for row in rows:
        for side, cell in ((before, row["old"]), (after, row["new"])):
            right = _at(side.study.scenario, row["key"])
            told = json.loads(cell) if cell else None
            held.holds(kind, medium, row["key"], _within(right, told), told, right)


def _at(node: Any, key: str) -> Any:
    for step in key.split("."):
        node = node.get(step) if isinstance(node, dict) else None
    return node


def _within(stated: Any, told: Any) -> bool:
    """Whether what a file states is what is told; what it leaves out may be filled in."""
    if isinstance(stated, dict) and isinstance(told, dict):
        return all(_within(value, told.get(name)) for name, value in stated.items())
    return bool(stated == told)


def _others(before: Case, after: Case) -> dict[str, tuple[int, int]]:
    """Return the packages that get another amount."""
    both = {p: (before.given[p], after.given[p]) for p in before.titles}
    return {package: pair for package, pair in both.items() if pair[0] != pair[1]}


def _since_page(before: Case, after: Case, held: Ledger) -> None:
    section = after.run.page.sections.get("since")
    kind = "what changed since"
    if section is None:
        held.holds(kind, "page", "section", False, "none", "one")
        return
    text = section.text
    _entered(held, kind, "page", after, text, before)
    said = after.run.said["run"].out.partition("\nSince ")[2]
    _entered(held, kind, "terminal", after, said, before)
    if before.exists and after.exists:
        table = after.run.page.tables.get("since-packages")
        _amounts(held, kind, "page", after, table, _others(before, after))


def _entered(held: Ledger, kind: str, medium: str, case: Case, text: str, before: Case) -> None:
    """Who enters and leaves stands in one sentence, of which no other package is part."""
    start = text.find("riority packages:")
    told = text[start:].partition(". ")[0].partition(".\n")[0] if start >= 0 else ""
    then, now = set(before.right.designated), set(case.right.designated)
    for package, title in case.titles.items():
        named = f"{title} ({package})" in told
        what = f"{package} enters or leaves"
        held.same(kind, medium, what, named, package in then ^ now)


def _amounts(
    held: Ledger, kind: str, medium: str, case: Case, table: Any, right: dict[str, tuple[int, int]]
) -> None:
    """Hold a table of amounts, of two versions and what changes, to the allocations."""
    rows = table.rows if table else []
    told = {_package(case, next(iter(row.values())).text): list(row.values()) for row in rows}
    held.same(kind, medium, "who gets another amount", sorted(told), sorted(right))
    for package in told.keys() & right.keys():
        for cell, usd in zip(told[package][1:3], right[package], strict=True):
            ok = amount(cell.text, usd, unit(table.caption, 1.0))
            held.holds(kind, medium, f"amount of {package}", ok, cell.text, usd)


def _package(case: Case, text: str) -> str:
    """Return the package that a cell names: by its id, or by a title that is the only one."""
    by_id = [p for p in case.titles if p in text.split() or f"({p})" in text]
    alike = [p for p, title in case.titles.items() if " ".join(title.split()) in text]
    return (by_id or sorted(alike, key=lambda p: -len(case.titles[p])) or [text])[0]


def _compared(before: Case, after: Case, held: Ledger) -> None:
    said = before.run.said["compare --json"]
    kind, medium = "comparison", "compare --json"
    held.same(kind, medium, "exit code", said.code, 0)
    if said.code:
        return
    (told,) = json.loads(said.out)["comparisons"]
    then, now = set(before.right.designated), set(after.right.designated)
    funded = [{p for p, usd in side.given.items() if usd} for side in (before, after)]
    ranks = {p: [side.right.rank.get(p) for side in (before, after)] for p in before.titles}
    for name, right in (
        ("designated_in", sorted(now - then)),
        ("designated_out", sorted(then - now)),
        ("funded_in", sorted(funded[1] - funded[0])),
        ("funded_out", sorted(funded[0] - funded[1])),
        ("ranks", {p: pair for p, pair in ranks.items() if pair[0] != pair[1]}),
        ("moved_usd", sum(one[3] for one in _moves(before, after).values())),
    ):
        held.same(kind, medium, name, told[name], right)
    if before.exists and after.exists:
        right_usd = {p: list(pair) for p, pair in _others(before, after).items()}
        held.same(kind, medium, "usd", told["usd"], right_usd)
    for tool, row in told["tools"].items():
        held.same(kind, medium, tool, tuple(row.values()), _moves(before, after)[tool])


def _compared_page(before: Case, after: Case, held: Ledger) -> None:
    path, kind, medium = before.run.folder.parent / "compared.html", "comparison", "page"
    if not path.exists():
        held.holds(kind, medium, "file", False, "none", "one")
        return
    page = read_page(path)
    _entered(held, kind, medium, after, page.sections["beside"].text, before)
    ranks = {p: (before.right.rank.get(p), after.right.rank.get(p)) for p in before.titles}
    right = {p: pair for p, pair in ranks.items() if pair[0] != pair[1]}
    table = page.tables.get("ranks-1")
    told = {
        _package(after, next(iter(row.values())).text): row for row in (table.rows if table else ())
    }
    held.same(kind, medium, "whose rank changes", sorted(told), sorted(right))
    for package in told.keys() & right.keys():
        cells = [cell.text for cell in told[package].values()]
        pair = tuple(_cell(one) or "–" for one in right[package])
        held.same(kind, medium, f"ranks of {package}", tuple(cells[1:3]), pair)
        for cell, side in zip(cells[4:6], (before, after), strict=True):
            held.shown(kind, medium, f"score of {package}", cell, side.right.overall[package])
    if before.exists and after.exists:
        _of_tools(held, kind, medium, page.tables.get("tools-1"), before, after)


def _of_tools(held: Ledger, kind: str, medium: str, table: Any, before: Case, after: Case) -> None:
    right = _moves(before, after)
    names = {f"{owner}: {label}": tool for tool, (owner, label) in after.tools.items()}
    for row in table.rows if table else ():
        cells = [cell.text for cell in row.values()]
        tool = names.get(cells[0])
        held.holds(kind, medium, "a tool's name", tool is not None, cells[0], sorted(names))
        for cell, usd in zip(cells[1:], right[tool] if tool else (), strict=False):
            ok = amount(cell, usd, unit(table.caption, 1.0))
            held.holds(kind, medium, f"amounts of {tool}", ok, cell, usd)
