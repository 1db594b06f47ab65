"""GraphML: nodes, edges and their attributes, whoever wrote it (igraph, networkx, yEd, Gephi)."""

from lxml import etree

from leitweg.domain.progress import Progress
from leitweg.sources.network_parts import Network, new_network
from leitweg.sources.source_file import SourceFile
from leitweg.sources.xml_reading import forget, read_elements

_TAGS = tuple(f"{{*}}{name}" for name in ("graphml", "graph", "key", "node", "edge", "hyperedge"))


def read_graphml(source: SourceFile, progress: Progress) -> Network:
    """Read a GraphML file.

    An edge is directed as it says itself (``directed``), else as its graph says
    (``edgedefault``); where neither speaks, it is undirected. Nested graphs are read flat;
    hyperedges have more than two ends and are counted only.

    Raises
    ------
    SourceError
        xml-entities, broken-xml, field-too-large, too-many-columns; and what the stream raises.

    References
    ----------
    GraphML specification, graphml.graphdrawing.org.
    """
    network = new_network(source.name)
    for event, element in read_elements(source, _TAGS, progress):
        name = etree.QName(element).localname
        if event == "start" or name == "graphml":
            continue
        if name == "key":
            _declare(network, element)
        elif name == "node":
            network.nodes.add({"id": element.get("id"), **_data(element)})
        elif name == "edge":
            network.edges.add(_edge(element))
        elif name == "hyperedge":
            network.left_out += 1
        if name != "key":
            forget(element)
    return network


def _declare(network: Network, key: etree._Element) -> None:
    id_ = key.get("id") or ""
    title = key.get("attr.name")
    # keys without a name hold drawings (yFiles), which say nothing
    if title is None:
        return
    default = next((c.text for c in key if etree.QName(c).localname == "default"), None)
    domain = key.get("for") or "all"
    if domain in ("node", "all"):
        network.nodes.declare(_key(id_), title, default)
    if domain in ("edge", "all"):
        network.edges.declare(_key(id_), title, default)


def _key(id_: str) -> str:
    # keys are called as the file likes, also 'id' or 'source'
    return f"data {id_}"


def _data(element: etree._Element) -> dict[str, str | None]:
    return {
        _key(child.get("key") or ""): child.text
        for child in element
        if etree.QName(child).localname == "data" and not len(child)
    }


def _edge(edge: etree._Element) -> dict[str, str | None]:
    directed = edge.get("directed")
    if directed is None:
        graph = next((e for e in edge.iterancestors() if etree.QName(e).localname == "graph"), None)
        by_default = graph.get("edgedefault") if graph is not None else None
        directed = "true" if by_default == "directed" else "false"
    return {
        "source": edge.get("source"),
        "target": edge.get("target"),
        "directed": directed,
        **_data(edge),
    }
