"""Commands of the record: what was done, by whom, and proof of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click

from evaluator.cli.common import guarded, json_option, print_json, progress_to, say, say_where
from evaluator.cli.recording import by_option, kept_run, opened, record_option
from evaluator.errors import UsageError


@click.group()
def record() -> None:
    """What was done with a study, by whom, and proof of it years later.

    'evaluator run SCENARIO --record' enters a run. Entries are only ever added.
    """


@record.command("list")
@record_option
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="So many, the newest; 0: all.",
)
@json_option
@guarded
def list_(place: str, limit: int, as_json: bool) -> None:
    """List the runs on record, the newest first, with what changed before each."""
    from evaluator.record.history.data import of_runs
    from evaluator.record.history.runs import listed
    from evaluator.record.history.wording import wording
    from evaluator.report.terminal.record import list_text

    with closing(opened(place)) as ledger:
        runs, about, total = listed(ledger, limit or None)
        spoken = wording(ledger, runs)
    told = of_runs(runs, about)
    if as_json:
        print_json({"ok": True, "runs": told, "total": total})
    elif told:
        say(list_text(told, total, *spoken))
    else:
        say(f"{ledger.place} has no run yet. 'evaluator run SCENARIO --record' enters one.")


@record.command()
@click.argument("named", metavar="RUN")
@record_option
@json_option
@guarded
def show(named: str, place: str, as_json: bool) -> None:
    """Show a run from the record alone: its entries, ranked table, allocation, limits that bind.

    RUN is the number of its entry, its name, how its digest begins, or 'latest'.
    """
    from evaluator.record.history.data import of_runs
    from evaluator.record.history.runs import about, find_run
    from evaluator.record.history.shown import tables_on_record
    from evaluator.record.proceedings import proceedings, silent
    from evaluator.report.formatting.words import words_in
    from evaluator.report.terminal.proceedings import standing_text
    from evaluator.report.terminal.record import run_text
    from evaluator.report.terminal.summary import summary

    with closing(opened(place)) as ledger:
        with ledger.reading() as connection:
            run = find_run(connection, named)
            (told,) = of_runs([run], about(connection, [run.id]))
        manifest, tables = tables_on_record(ledger, run)
        said = proceedings(ledger, run)
        unheard = silent(ledger, run) if said.frozen else ()
    designated = said.designated if said.determination else None
    if as_json:
        standing = {"silent": unheard, "designated": designated}
        print_json({"ok": True, "entry": told, **standing, "manifest": manifest})
        return
    words = words_in(manifest)
    say(summary(manifest, tables, words))
    say(run_text(told, words, manifest.get("agencies", {})))
    if said.frozen:
        say(standing_text(unheard, designated, words))


@record.command()
@click.argument("package")
@record_option
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=50,
    show_default=True,
    help="So many changes, the newest; 0: all.",
)
@json_option
@guarded
def history(package: str, place: str, limit: int, as_json: bool) -> None:
    """Tell a package's rank, tier and amount over the runs, and which change did it."""
    from evaluator.record.history.data import of_history
    from evaluator.record.history.runs import history as history_of
    from evaluator.record.history.wording import wording
    from evaluator.report.terminal.record import history_text

    with closing(opened(place)) as ledger:
        found = history_of(ledger, package, limit or None)
        spoken = wording(ledger, [step.run for step in found.steps])
    told = of_history(found)
    if as_json:
        print_json({"ok": True, "package": package, "runs": found.runs, **told})
        return
    say(history_text(package, told["steps"], found.runs, told["said"], *spoken))


@record.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@record_option
@json_option
@guarded
def diff(old: str, new: str, place: str, as_json: bool) -> None:
    """Tell what was changed from one run to another, old -> new, and what it did."""
    from evaluator.record.history.data import of_diff
    from evaluator.record.history.runs import diff as parted_by
    from evaluator.record.history.wording import wording
    from evaluator.report.terminal.record import diff_text

    with closing(opened(place)) as ledger:
        found = parted_by(ledger, old, new)
        words, _ = wording(ledger, [found.old, found.new])
    told = of_diff(found)
    if as_json:
        print_json({"ok": True, **told})
        return
    say(diff_text(told, words))


@record.command()
@record_option
@click.option(
    "--checkpoint",
    "outside",
    multiple=True,
    metavar="LINE|FILE",
    help="A checkpoint that was kept elsewhere, or a file with one a line.",
)
@click.option(
    "--key", type=click.Path(path_type=Path), help="Public key (PEM) by which they are signed."
)
@click.option("--no-runs", is_flag=True, help="Do not look at the folders of runs.")
@json_option
@guarded
def verify(
    place: str, outside: Sequence[str], key: Path | None, no_runs: bool, as_json: bool
) -> None:
    """Verify every entry, link, kept file and run; name the first fault.

    Exit code 1 where anything is wrong. That no entry is missing at the end is proven up to the
    last checkpoint that was kept elsewhere.
    """
    from evaluator.record.history.data import of_verified
    from evaluator.record.proof.checkpoints import checkpoints_of, public_key
    from evaluator.record.proof.verify import verify as verified
    from evaluator.report.formatting.names import by_id
    from evaluator.report.formatting.words import NEUTRAL
    from evaluator.report.terminal.record import verified_text

    if key is not None and not outside:
        raise UsageError("--key is of checkpoints, and no --checkpoint is given.")
    lines = checkpoints_of(outside)
    with closing(opened(place)) as ledger:
        found = verified(
            ledger, lines, public_key(key) if key is not None else None, runs=not no_runs
        )
    told = of_verified(found, by_id(NEUTRAL))
    if as_json:
        print_json({"ok": found.whole, **told})
    else:
        say(verified_text(told, ledger.place))
    if not found.whole:
        raise click.exceptions.Exit(1)


