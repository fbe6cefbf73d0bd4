"""The five lines of the decision on page and brief, and the brief's table of packages."""

from __future__ import annotations

import re

from tests.consistency.case import Case
from tests.consistency.cells import flag
from tests.consistency.checks.scoring import percent
from tests.consistency.ledger import Ledger
from tests.consistency.rounding import agrees, amount, number, unit
from tests.consistency.ties import tied_for_support

HEADS = ("What is in", "What is open", "What it buys", "What binds", "What it rests on")
_NAMED = 12
"""Of many, the first so many are named."""
_COUNTED = re.compile(r"^([\d,]+)(?: of ([\d,]+)| \w+)?$")


def check(case: Case, held: Ledger) -> None:
    """Hold what a leader reads first."""
    lines = {head: (figure, text) for head, figure, text in case.run.page.decision}
    held.same("five lines", "page", "heads", tuple(lines), HEADS)
    _inside(case, held, *lines["What is in"])
    _open(case, held, *lines["What is open"])
    _bought(case, held, *lines["What it buys"])
    _rests(case, held, *lines["What it rests on"])
    _short(case, held, case.run.page.shorts)
    _picture(case, held)
    _in_brief(case, held)
    _brief_table(case, held)


def _figures(text: str) -> tuple[int, ...]:
    found = _COUNTED.match(text)
    return tuple(int(one.replace(",", "")) for one in found.groups() if one) if found else ()


def _inside(case: Case, held: Ledger, figure: str, text: str) -> None:
    right = case.right
    inside = right.designated
    counts = (len(inside), len(case.study.packages))
    held.same("count of priority packages", "page", "figure", _figures(figure), counts)
    numbers = [
        n for n in re.findall(r"[\d,]+(?:\.\d+)?", _without_titles(case, text)) if n.strip(",")
    ]
    told = {float(n.strip(",").replace(",", "")) for n in numbers}
    ranked, failed = len(right.rank), len(case.study.packages) - len(right.rank)
    held.holds("count of ranked packages", "page", "told", ranked in told, sorted(told), ranked)
    held.holds(
        "count of failed packages",
        "page",
        "told",
        failed in told or not failed,
        sorted(told),
        failed,
    )
    table = case.run.by_package("acceptability")
    # those that a named include or a requirement settles are none whom draws could show clear
    weighed = [p for p in inside if table and table[p]["tier"] in ("clear", "contested", "out")]
    if weighed:
        clear = sum(table[p]["tier"] == "clear" for p in weighed)
        held.holds("count of clear packages", "page", "told", clear in told, sorted(told), clear)
    leaders = inside[:3]
    below = [p for p in right.order if right.verdict[p] == "below" and p not in right.parted]
    wanted = {case.titles[p] for p in (*leaders, *_named(case, inside))}
    last = _last_by_rule(case)
    if last is not None and below:
        wanted |= {case.titles[below[0]]} if case.titles[below[0]] in text else set()
        _gap(case, held, text, last, below[0])
    held.names("titles in the decision", "page", text, wanted, case.titles.values())


def _named(case: Case, inside: list[str]) -> list[str]:
    """Return who else is named of those inside: flagged, or included by name where draws tell."""
    flagged = [p for p in inside if case.right.red_flags[p]][:_NAMED]
    table = case.run.by_package("acceptability") if case.drawn else {}
    included = [p for p in inside if p in table and table[p]["tier"] == "included"][:_NAMED]
    standing = [p for p in inside if flag(case.study.packages[p].get("standing"))][:_NAMED]
    return flagged + included + standing


def _last_by_rule(case: Case) -> str | None:
    admitted = [p for p in case.right.designated if case.right.verdict[p] == "in"]
    return admitted[-1] if admitted else None


def _gap(case: Case, held: Ledger, text: str, last: str, below: str) -> None:
    """How far the first below the cut is from the last that the rule admitted."""
    rest = text.partition(case.titles[below])[2]
    if not rest or not case.right.rank.get(below):
        return
    gap = case.right.method_score[last] - case.right.method_score[below]
    numbers = re.findall(r"[−-]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?", rest)
    ok = any(agrees(one, gap, 1e-9) and not one.startswith(("-", "−")) for one in numbers)
    held.holds("points short of the cut", "page", below, ok, rest[:80], gap)


def _without_titles(case: Case, text: str) -> str:
    for title in sorted(case.titles.values(), key=len, reverse=True):
        text = text.replace(title, "")
    return text


