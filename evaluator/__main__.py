"""`python -m evaluator`, and the command `evaluator`: the process around the command line."""

from __future__ import annotations

import sys
from typing import NoReturn

from evaluator.signals import stoppable
from evaluator.streams import streams


def main() -> NoReturn:
    """Run the command line and end with its exit code."""
    with streams() as ended, stoppable():
        # late: a signal that comes while it is loaded ends the process as well
        from evaluator.cli import main as command

        command(prog_name="evaluator")
    sys.exit(ended.code)


if __name__ == "__main__":
    main()
