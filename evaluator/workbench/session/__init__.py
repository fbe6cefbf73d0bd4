"""A session: a scenario that several people write together, entry by entry of the record."""

from evaluator.workbench.session.acts import Act, Setting
from evaluator.workbench.session.board import Board, board_of
from evaluator.workbench.session.comments import Comment, Subject, comment
from evaluator.workbench.session.phases import Phase
from evaluator.workbench.session.share import ConflictError, share, undoing
from evaluator.workbench.session.state import Base, Session, Step
from evaluator.workbench.session.table import Table, named_session

__all__ = [
    "Act",
    "Base",
    "Board",
    "Comment",
    "ConflictError",
    "Phase",
    "Session",
    "Setting",
    "Step",
    "Subject",
    "Table",
    "board_of",
    "comment",
    "named_session",
    "share",
    "undoing",
]
