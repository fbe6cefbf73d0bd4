"""The table at which a session is held: its base as it was read, and the record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from evaluator.errors import UsageError
from evaluator.loading import load_study
from evaluator.loading.extension import extended, stated_at
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
    _as_read: dict[Path, tuple[int, ...]] = field(default_factory=dict, compare=False)
    """Of each file and folder of the study, what tells that it is as it was read last."""

    def __post_init__(self) -> None:
        """Note how the files are that were just read."""
        self._as_read.update(self._stamps())

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
        stamps = self._stamps()
        text = session.scenario(changes)
        study = load_study(self.path.with_name(f"{self.name}.yaml"), text=text)
        mine = study.source_file
        if {s for s in study.sources if s.path != mine} != set(self.study.sources):
            raise UsageError(
                "a file of the study has changed since the workbench began. Start it again."
            )
        self._as_read.clear()
        self._as_read.update(stamps)
        return study

    def before(
        self, session: Session, changes: Mapping[str, Change], keys: Iterable[str]
    ) -> Mapping[str, Any]:
        """Return what stands at keys of a session, if its scenario holds with some changes.

        The changes are checked against the study that was read; where one of its files has been
        touched since, all are read again. Raises as `load` does.
        """
        if self._as_read == self._stamps():
            extended(self.study, session.scenario(changes), f"{self.name}.yaml")
        else:
            self.load(session, changes)
        stands = {key: change.to for key, change in session.changes.items()}
        return {k: stands[k] if k in stands else stated_at(self.study, k) for k in keys}

    def _stamps(self) -> dict[Path, tuple[int, ...]]:
        """Return what changes with each file of the study, and with each folder that has some."""
        root = self.path.resolve().parent.parent
        files = [root / one.path for one in self.study.sources]
        found: dict[Path, tuple[int, ...]] = {}
        for path in {*files, *(one.parent for one in files)}:
            try:
                told = path.stat()
            except OSError:
                continue
            found[path] = (told.st_mtime_ns, told.st_size, told.st_ino)
        return found
