"""The command line: parse, call, print. Imports are late so that `--help` is quick."""

from __future__ import annotations

import gc
import json
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from evaluator.errors import EvaluatorError, InvalidStudyError, UsageError, gathered, visible

# Small products, which threads only slow down; and one thread gives the same bytes everywhere.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# A run builds much and drops little: looking for circles often costs a tenth of its time.
gc.set_threshold(1_000_000, 20, 50)

SCHEMA = 1
F = TypeVar("F", bound=Callable[..., Any])
_INFEASIBLE = 3
_INTERRUPTED = 130
_SHOWN = 100
"""Faults that a terminal shows."""


def _say(text: str, *, err: bool = False) -> None:
    """Print text that may hold data: nothing that drives the terminal or that it cannot encode."""
    encoding = (sys.stderr if err else sys.stdout).encoding or "utf-8"
    click.echo(visible(text).encode(encoding, "replace").decode(encoding), err=err)


def _print_json(data: dict[str, Any]) -> None:
    _say(json.dumps({"schema": SCHEMA, **data}, indent=1, default=str))


def _fail(error: EvaluatorError, as_json: bool) -> NoReturn:
    if as_json:
        problems = error.problems if isinstance(error, InvalidStudyError) else ()
        told = [{"where": p.where, "fact": p.fact, "remedy": p.remedy} for p in problems]
        _print_json({"ok": False, "error": str(error), "problems": told})
    elif isinstance(error, InvalidStudyError):
        count = len(error.problems)
        faults = "1 fault" if count == 1 else f"{count:,} faults"
        _say(f"The study is invalid: {faults}. Nothing was written.", err=True)
        found = gathered(error.problems)
        _say("\n".join(f"- {problem}" for problem in found[:_SHOWN]), err=True)
        if len(found) > _SHOWN:
            _say(f"and {len(found) - _SHOWN:,} more; --json tells all.", err=True)
    else:
        _say(f"Error: {error}", err=True)
    sys.exit(error.exit_code)


def _guarded(command: F) -> F:
    """Turn every error into a message and an exit code; no traceback reaches the user."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        as_json = bool(kwargs.get("as_json"))
        try:
            return command(*args, **kwargs)
        except EvaluatorError as error:
            _fail(error, as_json)
        except KeyboardInterrupt:
            _say("Interrupted. Nothing was written.", err=True)
            sys.exit(_INTERRUPTED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if os.environ.get("EVALUATOR_DEBUG"):
                raise
            _say(
                f"Internal error ({type(error).__name__}: {error}). This is a fault of the "
                "program: please report it, with EVALUATOR_DEBUG=1 set.",
                err=True,
            )
            sys.exit(1)

    return run  # type: ignore[return-value]


_json = click.option("--json", "as_json", is_flag=True, help="Print JSON with a schema version.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="evaluator")
def main() -> None:
    """Score proposals by several agencies' criteria and allocate limited financing tools.

    What comes out is advice, a referral envelope: it is not an award.
    """


@main.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@_json
@_guarded
def validate(scenario: Path, as_json: bool) -> None:
    """Check a scenario and all that it names; print every fault at its place."""
    from evaluator.loading import load_study

    study = load_study(scenario)
    counts = {
        "packages": len(study.packages),
        "agencies": len(study.agencies),
        "criteria": len(study.criteria),
        "requirements": len(study.requirements),
        "tools": len(study.tools),
        "limits": len(study.limits),
    }
    if as_json:
        _print_json({"ok": True, "fingerprint": study.fingerprint, "counts": counts})
        return
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    _say(f"{study.scenario.scenario} is valid as of {study.as_of}: {told}.")


@main.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--out", default="runs", type=click.Path(path_type=Path), help="Where runs go.")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Change one key.")
@click.option("--because", "reasons", multiple=True, metavar="TEXT", help="Why it is changed.")
@click.option("--draws", type=click.IntRange(0), help="Draws of the uncertainty analysis.")
@click.option("--seed", type=click.IntRange(0), help="Seed of the draws.")
@click.option("--full", is_flag=True, help="Also what takes its time: rank reversal, frontiers.")
@click.option("--quiet", is_flag=True, help="No progress.")
@_json
@_guarded
def run(
    scenario: Path,
    out: Path,
    sets: Sequence[str],
    reasons: Sequence[str],
    draws: int | None,
    seed: int | None,
    full: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Evaluate a scenario, write the run, and show the ranked portfolio."""
    from evaluator.loading import load_study

    progress = _progress(quiet)
    overrides = [*_overrides(sets, reasons), *_asked(draws, seed, full)]
    progress("loading")
    study = load_study(scenario, overrides)

    from evaluator.report import prepare, render
    from evaluator.report.terminal import summary
    from evaluator.store import beside, read_run, write_run

    with beside(render, prepare) as begin:
        from evaluator.pipeline import evaluate

        evaluation = evaluate(study, progress)
        progress("writing")
        folder = write_run(evaluation, out, begin)
    allocation = evaluation.allocation
    if as_json:
        _print_json({"ok": True, "run": str(folder), **read_run(folder).manifest})
    else:
        done = read_run(folder)
        _say(summary(done.manifest, done.tables))
        _say(f"Run     {folder}\nReport  {folder / 'report.html'}")
    if allocation.status == "infeasible":
        sys.exit(_INFEASIBLE)


