"""The decision in five lines."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.model.results import Evaluation
from evaluator.report.envelope import matrix
from evaluator.report.limits import LimitLine, limit_lines
from evaluator.report.portfolio import Ranked, ranked
from evaluator.report.wording import CONFIDENCE, STATUS, billions, points

Line = tuple[str, str]
"""What it is about, and what is to be said."""
_NAMED = 3


def decision(evaluation: Evaluation) -> tuple[Line, ...]:
    """Return five lines: what is in and open, what it buys, what binds, on what it rests."""
    rows = ranked(evaluation)
    return (
        ("What is in", _chosen(evaluation, rows)),
        ("What is open", _open(rows)),
        ("What it buys", _bought(evaluation)),
        ("What binds", _binding(evaluation)),
        ("What it rests on", _rests(evaluation)),
    )


def _chosen(evaluation: Evaluation, rows: Sequence[Ranked]) -> str:
    designated = [row for row in rows if row.designated]
    placed = [row for row in rows if row.rank is not None]
    failed = len(rows) - len(placed)
    told = (
        f"{len(designated)} of {len(rows)} packages are priority packages under the stated "
        f"weights: {len(placed)} are ranked, {failed} failed a requirement."
    )
    if designated:
        told += f" {_titles(designated)} lead."
    return told


def _open(rows: Sequence[Ranked]) -> str:
    told = []
    contested = [row for row in rows if row.contested]
    unknown = [row for row in rows if row.outcome == "unknown"]
    flagged = [row for row in rows if row.designated and row.red_flags]
    if contested:
        told.append(f"tied at the cut: {_ids(contested)}")
    if unknown:
        told.append(f"a requirement is not settled: {_ids(unknown)}")
    if flagged:
        told.append(f"priority with a red flag: {_ids(flagged)}")
    inside = [row for row in rows if row.designated]
    below = [row for row in rows if row.reason == "below the cut"]
    if inside and below:
        gap = points(min(row.overall for row in inside) - below[0].overall)
        told.append(f"{below[0].package} is the first below the cut, {gap} points short")
    sentence = "; ".join(told)
    return f"{sentence[:1].upper()}{sentence[1:]}." if told else "Nothing is tied or unsettled."


def _bought(evaluation: Evaluation) -> str:
    allocation = evaluation.allocation
    if not allocation.supported:
        conflicts = " ".join(conflict.sentence for conflict in allocation.conflicts)
        return f"Nothing is allocated. {_sentence(STATUS[allocation.status])} {conflicts}".strip()
    table = matrix(evaluation)
    share = 100 * table.total / table.total_asked
    told = (
        f"{billions(table.total)} for {len(allocation.supported)} packages, {share:.0f} % of the "
        f"{billions(table.total_asked)} that the priority packages ask for, at a subsidy cost of "
        f"{billions(allocation.subsidy_usd)}."
    )
    if allocation.status != "optimal":
        told += f" {_sentence(STATUS[allocation.status])}"
    if allocation.certificate:
        told += " The independent check found limits broken: do not use these amounts."
    return told


def _binding(evaluation: Evaluation) -> str:
    lines = [line for line in limit_lines(evaluation) if line.binding]
    whole = [line for line in lines if not line.group and line.price]
    if not lines:
        return "No limit binds."
    program = sum(not line.group for line in lines)
    told = f"{len(lines)} limits bind, {program} of them on the whole program."
    dearest = sorted(whole, key=lambda line: -abs(line.price or 0.0))[:_NAMED]
    if dearest:
        named = "; ".join(_price(line) for line in dearest)
        told += f" A further $1 million is worth most under {named}."
    missed = [line for line in lines if line.missed > 0]
    if missed:
        short = "; ".join(f"{line.name} by {billions(line.missed)}" for line in missed)
        told += f" Goals missed: {short}."
    return told


def _price(line: LimitLine) -> str:
    return f"{line.name} ({line.price or 0.0:.3g} points)"


def _rests(evaluation: Evaluation) -> str:
    counts = evaluation.provenance.confidence
    total = sum(counts.values())
    told = "; ".join(f"{count} {CONFIDENCE[name]}" for name, count in counts.items() if count)
    missing = int((evaluation.performances["state"] == "missing").sum())
    absent = f" {missing} performances are missing and score 0." if missing else ""
    return f"{total} numbers and rules: {told}.{absent}"


def _titles(rows: Sequence[Ranked]) -> str:
    names = [row.title for row in rows[:_NAMED]]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _ids(rows: Sequence[Ranked]) -> str:
    return ", ".join(row.package for row in rows)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
