"""The guides, wherever the program is installed."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from evaluator.cli.common import guarded, json_option, print_json, say, say_where, write_files
from evaluator.errors import UsageError


@click.command()
@click.argument("guide", required=False)
@click.option("--print", "where", is_flag=True, help="Print the path of the guides, or of one.")
@click.option(
    "--html", metavar="FILE", type=click.Path(path_type=Path), help="Write all as one page here."
)
@click.option("--open", "show_it", is_flag=True, help="Open that page in the browser.")
@json_option
@click.pass_context
@guarded
def docs(
    context: click.Context,
    guide: str | None,
    where: bool,
    html: Path | None,
    show_it: bool,
    as_json: bool,
) -> None:
    """List the guides, or read one: every key of a study, how to, commands, the mathematics.

    They are part of the program and need no network.
    """
    from evaluator.errors import did_you_mean
    from evaluator.guides import guides

    assert context.parent is not None  # noqa: S101  it is a command of a group
    every = guides(context.parent.command)  # type: ignore[arg-type]
    if guide is not None and guide not in every:
        raise UsageError(f"there is no guide '{guide}'. {did_you_mean(guide, list(every))}")
    if where:
        _print_path(guide, every, as_json)
    elif html is not None or show_it:
        _write_page(guide, every, html, show_it, as_json)
    elif guide is None:
        _list(every, as_json)
    elif as_json:
        print_json({"ok": True, "guide": guide, "text": every[guide].text})
    else:
        _show(every[guide].text)


def _print_path(guide: str | None, every: dict[str, Any], as_json: bool) -> None:
    """Print where a guide stands, or the folder of all."""
    path = every[guide].path if guide else str(Path(every["install"].path).parent)
    if not path:
        fact = f"'{guide}' is made of the program when it is asked for, and is no file."
        raise UsageError(f"{fact} 'evaluator docs {guide}' prints it.")
    if as_json:
        print_json({"ok": True, "path": path})
    else:
        say(path)


def _write_page(
    guide: str | None, every: dict[str, Any], html: Path | None, show_it: bool, as_json: bool
) -> None:
    """Write all guides as one page, and open it at one of them if asked."""
    from evaluator import __version__
    from evaluator.guides.page import guides_page

    page = html or Path(tempfile.mkdtemp(prefix="evaluator-")) / "guides.html"
    write_files({page: guides_page(every.values(), __version__).encode()}, page)
    if as_json:
        print_json({"ok": True, "page": str(page)})
    say_where(f"Page    {page}", as_json)
    if show_it:
        click.launch(page.resolve().as_uri() + (f"#{guide}" if guide else ""))


def _list(every: dict[str, Any], as_json: bool) -> None:
    if as_json:
        told = [{"name": g.name, "about": g.about, "path": g.path} for g in every.values()]
        print_json({"ok": True, "guides": told})
        return
    width = max(map(len, every))
    say("\n".join(f"{name:{width}}  {guide.about}" for name, guide in every.items()))
    say("\nevaluator docs NAME prints one, evaluator docs --open shows all in the browser.")


def _show(text: str) -> None:
    """Print a guide: laid out for a terminal, else as it stands."""
    if not sys.stdout.isatty():
        say(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    console.print(Markdown(text, hyperlinks=False), width=min(console.width, 100))
