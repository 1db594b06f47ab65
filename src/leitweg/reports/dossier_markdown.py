"""How is a document written as Markdown? GitHub's tables, and marks that no text can break."""

import re

from leitweg.domain.document import (
    Block,
    Bullets,
    DataTable,
    Document,
    Field,
    Heading,
    Paragraph,
    Remark,
    Run,
    Runs,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")
_AROUND = {"strong": "**", "emphasis": "*", "plain": ""}


def markdown_of(document: Document) -> str:
    """Return the document as Markdown; its mark stands in a comment at the end."""
    parts = [f"# {_text(document.title)}", _text(document.subtitle), *_contents(document)]
    number = 0
    for block in document.blocks:
        number += isinstance(block, Heading) and block.level == 1
        parts.append(_block(block, number))
    parts.append(f"<!-- {document.mark} -->")
    return "\n\n".join(parts) + "\n"


def _contents(document: Document) -> list[str]:
    parts = [b.text for b in document.blocks if isinstance(b, Heading) and b.level == 1]
    listed = "\n".join(f"{n}. {_text(title)}" for n, title in enumerate(parts))
    return [f"**{_text(document.words['contents'])}**", listed]


def _block(block: Block, part: int) -> str:
    match block:
        case Heading(level, text):
            number = f"{part - 1} " if level == 1 else ""
            return f"{'#' * (level + 1)} {number}{_text(text)}"
        case Paragraph(runs):
            return _runs(runs)
        case Remark(runs):
            return f"> {_runs(runs)}"
        case Bullets(items, ordered):
            marks = (f"{n}." if ordered else "-" for n in range(1, len(items) + 1))
            return "\n".join(f"{mark} {_runs(i)}" for mark, i in zip(marks, items, strict=True))
        case DataTable():
            return _table(block)
        case Field(label, hint, _):
            return f"> **{_text(label)}**  \n> {_runs(hint)}  \n> \\_\\_\\_\\_\\_\\_\\_\\_"


def _table(table: DataTable) -> str:
    head = [_runs(cell) for cell in table.columns] or [" "] * len(table.widths)
    rows = [head, ["---"] * len(head), *([_runs(c) for c in row] for row in table.rows)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _runs(runs: Runs) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    if run.style == "box":
        return "[x]" if run.text else "[ ]"
    if run.style == "code":
        return f"`{run.text.replace('`', chr(39)).replace('|', chr(92) + '|')}`"
    around = _AROUND[run.style]
    return f"{around}{_text(run.text)}{around}"


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "<br>")
