"""How is a document written as PDF? A typst template that gets the document as data.

Nothing of the document is ever read as typst, so no text can break the page or run anything.
Fonts are those inside typst; the file is PDF/UA-1, so that screen readers can read it.
"""

import json
from dataclasses import asdict
from pathlib import Path

import typst

from leitweg.domain.document import Document

TEMPLATE = Path(__file__).with_name("dossier.typ")


def pdf_of(document: Document) -> bytes:
    """Return the document as PDF; the same document gives the same bytes."""
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        sys_inputs=_inputs(document),
    )


def pages_of(document: Document, *, ppi: float = 80.0) -> list[bytes]:
    """Return the pages as pictures (PNG), to look at them."""
    pages: bytes | list[bytes] = typst.compile(
        TEMPLATE.read_bytes(),
        format="png",
        ppi=ppi,
        ignore_system_fonts=True,
        sys_inputs=_inputs(document),
    )
    return pages if isinstance(pages, list) else [pages]


def _inputs(document: Document) -> dict[str, str]:
    data = asdict(document)
    for entry, block in zip(data["blocks"], document.blocks, strict=True):
        entry["kind"] = type(block).__name__.lower()
    return {"document": json.dumps(data, ensure_ascii=False)}
