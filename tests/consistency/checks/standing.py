"""Ranks, designation and its reasons as every medium tells them."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from tests.consistency.case import Case
from tests.consistency.cells import flag
from tests.consistency.ledger import Ledger
from tests.consistency.media.page import Cell
from tests.consistency.rounding import agrees, amount, unit
from tests.consistency.ties import tied_for_support

STATES = {
    "in": "priority",
    "included": "priority",
    "tied": "contested",
    "failed": "failed",
    "unsettled": "unknown",
}
REASONS = {
    "in": "",
    "included": "included_by_name",
    "excluded": "excluded_by_name",
    "tied": "tied_at_cut",
    "failed": "failed_requirement",
    "unsettled": "requirement_unknown",
    "under": "under_overall_floor",
    "under_agency": "under_agency_floors",
    "below": "below_cut",
}


def check(case: Case, held: Ledger) -> None:
    """Hold the ranked portfolio in all media."""
    _table(case, held)
    _page(case, held)
    _sheet(case, held)
    _terminal(case, held)
    _explained(case, held)
    _json(case, held)


def state(case: Case, package: str) -> str:
    """Return where a package stands, as the page's badges name it."""
    verdict = case.right.verdict[package]
    if verdict in STATES:
        return STATES[verdict]
    return "unknown" if case.right.outcome[package] == "unknown" else "other"


def _table(case: Case, held: Ledger) -> None:
    right = case.right
    rows = case.run.tables["ranking"]
    held.same("order", "ranking.csv", "packages", [r["package"] for r in rows], right.order)
    for row in rows:
        package = row["package"]
        place = right.rank.get(package)
        held.same("rank", "ranking.csv", package, row["rank"], "" if place is None else str(place))
        held.same("title", "ranking.csv", package, row["title"], case.titles[package])
        held.near("overall", "ranking.csv", package, row["overall"], right.overall[package])
        if place is None:
            held.same("method score", "ranking.csv", package, row["method_score"], "")
        else:
            held.near(
                "method score",
                "ranking.csv",
                package,
                row["method_score"],
                right.method_score[package],
                1e-6,
            )
        held.holds(
            "lowest agency",
            "ranking.csv",
            package,
            row["lowest_agency"] in right.lowest(package)[0],
            row["lowest_agency"],
            right.lowest(package)[0],
        )
        held.near("spread", "ranking.csv", package, row["spread"], right.spread(package))
        held.same("gate", "ranking.csv", package, row["outcome"], right.outcome[package])
        held.same(
            "red flag",
            "ranking.csv",
            package,
            [one for one in row["red_flags"].split("; ") if one],
            right.red_flags[package],
        )
        held.same(
            "designated",
            "ranking.csv",
            package,
            row["designated"],
            str(package in right.designated),
        )
        held.same(
            "contested", "ranking.csv", package, row["contested"], str(package in right.contested)
        )
        _reason(case, held, row)


def _reason(case: Case, held: Ledger, row: dict[str, str]) -> None:
    """A package that is simply in has no reason; any other has, and its code is the right one."""
    package, verdict = row["package"], case.right.verdict[row["package"]]
    standing = ["standing_package"] if flag(case.study.packages[package].get("standing")) else []
    parted = package in case.right.parted
    told_why = verdict != "in" or bool(standing) or parted
    held.same("reason", "ranking.csv", package, bool(row["reason"]), told_why)
    codes = [REASONS[verdict]] if verdict != "in" else []
    codes = ["parted_by_tie_break"] if parted else codes
    if verdict == "under" and case.right.under(package):
        codes.append(REASONS["under_agency"])
    codes += standing
    told = [code for code in row["reason_code"].split("; ") if code]
    held.same("reason code", "ranking.csv", package, told, codes)
    facts = json.loads(row["reason_arguments"] or "[]")
    if not facts or told != codes:
        return
    if parted:
        value, told_value = (case.right.tie_values or {})[package], facts[0]["value"]
        held.same("tie-break", "ranking.csv", package, facts[0]["entered"], verdict == "in")
        if told_value is None or math.isnan(value):
            held.same("tie-break", "ranking.csv", package, told_value is None, math.isnan(value))
        else:
            held.near("tie-break", "ranking.csv", package, told_value, value, 1e-9)
    elif verdict in ("included", "excluded"):
        part = case.right.rule["include" if verdict == "included" else "exclude"]
        because = part[package]["because"]  # type: ignore[index]
        held.same("what a reason says", "ranking.csv", package, facts[0]["because"], because)
    elif verdict == "below":
        _below(case, held, package, facts[0])
    elif verdict == "tied":
        others = sorted(p for p in case.right.contested if p != package)
        held.same("tied packages", "ranking.csv", package, sorted(facts[0]["others"]), others)
    elif verdict in ("under", "under_agency"):
        for each in facts[: len(facts) - len(standing)]:
            _under(case, held, package, each, row["reason"])


