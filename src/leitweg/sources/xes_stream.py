"""A XES file, trace by trace: one pass over the XML that holds a few traces at a time."""

from collections.abc import Iterator

from lxml import etree

from leitweg.domain.errors import SourceError
from leitweg.domain.progress import Progress
from leitweg.sources.source_file import SourceFile
from leitweg.sources.xes_columns import Collector, XesLog
from leitweg.sources.xml_prolog import read_prolog
from leitweg.sources.xml_reading import document_type_error, forget, read_elements

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
        raise document_type_error(source.name)
    if prolog.root == "log" or (prolog.root is None and head.lstrip().startswith(b"<")):
        return
    found = f"its first element is '{prolog.root[:40]}'" if prolog.root else "it is no XML"
    raise SourceError(
        f"{source.name}: this is not a XES log: {found}, where XES has 'log'. Export the log as "
        "XES, or import tables with --kind events.",
        code="not-xes",
        path=source.name,
    )


def _traces(source: SourceFile, progress: Progress) -> Iterator[etree._Element]:
    for event, element in read_elements(source, ("{*}log", "{*}trace"), progress):
        if event == "end" and element.getparent() is not None:
            yield element
            # what was read goes, so that the tree never holds more than the trace at hand
            forget(element)
