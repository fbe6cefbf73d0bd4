"""Scores of projects by judges -> a study in which each judge rates by numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from evaluator.importing.documents import agency, citation, identifiers, noun, number, scenario
from evaluator.importing.material import SCENARIO, Imported, Note, Reader, Row, Source
from evaluator.importing.panels.roles import Over, Scored, median_over
from evaluator.importing.panels.scores import Scores, Sheet, is_panel, read_scores
from evaluator.importing.tables.parsing.numbers import written

_JURY = "jury"
_VOCABULARY = {"agency": noun("jury", "juries"), "package": noun("project")}


@dataclass(frozen=True)
class _Range:
    """The numbers of a criterion: from, to, and the step between."""

    low: Decimal
    high: Decimal
    step: Fraction
    stated: bool
    """Whether the sheet states the highest."""

    @property
    def scale(self) -> str:
        """The id of the scale."""
        ends = f"{written(self.low)}-{written(self.high)}".replace("-", "_")
        return f"points_{ends}_by_{number(float(self.step))}"


def read(source: Source, day: dt.date) -> Imported:
    """Read a score sheet: a row a score, a column a criterion, or a column a judge.

    Judges rate by numbers, from 0 or what the head states to the greatest that it states, else
    that any judge gave. Criteria count as their ranges do, so that the overall score orders as
    the sum of points, unless heads state their shares. day: of the study. Raises
    InvalidStudyError with all faults, each at its cell.
    """
    found, sheets = read_scores(source)
    projects = identifiers(list(found.projects))
    judges = identifiers(list(found.judges))
    criteria = identifiers(list(found.criteria), dots=False)
    ranges = _ranges(found)
    packages = [
        Row({"id": own, "title": found.projects[name]}, {"id": found.places[name]})
        for name, own in projects.items()
    ]
    ratings = [
        Row(
            {
                "package": projects[one.project],
                "criterion": f"{_JURY}.{criteria[one.criterion]}",
                "evaluator": judges[one.judge],
                "rating": written(one.number),
                "rationale": one.reason,
            },
            {"package": found.places[one.project], "rating": one.place},
        )
        for one in found.scores
    ]
    evaluators = [
        Row({"id": own, "name": name, "agency": _JURY}, {"id": found.judges[name]})
        for name, own in judges.items()
    ]
    tables = {"packages": packages, "evaluators": evaluators, "ratings": ratings}
    shares = _shares(found.criteria, ranges)
    documents = _documents(source, day, found, criteria, ranges, shares, sheets)
    notes = (*found.notes, *_notes(source, found, ranges, sheets))
    record = [found.record[place] for place in sorted(found.record)]
    return Imported(tables, documents, record, notes)


READER = Reader("scores", "a score sheet: projects, judges, criteria", is_panel, read, fills=True)


def _ranges(found: Scores) -> dict[str, _Range]:
    """Return the range of each criterion."""
    given: dict[str, list[Decimal]] = {name: [] for name in found.criteria}
    for one in found.scores:
        given[one.criterion].append(one.number)
    everything = [x for numbers in given.values() for x in numbers]
    most = max(everything)
    ranges = {}
    for name, numbers in given.items():
        head = found.criteria[name]
        low = Decimal(head.low) if head.low else min([Decimal(0), *everything])
        high = Decimal(head.high) if head.high else most
        low, high = min([low, *numbers]), max([high, *numbers])
        if low == high:
            high = low + 1
        stated = bool(head.high) and high == Decimal(head.high)
        ranges[name] = _Range(low, high, _step([*numbers, low, high]), stated)
    return ranges


def _step(numbers: Sequence[Decimal]) -> Fraction:
    """Return the greatest step that leads from one number to every other.

    >>> _step([Decimal("0"), Decimal("7.5"), Decimal("10")])
    Fraction(5, 2)
    """
    apart = [Fraction(one) - Fraction(numbers[0]) for one in numbers]
    below = lcm(*(one.denominator for one in apart))
    return Fraction(gcd(*(int(one * below) for one in apart)), below) or Fraction(1)


def _shares(criteria: Mapping[str, Scored], ranges: Mapping[str, _Range]) -> dict[str, float]:
    """Return weights that sum to 1: those that heads state in percent, else as the ranges are."""
    stated = [Fraction(one.share) for one in criteria.values() if one.share]
    if len(stated) == len(criteria) and sum(stated) == 100:
        return {name: float(Fraction(one.share) / 100) for name, one in criteria.items()}
    widths = {name: Fraction(one.high - one.low) for name, one in ranges.items()}
    total = sum(widths.values())
    return {name: float(width / total) for name, width in widths.items()}


def _documents(
    source: Source,
    day: dt.date,
    found: Scores,
    criteria: Mapping[str, str],
    ranges: Mapping[str, _Range],
    shares: Mapping[str, float],
    sheets: Sequence[Sheet],
) -> dict[str, Any]:
    scales = {one.scale: one for one in ranges.values()}
    parts: dict[str, Any] = {"vocabulary": _VOCABULARY}
    if (over := _median_over(sheets)) is not None:
        parts["panel"] = {"rule": "median", "over": over} if over == "totals" else "median"
    if _unscored(found):
        parts["missing"] = "reweight"
    judged = [
        {
            "id": criteria[name],
            "label": found.criteria[name].label,
            "kind": "rating",
            "scale": ranges[name].scale,
            "value": {"linear": {"worst": _plain(one.low), "best": _plain(one.high)}},
            "citation": citation(source.file),
        }
        for name, one in ranges.items()
    ]
    weights = {
        "method": "points",
        "out_of": 1,
        "confidence": "seen" if _stated(found) else "illustrative",
        "judgements": {criteria[name]: share for name, share in shares.items()},
    }
    return {
        SCENARIO: scenario(source.path.stem, day.isoformat(), {_JURY: 1}, source.file, **parts),
        f"criteria/{_JURY}.yaml": agency(_JURY, "Jury", judged, weights),
        "criteria/scales.yaml": {
            "scales": [
                {
                    "id": name,
                    "label": f"Points from {written(one.low)} to {written(one.high)}",
                    "numbers": {
                        "from": _plain(one.low),
                        "to": _plain(one.high),
                        "step": number(float(one.step)),
                    },
                    "citation": citation(source.file),
                }
                for name, one in scales.items()
            ]
        },
    }


def _median_over(sheets: Sequence[Sheet]) -> Over | None:
    """Return of what sheets take the median themselves; None where none does."""
    found = [median_over(sheet.layout.heads, sheet.roles) for sheet in sheets]
    if "totals" in found:
        return "totals"
    return "criteria" if "criteria" in found else None


def _unscored(found: Scores) -> int:
    """Return how many projects have no score at all on how many criteria, pair by pair."""
    scored = {(one.project, one.criterion) for one in found.scores}
    return len(found.projects) * len(found.criteria) - len(scored)


def _plain(one: Decimal) -> int | float:
    return number(float(one))


def _stated(found: Scores) -> bool:
    return all(one.share for one in found.criteria.values())


def _notes(
    source: Source, found: Scores, ranges: Mapping[str, _Range], sheets: Sequence[Sheet]
) -> Iterator[Note]:
    supposed = tuple(
        f"{found.criteria[name].label} {written(one.low)} to {written(one.high)}"
        for name, one in ranges.items()
        if not one.stated
    )
    if supposed:
        yield Note("ranges_supposed", source.name, {"criteria": supposed})
    if not _stated(found) and len(ranges) > 1:
        yield Note("weights_by_range", source.name, {})
    if (over := _median_over(sheets)) is not None:
        yield Note("panel_by_median", source.name, {"over": over})
    if unscored := _unscored(found):
        yield Note("unscored_reweighted", source.name, {"count": unscored})
    whole = len(found.projects) * len(found.judges) * len(found.criteria)
    if len(found.scores) < whole:
        told = {"count": whole - len(found.scores), "whole": whole}
        yield Note("scores_missing", source.name, told)
