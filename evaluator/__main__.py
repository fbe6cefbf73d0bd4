"""`python -m evaluator`, and the command `evaluator`: the process around the command line."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

from evaluator.signals import stoppable
from evaluator.streams import streams

_OBJECTS = 10_000
"""New objects between two looks for garbage in cycles: of a run's hardly any is, and to look
through all that is loaded, which 700 let happen five times, took a tenth of it."""


def main() -> NoReturn:
    """Run the command line and end with its exit code."""
    gc.set_threshold(_OBJECTS)
    with streams() as ended, stoppable():
        # late: a signal that comes while it is loaded ends the process as well
        from evaluator.cli import main as command

        command(prog_name="evaluator")
    gc.freeze()  # what is loaded ends with the process: to take it apart took a tenth of it
    sys.exit(ended.code)


if __name__ == "__main__":
    main()
