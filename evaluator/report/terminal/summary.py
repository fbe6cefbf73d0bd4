"""A run as text for the terminal. Reads the tables of a run, computes nothing but their sums."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from evaluator.allocation.explain.findings import Tied
from evaluator.decision.findings import StandingPackage
from evaluator.report.formatting.money import Unit
from evaluator.report.formatting.names import method_name
from evaluator.report.formatting.numbers import (
    general,
    points,
)
from evaluator.report.formatting.phrases import KIND, STATUS, sentence, supposed
from evaluator.report.formatting.records import records
from evaluator.report.formatting.text import Columns, amounts_rows, heads
from evaluator.report.formatting.words import Words
from evaluator.report.terminal.notes import notes_text
from evaluator.report.terminal.tables import (
    Manifest,
    Tables,
    agency_scores,
    framed,
    one_line,
    rank_range,
    titled_table,
    whole,
)
from evaluator.report.viewmodel.packages.portfolio import overall_shown
from evaluator.report.viewmodel.versions.changes import said
from evaluator.results.evaluation import STANDING
from evaluator.sanitize import shortened


def summary(manifest: Manifest, tables: Tables, words: Words) -> str:
    """Return the ranked table, the allocation, and the limits that bind.

    words: of the run's study.
    """
    parts = [
        f"{one_line(manifest['title'])} ({manifest['scenario']}), as of {manifest['as_of']}, "
        f"study {manifest['fingerprint'][:12]}",
        words.disclaimer,
        supposed(manifest["if_enacted"]),
        _method(manifest),
        _changes(manifest),
        *(f"Decided: {sentence(one_line(one['words']))}" for one in manifest["overrides"]),
        _ranking(manifest, tables, words),
        _precision(manifest, tables),
        _scores(manifest, tables, words),
        _outside(tables, words),
        _without(tables, words),
        _allocation(manifest, tables, words),
        _notes(manifest),
        _acts(tables, words),
        _coverage(tables, words),
        _limits(tables, words),
        *(sentence(f"Not in this run: {one_line(p['words'])}") for p in manifest.get("failed", ())),
        _trust(manifest),
    ]
    return framed(words, parts)


def _notes(manifest: Manifest) -> str:
    notes = (*manifest.get("allocation", {}).get("notes", ()), *manifest["notes"])
    return notes_text([note["words"] for note in notes], "--json, or manifest.json of the run")


def _method(manifest: Manifest) -> str:
    method = dict(manifest["method"])
    name = method.pop("name")
    stated = ", ".join(f"{key} {_stated(value)}" for key, value in method.items())
    return f"Ranked by {method_name(name)}{f' ({stated})' if stated else ''}."


def _changes(manifest: Manifest) -> str:
    every = manifest["changes"]
    rows: list[tuple[str, ...]] = [
        (c["scenario"], c["set"], _stated(c["old"]), _stated(c["new"]), c["because"]) for c in every
    ]
    columns = [(head, "left") for head in ("Scenario", "Changed", "From", "To", "Because")]
    if any(c["by"] or c["date"] for c in every):
        who = [", ".join(filter(None, (c["by"], c["date"]))) for c in every]
        rows = [(*row, one) for row, one in zip(rows, who, strict=True)]
        columns.append(("By", "left"))
    return titled_table("Changes", columns, rows)


def _stated(value: object) -> str:
    return one_line(said(value, str))


def _precision(manifest: Manifest, tables: Tables) -> str:
    """Return how many draws the tiers and ranks rest on, and what chance may do to a share."""
    table = tables.get("acceptability")
    if table is None:
        return ""
    errors = [name for name in ("designated_error", "first_error") if name in table]
    error = float(table[errors].to_numpy().max(initial=0.0))
    tiers = "tier" in table and (table["tier"] != "").any()
    what = "Tiers, and ranks in 90 %" if tiers else "Ranks in 90 %"
    return (
        f"{what}: of {manifest['draws']:,} draws; standard error of a share at most "
        f"{general(100 * error, 2)} points."
    )


def _drawn(tables: Tables) -> dict[str, tuple[str, str]]:
    """Return by package its tier, and the ranks that it keeps in 90 % of the draws."""
    table = tables.get("acceptability")
    if table is None:
        return {}
    return {
        str(row["package"]): (row.get("tier", ""), rank_range(row["rank_low"], row["rank_high"]))
        for row in records(table)
    }


def _ranking(manifest: Manifest, tables: Tables, words: Words) -> str:
    ranking = tables["ranking"]
    ranked = ranking[ranking["rank"].notna()]
    got = whole(tables, "allocation").groupby("package")["allocated"].sum()
    unit = words.money.unit(got)
    sure, tied = _drawn(tables), _tied(tables)
    cut = any(tier for tier, _ in sure.values())
    parts = set(manifest["parts"])
    tools = "allocation" in parts and manifest["allocation"]["status"] in STANDING
    columns = [
        ("Rank", "right"),
        (words.head.package, "left"),
        ("Title", "left"),
        ("Overall", "right"),
        *((("Spread", "right"),) if "agencies" in parts else ()),
        *(((words.head.priority, "left"),) if "designation" in parts else (("", "left"),)),
        *((("Tier", "left"),) if cut else ()),
        *((("Rank in\n90 %", "left"),) if sure else ()),
        *(((f"Proposed\n{unit.head}", "right"),) if tools else ()),
    ]
    rows = [
        (
            row["rank"],
            row["package"],
            shortened(str(row["title"])),
            overall_shown(row["overall"], row["reason_findings"]),
            *((points(row["spread"]),) if "agencies" in parts else ()),
            _mark(row, tied),
            *((sure.get(str(row["package"]), ("", ""))[0],) if cut else ()),
            *((sure.get(str(row["package"]), ("", ""))[1],) if sure else ()),
            *((unit.amount(int(got.get(row["package"], 0))),) if tools else ()),
        )
        for row in records(ranked)
    ]
    return titled_table("Ranked portfolio", columns, rows)


def _scores(manifest: Manifest, tables: Tables, words: Words) -> str:
    """Return what each agency scores, beside the ranks."""
    if "agencies" not in manifest["parts"]:
        return ""
    ranking, names = tables["ranking"], manifest["agencies"]
    ranked = ranking[ranking["rank"].notna()]
    columns = [
        ("Rank", "right"),
        (words.head.package, "left"),
        *((n, "right") for n in names.values()),
    ]
    rows = [
        (row["rank"], row["package"], *agency_scores(row, names).values())
        for row in records(ranked)
    ]
    return titled_table(f"Scores by {words.agency}", columns, rows)


def _tied(tables: Tables) -> dict[str, Tied]:
    """Return by package with whom it is tied for support."""
    table = whole(tables, "allocation")
    rows = zip(table["package"], table["reason_findings"], strict=True)
    return {str(p): one for p, found in rows for one in found if isinstance(one, Tied)}


def _mark(row: Mapping[str, Any], tied: Mapping[str, Tied]) -> str:
    marks = ["yes" if row.get("designated") else ""]
    if row.get("contested"):
        marks.append("tied at the cut")
    if row["package"] in tied:
        marks.append("tied for support")
    if row["outcome"] == "unknown":
        marks.append("unsettled")
    if row["red_flags"]:
        marks.append("red flag")
    if any(isinstance(one, StandingPackage) for one in row["reason_findings"]):
        marks.append("standing")
    return ", ".join(mark for mark in marks if mark)


def _outside(tables: Tables, words: Words) -> str:
    every = records(tables["gates"])
    failed = [one for one in every if one["outcome"] == "failed" and not one.get("tools")]
    rows = [(r["package"], r["label"], r["reason"]) for r in failed]
    columns = [(words.head.package, "left"), ("Requirement", "left"), ("Fact", "left")]
    return titled_table("Failed a requirement: not ranked", columns, rows)


def _without(tables: Tables, words: Words) -> str:
    """Return which requirements of tools are not passed, so that these give nothing."""
    every = records(tables["gates"])
    open_ = [one for one in every if one.get("tools") and one["outcome"] != "passed"]
    rows = [
        (r["package"], " ".join(r["tools"]), r["label"], r["outcome"], r["reason"]) for r in open_
    ]
    columns = [(words.head.package, "left"), (words.head.tools, "left"), ("Requirement", "left")]
    columns += heads("gates", words, "outcome", "reason")
    return titled_table(f"Not passed for {words.a_tool}: it gives nothing", columns, rows)


def _allocation(manifest: Manifest, tables: Tables, words: Words) -> str:
    if "allocation" not in manifest["parts"]:
        return ""
    told, allocation = manifest["allocation"], tables["allocation"]
    status = words.fill(STATUS[told["status"]])
    served = allocation[allocation["allocated"] > 0]
    conflicts = "".join(f"\n  {one_line(conflict['words'])}" for conflict in told["conflicts"])
    if served.empty:
        return f"Proposed: {status}{conflicts}"
    tools = _tools(tables)
    given = served.groupby(["package", "tool"])["allocated"].sum().unstack(fill_value=0)
    order = [p for p in tables["ranking"]["package"] if p in given.index]
    unit, columns, rows, total = amounts_rows(
        given.loc[order, [t for t in tools if t in given]], words
    )
    head = f"Proposed, {unit.head}: {status}{conflicts}"
    cost = (
        f"Subsidy cost {words.money.amount(told['subsidy_usd'])}; gap to the bound "
        f"{general(told['gap'], 2)}"
    )
    return f"{titled_table(head, columns, rows, total)}\n{cost}"


def _coverage(tables: Tables, words: Words) -> str:
    """Return where the strategy is met."""
    found = [] if "coverage" not in tables else records(tables["coverage"])
    amounts = ("proposed_usd",) if found and "proposed_usd" in found[0] else ()
    unit = words.money.unit(row[name] for row in found for name in amounts)
    names = ("label", "state", "packages", *amounts)
    rows = [
        (
            row["label"],
            row["state"],
            " ".join(row["packages"]),
            *("" if row[name] is None else unit.amount(row[name]) for name in amounts),
        )
        for row in found
    ]
    return titled_table(
        "Where the strategy is met", heads("coverage", words, *names, unit=unit.head), rows
    )


def _tools(tables: Tables) -> list[str]:
    """Return the tools in the report's order, which is that of the sources."""
    sources = tables["sources"]
    stated = sources["id"][sources["kind"] == "tool"].astype(str)
    return list(dict.fromkeys([*stated, *tables["allocation"]["tool"]]))


