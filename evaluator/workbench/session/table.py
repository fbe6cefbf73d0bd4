"""The table at which a session is held: its base as it was read, and the record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from evaluator.errors import UsageError
from evaluator.loading import load_study
from evaluator.model.study import Study
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.schema import ENTRIES
from evaluator.record.ledger.writing import head, read
from evaluator.workbench.session.state import Base, Change, Session, steps_of

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)


def named_session(scenario: str, session: str) -> str:
    """Return the id of a session's scenario; UsageError for a name that none can have.

    >>> named_session("baseline", "spring")
    'baseline-spring'
    """
    if not _NAME.fullmatch(session):
        raise UsageError("--session is a name of letters, digits, - and _, 40 at most.")
    return f"{scenario}-{session}"


@dataclass(frozen=True)
class Table:
    """A session's name, its base, and where what is done is kept."""

    path: Path
    """The base's scenario file."""
    study: Study
    """The base."""
    ledger: Ledger
    name: str

    @property
    def base(self) -> Base:
        """What the session begins with."""
        scenario = self.study.scenario
        return Base(scenario.scenario, scenario.title, self.path.name)

    def head(self) -> int:
        """Return the number of the last entry of the record."""
        with self.ledger.reading() as connection:
            return head(connection)[0]

    def session(self) -> Session:
        """Return the session as the record has it."""
        with self.ledger.reading() as connection:
            return self.read(connection)

    def read(self, connection: Connection) -> Session:
        """Return the session as a connection sees it."""
        mine = (ENTRIES.c.kind == "change", ENTRIES.c.about == self.name)
        return Session(self.name, self.base, steps_of(read(connection, *mine)))

    def load(self, session: Session, changes: Mapping[str, Change] | None = None) -> Study:
        """Return the study of a session's scenario file, read as from the disk.

        changes: in place of its own. Raises InvalidStudyError with every fault, UsageError where
        the files below it are no longer those that the session began with.
        """
        text = session.scenario(changes)
        study = load_study(self.path.with_name(f"{self.name}.yaml"), text=text)
        mine = study.source_file
        if {s for s in study.sources if s.path != mine} != set(self.study.sources):
            raise UsageError(
                "a file of the study has changed since the workbench began. Start it again."
            )
        return study
