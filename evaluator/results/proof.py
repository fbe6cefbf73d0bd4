"""What is wrong with a record, or with a run that stands on it."""

from __future__ import annotations

from evaluator.results.findings import Finding


class EntryMissing(Finding):
    """Entries that are not there, though later ones are."""

    number: int
    """The first of them."""
    last: int


class EntryAltered(Finding):
    """An entry that is not what its hash says."""

    number: int


class EntrySwapped(Finding):
    """An entry that stands in the place of another."""

    number: int
    """Where it stands."""
    own: int
    """Which it is."""


class LinkBroken(Finding):
    """An entry that does not follow the one before: one of the two was made anew."""

    number: int


class PersonalAltered(Finding):
    """What an entry says of a person is not what it committed to."""

    number: int
    field: str


class PersonalMissing(Finding):
    """What an entry says of a person is gone, and no entry redacts it."""

    number: int
    field: str


class RowUnknown(Finding):
    """A row that no entry asks for."""

    table: str
    row: str


class ContentAltered(Finding):
    """A file of a run that is kept on record is not what its digest says."""

    sha256: str


class ContentMissing(Finding):
    """A file of a run that should be kept on record is not."""

    number: int
    """Of the run's entry."""
    file: str


class StandingsAltered(Finding):
    """What a run makes of its packages is not what its tables say."""

    number: int
    run: str


class RunFileFault(Finding):
    """A file of a run on disk is not the one that was entered."""

    number: int
    """Of the run's entry."""
    run: str
    file: str
    fault: str
    """`missing` or `altered`."""


class RunReplaced(Finding):
    """Another run stands in the folder of one on record."""

    number: int
    run: str


class GuardMissing(Finding):
    """What refuses changes in the database is not as the record was made."""

    name: str


class DatabaseDamaged(Finding):
    """The database itself is damaged."""

    reason: str
    """As the database says it."""


class SealBroken(Finding):
    """The file of a record is not what the seal beside it says, or that seal is none."""

    file: str
    """The file that does not hold: of the record, or its seal."""
    fault: str
    """`altered`, `no seal` or `unreadable`."""


class CheckpointUnmet(Finding):
    """An outside checkpoint that the record does not meet: something before it was changed."""

    number: int
    there: int
    """Number of the last entry that is there."""


class CheckpointForged(Finding):
    """The signature of an outside checkpoint does not hold."""

    number: int
