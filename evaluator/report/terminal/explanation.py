"""All that a run says of one package, as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from evaluator.model.study import Study
from evaluator.report.formatting.names import Name, name_of
from evaluator.report.formatting.numbers import (
    fixed,
    measured,
    points,
    share,
)
from evaluator.report.formatting.phrases import entered, sentence, supposed
from evaluator.report.formatting.records import Record, records
from evaluator.report.formatting.text import Columns, heads
from evaluator.report.formatting.words import Words, words_of
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
from evaluator.report.viewmodel.dossier import behind, ratings
from evaluator.report.viewmodel.packages.portfolio import BY_DRAWS, overall_shown

_SOLVED = ("optimal", "feasible")


def explanation(
    manifest: Manifest, tables: Tables, study: Study, package: str, wins: str = ""
) -> str:
    """Return everything that a run says of one package; wins: what would make it win, as text."""
    words, row = words_of(study.scenario), _of(tables["ranking"], package).iloc[0]
    place = f"rank {row['rank']}" if pd.notna(row["rank"]) else "not ranked"
    names: Mapping[str, str] = manifest.get("agencies", {})
    state = ""
    if "designation" in manifest["parts"]:
        state = f", {words.priority}" if row["designated"] else f", not {words.priority}"
    why = f" ({row['reason']})" if row["reason"] else ""
    overall = overall_shown(row["overall"], row["reason_findings"])
    head = f"{package}  {one_line(row['title'])}\n{place}, overall {overall}{state}{why}"
    parts = [
        head,
        *_agencies(row.to_dict(), names, words),
        *_sure(manifest, tables, package, words),
        *(f"Decided: {sentence(one_line(words))}" for words in _decided(manifest, package)),
        _red_flags(tables, row["red_flags"]),
        _criteria(tables, package),
        _gates(tables, package, words),
        _requests(tables, package, words),
        _assistance(study, package),
        _acts(tables, package, words),
        _takes(manifest, tables, package, words),
        wins,
        _ratings(study, package),
        _behind(study, package),
        words.disclaimer,
        supposed(manifest["if_enacted"]),
    ]
    return framed(words, parts)


def _agencies(row: Mapping[Any, Any], names: Mapping[str, str], words: Words) -> Iterator[str]:
    """Yield what each agency scores; nothing of one alone."""
    if names:
        each = agency_scores(row, names)
        scores = "   ".join(f"{name} {each[a]}" for a, name in names.items())
        yield f"{words.head.agencies}: {scores}"
        yield f"Lowest: {names[row['lowest_agency']]}; spread {points(float(row['spread']))}"


def _acts(tables: Tables, package: str, words: Words) -> str:
    """Return when institutions may act for it, by each count of days."""
    table = tables.get("acts")
    if table is None:
        return ""
    columns: Columns = [
        (head, "left")
        for head in (
            words.head.institution,
            "Count of days",
            "Earliest act",
            "Last start",
            "",
            "Notices",
        )
    ]
    rows = [
        (
            *(row["institution"], row["reading"]),
            row["earliest"] or _unknown_act(row),
            row["last_start"],
            "TOO LATE" if row["late"] else "",
            ", ".join(row["limits"]),
        )
        for row in records(_of(table, package))
    ]
    return titled_table(f"When {words.institutions} may act", columns, rows)


def _unknown_act(row: Mapping[str, Any]) -> str:
    return "not open" if row["state"] == "not_open" else f"{row['not_before']} or later"


def _named(tables: Tables, kind: str) -> Name:
    """Return what names criteria or tools."""
    sources = tables["sources"]
    stated = sources[sources["kind"] == kind]
    return name_of(dict(zip(stated["id"].astype(str), stated["label"], strict=True)))


def _red_flags(tables: Tables, criteria: Sequence[str]) -> str:
    named = _named(tables, "criterion")
    told = "; ".join(map(named, criteria))
    return f"Red flags: {told}" if told else ""


def _decided(manifest: Manifest, package: str) -> Iterator[str]:
    """Yield the named decisions about a package."""
    for one in manifest["overrides"]:
        if one["arguments"]["subject"] == package:
            yield one["words"]


def _sure(manifest: Manifest, tables: Tables, package: str, words: Words) -> Iterator[str]:
    """Yield what the draws say of one package."""
    table = tables.get("acceptability")
    rows = [] if table is None else records(_of(table, package))
    for row in rows:
        ranks = f"rank {rank_range(row['rank_low'], row['rank_high'])} in 90 %"
        if row.get("tier") not in BY_DRAWS:
            by_name = f"{row['tier']}, whatever is drawn; " if row.get("tier") else ""
            yield sentence(f"{by_name}{ranks} of {manifest['draws']:,} draws")
        else:
            yield (
                f"Tier: {row['tier']}, {words.priority} in {share(row['designated_share'])} of "
                f"{manifest['draws']:,} draws (standard error "
                f"{fixed(100 * row['designated_error'], 1)} points){_tied(row)}; {ranks} of them"
            )


def _tied(row: Record) -> str:
    told = f", tied for too few places in {share(row['tied_share'])}"
    return told if row["tied_share"] else ""


def _value(row: Record) -> str:
    """Return a value, or what stands in its place."""
    if row["value"] is None:
        return f"{row['state']}: left out"
    return "missing: 0" if row["state"] == "missing" else points(row["value"])


def _criteria(tables: Tables, package: str) -> str:
    columns: Columns = [
        *((head, "left") for head in ("Criterion", "Raw")),
        *((head, "right") for head in ("Value", "Weight", "Contribution")),
        *((head, "left") for head in ("Note", "Id")),
    ]
    named = _named(tables, "criterion")
    rows = [
        (
            named(row["criterion"]),
            _measured(row) if (row["kind"], row["state"]) == ("measure", "known") else row["raw"],
            _value(row),
            fixed(row["effective_weight"], 4),
            "not known" if row["contribution"] is None else fixed(row["contribution"], 2),
            " ".join(filter(None, ["RED FLAG" if row["red_flag"] else "", row["note"]])),
            row["criterion"],
        )
        for row in records(_of(tables["values"], package))
    ]
    return titled_table("Criteria (weight in the overall score)", columns, rows)


def _ratings(study: Study, package: str) -> str:
    every = [one for each in ratings(study, study.package_by_id[package]).values() for one in each]
    dated = any(one.entered for one in every)
    title = "Ratings" if dated else f"Ratings; {entered('them')}"
    last = ["Entered"] if dated else []
    columns: Columns = [
        (head, "left") for head in ("Criterion", "Evaluator", "Rating", "Rationale", *last)
    ]
    rows = [
        (
            *(one.label, one.evaluator, one.rating, one.rationale),
            *([one.entered or "not recorded"] if dated else []),
        )
        for one in every
    ]
    return titled_table(title, columns, rows)


def _assistance(study: Study, package: str) -> str:
    rows = [
        (one.kind, one.addressee, one.asked, one.source)
        for one in study.package_by_id[package].assistance
    ]
    columns = heads("assistance", words_of(study.scenario), "kind", "addressee", "asked", "source")
    return titled_table("Asked beside money", columns, rows)


def _behind(study: Study, package: str) -> str:
    rows = [
        (one.label, one.country, one.fact.kind, one.fact.fact, one.fact.date.isoformat(), told)
        for one in behind(study, study.package_by_id[package])
        for told in [f"{one.fact.citation} ({one.fact.confidence})"]
    ]
    columns = heads(
        "country_facts",
        words_of(study.scenario),
        "criterion",
        "country",
        "kind",
        "fact",
        "date",
        "citation",
    )
    return titled_table("Facts of its countries behind the ratings", columns, rows)


def _measured(row: Mapping[str, Any]) -> str:
    """Return what was measured with its unit, in groups of three digits."""
    return f"{measured(str(row['raw']))} {row['unit']}".strip()


def _gates(tables: Tables, package: str, words: Words) -> str:
    every = records(_of(tables["gates"], package))
    names = ("outcome", "reason", "citation")
    rows = [(r["label"], *(r[name] for name in names)) for r in every if not r.get("tools")]
    bound = [
        (r["label"], " ".join(r["tools"]), *(r[name] for name in names))
        for r in every
        if r.get("tools")
    ]
    label = ("Requirement", "left")
    of_package = titled_table("Requirements", [label, *heads("gates", words, *names)], rows)
    of_tools = [label, *heads("gates", words, "tools", *names)]
    return of_package + titled_table(f"Requirements of {words.tools}", of_tools, bound)


def _requests(tables: Tables, package: str, words: Words) -> str:
    requests = records(_of(whole(tables, "allocation"), package))
    unit = words.money.unit(r[name] for r in requests for name in ("requested", "allocated"))
    columns = [
        (words.head.tool, "left"),
        (f"Asked {unit.head}", "right"),
        ("Eligible", "right"),
        ("Proposed", "right"),
        *((head, "left") for head in ("Why", "Id")),
    ]
    named = _named(tables, "tool")
    rows = [
        (
            named(r["tool"]),
            unit.amount(r["requested"]),
            unit.amount(r["eligible"]),
            unit.amount(r["allocated"]),
            r["reason"],
            r["tool"],
        )
        for r in requests
    ]
    return titled_table("Requests", columns, rows)


def _takes(manifest: Manifest, tables: Tables, package: str, words: Words) -> str:
    """Say what a designated package without support would need, or which run says so."""
    known = "what_it_takes" in tables
    found = _of(tables["what_it_takes"], package)["sentence"].tolist() if known else []
    if found:
        return f"What it would take: {one_line(found[0])}"
    if "allocation" not in manifest["parts"]:
        return ""
    ranking = _of(tables["ranking"], package)
    designated = "designated" not in ranking or ranking["designated"].iloc[0]
    told = manifest["allocation"]
    if not designated or package in told["supported"] or told["status"] not in _SOLVED:
        return ""
    if known:
        return "What it would take: not looked at; of a large program only the best ranked are."
    return "What it would take: run the scenario with --full, and explain it in that run."


def _of(table: pd.DataFrame, package: str) -> pd.DataFrame:
    return table[table["package"] == package]
