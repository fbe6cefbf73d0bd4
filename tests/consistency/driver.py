"""The command line in a warm process: each line of standard input is one call of it.

`python driver.py` runs `python -m evaluator ARGUMENTS` as often as it is asked, without paying for
the imports again. It hands over words and keeps what is printed; it takes nothing of the engine.
"""

from __future__ import annotations

import io
import json
import runpy
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout


def main() -> None:
    answers = sys.stdout
    for line in sys.stdin:
        sys.argv = ["evaluator", *json.loads(line)]
        out, err, code = io.StringIO(), io.StringIO(), 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                runpy.run_module("evaluator", run_name="__main__", alter_sys=True)
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
            except BaseException:
                traceback.print_exc()
                code = 99
        told = {"code": code, "out": out.getvalue(), "err": err.getvalue()}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
