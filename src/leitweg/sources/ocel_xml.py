"""OCEL in XML: version 1.0 (values in elements with ``key`` and ``value``) and version 2.0."""

from collections.abc import Iterator

from lxml import etree

from leitweg.domain.progress import Progress
from leitweg.sources.ocel_collector import OcelCollector
from leitweg.sources.ocel_json import not_ocel
from leitweg.sources.source_file import SourceFile
from leitweg.sources.xml_prolog import read_prolog
from leitweg.sources.xml_reading import document_type_error, forget, read_elements

_TAGS = ("{*}log", "{*}event", "{*}object")
_HEAD_BYTES = 1 << 16


def read_xml_log(source: SourceFile, collector: OcelCollector, progress: Progress) -> None:
    """Read an OCEL log in XML into a collector, with entities off.

    Raises
    ------
    SourceError
        not-ocel, xml-entities, broken-xml, field-too-large; and what the stream raises.
    """
    prolog = read_prolog(source.head(_HEAD_BYTES))
    if prolog.doctype:
        raise document_type_error(source.name)
    if prolog.root not in (None, "log"):
        raise not_ocel(source.name, f"its first element is '{prolog.root[:40]}', not 'log'")
    for event, element in read_elements(source, _TAGS, progress):
        if event == "start" or not _is_entry(element):
            continue
        if _name(element) == "event":
            _add_event(element, collector)
        else:
            _add_object(element, collector)
        forget(element)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _is_entry(element: etree._Element) -> bool:
    # an event of version 2.0 lists its objects below an element 'objects' as well
    parent = element.getparent()
    above = parent.getparent() if parent is not None else None
    return above is not None and above.getparent() is None


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in element:
        if _name(child) == name:
            yield from child


def _add_event(element: etree._Element, collector: OcelCollector) -> None:
    if element.get("id") is None:
        fields = _fields(element)
        collector.add_event(
            fields.get("id"),
            fields.get("activity"),
            fields.get("timestamp"),
            _listed(element, "vmap"),
            ((other, None) for _, other in _listed(element, "omap")),
        )
        return
    collector.add_event(
        element.get("id"),
        element.get("type"),
        element.get("time"),
        ((a.get("name"), a.text) for a in _children(element, "attributes")),
        ((r.get("object-id"), _role(r)) for r in _children(element, "objects")),
    )


def _add_object(element: etree._Element, collector: OcelCollector) -> None:
    if element.get("id") is None:
        fields = _fields(element)
        timeless = ((key, value, None) for key, value in _listed(element, "ovmap"))
        collector.add_object(fields.get("id"), fields.get("type"), timeless)
        return
    collector.add_object(
        element.get("id"),
        element.get("type"),
        ((a.get("name"), a.text, a.get("time")) for a in _children(element, "attributes")),
        (r.get("object-id") for r in _children(element, "objects")),
    )


def _role(relation: etree._Element) -> str | None:
    # early writers of version 2.0 called the qualifier 'relationship'
    return relation.get("qualifier") or relation.get("relationship")


def _fields(element: etree._Element) -> dict[str | None, str | None]:
    return {child.get("key"): child.get("value") for child in element}


def _listed(element: etree._Element, key: str) -> Iterator[tuple[str | None, str | None]]:
    for child in element:
        if child.get("key") == key:
            yield from ((entry.get("key"), entry.get("value")) for entry in child)
