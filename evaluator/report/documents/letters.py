"""A letter to each proposer: what became of the proposal, with the reasons that may be told.

Told are its own facts, requirements with their sources, what is not stated, and that it is below
the cut. Never told: other proposals, ratings and scores, what evaluators and reviewers wrote, who
overrode what and why, concurrences and dissent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from evaluator.decision.findings import (
    BelowCut,
    ExcludedByName,
    PartedByTieBreak,
    RequirementUnknown,
    TiedAtCut,
    UnderAgencyFloors,
    UnderOverallFloor,
)
from evaluator.errors import UsageError
from evaluator.model.proceedings import Proceedings
from evaluator.model.scenario import Scenario
from evaluator.report.documents.blocks import (
    Blank,
    Block,
    Column,
    Document,
    Facts,
    Heading,
    Listed,
    Paragraph,
    printable,
    table,
)
from evaluator.report.documents.heads import Source, document
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.phrases import in_full, sentence
from evaluator.report.formatting.records import Record, grouped, records
from evaluator.report.messages.proposers import to_proposer
from evaluator.report.viewmodel.packages.portfolio import Ranked, ranked
from evaluator.results.evaluation import Evaluation

Kind = Literal["designated", "not_designated", "incomplete"]
_REASON = {
    UnderOverallFloor: "it does not reach the score that designation asks for",
    UnderAgencyFloors: "it does not reach the score that designation asks for",
    BelowCut: "it is ranked below the cut: others take the places that there are",
    PartedByTieBreak: "it is ranked below the cut: others take the places that there are",
    TiedAtCut: "it is tied for the last places with others, and none of them is taken yet",
    ExcludedByName: "it was taken out by a decision that departs from the ranking",
}
"""What may be told of why a ranked proposal is not in; who else is, or by how much, is not."""


_TITLES: dict[Kind, str] = {
    "designated": "{Priority} {package}",
    "not_designated": "Not {priority}",
    "incomplete": "What your proposal still needs",
}


def letters(
    evaluation: Evaluation, of: Source, said: Proceedings | None = None
) -> dict[str, tuple[Kind, Document]]:
    """Return by package the kind of its letter, and the letter.

    said: what is on record of the run; a package that was de-designated since is not designated.
    Raises UsageError for a study that designates nothing.
    """
    study, w = evaluation.study, names_of(evaluation).words
    if "designation" not in study.parts:
        fact = f"the study states no rule by which {w.packages} are {w.priority}"
        raise UsageError(f"{fact}, so there is no letter to write: state 'designation'.")
    gates, withdrawn = grouped(evaluation.gates, "package"), _withdrawn(said)
    found: dict[str, tuple[Kind, Document]] = {}
    for row in ranked(evaluation):
        kind = _kind(row, withdrawn)
        blocks = (
            *_head(evaluation, row, said),
            *_told(evaluation, row, kind, withdrawn=row.package in withdrawn),
            *_requirements(evaluation, gates.get(row.package, []), kind),
            *_missing(evaluation, row.package, kind),
            *_end(kind),
        )
        title = w.fill(_TITLES[kind])
        letter = document(evaluation, of, f"letter-{row.package}", title, blocks)
        addressed = replace(letter, subject=_round(study.scenario))
        found[row.package] = kind, printable(addressed, study)
    return found


def _withdrawn(said: Proceedings | None) -> frozenset[str]:
    """Return the packages that were designated on record and are so no longer."""
    made = said.determination if said is not None else None
    return frozenset(made.packages) - frozenset(said.designated) if said and made else frozenset()


def _kind(row: Ranked, withdrawn: frozenset[str]) -> Kind:
    if row.designated and row.package not in withdrawn:
        return "designated"
    if any(isinstance(one, RequirementUnknown) for one in row.reason):
        return "incomplete"
    return "not_designated"


def _head(evaluation: Evaluation, row: Ranked, said: Proceedings | None) -> Iterator[Block]:
    names, package = names_of(evaluation), evaluation.study.package_by_id[row.package]
    made = said.determination if said is not None else None
    if made is None:
        yield Paragraph("Draft: no determination on this run is on record.", "warning")
    to = [("To", names.entity(package.anchor))] if package.anchor else []
    yield Facts((*to, (names.words.head.package, f"{row.title} ({row.package})")))
    yield Blank("Address")
    yield Blank("Date")
    if made is not None:
        yield Paragraph(f"Determined on {in_full(made.at.date())}.", "note")


def _told(evaluation: Evaluation, row: Ranked, kind: Kind, *, withdrawn: bool) -> Iterator[Block]:
    """Yield what became of the proposal, in a sentence or two, and what is referred."""
    w, round_ = names_of(evaluation).words, _round(evaluation.study.scenario)
    if kind == "designated":
        yield Paragraph(f"Your proposal is among the {w.chosen} of: {round_}.")
        if "allocation" in evaluation.study.parts:
            yield from _amounts(evaluation, row.package)
        return
    if withdrawn:
        yield Paragraph(f"Your proposal is no longer among the {w.chosen} of: {round_}.")
        yield Blank("Reason, stated by whoever signs", 3)
        return
    yield Paragraph(f"Your proposal is not among the {w.chosen} of: {round_}.")
    if kind == "incomplete":
        yield Paragraph("It cannot be, as long as a requirement is not settled.")
    for one in row.reason:
        if type(one) in _REASON:
            yield Paragraph(sentence(_REASON[type(one)]))
        if isinstance(one, ExcludedByName):
            yield Blank("Reason, stated by whoever signs", 3)


def _round(scenario: Scenario) -> str:
    """Return what the proposals answered; how a scenario is called is no matter of theirs.

    A study that names neither programme nor call has nothing but its title.
    """
    call = f"call of {in_full(scenario.call.opens)}" if scenario.call else ""
    return ", ".join(filter(None, (scenario.programme, call))) or scenario.title


def _amounts(evaluation: Evaluation, package: str) -> Iterator[Block]:
    """Yield what it asked for and what is referred, by tool; why it is not more hangs on others."""
    names, given = names_of(evaluation), evaluation.allocation.amounts.loc[package].to_dict()
    requests, exists = (
        evaluation.study.package_by_id[package].requests,
        evaluation.allocation.exists,
    )
    if not requests:
        return
    if not exists or not any(given.values()):
        yield Paragraph("No amount is referred at this time.")
        return
    unit = names.words.money.unit([*(x.amount_usd for x in requests), *given.values()])
    rows = [
        (
            names.institution_in_full(evaluation.study.institution_of[one.tool].institution),
            names.tool_alone(one.tool),
            unit.amount(one.amount_usd),
            unit.amount(given[one.tool]),
        )
        for one in requests
    ]
    columns = (
        Column(names.words.head.institution, 34),
        Column(names.words.head.tool, 34),
        Column(f"Asked, {unit.head}", 14, number=True),
        Column(f"Referred, {unit.head}", 14, number=True),
    )
    yield Heading("What is referred")
    yield table(columns, rows)
    yield Paragraph(
        f"Each {names.words.institution} decides by its own law and tests; this is no commitment.",
        "note",
    )


_HEADINGS: dict[Kind, str] = {
    "designated": "What is still to be shown",
    "not_designated": "Requirements that are not met or not settled",
    "incomplete": "Requirements that are not settled",
}


def _requirements(evaluation: Evaluation, gates: Sequence[Record], kind: Kind) -> Iterator[Block]:
    names = names_of(evaluation)
    short = [row for row in gates if row["outcome"] != "passed"]
    rows = [
        (
            row["label"],
            row["citation"],
            to_proposer(row["reason"], names) or _STATE[row["outcome"]],
            ", ".join(map(names.tool, row["tools"])),
        )
        for row in short
    ]
    if rows:
        columns = (
            Column("Requirement", 30),
            Column("Source", 26),
            Column("What decides it", 30),
            Column(f"Concerns these {names.words.tools} alone", 20),
        )
        yield Heading(_HEADINGS[kind])
        yield table(columns, rows)


_STATE = {"failed": "not met", "unknown": "not settled"}


def _missing(evaluation: Evaluation, package: str, kind: Kind) -> Iterator[Block]:
    """Yield facts that the proposal does not state: by criterion, and those that notices tell."""
    names, study = names_of(evaluation), evaluation.study
    gaps = [
        f"{names.criterion(row['criterion'])} ({study.criteria[row['criterion']].citation.title})"
        for row in grouped(evaluation.performances, "package").get(package, [])
        if row["kind"] == "measure" and row["state"] == "missing"
    ]
    every = {} if evaluation.extended is None else evaluation.extended.tables
    if kind == "designated" and "notice_contents" in every:
        gaps += [
            f"{row['content']}, for the notice: {study.limits[row['limit']].label} "
            f"({study.limits[row['limit']].citation.title})"
            for row in records(every["notice_contents"].table)
            if row["package"] == package and row["missing"]
        ]
    if gaps:
        yield Heading("Facts that are not stated")
        yield Listed(tuple(map(sentence, gaps)))


def _end(kind: Kind) -> Iterator[Block]:
    if kind == "incomplete":
        yield Blank("To be supplied by (date), to (office)")
    yield Blank("Name and title")
    yield Blank("Signature")
