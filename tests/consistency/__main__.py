"""`python -m tests.consistency`: random studies held against a recomputation from their files."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.consistency.kinds import KINDS
from tests.consistency.ledger import Ledger
from tests.consistency.studies import counts, held

_SHOWN = 200
_MANY = 200
"""Studies among which every kind of statement occurs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked; 1 where anything told is contradicted, or no plant of a kind is found."""
    parser = argparse.ArgumentParser(prog="python -m tests.consistency", description=__doc__)
    parser.add_argument("--studies", type=int, default=200, help="how many random studies")
    parser.add_argument("--seed", type=int, default=0, help="of the first; the others follow")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--keep", type=Path, help="keep studies and runs in this folder")
    parser.add_argument("--plant", action="store_true", help="find contradictions that are planted")
    asked = parser.parse_args(arguments)
    if asked.plant:
        from tests.consistency.plants import plants

        return plants(asked.seed, asked.keep)
    seeds = range(asked.seed, asked.seed + asked.studies)
    ledgers = held(seeds, asked.jobs, asked.keep)
    report(ledgers)
    return int(any(ledger.found for ledger in ledgers) or bool(never(ledgers)))


def never(ledgers: Sequence[Ledger]) -> list[str]:
    """Return the kinds of which many studies have no assertion: each is looked for in vain."""
    return sorted(KINDS - set(counts(ledgers))) if len(ledgers) >= _MANY else []


def report(ledgers: Sequence[Ledger]) -> None:
    """Print assertions by kind, and every contradiction."""
    every = counts(ledgers)
    media = sum((ledger.media for ledger in ledgers), Counter[tuple[str, str]]())
    wrong = Counter(one.kind for ledger in ledgers for one in ledger.found)
    width = max(map(len, every), default=4)
    for kind in never(ledgers) if len(ledgers) >= _MANY else ():
        every[kind] = 0
    print(f"{'kind':{width}}  {'held':>7}  {'against':>7}  media")
    for kind in sorted(every):
        where = ", ".join(sorted(medium for one, medium in media if one == kind))
        print(f"{kind:{width}}  {every[kind]:7,}  {wrong[kind] or '-':>7}  {where}")
    found = [one for ledger in ledgers for one in ledger.found]
    for one in found[:_SHOWN]:
        print(one)
    if len(found) > _SHOWN:
        print(f"and {len(found) - _SHOWN:,} more")
    total = sum(every.values())
    print(
        f"{len(ledgers)} studies, {total:,} assertions of {len(every)} kinds, "
        f"{len(found):,} contradictions"
    )


if __name__ == "__main__":
    sys.exit(main())