def _acts(tables: Tables, words: Words) -> str:
    """Return when institutions may act whose notices have clocks, and what is not in time."""
    table = tables.get("acts")
    if table is None:
        return ""
    waiting = set(table.loc[table["limits"].map(bool), "institution"])
    mine = table[table["institution"].isin(waiting) & (table["state"] != "not_open")]
    unit, rows = words.money.unit(mine["amount_usd"]), []
    for (institution, reading), own in mine.groupby(["institution", "reading"], sort=False):
        days = sorted(set(own["not_before"]))
        starts = sorted(set(own["last_start"]) - {""})
        more = " or later" if (own["state"] == "not_known").any() else ""
        late = int(own["late"].fillna(value=False).sum())
        rows.append(
            (
                *(institution, reading, len(own), unit.amount(int(own["amount_usd"].sum()))),
                (f"{days[0]} to {days[-1]}" if len(days) > 1 else days[0]) + more,
                starts[0] if starts else "",
                *((late or "",) if mine["late"].any() else ()),
            )
        )
    columns = [
        *((head, "left") for head in (words.head.institution, "Count of days")),
        *((head, "right") for head in (words.head.packages, f"Proposed\n{unit.head}")),
        *((head, "left") for head in ("Earliest act", "Last start")),
        *(((f"{words.head.packages}\ntoo late", "right"),) if mine["late"].any() else ()),
    ]
    return titled_table(
        f"When {words.institutions} may act, by how days are counted", columns, rows
    )


