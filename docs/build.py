"""Gather the pages of the documentation site in build/pages and build it: `make docs`.

Every text stands once in the repository or is made of the program. A link between files of the
repository becomes a link between pages; one to a file that is no page is a fault.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import evaluator
from evaluator import questions
from evaluator.cli import main
from evaluator.guides import guides

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "build" / "pages"
_LINK = re.compile(r"(?<!`)(?P<head>\[[^\]]*\]\()(?P<target>[^)#\s]+)(?P<anchor>#[^)]*)?\)")


def sources() -> dict[Path, Path]:
    """Return where each file of the repository that the site has stands there."""
    docs = ROOT / "docs"
    kept = (".md", ".png", ".css", ".js")
    found = {path: path.relative_to(docs) for path in docs.rglob("*") if path.suffix in kept}
    found |= {path: Path("guides", path.name) for path in (ROOT / "evaluator/guides").glob("*.md")}
    found |= {ROOT / f"{n}.md": Path(f"{n.lower()}.md") for n in ("CHANGELOG", "CONTRIBUTING")}
    found[docs / "data-dictionary.md"] = Path("guides/run-files.md")
    return found


def made() -> dict[Path, str]:
    """Return the pages that are made of the program, and the list of decisions."""
    told = {Path("guides", f"{g.name}.md"): g.text for g in guides(main).values() if not g.path}
    told[Path("decisions/index.md")] = decisions()
    told[Path("reference/python.md")] = python_reference()
    return told


def decisions() -> str:
    """Return the list of decisions."""
    told = ["# Decisions\nWhat was decided, why, and what was not taken; newest last.\n"]
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        title = path.read_text().partition("\n")[0].removeprefix("# ")
        told.append(f"- [{path.name[:4]}: {title}]({path.name})")
    return "\n".join(told)


def python_reference() -> str:
    """Return the page of the Python reference, which mkdocstrings fills from docstrings."""
    told = ["# Python\nWhat is meant to be imported. A run is three hops: load, evaluate, write.\n"]
    told += ["## evaluator\n", *(f"::: evaluator.{name}\n" for name in evaluator.__all__)]
    further = sorted(set(questions.__all__) - set(evaluator.__all__))
    # By where they are defined: modules of the same names stand beside them.
    homes = (f"{getattr(questions, name).__module__}.{name}" for name in further)
    told += ["## evaluator.questions\n", *(f"::: {home}\n" for home in homes)]
    return "\n".join(told)


def with_links(
    source: Path, moved: Mapping[Path, Path], pages: Collection[Path], faults: list[str]
) -> str:
    """Return the text of a file with its links as they are on the site.

    moved: where files of the repository stand on the site. pages: those that are made.
    """
    here = moved[source].parent

    def follow(match: re.Match[str]) -> str:
        target = match["target"]
        if "://" in target:
            return match[0]
        file = (source.parent / target).resolve()
        place = moved.get(file, moved.get(file / "index.md", here / target))
        if file.is_dir():
            place = file.relative_to(ROOT / "docs") / "index.md"
        if place not in pages and place not in moved.values():
            faults.append(f"{source.relative_to(ROOT)}: {target} is no page of the site.")
        return f"{match['head']}{os.path.relpath(place, here)}{match['anchor'] or ''})"

    return _LINK.sub(follow, source.read_text())


def gather() -> None:
    """Write all pages anew; end with every link that leads nowhere."""
    shutil.rmtree(PAGES, ignore_errors=True)
    moved, pages, faults = sources(), made(), list[str]()
    for place in {*moved.values(), *pages}:
        (PAGES / place).parent.mkdir(parents=True, exist_ok=True)
    for source, place in moved.items():
        if source.suffix == ".md":
            (PAGES / place).write_text(with_links(source, moved, pages, faults))
        else:
            shutil.copy(source, PAGES / place)
    for place, text in pages.items():
        (PAGES / place).write_text(text)
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    gather()
    builder = Path(sys.executable).with_name("zensical")
    command = [builder, "build", "--strict", "--clean"]
    sys.exit(subprocess.run(command, cwd=ROOT).returncode)
