"""Which graph a request of the Graph Store Protocol is about (section 4: direct and indirect identification).

`/graphs?graph=IRI` names it, `/graphs?default` is the default graph, and `/graphs/{path}` and `/graph/{path}` identify
`{base}graphs/{path}` and `{base}graph/{path}`: the IRIs of named graphs dereference.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

from pyoxigraph import NamedNode
from starlette.requests import Request

from api import bodies
from catalogue.errors import BadRequest
from catalogue.graphs import default_graph

DIRECT = ("/graphs/", "/graph/")
"""The addresses below which graphs are identified by their own IRI."""

LONGEST_IRI = 2_000
"""Characters of the IRI of a graph."""


@dataclass(frozen=True, slots=True)
class Identified:
    """A graph: `iri` is None for the default graph, `name` is never None: the IRI under which its content is published."""

    iri: str | None
    name: str


def identified(request: Request, base: str) -> Identified | None:
    """The graph that the request is about; None where it is about the graph store itself. Raises `BadRequest`."""
    fields = bodies.query_parameters(request)
    graphs = [value for name, value in fields if name == "graph"]
    defaults = [value for name, value in fields if name == "default"]
    raw = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    path = raw.decode("ascii", "replace").partition("?")[0]
    direct = path if path.startswith(DIRECT) and path != "/graphs/" else None
    if len(graphs) + bool(defaults) + (direct is not None) > 1:
        raise BadRequest(
            "Yêu cầu nêu nhiều đồ thị: chỉ dùng một trong graph=IRI, default, hoặc địa chỉ của chính đồ thị.",
            "The request names several graphs: use one of graph=IRI, default, or the address of the graph itself.",
            details={"parameter": "graph"},
        )
    if direct is not None:
        return _named(base + direct[1:], base)
    if graphs:
        return _named(meant(request, graphs[0], base), base)
    return Identified(None, default_graph(base).value) if defaults else None


def meant(request: Request, iri: str, base: str) -> str:
    """The IRI of the graph that a parameter means: the address of a graph in this service stands for that graph."""
    origin = f"{request.url.scheme}://{request.headers.get('host', '')}/"
    if iri.startswith(origin) and ("/" + iri[len(origin) :]).startswith(DIRECT):
        return base + iri[len(origin) :]
    return iri


def address(request: Request, graph: Identified, base: str) -> str:
    """The address of a graph in this service."""
    start = f"{request.url.scheme}://{request.url.netloc}"
    if graph.iri is None:
        return f"{start}/graphs?default"
    path = graph.iri[len(base) - 1 :] if graph.iri.startswith(base) else ""
    if path.startswith(DIRECT) and quote(path, safe="/%:@!$&'()*+,;=~-._") == path:  # what is escaped is another graph
        return start + path
    return f"{start}/graphs?graph={quote(graph.iri, safe='')}"


def _named(iri: str, base: str) -> Identified:
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri)
    valid = scheme is not None and len(iri) <= LONGEST_IRI and not re.search(r"/\.\.?(/|$)", iri.partition("?")[0])
    try:
        NamedNode(iri)
    except ValueError:
        valid = False
    if not valid or iri in (base + "graphs/", base + "graph/"):
        raise BadRequest(
            f"Tên đồ thị phải là một IRI tuyệt đối, tối đa {LONGEST_IRI} ký tự, không có “/../”, nhận được “{iri[:200]}”.",
            f"The name of a graph must be an absolute IRI of at most {LONGEST_IRI} characters without “/../”, got “{iri[:200]}”.",
            details={"parameter": "graph", "value": iri[:200]},
        )
    name = default_graph(base).value
    return Identified(None, name) if iri == name else Identified(iri, iri)
