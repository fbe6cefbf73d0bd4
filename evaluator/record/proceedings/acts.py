"""What people put on record about a run: freeze, comment, concurrence, determination.

Each act is one entry, or is refused with every rule that it breaks. Whoever does the same again
gets the entry that stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from sqlalchemy import Connection, select

from evaluator.errors import InvalidEntryError, Problem, did_you_mean
from evaluator.letters import blank
from evaluator.loading.documents.characters import odd_character
from evaluator.model.proceedings import Position, Proceedings
from evaluator.record.history.runs import find_run
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.enter import user
from evaluator.record.ledger.entries import PERSONAL, Draft, Entry
from evaluator.record.ledger.schema import ENTRIES, STANDINGS
from evaluator.record.ledger.writing import add, find, read
from evaluator.record.proceedings.parties import Parties, parties_of
from evaluator.record.proceedings.reading import within
from evaluator.sanitize import shortened

_LONGEST = {"by": 200}
_TEXT = 20_000
"""Letters of a text, as of any in a study."""


@dataclass(frozen=True)
class _Run:
    """A run as it stands when an act is entered: nobody else writes meanwhile."""

    entry: Entry
    parties: Parties
    said: Proceedings
    priority: tuple[str, ...]
    """Its priority packages."""

    @property
    def where(self) -> str:
        return f"run {self.said.run}"

    def agency(self, id_: str) -> str:
        return self.parties.agencies[id_]


Content = Mapping[str, Any]
Made = tuple[Content, Iterable[Problem]]
"""What an entry says, and what is wrong with it."""


def freeze(ledger: Ledger, run: str, *, note: str = "", by: str = "", id_: str = "") -> Entry:
    """Freeze a run: it is the one that is put to the agencies. Return the entry.

    run: the number of its entry, its name, how its digest begins, or `latest`. by: who does it; the
    user of the system where nothing is said. id_: of the entry, made by its writer; the same again
    gets the first answer. So for all acts here. Raises InvalidEntryError with every rule that is
    broken, UsageError where no such run is on record, RecordError where it cannot be written.
    """

    def made(on: _Run) -> Made:
        frozen = on.said.frozen
        fact = f"is frozen already, by entry {frozen.number:,}." if frozen else ""
        return {}, [Problem(on.where, fact)] if frozen else []

    return _enter(ledger, run, "freeze", made, _words(by, text=note), id_, optional="text")


def comment(
    ledger: Ledger, run: str, text: str, *, on: str = "", by: str = "", id_: str = ""
) -> Entry:
    """Say something of a run, or of something in it; see `freeze`.

    on: the id of a package, agency, criterion or tool; empty: the run as a whole.
    """

    def made(of: _Run) -> Made:
        known = of.parties.things
        fact = f"'{shortened(on)}' is no package, agency, criterion or tool of this run."
        wrong = [Problem("on", fact, did_you_mean(on, known))] if on and on not in known else []
        return {"on": on}, wrong

    return _enter(ledger, run, "comment", made, _words(by, text=text), id_)


def concur(
    ledger: Ledger,
    run: str,
    agency: str,
    position: Position,
    text: str,
    *,
    by: str = "",
    id_: str = "",
) -> Entry:
    """State the position of a consulted agency on a frozen run; see `freeze`.

    An agency may change its position: the later one supersedes, and both stay on record.
    """

    def made(on: _Run) -> Made:
        wrong = [*_not_frozen(on), *_consulted(on, agency)]
        if position not in get_args(Position):
            fact = f"'{shortened(position)}' is no position."
            wrong.append(Problem("position", fact, did_you_mean(position, get_args(Position))))
        return {"agency": agency, "position": position}, wrong

    return _enter(ledger, run, "concurrence", made, _words(by, text=text), id_)


def determine(
    ledger: Ledger, run: str, text: str, *, agency: str = "", by: str = "", id_: str = ""
) -> Entry:
    """Designate the priority packages of a frozen run, as the agency that decides; see `freeze`.

    What departs from the run is an override of a run of its own, with its reason. Agencies that
    have not spoken do not hold it up: `silent` tells them. agency: where several decide.
    """

    def made(on: _Run) -> Made:
        decider, wrong = _deciding(on, agency)
        there = on.said.determination
        if there is not None:
            remedy = "'evaluator record de-designate' takes packages back; else freeze another run."
            fact = f"has its determination, entry {there.number:,}."
            wrong.append(Problem(on.where, fact, remedy))
        return _determination("designates", decider, on.priority), [*_not_frozen(on), *wrong]

    return _enter(ledger, run, "determination", made, _words(by, text=text), id_)


def de_designate(
    ledger: Ledger,
    run: str,
    packages: Sequence[str],
    because: str,
    *,
    text: str = "",
    agency: str = "",
    by: str = "",
    id_: str = "",
) -> Entry:
    """Take the designation of some packages back, with the reason; see `freeze` and `determine`."""

    def made(on: _Run) -> Made:
        decider, wrong = _deciding(on, agency)
        wrong += _not_designated(on, packages)
        return _determination("de-designates", decider, packages), wrong

    words = _words(by, text=text, because=because)
    return _enter(ledger, run, "determination", made, words, id_, optional="text")


def silent(ledger: Ledger, run: Entry) -> tuple[str, ...]:
    """Return what the consulted agencies are called that have not spoken on a run on record."""
    with ledger.reading() as connection:
        parties = parties_of(connection, run)
        lacking = within(connection, run).silent(parties.consulted)
    return tuple(parties.agencies[agency] for agency in lacking)


def _determination(act: str, agency: str, packages: Iterable[str]) -> Content:
    return {"act": act, "agency": agency, "packages": [*dict.fromkeys(packages)]}


def _words(by: str, **words: str) -> dict[str, str]:
    """Return what an entry says of a person, and in a person's words."""
    return {"by": (by or user()).strip(), **{name: text.strip() for name, text in words.items()}}


