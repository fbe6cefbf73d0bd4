"""Studies spoiled by a seed: each is run, or refused in words; no nonsense that is listed passes."""

from __future__ import annotations

import csv
import io
import random
import re
import resource
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from click.testing import CliRunner

from evaluator.cli import main
from evaluator.record import read_run
from tests.loading.breaking import BASE, ROUND, STARTER

Outcome = Literal["refused", "accepted", "either"]
Dice = random.Random
YAMLS = sorted(str(path.relative_to(STARTER)) for path in STARTER.rglob("*.yaml"))
TABLES = sorted(str(path.relative_to(STARTER)) for path in STARTER.rglob("*.csv"))
READ = [one for one in YAMLS if not one.endswith("security-first.yaml")]
"""What the base scenario reads."""
REPR = re.compile(r"Node\(|\bNone\b(?! is known)|<class|object at 0x|\(\)\.|PosixPath")
"""What only a programmer would write."""
BULLET = re.compile(r"- \S.*[.?]|and \d+ more.*|The input is invalid: .* Nothing was written\.")
_LEAF = re.compile(r"(?<=: )[^\s\[\]{},#:][^\[\]{},#:\n]*(?=[,}\]\n])|(?<=[\[ ])[\d.]+(?=[,\]])")
_NUMBER = re.compile(r"(?<=[:,\[ ] )[\d_.]+(?=[,}\]\n])|(?<=\[)[\d.]+(?=,)")
_LINE = re.compile(r"^ *[a-z_]+: [^\n|]+\n", re.MULTILINE)


@dataclass(frozen=True)
class Spoiled:
    """One way to spoil a study, and what has to come of it."""

    edit: Callable[[Dice, Path], None]
    must: Outcome = "either"


def _text(root: Path, name: str, change: Callable[[str], str]) -> None:
    path = root / name
    path.write_bytes(change(path.read_text()).encode("utf-8", "surrogatepass"))


def _at(
    dice: Dice,
    root: Path,
    names: Sequence[str],
    pattern: re.Pattern[str],
    new: Callable[[str], str],
) -> None:
    """Replace one place that a pattern finds in one of some files."""
    some = [name for name in names if pattern.search((root / name).read_text())]
    name = dice.choice(some)
    text = (root / name).read_text()
    found = dice.choice([*pattern.finditer(text)])
    _text(root, name, lambda text: text[: found.start()] + new(found[0]) + text[found.end() :])


def in_yaml(pattern: re.Pattern[str], *values: str) -> Callable[[Dice, Path], None]:
    """Return what puts a value in the place of one that a pattern finds."""

    def edit(dice: Dice, root: Path) -> None:
        value = dice.choice(values)
        _at(dice, root, READ[1:], pattern, lambda old: value)

    return edit


def _drop_key(dice: Dice, root: Path) -> None:
    _at(dice, root, READ, _LINE, lambda old: "")


def _twice(dice: Dice, root: Path) -> None:
    _at(dice, root, READ[1:], _LINE, lambda old: old + old)


def _misspelt(dice: Dice, root: Path) -> None:
    word = re.compile(r"(?<=[\w.]{2})[a-z](?=[a-z]+)")
    _at(dice, root, [*READ, *TABLES], word, lambda old: "qx")


def _circle(dice: Dice, root: Path) -> None:
    _text(
        root,
        "scenarios/security-first.yaml",
        lambda t: t.replace(
            "extends: baseline",
            f"extends: {dice.choice(['security-first', 'security-first.yaml', '../scenarios/security-first'])}",
        ),
    )
    shutil.copy(root / "scenarios/security-first.yaml", root / BASE)


ODD = (
    "\u202e\u2066\u2069\u200e\u00ad\u200b\ufeff\ufff9\u2028\u3164\ue000\uffff\x00\x1b\x85\U000e0041"
)


def _odd_letter(dice: Dice, root: Path) -> None:
    letter = re.compile(r"(?<=\w)(?=\w)")
    odd = dice.choice(ODD)
    _at(dice, root, [*READ, *TABLES], letter, lambda old: odd)


def _cut(dice: Dice, root: Path) -> None:
    _text(root, dice.choice([*READ, *TABLES]), lambda text: text[: dice.randrange(1, len(text))])


def _empty(dice: Dice, root: Path) -> None:
    _text(root, dice.choice([*READ, *TABLES]), lambda text: dice.choice(["", "\n", " \n\n"]))


