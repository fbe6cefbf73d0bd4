"""The command line: parse, call, print. Imports are late so that `--help` is quick."""

from __future__ import annotations

import os

import click

from evaluator.cli import (
    completion,
    criteria,
    docs,
    documents,
    importing,
    listing,
    proceedings,
    questions,
    rank,
    record,
    runs,
    serve,
    several,
    sweeps,
)
from evaluator.cli.examples import epilog

# Small products, which threads only slow down; and one thread gives the same bytes everywhere.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# No plug-in of another package changes what is loaded, or costs the time to look for it.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="evaluator")
def main() -> None:
    """Score proposals by several agencies' criteria and allocate limited financing tools.

    What comes out is advice, a referral envelope: it is not an award.
    """


for _command in (
    runs.validate,
    runs.run,
    listing.runs,
    runs.show,
    runs.explain,
    criteria.criteria,
    several.compare,
    several.regret,
    questions.law,
    runs.report,
    questions.admit,
    questions.arrivals,
    sweeps.sweep,
    questions.export,
    runs.schema,
    runs.new,
    rank.rank,
    record.record,
    record.reproduce,
    documents.memo,
    documents.letters,
    serve.serve,
    importing.import_source,
    docs.docs,
    completion.completion,
):
    _command.epilog = epilog(str(_command.name))
    main.add_command(_command)
for _act in proceedings.COMMANDS:
    record.record.add_command(_act)
for _part in record.record.commands.values():
    _part.epilog = epilog(f"record {_part.name}")
