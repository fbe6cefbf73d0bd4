"""Each limit's use, bound, room and price, what binds, and which goals are missed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from tests.consistency.case import Case
from tests.consistency.checks.decision import money
from tests.consistency.checks.scoring import percent
from tests.consistency.financing import Line, Request, all_limits
from tests.consistency.ledger import Ledger
from tests.consistency.program import Program, miss, shuts_out
from tests.consistency.rounding import agrees, amount, number, unit

_STEP = 1000.0
"""Dollars by which a bound is moved to see what it is worth."""
Key = tuple[str, str]
"""A limit and a group."""


def check(case: Case, held: Ledger) -> None:
    """Hold every limit in all media."""
    if not case.run.tables.get("limits"):
        return
    right = lines(case)
    rows = {(row["limit"], row["group"]): row for row in case.run.tables["limits"]}
    if case.exists:
        _table(case, held, right, rows)
        _prices(case, held, right, rows)
    _page(case, held, rows)
    _decision(case, held, rows)
    _terminal(case, held, rows)
    _sheet(case, held, rows)


def lines(case: Case) -> dict[Key, Line]:
    """Return the limit with least room of each limit and group; notices bound nothing."""
    found: dict[Key, Line] = {}
    for line in case.lines:
        if line.spec["kind"] == "notice":
            continue
        key = line.limit, line.group
        if key not in found or line.slack(case.amounts) < found[key].slack(case.amounts):
            found[key] = line
    return found


def _table(
    case: Case, held: Ledger, right: Mapping[Key, Line], rows: Mapping[Key, dict[str, str]]
) -> None:
    used = {key for key, line in right.items() if line.use}
    named = {key for key, row in rows.items() if float(row["used"] or 0) or row["slack"]}
    held.holds(
        "limits listed",
        "limits.csv",
        "rows",
        used <= set(rows),
        used - set(rows),
        "all in the table",
    )
    held.holds(
        "limits listed",
        "limits.csv",
        "groups",
        named <= set(right),
        named - set(right),
        "none more",
    )
    for key, row in rows.items():
        line = right.get(key)
        if line is None or not line.use:
            continue
        _row(case, held, " ".join(key).strip(), line, row)


def _row(case: Case, held: Ledger, what: str, line: Line, row: Mapping[str, str]) -> None:
    amounts = case.amounts
    slack = line.slack(amounts)
    if not line.held:
        held.near("used", "limits.csv", what, row["used"], float(line.used(amounts)), 1e-12)
        held.near("bound", "limits.csv", what, row["bound"], float(line.bound(amounts)), 1e-12)
    if line.active and not line.held:
        held.near("slack", "limits.csv", what, row["slack"], float(slack), 1e-12)
    held.near("goal missed", "limits.csv", what, row["missed"], float(miss(line, amounts)), 1e-12)
    binding = row["binding"] == "True"
    step = 1e-6 if line.counts and not line.upper else 1
    tight = line.active and (slack < step or line.held)
    held.holds("what binds", "limits.csv", what, binding or not tight, "does not bind", "no room")
    price = float(row["shadow_price"] or 0)
    shuts = any(_shuts_out(case, line, one) for one in case.served)
    held.holds(
        "what binds",
        "limits.csv",
        what,
        not binding or tight or bool(price) or shuts,
        "binds",
        f"room of {float(slack)}",
    )
    if row["shadow_price"]:
        ok = price >= 0 if line.upper else price <= 0
        held.holds(
            "sign of a price",
            "limits.csv",
            what,
            ok,
            price,
            "0 or more" if line.upper else "0 or less",
        )


def _shuts_out(case: Case, line: Line, one: Request) -> bool:
    """Whether a limit leaves a request less than the least more that would be of use."""
    pair = one.package, one.tool
    given = case.amounts[pair]
    use = line.use.get(pair, 0) - line.base.get(pair, 0)
    takes = use if line.upper else -use
    least = max(one.least, 1) if given == 0 else 1
    alone = given < one.cap and takes * least > line.slack(case.amounts)
    return line.active and (alone or shuts_out(case, line, one.package))


def _prices(
    case: Case, held: Ledger, right: Mapping[Key, Line], rows: Mapping[Key, dict[str, str]]
) -> None:
    """What a further dollar gains: the program at the chosen packages, its bound a little wider."""
    status = case.run.manifest["allocation"]["status"]
    if status != "optimal" or not 0 < len(case.served) <= 24:
        return
    program = Program(case)
    base = program.solve(fixed=True)
    if base is None:
        return
    for key, row in rows.items():
        several = sum((x.limit, x.group) == key for x in case.lines) > 1
        if key in right and not several and row["shadow_price"] and row["binding"] == "True":
            _price(held, program, base, key, row)


def _price(held: Ledger, program: Program, base: float, key: Key, row: Mapping[str, str]) -> None:
    """Move one bound by a little, up and down, and see what the objective does."""
    what = " ".join(key).strip()
    wider, narrower = (program.solve({key: by}, fixed=True) for by in (_STEP, -_STEP))
    holds = float(row["price_high"] or math.inf) - float(row["bound"] or 0) >= _STEP
    if wider is not None and holds:
        gain, told = (wider - base) / _STEP, float(row["shadow_price"])
        ok = _close(told, gain, base)
        held.holds("price of a further dollar", "limits.csv", what, ok, told, gain)
    if row["cut_price"] and narrower is not None:
        loss, told = (base - narrower) / _STEP, float(row["cut_price"])
        held.holds(
            "price of a dollar less", "limits.csv", what, _close(told, loss, base), told, loss
        )


def _close(told: float, right: float, base: float) -> bool:
    reach = 1e-4 * max(abs(right), abs(told)) + 5e-12 * max(1.0, abs(base)) + 1e-11
    return abs(told - right) <= reach


def _names(case: Case, key: Key) -> str:
    """Return what a limit is called: institution, label, and whom it is for."""
    limit, group = key
    label = all_limits(case.study)[limit]["label"]
    name = f"{case.institutions[limit.split('.')[0]]}: {label}"
    return f"{name}, {group_name(case, limit, group)}" if group else name


def group_name(case: Case, limit: str, group: str) -> str:
    """Return what the group of a limit is called."""
    per = case.study.limits.get(limit, {}).get("per", "program")
    entities = {row["id"]: row["name"] for row in case.study.tables.get("entities", [])}
    if per == "country" and group in case.study.countries:
        return case.study.countries[group]["name"]
    if per in ("entity", "anchor"):
        return entities.get(group, case.titles.get(group, group))
    return case.titles[group] if per == "package" else group


def _page(case: Case, held: Ledger, rows: Mapping[Key, dict[str, str]]) -> None:
    single = {k: row for k, row in rows.items() if k[1] and row["binding"] != "True"}
    _roomy(case, held, single)
    table = case.run.page.tables.get("limit-table")
    told: dict[str, dict[str, str]] = {}
    for line in table.rows if table else ():
        cells = {head: cell.text for head, cell in line.items()}
        told[line["Limit"].text] = cells | {"unit": table.caption if table else ""}
    held.same("limits listed", "page", "count", len(told), len(rows) - len(single))
    for key in rows.keys() - single.keys():
        name = f"{_names(case, key)} {key[0]}"
        line = next((cells for text, cells in told.items() if text.startswith(name)), None)
        held.holds("limits listed", "page", name, line is not None, "not there", name)
        if line is not None:
            _page_row(held, " ".join(key).strip(), line, rows[key])


def _roomy(case: Case, held: Ledger, rows: Mapping[Key, dict[str, str]]) -> None:
    """Limits on single groups that do not bind: on how many each is, and the one used most."""
    table = case.run.page.tables.get("limit-others")
    told = {line["Limit"].text.rpartition(" ")[2]: line for line in table.rows} if table else {}
    limits = {limit for limit, _ in rows}
    held.same("limits listed", "page", "on single groups", sorted(told), sorted(limits))
    for limit in limits & told.keys():
        alike = {group: row for (name, group), row in rows.items() if name == limit}
        count = told[limit]["Leave room"].text.split(" ")[0]
        held.same("limits listed", "page", f"groups of {limit}", count, str(len(alike)))
        used = {
            group: float(row["used"]) / float(row["bound"])
            for group, row in alike.items()
            if row["slack"] and float(row["bound"]) > 0
        }
        most = max(used.values(), default=None)
        text, group = told[limit]["Used of bound"].text, told[limit]["Tightest"].text
        if most is None:
            held.same("used", "page", limit, text, "–")
            continue
        near = [group_name(case, limit, one) for one, share in used.items() if share >= most - 1e-9]
        held.holds("used", "page", limit, group in near, group, near)
        held.holds("used", "page", limit, percent(text, most), text, most)


def _page_row(held: Ledger, what: str, line: Mapping[str, str], row: Mapping[str, str]) -> None:
    scale = unit(line["unit"])
    held.same("what binds", "page", what, line["Binds"] == "yes", row["binding"] == "True")
    for head, column in (("Used", "used"), ("Bound", "bound"), ("Slack", "slack")):
        if row[column]:
            usd, text = float(row[column]), line[head].lstrip("≤≥ ")
            held.holds(column, "page", what, _said(text, usd, scale, row), text, usd)
    head = next(h for h in line if h.startswith("Objective points"))
    _told_price(held, "page", what, line[head], row["shadow_price"])
    missed = float(row["missed"] or 0)
    text = line["Limit"]
    held.holds("goal missed", "page", what, ("missed by" in text) == (missed > 0), text, missed)
    if missed > 0:
        told = text.partition("missed by ")[2]
        ok = _said(told.split(" ")[0], missed, scale, row) or money(told, missed)
        held.holds("goal missed", "page", what, ok, told, missed)


def _said(text: str, value: float, scale: float, row: Mapping[str, str]) -> bool:
    """Whether a text tells an amount, or so many packages."""
    if row["measure"] == "packages":
        return abs((number(text.split(" ")[0]) or 0.0) - value) <= 1e-6 * max(1.0, value)
    return amount(text, value, scale)


def _told_price(held: Ledger, medium: str, what: str, text: str, told: str) -> None:
    """A price in a medium is the one of the table, per million."""
    if not told:
        return
    price = float(told) * 1e6
    value = number(text)
    near = value is not None and (
        agrees(text, price, 1e-9) or abs(value - price) <= 5.1e-3 * abs(price)
    )
    ok = near and not (value == 0 and price != 0 and text.startswith(("-", "−")))
    held.holds(
        "price in all media", medium, what, ok or (value == 0 and abs(price) < 5e-5), text, price
    )


def _decision(case: Case, held: Ledger, rows: Mapping[Key, dict[str, str]]) -> None:
    binding = [key for key, row in rows.items() if row["binding"] == "True"]
    figure, text = next((f, t) for h, f, t in case.run.page.decision if h == "What binds")
    held.holds(
        "count of limits that bind",
        "page",
        "figure",
        (number(figure) or 0) == len(binding),
        figure,
        len(binding),
    )
    program = [key for key in binding if not key[1]]
    if 0 < len(program) < len(binding):
        told = {float(one) for one in re.findall(r"\d+", text)}
        ok = len(program) in told
        what = "whole program"
        held.holds("count of limits that bind", "page", what, ok, text[:80], len(program))
    missed = [key for key, row in rows.items() if float(row["missed"] or 0) > 0]
    for key in missed:
        name = _names(case, key)
        rest = text.rpartition(name)[2]
        usd = float(rows[key]["missed"])
        told = re.search(r"\$[\d,.]*\d(?: (?:million|billion))?", rest)
        ok = name in text and told is not None and money(told.group(), usd)
        if rows[key]["measure"] == "packages":
            ok = name in text and _said(rest.removeprefix(" by "), usd, 1.0, rows[key])
        held.holds("goal missed", "page", f"decision {' '.join(key)}", ok, rest[:60], usd)
    brief = case.run.brief
    if brief is not None and case.exists:
        part = brief.part("Limits that bind In $", "What rests on") or brief.part(
            "Limits that bind", "What rests on"
        )
        more = re.search(r"and (\d+) more limits? bind", part)
        count = sum(_there(_names(case, key), part) for key in binding)
        hidden = int(more.group(1)) if more else 0
        held.holds(
            "count of limits that bind",
            "brief",
            "listed",
            count + hidden >= len(binding) and hidden <= len(binding),
            (count, hidden),
            len(binding),
        )


def _there(name: str, text: str) -> bool:
    return name[:40].replace(" ", "") in text.replace(" ", "")


def _terminal(case: Case, held: Ledger, rows: Mapping[Key, dict[str, str]]) -> None:
    terminal = case.run.terminal("run")
    block = terminal.block("Limits that bind") if terminal else None
    binding = {key for key, row in rows.items() if row["binding"] == "True"}
    if block is None:
        held.same("what binds", "terminal", "table", set(), binding)
        return
    said = {(one["Limit"], one["For"]): one for one in block.rows}
    wanted = {(limit, group): (limit, group) for limit, group in binding}
    wanted |= {(limit, group_name(case, limit, group)): (limit, group) for limit, group in binding}
    told = {wanted.get(key, key) for key in said}
    held.same("what binds", "terminal", "table", sorted(told), sorted(binding))
    for key, line in said.items():
        row = rows.get(wanted.get(key, key))
        if row is None:
            continue
        head = next((h for h in line if h.startswith("Points per further")), "")
        _told_price(held, "terminal", " ".join(key), line.get(head, ""), row["shadow_price"])
        if row["bound"]:
            bound = next(h for h in line if h.startswith("Bound"))
            ok = _said(line[bound], float(row["bound"]), unit(bound), row)
            held.holds("bound", "terminal", " ".join(key), ok, line[bound], row["bound"])


def _sheet(case: Case, held: Ledger, rows: Mapping[Key, dict[str, str]]) -> None:
    sheet = case.run.sheets.get("Limits")
    if sheet is None:
        return
    held.same("limits listed", "workbook", "count", len(sheet.rows), len(rows))
    for line, (key, row) in zip(sheet.rows, rows.items(), strict=False):
        what = " ".join(key).strip()
        held.same("limits listed", "workbook", what, line["Limit"], key[0])
        held.same(
            "what binds",
            "workbook",
            what,
            line["Binds"],
            "yes" if row["binding"] == "True" else "no",
        )
        if row["used"]:
            held.near("used", "workbook", what, line["Used, USD"], float(row["used"]), 1e-12)
        if row["bound"]:
            held.near("bound", "workbook", what, line["Bound, USD"], float(row["bound"]), 1e-12)
        head = next((h for h in line if "further $1 million" in h), None)
        if row["shadow_price"] and head:
            held.near(
                "price in all media", "workbook", what, line[head], 1e6 * float(row["shadow_price"])
            )
