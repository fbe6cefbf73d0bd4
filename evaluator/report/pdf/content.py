"""What the brief says, as plain data for its template: the report's own numbers and words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, islice
from typing import Any, get_args
from unicodedata import east_asian_width

from evaluator.model.parts import Part
from evaluator.report.formatting.direction import Isolate, isolation
from evaluator.report.formatting.money import Unit
from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.formatting.numbers import fixed, points, share
from evaluator.report.formatting.phrases import (
    CONFIDENCE,
    STATE,
    STATUS,
    kind_of,
    objective,
    sentence,
    stamp,
    supposed,
)
from evaluator.report.formatting.records import grouped
from evaluator.report.formatting.words import Words
from evaluator.report.messages import say, say_all
from evaluator.report.messages.allocation import all_noted
from evaluator.report.viewmodel.certainty import distributions, precision
from evaluator.report.viewmodel.changes import change_lines
from evaluator.report.viewmodel.decision import decision, decision_title, unbound
from evaluator.report.viewmodel.envelope import matrix
from evaluator.report.viewmodel.limits import LimitLine, limit_lines
from evaluator.report.viewmodel.overrides import named_decisions
from evaluator.report.viewmodel.portfolio import Ranked, ranked
from evaluator.report.viewmodel.ties import tied_for_support
from evaluator.report.viewmodel.unserved import unserved
from evaluator.results.evaluation import Evaluation, Uncertainty
from evaluator.sanitize import seen
from evaluator.scoring.gates import of_packages
from evaluator.uncertainty.tiers import NoCut, TierRule

Data = dict[str, Any]
WEAK = ("illustrative", "unverified")
_PACKAGES, _LIMITS, _OPEN, _OUT, _CHANGES, _NOTES, _OVERRIDES = 25, 7, 10, 6, 5, 2, 6
"""Rows that keep the brief within four pages; the report has all."""
_TITLE, _CELL, _WHY, _NOTE, _TEXT = 50, 120, 220, 200, 670
"""Characters of a package's title, of another cell, of reasons, of notes, and of any other text."""
_WIDE = "MWmw@%"
_DRIVERS = {
    "influence": "how much each {agency} counts",
    "weights": "weights of the criteria",
    "values": "ratings that differ and facts that are missing",
}


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
        "as_of": f"{study.as_of:%B} {study.as_of.day}, {study.as_of.year}",
        "fingerprint": study.fingerprint[:12],
        "parts": {part: part in study.parts for part in get_args(Part)},
        "decision_title": decision_title(evaluation),
        "decision": [
            {"head": line.head, "figure": line.figure, "text": line.text}
            for line in decision(evaluation)
        ],
        "overrides": _overrides(evaluation),
        "changes": _changes(evaluation),
        "ranking": _ranking(evaluation, rows),
        "tools": _tools(evaluation),
        "limits": _limits(evaluation),
        "open": _open(evaluation, rows),
        "out": _left_out(evaluation, rows),
        "beside": _beside(evaluation, rows),
        "rests": _rests(evaluation),
    }
    isolate = isolation(study, "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}")
    plain: Data = _printable(found, isolate or str)
    return plain


def _printable(value: Any, isolate: Isolate) -> Any:
    """Return all texts cut to what a page can bear, without what cannot be printed."""
    if isinstance(value, str):
        return isolate(_short(seen(value), _TEXT))
    if isinstance(value, dict):
        return {key: _printable(each, isolate) for key, each in value.items()}
    return [_printable(each, isolate) for each in value] if isinstance(value, list) else value


def _short(text: str, length: int) -> str:
    """Return a text cut to a length in letters, of which wide ones count twice."""
    if 2 * len(text) <= length:
        return text
    ends = list(accumulate(_counted(letter) for letter in text))
    if not ends or ends[-1] <= length:
        return text
    return f"{text[: bisect_right(ends, length - 1)].rstrip()}…"


def _counted(letter: str) -> int:
    return 2 if letter in _WIDE or east_asian_width(letter) in "WF" else 1


def _overrides(evaluation: Evaluation) -> Data:
    decided, names = named_decisions(evaluation), names_of(evaluation)
    return {
        "rows": [sentence(say(one, names)) for one in decided[:_OVERRIDES]],
        "more": max(0, len(decided) - _OVERRIDES),
    }


