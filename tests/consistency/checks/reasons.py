"""What capped each request: its code and arguments by the facts, and one sentence in all media."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.consistency.case import Case
from tests.consistency.financing import Line, Request
from tests.consistency.ledger import Ledger
from tests.consistency.program import Program, gains, points, shuts_out
from tests.consistency.scores import of_tools
from tests.consistency.ties import interchangeable, tied_for_support

Arguments = dict[str, Any]


def check(case: Case, held: Ledger) -> None:
    """Hold every reason of every request."""
    right = {(one.package, one.tool): one for one in case.requests}
    designated = set(case.right.designated)
    for row in case.run.tables["allocation"]:
        one = right[row["package"], row["tool"]]
        codes = [code for code in row["reason_code"].split("; ") if code]
        arguments: list[Arguments] = json.loads(row["reason_arguments"] or "[]")
        what = f"{one.package} {one.tool}"
        held.same("reason", "allocation.csv", what, len(codes), len(arguments))
        _expected(case, held, one, codes, inside=one.package in designated)
        for code, facts in zip(codes, arguments, strict=False):
            test = _TESTS.get(code)
            if test is not None and case.exists:
                ok = test(case, one, facts)
                held.holds(
                    "what a reason says", "allocation.csv", f"{what} {code}", ok, facts, "so"
                )
    _ties(case, held)
    _sentences(case, held)


def _ties(case: Case, held: Ledger) -> None:
    """Whoever could as well have what another has is told as tied for support."""
    right = tied_for_support(case)
    rows = case.run.tables["allocation"]
    told = {row["package"] for row in rows if "tied" in row["reason_code"].split("; ")}
    held.same("tied packages", "allocation.csv", "for support", sorted(told), sorted(right))


def _expected(case: Case, held: Ledger, one: Request, codes: list[str], *, inside: bool) -> None:
    """Some codes follow from the request alone, whatever the others get."""
    given, what = case.amounts[one.package, one.tool], f"{one.package} {one.tool}"
    wanted = "not_designated" if not inside else one.refused
    if wanted:
        held.same("reason code", "allocation.csv", what, codes[:1], [wanted])
        return
    if not case.exists:
        return
    held.same("reason code", "allocation.csv", what, codes[:1] == ["in_full"], given == one.cap)
    refusals = {"not_designated", "authority_lapsed", "no_appropriation", "not_shown"}
    refusals |= {"ineligible", "minimum_above_eligible"}
    held.same("reason code", "allocation.csv", what, refusals & set(codes), set())


def _lines(case: Case, facts: Arguments) -> list[Line]:
    return [x for x in case.lines if (x.limit, x.group) == (facts["limit"], facts["group"])]


def _takes(line: Line, one: Request) -> float:
    """Return what a dollar of a request takes of a limit's room."""
    pair = one.package, one.tool
    net = line.use.get(pair, 0) - line.base.get(pair, 0)
    return float(net if line.upper else -net)


def _no_room(case: Case, one: Request, facts: Arguments) -> bool:
    lines = _lines(case, facts)
    if not lines:  # a rule that is no limit, such as what a must needs
        return True
    return any(x.held or float(x.slack(case.amounts)) < _takes(x, one) for x in lines)


def _own(case: Case, one: Request, facts: Arguments) -> bool:
    lines = _lines(case, facts)
    packages = {package for x in lines for package, _ in (*x.use, *x.base)}
    return not lines or (_no_room(case, one, facts) and (packages <= {one.package}) == facts["own"])


def _outbid(case: Case, one: Request, facts: Arguments) -> bool:
    """Whether all that others get under a limit gains more there."""
    worth = gains(case)
    for line in _lines(case, facts):
        if float(line.slack(case.amounts)) >= _takes(line, one):
            continue
        mine = worth[one.package, one.tool] / _takes(line, one)
        others = [
            worth[pair] / float(use)
            for pair in line.use
            if pair != (one.package, one.tool)
            and case.amounts.get(pair)
            and (use := line.use[pair] - line.base.get(pair, 0)) > 0
        ]
        return bool(others) and all(other > mine * (1 - 1e-9) for other in others)
    return False


