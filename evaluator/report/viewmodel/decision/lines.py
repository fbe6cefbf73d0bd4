"""The decision in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from evaluator.allocation.explain.findings import LimitShutsOut, NotInTime
from evaluator.decision.findings import BelowCut
from evaluator.report.formatting.money import Money
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.numbers import counted, general, share
from evaluator.report.formatting.once import once
from evaluator.report.formatting.phrases import CONFIDENCE, OBJECTIVE_POINTS, STATUS, sentence
from evaluator.report.formatting.words import Words
from evaluator.report.messages import in_words, say
from evaluator.report.messages.allocation import conflict_in_words, limit_in_words
from evaluator.report.messages.decision import behind
from evaluator.report.viewmodel.decision import short_lines
from evaluator.report.viewmodel.money.envelope import Matrix, matrix
from evaluator.report.viewmodel.money.limits import LimitLine, limit_lines
from evaluator.report.viewmodel.money.unserved import unserved
from evaluator.report.viewmodel.packages.certainty import precision
from evaluator.report.viewmodel.packages.portfolio import Ranked, ranked
from evaluator.report.viewmodel.packages.ties import tied_for_support
from evaluator.results.evaluation import Evaluation, Uncertainty
from evaluator.results.judgement import Departure

_NAMED = 3
_OPEN = 12


@dataclass(frozen=True)
class Line:
    """What it is about, the figure to remember, and what is to be said."""

    head: str
    figure: str
    short: str
    """What a reader has to know at once."""
    text: str
    """All of it."""


@once
def decision(evaluation: Evaluation) -> tuple[Line, ...]:
    """Return lines: what is in or leads, what is open, what it buys, what binds, what it rests on.

    What hangs on a part that the study lacks is no line.
    """
    rows, parts = ranked(evaluation), evaluation.study.parts
    money = (_bought(evaluation), _binding(evaluation)) if "allocation" in parts else ()
    if "designation" in parts:
        return _chosen(evaluation, rows), _open(evaluation, rows), *money, _rests(evaluation)
    open_ = _open(evaluation, rows)
    loose = (open_,) if money or any(row.outcome == "unknown" for row in rows) else ()
    return _leading(evaluation, rows), *loose, *money, _rests(evaluation)


def decision_title(evaluation: Evaluation) -> str:
    """Return what heads the lines."""
    lines = {2: "two", 3: "three", 4: "four", 5: "five"}[len(decision(evaluation))]
    what = "decision" if evaluation.study.parts & {"allocation", "designation"} else "answer"
    return f"The {what} in {lines} lines"


def _leading(evaluation: Evaluation, rows: Sequence[Ranked]) -> Line:
    """Say who is first, where nothing is cut: the ranking is the answer."""
    w, placed = names_of(evaluation).words, [row for row in rows if row.rank is not None]
    first = [row for row in placed if row.rank == 1]
    out, following = len(rows) - len(placed), [row for row in placed if row.rank != 1]
    failed = f", {out:,} failed a requirement" if out else ""
    are = "is" if len(placed) == 1 else "are"
    told = [f"{w.packages_counted(len(placed))} {are} ranked{failed}."]
    for found, one, several in (
        (first, "leads", "lead"),
        (following[: _NAMED - 1], "follows", "follow"),
    ):
        if found:
            verb = one if len(found) == 1 else several
            told.append(f"{_listed([row.title for row in found])} {verb}.")
    short = told[0]
    if first:
        short = f"{_listed([row.title for row in first])} {'leads' if len(first) == 1 else 'lead'}"
    if (sure := evaluation.uncertainty) is not None and len(first) == 1:
        led = share(sure.packages["first_share"].get(first[0].package, 0.0))
        told.append(f"{first[0].title} is first in {led} of the draws ({precision(sure)}).")
        short += f", first in {led} of the draws"
    if flagged := [row.title for row in first if row.red_flags]:
        told.append(f"With a red flag: {_told(flagged)}.")
    told += standing(evaluation, placed)
    figure = first[0].overall_shown if first else "–"
    return Line("What leads", figure, short, " ".join(told))


def _chosen(evaluation: Evaluation, rows: Sequence[Ranked]) -> Line:
    w = names_of(evaluation).words
    inside = [row for row in rows if row.designated]
    placed = sum(row.rank is not None for row in rows)
    told = [f"{w.head.chosen} under the stated weights."]
    if (sure := evaluation.uncertainty) is not None:
        told += _certain(sure, inside, w)
    are = "is" if placed == 1 else "are"
    failed = len(rows) - placed
    told.append(f"{w.packages_counted(placed)} {are} ranked, {failed:,} failed a requirement.")
    if inside:
        leads = "leads" if len(inside) == 1 else "lead"
        told.append(f"{_listed([row.title for row in inside[:_NAMED]])} {leads}.")
    if flagged := [row.title for row in inside if row.red_flags]:
        told.append(f"{w.head.priority} in spite of a red flag: {_told(flagged)}.")
    told += islice(_first_below(rows), 1)
    told += standing(evaluation, inside)
    return Line(
        "What is in",
        f"{len(inside)} of {len(rows)}",
        short_lines.chosen(evaluation, inside),
        " ".join(told),
    )


def standing(evaluation: Evaluation, inside: Sequence[Ranked]) -> Iterator[str]:
    """Say which of them stand without a deal, and what of a strategy none of them reaches."""
    names = names_of(evaluation)
    lasting = {package.id for package in evaluation.study.packages if package.standing}
    if without := [row.title for row in inside if row.package in lasting]:
        yield f"Standing, without a fixed deal: {_told(without)}."
    every = {} if evaluation.extended is None else evaluation.extended.tables
    if "coverage" in every:
        yield from (sentence(say(one, names)) for one in every["coverage"].rules)


def _certain(sure: Uncertainty, inside: Sequence[Ranked], w: Words) -> Iterator[str]:
    """Say how many are in by the draws, and who is by name; nothing where nothing is cut."""
    if sure.clear is None:
        return
    weighed = [row for row in inside if row.tier != "included"]
    if weighed:
        clear = sum(row.tier == "clear" for row in weighed)
        yield (
            f"{clear} of them {'is' if clear == 1 else 'are'} clear: {w.priority} in "
            f"{share(sure.clear)} or more of the draws ({precision(sure)})."
        )
    if included := [row.title for row in inside if row.tier == "included"]:
        yield f"Included by name: {_told(included)}."


def _first_below(rows: Sequence[Ranked]) -> Iterator[str]:
    """Yield of those below the cut, best first, how far each is short of the last that entered."""
    for row in rows:
        for found in row.reason:
            if isinstance(found, BelowCut) and found.short is not None:
                yield f"{row.title} is the first below the cut, {behind(found.short, found.unit)}."


def _open(evaluation: Evaluation, rows: Sequence[Ranked]) -> Line:
    money, w = tied_for_support(evaluation), names_of(evaluation).words
    weighed = [row for row in rows if row.tier == "contested" and not row.contested]
    kinds = {
        "tied at the cut": [row for row in rows if row.contested],
        "contested, in or out by the draws, and now in": [r for r in weighed if r.designated],
        "contested and now out": [r for r in weighed if not r.designated],
        "tied for support, which one of them could get as well as another": [
            row for row in rows if row.package in money
        ],
        "a requirement is not settled": [row for row in rows if row.outcome == "unknown"],
    }
    told = [
        sentence(f"{kind}: {_told([row.title for row in found])}")
        for kind, found in kinds.items()
        if found
    ]
    count = len({row.package for found in kinds.values() for row in found})
    text = " ".join(told) if told else "Nothing is contested or unsettled."
    short = [
        f"{kind}: {_told([row.title for row in found], _NAMED)}"
        for kind, found in kinds.items()
        if found
    ]
    return Line("What is open", w.packages_counted(count), "; ".join(short[:1]) or text, text)


def _bought(evaluation: Evaluation) -> Line:
    allocation, table = evaluation.allocation, matrix(evaluation)
    names = names_of(evaluation)
    told = []
    if table.total:
        told.append(
            f"{_met(table, table.total, names.words)}, at a subsidy cost of "
            f"{names.amount(allocation.subsidy_usd)}."
        )
        told += _without(evaluation)
        told += _late(evaluation)
    if allocation.status != "optimal":
        told.append(sentence(names.words.fill(STATUS[allocation.status])))
    told += [conflict_in_words(conflict, names) for conflict in allocation.conflicts]
    if allocation.certificate and allocation.supported:
        told.append("The independent check found limits broken: do not use these amounts.")
    figure = "–" if table.total is None else names.amount(table.total)
    if table.total:
        short = short_lines.bought(evaluation, table)
    else:
        asked = names.amount(table.total_asked)
        short = (
            told[0] if told else f"of {asked} asked" if table.total_asked else "nothing is asked"
        )
    return Line("What it buys", figure, short, " ".join(told))


def _met(table: Matrix, total: int, w: Words) -> str:
    """Return how much of what all ask for is met, and of what those ask for who get some."""
    served = [row.asked for row in table.rows if row.total]
    every = f"{len(table.rows):,} {w.chosen}"
    of_all = f"{share(total / table.total_asked)} of the {w.money.amount(table.total_asked)}"
    if len(table.rows) == 1:
        return f"For the one {w.chosen_one}: {of_all} that it asks for"
    if len(served) == len(table.rows):
        return f"For all {every}: {of_all} that they ask for"
    of_served = f"{share(total / sum(served))} of the {w.money.amount(sum(served))}"
    these = "this one asks for" if len(served) == 1 else f"these {len(served):,} ask for"
    return (
        f"For {len(served):,} of {every}: {of_all} that all {len(table.rows):,} ask for, "
        f"{of_served} that {these}"
    )


def _without(evaluation: Evaluation) -> Iterator[str]:
    found, w = list(unserved(evaluation).values()), names_of(evaluation).words
    if found:
        whom = f"{len(found):,} {w.chosen_one if len(found) == 1 else w.chosen}"
        named = "; ".join(f"{one.title} ({one.held})" for one in found[:_NAMED])
        more = f"; and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
        gets = "gets" if len(found) == 1 else "get"
        yield f"{whom} {gets} nothing: {named}{more}."


def _late(evaluation: Evaluation) -> Iterator[str]:
    """Say how much may come too late for the authority of its institution."""
    names = names_of(evaluation)
    for note in evaluation.allocation.notes:
        if isinstance(note, NotInTime):
            told = names.amount(sum(amount for _, amount in note.packages))
            what = f"{told} for {names.words.packages_counted(len(note.packages))}"
            some = note.timely or note.unknown
            may = "may not, by the count of days," if some else "cannot, however days are counted,"
            yield (
                f"Of this {what} {may} be approved before the authority of "
                f"{names.institution(note.institution)} ends on {note.lapses_on}."
            )


def _binding(evaluation: Evaluation) -> Line:
    money = names_of(evaluation).words.money
    lines = [line for line in limit_lines(evaluation) if line.binding]
    program = [line for line in lines if not line.group]
    told = [_where(len(program), len(lines))] if lines else [unbound(evaluation)]
    if narrow := _narrow(evaluation):
        told.append(f"Too little is left under {_told(narrow, 1)}.")
    gains = [x for x in lines if (x.price or 0.0) > 0]
    priced = sorted(gains, key=lambda line: -(line.price or 0.0))
    kinds = {
        "of subsidy": [x for x in priced if not x.group and x.measure == "subsidy"],
        "of face value": [x for x in priced if not x.group and x.measure != "subsidy"],
        "on a single group": [x for x in priced if x.group],
    }
    named = [
        sentence(f"{kind}: {_price(found[0], money)}") for kind, found in kinds.items() if found
    ]
    alone = [line for line in lines if line.together]
    if named:
        points = OBJECTIVE_POINTS[evaluation.study.scenario.allocation.objective]
        unit = names_of(evaluation).words.fill(points)
        told.append(f"What a further {money.million} gains at most, in objective points ({unit}).")
        told += named
    told += [f"{line.name}: {line.together}." for line in alone[:1]]
    # a goal under which nothing is asked for binds nothing, and is missed
    short = ((line, line.missed or 0) for line in limit_lines(evaluation))
    missed = [
        f"{line.name} by {line.said(by, lambda amount: money.amount(amount or 0.0))}"
        for line, by in short
        if by > 0
    ]
    if missed:
        told.append(f"Goals missed: {'; '.join(missed)}.")
    figure = counted(len(lines), "limit") if evaluation.allocation.exists else "–"
    dear = [*kinds["of face value"], *priced]
    brief = short_lines.dearest(dear[0], money) if dear else told[0]
    return Line("What binds", figure, brief, " ".join(told))


def _narrow(evaluation: Evaluation) -> list[str]:
    """Return the limits that leave room, but less than a request that gets nothing needs."""
    names, reasons = names_of(evaluation), evaluation.allocation.table["reason"]
    shut = {
        (one.limit, one.group): None
        for found in reasons
        for one in found
        if isinstance(one, LimitShutsOut)
    }
    return [limit_in_words(limit, group, names) for limit, group in shut]


def _where(program: int, every: int) -> str:
    if every == 1:
        return f"It bounds {'the whole program' if program else 'a single group'}."
    return f"{program:,} {'bounds' if program == 1 else 'bound'} the whole program."


def unbound(evaluation: Evaluation) -> str:
    """Return what is to be said where no limit binds: there is room only if all is met."""
    w = names_of(evaluation).words
    requests = evaluation.allocation.table
    asked = requests[requests["eligible"] > 0]
    if not evaluation.allocation.exists:
        return "There is no allocation, so no limit can be told that stops it."
    if asked.empty:
        return "No limit stands in the way of a request."
    if (asked["allocated"] == asked["eligible"]).all():
        return f"Every eligible request of the {w.chosen} is met: there is room everywhere."
    return "No limit stands in the way of what is not met."


def _price(line: LimitLine, money: Money) -> str:
    return f"{general(line.price or 0.0, 3)} under {line.name} (bound {line.holds(money.amount)})"


def _rests(evaluation: Evaluation) -> Line:
    counts = evaluation.provenance.confidence
    weak = counts.get("illustrative", 0) + counts.get("unverified", 0)
    told = [
        "Numbers and rules that are illustrative or unverified. In all: "
        + "; ".join(f"{count} {CONFIDENCE[name]}" for name, count in counts.items() if count)
        + "."
    ]
    departures = [n for n in evaluation.provenance.notes if isinstance(n, Departure)]
    told += map(sentence, in_words(evaluation, departures))
    states = evaluation.performances
    missing = int(((states["state"] == "missing") & states["value"].notna()).sum())
    if missing:
        marked = "scores 0 and is" if missing == 1 else "score 0 and are"
        told.append(f"{counted(missing, 'performance')} missing, which {marked} marked.")
    lone = int((evaluation.performances["rated"] == 1).sum())
    if lone:
        told.append(f"{counted(lone, 'value')} {'rests' if lone == 1 else 'rest'} on 1 rating.")
    blank = int(evaluation.performances["blank"].sum())
    if blank:
        told.append(f"{counted(blank, 'rating')} not given.")
    short = "numbers and rules are made up or unverified"
    if missing:
        short += f"; {counted(missing, 'performance')} missing"
    return Line("What it rests on", f"{weak} of {sum(counts.values())}", short, " ".join(told))


def _told(titles: Sequence[str], most: int = _OPEN) -> str:
    """Return titles, which may hold commas; not all of very many."""
    more = len(titles) - most
    return "; ".join(titles[:most]) + (f"; and {more} more" if more > 0 else "")


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
