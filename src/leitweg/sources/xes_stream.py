"""A XES file, trace by trace: one pass over the XML that holds a few traces at a time."""

from collections.abc import Iterator
from typing import cast

from lxml import etree

from leitweg.domain.errors import SourceError
from leitweg.domain.progress import Progress
from leitweg.sources.source_file import SourceFile
from leitweg.sources.xes_columns import Collector, XesLog, large_field
from leitweg.sources.xml_prolog import read_prolog

# larger pieces push the freshly built tree out of the processor's cache and cost half as much again
CHUNK_BYTES = 1 << 15
HEAD_BYTES = 1 << 16


def read_xes_log(source: SourceFile, progress: Progress) -> XesLog:
    """Read a XES file into columns of text.

    Parameters
    ----------
    source
        The file; it is read once, front to back.
    progress
        Told the bytes read.

    Raises
    ------
    SourceError
        not-xes, xml-entities, broken-xml, field-too-large, too-many-columns, no-traces; and what
        the stream raises.
    """
    _refuse_other_files(source)
    collector = Collector(source.name)
    for trace in _traces(source, progress):
        collector.add(trace)
    return collector.log()


def is_xes(head: bytes) -> bool:
    """Say whether these first bytes begin a XES log (its first element is ``log``).

    A document type before it hides the element; such a file is taken for XES as well where the
    word ``xes`` occurs, so that it is refused for what it is.
    """
    prolog = read_prolog(head)
    return prolog.root == "log" or (prolog.doctype and b"xes" in head.lower())


def _refuse_other_files(source: SourceFile) -> None:
    head = source.head(HEAD_BYTES)
    prolog = read_prolog(head)
    if prolog.doctype:
        raise _entities(source.name)
    if prolog.root == "log" or (prolog.root is None and head.lstrip().startswith(b"<")):
        return
    found = f"its first element is '{prolog.root[:40]}'" if prolog.root else "it is no XML"
    raise SourceError(
        f"{source.name}: this is not a XES log: {found}, where XES has 'log'. Export the log as "
        "XES, or import tables with --kind events.",
        code="not-xes",
        path=source.name,
    )


def _entities(name: str) -> SourceError:
    return SourceError(
        f"{name}: it declares a document type (DOCTYPE), through which entities could pull in "
        "other files or fill the memory; a XES log has none. Export the log again without it.",
        code="xml-entities",
        path=name,
    )


def _traces(source: SourceFile, progress: Progress) -> Iterator[etree._Element]:
    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=("{*}log", "{*}trace"),
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
                yield from _finished(parser, source.name)
        parser.close()
    except etree.XMLSyntaxError as fault:
        raise _syntax_error(source.name, fault) from None


def _finished(parser: etree.XMLPullParser, name: str) -> Iterator[etree._Element]:
    events = cast("Iterator[tuple[str, etree._Element]]", parser.read_events())
    for event, element in events:
        parent = element.getparent()
        if parent is None:
            if event == "start" and _has_document_type(element):
                raise _entities(name)
        elif event == "end":
            yield element
            # what was read goes, so that the tree never holds more than the trace at hand
            element.clear()
            while element.getprevious() is not None:
                del parent[0]


def _has_document_type(root: etree._Element) -> bool:
    info = root.getroottree().docinfo
    return info.internalDTD is not None or info.externalDTD is not None


def _syntax_error(name: str, fault: etree.XMLSyntaxError) -> SourceError:
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
