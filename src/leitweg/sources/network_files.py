"""How a network file becomes ties and people, or ties between units and units."""

from collections.abc import Mapping as MappingOf
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.progress import Progress
from leitweg.sources.clocks import Clock
from leitweg.sources.gexf import read_gexf
from leitweg.sources.graphml import read_graphml
from leitweg.sources.joined_readings import with_people
from leitweg.sources.kinds import mapped_as, mapping_for
from leitweg.sources.network_parts import Network, names_of_nodes
from leitweg.sources.people_tables import read_people, read_units
from leitweg.sources.raw import RawTable
from leitweg.sources.source_file import SourceFile
from leitweg.sources.tie_tables import read_ties
from leitweg.sources.words import header_words
from leitweg.sources.xml_prolog import read_prolog
from leitweg.sources.xml_reading import document_type_error

_READERS = {"graphml": read_graphml, "gexf": read_gexf}
_HEAD_BYTES = 1 << 16
_UNITS = (
    *("dept", "department", "unit", "group", "team", "division", "organisation", "organization"),
    *("abteilung", "einheit", "bereich", "gruppe", "office", "buro"),
)


def is_network(source: SourceFile) -> bool:
    """Say whether a file begins as GraphML or GEXF does, also behind a document type."""
    head = source.head(_HEAD_BYTES)
    prolog = read_prolog(head)
    hidden = prolog.doctype and any(f"<{name}".encode() in head.lower() for name in _READERS)
    return prolog.root in _READERS or hidden


def read_network(
    source: SourceFile, options: ImportOptions, clock: Clock, progress: Progress
) -> Reading:
    """Read a GraphML or GEXF file.

    Parameters
    ----------
    source
        The file.
    options
        ``mapping`` names attributes: ``unit`` and ``person`` of nodes, ``value`` and ``relation``
        of edges, and so on.
    clock
        For times among the attributes of nodes.
    progress
        Told the bytes read.

    Returns
    -------
    Reading
        Of kind ``ties``, with ``ties`` and ``people``. Nodes without edges are people as well.
        Where the attribute ``level`` of every node says ``unit``, as in an export of the network
        of units, the ties are between whole units and the nodes become ``units``. Rows of rejects
        are numbers of edges, those of nodes follow.

    Raises
    ------
    SourceError
        xml-entities, broken-xml, no-rows, unknown-column, unknown-canonical, and those of
        `read_ties` and `read_people`.
    """
    prolog = read_prolog(source.head(_HEAD_BYTES))
    if prolog.doctype or prolog.root is None:
        raise document_type_error(source.name)
    network = _READERS[prolog.root](source, progress)
    if not network.nodes.count or not network.edges.count:
        raise _empty(source.name, network)
    nodes, edges = network.nodes.table(options.missing), network.edges.table(options.missing)
    nodes, edges = _renamed(nodes, edges, options.mapping.get("person"))
    if _are_units(nodes):
        return _network_of_units(source, nodes, edges, options)
    ties = _ties(source, edges, options)
    people = _people(source, nodes, options, clock)
    return with_people(ties, people, _left_out_note(source.name, network))


def _renamed(nodes: RawTable, edges: RawTable, chosen: str | None) -> tuple[RawTable, RawTable]:
    if chosen is not None and chosen not in nodes.columns:
        raise SourceError(
            f"{nodes.name}: there is no column '{chosen}'. The columns are "
            f"{', '.join(nodes.columns)}.",
            code="unknown-column",
            path=nodes.name,
            column=chosen,
            columns=nodes.columns,
        )
    names = names_of_nodes(nodes, chosen)
    if not names:
        return nodes, edges
    edges = _translated(_translated(edges, "source", names), "target", names)
    return _translated(nodes, "id", names), edges


def _translated(raw: RawTable, column: str, names: MappingOf[str, str]) -> RawTable:
    found = [names.get(id_, id_) if id_ else None for id_ in raw.column(column).to_pylist()]
    place = raw.columns.index(column)
    return replace(raw, table=raw.table.set_column(place, column, pa.array(found, pa.string())))


def _are_units(nodes: RawTable) -> bool:
    return "level" in nodes.columns and bool(
        pc.all(pc.fill_null(pc.equal(nodes.column("level"), "unit"), False)).as_py()
    )


def _ties(source: SourceFile, edges: RawTable, options: ImportOptions) -> Reading:
    ends = {"from": "source", "to": "target", "directed": "directed"}
    mapping = mapping_for("ties", options.mapping) | ends
    return read_ties(source, edges, mapped_as(edges, "ties", mapping), options)


def _people(source: SourceFile, nodes: RawTable, options: ImportOptions, clock: Clock) -> Reading:
    mapping = mapping_for("people", options.mapping) | {"person": "id"}
    if "unit" not in mapping:
        words = {header_words(column): column for column in reversed(nodes.columns)}
        unit = next((words[name] for name in _UNITS if name in words), None)
        mapping |= {"unit": unit} if unit else {}
    return read_people(source, nodes, mapped_as(nodes, "people", mapping), options, clock)


def _network_of_units(
    source: SourceFile, nodes: RawTable, edges: RawTable, options: ImportOptions
) -> Reading:
    """Read a network whose nodes are whole units; how many people each has, its node may say."""
    mapping = {n: c for n, c in options.mapping.items() if n in ("value", "relation")}
    mapping |= {"from_unit": "source", "to_unit": "target", "directed": "directed"}
    edges, mapping = _with_sizes(nodes, edges, mapping)
    ties = read_ties(source, edges, mapped_as(edges, "ties", mapping), options)
    units = read_units(source, nodes, mapped_as(nodes, "units", {"unit": "id"}))
    return replace(
        ties,
        tables={"ties": ties.tables["ties"], "units": units.tables["units"]},
        rows_read=ties.rows_read + units.rows_read,
        left_over=(*ties.left_over, *units.left_over),
        warnings=(*ties.warnings, *units.warnings),
    )


def _with_sizes(
    nodes: RawTable, edges: RawTable, mapping: dict[str, str]
) -> tuple[RawTable, dict[str, str]]:
    """Let nodes say how many people stand behind an edge, where the edge itself does not."""
    known = mapped_as(edges, "ties", mapping)
    if "people" not in nodes.columns or known.get("from_people"):
        return edges, mapping
    pairs = zip(*(nodes.column(name).to_pylist() for name in ("id", "people")), strict=True)
    sizes = dict(pairs)
    for name, end in (("from_people", "source"), ("to_people", "target")):
        counts = [sizes.get(id_) for id_ in edges.column(end).to_pylist()]
        table = edges.table.append_column(f"{name} of the node", pa.array(counts, pa.string()))
        edges, mapping = replace(edges, table=table), mapping | {name: f"{name} of the node"}
    return edges, mapping


def _left_out_note(file: str, network: Network) -> tuple[str, ...]:
    if not network.left_out:
        return ()
    return (f"{file}: {network.left_out} hyperedges have more than two ends and were left out.",)


def _empty(name: str, network: Network) -> SourceError:
    what = "edges" if network.nodes.count else "nodes"
    return SourceError(
        f"{name}: the network has no {what}. Export it again or leave it out.",
        code="no-rows",
        path=name,
    )
