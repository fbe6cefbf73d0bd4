"""Commands that make a run, read one, or prepare for one."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evaluator.cli.common import (
    allow_option,
    bounds,
    change_options,
    end,
    guarded,
    json_option,
    print_json,
    progress_to,
    run_argument,
    say,
    say_where,
    since_option,
    write_files,
)
from evaluator.cli.recording import entered, entered_text, opened_for, run_options
from evaluator.errors import UsageError
from evaluator.sanitize import shortened

if TYPE_CHECKING:
    from evaluator.model.study import Study
    from evaluator.record import Run

_MANY = 20
"""Files of others in a run's folder that are told by name."""
_AWAY = (
    "Note: folders cannot trade places on this file system: the run that was replaced was away for "
    "a moment."
)


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@allow_option
@json_option
@guarded
def validate(scenario: Path, allowed: Sequence[str], as_json: bool) -> None:
    """Check a scenario and all it names; print each fault at its place, and what to beware of."""
    from evaluator.loading import load_study
    from evaluator.pipeline import study_notes
    from evaluator.report.formatting.names import study_names
    from evaluator.report.formatting.phrases import supposed
    from evaluator.report.messages import plain
    from evaluator.report.messages import say as in_words
    from evaluator.report.terminal.notes import notes_text
    from evaluator.report.viewmodel.decision.warnings import in_order

    study = load_study(scenario, bounds=bounds(allowed))
    parts, every = study.parts, {"tools": len(study.tools), "limits": len(study.limits)}
    counts = {
        "packages": len(study.packages),
        **({"agencies": len(study.agencies)} if "agencies" in parts else {}),
        "criteria": len(study.criteria),
        "requirements": len(study.requirements),
        **(every if "financing" in parts else {}),
    }
    found, names = in_order(study_notes(study)), study_names(study)
    if as_json:
        told = {"counts": counts, "notes": plain(found, names)}
        print_json({"ok": True, "fingerprint": study.fingerprint, **told})
        return
    holds = ", ".join(f"{n} {getattr(names.words, of, of)}" for of, n in counts.items())
    say(f"{study.scenario.scenario} is valid as of {study.as_of}: {holds}.")
    if bills := supposed(one.bill for one in study.scenario.if_enacted):
        say(f"{bills}.")
    if found:
        say(notes_text([in_words(note, names) for note in found], "--json"))


