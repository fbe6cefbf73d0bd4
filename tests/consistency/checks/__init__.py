"""A recomputation for each kind of statement: one module a part of the run."""

from __future__ import annotations

import traceback

from tests.consistency.case import Case
from tests.consistency.checks import (
    absent,
    agencies,
    allocation,
    asked,
    clocks,
    copies,
    decision,
    engagement,
    law,
    limits,
    notes,
    pictures,
    questions,
    reasons,
    scoring,
    standing,
    uncertainty,
    versions,
)
from tests.consistency.ledger import Ledger

PARTS = (
    scoring,
    standing,
    decision,
    absent,
    allocation,
    reasons,
    limits,
    engagement,
    clocks,
    questions,
    law,
    notes,
    pictures,
    uncertainty,
    agencies,
    copies,
    versions,
    asked,
)


def hold(case: Case, held: Ledger) -> None:
    """Hold every statement of a run against its recomputation; a check that fails is one too."""
    for part in PARTS:
        try:
            part.check(case, held)
        except Exception as error:
            where = f"checks of {part.__name__.rpartition('.')[2]}"
            told = f"{error!r} {traceback.format_exc(limit=-2)}"
            held.holds("the run can be read", "all", where, False, told, "no error")
        else:
            held.holds("the run can be read", "all", "check", True)
