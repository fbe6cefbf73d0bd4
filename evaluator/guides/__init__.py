"""What a user reads: the same texts on the site, in the terminal and on a page of one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files

import click

from evaluator.guides.commands import commands_reference
from evaluator.guides.study_files import study_files
from evaluator.record.dictionary import data_dictionary

_WRITTEN = {
    "install": "from the repository or a wheel; which versions; help from the editor",
    "tutorial": "your first study, from an empty folder to a decision",
    "criteria": "field guide: agencies, criteria, weights, scales, requirements, every key",
    "scenarios": "field guide: scenarios, institutions, limits, the tables of a round, every key",
    "import": "workbooks and text tables as they are, into a study",
    "rank": "one table, one ranking, without a study",
    "compare-weightings": "how much it matters whose view prevails",
    "what-decides": "what would bring a package in, what swaps two, which criteria matter",
    "add-a-criterion": "say what is judged, what is known, and how much it counts",
    "add-a-limit": "bound amounts by tool, package, country or firm",
    "what-if": "weigh again on the report, and hand the weighting back",
    "law-by-date": "what lapses or begins, and which dollars go with it",
    "late-package": "whether a late package is worth its room",
    "sweep": "let keys take many values, on one machine or on many",
    "record": "what was done, by whom, and proof of it years later",
    "workbench": "the same at one table, in the browser, for three kinds of reader",
    "memo": "the paper that somebody signs, and a letter to each proposer",
    "python": "make and read runs, and ask more, from notebooks and scripts",
    "mathematics": "the methods, with their sources",
}
_MADE: Mapping[str, tuple[str, Callable[[click.Group], str]]] = {
    "commands": ("every command and option", commands_reference),
    "study-files": ("every key of the YAML files, of the schemas", lambda _: study_files()),
    "run-files": ("every column of every table of a run", lambda _: data_dictionary()),
}


@dataclass(frozen=True)
class Guide:
    """A guide: what it is called, what it is about, and its text as Markdown."""

    name: str
    about: str
    text: str
    path: str
    """Its file; empty where it is made of the program when it is asked for."""

    @property
    def title(self) -> str:
        """The first heading."""
        return self.text.partition("\n")[0].lstrip("# ")


def guides(commands: click.Group) -> dict[str, Guide]:
    """Return all guides by name, in the order in which to read them.

    commands: the command line, of which one of them is made.
    """
    home = files("evaluator.guides")
    written = (
        Guide(name, about, (home / f"{name}.md").read_text("utf-8"), str(home / f"{name}.md"))
        for name, about in _WRITTEN.items()
    )
    made = (Guide(name, about, make(commands), "") for name, (about, make) in _MADE.items())
    return {guide.name: guide for guide in (*written, *made)}
