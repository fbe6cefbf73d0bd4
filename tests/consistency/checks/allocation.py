"""Who gets how much: amounts, totals, the objective, and whether more was to be had."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction

from tests.consistency.case import Case
from tests.consistency.checks.scoring import percent
from tests.consistency.ledger import Ledger
from tests.consistency.program import Program, objective
from tests.consistency.rounding import amount, unit


def check(case: Case, held: Ledger) -> None:
    """Hold the envelope in all media, and the program behind it."""
    _requests(case, held)
    _rules(case, held)
    _best(case, held)
    _matrix(case, held)
    _countries(case, held)
    _sheet(case, held)
    _terminal(case, held)
    _brief(case, held)
    _twins(case, held)


def _requests(case: Case, held: Ledger) -> None:
    right = {(one.package, one.tool): one for one in case.requests}
    designated = set(case.right.designated)
    rows = case.run.tables["allocation"]
    held.same("rows", "allocation.csv", "requests", len(rows), len(right))
    for row in rows:
        key = row["package"], row["tool"]
        one, what = right[key], f"{row['package']} {row['tool']}"
        cap = one.cap if one.package in designated else 0
        held.same("asked", "allocation.csv", what, int(row["requested"]), one.asked)
        held.same("eligible", "allocation.csv", what, int(row["eligible"]), cap)
        given = int(row["allocated"] or 0)
        held.holds("within the ask", "allocation.csv", what, 0 <= given <= cap, given, cap)
        held.holds("reason", "allocation.csv", what, bool(row["reason"]), row["reason"], "one")
    _page_requests(case, held)


def _page_requests(case: Case, held: Ledger) -> None:
    right = {(one.package, one.tool): one for one in case.requests}
    for package in case.study.packages:
        table = case.run.page.tables.get(f"a-{package}")
        mine = [row for row in case.run.tables["allocation"] if row["package"] == package]
        told = len(table.rows) if table else 0
        held.same("rows", "page", f"requests of {package}", told, len(mine))
        if table is None:
            continue
        scale = unit(table.caption)
        for line, row in zip(table.rows, mine, strict=False):
            key = package, row["tool"]
            what = f"{package} {row['tool']}"
            _shows(held, "asked", "page", what, line["Asked"].text, right[key].asked, scale)
            proposed = line["Proposed"].text
            _shows(held, "allocated", "page", what, proposed, case.amounts[key], scale)


def _shows(
    held: Ledger, kind: str, medium: str, what: str, text: str, usd: float, scale: float
) -> None:
    """Hold a cell to show an amount in a table's unit."""
    held.holds(kind, medium, what, amount(text, usd, scale), text, usd)


def _rules(case: Case, held: Ledger) -> None:
    """No rule and no limit of law is broken by the amounts."""
    if not case.exists:
        return
    amounts = case.amounts
    for line in case.lines:
        if line.spec["kind"] == "law" and line.active:
            slack = line.slack(amounts)
            ok = slack >= 0 and not (line.held and line.used(amounts) > 0)
            held.holds(
                "law kept", "allocation.csv", f"{line.limit} {line.group}", ok, float(slack), 0
            )
    for one in case.served:
        given = amounts[one.package, one.tool]
        held.holds(
            "minimum kept",
            "allocation.csv",
            one.package,
            given in (0,) or given >= one.least,
            given,
            one.least,
        )
    program = Program(case)
    for name, ok in program.rules_kept(amounts):
        held.holds("rule kept", "allocation.csv", name, ok, "broken", "kept")


