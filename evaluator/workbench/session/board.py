"""All that stands at the table at one moment, and what of it a person sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from evaluator.record.ledger.schema import ENTRIES
from evaluator.record.ledger.writing import head, read
from evaluator.workbench.session.comments import Comment, comment_of
from evaluator.workbench.session.phases import Phase, hidden, phase_of, without
from evaluator.workbench.session.state import Session
from evaluator.workbench.session.table import Table


@dataclass(frozen=True)
class Board:
    """What stands at the table."""

    number: int
    """Of the last entry of the record."""
    session: Session
    phase: Phase
    comments: tuple[Comment, ...]
    hidden: frozenset[str] = frozenset()
    """Agencies of which nothing new is shown."""

    def seen_by(self, mine: Iterable[str], agencies: Iterable[str]) -> Board:
        """Return what somebody sees who speaks for some of the agencies."""
        away = hidden(self.phase, self.session, self.comments, mine, agencies)
        if not away:
            return self
        comments = tuple(
            one
            for one in self.comments
            if one.number <= self.phase.number or one.agency not in away
        )
        session = without(self.session, self.phase, away)
        return replace(self, session=session, comments=comments, hidden=away)


def board_of(table: Table) -> Board:
    """Return what stands at a table, all as of one entry of the record."""
    with table.ledger.reading() as connection:
        mine = ENTRIES.c.about == table.name
        said = read(connection, ENTRIES.c.kind == "comment", mine)
        criteria = frozenset(table.study.criteria)
        return Board(
            head(connection)[0],
            table.read(connection),
            phase_of(read(connection, ENTRIES.c.kind == "phase", mine)),
            tuple(comment_of(one, criteria) for one in said),
        )