def _changes(evaluation: Evaluation) -> Data:
    lines = change_lines(evaluation)
    return {
        "rows": [
            {
                "key": "" if line.what else _short(line.key, _CELL),
                "what": line.what,
                "old": _short(line.old, _CELL),
                "new": _short(line.new, _CELL),
                "because": _short(line.because, _CELL),
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
    unit = names_of(evaluation).words.money.unit(
        [usd for row in chosen for usd in (row.asked, row.given)]
    )
    return {
        "unit": unit.head,
        "rows": [{**_standing(row), **_scores(row, names, unit)} for row in chosen[:_PACKAGES]],
        "more": max(0, len(chosen) - _PACKAGES),
        "placed": placed,
        "asked": unit.amount(sum(row.asked for row in chosen)),
        "given": unit.amount(matrix(evaluation).total),
        "drawn": drawn is not None,
        "tiers": drawn is not None and drawn.clear is not None,
        "method": list(_drawn(evaluation, drawn)) if drawn else [],
    }


def _standing(row: Ranked) -> Data:
    """Return who it is, and where it stands for sure."""
    return {
        "rank": "–" if row.rank is None else str(row.rank),
        "package": row.package,
        "title": _short(row.title, _TITLE),
        "tier": row.tier.capitalize(),
        "certain": row.tier in ("clear", "included"),
        "share": "" if row.in_share is None else share(row.in_share),
        "place": row.rank,
        "low": row.rank_low,
        "high": row.rank_high,
    }


def _scores(row: Ranked, names: Mapping[str, str], unit: Unit) -> Data:
    return {
        "overall": row.overall_shown,
        "bar": row.overall,
        "lowest": f"{names[row.lowest]} {row.scores_shown[row.lowest]}",
        "spread": points(row.spread),
        "flags": _short(", ".join(row.red_flags), _CELL),
        "asked": unit.amount(row.asked),
        "given": unit.amount(row.given) if row.given else "–",
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
                "name": f"{institution}: {_short(label, _CELL)}",
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
        "solved": bool(allocation.supported),
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
        "name": _short(line.name, _CELL),
        "source": f"{_short(line.citation, _CELL)} ({line.confidence})",
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
    return [_short(line, _WHY) for line in islice(lines, _OVERRIDES)]


def _open(evaluation: Evaluation, rows: Sequence[Ranked]) -> Data:
    """Return what is contested, by draws or ties, or not settled for a requirement."""
    tied, w = tied_for_support(evaluation), names_of(evaluation).words
    found = [row for row in rows if row.open or row.package in tied]
    reasons = _reasons(evaluation)
    return {
        "rows": [
            {
                **_standing(row),
                "state": w.fill(STATE[row.state]),
                "why": _short(" ".join(sentence(text) for text in reasons(row)), _WHY),
            }
            for row in found[:_OPEN]
        ],
        "more": max(0, len(found) - _OPEN),
    }


def _reasons(evaluation: Evaluation) -> Callable[[Ranked], Iterator[str]]:
    """Return what tells of a package why it is contested."""
    names, tied = agency_names(evaluation), tied_for_support(evaluation)
    w = names_of(evaluation).words
    agreed, drawn = evaluation.agreement, evaluation.uncertainty
    decisive = {} if agreed is None else agreed.packages["decisive"].to_dict()
    variance = {} if drawn is None else drawn.variance.to_dict("index")

    def told(row: Ranked) -> Iterator[str]:
        if row.why and not row.designated:
            yield row.why
        if row.package in tied:
            yield say(tied[row.package], names_of(evaluation))
        if row.red_flags:
            yield f"red flag: {', '.join(row.red_flags)}"
        if decisive.get(row.package):
            yield f"{names[decisive[row.package]]} alone decides whether it is in"
        moved = variance.get(row.package)
        shares = {k: moved[f"{k}_first"] for k in _DRIVERS} if moved else {}
        if any(shares.values()):
            most = max(shares, key=lambda name: shares[name])
            part = f"{share(shares[most])} of its variance"
            yield f"its score moves most with {w.fill(_DRIVERS[most])} ({part})"

    return told


def _left_out(evaluation: Evaluation, rows: Sequence[Ranked]) -> Data:
    """Return who failed which requirement, and which priority package gets nothing, and why."""
    w = names_of(evaluation).words
    failed = [row for row in rows if row.state == "failed"]
    without = unserved(evaluation)
    empty = [row for row in rows if row.package in without]
    gates, names = grouped(of_packages(evaluation.gates), "package"), names_of(evaluation)

    def missed(row: Ranked) -> list[str]:
        found = [gate for gate in gates.get(row.package, ()) if gate["outcome"] == "failed"]
        reasons = dict.fromkeys(gate["reason"] for gate in found)
        labels = "; ".join(gate["label"] for gate in found)
        return [labels, *(say_all(reason, names) for reason in reasons)]

    told = (
        *((row, "Failed a requirement", missed(row)) for row in failed[:_OUT]),
        *(
            (row, f"{w.head.priority}, no support", [without[row.package].held])
            for row in empty[:_OUT]
        ),
    )
    return {
        "rows": [
            {**_standing(row), "state": state, "why": _short(" ".join(map(sentence, why)), _WHY)}
            for row, state, why in told
        ],
        "more": max(0, len(failed) - _OUT) + max(0, len(empty) - _OUT),
    }


def _rests(evaluation: Evaluation) -> Data:
    sources, w = evaluation.provenance.sources, names_of(evaluation).words
    every = Counter(sources["kind"])
    weak = Counter(zip(sources["kind"], sources["confidence"], strict=True))
    rows = [
        {
            "kind": kind_of(kind, evaluation.study.parts, w),
            "of": count,
            **{name: weak[kind, name] for name in WEAK},
        }
        for kind, count in every.items()
        if any(weak[kind, name] for name in WEAK)
    ]
    performances = evaluation.performances
    missing = performances.loc[
        (performances["state"] == "missing") & performances["value"].notna(), "package"
    ]
    notes = all_noted(evaluation.allocation.notes, names_of(evaluation))
    return {
        "rows": rows,
        "words": [f"{name}: {CONFIDENCE[name]}" for name in WEAK],
        "missing": _missing(Counter(missing), w),
        "notes": [_short(note, _NOTE) for note in notes[:_NOTES]],
    }


def _missing(by_package: Mapping[str, int], w: Words) -> str:
    """Return in a sentence how many performances are missing, and of whom; nothing if none is."""
    count = sum(by_package.values())
    if not count:
        return ""
    named = [f"{package} ({number})" for package, number in sorted(by_package.items())]
    more = len(named) - _PACKAGES
    told = ", ".join(named[:_PACKAGES]) + (f" and {more} more {w.packages}" if more > 0 else "")
    what = "performance is missing; it scores"
    if count > 1:
        what = "performances are missing; they score"
    return f"{count} {what} 0, marked: {told}."
