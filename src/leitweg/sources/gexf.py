"""GEXF 1.1 to 1.3: nodes, edges and their attributes, as Gephi and networkx write them."""

from lxml import etree

from leitweg.domain.progress import Progress
from leitweg.sources.network_parts import Network, Rows, new_network
from leitweg.sources.source_file import SourceFile
from leitweg.sources.xml_reading import forget, read_elements

_TAGS = tuple(f"{{*}}{name}" for name in ("gexf", "graph", "attributes", "node", "edge"))
_DIRECTIONS = {"directed": "true", "undirected": "false", "mutual": "false"}


def read_gexf(source: SourceFile, progress: Progress) -> Network:
    """Read a GEXF file.

    An edge is directed as it says itself (``type``), else as the graph says
    (``defaultedgetype``), else undirected, as the format has it; ``mutual`` is one edge each way.
    Nested nodes are read flat; the times of dynamic graphs are not read.

    Raises
    ------
    SourceError
        xml-entities, broken-xml, field-too-large, too-many-columns; and what the stream raises.

    References
    ----------
    GEXF 1.3 specification, gexf.net.
    """
    network = new_network(source.name)
    network.nodes.declare("label", "label")
    network.edges.declare("weight", "weight")
    network.edges.declare("kind", "relation")
    default = "undirected"
    for event, element in read_elements(source, _TAGS, progress):
        name = etree.QName(element).localname
        if event == "start":
            if name == "graph":
                default = element.get("defaultedgetype") or default
        elif name == "attributes":
            _declare(network, element)
        elif name == "node":
            label = element.get("label")
            network.nodes.add({"id": element.get("id"), "label": label, **_values(element)})
            forget(element)
        elif name == "edge":
            network.edges.add(_edge(element, default))
            forget(element)
    _weights_of_edges_that_say_none(network.edges)
    return network


def _declare(network: Network, attributes: etree._Element) -> None:
    rows = network.nodes if attributes.get("class") == "node" else network.edges
    for attribute in attributes:
        id_, title = attribute.get("id"), attribute.get("title")
        if id_ is None or title is None:
            continue
        default = next((c.text for c in attribute if _name(c) == "default"), None)
        rows.declare(_key(id_), title, default)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _key(id_: str) -> str:
    return f"data {id_}"


def _values(element: etree._Element) -> dict[str, str | None]:
    return {
        # version 1.0 called the reference 'id'
        _key(value.get("for") or value.get("id") or ""): value.get("value")
        for child in element
        if _name(child) == "attvalues"
        for value in child
    }


def _edge(edge: etree._Element, default: str) -> dict[str, str | None]:
    return {
        "source": edge.get("source"),
        "target": edge.get("target"),
        "directed": _DIRECTIONS.get(edge.get("type") or default, "true"),
        "weight": edge.get("weight"),
        "kind": edge.get("kind"),
        **_values(edge),
    }


def _weights_of_edges_that_say_none(edges: Rows) -> None:
    if edges.columns["weight"].places:
        edges.defaults["weight"] = "1.0"  # the default of the format
    else:
        # no edge has a weight: an attribute may be the value
        del edges.columns["weight"]
    if not edges.columns["kind"].places:
        del edges.columns["kind"]
