"""The reference of the command line, made of what `--help` shows."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

_HEAD = """# Commands
Made of the program's own `--help`. Exit codes: 0 done; 1 failed; 2 usage; 3 the program is
infeasible (the run is still written); 4 the input is invalid, a run was altered, or cannot be
written (nothing is written); 5 done, and standard output is closed or full, so that not all is
shown (what is written is whole, and standard error says where; a reader that goes away, as in
`| head`, is no fault); 129, 130 and 143 ended by a signal. `--json` prints the same as JSON, with
the number of its format. Messages and progress go to standard error.
"""


def commands_reference(group: click.Group) -> str:
    """Return every command of the group as Markdown, with its arguments and options."""
    with click.Context(group, info_name="evaluator") as context:
        return "\n".join([_HEAD, *_within(group, context, "##")])


def _within(group: click.Group, context: click.Context, level: str) -> Iterator[str]:
    """Yield the commands of a group, each followed by those within it."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None  # noqa: S101  the group has just named it
        inner = click.Context(command, info_name=name, parent=context)
        yield from _command(command, inner, level)
        if isinstance(command, click.Group):
            yield from _within(command, inner, f"{level}#")


def _command(command: click.Command, context: click.Context, level: str) -> Iterator[str]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    told = "\n".join([usage, *map(str.strip, (command.epilog or "").splitlines()[2:])])
    name = " ".join(context.command_path.split()[1:])
    yield f"{level} {name}\n\n{inspect.cleandoc(command.help or '')}\n\n```text\n{told}\n```\n"
    records = (p.get_help_record(context) for p in command.get_params(context))
    yield "| option | meaning |\n|---|---|"
    for option, told in filter(None, records):
        if told:  # an argument has none
            yield f"| `{_cell(option)}` | {_cell(told)} |"
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
