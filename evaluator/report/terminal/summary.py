"""A run as text for the terminal. Reads the tables of a run, computes nothing but their sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from evaluator.allocation.explain.findings import Tied
from evaluator.report.formatting.names import method_name
from evaluator.report.formatting.numbers import (
    ONE_MILLION,
    dollars,
    fixed,
    general,
    measured,
    points,
    share,
    unit_of,
)
from evaluator.report.formatting.phrases import NOT_AN_AWARD, STATUS, sentence
from evaluator.report.formatting.records import records
from evaluator.report.formatting.text import Columns, amounts_rows, heads, text_table
from evaluator.report.terminal.notes import notes_text
from evaluator.report.viewmodel.changes import said
from evaluator.report.viewmodel.portfolio import BY_DRAWS, overall_shown, scores_shown
from evaluator.sanitize import shortened

Manifest = Mapping[str, Any]
Tables = Mapping[str, pd.DataFrame]
_ROWS = 60
"""Rows of a table that a terminal shows; the files hold all of them."""
_SOLVED = ("optimal", "feasible")


def summary(manifest: Manifest, tables: Tables) -> str:
    """Return the ranked table, the allocation, and the limits that bind."""
    parts = [
        f"{_line(manifest['title'])} ({manifest['scenario']}), as of {manifest['as_of']}, "
        f"study {manifest['fingerprint'][:12]}",
        NOT_AN_AWARD,
        _method(manifest),
        _changes(manifest),
        *(f"Decided: {sentence(_line(one['words']))}" for one in manifest["overrides"]),
        _ranking(tables),
        _precision(manifest, tables),
        _scores(manifest, tables),
        _outside(tables),
        _allocation(manifest, tables),
        _notes(manifest),
        _limits(tables),
        *(f"Not in this run: {_line(part['words'])}." for part in manifest.get("failed", ())),
        _trust(manifest),
    ]
    return "\n".join(part for part in parts if part)


def package_view(manifest: Manifest, tables: Tables, package: str) -> str:
    """Return everything that a run says of one package."""
    row = _of(tables["ranking"], package).iloc[0]
    place = f"rank {row['rank']}" if pd.notna(row["rank"]) else "not ranked"
    names: Mapping[str, str] = manifest["agencies"]
    state = "priority" if row["designated"] else "not priority"
    why = f" ({row['reason']})" if row["reason"] else ""
    overall = overall_shown(row["overall"], row["reason_findings"])
    head = f"{package}  {_line(row['title'])}\n{place}, overall {overall}, {state}{why}"
    each = _shown(row.to_dict(), names)
    scores = "   ".join(f"{name} {each[a]}" for a, name in names.items())
    parts = [
        head,
        f"Agencies: {scores}",
        f"Lowest: {names[row['lowest_agency']]}; spread {points(float(row['spread']))}",
        *_sure(manifest, tables, package),
        *(f"Decided: {sentence(_line(words))}" for words in _decided(manifest, package)),
        _red_flags(tables, row["red_flags"]),
        _criteria(tables, package),
        _gates(tables, package),
        _requests(tables, package),
        _takes(manifest, tables, package),
        NOT_AN_AWARD,
    ]
    return "\n".join(part for part in parts if part)


def _red_flags(tables: Tables, criteria: Sequence[str]) -> str:
    """Return the labels of criteria under their floors, with the ids of the table below."""
    stated = tables["sources"].query("kind == 'criterion'").set_index("id")["label"]
    told = "; ".join(f"{stated[one]} ({one})" for one in criteria)
    return f"Red flags: {told}" if told else ""


def _decided(manifest: Manifest, package: str) -> Iterator[str]:
    """Yield the named decisions about a package."""
    for one in manifest["overrides"]:
        if one["arguments"]["subject"] == package:
            yield one["words"]


def _table(
    title: str, columns: Columns, rows: Sequence[Sequence[Any]], total: Sequence[Any] = ()
) -> str:
    """Return a table of one line a cell, cut where it is long; nothing if it has no row.

    total: a last row that sums up all of them.
    """
    if not rows:
        return ""
    lines = [[_line(cell) for cell in row] for row in rows[:_ROWS]]
    table = text_table(title, columns, [*lines, total] if total else lines)
    more = len(rows) - len(lines)
    return f"{table.rstrip()}\nand {more:,} more rows in the files of the run\n" if more else table


def _line(value: object) -> str:
    return " ".join(str(value).split())


def _notes(manifest: Manifest) -> str:
    notes = (*manifest["allocation"]["notes"], *manifest["notes"])
    return notes_text([note["words"] for note in notes], "--json, or manifest.json of the run")


def _method(manifest: Manifest) -> str:
    method = dict(manifest["method"])
    name = method.pop("name")
    stated = ", ".join(f"{key} {_stated(value)}" for key, value in method.items())
    return f"Ranked by {method_name(name)}{f' ({stated})' if stated else ''}."


def _changes(manifest: Manifest) -> str:
    rows = [
        (c["scenario"], c["set"], _stated(c["old"]), _stated(c["new"]), c["because"])
        for c in manifest["changes"]
    ]
    columns = [(head, "left") for head in ("Scenario", "Changed", "From", "To", "Because")]
    return _table("Changes", columns, rows)


def _stated(value: object) -> str:
    return _line(said(value, {}))


def _precision(manifest: Manifest, tables: Tables) -> str:
    """Return how many draws the tiers and ranks rest on, and what chance may do to a share."""
    table = tables.get("acceptability")
    if table is None:
        return ""
    error = float(table[["designated_error", "first_error"]].to_numpy().max(initial=0.0))
    what = "Tiers, and ranks in 90 %" if (table["tier"] != "").any() else "Ranks in 90 %"
    return (
        f"{what}: of {manifest['draws']:,} draws; standard error of a share at most "
        f"{general(100 * error, 2)} points."
    )


def _sure(manifest: Manifest, tables: Tables, package: str) -> Iterator[str]:
    """Yield what the draws say of one package."""
    table = tables.get("acceptability")
    rows = [] if table is None else records(_of(table, package))
    for row in rows:
        ranks = f"rank {_between(row['rank_low'], row['rank_high'])} in 90 %"
        if row["tier"] not in BY_DRAWS:
            by_name = f"{row['tier']}, whatever is drawn; " if row["tier"] else ""
            yield sentence(f"{by_name}{ranks} of {manifest['draws']:,} draws")
        else:
            yield (
                f"Tier: {row['tier']}, priority in {share(row['designated_share'])} of "
                f"{manifest['draws']:,} draws (standard error "
                f"{fixed(100 * row['designated_error'], 1)} points); {ranks} of them"
            )


def _between(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _drawn(tables: Tables) -> dict[str, tuple[str, str]]:
    """Return by package its tier, and the ranks that it keeps in 90 % of the draws."""
    table = tables.get("acceptability")
    if table is None:
        return {}
    columns = (table[name] for name in ("package", "tier", "rank_low", "rank_high"))
    return {
        str(package): (str(tier), _between(low, high))
        for package, tier, low, high in zip(*columns, strict=True)
    }


def _ranking(tables: Tables) -> str:
    ranking = tables["ranking"]
    ranked = ranking[ranking["rank"].notna()]
    got = tables["allocation"].groupby("package")["allocated"].sum()
    unit = unit_of(got)
    sure, tied = _drawn(tables), _tied(tables)
    cut, tools = any(tier for tier, _ in sure.values()), _tools(tables)
    columns = [
        ("Rank", "right"),
        ("Package", "left"),
        ("Title", "left"),
        ("Overall", "right"),
        ("Spread", "right"),
        ("Priority", "left"),
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
            points(row["spread"]),
            _mark(row, tied),
            *((sure.get(str(row["package"]), ("", ""))[0],) if cut else ()),
            *((sure.get(str(row["package"]), ("", ""))[1],) if sure else ()),
            *((unit.amount(int(got.get(row["package"], 0))),) if tools else ()),
        )
        for row in records(ranked)
    ]
    return _table("Ranked portfolio", columns, rows)


def _shown(row: Mapping[Any, Any], names: Mapping[str, str]) -> dict[str, str]:
    return scores_shown({a: row[f"score.{a}"] for a in names}, row["reason_findings"])


def _scores(manifest: Manifest, tables: Tables) -> str:
    """Return what each agency scores, beside the ranks."""
    ranking, names = tables["ranking"], manifest["agencies"]
    ranked = ranking[ranking["rank"].notna()]
    columns = [("Rank", "right"), ("Package", "left"), *((n, "right") for n in names.values())]
    rows = [(row["rank"], row["package"], *_shown(row, names).values()) for row in records(ranked)]
    return _table("Scores by agency", columns, rows)


def _tied(tables: Tables) -> dict[str, Tied]:
    """Return by package with whom it is tied for support."""
    table = tables["allocation"]
    rows = zip(table["package"], table["reason_findings"], strict=True)
    return {str(p): one for p, found in rows for one in found if isinstance(one, Tied)}


def _mark(row: Mapping[str, Any], tied: Mapping[str, Tied]) -> str:
    marks = ["yes" if row["designated"] else ""]
    if row["contested"]:
        marks.append("tied at the cut")
    if row["package"] in tied:
        marks.append("tied for support")
    if row["outcome"] == "unknown":
        marks.append("unsettled")
    if row["red_flags"]:
        marks.append("red flag")
    return ", ".join(mark for mark in marks if mark)


def _outside(tables: Tables) -> str:
    failed = tables["gates"][tables["gates"]["outcome"] == "failed"]
    rows = [(r["package"], r["label"], r["reason"]) for r in records(failed)]
    columns = [("Package", "left"), ("Requirement", "left"), ("Fact", "left")]
    return _table("Failed a requirement: not ranked", columns, rows)


def _allocation(manifest: Manifest, tables: Tables) -> str:
    told = manifest["allocation"]
    allocation = tables["allocation"]
    if not _tools(tables):
        return ""
    status = STATUS[told["status"]]
    served = allocation[allocation["allocated"] > 0]
    conflicts = "".join(f"\n  {_line(conflict['words'])}" for conflict in told["conflicts"])
    if served.empty:
        return f"Proposed: {status}{conflicts}"
    tools = _tools(tables)
    given = served.groupby(["package", "tool"])["allocated"].sum().unstack(fill_value=0)
    order = [p for p in tables["ranking"]["package"] if p in given.index]
    unit, columns, rows, total = amounts_rows(given.loc[order, [t for t in tools if t in given]])
    head = f"Proposed, {unit.head}: {status}{conflicts}"
    cost = (
        f"Subsidy cost {dollars(told['subsidy_usd'])}; gap to the bound {general(told['gap'], 2)}"
    )
    return f"{_table(head, columns, rows, total)}\n{cost}"


def _tools(tables: Tables) -> list[str]:
    """Return the tools in the report's order, which is that of the sources."""
    sources = tables["sources"]
    stated = sources["id"][sources["kind"] == "tool"].astype(str)
    return list(dict.fromkeys([*stated, *tables["allocation"]["tool"]]))


