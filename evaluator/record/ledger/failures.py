"""What a database could not do, by its code: never by the words of its message."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from evaluator.errors import DamagedRecordError, RecordError

_OF_SQLITE = {
    5: ("is locked: another program writes to it", "Try again once it is done"),
    6: ("is locked: another program writes to it", "Try again once it is done"),
    8: ("cannot be written: it, or its folder, can be read alone", "Choose another place"),
    10: ("cannot be read or written: the disk failed", "Look at the disk, then verify the record"),
    11: ("is damaged", "Restore a backup: evaluator record restore"),
    13: ("cannot be written: no room is left on the disk", "Make room, and try again"),
    14: ("cannot be opened", "See that the file and its folder can be read and written"),
    26: ("is not a record: it is no database", "Name the file of a record"),
}
"""By primary result code (sqlite.org/rescode.html): the fact, and what to do."""
_OF_POSTGRESQL = {
    "23": ("refused the entry: it breaks the chain", "Verify the record: evaluator record verify"),
    "25006": ("cannot be written: the server is read-only", "Name the server that writes"),
    "28": ("cannot be opened: the server does not know this user or password", "Name another"),
    "3D": ("is not there: the server has no such database", "Create it, or name another"),
    "42501": ("cannot be written: this user may not", "Ask who runs the server for the rights"),
    "53": ("cannot be written: the server has no room left", "Make room, and try again"),
    "55P03": ("is locked: another program writes to it", "Try again once it is done"),
    "57": ("is gone: the server was stopped", "Try again once it runs"),
    "XX001": ("is damaged", "Restore a backup: evaluator record restore"),
}
"""By SQLSTATE or its class (postgresql.org/docs, appendix A)."""
_DAMAGED = (_OF_SQLITE[11], _OF_SQLITE[26], _OF_POSTGRESQL["XX001"])
_REACH = "See that the server runs, and that the URL is right."
_WHOLE = "Nothing half was written."


def refusal(place: str, error: DBAPIError) -> RecordError:
    """Return what is wrong with a record, and what to do, of an error of its database."""
    fault = error.orig
    code = getattr(fault, "sqlite_errorcode", None)
    if code is not None:
        known = _OF_SQLITE.get(code & 0xFF)
    else:
        state = str(getattr(fault, "sqlstate", None) or "")
        known = next((_OF_POSTGRESQL[s] for s in (state, state[:2]) if s in _OF_POSTGRESQL), None)
        if not state:  # the server was never reached, or let nobody in: no code, but its words
            told = " ".join(str(fault).split()).rstrip(".")
            return RecordError(f"{place} cannot be opened: {told}. {_WHOLE} {_REACH}")
    if known is None:
        return RecordError(f"{place} cannot be used: {str(fault).strip()}. {_WHOLE}")
    fact, remedy = known
    kind = DamagedRecordError if known in _DAMAGED else RecordError
    return kind(f"{place} {fact}. {_WHOLE} {remedy}.")
