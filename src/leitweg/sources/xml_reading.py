"""XML that others wrote: read in small pieces, with entities off, and refused in one sentence."""

from collections.abc import Iterator
from typing import cast

from lxml import etree

from leitweg.domain.errors import SourceError
from leitweg.domain.progress import Progress
from leitweg.sources.source_file import SourceFile
from leitweg.sources.xes_columns import large_field

# larger pieces push the freshly built tree out of the processor's cache and cost half as much again
CHUNK_BYTES = 1 << 15


def read_elements(
    source: SourceFile, tags: tuple[str, ...], progress: Progress
) -> Iterator[tuple[str, etree._Element]]:
    """Yield the starts and ends of some elements while the file is read.

    Parameters
    ----------
    source
        The file; it is read once, front to back.
    tags
        Names of elements as lxml writes them (``{*}trace``); the root has to be among them, for
        a document type is looked for when it starts.
    progress
        Told the bytes read.

    Yields
    ------
    tuple
        ``start`` or ``end`` and the element; whoever takes it clears it (`forget`), so that the
        tree stays small.

    Raises
    ------
    SourceError
        xml-entities, broken-xml, field-too-large; and what the stream raises.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
    )
    try:
        with source.open() as stream:
            done = 0
            while chunk := stream.read(CHUNK_BYTES):
                parser.feed(chunk)
                done += len(chunk)
                progress(f"reading {source.name}", done, source.size)
                yield from _events(parser, source.name)
        parser.close()
    except etree.XMLSyntaxError as fault:
        raise syntax_error(source.name, fault) from None


def _events(parser: etree.XMLPullParser, name: str) -> Iterator[tuple[str, etree._Element]]:
    for event, element in cast("Iterator[tuple[str, etree._Element]]", parser.read_events()):
        if event == "start" and element.getparent() is None and _has_document_type(element):
            raise document_type_error(name)
        yield event, element


def forget(element: etree._Element) -> None:
    """Clear an element that was read, and drop its siblings before it."""
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _has_document_type(root: etree._Element) -> bool:
    info = root.getroottree().docinfo
    return info.internalDTD is not None or info.externalDTD is not None


def document_type_error(name: str) -> SourceError:
    """Return the error for a file that declares a document type: nothing of it is expanded."""
    return SourceError(
        f"{name}: it declares a document type (DOCTYPE), through which entities could pull in "
        "other files or fill the memory; a log has none. Export the log again without it.",
        code="xml-entities",
        path=name,
    )


def syntax_error(name: str, fault: etree.XMLSyntaxError) -> SourceError:
    """Return the error for XML that is broken, cut off, or larger than any log."""
    reason = " ".join((fault.msg or "not well-formed").split())
    line = fault.lineno or 0
    if "too long" in reason or "huge" in reason or "limit exceeded" in reason:
        return large_field(name, f"near line {line}")
    return SourceError(
        f"{name}: the XML is broken or cut off at line {line}: {reason[:200].rstrip('.')}. "
        "Export or copy the file again.",
        code="broken-xml",
        path=name,
        line=line,
    )
