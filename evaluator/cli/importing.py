"""The command that makes a study, or fills one, from foreign files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evaluator.cli.common import (
    allow_option,
    bounds,
    guarded,
    json_option,
    print_json,
    say,
    say_where,
    write_files,
)
from evaluator.errors import UsageError
from evaluator.sanitize import shortened

if TYPE_CHECKING:
    from evaluator.importing.material import Imported, Reader, Source
    from evaluator.importing.tables.reading import Proposed

PROPOSED = 5
"""The exit code where a map was proposed, and nothing imported."""


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--into",
    metavar="STUDY",
    required=True,
    type=click.Path(path_type=Path),
    help="A new folder, or a study that is there: its folder or scenario.",
)
@click.option(
    "--map",
    "map_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What goes where, and how it is read: one that was proposed, mended.",
)
@click.option(
    "--as-of",
    metavar="DAY",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of a new study; today if not stated, or as the map says.",
)
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="WHAT=ANSWER",
    help="What a file leaves open, where an error asks for it.",
)
@click.option(
    "--yes", is_flag=True, help="Change tables that the study has, or replace a map's file."
)
@allow_option
@json_option
@guarded
def import_source(
    source: Path,
    into: Path,
    map_file: Path | None,
    as_of: Any,
    answers: Sequence[str],
    yes: bool,
    allowed: Sequence[str],
    as_json: bool,
) -> None:
    """Read a foreign file into a study, each conversion on record.

    Workbooks (.xlsx, .ods) and text tables are read as they are. Score sheets of panels, ballots of
    participatory budgets (.pb), decision problems in XMCDA (a file or a folder) and pairwise
    questionnaires are known by what they hold, and make a study of their own. Where something of a
    table is not sure, nothing is imported: a map is written, to be mended and given with --map, and
    the exit code is 5. import.csv in the study has every cell: as found, and as taken or left.
    """
    import datetime as dt

    from evaluator.importing.filling import destination_of, fill_study, scenario_of
    from evaluator.importing.readers import reader_of
    from evaluator.importing.readers import source as read_source
    from evaluator.importing.tables.destination import Destination
    from evaluator.importing.tables.reading import Proposed, read_map, read_mapped, read_tables
    from evaluator.importing.writing import write_study

    limits = bounds(allowed)
    file = read_source(source, limits)
    filled = into.suffix == ".yaml" or (into.is_dir() and any(into.iterdir()))
    scenario = scenario_of(into, limits) if filled else None
    there = destination_of(scenario, limits) if scenario else Destination()
    day = as_of.date() if as_of else dt.date.today()
    reader = reader_of(file) if map_file is None else None
    file = _answered(file, reader, answers, source)
    if reader is not None and scenario is not None and not reader.fills:
        raise UsageError(f"{source} is {reader.about}: it makes a study. Name a new folder.")
    if reader is not None and scenario is None:
        found: Imported | Proposed = reader.read(file, day)
    elif map_file is None:
        found = read_tables(file, there, day)
    else:
        found = read_mapped(file, there, *read_map(map_file, limits))
    if isinstance(found, Proposed):
        _propose(found, source, yes, as_json)
        return
    if scenario is None:
        made, changed = write_study(found, into), {}
    else:
        done = fill_study(found, scenario, limits, yes=yes)
        made, changed = scenario, {"added": done.added, "replaced": done.replaced}
    _tell(found, made, changed, as_json)


def _answered(file: Source, reader: Reader | None, answers: Sequence[str], source: Path) -> Source:
    """Return a file with what the user answers; UsageError for what its reader does not ask."""
    asks = reader.asks if reader is not None else {}
    found = {}
    for text in answers:
        what, equals, answer = text.partition("=")
        if not equals or answer.strip() not in asks.get(what.strip(), ()):
            known = ", ".join(f"{one}={'|'.join(words)}" for one, words in asks.items())
            remedy = f"Known: {known}." if known else "Nothing is asked of such a file."
            raise UsageError(f"--answer '{shortened(text)}': not known of {source}. {remedy}")
        found[what.strip()] = answer.strip()
    return replace(file, answers=found)


def _propose(found: Proposed, source: Path, yes: bool, as_json: bool) -> None:
    """Write a map that is to be mended, tell what is open, and end with the code for that."""
    from evaluator.report.terminal.importing import open_as_data, open_as_text

    path = Path(f"{source.stem}.map.yaml")
    if path.exists() and not yes and path.read_bytes() != found.text.encode():
        raise UsageError(
            f"{path} is there already. Give it with --map {path}, or say --yes to have it anew."
        )
    write_files({path: found.text.encode()}, path)
    if as_json:
        print_json({"ok": False, "map": str(path), **open_as_data(found)})
    else:
        say(open_as_text(found), err=True)
    say_where(f"Map     {path}", as_json)
    sys.exit(PROPOSED)


def _tell(found: Imported, scenario: Path, changed: Any, as_json: bool) -> None:
    from evaluator.report.terminal.importing import as_data, as_text

    if as_json:
        print_json({"ok": True, "scenario": str(scenario), **changed, **as_data(found)})
    else:
        say(as_text(found, changed))
    say_where(f"Study   {scenario}", as_json)