def _bound(row: Mapping[str, Any], unit: Unit, words: Words) -> str:
    if row["measure"] == "packages":
        return words.packages_counted(row["bound"])
    return unit.amount(row["bound"])


def _limits(tables: Tables, words: Words) -> str:
    limits = whole(tables, "limits")
    binding = limits[limits["binding"]]
    in_usd = binding[binding["measure"] != "packages"]
    unit = words.money.unit(bound for bound in in_usd["bound"] if pd.notna(bound))
    together: Columns = [("Or", "left")] if binding["together"].any() else []
    columns = [
        *heads("limits", words, "limit"),
        ("Name", "left"),
        *heads("limits", words, "group", "kind", "bound", unit=unit.head),
        (f"Points per further {words.money.million}", "right"),
        *together,
        *heads("limits", words, "confidence"),
    ]
    rows = [
        (
            words.key(row["limit"]),
            row["label"],
            row["group"],
            words.fill(KIND.get(row["kind"], "")) or row["kind"],
            "not known" if row["bound"] is None else _bound(row, unit, words),
            "" if row["shadow_price"] is None else general(row["shadow_price"] * 1e6, 3),
            *([row["together"]] if together else []),
            row["confidence"],
        )
        for row in records(binding)
    ]
    return titled_table("Limits that bind (prices are local)", columns, rows)


def _trust(manifest: Manifest) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in manifest["confidence"].items() if count)
    return f"The result rests on numbers and rules that are: {counts}."
