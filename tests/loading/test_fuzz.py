"""Studies broken at random: each is accepted and evaluated, or refused in words."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import evaluator
from evaluator import evaluate, load_study
from evaluator.cli import main
from evaluator.loading import Override

STARTER = Path(evaluator.__file__).parent / "record" / "starter_study"
FILES = sorted(p.relative_to(STARTER) for p in STARTER.rglob("*") if p.suffix in (".yaml", ".csv"))
SCENARIOS = ("scenarios/baseline.yaml", "scenarios/security-first.yaml")
CASES = 40
BULLET = re.compile(r"- [\w./-]+( line \d+)?(, .+?)?( and \d+ more places)?: .+[.?]|and \d+ more.*")
NO_DRAWS = Override("uncertainty.draws", "0", "A trial.")
ODD = [
    *("", " ", "0", "-0", "-1", "1", "2", "0.5", "1e3", "1e400", "1_000", "1_", "0x10", "010"),
    *("+5", ".5", "5.", "NaN", ".nan", "inf", "9" * 5000, "9" * 21, "1e-320", "1e308"),
    *("yes", "no", "true", "null", "~", "n/a", "n/a: x", "2026-07-01", "2026-02-30", "20260701"),
    *("P1", "P2", "P9", "KEN", "trade", "security", "bank.loan", "trade.delivery", "quality"),
    *("=1+1", "@x", "'x", '"', "'", "`", "%", "&a", "*a", "!x", "!!python/name:os.system", "<<"),
    *("[", "]", "{", "}", "[]", "{}", "[[1]]", "{a: b}", "- a", ": ", "# x", "---", "...", "|"),
    *("\t", "\r", "\r\n", "\n", "\x00", "\x1b[31m", "\x85", "\u202e", "\u2028", "\ufeff"),
    *("\uffff", "é", "\u0430", "\uff11", "\u0663", "\U0001f600", "..", "../..", "/etc/passwd"),
    *("~", "a/b", ".", "a b", "title", "rank", "package", "x" * 200, "x" * 25_000, ",", ",,", ";"),
    *("[" * 100, ">", "[&a x, *a]"),
]  # fmt: skip
Edit = Callable[[random.Random, str], str]


def a_byte(dice: random.Random, text: str) -> str:
    """Replace, remove or add one character."""
    at = dice.randrange(len(text))
    return text[:at] + dice.choice(["", dice.choice(ODD)]) + text[at + dice.randint(0, 1) :]


def a_word(dice: random.Random, text: str) -> str:
    """Replace a word or a number with an odd one."""
    found = dice.choice(list(re.finditer(r"[\w.-]+", text)))
    return text[: found.start()] + dice.choice(ODD) + text[found.end() :]


def a_line(dice: random.Random, text: str) -> str:
    """Remove, repeat, move or shift a line."""
    lines = text.splitlines(keepends=True)
    at = dice.randrange(len(lines))
    line = lines.pop(at)
    changed = dice.choice(["", line + line, "  " + line, line.lstrip(), line.upper(), "\n"])
    lines.insert(dice.choice([at, dice.randint(0, len(lines))]), changed)
    return "".join(lines)


def a_value(dice: random.Random, text: str) -> str:
    """Replace what follows a colon or stands between commas."""
    found = dice.choice(list(re.finditer(r"(?<=[:,] )[^\n]+|(?<=,)[^,\n]+|^[^,\n]+", text)))
    return text[: found.start()] + dice.choice(ODD) + text[found.end() :]


def a_cut(dice: random.Random, text: str) -> str:
    """Keep the first part only."""
    return text[: dice.randrange(len(text))]


EDITS: tuple[Edit, ...] = (a_byte, a_word, a_word, a_line, a_value, a_value, a_cut)


def broken(dice: random.Random, root: Path) -> str:
    """Break one or two places of a study; return what was done."""
    told = []
    for _ in range(dice.choice([1, 1, 2])):
        path, edit = root / dice.choice(FILES), dice.choice(EDITS)
        text = edit(dice, path.read_text() or "x")
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        told.append(f"{edit.__name__} of {path.name}")
    return ", ".join(told)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_a_broken_study_is_evaluated_or_refused_in_words(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    for case in range(CASES):
        root = Path(shutil.copytree(STARTER, tmp_path / str(case)))
        before = {p: p.stat().st_mtime_ns for p in root.rglob("*")}
        told = broken(dice, root)
        scenario = root / dice.choice(SCENARIOS)
        result = CliRunner().invoke(main, ["validate", str(scenario)])
        assert result.exit_code in (0, 4), f"seed {seed}, case {case}: {told}\n{result.output}"
        assert before.keys() == set(root.rglob("*"))
        if result.exit_code == 0:
            evaluate(load_study(scenario, [NO_DRAWS]))
            continue
        assert result.stdout == ""
        assert "Nothing was written." in result.stderr.splitlines()[0]
        for line in result.stderr.splitlines()[1:]:
            assert BULLET.fullmatch(line), f"seed {seed}, case {case}: {told}\n{line}"
