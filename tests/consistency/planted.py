"""The contradictions that are planted: one told thing in one medium each."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from tests.consistency.case import Case
from tests.consistency.edits import (
    Alter,
    brief,
    cell,
    compared,
    counted,
    digit,
    larger,
    manifest,
    page,
    said,
    second,
    sheet,
    table,
)


@dataclass(frozen=True)
class Plant:
    """One alteration, the kind of statement that it makes wrong, and where."""

    name: str
    kind: str
    medium: str
    alter: Alter


def _next_day(text: str) -> str | None:
    return str(dt.date.fromisoformat(text) + dt.timedelta(1)) if text else None


def _other_flag(text: str) -> str | None:
    return {"True": "False", "False": "True"}.get(text)


def _swapped(head: list[str], rows: list[list[str]], case: Case) -> bool:
    at = head.index("title")
    if len(rows) < 2:
        return False
    rows[0][at], rows[1][at] = rows[1][at], rows[0][at]
    return True


def _halved(head: list[str], rows: list[list[str]], case: Case) -> bool:
    """Halve each interval that is wide, of what is looked at: which of many is drawn."""
    kind, low, high = (head.index(one) for one in ("kind", "designated_low", "designated_high"))
    found = False
    for row in rows:
        looked_at = row[kind] in ("influence", "weight")
        if looked_at and row[high] and 0.2 < float(row[high]) < 0.98:
            row[high] = repr((float(row[low]) + float(row[high])) / 2)
            found = True
    return found


def _other_rank(case: Case) -> bool:
    """Give the first priority package of the brief another rank."""
    if not case.right.designated:
        return False
    first = case.right.designated[0]
    name = re.escape(f" {case.titles[first]} {first}")
    head = "Priority packages, best first"
    told = rf"({head}.*?\b){case.right.rank[first]}(?={name})"
    return brief(lambda text: re.sub(told, r"\g<1>99", text, count=1))(case)


def _confident(data: dict[str, object]) -> bool:
    counts = data["confidence"]
    assert isinstance(counts, dict)
    counts["press"] += 1
    return True


def _worth(data: dict[str, object]) -> bool:
    told = data["allocation"]
    assert isinstance(told, dict)
    if told["status"] == "optimal":
        told["objective"] += 1
    return told["status"] == "optimal"


def _cheaper(data: dict[str, object]) -> bool:
    told = data["allocation"]
    assert isinstance(told, dict)
    if told["status"] == "optimal":
        told["subsidy_usd"] += 1
    return told["status"] == "optimal"


def _for_nothing(data: dict[str, object]) -> bool:
    told = data["allocation"]
    assert isinstance(told, dict)
    absent = told["status"] == "infeasible"
    told["subsidy_usd"] = 0 if absent else told["subsidy_usd"]
    return absent


def _without_row(text: str) -> str | None:
    """Leave the first row out of the table of what binds."""
    lines = text.splitlines()
    at = next((n for n, line in enumerate(lines) if line.startswith("Limits that bind")), None)
    if at is None:
        return None
    rule = next(n for n in range(at, len(lines)) if "───" in lines[n])
    if rule + 2 >= len(lines) or not lines[rule + 2].strip():
        return None
    return "\n".join([*lines[: rule + 1], *lines[rule + 2 :]])


def _total(text: str) -> str | None:
    """Alter the last number of the row of sums."""
    return re.sub(
        r"(?m)^( Sum .*?)(\d)(\s*)$",
        lambda m: m.group(1) + str((int(m.group(2)) + 1) % 10) + m.group(3),
        text,
    )


def _told_value(text: str) -> str | None:
    """Alter the contribution of the first criterion that is explained."""
    lines = text.splitlines()
    at = next((n for n, line in enumerate(lines) if "───" in line), None)
    if at is None:
        return None
    lines[at + 1] = re.sub(
        r"(\d\.\d{4}\s+)(\d+\.\d\d)", lambda m: m[1] + digit(m[2]), lines[at + 1], count=1
    )
    return "\n".join(lines)


def _set(row: list[str], place: int, text: str) -> bool:
    row[place] = text
    return True


def _dearer(match: re.Match[str]) -> str | None:
    """Return the match with its number doubled."""
    price = float(match.group(1))
    return match.group().replace(match.group(1), f"{2 * price:g}", 1) if price else None


def _higher(match: re.Match[str]) -> str:
    """Return the match with its number higher by one: prices of 0 are told as well."""
    return match.group().replace(match.group(1), f"{float(match.group(1)) + 1:.4f}", 1)


PLANTS: tuple[Plant, ...] = (
    Plant(
        "a score on the page",
        "overall",
        "page",
        page(r"<td class=\"?overall\"?><b>(\d+\.\d)", lambda m: digit(m.group())),
    ),
    Plant(
        "the count of priority packages",
        "count of priority packages",
        "page",
        page(r"class=\"?figure\"?>(\d+) of", counted),
    ),
    Plant(
        "a count in the brief",
        "five lines",
        "brief",
        brief(
            lambda t: re.sub(r"What is in (\d+)", lambda m: f"What is in {int(m.group(1)) + 1}", t)
        ),
    ),
    Plant(
        "a rank in the brief",
        "rank",
        "brief",
        _other_rank,
    ),
    Plant(
        "a reason's code",
        "reason code",
        "ranking.csv",
        cell("ranking", "reason_code", lambda t: f"{t}; tied_at_cut" if t else None),
    ),
    Plant(
        "a tied package's name",
        "tied packages",
        "ranking.csv",
        cell(
            "ranking",
            "reason_arguments",
            lambda t: re.sub(r'"others": \["[^"]+"', '"others": ["Q99"', t),
        ),
    ),
    Plant(
        "a request's reason",
        "reason code",
        "allocation.csv",
        cell("allocation", "reason_code", lambda t: "in_full" if t != "in_full" else "ineligible"),
    ),
    Plant(
        "a price on the page",
        "price in all media",
        "page",
        page(r"<td class=\"?n\"?>(\d+\.\d{4})\s*(?:</td>)?\s*<td class=\"?once\"?>", _higher),
    ),
    Plant(
        "an amount of the picture",
        "picture",
        "page",
        page(r"</svg>(?:</td>)?<td role=\"?cell\"? class=\"?n\"?>(\d+(?:\.\d+)?)", _dearer),
    ),
    Plant(
        "a count in a short line",
        "short line",
        "page",
        page(r"(?<=: )(\d+)(?= clear, )", counted),
    ),
    Plant(
        "a package that is in",
        "designated",
        "ranking.csv",
        cell("ranking", "designated", lambda t: "False" if t == "True" else None),
    ),
    Plant(
        "a rank",
        "rank",
        "ranking.csv",
        cell("ranking", "rank", lambda t: str(int(t) + 1) if t else None),
    ),
    Plant("two titles swapped", "title", "ranking.csv", table("ranking", _swapped)),
    Plant(
        "a dollar more",
        "objective",
        "manifest",
        cell(
            "allocation",
            "allocated",
            lambda t: str(int(t) - 2_000_000) if int(t or 0) > 3_000_000 else None,
        ),
    ),
    Plant(
        "an amount above the ask",
        "within the ask",
        "allocation.csv",
        cell("allocation", "allocated", lambda t: str(int(t) + 10**9) if t else None),
    ),
    Plant(
        "a price",
        "price of a further dollar",
        "limits.csv",
        cell(
            "limits",
            "shadow_price",
            lambda t: repr(2 * float(t)) if t and abs(float(t)) > 1e-9 else None,
            lambda row: row["binding"] == "True",
        ),
    ),
    Plant("a limit that binds left out", "what binds", "terminal", said("run", _without_row)),
    Plant(
        "a limit with no room that is said not to bind",
        "what binds",
        "limits.csv",
        cell(
            "limits",
            "binding",
            lambda t: "False" if t == "True" else None,
            lambda row: bool(row["slack"]) and float(row["slack"]) < 1 and float(row["used"]) > 0,
        ),
    ),
    Plant(
        "what a limit uses",
        "used",
        "workbook",
        sheet(
            "Limits", "Used, USD", lambda v: v + 1e6 if isinstance(v, int | float) and v else None
        ),
    ),
    Plant("a total in the terminal", "total proposed", "terminal", said("run", _total)),
    Plant(
        "a tier",
        "tier",
        "acceptability.csv",
        cell("acceptability", "tier", lambda t: "contested" if t in ("clear", "out") else "clear"),
    ),
    Plant(
        "a share of draws",
        "shares of ranks sum to 1",
        "rank_acceptability.csv",
        cell("rank_acceptability", "share", larger(0.01)),
    ),
    Plant(
        "a pair of shares",
        "pairs make the mean rank",
        "pairwise_winning.csv",
        cell("pairwise_winning", "ahead", larger(0.01)),
    ),
    Plant(
        "an interval of stability",
        "stability interval",
        "stability.csv",
        table("stability", _halved),
    ),
    Plant(
        "what would bring a package in",
        "improvement",
        "improvements.csv",
        cell(
            "improvements", "needed", lambda t: repr(float(t) - 3) if t and float(t) > 5 else None
        ),
    ),
    Plant(
        "a rank under another method",
        "rank under a method",
        "methods.csv",
        cell("methods", r"rank\.topsis", lambda t: str(int(float(t)) + 1) if t else None),
    ),
    Plant("a clock", "clock of a notice", "clocks.csv", cell("clocks", "earliest", _next_day)),
    Plant("an act", "act of an institution", "acts.csv", cell("acts", "late", _other_flag)),
    Plant("a value", "value", "values.csv", cell("values", "value", larger(0.001))),
    Plant("a contribution explained", "contribution", "explain", said("explain", _told_value)),
    Plant(
        "a weight", "weight", "weights.csv", cell("weights", r"(weight\.)?\w+\.c\d", larger(0.01))
    ),
    Plant(
        "a gate",
        "gate",
        "gates.csv",
        cell("gates", "outcome", lambda t: "unknown" if t == "passed" else "passed"),
    ),
    Plant(
        "where the strategy is met",
        "coverage",
        "coverage.csv",
        cell("coverage", "state", lambda t: "none" if t != "none" else "funded"),
    ),
    Plant(
        "what is asked beside money",
        "asked beside money",
        "assistance.csv",
        cell("assistance", "asked", lambda t: f"{t} again"),
    ),
    Plant(
        "a fact of a country",
        "facts of countries",
        "country_facts.csv",
        cell("country_facts", "fact", lambda t: f"{t} again"),
    ),
    Plant("the objective", "objective", "manifest", manifest(_worth)),
    Plant("the subsidy", "subsidy", "manifest", manifest(_cheaper)),
    Plant(
        "a cost of no allocation",
        "nothing of what is not there",
        "manifest",
        manifest(_for_nothing),
    ),
    Plant("a count of sources", "counts of confidence", "manifest", manifest(_confident)),
    Plant(
        "a score in the workbook",
        "overall",
        "workbook",
        sheet(
            "Ranking", "Overall score", lambda v: v + 0.1 if isinstance(v, int | float) else None
        ),
    ),
    Plant(
        "an agency's rank",
        "agency's rank",
        "agreement.csv",
        cell("agreement", r"rank[._](?!spread).*", lambda t: str(int(float(t)) + 1)),
    ),
    Plant(
        "the fingerprint on the page",
        "fingerprint",
        "page",
        page(r"<code>([0-9a-f]{12})</code>", lambda m: "<code>000000000000</code>"),
    ),
    Plant(
        "an old value of a change",
        "changes",
        "page",
        page(r"id=\"?changes-table\"?.*?class=\"?sub\"?.*?<td>(\d+)", lambda m: digit(m.group())),
    ),
    Plant(
        "a rank of the last version",
        "what changed since",
        "since.csv",
        second(cell("since", "rank_before", lambda t: str(int(t) + 1) if t else None)),
    ),
    Plant(
        "what a tool gave",
        "what changed since, by tool",
        "since_tools.csv",
        second(cell("since_tools", "before", lambda t: str(int(t) + 1))),
    ),
    Plant(
        "a key as it is now",
        "keys changed since",
        "since_changes.csv",
        second(cell("since_changes", "new", lambda t: str(int(t) + 1) if t.isdigit() else None)),
    ),
    Plant(
        "who enters, since the last version",
        "what changed since",
        "terminal",
        second(said("run", lambda t: re.sub(r"(riority packages: .*?)\(P\d+\)", r"\1(P99)", t))),
    ),
    Plant(
        "a rank that is compared",
        "comparison",
        "page",
        compared(r"id=\"?ranks-1\"?.*?<td class=\"?n\"?>(\d+)", lambda m: f"{m.group()}9"),
    ),
    Plant(
        "dollars that change hands",
        "comparison",
        "compare --json",
        said(
            "compare --json",
            lambda t: re.sub(
                r'"moved_usd": (\d+)', lambda m: f'"moved_usd": {int(m[1]) + 1}', t, count=1
            ),
        ),
    ),
    Plant(
        "ranks without a criterion",
        "a criterion decides",
        "criteria",
        said("criteria", lambda t: re.sub(r'"furthest": [1-9]\d*', '"furthest": 99', t, count=1)),
    ),
    Plant(
        "a share that brings a package level",
        "level with another",
        "explain",
        said("against", lambda t: re.sub(r'"moved": (\d\.\d+)', r'"moved": 1\1', t, count=1)),
    ),
    Plant(
        "an amount of the brief's picture",
        "picture",
        "brief",
        brief(
            lambda t: re.sub(
                r"(an amount 1? ?\D+ )(\d[\d,.]*) (\d[\d,.]*)",
                lambda m: f"{m[1]}{m[2]} {digit(m[3])}",
                t,
                count=1,
            )
        ),
    ),
    Plant(
        "who loses all money by one agency's way",
        "own way's amounts",
        "own_way.csv",
        cell("own_way", "funded_out", lambda t: "Q99", lambda row: bool(row["moved_usd"])),
    ),
)
