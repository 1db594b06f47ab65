"""The network as a file: GraphML and GEXF for programs that draw networks, else a table of edges.

What the privacy door holds back is not in the file: neither the edge nor, where a node is held
back, the node. The description says how many there are.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from lxml import etree
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from leitweg.domain.errors import QuestionError
from leitweg.domain.findings import Estimate
from leitweg.domain.network import Network, NetworkEdge, NetworkUnit
from leitweg.domain.situation import ReleasedSituation
from leitweg.language.catalogue import translate

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GEXF = "http://gexf.net/1.3"
ESTIMATES = (*("e_i_index", "reciprocity", "constraint", "effective_size", "betweenness"),)
EDGES = pa.schema(
    [
        *((name, pa.string()) for name in ("from_unit", "to_unit")),
        ("weight", pa.float64()),
        ("relation", pa.string()),
        *((name, pa.int64()) for name in ("n_people_from", "n_people_to")),
    ]
)
_TYPES = {str: "string", int: "long", float: "double", bool: "boolean"}
Values = dict[str, str | int | float | bool]


@dataclass(frozen=True)
class NetworkFile:
    """What goes into a file: nodes and edges with their values, and a sentence on them.

    Nodes are in the order of the network, edges likewise; ids are what the nodes are called.
    """

    description: str
    nodes: tuple[tuple[str, Values], ...]
    edges: tuple[tuple[str, str, Values], ...]


def network_file(released: ReleasedSituation, language: str) -> NetworkFile:
    """Return what may leave of the network.

    Raises
    ------
    QuestionError
        ``no-network`` where there is none, ``person-network`` where its nodes are persons in a
        protected workspace.
    """
    network = released.network
    if released.profile == "protected" and network.nodes != "unit":
        raise QuestionError(
            "The nodes of this network are persons, who do not leave a protected workspace. "
            "Import a list of people with their units, or use the profile open.",
            code="person-network",
        )
    shown = tuple(node for node in network.units if node.held_back is None)
    if not shown:
        raise QuestionError(
            "There is no network to export: the data hold no transactions between two units, or "
            "too few people stand behind them. leitweg situation says which.",
            code="no-network",
            why=network.why,
        )
    names = _names(node.unit for node in shown)
    edges = tuple(edge for edge in network.edges if _is_shown(edge, names))
    whole = len(shown) == len(network.units) and len(edges) == len(network.edges)
    return NetworkFile(
        _description(released, language, whole=whole),
        tuple((names[node.unit], _node_values(node, network)) for node in shown),
        tuple((names[e.from_unit], names[e.to_unit], _edge_values(e, network)) for e in edges),
    )


def _is_shown(edge: NetworkEdge, names: Mapping[str, str]) -> bool:
    if edge.held_back is not None or edge.weight is None:
        return False
    return edge.from_unit in names and edge.to_unit in names


def _names(units: Iterable[str]) -> dict[str, str]:
    """Return unit -> id in the file: XML knows no control characters, and ids are unique."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for unit in units:
        plain = ILLEGAL_CHARACTERS_RE.sub("\ufffd", unit)
        name, count = plain, 2
        while name in taken:
            name, count = f"{plain} ({count})", count + 1
        taken.add(name)
        found[unit] = name
    return found


def _description(released: ReleasedSituation, language: str, *, whole: bool) -> str:
    network = released.network
    told = translate(
        language,
        "export.network.description",
        nodes=translate(language, f"export.network.{network.nodes}"),
        weight=network.weight,
        profile=translate(language, f"profile.{released.profile}", k=released.k),
    )
    if whole:
        return told
    return f"{told} {translate(language, 'export.network.held_back')}"


def _node_values(node: NetworkUnit, network: Network) -> Values:
    plain = {
        "name": ILLEGAL_CHARACTERS_RE.sub("\ufffd", node.unit),
        "level": network.nodes,
        "people": node.people,
        "strength_out": node.strength_out,
        "strength_in": node.strength_in,
        "core": node.core,
        "articulation_point": node.articulation_point,
        "community": node.community,
        "community_stability": node.community_stability,
    }
    for name in ESTIMATES:
        plain |= _three(name, getattr(node, name))
    plain |= {f"brokerage_{role}": count for role, count in sorted(node.brokerage.items())}
    return _finite(plain)


def _three(name: str, estimate: Estimate | None) -> dict[str, float | None]:
    if estimate is None:
        return {}
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def _edge_values(edge: NetworkEdge, network: Network) -> Values:
    return _finite(
        {
            "weight": None if edge.weight is None else float(edge.weight),
            "relation": ILLEGAL_CHARACTERS_RE.sub("\ufffd", network.weight),
            "n_people_from": edge.n_people_from,
            "n_people_to": edge.n_people_to,
        }
    )


def _finite(values: Mapping[str, Any]) -> Values:
    # NaN is a number in no format of networks
    return {n: _own_type(v) for n, v in values.items() if v is not None and v == v}


