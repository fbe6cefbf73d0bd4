"""Who comes in, and what they may do."""

from evaluator.workbench.access.people import ROLES, Alone, NotAllowedError, People, Role, Who
from evaluator.workbench.access.sessions import Sessions

__all__ = ["ROLES", "Alone", "NotAllowedError", "People", "Role", "Sessions", "Who"]
