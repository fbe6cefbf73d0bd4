"""`python -m benchmarks [name...]`: every benchmark, or those named."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

NAMES = sorted(p.stem for p in Path(__file__).parent.glob("[a-z]*.py"))


def main() -> None:
    wanted = sys.argv[1:] or NAMES
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    for name in wanted:
        print(f"\n## {name}\n", flush=True)
        import_module(f"benchmarks.{name}").main()


main()
