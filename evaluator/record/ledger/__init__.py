"""The record: what was done, by whom, in a chain of entries that are only ever added.

It stands on SQLite in a file of the study's folder, or on PostgreSQL by a URL.
"""

from evaluator.errors import UsageError

try:
    import sqlalchemy  # noqa: F401
except ImportError:
    raise UsageError(
        "the record needs SQLAlchemy. Install the engine with its extra 'record'."
    ) from None

from evaluator.record.ledger.database import Ledger, open_ledger
from evaluator.record.ledger.enter import enter_run
from evaluator.record.ledger.entries import Draft, Entry
from evaluator.record.ledger.writing import append

__all__ = ["Draft", "Entry", "Ledger", "append", "enter_run", "open_ledger"]