def _best(case: Case, held: Ledger) -> None:
    """The objective is what the amounts are worth, and no allocation is worth more."""
    told = case.run.manifest["allocation"]
    status = told["status"]
    program = Program(case)
    if status == "nothing":
        held.same("status", "manifest", "nothing", len(case.served), 0)
        return
    least, most = program.between()
    possible = (least is None) if status == "infeasible" else (most is not None)
    held.holds("status", "manifest", "infeasible", possible, status, (least, most))
    if least is None or not case.exists:
        return
    mine = objective(case, case.amounts)
    held.near("objective", "manifest", "amounts", told["objective"], mine, 1e-6)
    settings = case.study.scenario.get("allocation") or {}
    scale = max(1.0, abs(least))
    loss = settings.get("gap", 1e-6) + settings.get("tie_tolerance", 1e-6)
    reach = scale * loss * 2 + program.dollar_loss + 1e-6
    if status == "optimal":
        held.holds("optimum", "manifest", "best", mine >= least - reach, mine, least)
    held.holds(
        "bound", "manifest", "bound", told["bound"] >= mine - 1e-6 * scale, told["bound"], mine
    )
    subsidy = sum(
        (one.rate * case.amounts[one.package, one.tool] for one in case.served), Fraction(0)
    )
    held.same("subsidy", "manifest", "cost", told["subsidy_usd"], math.ceil(subsidy))
    supported = sorted(p for p, usd in case.given.items() if usd)
    held.same("supported", "manifest", "packages", sorted(told["supported"]), supported)


def _matrix(case: Case, held: Ledger) -> None:
    table = case.run.page.tables.get("matrix")
    if table is None:
        held.holds("tools", "page", "matrix", not case.tools, "no table", case.tools)
        return
    tools, scale = case.tools, unit(table.caption)
    heads = table.heads[1 : 1 + len(tools)]
    names = [f"{institution} {label}" for institution, label in tools.values()]
    held.same("tools", "page", "matrix", heads, names)
    rows = [row["Package"].text.split(" ")[0] for row in table.rows]
    held.same("order", "page", "matrix", rows, case.envelope_rows)
    for row in table.rows:
        package = row["Package"].text.split(" ")[0]
        cells = {head: cell.text for head, cell in row.items()}
        for head, tool in zip(heads, tools, strict=False):
            usd = case.amounts.get((package, tool), 0)
            _shows(held, "allocated", "page", f"{package} {tool}", cells[head], usd, scale)
        whole, asked = case.given[package], case.asked[package]
        _shows(held, "total of a package", "page", package, cells["Proposed"], whole, scale)
        _shows(held, "asked", "page", package, cells["Asked"], asked, scale)
        if asked and case.exists:
            ok = percent(cells["Met"], whole / asked)
            held.holds("share of the ask", "page", package, ok, cells["Met"], whole / asked)
    for line, right in zip(table.foot, _sums(case, list(tools)), strict=False):
        for text, usd in zip(line[1:], right, strict=False):
            _shows(held, "total of a tool", "page", line[0], text, usd, scale)


def _sums(case: Case, tools: list[str]) -> list[list[int]]:
    given = [sum(a for (_, t), a in case.amounts.items() if t == tool) for tool in tools]
    rows = set(case.envelope_rows)
    asked = [
        sum(q.asked for q in case.requests if q.tool == t and q.package in rows) for t in tools
    ]
    envelopes = [case.study.tools[t]["envelope"]["amount"] for t in tools]
    every = sum(case.asked[package] for package in rows)
    return [[*given, sum(given), every], [*asked, every], [*envelopes, sum(envelopes)]]


def _countries(case: Case, held: Ledger) -> None:
    table = case.run.page.tables.get("countries")
    asked: dict[str, float] = defaultdict(float)
    given: dict[str, float] = defaultdict(float)
    for package in case.envelope_rows:
        for iso, share in case.host_shares(package).items():
            asked[iso] += share * case.asked[package]
            given[iso] += share * case.given[package]
    names = {case.study.countries[iso]["name"]: iso for iso, usd in asked.items() if usd}
    told = {row["Country"].text: row for row in table.rows} if table else {}
    held.same("countries", "page", "rows", sorted(told), sorted(names))
    scale = unit(table.caption) if table else 1.0
    for name, row in told.items():
        usd = asked[names.get(name, "")]
        _shows(held, "asked for a country", "page", name, row["Asked"].text, usd, scale)
        if usd and case.exists:
            share, met = given[names[name]] / usd, row["Met"].text
            held.holds("share of the ask", "page", name, percent(met, share), met, share)


