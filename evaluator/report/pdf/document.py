"""Documents as PDF, tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

from dataclasses import asdict, fields

from evaluator.report.documents.blocks import Document
from evaluator.report.formatting.phrases import in_full
from evaluator.report.pdf.typesetting import typeset


def pdf(document: Document) -> bytes:
    """Return a document as a tagged PDF; the same document gives the same bytes.

    Raises UsageError where Typst is not installed.
    """
    head = {one.name: getattr(document, one.name) for one in fields(document)}
    blocks = [{"kind": type(one).__name__.lower(), **asdict(one)} for one in document.blocks]
    data = {**head, "day": in_full(document.day), "blocks": blocks}
    what = f"{document.name}.pdf"
    return typeset("document.typ", data, document.day, what=what, extra="memo")
