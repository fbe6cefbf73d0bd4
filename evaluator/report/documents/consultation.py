"""What each consulted agency said of the run, and what was determined: word for word."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from evaluator.model.agency import Agency
from evaluator.model.proceedings import (
    Concurrence,
    Determination,
    Position,
    Proceedings,
    Said,
)
from evaluator.report.documents.blocks import Blank, Block, Heading, Paragraph, Quote
from evaluator.report.formatting.names import Names, names_of
from evaluator.report.formatting.phrases import sentence
from evaluator.results.evaluation import Evaluation

POSITION: dict[Position, str] = {
    "concurs": "concurs",
    "concerns": "has concerns",
    "objects": "objects",
}
_SEVERAL: dict[Position, str] = {
    "concurs": "concur",
    "concerns": "have concerns",
    "objects": "object",
}
REDACTED = "(taken out of the record, by right)"


def consultation(evaluation: Evaluation, said: Proceedings | None) -> Iterator[Block]:
    """Yield positions and dissent of agencies with blanks for those silent, and determinations."""
    consulted = [one for one in evaluation.study.agencies if one.role == "consulted"]
    if "agencies" not in evaluation.study.parts:
        consulted = []
    if consulted:
        yield Heading("Concurrences and dissent")
        yield Paragraph(_summary(consulted, said))
        for one in consulted:
            yield from _position(one, said)
    if said is not None and said.comments:
        yield Heading("Comments", 2)
        for comment in said.comments:
            about = f", on {named(comment.about, names_of(evaluation))}" if comment.about else ""
            yield Quote(comment.text or REDACTED, f"{signed(comment)}{about}")
    if said is not None and said.determinations:
        yield Heading("Determinations on record")
        for act in said.determinations:
            yield from _determined(act, names_of(evaluation))


def _summary(consulted: Sequence[Agency], said: Proceedings | None) -> str:
    if said is None:
        return "This run is on no record, so none is known."
    if said.frozen is None:
        return "This run is on record and not frozen, so there are none yet."
    told = Counter(one.position for one in said.positions.values())
    silent = len(said.silent(one.agency for one in consulted))
    counts = [
        f"{count} {POSITION[key] if count == 1 else _SEVERAL[key]}"
        for key in POSITION
        if (count := told[key])
    ]
    counts += [f"{silent} not on record"] if silent else []
    return f"Of {len(consulted)} consulted: {', '.join(counts)}. Frozen by {signed(said.frozen)}."


def _position(agency: Agency, said: Proceedings | None) -> Iterator[Block]:
    yield Heading(agency.name, 2)
    spoken = [one for one in said.concurrences if one.agency == agency.agency] if said else []
    for one in spoken[:-1]:
        yield Quote(one.text or REDACTED, f"{_stated(one)}; superseded")
    for one in spoken[-1:]:
        yield Quote(one.text or REDACTED, _stated(one))
    if not spoken:
        yield Blank("☐ concurs   ☐ has concerns   ☐ objects", 2)
        yield Blank("Name, signature and date")


def _stated(one: Concurrence) -> str:
    return f"{sentence(POSITION[one.position])} {signed(one)}"


def _determined(act: Determination, names: Names) -> Iterator[Block]:
    w = names.words
    if act.kind == "designates":
        yield Quote(act.text or REDACTED, f"Determination. {signed(act)}")
        return
    taken = "; ".join(map(names.package, act.packages))
    yield Paragraph(f"No longer {w.priority}: {taken}.")
    yield Quote(act.because or REDACTED, f"De-designation. {signed(act)}")


def signed(one: Said) -> str:
    """Return who said something, when, and in which entry."""
    return f"{one.by or REDACTED}, {moment(one.at)}, entry {one.number:,}"


def moment(at: dt.datetime) -> str:
    """Return a moment to the minute, in UTC.

    >>> moment(dt.datetime(2026, 7, 5, 9, 3, 40, tzinfo=dt.UTC))
    '2026-07-05 09:03 UTC'
    """
    return f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"


def named(thing: str, names: Names) -> str:
    """Return what a comment is about by its name."""
    every = (names.package, names.agency, names.criterion, names.tool)
    return next((name(thing) for name in every if name(thing) != thing), thing)