@record.command()
@record_option
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    help="Ed25519 private key (PEM, without passphrase) to sign with.",
)
@by_option
@json_option
@guarded
def checkpoint(place: str, key: Path | None, by: str, as_json: bool) -> None:
    """Print one line that proves later that nothing before it was changed.

    Keep it where whoever writes to the record cannot: in a mail, on paper, in a public log.
    """
    from evaluator.record.proof.checkpoints import checkpoint as made

    with closing(opened(place)) as ledger:
        found = made(ledger, key=key, by=by)
    if as_json:
        print_json({"ok": True, **asdict(found), "line": found.line})
    else:
        click.echo(found.line)


@record.command()
@record_option
@click.option("--out", type=click.Path(path_type=Path), help="A file; standard output without it.")
@click.option("--entries", is_flag=True, help="Leave out the files of runs.")
@json_option
@guarded
def export(place: str, out: Path | None, entries: bool, as_json: bool) -> None:
    """Write the record as plain JSON lines, which anyone can verify without this program."""
    from evaluator.cli.common import write_files
    from evaluator.record.proof.exporting import lines

    with closing(opened(place)) as ledger:
        if out is None:
            for line in lines(ledger, contents=not entries):
                click.echo(line)
            return
        text = "".join(f"{line}\n" for line in lines(ledger, contents=not entries))
    write_files({out: text.encode()}, out, out.parent)
    if as_json:
        print_json({"ok": True, "file": str(out)})
    say_where(f"Record  {out}", as_json)


@record.command()
@click.argument("name", required=False)
@click.option("--entry", "number", type=int, help="The words of this entry, in place of a name.")
@click.option("--because", required=True, metavar="TEXT", help="By which right.")
@record_option
@by_option
@json_option
@guarded
def redact(
    name: str | None, number: int | None, because: str, place: str, by: str, as_json: bool
) -> None:
    """Take a person's NAME out of all entries, for good; the chain holds as before."""
    from evaluator.record.ledger.redaction import redact as redacted
    from evaluator.record.ledger.redaction import redact_words
    from evaluator.report.terminal.record import redacted_text

    with closing(opened(place)) as ledger:
        if name is not None and number is None:
            found = redacted(ledger, name, because=because, by=by)
        elif number is not None and name is None:
            found = redact_words(ledger, number, because=because, by=by)
        else:
            raise UsageError("Say whose NAME is taken out, or of which --entry the words.")
    told = {**asdict(found), "number": found.entry.number}
    del told["entry"]
    if as_json:
        print_json({"ok": True, **told})
    else:
        say(redacted_text(told))


@record.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@record_option
@json_option
@guarded
def backup(file: Path, place: str, as_json: bool) -> None:
    """Write the record as it is now to FILE, while others may write to it."""
    from evaluator.record.ledger.backups import backup as backed_up

    with closing(opened(place)) as ledger:
        backed_up(ledger, file)
    if as_json:
        print_json({"ok": True, "file": str(file)})
    say_where(f"Backup  {file}", as_json)


@record.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@record_option
@json_option
@guarded
def restore(file: Path, place: str, as_json: bool) -> None:
    """Put a backup where there is no record, once it is verified."""
    from evaluator.record.proof.restoring import restore as restored

    target = _place(place)
    found = restored(file, target)
    if as_json:
        print_json({"ok": True, "record": target, "entries": found.entries, "head": found.head})
        return
    say(f"Record  {target}: {found.entries:,} entries, whole\nHead    {found.head}")


@record.command()
@record_option
@json_option
@guarded
def upgrade(place: str, as_json: bool) -> None:
    """Bring a record that an older version wrote to the schema of this one."""
    from evaluator.record.ledger.database import upgraded

    before, now = upgraded(_place(place))
    if as_json:
        print_json({"ok": True, "before": before, "now": now})
    elif before == now:
        say(f"Nothing to do: the record is of schema {now}.")
    else:
        say(f"The record was of schema {before}, and is of {now}.")


def _place(place: str) -> str:
    from evaluator.record.ledger.database import place_of

    return place_of(place)


@click.command()
@click.argument("named", metavar="RUN")
@click.option("--record", "place", metavar="PLACE", default="", help="From this record alone.")
@click.option("--quiet", is_flag=True, help="No progress.")
@json_option
@guarded
def reproduce(named: str, place: str, quiet: bool, as_json: bool) -> None:
    """Evaluate a run again, and tell whether it is the same to the byte, or which numbers differ.

    RUN is a run's folder or, on record, as 'evaluator record show' takes it. Exit code 1 where
    anything differs.
    """
    from evaluator.record.reproduce import reproduce as reproduced
    from evaluator.report.terminal.reproduced import reproduced_text

    found = reproduced(kept_run(named, place), progress_to(quiet))
    told = {**asdict(found), "identical": found.identical}
    if as_json:
        print_json({"ok": found.identical, **told})
    else:
        say(reproduced_text(told))
    if not found.identical:
        raise click.exceptions.Exit(1)