def _encoded(dice: Dice, root: Path) -> None:
    path = root / dice.choice([*READ, *TABLES])
    encoding = dice.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "latin-1"])
    text = path.read_text()
    path.write_bytes(
        (text[:-1] + "\n# caf\u00e9\n" if encoding == "latin-1" else text).encode(encoding)
    )


def _bytes(dice: Dice, root: Path) -> None:
    path = root / dice.choice([*READ, *TABLES])
    data = bytearray(path.read_bytes())
    for _ in range(dice.randint(1, 20)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    path.write_bytes(bytes(data))


def _syntax(dice: Dice, root: Path) -> None:
    new = dice.choice(["&a x", "*a", "!!python/name:os.system x", "!x y", "[" * 99, "{a: b"])
    _at(dice, root, READ, _LEAF, lambda old: new)


def _gone(dice: Dice, root: Path) -> None:
    path = root / dice.choice([*READ, *TABLES])
    path.unlink()
    if dice.random() < 0.5:
        path.mkdir()


def _rows(root: Path, name: str, change: Callable[[list[list[str]]], list[list[str]]]) -> None:
    path = root / name
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(
        change([*csv.reader(path.read_text().splitlines())])
    )
    path.write_text(file.getvalue())


def in_cells(cells: Mapping[str, Sequence[str]], *values: str) -> Callable[[Dice, Path], None]:
    """Return what puts a value into a filled cell of one of some columns, by table."""

    def edit(dice: Dice, root: Path) -> None:
        table = dice.choice([*cells])

        def change(rows: list[list[str]]) -> list[list[str]]:
            column = rows[0].index(dice.choice(cells[table]))
            row = dice.choice([row for row in rows[1:] if row[column] and "n/a" not in row[column]])
            row[column] = dice.choice(values)
            return rows

        _rows(root, f"{ROUND}/{table}.csv", change)

    return edit


def _repeated_row(dice: Dice, root: Path) -> None:
    _rows(root, dice.choice(TABLES), lambda rows: [*rows, dice.choice(rows[1:])])


def _extra_cell(dice: Dice, root: Path) -> None:
    at = dice.randrange(1, 4)
    _rows(
        root, dice.choice(TABLES), lambda rows: [r + ["x"] * (i == at) for i, r in enumerate(rows)]
    )


def _columns(dice: Dice, root: Path) -> None:
    def change(rows: list[list[str]]) -> list[list[str]]:
        one, other = dice.sample(range(len(rows[0])), 2)
        rows[0][one], rows[0][other] = rows[0][other], rows[0][one]
        return rows

    _rows(root, dice.choice(TABLES), change)


def _dropped_column(dice: Dice, root: Path) -> None:
    def change(rows: list[list[str]]) -> list[list[str]]:
        gone = dice.randrange(len(rows[0]))
        return [row[:gone] + row[gone + 1 :] for row in rows]

    _rows(root, dice.choice(TABLES), change)


def _shuffled(dice: Dice, root: Path) -> None:
    for table in TABLES:
        _rows(root, table, lambda rows: [rows[0], *dice.sample(rows[1:], len(rows) - 1)])


def _other_delimiter(dice: Dice, root: Path) -> None:
    _text(root, dice.choice(TABLES), lambda text: text.replace(",", dice.choice(";\t|")))


def _other_case(dice: Dice, root: Path) -> None:
    def change(rows: list[list[str]]) -> list[list[str]]:
        row = dice.choice([row for row in rows[1:] if row[3]])
        return [*rows, [*row[:2], row[2].upper(), *row[3:]]]

    _rows(root, f"{ROUND}/ratings.csv", change)


MONEY = {"packages": ["capital_cost_usd"], "requests": ["amount_usd"]}
NUMBERS = {**MONEY, "targets": ["share"], "measures": ["value"]}
NAMED = {
    **{"targets": ["package", "country"], "requests": ["package", "tool"]},
    **{"measures": ["package", "criterion"], "ratings": ["package", "criterion"]},
}
LISTED = {"packages": ["risk_grade", "submitted_on"], "ratings": ["rating"], "measures": ["unit"]}
SPOILED: Mapping[str, Spoiled] = {
    "a key dropped": Spoiled(_drop_key),
    "a key twice": Spoiled(_twice, "refused"),
    "another type": Spoiled(in_yaml(_LEAF, "[a]", "{a: b}", "[]", "{}")),
    "a text for a number": Spoiled(in_yaml(_NUMBER, "much", "'5'", "1 000", "1,5", "12 %")),
    "no number in YAML": Spoiled(in_yaml(_NUMBER, ".nan", ".inf", "-.inf", "1e999"), "refused"),
    "another number": Spoiled(in_yaml(_NUMBER, "-1", "0", "1e308", "1e-320", "-0.0", "9" * 30)),
    "an empty value": Spoiled(in_yaml(_LEAF, "''", "' '", "", "~", "'\u00a0'", "'\u2800'")),
    "a word misspelt": Spoiled(_misspelt),
    "a circle of scenarios": Spoiled(_circle, "refused"),
    "a letter that is not seen": Spoiled(_odd_letter, "refused"),
    "a file cut": Spoiled(_cut),
    "a file emptied": Spoiled(_empty, "refused"),
    "another encoding": Spoiled(_encoded, "refused"),
    "other bytes": Spoiled(_bytes),
    "a syntax that is not read": Spoiled(_syntax, "refused"),
    "a file gone": Spoiled(_gone),
    "a row twice": Spoiled(_repeated_row, "refused"),
    "a cell too many": Spoiled(_extra_cell, "refused"),
    "heads swapped": Spoiled(_columns),
    "a column dropped": Spoiled(_dropped_column),
    "rows in another order": Spoiled(_shuffled, "accepted"),
    "another delimiter": Spoiled(_other_delimiter, "refused"),
    "an evaluator in another case": Spoiled(_other_case, "refused"),
    "no number in a cell": Spoiled(in_cells(NUMBERS, "NaN", "inf", "1e400", "x", "1,5", "0x1"), "refused"),
    "an amount that cannot be": Spoiled(in_cells(MONEY, "-1", "1e300", "0.5", "$5", "5 USD"), "refused"),
    "an id of nobody": Spoiled(in_cells(NAMED, "nobody", "P9", "p1", "\u04201", "../P1"), "refused"),
    "a word off the list": Spoiled(in_cells(LISTED, "extreme", "2026-02-30", "LOW", "g\u043eod"), "refused"),
    "shares that do not sum": Spoiled(in_cells({"targets": ["share"]}, "0.4", "0", "0.999"), "refused"),
}  # fmt: skip


@dataclass(frozen=True)
class Ran:
    """What came of a spoiled study."""

    outcome: Literal["refused", "accepted"]
    faults: tuple[str, ...]


def run_spoiled(root: Path) -> Ran:
    """Run a study in this process; return what came of it, and all that should not have been."""
    out = root.parent / "runs"
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    arguments = ["run", str(root / BASE), "--out", str(out), "--draws", "20", "--quiet"]
    result = CliRunner().invoke(main, arguments)
    faults: list[str] = []
    if {path: path.stat().st_mtime_ns for path in root.rglob("*")} != before:
        faults.append("the study was changed")
    for word in ("Traceback", "Internal error"):
        if word in result.output:
            faults.append(f"{word}: {result.output[-300:]}")
    if result.exit_code in (0, 3):
        (run, *more) = [*out.iterdir()]
        if more or read_run(run).strangers:
            faults.append("more is left than a run")
        return Ran("accepted", tuple(faults))
    if result.exit_code != 4:
        faults.append(f"exit code {result.exit_code}: {result.output[-300:]}")
    if out.exists() or result.stdout:
        faults.append("something is left or printed")
    lines = result.stderr.splitlines()
    odd = [line for line in lines if not BULLET.fullmatch(line) or REPR.search(line)]
    if odd or not result.stderr:
        faults.append(f"a line that is no message: {odd[:1]}")
    return Ran("refused", tuple(faults))


def spoiled(seed: int, count: int = 560) -> list[str]:
    """Spoil so many copies of the starter study, each way alike often; return what went wrong."""
    faults: list[str] = []
    tally: Counter[str] = Counter()
    longest = 0.0
    for number in range(count):
        name = [*SPOILED][number % len(SPOILED)]
        dice = random.Random(f"{seed} {number}")
        with tempfile.TemporaryDirectory() as folder:
            root = Path(shutil.copytree(STARTER, Path(folder) / "study"))
            SPOILED[name].edit(dice, root)
            start = time.monotonic()
            ran = run_spoiled(root)
            longest = max(longest, time.monotonic() - start)
        tally[ran.outcome] += 1
        faults += [f"{number}, {name}: {fault}" for fault in ran.faults]
        if SPOILED[name].must not in ("either", ran.outcome):
            faults.append(f"{number}, {name}: {ran.outcome}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{count} spoiled studies of {len(SPOILED)} kinds: {dict(tally)}, {len(faults)} faults; the longest took {longest:.1f} s; {peak:,} MB at most"
    )
    return faults