def _below(case: Case, held: Ledger, package: str, facts: dict[str, Any]) -> None:
    """How far a package is behind the last that entered by its rank, in the method's units."""
    right = case.right
    admitted = [p for p in right.designated if right.verdict[p] == "in"]
    if not admitted:
        held.same("points short of the cut", "ranking.csv", package, facts["short"], None)
        return
    least = min(right.method_score[p] for p in admitted)
    short = least - right.method_score[package]
    held.near("points short of the cut", "ranking.csv", package, facts["short"], short, 1e-6)
    last = right.method_score.get(str(facts["last"]))
    ok = last is not None and abs(last - least) <= 1e-9 * max(1.0, right.span)
    held.holds("last above the cut", "ranking.csv", package, ok, facts["last"], admitted[-1])


def _under(case: Case, held: Ledger, package: str, facts: dict[str, Any], reason: str) -> None:
    """A score under its floor is told with as many decimals as part the two."""
    right = case.right
    if "agencies" in facts:
        told = dict(
            zip(facts["agencies"], zip(facts["scores"], facts["floors"], strict=True), strict=True)
        )
        held.same("floors missed", "ranking.csv", package, set(told), set(right.under(package)))
    else:
        told = {"": (facts["score"], facts["floor"])}
    numbers = re.findall(r"\d[\d,]*(?:\.\d+)?", reason)
    for agency, (score, floor) in told.items():
        value = right.agency_scores[package][agency] if agency else right.overall[package]
        held.near("what a reason says", "ranking.csv", f"{package} {agency}", score, value, 1e-7)
        parted = [one for one in numbers if agrees(one, value) and float(one) != float(floor)]
        what = f"{package} {agency}"
        held.holds(
            "a score is told apart from its floor", "ranking.csv", what, bool(parted), reason, value
        )


def _page(case: Case, held: Ledger) -> None:
    right, table = case.right, case.run.page.tables["ranked"]
    told = [row["Package"].text.split(" ")[0] for row in table.rows]
    held.same("order", "page", "ranked", told, right.order)
    for node, row in zip(table.nodes, table.rows, strict=True):
        package = row["Package"].text.split(" ")[0]
        place = right.rank.get(package)
        held.same(
            "title", "page", package, row["Package"].text, f"{package} {case.titles[package]}"
        )
        held.same("rank", "page", package, row["Rank"].text, "–" if place is None else str(place))
        held.shown("overall", "page", package, row["Overall"].text, right.overall[package])
        held.shown("spread", "page", package, row["Spread"].text, right.spread(package))
        lowest = {case.agencies[agency] for agency in right.lowest(package)[0]}
        held.holds(
            "lowest agency",
            "page",
            package,
            row["Lowest agency"].text in lowest,
            row["Lowest agency"].text,
            lowest,
        )
        held.same("state", "page", package, node.attributes.get("data-state"), state(case, package))
        flags = _flags(row["Status"])
        held.same(
            "red flag",
            "page",
            package,
            flags,
            [case.labels[one] for one in right.red_flags[package]],
        )
        told = row["Asked"].text
        ok = amount(told, case.asked[package], unit(table.caption))
        held.holds("asked", "page", package, ok, told, case.asked[package])
    for package, node in case.run.page.packages.items():
        place = right.rank.get(package)
        short = node.all("span", "short")[0].text
        told_rank = f"rank {place} " if place is not None else "not ranked"
        held.holds(
            "rank", "page", f"dossier {package}", short.startswith(told_rank), short, told_rank
        )
        held.shown(
            "overall",
            "page",
            f"dossier {package}",
            short.split("·")[1].strip(),
            right.overall[package],
        )
        title = node.all("h3")[0].text
        held.same("title", "page", f"dossier {package}", title, f"{package} {case.titles[package]}")


