"""What the brief says, as plain data for its template: the report's own numbers and words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any, get_args

from evaluator.model.parts import Part
from evaluator.report.formatting.direction import Isolate, isolation
from evaluator.report.formatting.money import Unit
from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.formatting.numbers import fixed, points, share
from evaluator.report.formatting.phrases import (
    CONFIDENCE,
    STATE,
    STATUS,
    in_full,
    objective,
    sentence,
    stamp,
    supposed,
)
from evaluator.report.formatting.records import grouped
from evaluator.report.messages import in_words, say, say_all
from evaluator.report.messages.allocation import all_noted, conflict_in_words
from evaluator.report.pdf.first_page import first_page
from evaluator.report.pdf.texts import short, whole
from evaluator.report.viewmodel.decision.before_money import before_money
from evaluator.report.viewmodel.decision.contested import contested
from evaluator.report.viewmodel.decision.lines import decision_title, standing, unbound
from evaluator.report.viewmodel.decision.rests import WEAK, missing_in_words, weak_kinds
from evaluator.report.viewmodel.money.envelope import matrix
from evaluator.report.viewmodel.money.limits import LimitLine, limit_lines
from evaluator.report.viewmodel.packages.certainty import distributions, precision
from evaluator.report.viewmodel.packages.portfolio import Ranked, ranked
from evaluator.report.viewmodel.versions.changes import change_lines
from evaluator.results.evaluation import Evaluation, Uncertainty
from evaluator.results.judgement import Departure
from evaluator.sanitize import seen
from evaluator.scoring.gates import of_packages
from evaluator.uncertainty.tiers import NoCut, TierRule

Data = dict[str, Any]
_PACKAGES, _LIMITS, _OPEN, _OUT, _CHANGES, _NOTES, _KINDS, _TURNS = 25, 7, 10, 6, 5, 2, 6, 12
"""Rows that keep the brief within four pages; the report has all."""
_FIRST, _LONG = 10, 24
"""Packages that are listed where they are more than a page holds; letters of an agency's name and
its score that take two lines, so that half as many rows do."""
_TITLE, _CELL, _WHY, _NOTE, _TEXT = 50, 120, 320, 320, 670
"""Characters of a package's title, of another cell, of reasons, of notes, and of any other text."""


def content(evaluation: Evaluation) -> Data:
    """Return texts and numbers as they are printed; bars and intervals also as plain numbers."""
    study, rows, w = evaluation.study, ranked(evaluation), names_of(evaluation).words
    bills = supposed(one.bill for one in study.scenario.if_enacted)
    found = {
        "stamp": stamp(study.scenario),
        "marking": w.marking,
        "disclaimer": " ".join(filter(None, (bills and f"{bills}.", w.disclaimer))),
        "words": w.nouns,
        "heads": w.head.nouns,
        "programme": study.scenario.programme or "",
        "title": study.scenario.title,
        "scenario": study.scenario.scenario,
        "as_of": in_full(study.as_of),
        "fingerprint": study.fingerprint[:12],
        "parts": {part: part in study.parts for part in get_args(Part)},
        "decision_title": decision_title(evaluation),
        "first": first_page(evaluation),
        "changes": _changes(evaluation),
        "ranking": _ranking(evaluation, rows),
        "tools": _tools(evaluation),
        "limits": _limits(evaluation),
        "open": _open(evaluation),
        "out": _left_out(evaluation, rows),
        "beside": _beside(evaluation, rows),
        "before": _before(evaluation),
        "rests": _rests(evaluation),
    }
    isolate = isolation(study, "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}")
    plain: Data = _printable(found, isolate or str)
    return plain


def _printable(value: Any, isolate: Isolate) -> Any:
    """Return all texts cut to what a page can bear, without what cannot be printed."""
    if isinstance(value, str):
        return isolate(short(seen(value), _TEXT))
    if isinstance(value, dict):
        return {key: _printable(each, isolate) for key, each in value.items()}
    return [_printable(each, isolate) for each in value] if isinstance(value, list) else value


def _changes(evaluation: Evaluation) -> Data:
    lines = change_lines(evaluation)
    return {
        "rows": [
            {
                "key": "" if line.what else short(line.key, _CELL),
                "what": line.what,
                "old": short(line.old, _CELL),
                "new": short(line.new, _CELL),
                "because": short(line.because, _CELL),
            }
            for line in lines[:_CHANGES]
        ],
        "more": max(0, len(lines) - _CHANGES),
    }