def _limits(tables: Tables) -> str:
    limits = tables["limits"]
    binding = limits[limits["binding"]]
    unit = unit_of(bound for bound in binding["bound"] if pd.notna(bound))
    together: Columns = [("Or", "left")] if binding["together"].any() else []
    columns = [
        *heads("limits", "limit"),
        ("Name", "left"),
        *heads("limits", "group", "kind", "bound", unit=unit.head),
        (f"Points per further {ONE_MILLION}", "right"),
        *together,
        *heads("limits", "confidence"),
    ]
    rows = [
        (
            row["limit"],
            row["label"],
            row["group"],
            row["kind"],
            "not known" if row["bound"] is None else unit.amount(row["bound"]),
            "" if row["shadow_price"] is None else general(row["shadow_price"] * 1e6, 3),
            *([row["together"]] if together else []),
            row["confidence"],
        )
        for row in records(binding)
    ]
    return _table("Limits that bind (prices are local)", columns, rows)


def _trust(manifest: Manifest) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in manifest["confidence"].items() if count)
    return f"The result rests on numbers and rules that are: {counts}."


def _criteria(tables: Tables, package: str) -> str:
    columns: Columns = [
        *((head, "left") for head in ("Criterion", "Raw")),
        *((head, "right") for head in ("Value", "Weight", "Contribution")),
        ("Note", "left"),
    ]
    rows = [
        (
            row["criterion"],
            _measured(row) if (row["kind"], row["state"]) == ("measure", "known") else row["raw"],
            "missing: 0" if row["state"] == "missing" else points(row["value"]),
            fixed(row["effective_weight"], 4),
            fixed(row["contribution"], 2),
            " ".join(filter(None, ["RED FLAG" if row["red_flag"] else "", row["note"]])),
        )
        for row in records(_of(tables["values"], package))
    ]
    return _table("Criteria (weight in the overall score)", columns, rows)


