"""`report.html`: one file, complete in itself, that asks the network for nothing."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from evaluator.model.study import Study
from evaluator.report.formatting import numbers, phrases
from evaluator.report.formatting.names import agency_names, method_name, names_of
from evaluator.report.formatting.palette import LIGHT, tokens
from evaluator.report.formatting.words import words_of
from evaluator.report.html.compiled import Compiled
from evaluator.report.html.embedding import embedded
from evaluator.report.html.isolating import Isolated, isolated_in
from evaluator.report.html.sections import Section, filled, is_large
from evaluator.report.html.terse import Terse
from evaluator.report.messages import say
from evaluator.results.evaluation import Evaluation
from evaluator.results.findings import Findings

if TYPE_CHECKING:
    from evaluator.report.figures import Drawn

_PERCENT = re.compile(r'"data:[^"]*"|(?<=\d) ?%')
"""A picture's address, whose signs of percent are none, or the sign after a number."""
SCRIPTS = ("tables.js", "numbers.js", "decide.js", "trail.js", "pair.js", "whatif.js")
_JOINT = re.compile(r"([._])")


def page(evaluation: Evaluation, drawn: Sequence[Drawn], failed: Findings = ()) -> bytes:
    """Return the report as one HTML file in UTF-8; figures are embedded as images.

    failed: what else of the report could not be made, which the page names.
    """
    return document(
        "report.html.j2",
        evaluation.study,
        script="".join(map(asset, SCRIPTS)),
        sections=sections(evaluation, drawn, failed),
        large=is_large(evaluation.study),
    )


def sections(
    evaluation: Evaluation,
    drawn: Sequence[Drawn] = (),
    failed: Findings = (),
    only: Collection[str] = (),
    *,
    served: bool = False,
) -> list[tuple[Section, str, str]]:
    """Return the sections of the report, each with its title and its body as markup.

    only: the ids of some; nothing: all. served: on a page that solves again what is tried there.
    """
    shared = {
        **said(evaluation.study),
        "study": evaluation.study,
        "served": served,
        "names": agency_names(evaluation),
        "isolated": isolated_in(evaluation.study),
        "figures": {figure.name: figure for figure in drawn},
        "failed_parts": [
            say(part, names_of(evaluation))
            for part in (*(evaluation.extended.failed if evaluation.extended else ()), *failed)
        ],
    }
    return [
        (
            section,
            title,
            _tied(
                templates()
                .get_template(f"sections/{section.id}.html.j2")
                .render(**shared, **context)
            ),
        )
        for section, title, context in filled(evaluation, only)
    ]


def document(template: str, study: Study, *, script: str = "", **context: Any) -> bytes:
    """Return a page of a study as one HTML file in UTF-8.

    template: extends `base.html.j2`, which has head, marking, standing and foot. context: what it
    needs; `stamp` in place of what the study says of itself.
    """
    style = styled(study)
    html = (
        templates()
        .get_template(template)
        .render(
            **{"study": study, "large": False, **said(study), **context},
            policy=policy(style, script),
            style=style,
            script=script,
        )
    )
    return isolated_in(study)(html).encode()


@cache
def templates() -> Environment:
    """Return the templates of the report, each compiled when one first uses it as it is now."""
    found = environment()
    found.add_extension(Terse)
    found.bytecode_cache = Compiled(__file__)
    return found


def environment() -> Environment:
    """Return the templates of this room; every value is escaped, an undefined name raises."""
    found = Environment(
        loader=PackageLoader("evaluator.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,  # there are no constants to fold, and to look for them takes a tenth
    )
    found.filters |= {
        "points": numbers.points,
        "fixed": numbers.fixed,
        "general": numbers.general,
        "apart": numbers.apart,
        "share": numbers.share,
        "breakable": _breakable,
        "data_uri": embedded,
        "packed": _packed,
        "method": method_name,
        "sentence": phrases.sentence,
    }
    found.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    found.globals |= {
        "CONFIDENCE": phrases.CONFIDENCE,
        "STATUS": phrases.STATUS,
        "OBJECTIVE_POINTS": phrases.OBJECTIVE_POINTS,
        "ASK": phrases.ASK,
        "entered": phrases.entered,
        "objective": phrases.objective,
        "STATE": phrases.STATE,
        "LIGHT": LIGHT,
    }
    return found


def said(study: Study) -> dict[str, Any]:
    """Return the words of a study as its templates name them: within a sentence, and to begin one.

    stamp: what the study says of itself at the head of a page, the bills that it supposes included.
    parts: those that it has.
    """
    words = words_of(study.scenario)
    standing = phrases.stamp(study.scenario)
    return {
        "w": words,
        "W": words.head,
        "money": words.money,
        "stamp": standing,
        "parts": study.parts,
    }


def styled(study: Study) -> str:
    """Return the style of a page, which repeats on paper what the study says of itself."""
    marking = _quoted(words_of(study.scenario).marking)
    foot = _quoted(phrases.stamp(study.scenario))
    margins = (
        ("top-center", f"content: {marking}; font-weight: bold;", "alarm"),
        ("bottom-center", f"content: {marking}; font-weight: bold;", "alarm"),
        ("bottom-left", f"content: {foot};", "ink"),
        ("bottom-right", "", "ink"),
    )
    boxes = " ".join(
        f"@{place} {{ font: 8pt sans-serif; {look} color: {LIGHT[colour]}; }}"
        for place, look, colour in margins
    )
    style = f"{tokens()}{asset('report.css')}{asset('pages.css')}"
    return f"{style}@media print {{ @page {{ {boxes} }} }}\n"


def _quoted(text: str) -> str:
    """Return a text as a string of a style sheet, whatever it holds.

    >>> print(_quoted('a "b" <'))
    "a \\22 b\\22  \\3c "
    """
    letters = (x if (x.isalnum() and x.isascii()) or x == " " else f"\\{ord(x):x} " for x in text)
    return f'"{"".join(letters)}"'


def policy(style: str, script: str) -> str:
    """Return a policy that allows this style, this script, embedded images, and nothing else."""
    parts = ["default-src 'none'", f"style-src {_hash(style)}", "img-src data:"]
    parts += [f"script-src {_hash(script)}"] if script else []
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def asset(name: str) -> str:
    """Return the text of a file beside the templates."""
    return (files("evaluator.report.html") / "templates" / name).read_text(encoding="utf-8")


def _packed(html: str, isolated: Isolated) -> str:
    """Return a text compressed, in letters that HTML leaves as they are."""
    return base64.b64encode(zlib.compress(isolated(_tied(html)).encode(), 9)).decode()


def _tied(html: str) -> str:
    """Return a page in which no line begins with the sign of percent; data of scripts stay.

    >>> _tied("95 % of 90%").split("\\N{NO-BREAK SPACE}")
    ['95', '% of 90', '%']
    """
    # Plain text: markup would escape what is put together anew.
    text, mark, rest = str(html).partition("<script")
    tied = _PERCENT.sub(lambda one: one[0] if one[0][0] == '"' else "\N{NO-BREAK SPACE}%", text)
    return tied + mark + rest


def _breakable(identifier: str) -> Markup:
    """Return an id that breaks after its dots and underscores, if it must.

    >>> print(_breakable("exim.direct_loan"))
    exim.<wbr>direct_<wbr>loan
    """
    return Markup(_JOINT.sub(r"\1<wbr>", str(escape(identifier))))  # noqa: S704 (escaped)
