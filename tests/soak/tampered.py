"""Runs changed at random by somebody who renews every hash: read, or refused, never a crash."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from evaluator import Override, evaluate, load_study, write_run
from evaluator.cli import main
from tests.soak.kills import HAND

JUNK: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        7,
        1e300,
        10**30,
        "",
        " ",
        "x",
        "P1",
        "nan",
        "\u202e",
        "'=1",
        "; ",
        "[{}]",
    ),
    *([], {}, [1], {"a": 1}, "9" * 400, "2026-13-45", '[{"package": 1}]'),
)
COMMANDS = (["show"], ["show", "--json"], ["explain", "P1"], ["explain", "P2", "--json"])


def tampered(seed: int, count: int = 400) -> list[str]:
    """Change a run in so many ways; return where a command ends in anything but 0, 2 or 4.

    Where no hash was renewed, it has to end in 4.
    """
    dice, faults, codes = random.Random(seed), list[str](), Counter[int]()
    with tempfile.TemporaryDirectory() as folder:
        few = Override("uncertainty.draws", "20", "a trial")
        right = write_run(evaluate(load_study(HAND, [few])), folder)
        for number in range(count):
            run = Path(folder) / "changed"
            shutil.copytree(right, run)
            change = dice.choice(CHANGES)
            told = change(run, dice)
            hidden = dice.random() < 0.8
            if hidden:
                renew(run)
            seen = not hidden and _contents(run) != _contents(right)
            command, *more = dice.choice(COMMANDS)
            ended = CliRunner().invoke(main, [command, str(run), *more])
            codes[ended.exit_code] += 1
            allowed = (4,) if seen else (0, 2, 4)
            if ended.exit_code not in allowed or "Internal error" in ended.output:
                faults.append(f"{number}: {told}: {command} {more}: {ended.output[-300:]}")
            shutil.rmtree(run)
    print(f"exit codes {dict(codes)}")
    return faults


def _contents(run: Path) -> dict[str, object]:
    """Return what is in a run: the manifest as its values, other files byte for byte."""
    return {
        path.name: json.loads(path.read_text())
        if path.name == "manifest.json"
        else path.read_bytes()
        for path in run.iterdir()
        if path.is_file()
    }


def renew(run: Path) -> None:
    """Work out anew all that a run says of its own files, as far as it can be read."""
    path = run / "manifest.json"
    manifest = json.loads(path.read_text())
    if isinstance(manifest.get("files"), dict):
        for name in manifest["files"]:
            if (run / name).is_file():
                data = (run / name).read_bytes()
                manifest["files"][name] = hashlib.sha256(data).hexdigest()
    bare = {key: value for key, value in manifest.items() if key != "digest"}
    text = json.dumps(bare, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    manifest["digest"] = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(json.dumps(manifest))


def _in_json(name: str) -> Callable[[Path, random.Random], str]:
    def change(run: Path, dice: random.Random) -> str:
        path = run / name
        document = json.loads(path.read_text())
        at, where = document, [name]
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                return f"nothing in {where}"
            key = dice.choice(keys)
            where.append(str(key))
            if isinstance(at[key], dict | list) and at[key] and dice.random() < 0.7:
                at = at[key]
                continue
            if dice.random() < 0.3:
                del at[key]
            else:
                at[key] = dice.choice(JUNK)
                where.append(repr(at[key]))
            break
        path.write_text(json.dumps(document))
        return " / ".join(where)

    return change


def _in_table(run: Path, dice: random.Random) -> str:
    path = dice.choice(sorted(run.glob("*.csv")))
    rows = list(csv.reader(io.StringIO(path.read_text())))
    row, column = dice.randrange(len(rows)), dice.randrange(len(rows[0]))
    what = dice.choice(["cell", "cell", "row gone", "row twice", "columns swapped", "column gone"])
    if what == "cell":
        rows[row][column] = str(dice.choice(JUNK))
    elif what == "row gone":
        del rows[row]
    elif what == "row twice":
        rows.append(rows[row])
    else:
        other = dice.randrange(len(rows[0]))
        for one in rows:
            if what == "column gone":
                del one[column]
            else:
                one[column], one[other] = one[other], one[column]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue())
    return f"{path.name}: {what} at {row}, {column}"


def _in_bytes(run: Path, dice: random.Random) -> str:
    path = dice.choice(sorted([*run.glob("*.csv"), run / "study.json"]))
    data = bytearray(path.read_bytes())
    at = dice.randrange(len(data))
    what = dice.choice(["cut", "flip", "insert"])
    if what == "cut":
        del data[at:]
    elif what == "flip":
        data[at] ^= 1 << dice.randrange(8)
    else:
        data[at:at] = bytes(dice.randrange(256) for _ in range(3))
    path.write_bytes(bytes(data))
    return f"{path.name}: {what} at {at}"


CHANGES = (_in_json("manifest.json"), _in_json("study.json"), _in_table, _in_table, _in_bytes)
