"""The command that makes a study, or fills one, from foreign files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from evaluator.cli.common import allow_option, bounds, guarded, json_option, print_json, say_where


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--into", metavar="STUDY", required=True, type=click.Path(path_type=Path))
@allow_option
@json_option
@guarded
def import_source(source: Path, into: Path, allowed: Sequence[str], as_json: bool) -> None:
    """Read a foreign file into a study, each conversion on record."""
    from evaluator.importing.readers import READERS, reader_of
    from evaluator.importing.readers import source as read_source
    from evaluator.importing.writing import write_study

    file = read_source(source, bounds(allowed))
    imported = reader_of(file, READERS).read(file)
    scenario = write_study(imported, into)
    if as_json:
        print_json({"ok": True, "scenario": str(scenario), "taken": len(imported.record)})
    say_where(f"Study   {scenario}", as_json)
