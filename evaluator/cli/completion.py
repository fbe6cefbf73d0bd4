"""Completion of commands, options and names of runs by the shell."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import click

from evaluator.cli.common import guarded, json_option, print_json, say, say_where, write_files

_PLACES = {
    "bash": (("XDG_DATA_HOME", ".local/share"), "bash-completion/completions/evaluator"),
    "fish": (("XDG_CONFIG_HOME", ".config"), "fish/completions/evaluator.fish"),
    "zsh": (("XDG_DATA_HOME", ".local/share"), "zsh/site-functions/_evaluator"),
}
"""Where each shell looks for what a user installed: a variable and its default, and the file."""
_NEXT = {
    "bash": "It holds in the next shell, where bash-completion is installed.",
    "fish": "It holds in the next shell.",
    "zsh": "Add 'fpath=({folder} $fpath)' to .zshrc, above the line of compinit.",
}


@click.command()
@click.argument("shell", type=click.Choice(sorted(_PLACES)))
@click.option("--install", is_flag=True, help="Write it where the shell looks for it.")
@json_option
@click.pass_context
@guarded
def completion(
    context: click.Context, shell: Literal["bash", "fish", "zsh"], install: bool, as_json: bool
) -> None:
    """Print what lets the shell complete commands, options and names of runs, or install it."""
    from click.shell_completion import get_completion_class

    assert context.parent is not None  # noqa: S101  it is a command of a group
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  click knows all three
    script = kind(context.parent.command, {}, "evaluator", "_EVALUATOR_COMPLETE")
    text = f"{(script.source_template % script.source_vars()).strip()}\n"
    if not install:
        if as_json:
            print_json({"ok": True, "shell": shell, "script": text})
        else:
            say(text)
        return
    (variable, default), name = _PLACES[shell]
    file = Path(os.environ.get(variable) or Path.home() / default) / name
    write_files({file: text.encode()}, file, file.parent)
    if as_json:
        print_json({"ok": True, "shell": shell, "file": str(file)})
    say_where(f"Completion {file}\n{_NEXT[shell].format(folder=file.parent)}", as_json)