def _enter(
    ledger: Ledger,
    named: str,
    kind: str,
    make: Callable[[_Run], Made],
    words: Mapping[str, str],
    id_: str,
    optional: str = "",
) -> Entry:
    """Enter an act, or return the entry that says the same."""
    with ledger.reading() as connection:
        run = find_run(connection, named)
        parties = parties_of(connection, run)
    with ledger.writing() as connection:
        on = _Run(run, parties, within(connection, run), _priority(connection, run))
        content, wrong = make(on)
        before = read(connection, ENTRIES.c.about == run.id, ENTRIES.c.kind == kind)
        draft = Draft(id_ or f"{run.id}.{kind}.{len(before) + 1}", kind, content, run.id, words)
        if not id_ and (there := _same(draft, before)):
            return there
        faults = [*wrong, *unsaid(words, optional)]
        if faults and not (id_ and find(connection, id_)):
            raise InvalidEntryError(faults)
        (entry,) = add(connection, [draft])
    return entry


def _same(draft: Draft, before: Sequence[Entry]) -> Entry | None:
    """Return the entry that says what a draft says; of concurrences the last of the agency alone.

    An agency that returns to an earlier position says something new.
    """
    if draft.kind == "concurrence":
        agency = draft.content["agency"]
        before = [one for one in before if one.content["agency"] == agency][-1:]
    return next((one for one in before if _says(one, draft)), None)


def _says(entry: Entry, draft: Draft) -> bool:
    content = {key: value for key, value in entry.content.items() if key != PERSONAL}
    return (content, dict(entry.personal)) == (dict(draft.content), dict(draft.personal))


def _priority(connection: Connection, run: Entry) -> tuple[str, ...]:
    asked = select(STANDINGS.c.package).where(
        STANDINGS.c.run == run.number, STANDINGS.c.priority == "yes"
    )
    return tuple(
        connection.execute(asked.order_by(STANDINGS.c.rank, STANDINGS.c.package)).scalars()
    )


def unsaid(words: Mapping[str, str], optional: str) -> Iterator[Problem]:
    """Yield what is wrong with the words of a person; optional: which may say nothing."""
    for name, text in words.items():
        longest = _LONGEST.get(name, _TEXT)
        if blank(text):
            if name != optional:
                yield Problem(name, "says nothing.", "It stays on record: say it in words.")
        elif len(text) > longest:
            yield Problem(name, f"has {len(text):,} letters.", f"Say it in {longest:,} at most.")
        elif fault := odd_character(text):
            yield Problem(name, *fault)


def _not_frozen(on: _Run) -> list[Problem]:
    remedy = f"Freeze it: evaluator record freeze {on.entry.number}"
    return [] if on.said.frozen else [Problem(on.where, "is not frozen.", remedy)]


def _consulted(on: _Run, agency: str) -> list[Problem]:
    if agency in on.parties.consulted:
        return []
    if agency in on.parties.deciding:
        remedy = f"Its word is the determination: evaluator record determine {on.entry.number}"
        return [Problem("agency", f"{on.agency(agency)} decides.", remedy)]
    return [_no_agency(on, agency, on.parties.consulted)]


def _deciding(on: _Run, agency: str) -> tuple[str, list[Problem]]:
    """Return the agency that decides, and what is wrong where that is not it."""
    deciding = on.parties.deciding
    if agency in deciding:
        return agency, []
    if agency in on.parties.agencies:
        remedy = f"It concurs or not: evaluator record concur {on.entry.number}"
        return agency, [Problem("agency", f"{on.agency(agency)} is consulted.", remedy)]
    if agency:
        return agency, [_no_agency(on, agency, deciding)]
    if len(deciding) == 1:
        return deciding[0], []
    if deciding:
        remedy = f"Name one: {', '.join(deciding)}."
        return "", [Problem("agency", f"{len(deciding)} agencies decide.", remedy)]
    fact = "no agency of this run decides."
    return "", [Problem("agency", fact, "Give one 'role: decides' in its file, and run again.")]


def _no_agency(on: _Run, agency: str, known: Sequence[str]) -> Problem:
    return Problem(
        "agency", f"'{shortened(agency)}' is no agency of this run.", did_you_mean(agency, known)
    )


def _not_designated(on: _Run, packages: Sequence[str]) -> Iterator[Problem]:
    made = on.said.determination
    if made is None:
        remedy = f"Designate first: evaluator record determine {on.entry.number}"
        yield Problem(on.where, "has no determination.", remedy)
        return
    if not packages:
        yield Problem("packages", "none is named.", "Name those whose designation is taken back.")
    for one in dict.fromkeys(packages):
        if one not in made.packages:
            fact = f"'{shortened(one)}' was not designated on this run."
            yield Problem("packages", fact, did_you_mean(one, on.said.designated))
        elif one not in on.said.designated:
            yield Problem("packages", f"'{one}' is de-designated already.")