def _sheet(case: Case, held: Ledger) -> None:
    sheet = case.run.sheets.get("Envelope")
    if sheet is None:
        return
    rows = {str(row["Package"]): list(row.values()) for row in sheet.rows}
    tools = list(case.study.tools)
    for package in case.envelope_rows:
        cells = rows.get(package, [None] * (len(tools) + 4))
        for tool, cell in zip(tools, cells[2:], strict=False):
            held.same(
                "allocated",
                "workbook",
                f"{package} {tool}",
                int(cell or 0),
                case.amounts.get((package, tool), 0),
            )
        held.same(
            "total of a package",
            "workbook",
            package,
            int(cells[2 + len(tools)] or 0),
            case.given[package],
        )
    proposed = rows.get("Proposed")
    if proposed is not None:
        right = _sums(case, tools)[0]
        told = [int(one or 0) for one in proposed[2 : 3 + len(tools)]]
        held.same("total of a tool", "workbook", "Proposed", told, right[:-1])


def _terminal(case: Case, held: Ledger) -> None:
    terminal = case.run.terminal("run")
    if terminal is None:
        return
    ranked = terminal.block("Ranked portfolio")
    for row in ranked.rows if ranked else ():
        head = next((h for h in row if h.startswith("Proposed")), "")
        usd, what = case.given[row["Package"]], row["Package"]
        if head:
            _shows(held, "total of a package", "terminal", what, row[head], usd, unit(head))
        else:  # a study without tools proposes nothing
            held.same("total of a package", "terminal", what, 0, usd)
    block = terminal.block("Proposed, ")
    supported = [p for p in case.right.order if case.given[p]]
    told = [row["Package"] for row in block.rows[:-1]] if block else []
    held.same("supported", "terminal", "packages", told, supported)
    if not block:
        return
    scale = unit(block.title)
    heads = {tool.replace(".", " ").replace("_", " "): tool for tool in case.study.tools}
    for row in block.rows[:-1]:
        for head, tool in heads.items():
            usd = case.amounts.get((row["Package"], tool), 0)
            what = f"{row['Package']} {tool}"
            _shows(held, "allocated", "terminal", what, row.get(head, ""), usd, scale)
    total, last = sum(case.amounts.values()), block.rows[-1][block.heads[-1]]
    _shows(held, "total proposed", "terminal", "sum", last, total, scale)


def _brief(case: Case, held: Ledger) -> None:
    """The brief's line of each tool."""
    brief = case.run.brief
    if brief is None:
        return
    part = brief.part("Who gets how much of which tool", "Priority packages, best first")
    given, asked, envelopes = _sums(case, list(case.study.tools))
    scale = unit(part[:200])
    for place, (tool, (institution, label)) in enumerate(case.tools.items()):
        name = f"{institution}: {case.study.tools[tool]['label']}"
        longer = f"{institution}: {label} "
        rest = part.partition(longer if longer in part else f"{name} ")[2].split()
        if not rest:
            if given[place]:
                held.holds("total of a tool", "brief", tool, False, "not there", name)
            continue
        for text, usd in zip(rest, (envelopes[place], asked[place], given[place]), strict=False):
            _shows(held, "total of a tool", "brief", tool, text, usd, scale)


def _twins(case: Case, held: Ledger) -> None:
    """Packages that are alike in everything are treated alike before the money is spread."""
    facts: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for package, row in case.study.packages.items():
        mine = [
            repr(sorted(r.items()))
            for t in case.study.tables.values()
            for r in t
            if r.get("package") == package
        ]
        plain = [text.replace(repr(package), "''") for text in mine]
        own = repr({k: v for k, v in row.items() if k not in ("id", "title")})
        facts[own, *sorted(plain)].append(package)
    rows = case.run.by_package("ranking")
    for twins in facts.values():
        for one in twins[1:]:
            held.same(
                "twins rank alike", "ranking.csv", one, rows[one]["rank"], rows[twins[0]]["rank"]
            )