def _open(case: Case, held: Ledger, figure: str, text: str) -> None:
    right = case.right
    tiers = case.run.by_package("acceptability") if case.drawn else {}
    found = set(right.contested)
    found |= {p for p, row in tiers.items() if row["tier"] == "contested"}
    found |= {p for p in right.order if right.outcome[p] == "unknown"} | tied_for_support(case)
    told = _figures(figure)
    held.same("count of open packages", "page", "figure", told, (len(found),))
    if len(found) <= 12:
        held.names(
            "titles of open packages",
            "page",
            text,
            {case.titles[p] for p in found},
            case.titles.values(),
        )


def _bought(case: Case, held: Ledger, figure: str, text: str) -> None:
    total = sum(case.amounts.values())
    nothing = not case.tools or not case.exists
    ok = figure == "–" if nothing else money(figure, total)
    held.holds("total proposed", "page", "figure", ok, figure, total)
    cost = case.run.manifest["allocation"]["subsidy_usd"]
    served = [p for p in case.envelope_rows if case.given[p]]
    if not served:
        return
    asked = sum(case.asked[p] for p in case.envelope_rows)
    amounts = re.findall(r"\$[\d,.]*\d(?: (?:million|billion))?", text)
    held.holds(
        "asked by priority packages",
        "page",
        "told",
        any(money(one, asked) for one in amounts),
        amounts,
        asked,
    )
    held.holds("subsidy", "page", "told", any(money(one, cost) for one in amounts), amounts, cost)
    shares = re.findall(r"[<>]?[\d.]+ %", text)
    held.holds(
        "share of the ask",
        "page",
        "told",
        any(percent(one, total / asked) for one in shares),
        shares,
        total / asked,
    )
    without = list(right_unserved(case))
    if without:
        told = {case.titles[p] for p in without[:3]}
        named = {title for title in told if title in text}
        held.same("titles without support", "page", "told", sorted(named), sorted(told))


def _short(case: Case, held: Ledger, short: dict[str, str]) -> None:
    """The lines of the first screen, each by its numbers."""
    table = case.run.by_package("acceptability")
    tiers = {p: row["tier"] for p, row in table.items()} if case.drawn else {}
    inside = [tiers[p] for p in case.right.designated if p in tiers]
    told = [int(one) for one in re.findall(r"\d+", short["What is in"])]
    if inside and set(tiers.values()) & {"clear", "contested", "out"}:
        named = inside.count("included")
        rest = len(inside) - inside.count("clear") - named
        wanted = [inside.count("clear"), *filter(None, (rest, named))]
        held.same("short line", "page", "What is in", told, wanted)
    served = [p for p in case.envelope_rows if case.given[p]]
    if served:
        text = short["What it buys"]
        asked = sum(case.asked[p] for p in case.envelope_rows)
        first = re.search(r"\$[\d,.]*\d(?: (?:million|billion))?", text)
        ok = first is not None and money(first.group(), asked)
        held.holds("short line", "page", "asked", ok, text, asked)
        counts = re.search(r"for ([\d,]+) of ([\d,]+)", text)
        pair = counts and tuple(int(one.replace(",", "")) for one in counts.groups())
        held.same("short line", "page", "served", pair, (len(served), len(case.envelope_rows)))


def _picture(case: Case, held: Ledger) -> None:
    """Who gets how much, who gets nothing and who is out, as the bars have it."""
    if not (case.tools and case.exists):
        return
    bars = case.run.page.bars
    told = {bar.package: bar for bar in bars}
    held.same("picture", "page", "each once", len(bars), len(told))
    for package, bar in told.items():
        given = case.given.get(package, 0)
        inside = package in case.envelope_rows
        group = ("With nothing" if not given else "") if inside else "Just out"
        ok = bar.group == group or (not group and bar.group.endswith("with an amount"))
        held.holds("picture", "page", f"{package} group", ok, bar.group, group or "an amount")
        shown = amount(bar.figure, given, unit(bar.unit, 1.0))
        held.holds("picture", "page", f"{package} figure", shown, bar.figure, given)
    _picture_of_brief(case, held)


def _picture_of_brief(case: Case, held: Ledger) -> None:
    """Rank, title, what is asked and what is proposed stand in a row of the brief."""
    if case.run.brief is None:
        return
    part = case.run.brief.part("Each gets, by", "Against the rule, by name")
    scale = unit(part.partition("Rank ")[0], 1.0)
    for package in case.envelope_rows:
        title = re.escape(" ".join(case.titles[package].split()))
        row = re.search(
            rf"(?<!\S){case.right.rank[package]} {title} ([\d,.]+|–) ([\d,.]+|–)(?!\S)", part
        )
        if row is None:
            continue  # as many as fit are set, the others are counted
        for what, told, usd in zip(
            ("asked", "proposed"),
            row.groups(),
            (case.asked[package], case.given[package]),
            strict=True,
        ):
            ok = amount(told, usd, scale) or (told == "–" and not usd)
            held.holds("picture", "brief", f"{package} {what}", ok, told, usd)


