"""A run that was changed, cut short or made up is no run, with the reason; nothing is a crash."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from evaluator import Override, evaluate, load_study
from evaluator.cli import main
from evaluator.errors import RunError
from evaluator.record import read_run, read_study, write_run
from evaluator.record.runs.tables import OF_ALL, OF_DRAWS
from evaluator.results.format import FORMAT
from tests.loading.breaking import BASE, copy

Change = Callable[[Path], None]
Manifest = dict[str, Any]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    at = tmp_path_factory.mktemp("tampering")
    few = Override("uncertainty.draws", "20", "a trial")
    return write_run(evaluate(load_study(copy(at) / BASE, [few])), at / "runs")


@pytest.fixture
def run(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "run"))


def digest(manifest: Manifest) -> str:
    """The digest as the docs say: canonical JSON of all but itself."""
    bare = {key: value for key, value in manifest.items() if key != "digest"}
    text = json.dumps(bare, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def edited(change: Callable[[Manifest], object], *, renew: bool = True) -> Change:
    """Change the manifest, and work out its digest anew."""

    def apply(folder: Path) -> None:
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text())
        change(manifest)
        if renew:
            manifest["digest"] = digest(manifest)
        path.write_text(json.dumps(manifest))

    return apply


def table(name: str, change: Callable[[bytes], bytes], *, file: str = "") -> Change:
    """Change a file of the run as somebody who renews its hash and the digest does."""

    def apply(folder: Path) -> None:
        path = folder / (file or f"{name}.csv")
        path.write_bytes(change(path.read_bytes()))
        new = hashlib.sha256(path.read_bytes()).hexdigest()
        edited(lambda manifest: manifest["files"].update({path.name: new}))(folder)

    return apply


def text(content: bytes) -> Change:
    return lambda folder: void((folder / "manifest.json").write_bytes(content))


def void(_: object) -> None:
    """Do nothing with what a call gives."""


def moved_out(folder: Path) -> None:
    shutil.move(folder / "ranking.csv", folder.parent / "ranking.csv")
    (folder / "ranking.csv").symlink_to(folder.parent / "ranking.csv")


def a_folder(name: str) -> Change:
    def apply(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return apply


def two(folder: Path) -> None:
    (folder / "gates.csv").unlink()
    with (folder / "limits.csv").open("a") as file:
        file.write("x\n")
    (folder / "core_index.csv").write_text("package\n")


MANIFESTS: dict[str, tuple[Change, str]] = {
    "none": (lambda f: (f / "manifest.json").unlink(), "has no manifest.json that can be read"),
    "a folder": (a_folder("manifest.json"), "has no manifest.json that can be read"),
    "empty": (text(b""), "manifest.json is no JSON"),
    "cut short": (lambda f: text((f / "manifest.json").read_bytes()[:900])(f), "is no JSON"),
    "a list": (text(b"[1, 2]"), "holds no keys with values"),
    "no UTF-8": (text(b'{"title": "\xff\xfe\xfa"}'), "is no JSON"),
    "zero bytes": (text(b'{"title": "\x00"}'), "is no JSON"),
    "too deep": (text(b"[" * 100_000), "is no JSON"),
    "long number": (text(b'{"format": ' + b"9" * 5000 + b"}"), "is no JSON"),
    "lone surrogate": (edited(lambda m: m.update(title="\ud800"), renew=False), "no run writes"),
    "not a number": (edited(lambda m: m["allocation"].update(gap=float("nan"))), "no run writes"),
    "agencies of another study": (
        edited(lambda m: m.update(agencies={"security": "Evil", "z": "q"})),
        "'agencies' of its manifest.json is not that of its study.json",
    ),
    "less than no draws": (edited(lambda m: m.update(draws=-7)), "'draws' of its manifest.json"),
    "a package from nowhere": (
        edited(lambda m: m["allocation"].update(supported=["P9"])),
        "supports 'P9', which its study.json has not",
    ),
    "no format": (edited(lambda m: m.pop("format")), "of format 1, written by version"),
    "odd format": (edited(lambda m: m.update(format=[])), r"of format \[\]"),
    "no tables": (edited(lambda m: m.pop("tables")), "'tables' of its manifest.json is missing"),
    "no status": (edited(lambda m: m["allocation"].pop("status")), "'allocation.status'"),
    "files a list": (edited(lambda m: m.update(files=[])), "'files' of its manifest.json is wrong"),
    "a path as number": (edited(lambda m: m["files"].update({"study.json": 7})), "study.json' of"),
    "what is not known": (edited(lambda m: m.update(extra=1)), "'extra' of its manifest"),
    "no digest": (edited(lambda m: m.pop("digest"), renew=False), "'digest' of its manifest"),
    "another word": (
        edited(lambda m: m["notes"].clear() or m.update(draws=7), renew=False),
        "altered after the run: its digest is another",
    ),
    "another title": (edited(lambda m: m.update(title="x")), "'title' of its manifest.json is not"),
    "another method": (edited(lambda m: m["method"].update(name="topsis")), "'method' of its"),
}
FILES: dict[str, tuple[Change, str]] = {
    "no files": (edited(lambda m: m.update(files={})), "does not list study.json|no digest of"),
    "a table not listed": (
        edited(lambda m: m["tables"].remove("sources") or m["files"].pop("sources.csv")),
        "does not list the table sources; sources.csv is there, and its manifest",
    ),
    "a table without hash": (
        edited(lambda m: m["files"].pop("limits.csv")),
        "no digest of limits.csv",
    ),
    "a table of draws": (
        edited(lambda m: m["tables"].remove("stability") or m["files"].pop("stability.csv")),
        "does not list the table stability",
    ),
    "a table that no run has": (edited(lambda m: m["tables"].append("x")), "a table x, which no"),
    "a path out": (
        edited(lambda m: m["files"].update({"../x": "0"})),
        r"\.\./x (is missing from|leads out of) the run",
    ),
    "several": (two, "core_index.csv is there.*gates.csv is missing.*limits.csv was altered"),
    "a link out": (moved_out, "ranking.csv leads out of the run"),
    "a folder": (a_folder("ranking.csv"), "ranking.csv is not a file"),
    "a circle": (
        lambda f: (f / "values.csv").unlink() or (f / "values.csv").symlink_to("values.csv"),
        "values.csv is no file that can be read|values.csv is not a file",
    ),
}
TABLES: dict[str, tuple[Change, str]] = {
    "cut short": (table("ranking", lambda d: d[:-9]), "ranking.csv is no table.*cells|cut short"),
    "cut at a cell": (table("ranking", lambda d: d[: d.rindex(b",")]), "row 3 has"),
    "cut at its end": (table("ranking", lambda d: d[:-1]), "its last line is cut short"),
    "cut in quotes": (table("ranking", lambda d: d + b'"P9'), "line .*: unexpected end"),
    "empty": (table("limits", lambda d: b""), "limits.csv is no table"),
    "another column": (
        table("ranking", lambda d: d.replace(b"title", b"colour", 1)),
        "a column 'colour', which no run has",
    ),
    "no such column": (
        table("gates", lambda d: b"package\n"),
        "the column .* is missing",
    ),
    "a column twice": (
        table("ranking", lambda d: d.replace(b"title", b"rank", 1)),
        "a column stands there twice",
    ),
    "without end": (
        table("ranking", lambda d: re.sub(rb"90\.\d+", b"inf", d, count=1)),
        "ranking.csv is no table.*'inf' is no number",
    ),
    "no UTF-8": (table("ranking", lambda d: d.replace(b"P1", b"P\xff")), "ranking.csv is no table"),
    "a zero byte": (table("ranking", lambda d: d.replace(b"P1", b"P\0")), "a zero byte"),
    "no number": (
        table("allocation", lambda d: d.replace(b"True", b"x").replace(b"000,", b"abc,")),
        "column .* is no integer",
    ),
    "no findings": (
        table("allocation", lambda d: d.replace(b",in_full,", b",in_halves,")),
        "allocation.csv is no table that a run writes: no findings",
    ),
    "a package that is none": (
        table("ranking", lambda d: d.replace(b"\nP1,", b"\nP7,")),
        "the study has no package 'P7'",
    ),
    "a row gone": (
        table("ranking", lambda d: b"".join(d.splitlines(keepends=True)[:-1])),
        "it has no row of 'P",
    ),
    "a row twice": (
        table("ranking", lambda d: d + d.splitlines(keepends=True)[-1]),
        "rows have the same package",
    ),
    "an agency less": (
        table("ranking", lambda d: d.replace(b"score.trade", b"score.navy")),
        "not those of the study's agencies",
    ),
}
STUDIES: dict[str, tuple[Change, str]] = {
    "altered": (lambda f: void((f / "study.json").write_text("{}")), "study.json was altered"),
    "none": (table("", lambda d: b"{}", file="study.json"), "not a study of this version"),
    "too deep": (table("", lambda d: b"[" * 9999, file="study.json"), "not a study of this"),
    "another": (
        table(
            "", lambda d: d.replace(b'"max_packages": 3', b'"max_packages": 2'), file="study.json"
        ),
        "'fingerprint' of its manifest.json is not that of its study.json, which is [0-9a-f]{64}",
    ),
}
ALL = {
    f"{kind}: {name}": case
    for kind, cases in (
        ("manifest", MANIFESTS),
        ("files", FILES),
        ("table", TABLES),
        ("study", STUDIES),
    )
    for name, case in cases.items()
}


def contents(folder: Path) -> dict[Path, tuple[bool, bytes]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path: (path.is_symlink(), path.read_bytes()) for path in files}


@pytest.mark.parametrize("name", ALL)
def test_it_is_no_run(name: str, run: Path) -> None:
    change, why = ALL[name]
    before = contents(run)
    change(run)
    assert contents(run) != before, "nothing was changed"
    with pytest.raises(RunError, match=rf"^{run} is not a run.*({why})") as caught:
        dict(read_run(run).tables)
    assert "\n" not in str(caught.value)
    if name.startswith(("manifest", "study")):
        with pytest.raises(RunError, match=why):
            read_study(run)


COMMANDS = (
    *(("show",), ("show", "--json"), ("explain", "P1"), ("explain", "P1", "--json")),
    *(("report",), ("compare",), ("regret",), ("admit", "P1"), ("arrivals",), ("export", "p.lp")),
)


@pytest.mark.parametrize("name", ["study: another", "manifest: another word", "files: several"])
def test_no_command_takes_it(name: str, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run.parent)
    ALL[name][0](run)
    kept = contents(run.parent)
    for command, *more in COMMANDS:
        if name == "files: several" and command not in ("show", "explain", "export"):
            continue  # they need the study alone
        runs = [str(run)] * (2 if command in ("compare", "regret") else 1)
        told = CliRunner().invoke(main, [command, *runs, *more])
        assert told.exit_code == 4, (command, told.output)
        assert "is not a run: " in told.output
        assert "Internal error" not in told.output
    assert contents(run.parent) == kept


def test_what_is_not_there_or_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "nowhere", tmp_path / ("x" * 5000)):
        with pytest.raises(RunError, match="is not a run: there is no such folder"):
            read_run(place)
    with pytest.raises(RunError, match="is not a run: it is a file"):
        read_run(tmp_path / "file")
    with pytest.raises(RunError, match="is not a run: it has no manifest"):
        read_run(tmp_path)


@pytest.mark.parametrize("form", [None, 2, 99])
def test_a_run_of_another_format(form: int | None, run: Path) -> None:
    """The first format had no number of that name, and no list of tables."""

    def older(manifest: Manifest) -> None:
        assert manifest.pop("format") == FORMAT
        manifest.pop("tables")
        manifest.update({"format": form} if form else {})
        manifest["versions"]["evaluator"] = "7.0.1"

    edited(older)(run)
    want = f"is of format {form or 1}, written by version 7.0.1 of the evaluator; this version"
    for read in (read_run, read_study):
        with pytest.raises(RunError, match=f"{want} reads format {FORMAT}"):
            read(run)


def test_digest_and_strangers_are_told(run: Path) -> None:
    (run / "note.txt").write_text("mine")
    (run / "figures" / "mine.svg").write_text("mine")
    manifest = json.loads((run / "manifest.json").read_text())
    assert manifest["digest"] == digest(manifest)
    told = CliRunner().invoke(main, ["show", str(run)]).stdout.splitlines()
    assert f"Digest  {digest(manifest)}" in told
    assert "Kept    note.txt: not of the run" in told
    data = json.loads(CliRunner().invoke(main, ["show", str(run), "--json"]).stdout)
    assert data["strangers"] == ["figures/mine.svg", "note.txt"]
    assert data["manifest"]["digest"] == digest(manifest)


def test_every_run_has_the_tables_that_are_asked_of_one(run: Path) -> None:
    named = json.loads((run / "manifest.json").read_text())["tables"]
    assert set(named) == {
        *(*OF_ALL, *OF_DRAWS, "agreement", "agreement_pairs", "agreement_drivers"),
        "agency_views",
    }