def _progress(quiet: bool) -> Callable[[str], None]:
    def tell(step: str) -> None:
        if not quiet:
            _say(f"... {step}", err=True)

    return tell


def _asked(draws: int | None, seed: int | None, full: bool) -> list[Any]:
    """Return the options that have a name of their own as changes, recorded like any other."""
    from evaluator.loading import Override

    asked = {
        "uncertainty.draws": draws,
        "uncertainty.seed": seed,
        "extent": "full" if full else None,
    }
    because = "Asked for on the command line."
    return [Override(key, str(value), because) for key, value in asked.items() if value is not None]


def _overrides(sets: Sequence[str], reasons: Sequence[str]) -> list[Any]:
    from evaluator.loading import Override

    if reasons and not sets:
        raise UsageError("--because gives a reason, but no --set says what is changed.")
    if len(reasons) not in (1, len(sets)) and sets:
        raise UsageError(
            f"{len(sets)} --set and {len(reasons)} --because: give one reason for all changes, "
            "or one for each."
        )
    each = list(reasons) * len(sets) if len(reasons) == 1 else list(reasons)
    found = []
    for text, because in zip(sets, each, strict=False):
        key, equals, value = text.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise UsageError(
                f"--set '{text}' is not KEY=VALUE, such as designation.min_overall=60."
            )
        if not because.strip():
            raise UsageError("--because is empty. Say why the key is changed.")
        found.append(Override(key.strip(), value.strip(), because.strip()))
    return found


@main.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@_json
@_guarded
def show(run_folder: Path, as_json: bool) -> None:
    """Show a run: ranked table, allocation, limits that bind."""
    from evaluator.report.terminal import summary
    from evaluator.store import read_run

    done = read_run(run_folder)
    if as_json:
        names = ("ranking", "allocation", "limits")
        tables = {n: json.loads(done.tables[n].to_json(orient="records")) for n in names}
        _print_json({"ok": True, "manifest": done.manifest, **tables})
        return
    _say(summary(done.manifest, done.tables))


@main.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("package")
@_json
@_guarded
def explain(run_folder: Path, package: str, as_json: bool) -> None:
    """Explain one package: each criterion, each gate, and why it got what it got."""
    from evaluator.errors import did_you_mean
    from evaluator.report.terminal import package_view
    from evaluator.store import read_run

    done = read_run(run_folder)
    known = done.tables["ranking"]["package"].astype(str).tolist()
    if package not in known:
        raise UsageError(f"the run has no package '{package}'. {did_you_mean(package, known)}")
    if as_json:
        names = ("ranking", "values", "gates", "allocation")
        tables = {
            n: json.loads(t[t["package"] == package].to_json(orient="records"))
            for n, t in done.tables.items()
            if n in names
        }
        _print_json({"ok": True, "package": package, **tables})
        return
    _say(package_view(done.manifest, done.tables, package))


