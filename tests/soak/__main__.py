"""`make soak`: what is too long for every change, run before an issue is closed.

Each part is a function that takes a seed, prints what it counted, and returns what went wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from tests.load.__main__ import thirty_people
from tests.load.fuzz import fuzz
from tests.soak.disks import full_disks
from tests.soak.kills import kills
from tests.soak.records import flipped_bytes, killed_servers, killed_writers
from tests.soak.spoiled import spoiled
from tests.soak.tampered import tampered
from tests.soak.workbenches import killed_below_a_workbench, killed_workbenches

PARTS: Mapping[str, Callable[[int], list[str]]] = {
    "kills": kills,
    "full disks": full_disks,
    "tampered runs": tampered,
    "spoiled studies": spoiled,
    "writers to a record": killed_writers,
    "servers of a record": killed_servers,
    "bytes of a record": flipped_bytes,
    "workbenches": killed_workbenches,
    "databases of a workbench": killed_below_a_workbench,
    "thirty people": thirty_people,
    "random requests": lambda seed: fuzz(10, seed),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that are asked for, or all; 1 where anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="of these; all without it")
    parser.add_argument("--seed", type=int, default=14320)
    asked = parser.parse_args(arguments)
    wrong: list[str] = []
    for name in asked.part or PARTS:
        start = time.monotonic()
        found = PARTS[name](asked.seed)
        wrong += [f"{name}: {fault}" for fault in found]
        print(f"{name}: {len(found)} faults in {time.monotonic() - start:.0f} s", flush=True)
    for fault in wrong:
        print(fault)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
