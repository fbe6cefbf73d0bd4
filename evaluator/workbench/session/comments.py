"""What people say at the table: on the whole, a package, a criterion, or a cell of both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evaluator.errors import InvalidEntryError, UsageError
from evaluator.record.ledger import Draft, append
from evaluator.record.ledger.entries import Entry
from evaluator.record.proceedings.acts import unsaid
from evaluator.sanitize import shortened
from evaluator.workbench.session.acts import hold_id
from evaluator.workbench.session.table import Table

LONGEST = 2_000
"""Letters of a comment."""


@dataclass(frozen=True)
class Subject:
    """What a comment is on; both empty: the whole, both given: a cell."""

    package: str = ""
    criterion: str = ""
    """By its full id."""


@dataclass(frozen=True)
class Comment:
    """What a person said at the table."""

    number: int
    """Of its entry."""
    by: str
    at: str
    agency: str
    """That it was said for; empty where it was for none."""
    on: Subject
    text: str | None
    """None where it was redacted."""


def comment(table: Table, id_: str, text: str, on: Subject, by: str, agency: str = "") -> Comment:
    """Enter a comment; who sends the same again gets the first answer.

    Raises UsageError for an id or a subject that there is not, InvalidEntryError for words that the
    record does not take, RecordError where it cannot be written.
    """
    hold_id(id_)
    _hold_there(table, on)
    words = {"by": by.strip(), "text": text.strip()[: LONGEST + 1]}
    if len(words["text"]) > LONGEST:
        raise UsageError(f"the comment has over {LONGEST:,} letters. Shorten it.")
    if faults := list(unsaid(words, optional="")):
        raise InvalidEntryError(faults)
    content = {"on": on.package or on.criterion, "agency": agency}
    cell = {"criterion": on.criterion} if on.package and on.criterion else {}
    draft = Draft(f"{table.name}.{id_}.said", "comment", {**content, **cell}, table.name, words)
    (entry,) = append(table.ledger, [draft])
    return comment_of(entry, frozenset(table.study.criteria))


def comment_of(entry: Entry, criteria: Iterable[str]) -> Comment:
    """Return a comment at the table as its entry has it."""
    told = entry.content
    cell = told.get("criterion")
    on = told["on"]
    lone = Subject(criterion=on) if on in criteria else Subject(on)
    return Comment(
        entry.number,
        entry.by,
        entry.at,
        told.get("agency", ""),
        Subject(on, cell) if cell else lone,
        entry.personal.get("text"),
    )


def _hold_there(table: Table, on: Subject) -> None:
    if on.package and on.package not in table.study.package_by_id:
        raise UsageError(f"there is no '{shortened(on.package)}' to say something on.")
    if on.criterion and on.criterion not in table.study.criteria:
        raise UsageError(f"there is no criterion '{shortened(on.criterion)}'.")