def _measured(row: Mapping[str, Any]) -> str:
    """Return what was measured with its unit, in groups of three digits."""
    return f"{measured(str(row['raw']))} {row['unit']}".strip()


def _gates(tables: Tables, package: str) -> str:
    columns = [("Requirement", "left"), *heads("gates", "outcome", "reason", "citation")]
    rows = [
        (r["label"], r["outcome"], r["reason"], r["citation"])
        for r in records(_of(tables["gates"], package))
    ]
    return _table("Requirements", columns, rows)


def _requests(tables: Tables, package: str) -> str:
    requests = _of(tables["allocation"], package)
    unit = unit_of(requests[["requested", "allocated"]].to_numpy().ravel().tolist())
    columns = [
        ("Tool", "left"),
        (f"Asked {unit.head}", "right"),
        ("Eligible", "right"),
        ("Proposed", "right"),
        ("Why", "left"),
    ]
    rows = [
        (
            r["tool"],
            unit.amount(float(r["requested"])),
            unit.amount(float(r["eligible"])),
            unit.amount(float(r["allocated"])),
            r["reason"],
        )
        for r in records(requests)
    ]
    return _table("Requests", columns, rows)


def _takes(manifest: Manifest, tables: Tables, package: str) -> str:
    """Say what a designated package without support would need, or which run says so."""
    known = "what_it_takes" in tables
    found = _of(tables["what_it_takes"], package)["sentence"].tolist() if known else []
    if found:
        return f"What it would take: {_line(found[0])}"
    designated = _of(tables["ranking"], package)["designated"].iloc[0]
    told = manifest["allocation"]
    if not designated or package in told["supported"] or told["status"] not in _SOLVED:
        return ""
    if known:
        return "What it would take: not looked at; of a large program only the best ranked are."
    return "What it would take: run the scenario with --full, and explain the package of that run."


def _of(table: pd.DataFrame, package: str) -> pd.DataFrame:
    return table[table["package"] == package]
