"""A change as the text of one SPARQL 1.1 Update request.

One request is the unit that SPARQL Update asks engines to treat atomically (section 2.2); the adapters rely on it.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from catalogue.errors import Invalid
from catalogue.store.port import Change


def update_text(change: Change) -> str:
    """`change` as one request: clear, then remove, then add. Raises `Invalid` for blank nodes, which have no name to remove by."""
    parts = [f"CLEAR SILENT GRAPH {graph}" for graph in change.clear]
    if change.remove:
        parts.append(f"DELETE DATA {{\n{''.join(_blocks(change.remove))}}}")
    if change.add:
        parts.append(f"INSERT DATA {{\n{''.join(_blocks(change.add))}}}")
    return " ;\n".join(parts)


def _blocks(quads: Iterable[Quad]) -> Iterator[str]:
    by_graph: dict[NamedNode | None, list[str]] = {}
    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, BlankNode) or isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            raise Invalid(
                f"Dữ liệu không được chứa nút trống (blank node): {quad}",
                f"Data may not contain blank nodes: {quad}",
                details={"quad": str(quad)},
            )
        line = f"{quad.subject} {quad.predicate} {quad.object} .\n"
        by_graph.setdefault(None if isinstance(graph, DefaultGraph) else graph, []).append(line)
    for name, lines in by_graph.items():
        if name is None:
            yield from lines
        else:
            yield f"GRAPH {name} {{\n"
            yield from lines
            yield "}\n"