def right_unserved(case: Case) -> list[str]:
    """Return the designated packages that get nothing, best first."""
    unserved = [p for p in case.right.designated if not case.given[p]]
    return [p for p in unserved if not flag(case.study.packages[p].get("standing"))]


def money(text: str, amount: float) -> bool:
    """Whether a text shows an amount in dollars, in the unit that it names."""
    value = number(text)
    if value is None:
        return False
    unit = 1e9 if "billion" in text else 1e6 if "million" in text else 1.0
    return agrees(text.replace("$", ""), amount / unit, 1e-9 * max(1.0, amount / unit))


def _rests(case: Case, held: Ledger, figure: str, text: str) -> None:
    counts = case.run.manifest["confidence"]
    weak = counts["illustrative"] + counts["unverified"]
    held.same(
        "count of weak numbers", "page", "figure", _figures(figure), (weak, sum(counts.values()))
    )
    missing = sum(case.right.performances[key].counts for key in case.missing)
    told = {int(float(one)) for one in re.findall(r"\d+", text)}
    held.holds(
        "count of missing performances",
        "page",
        "told",
        not missing or missing in told,
        text,
        missing,
    )
    for count in counts.values():
        held.holds("counts of confidence", "page", "told", not count or count in told, text, count)


def _in_brief(case: Case, held: Ledger) -> None:
    """The brief's five lines are the page's, word for word."""
    brief = case.run.brief
    if brief is None:
        held.holds("five lines", "brief", "file", False, "no brief", "one")
        return
    for head, figure, _ in case.run.page.decision:
        whole = " ".join(f"{head} {figure} {case.run.page.shorts[head]}".split())
        held.holds("five lines", "brief", head, _found(whole, brief.text), "not there", whole)
    fingerprint = case.run.manifest["fingerprint"][:12]
    held.holds("fingerprint", "brief", "foot", fingerprint in brief.foot, brief.foot, fingerprint)


def _found(text: str, whole: str) -> bool:
    """Whether a text stands in a whole, wherever lines were broken."""
    plain, there = (one.replace(" ", "").replace("-", "") for one in (text, whole))
    start = there.find(plain[:40])
    cut = there[start:].partition("…")[0]  # a long line is cut short, and says so
    return plain in there or (start >= 0 and len(cut) > 200 and plain.startswith(cut))


def _brief_table(case: Case, held: Ledger) -> None:
    brief = case.run.brief
    if brief is None or not case.right.designated:
        return
    part = brief.part("Priority packages, best first", "What is open, and why", "Limits that bind")
    for package in case.right.designated[:25]:
        name = f"{case.titles[package]} {package}"
        place = part.find(name)
        held.holds("title", "brief", package, place >= 0, "not there", name)
        if place < 0:
            continue
        before = part[:place].split()
        rank = str(case.right.rank[package])
        held.same("rank", "brief", package, before[-1] if before else "", rank)
        rest = part[place + len(name) :].split()
        flags = case.right.red_flags[package]
        labels = ", ".join(case.labels[one] for one in flags)
        if flags:
            text = " ".join(rest)
            wanted = f"Red flag: {labels}"
            cut = text.partition("…")[0].rstrip()  # a long list is cut short
            whole = text.startswith(wanted)
            ok = whole or (len(cut) > 60 and wanted.startswith(cut))
            held.holds("red flag", "brief", package, ok, text[:120], wanted)
            rest = text.removeprefix(wanted if whole else f"{cut}…").split()
        _brief_row(case, held, package, rest)


def _brief_row(case: Case, held: Ledger, package: str, rest: list[str]) -> None:
    right = case.right
    held.shown("overall", "brief", package, rest[0] if rest else "", right.overall[package])
    text = " ".join(rest[1:])
    agencies, least = right.lowest(package)
    names = [case.agencies[a] for a in agencies]
    name = next((one for one in names if text.startswith(f"{one} ")), None)
    held.holds("lowest agency", "brief", package, name is not None, text[:40], names)
    if name is None:
        return
    told = text.removeprefix(f"{name} ").split()
    held.shown("lowest score", "brief", package, told[0], least)
    held.shown("spread", "brief", package, told[1], right.spread(package))
