"""Commands that write what people sign or send: the memo, and letters to proposers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from evaluator.cli.common import (
    guarded,
    json_option,
    print_json,
    progress_to,
    say,
    say_where,
    write_files,
)
from evaluator.cli.recording import PLACE, kept_run, near_record, opened

if TYPE_CHECKING:
    from evaluator.model.proceedings import Proceedings
    from evaluator.report.documents.blocks import Document
    from evaluator.report.documents.heads import Source
    from evaluator.results.evaluation import Evaluation

F = TypeVar("F", bound=Callable[..., Any])
_FORMATS = ("pdf", "docx")


def _options(command: F) -> F:
    """Give a command its run, the record, and what it writes."""
    options = (
        click.argument("named", metavar="RUN"),
        click.option(
            "--record",
            "place",
            metavar="PLACE",
            default="",
            help="From this record alone. Without it the run's folder is read, and what is said "
            f"of it in ${PLACE}, or in record.db here.",
        ),
        click.option(
            "--format",
            "formats",
            type=click.Choice(_FORMATS),
            multiple=True,
            help="One of them alone; both if not given.",
        ),
        click.option("--quiet", is_flag=True, help="No progress."),
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@_options
@click.option(
    "--into",
    metavar="DIR",
    default=".",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where memo.pdf and memo.docx go.",
)
@guarded
def memo(
    named: str, place: str, formats: Sequence[str], quiet: bool, as_json: bool, into: Path
) -> None:
    """Write the determination memo of a run, to be read and signed.

    It has what is designated and referred, weights and ratings, departures from rank, requirements,
    notices, what agencies said on record, what rests on weak numbers, and lines to fill in.
    """
    from evaluator.report.documents.memo import memo as memo_of

    evaluation, source, said = _run(named, place, quiet=quiet)
    written = _written([memo_of(evaluation, source, said)], evaluation, formats, into)
    if as_json:
        print_json({"ok": True, "files": written, "on_record": said is not None})
    say_where("\n".join(f"Memo    {name}" for name in written), as_json)


@click.command()
@_options
@click.option(
    "--into",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="Where the letters go, a letter a package.",
)
@guarded
def letters(
    named: str, place: str, formats: Sequence[str], quiet: bool, as_json: bool, into: Path
) -> None:
    """Write a letter to each proposer: designated, not designated, or what is still missing.

    A letter tells the proposal's own facts and requirements with their sources. It never tells of
    other proposals, of ratings, or of what agencies wrote.
    """
    from evaluator.report.documents.letters import letters as letters_of

    evaluation, source, said = _run(named, place, quiet=quiet)
    found = letters_of(evaluation, source, said)
    written = _written([letter for _, letter in found.values()], evaluation, formats, into)
    kinds = {package: kind for package, (kind, _) in found.items()}
    if as_json:
        told = {"files": written, "letters": kinds, "on_record": said is not None}
        print_json({"ok": True, **told})
    every = list(kinds.values())
    counts = (f"{every.count(one)} {one.replace('_', ' ')}" for one in dict.fromkeys(every))
    say_where(f"Letters {into}: {', '.join(counts)}", as_json)


def _run(named: str, place: str, *, quiet: bool) -> tuple[Evaluation, Source, Proceedings | None]:
    """Return a run that is evaluated again, and what is on record of it, if it is on record."""
    from evaluator.record.reproduce import evaluated
    from evaluator.report.documents.heads import Source

    kept = kept_run(named, place)
    evaluation = evaluated(kept, progress_to(quiet))
    source = Source(kept.name, kept.manifest["digest"])
    return evaluation, source, _said(source.digest, place or os.environ.get(PLACE, ""))


def _said(digest: str, place: str) -> Proceedings | None:
    if not near_record(place):
        return None
    from evaluator.errors import UsageError
    from evaluator.record.history.runs import find_run
    from evaluator.record.proceedings import proceedings

    with closing(opened(place)) as ledger:
        try:
            with ledger.reading() as connection:
                run = find_run(connection, digest)
        except UsageError:
            return None
        return proceedings(ledger, run)


def _written(
    documents: Iterable[Document], evaluation: Evaluation, formats: Sequence[str], into: Path
) -> list[str]:
    """Write documents whole or not at all, and return their files."""
    from evaluator.report.documents.blocks import without_font
    from evaluator.report.docx.document import docx
    from evaluator.report.formatting.names import names_of
    from evaluator.report.messages import say as in_words
    from evaluator.report.pdf.document import pdf

    every = list(documents)
    setting = {"pdf": pdf, "docx": docx}
    files = {
        into / f"{one.name}.{ending}": setting[ending](one)
        for one in every
        for ending in _FORMATS
        if not formats or ending in formats
    }
    write_files(files, into, into)
    for note in dict.fromkeys(note for one in every for note in without_font(one)):
        say(f"Note: {in_words(note, names_of(evaluation))}.", err=True)
    return [str(path) for path in files]