def _own_type(value: Any) -> str | int | float | bool:
    """Return a number of another library as the type of Python whose name the formats know."""
    plain: str | int | float | bool = value.item() if hasattr(value, "item") else value
    return plain


def edge_table(file: NetworkFile) -> pa.Table:
    """Return the edges as a flat table: from_unit, to_unit, weight, relation, n_people."""
    rows = [{"from_unit": a, "to_unit": b, **values} for a, b, values in file.edges]
    return pa.Table.from_pylist(rows, schema=EDGES)


def write_graphml(file: NetworkFile, out: Path) -> None:
    """Write GraphML: directed, every attribute declared, the description at the graph."""
    node_keys = _keys(values for _, values in file.nodes)
    edge_keys = _keys(values for *_, values in file.edges)
    with etree.xmlfile(str(out), encoding="UTF-8") as xml:
        xml.write_declaration()
        with xml.element("graphml", nsmap={None: GRAPHML}):
            for domain, keys in (("node", node_keys), ("edge", edge_keys)):
                for name, kind in keys.items():
                    declared = {"id": f"{domain}_{name}", "for": domain}
                    xml.write(
                        etree.Element("key", declared | {"attr.name": name, "attr.type": kind})
                    )
            with xml.element("graph", edgedefault="directed"):
                xml.write(_text("desc", file.description))
                for node, values in file.nodes:
                    xml.write(_graphml_element("node", {"id": node}, values))
                for one, other, values in file.edges:
                    ends = {"source": one, "target": other}
                    xml.write(_graphml_element("edge", ends, values))


def _keys(rows: Iterable[Values]) -> dict[str, str]:
    """Return attribute -> type, in the order of their first appearance."""
    keys: dict[str, str] = {}
    for values in rows:
        for name, value in values.items():
            keys.setdefault(name, _TYPES[type(value)])
    return keys


def _graphml_element(tag: str, ids: dict[str, str], values: Values) -> etree._Element:
    element = etree.Element(tag, ids)
    for name, value in values.items():
        data = etree.SubElement(element, "data", key=f"{tag}_{name}")
        data.text = _plain(value)
    return element


def _text(tag: str, text: str) -> etree._Element:
    element = etree.Element(tag)
    element.text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
    return element


def _plain(value: str | int | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def write_gexf(file: NetworkFile, out: Path) -> None:
    """Write GEXF 1.3: directed, static, the description in its head."""
    node_keys = _keys(values for _, values in file.nodes)
    edge_keys = _keys(_without_weight(values) for *_, values in file.edges)
    with etree.xmlfile(str(out), encoding="UTF-8") as xml:
        xml.write_declaration()
        with xml.element("gexf", nsmap={None: GEXF}, version="1.3"):
            with xml.element("meta"):
                xml.write(_text("creator", "Leitweg"))
                xml.write(_text("description", file.description))
            with xml.element("graph", defaultedgetype="directed", mode="static"):
                for kind, keys in (("node", node_keys), ("edge", edge_keys)):
                    xml.write(_gexf_attributes(kind, keys))
                with xml.element("nodes"):
                    for node, values in file.nodes:
                        ids = {"id": node, "label": str(values["name"])}
                        xml.write(_gexf_element("node", ids, values, node_keys))
                with xml.element("edges"):
                    for element in _gexf_edges(file, edge_keys):
                        xml.write(element)


def _without_weight(values: Values) -> Values:
    return {name: value for name, value in values.items() if name != "weight"}


def _gexf_attributes(kind: str, keys: Mapping[str, str]) -> etree._Element:
    attributes = etree.Element("attributes", {"class": kind})
    for name, type_ in keys.items():
        etree.SubElement(attributes, "attribute", id=name, title=name, type=type_)
    return attributes


def _gexf_element(
    tag: str, ids: dict[str, str], values: Values, keys: Mapping[str, str]
) -> etree._Element:
    element = etree.Element(tag, ids)
    held = etree.SubElement(element, "attvalues")
    for name in keys:
        if name in values:
            etree.SubElement(held, "attvalue", {"for": name, "value": _plain(values[name])})
    return element


def _gexf_edges(file: NetworkFile, keys: Mapping[str, str]) -> Iterator[etree._Element]:
    for place, (one, other, values) in enumerate(file.edges):
        ids = {"id": str(place), "source": one, "target": other}
        yield _gexf_element("edge", ids | {"weight": _plain(values["weight"])}, values, keys)


def write_json(file: NetworkFile, out: Path) -> None:
    """Write a document of nodes and edges, unrounded."""
    document = {
        "description": file.description,
        "nodes": [{"unit": node, **values} for node, values in file.nodes],
        "edges": [{"from_unit": a, "to_unit": b, **values} for a, b, values in file.edges],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    out.write_text(text, "utf-8")


NETWORK_WRITERS: dict[str, Callable[[NetworkFile, Path], None]] = {
    "graphml": write_graphml,
    "gexf": write_gexf,
    "json": write_json,
}
"""Formats that hold nodes and edges; the others hold the edges alone."""
NETWORK_ONLY = ("graphml", "gexf")