def _ranking(evaluation: Evaluation, rows: Sequence[Ranked]) -> Data:
    parted = "designation" in evaluation.study.parts
    chosen = [row for row in rows if (row.designated if parted else row.rank is not None)]
    placed = sum(row.rank is not None for row in rows)
    drawn, names = evaluation.uncertainty, agency_names(evaluation)
    every = [{**_standing(row), **_scores(row, names)} for row in chosen]
    broken = any(len(row["lowest"]) > _LONG for row in every[:_PACKAGES])
    fits = len(chosen) <= (_PACKAGES // 2 if broken else _PACKAGES)
    listed = every if fits else every[:_FIRST]
    return {
        "rows": listed,
        "broken": broken,
        "more": len(chosen) - len(listed),
        "placed": placed,
        "standing": [sentence(text) for text in standing(evaluation, chosen)],
        "drawn": drawn is not None,
        "tiers": drawn is not None and drawn.clear is not None,
        "method": list(_drawn(evaluation, drawn)) if drawn else [],
    }


def _standing(row: Ranked) -> Data:
    """Return who it is, and where it stands for sure."""
    return {
        "rank": "–" if row.rank is None else str(row.rank),
        "package": row.package,
        "title": short(row.title, _TITLE),
        "tier": row.tier.capitalize(),
        "certain": row.tier in ("clear", "included"),
        "share": "" if row.in_share is None else share(row.in_share),
        "place": row.rank,
        "low": row.rank_low,
        "high": row.rank_high,
    }


def _scores(row: Ranked, names: Mapping[str, str]) -> Data:
    return {
        "overall": row.overall_shown,
        "bar": row.overall,
        "lowest": f"{names[row.lowest]} {row.scores_shown[row.lowest]}",
        "spread": points(row.spread),
        "flags": short(", ".join(row.red_flags), _CELL),
    }


def _drawn(evaluation: Evaluation, uncertainty: Uncertainty) -> Iterator[str]:
    """Say how many draws there are, from what, and how tiers are formed."""
    yield f"{sentence(precision(uncertainty))} Shares of draws are not probabilities of success."
    for what, how in distributions(evaluation):
        yield sentence(f"{what}: {how}")
    tiers = [rule for rule in uncertainty.rules if isinstance(rule, TierRule | NoCut)]
    for note in (*tiers, *uncertainty.notes[:_NOTES]):
        yield sentence(say(note, names_of(evaluation)))


def _tools(evaluation: Evaluation) -> Data:
    found, allocation = matrix(evaluation), evaluation.allocation
    w = names_of(evaluation).words
    settings = evaluation.study.scenario.allocation
    served = [sum(bool(row.amounts[i]) for row in found.rows) for i in range(len(found.tools))]
    columns = zip(found.tools, found.envelopes, found.asked, found.totals, served, strict=True)
    return {
        "rows": [
            {
                "name": f"{institution}: {short(label, _CELL)}",
                **_sums(found.unit, envelope, asked, given, count),
            }
            for (institution, label), envelope, asked, given, count in columns
        ],
        "total": _sums(
            found.unit,
            found.total_envelope,
            found.total_asked,
            found.total,
            len(allocation.supported),
        ),
        "unit": found.unit.head,
        "status": sentence(w.fill(STATUS[allocation.status])),
        "objective": sentence(f"The program maximises {objective(settings, w)}"),
        "subsidy": w.money.amount(allocation.subsidy_usd) if allocation.exists else "",
        "broken": [
            say(one, names_of(evaluation)) for one in allocation.certificate if allocation.exists
        ],
        "conflicts": [
            sentence(conflict_in_words(one, names_of(evaluation))) for one in allocation.conflicts
        ],
    }


def _sums(unit: Unit, envelope: int, asked: int, given: int | None, served: int) -> Data:
    return {
        "envelope": unit.amount(envelope),
        "asked": unit.amount(asked),
        "given": unit.amount(given),
        "met": _percent(given, asked),
        "used": _percent(given, envelope, 1),
        "bar": given / envelope if given and envelope else 0.0,
        "served": "–" if given is None else str(served),
    }


def _percent(part: float | None, whole: float, decimals: int = 0) -> str:
    return "–" if part is None or not whole else f"{fixed(100 * part / whole, decimals)} %"


def _limits(evaluation: Evaluation) -> Data:
    binding = [line for line in limit_lines(evaluation) if line.binding]
    binding.sort(key=lambda line: (bool(line.group), -abs(line.price or 0.0)))
    shown = binding[:_LIMITS]
    money = names_of(evaluation).words.money
    unit = money.unit([usd for line in shown for usd in line.amounts])
    return {
        "unit": unit.head,
        "million": money.million,
        "rows": [_limit(line, unit) for line in shown],
        "more": max(0, len(binding) - _LIMITS),
        "none": unbound(evaluation),
    }


def _limit(line: LimitLine, unit: Unit) -> Data:
    return {
        "name": short(line.name, _CELL),
        "source": f"{short(line.citation, _CELL)} ({line.confidence})",
        "kind": line.kind,
        "sense": "≥" if line.sense == "at_least" else "≤",
        "bound": "–" if line.bound is None else line.said(line.bound, unit.amount),
        "used": line.said(line.used, unit.amount),
        "missed": line.said(line.missed, unit.amount) if line.missed else "",
        "price": "–" if line.price is None else fixed(line.price, 4),
        "range": line.holds(unit.amount) or "–",
    }


def _beside(evaluation: Evaluation, rows: Sequence[Ranked]) -> list[str]:
    """Return what priority packages ask for beside money, a line a kind, by their ids."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        for one in evaluation.study.package_by_id[row.package].assistance if row.designated else ():
            found[one.kind][row.package] = None
    lines = (f"{kind}: {', '.join(packages)}" for kind, packages in sorted(found.items()))
    return [short(line, _WHY) for line in islice(lines, _KINDS)]


def _open(evaluation: Evaluation) -> Data:
    """Return what is contested, by draws or ties, or not settled for a requirement."""
    found, w = contested(evaluation), names_of(evaluation).words
    return {
        "rows": [
            {
                **_standing(one.row),
                "state": w.fill(STATE[one.row.state]),
                "why": whole(one.reasons, _WHY),
            }
            for one in found[:_OPEN]
        ],
        "more": max(0, len(found) - _OPEN),
    }


def _left_out(evaluation: Evaluation, rows: Sequence[Ranked]) -> Data:
    """Return who failed which requirement, and by what fact."""
    failed = [row for row in rows if row.state == "failed"]
    gates, names = grouped(of_packages(evaluation.gates), "package"), names_of(evaluation)

    def missed(row: Ranked) -> Iterator[str]:
        found = [gate for gate in gates.get(row.package, ()) if gate["outcome"] == "failed"]
        yield "; ".join(gate["label"] for gate in found)
        yield from (say_all(one, names) for one in dict.fromkeys(g["reason"] for g in found))

    return {
        "rows": [{**_standing(row), "why": whole(missed(row), _WHY)} for row in failed[:_OUT]],
        "more": max(0, len(failed) - _OUT),
    }


def _before(evaluation: Evaluation) -> Data:
    """Return who may act when, what changes in the law until then, and what may come too late."""
    found = before_money(evaluation)
    turns = found.turns if found else ()
    return {
        "actors": [vars(one) for one in found.actors] if found else [],
        "turns": [
            {name: short(text, _CELL) for name, text in vars(one).items()} for one in turns[:_TURNS]
        ],
        "more": max(0, len(turns) - _TURNS),
        "late": [short(text, _WHY) for text in found.late] if found else [],
    }


def _rests(evaluation: Evaluation) -> Data:
    departures = [n for n in evaluation.provenance.notes if isinstance(n, Departure)]
    notes = [
        *map(sentence, in_words(evaluation, departures)),
        *all_noted(evaluation.allocation.notes, names_of(evaluation)),
    ]
    return {
        "rows": [asdict(one) for one in weak_kinds(evaluation)],
        "words": [f"{name}: {CONFIDENCE[name]}" for name in WEAK],
        "missing": missing_in_words(evaluation),
        "notes": [short(note, _NOTE) for note in notes[:_NOTES]],
    }