def _folder_name(_: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Refuse a name that is none of a folder, that hides it, or that means another run."""
    from evaluator.record.runs.listing import LATEST

    if value is not None and not re.fullmatch(r"\w[\w. -]{0,99}", value):
        fact = f"'{shortened(value)}' is no name of a run: letters, digits, and . _ - or a space"
        raise click.BadParameter(f"{fact} between them, 100 at most.", param=option)
    if value == LATEST:
        raise click.BadParameter(f"'{LATEST}' means the newest run of all.", param=option)
    return value


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--out", default="runs", type=click.Path(path_type=Path), help="Where runs go.")
@click.option("--name", metavar="NAME", callback=_folder_name, help="Name of the run's folder.")
@click.option("--title", metavar="TEXT", help="Title of the run, on its pages.")
@change_options
@click.option("--draws", type=click.IntRange(0), help="Draws of the uncertainty analysis.")
@click.option("--seed", type=click.IntRange(0), help="Seed of the draws.")
@click.option("--full", is_flag=True, help="Also what takes its time: rank reversal, frontiers.")
@allow_option
@since_option
@run_options
@click.option("--quiet", is_flag=True, help="No progress.")
@json_option
@guarded
def run(
    scenario: Path,
    out: Path,
    name: str | None,
    title: str | None,
    changes: Sequence[Any],
    draws: int | None,
    seed: int | None,
    full: bool,
    allowed: Sequence[str],
    since: Path | None,
    record: str | None,
    note: str,
    by: str,
    quiet: bool,
    as_json: bool,
) -> None:
    """Evaluate a scenario, write the run, and show the ranked portfolio."""
    from evaluator.loading import load_study
    from evaluator.pipeline import evaluate
    from evaluator.questions import ask
    from evaluator.record import place_run, placed_run
    from evaluator.report.formatting.words import words_of
    from evaluator.report.terminal.summary import summary

    _ready(out)
    ledger = opened_for(scenario, record, note)
    progress = progress_to(quiet)

    progress("loading")
    every = [*changes, *_asked(draws, seed, full, title)]
    study = _since(load_study(scenario, every, bounds(allowed)), since)
    evaluation = ask(evaluate(study, progress), progress)
    progress("writing")
    placed = place_run(evaluation, out, name)
    folder = placed.folder
    done = placed_run(placed, evaluation.study)
    told = entered(ledger, folder, by, note)
    if as_json:
        beside = {"strangers": done.strangers, **told}
        print_json({"ok": True, "run": str(folder), **done.manifest, **beside})
    else:
        say(summary(done.manifest, done.tables, words_of(done.study.scenario)))
        _tell_since(done.tables, done.study)
        say(_beside(done))
    if placed.away:
        say(_AWAY, err=True)
    say_where(f"Run     {folder}\nReport  {folder / 'report.html'}{entered_text(told)}", as_json)
    end(evaluation.allocation.status)


def _since(study: Study, run: Path | None) -> Study:
    """Return a study that is compared with a run, if one is named."""
    if run is None:
        return study
    from evaluator.record.runs.former import compared_with

    return compared_with(study, run)


def _tell_since(tables: Mapping[str, Any], study: Study) -> None:
    """Print what changed since the last version, where there is one."""
    from evaluator.report.terminal.since import as_text

    if "since" in tables:
        say(as_text(tables, study))


def _beside(done: Run) -> str:
    """Tell the digest of a run, and what of others is in its folder."""
    kept = "".join(
        f"\nKept    {shortened(name)}: not of the run" for name in done.strangers[:_MANY]
    )
    more = len(done.strangers) - _MANY
    kept += f"\nand {more:,} more" if more > 0 else ""
    return f"Digest  {done.manifest['digest']}{kept}"


def _ready(out: Path) -> None:
    """Refuse a place where no run can be written, before anything is computed."""
    there = next(p for p in (out, *out.absolute().parents) if os.path.lexists(p))
    if not there.is_dir():
        raise UsageError(f"--out: {there} is not a folder. Choose another.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"--out: nothing can be written to {there}. Choose another.")


def _asked(draws: int | None, seed: int | None, full: bool, title: str | None) -> list[Any]:
    """Return the options that have a name of their own as changes, recorded like any other."""
    from evaluator.loading import Override

    asked = (
        ("--draws", "uncertainty.draws", draws),
        ("--seed", "uncertainty.seed", seed),
        ("--full", "extent", "full" if full else None),
        ("--title", "title", None if title is None else json.dumps(title)),
    )
    because = "Asked for on the command line."
    return [Override(k, str(v), because, option) for option, k, v in asked if v is not None]


@click.command()
@run_argument
@since_option
@json_option
@guarded
def show(run_folder: Path, since: Path | None, as_json: bool) -> None:
    """Show a run: ranked table, allocation, limits that bind."""
    from evaluator.questions.versions.tables import SINCE_TABLES
    from evaluator.record import read_run
    from evaluator.report.formatting.records import json_records
    from evaluator.report.formatting.words import words_of
    from evaluator.report.terminal.summary import summary

    done = read_run(run_folder)
    study, changed = done.study, done.tables
    if since is not None:
        from evaluator.record.runs.former import changed_since

        study, changed = changed_since(done, since)
    if as_json:
        names = ("ranking", "allocation", "limits")
        tables = {n: json_records(done.tables[n]) for n in names}
        tables |= {n: json_records(changed[n]) for n in SINCE_TABLES if n in changed}
        beside = {"strangers": done.strangers}
        print_json({"ok": True, "manifest": done.manifest, **beside, **tables})
        return
    say(summary(done.manifest, done.tables, words_of(done.study.scenario)))
    _tell_since(changed, study)
    say(_beside(done))


@click.command()
@run_argument
@click.argument("package")
@click.option(
    "--against",
    metavar="PACKAGE",
    help="Tell the smallest changes that swap it with another, and nothing else.",
)
@json_option
@guarded
def explain(run_folder: Path, package: str, against: str | None, as_json: bool) -> None:
    """Explain one package: each criterion, rating and gate, why it got what it got.

    PACKAGE is its id, or words of its title. What weights would make it win is worked out from the
    run's study. What it would take to be funded is known of designated packages without support, in
    a run with --full.
    """
    from evaluator.pipeline import evaluate
    from evaluator.questions.weighing.what_wins import what_swaps, what_wins
    from evaluator.record import read_run, read_study
    from evaluator.report.formatting.records import json_records
    from evaluator.report.terminal.explanation import explanation
    from evaluator.report.terminal.what_wins import swap_data, swap_text, wins_data, wins_text

    if against is not None:
        study = read_study(run_folder)
        pair = [_package_of(study, named) for named in (package, against)]
        swap = what_swaps(evaluate(study, only="scores"), *pair)
        if as_json:
            print_json({"ok": True, **swap_data(swap)})
        else:
            say(swap_text(swap, study))
        return
    done = read_run(run_folder)
    package = _package_of(done.study, package)
    ranked = done.tables["ranking"].set_index("package")["rank"].notna()
    wins = what_wins(evaluate(done.study, only="scores"), package) if ranked[package] else None
    if as_json:
        names = ("ranking", "values", "gates", "allocation", "what_it_takes", "in_the_way")
        tables = {
            n: json_records(t[t["package"] == package])
            for n, t in done.tables.items()
            if n in names
        }
        found = done.study.package_by_id[package].ratings
        rated = [rating.model_dump(mode="json") for rating in found]
        told = {"ratings": rated, "wins": None if wins is None else wins_data(wins)}
        print_json({"ok": True, "package": package, **tables, **told})
        return
    won = "" if wins is None else wins_text(wins, done.study)
    say(explanation(done.manifest, done.tables, done.study, package, won))


def _package_of(study: Study, named: str) -> str:
    """Return the id of the package that is named by it, or by words of its title."""
    from evaluator.errors import did_you_mean
    from evaluator.letters import folded
    from evaluator.report.formatting.words import words_of

    if named in study.package_by_id:
        return named
    words = folded(named)
    begun = [p for p in study.packages if words and words in folded(p.title)]
    if len(begun) == 1:
        return begun[0].id
    if begun:
        several = "; ".join(f"{p.id} {shortened(p.title)}" for p in begun[:_MANY])
        raise UsageError(f"{len(begun)} titles have '{shortened(named)}': {several}. Name one.")
    known = [*study.package_by_id, *(p.title for p in study.packages)]
    raise UsageError(
        f"the run has no {words_of(study.scenario).package} '{shortened(named)}', by id or title. "
        f"{did_you_mean(named, known)}"
    )


@click.command()
@run_argument
@click.option("--open", "show_it", is_flag=True, help="Open the page in the browser.")
@since_option
@json_option
@guarded
def report(run_folder: Path, show_it: bool, since: Path | None, as_json: bool) -> None:
    """Render a run again from its files alone."""
    from evaluator.pipeline import evaluate
    from evaluator.questions import ask
    from evaluator.record import place_run, placed_run, read_study

    target = run_folder if run_folder.name not in ("", "..") else run_folder.resolve()
    study = _since(read_study(target), since)
    placed = place_run(ask(evaluate(study)), target.parent, name=target.name)
    done = placed_run(placed, study)
    page = done.folder / "report.html"
    if placed.away:
        say(_AWAY, err=True)
    if as_json:
        told = {"run": str(done.folder), "report": str(page), "digest": done.manifest["digest"]}
        print_json({"ok": True, **told, "strangers": done.strangers})
    else:
        say(_beside(done))
    say_where(f"Report  {page}", as_json)
    if show_it:
        click.launch(page.resolve().as_uri())


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="Write one file a kind here.")
@json_option
@guarded
def schema(out: Path | None, as_json: bool) -> None:
    """Print or write the JSON schemas of the YAML files, for editors."""
    from evaluator.loading.schemas import schemas

    every = schemas()
    if out is None:
        print_json({"ok": True, "schemas": every})
        return
    texts = {name: f"{json.dumps(content, indent=1)}\n" for name, content in every.items()}
    write_files({out / f"{name}.json": text.encode() for name, text in texts.items()}, out, out)
    if as_json:
        print_json({"ok": True, "written": [f"{name}.json" for name in every]})
    say_where(f"{len(every)} schemas written to {out}.", as_json)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--workbook", is_flag=True, help="Its round is one workbook to fill in.")
@json_option
@guarded
def new(folder: Path, workbook: bool, as_json: bool) -> None:
    """Write a small study of one's own to start from.

    With --workbook its round is one workbook: a sheet a table, heads with notes, lists to choose
    from. It runs as it is; replace its rows.
    """
    from evaluator.record.starter import write_starter

    scenario = write_starter(folder, workbook=workbook)
    if as_json:
        print_json({"ok": True, "scenario": str(scenario)})
    now = f"Now:\n  evaluator run {shlex.quote(str(scenario))}\n  evaluator docs tutorial"
    say_where(f"{folder} holds a study of 3 packages. {now}", as_json)
