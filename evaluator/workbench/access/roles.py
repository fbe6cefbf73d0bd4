"""Roles as a file has them now: who is changed or taken out there is so at the next request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from evaluator.errors import EvaluatorError
from evaluator.workbench.access.people import Who
from evaluator.workbench.access.settings import read_roles
from evaluator.workbench.log import log


class FromFile:
    """People of a file; nobody, while it cannot be read."""

    def __init__(self, path: Path, agencies: Collection[str]) -> None:
        """Read it. Raises InvalidInputError with every fault."""
        self._path, self._agencies = path, agencies
        self._stamp = self._now()
        self._people: Mapping[str, Who] | None = read_roles(path, agencies)

    @property
    def readable(self) -> bool:
        """Whether the file holds as it is now."""
        self._look()
        return self._people is not None

    def who(self, id_: str) -> Who | None:
        """Return a person by identity, as the file has it now; None for whom it does not name."""
        self._look()
        return (self._people or {}).get(id_)

    def _look(self) -> None:
        stamp = self._now()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._people = read_roles(self._path, self._agencies)
        except EvaluatorError as error:
            self._people = None
            log("roles", level="error", told=f"nobody is let in until it is mended: {error}")
        else:
            log("roles", people=len(self._people))

    def _now(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