@main.command()
@click.argument("items", metavar="A B [C...]", nargs=-1, type=click.Path(path_type=Path))
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page here.")
@click.option("--quiet", is_flag=True, help="No progress.")
@_json
@_guarded
def compare(items: Sequence[Path], html: Path | None, quiet: bool, as_json: bool) -> None:
    """Compare scenarios or runs with the first: who moves, enters, leaves, and which key did it."""
    if len(items) < 2:
        raise UsageError("compare needs two or more scenarios or runs.")
    progress = _progress(quiet)
    studies = [_study_of(item) for item in items]

    from evaluator.comparison import compare as compare_all
    from evaluator.comparison import without_draws
    from evaluator.pipeline import evaluate
    from evaluator.report.compared import as_data, as_page, as_text

    found = []
    for item, study in zip(items, studies, strict=True):
        progress(f"evaluating {item}")
        found.append(evaluate(without_draws(study)))
    comparisons = compare_all(found, progress)
    if html is not None:
        try:
            html.write_bytes(as_page(comparisons))
        except OSError as error:
            raise UsageError(f"{html} cannot be written: {error.strerror}.") from None
    if as_json:
        _print_json({"ok": True, "comparisons": as_data(comparisons)})
        return
    _say(as_text(comparisons))
    if html is not None:
        _say(f"Page    {html}")


def _study_of(item: Path) -> Any:
    """Return the study of a scenario file, or of a run's folder."""
    if os.path.isdir(item):  # noqa: PTH112  Path.is_dir raises for a name that is too long
        from evaluator.store import read_study

        return read_study(item)
    from evaluator.loading import load_study

    return load_study(item)


@main.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--open", "show_it", is_flag=True, help="Open the page in the browser.")
@_json
@_guarded
def report(run_folder: Path, show_it: bool, as_json: bool) -> None:
    """Render a run again from its files alone."""
    from evaluator.pipeline import evaluate
    from evaluator.store import read_study, write_run

    folder = write_run(evaluate(read_study(run_folder)), run_folder.resolve().parent)
    page = folder / "report.html"
    if as_json:
        _print_json({"ok": True, "run": str(folder), "report": str(page)})
    else:
        _say(f"Report  {page}")
    if show_it:
        click.launch(page.resolve().as_uri())


@main.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("packages", metavar="PACKAGE...", nargs=-1)
@_json
@_guarded
def admit(run_folder: Path, packages: Sequence[str], as_json: bool) -> None:
    """Judge late packages of a run's round against its standing allocation."""
    if not packages:
        raise UsageError("admit needs one or more packages.")
    from evaluator.admission import judge
    from evaluator.report.admitted import as_data, as_text
    from evaluator.store import read_study

    found = judge(read_study(run_folder), packages)
    if as_json:
        _print_json({"ok": True, **as_data(found)})
    else:
        _say(as_text(found))


@main.command()
@click.option("--out", type=click.Path(path_type=Path), help="Write one file a kind here.")
@_json
@_guarded
def schema(out: Path | None, as_json: bool) -> None:
    """Print or write the JSON schemas of the YAML files, for editors."""
    from evaluator.loading.schemas import schemas

    every = schemas()
    if out is None:
        _print_json({"ok": True, "schemas": every})
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in every.items():
            (out / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}.") from None
    if as_json:
        _print_json({"ok": True, "written": [f"{name}.json" for name in every]})
    else:
        _say(f"{len(every)} schemas written to {out}.")


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@_json
@_guarded
def new(folder: Path, as_json: bool) -> None:
    """Write a small study of one's own to start from."""
    from evaluator.store.starter import write_starter

    scenario = write_starter(folder)
    if as_json:
        _print_json({"ok": True, "scenario": str(scenario)})
        return
    _say(
        f"{folder} holds a study of 3 packages. Now:\n  evaluator run {shlex.quote(str(scenario))}"
    )
