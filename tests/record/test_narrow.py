"""No command prints a line wider than a terminal of 80 columns, but for a word that is longer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator.cli import main
from evaluator.cli.examples import EXAMPLES
from tests.conftest import BASELINE, ROOT

pytestmark = pytest.mark.slow
WIDTH = 80
LONG = "National Administration of Extraordinarily Long Titles and of Names that Nobody Shortens"
OTHER = ROOT / "scenarios" / "security-first.yaml"
_RUN = ("--out", "{tmp}/runs", "--draws", "50", "--quiet")
COMMANDS: dict[str, tuple[str, ...]] = {
    "validate": ("{base}",),
    "run": ("{base}", *_RUN),
    "show": ("{run}",),
    "explain": ("{run}", "SP26-08", "--against", "SP26-02"),
    "criteria": ("{run}", "--only", "scores", "--quiet"),
    "compare": ("{base}", "{other}", "--quiet"),
    "regret": ("{base}", "{other}", "--quiet"),
    "law": ("{base}", "--quiet"),
    "report": ("{run}",),
    "admit": ("{run}", "SP26-25"),
    "arrivals": ("{run}", "--orders", "5", "--quiet"),
    "sweep": (
        *("{base}", "--vary", "designation.max_packages=10,20", "--only", "scores", "--quiet"),
        *("--out", "{tmp}/sweep.csv"),
    ),
    "export": ("{run}", "{tmp}/program.lp"),
    "memo": ("{run}", "--into", "{tmp}/memo"),
    "letters": ("{run}", "--into", "{tmp}/letters"),
    "reproduce": ("{run}",),
    "runs": (),
    "docs": (),
    "completion": ("bash",),
}
ELSEWHERE = {"rank", "import", "new", "schema", "serve", "record"}
"""Commands that show no study: their own tests read what they say."""
SHOWN_AS_IT_IS = {"completion", "docs"}
"""What they print is a script, or a page as it is written."""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The baseline, with long names of agencies and institutions."""
    tmp = tmp_path_factory.mktemp("narrow")
    for name in ("criteria", "scenarios"):
        shutil.copytree(ROOT / name, tmp / name)
    for path in (*(tmp / "criteria").glob("*"), *(tmp / "scenarios/financing").glob("*")):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("short:")]
        named = [f"name: {LONG} {path.stem}\n" if x.startswith("name:") else x for x in kept]
        path.write_text("".join(named), "utf-8")
    base = tmp / "scenarios" / BASELINE.name
    made = CliRunner().invoke(main, ["run", str(base), *(x.format(tmp=tmp) for x in _RUN)])
    assert made.exit_code == 0, made.output
    (run,) = (tmp / "runs").iterdir()
    return {"tmp": tmp, "base": base, "other": tmp / "scenarios" / OTHER.name, "run": run}


def test_every_command_is_looked_at() -> None:
    alone = {name for name in EXAMPLES if " " not in name}
    assert alone == COMMANDS.keys() | ELSEWHERE


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - SHOWN_AS_IT_IS))
def test_no_line_is_wider(
    command: str, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    monkeypatch.chdir(places["tmp"])
    asked = [part.format(**places) for part in COMMANDS[command]]
    told = CliRunner().invoke(main, [command, *asked])
    assert told.exit_code == 0, told.output
    wide = [line for line in told.output.splitlines() if len(line) > WIDTH]
    assert [line for line in wide if len(line.split()) > 1] == []
