"""A session: a scenario that several people write together, entry by entry of the record."""

from evaluator.workbench.session.acts import Act, Setting
from evaluator.workbench.session.share import ConflictError, share, undoing
from evaluator.workbench.session.state import Base, Session, Step
from evaluator.workbench.session.table import Table, named_session

__all__ = [
    "Act",
    "Base",
    "ConflictError",
    "Session",
    "Setting",
    "Step",
    "Table",
    "named_session",
    "share",
    "undoing",
]