def _shut_out(case: Case, one: Request, facts: Arguments) -> bool:
    lines = _lines(case, facts)
    least = facts["least"]
    alone = any(float(x.slack(case.amounts)) < _takes(x, one) * least for x in lines)
    return not lines or alone or any(shuts_out(case, x, one.package) for x in lines)


def _override(case: Case, one: Request, facts: Arguments) -> bool:
    part = "designation" if facts["kind"] == "include" else "allocation"
    settings = (case.study.scenario.get(part) or {}).get(facts["kind"]) or {}
    said = settings.get(facts["package"])
    keys = ("because", "by")
    return said is not None and all(str(said[key]) == facts[key] for key in keys)


def _instead(case: Case, one: Request, facts: Arguments) -> bool:
    packages = case.study.packages
    groups = {packages[p]["exclusive_group"] for p in (one.package, facts["rival"])}
    return case.given[facts["rival"]] > 0 and groups == {facts["group"]}


def _tied(case: Case, one: Request, facts: Arguments) -> bool:
    """Packages told as tied could be swapped."""
    return bool(facts["packages"]) and all(
        other != one.package and interchangeable(case, one.package, other)
        for other in facts["packages"]
    )


def _least_support(case: Case, one: Request, facts: Arguments) -> bool:
    least = Program(case).least_support[one.package]
    return case.given[one.package] == 0 and abs(facts["least"] - least) <= 1


def _other_tool(case: Case, one: Request, facts: Arguments) -> bool:
    groups = {(q.package, q.tool): q.alternative for q in case.requests}
    same = groups[one.package, facts["tool"]] == one.alternative != ""
    return same and case.amounts[one.package, facts["tool"]] > 0


_TESTS: dict[str, Callable[[Case, Request, Arguments], bool]] = {
    "in_full": lambda case, one, _: case.amounts[one.package, one.tool] == one.cap > 0,
    "not_shown": lambda case, one, facts: (
        of_tools(case.study)[one.package, facts["requirement"]][0] == facts["outcome"]
    ),
    "part_eligible": lambda case, one, facts: abs(facts["share"] - float(one.share)) < 1e-9,
    "ineligible": lambda case, one, _: one.share == 0 or one.cap == 0,
    "minimum_above_eligible": lambda case, one, facts: facts["least"] == one.least,
    "held_by_override": _override,
    "required_unserved": lambda case, one, facts: case.given[facts["package"]] == 0,
    "supported_instead": _instead,
    "alternative_served": _other_tool,
    "tied": _tied,
    "limit_binds": _own,
    "limit_holds_at_zero": _no_room,
    "gains_more_elsewhere": _outbid,
    "limit_shuts_out": _shut_out,
    "counts_zero": lambda case, one, _: points(case)[one.package] <= 0,
    "minimum_support": _least_support,
    "no_allocation": lambda case, one, _: False,
}
"""What each code claims; a code that is not here is held by the words alone."""


def _sentences(case: Case, held: Ledger) -> None:
    """The sentence of a request is the same in table, page, workbook and terminal."""
    rows = case.run.tables["allocation"]
    sheet = case.run.sheets["Allocation"]
    head = next((h for h in sheet.heads if "capped" in h or h == "Reason"), None)
    for row, line in zip(rows, sheet.rows, strict=False):
        if head is not None:
            what = f"{row['package']} {row['tool']}"
            held.same(
                "reason in all media",
                "workbook",
                what,
                _plain(str(line[head])),
                _plain(row["reason"]),
            )
    for package in case.study.packages:
        mine = [row for row in rows if row["package"] == package]
        table = case.run.page.tables.get(f"a-{package}")
        for row, cells in zip(mine, table.rows if table else (), strict=False):
            told, what = cells["Why"].text, f"{package} {row['tool']}"
            held.same("reason in all media", "page", what, _plain(told), _plain(row["reason"]))
        terminal = case.run.terminal(f"explain {package}")
        block = terminal.block("Requests") if terminal else None
        for row, said in zip(mine, block.rows if block else (), strict=False):
            told, what = said["Why"], f"{package} {row['tool']}"
            held.same("tools", "explain", what, said["Id"], row["tool"])
            held.same("reason in all media", "explain", what, _plain(told), _plain(row["reason"]))


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").lower()
