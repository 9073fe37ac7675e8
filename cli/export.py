"""`chiso export`: the graph as RDF, as it is published."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalogue.errors import NotFound
from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, WrongUsage
from cli.output import keep, print_json, progress, say
from cli.terms import reader

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from catalogue.store.port import Store

EXAMPLE = "chiso export --format trig -o chiso.trig"
SUMMARY = text("Xuất đồ thị ra RDF.", "Write the graph as RDF.")

FORMATS = {"trig": "trig", "nquads": "nq", "turtle": "ttl", "jsonld": "jsonld"}


@command
def export(
    graph: Annotated[
        str | None, typer.Option(metavar="IRI", help=text("chỉ đồ thị có tên này", "this named graph only"))
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help=text("định dạng", "format"))
    ] = "trig",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=text("ghi vào tệp", "write to a file"))
    ] = None,
    *,
    call: Call,
) -> int:
    """All named graphs, sorted, so that two exports of one state are the same bytes. Turtle has no graphs: it holds their union."""
    if format_ not in FORMATS:
        raise WrongUsage(
            f"--format là một trong {', '.join(FORMATS)}, nhận được “{format_}”.",
            f"--format is one of {', '.join(FORMATS)}, got “{format_}”.",
        )
    if call.as_json and output is None:
        raise WrongUsage("--json cần -o FILE: RDF đi vào tệp.", "--json needs -o FILE: the RDF goes to the file.")
    from catalogue import rdf

    store = reader(call)
    progress(text("Đang đọc đồ thị…", "Reading the graph…"))
    quads = _quads(store, graph, named=format_ != "turtle")
    progress(text(f"Đang viết {len(quads)} bộ ba…", f"Writing {len(quads)} triples…"))
    document = rdf.serialise(
        (quad.triple for quad in quads) if format_ == "turtle" else quads, rdf.FORMATS[FORMATS[format_]]
    )
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(document)
        sys.stdout.buffer.flush()
        return DONE
    keep(output, document)
    if call.as_json:
        print_json({"file": output, "triples": len(quads)})
    else:
        say(text(f"Đã viết {len(quads)} bộ ba vào {output}.", f"Wrote {len(quads)} triples to {output}."))
    return DONE


def _quads(store: "Store", graph: str | None, *, named: bool) -> "list[Quad]":
    from pyoxigraph import DefaultGraph, Quad

    names = store.graph_names()
    if graph is not None:
        chosen = [name for name in names if name.value == graph]
        if not chosen:
            raise NotFound(
                f"Không có đồ thị nào tên {graph}; danh mục có {len(names)} đồ thị (chiso query 'SELECT DISTINCT ?g {{ GRAPH ?g {{ }} }}').",
                f"There is no graph {graph}; the catalogue has {len(names)} graphs (chiso query 'SELECT DISTINCT ?g {{ GRAPH ?g {{ }} }}').",
                details={"graph": graph},
            )
        names = chosen
    quads = [
        Quad(triple.subject, triple.predicate, triple.object, name if named else DefaultGraph())
        for name in names
        for triple in sorted(store.graph(name), key=str)
    ]
    return quads if named else sorted(set(quads), key=str)