def _flags(cell: Cell) -> list[str]:
    text = " ".join(node.text for node in cell.node.all("span", "flag"))
    head, _, named = text.partition(": ")
    return [one for one in named.split(", ") if one] if head else []


def _sheet(case: Case, held: Ledger) -> None:
    right, rows = case.right, case.run.sheets["Ranking"].rows
    held.same("order", "workbook", "Ranking", [str(r["Package"]) for r in rows], right.order)
    for row in rows:
        package = str(row["Package"])
        held.same("rank", "workbook", package, row["Rank"], right.rank.get(package))
        held.same("title", "workbook", package, row["Title"], case.titles[package])
        held.near("overall", "workbook", package, row["Overall score"], right.overall[package])
        held.near("spread", "workbook", package, row["Spread"], right.spread(package))
        priority = next((row[h] for h in ("Priority", "Designated") if h in row), None)
        held.same(
            "designated",
            "workbook",
            package,
            priority,
            "yes" if package in right.designated else "no",
        )


def _terminal(case: Case, held: Ledger) -> None:
    right, terminal = case.right, case.run.terminal("run")
    block = terminal.block("Ranked portfolio") if terminal else None
    ranked = [package for package in right.order if package in right.rank]
    tied = tied_for_support(case)
    told = [row["Package"] for row in block.rows] if block else []
    held.same("order", "terminal", "ranked", told, ranked)
    for row in block.rows if block else ():
        package = row["Package"]
        held.same("rank", "terminal", package, row["Rank"], str(right.rank[package]))
        held.same("title", "terminal", package, row["Title"], case.titles[package])
        held.shown("overall", "terminal", package, row["Overall"], right.overall[package])
        held.shown("spread", "terminal", package, row["Spread"], right.spread(package))
        marks = set(row["Priority"].split(", ")) - {""}
        wanted = {"yes"} if package in right.designated else set()
        wanted |= {"tied at the cut"} if package in right.contested else set()
        wanted |= {"tied for support"} if package in tied else set()
        wanted |= {"unsettled"} if right.outcome[package] == "unknown" else set()
        wanted |= {"red flag"} if right.red_flags[package] else set()
        wanted |= {"standing"} if flag(case.study.packages[package].get("standing")) else set()
        held.same("state", "terminal", package, marks, wanted)


def _explained(case: Case, held: Ledger) -> None:
    for command, said in case.run.said.items():
        if not command.startswith("explain ") or said.code:
            continue
        package = command.removeprefix("explain ")
        lines = said.out.splitlines()
        held.holds(
            "title",
            "explain",
            package,
            lines[0] == f"{package}  {case.titles[package]}",
            lines[0],
            case.titles[package],
        )
        place = case.right.rank.get(package)
        wanted = f"rank {place}" if place is not None else "not ranked"
        parts = lines[1].split(", ")
        held.same("rank", "explain", package, parts[0], wanted)
        held.shown(
            "overall",
            "explain",
            package,
            parts[1].removeprefix("overall "),
            case.right.overall[package],
        )
        inside = not parts[2].startswith("not priority")
        held.same("designated", "explain", package, inside, package in case.right.designated)


def _json(case: Case, held: Ledger) -> None:
    """What `show --json` hands over is what the tables hold."""
    said = case.run.said.get("show --json")
    if said is None or said.code:
        return
    data = json.loads(said.out)
    for row in data["ranking"]:
        package = str(row["package"])
        held.near("overall", "json", package, row["overall"], case.right.overall[package])
        held.same(
            "designated",
            "json",
            package,
            str(row["designated"]),
            str(package in case.right.designated),
        )
    for row in data["allocation"]:
        key = (str(row["package"]), row["tool"])
        held.same("allocated", "json", str(key), int(row["allocated"] or 0), case.amounts[key])
    held.same(
        "fingerprint",
        "json",
        "manifest",
        data["manifest"]["fingerprint"],
        case.run.manifest["fingerprint"],
    )
