"""`chiso validate`: check sources against the shapes, beside what the catalogue holds, and change nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.language import text
from cli.load import Format, Sources
from cli.options import Call, command
from cli.outcome import DONE, NO
from cli.output import print_json, progress
from cli.terms import reader_or_shipped

if TYPE_CHECKING:
    from catalogue.arrivals import Arrivals
    from catalogue.store.port import Store

EXAMPLE = "chiso validate graph/legal"
SUMMARY = text("Kiểm tra nguồn theo các shape, không ghi gì.", "Check sources against the shapes and write nothing.")


@command
def validate(
    sources: Sources,
    report: Annotated[
        bool,
        typer.Option("--report", help=text("in báo cáo SHACL của pySHACL (Turtle)", "print pySHACL's report (Turtle)")),
    ] = False,
    format_: Format = None,
    *,
    call: Call,
) -> int:
    """Needs no lock. Without a data directory the shipped graph is what the sources are checked beside."""
    from catalogue.arrivals import arrivals

    found = arrivals([Path(source) for source in sources], call.settings.base_iri, format=format_)
    progress(text("Đang mở danh mục để đối chiếu…", "Opening the catalogue to check against…"))
    store = reader_or_shipped(call)
    progress(text(f"Đang kiểm tra {len(found.contents)} nguồn…", f"Checking {len(found.contents)} sources…"))
    return _standard_report(store, found) if report else _admission(store, found, call)


def _admission(store: "Store", found: "Arrivals", call: Call) -> int:
    from catalogue import intake
    from catalogue.graphs import key_of, made_here
    from catalogue.stage import SingleStage
    from cli.build_prose import sentence

    base = call.settings.base_iri
    owners = {name: key_of(name, base) for name in store.graph_names() if name not in made_here(base)}
    admission = intake.admit(SingleStage(store, base), found.contents, owners, intake.shipped_judge(), base)
    if call.as_json:
        print_json(
            {
                "valid": not admission.rejected,
                "sources": list(found.contents),
                "problems": admission.rejected,
                "warnings": admission.warnings,
            }
        )
    else:
        for problem in admission.rejected:
            print(sentence(problem))
        good = len(found.contents) - len({problem.source for problem in admission.rejected})
        print(
            text(
                f"{good}/{len(found.contents)} nguồn hợp lệ, {admission.warnings} cảnh báo.",
                f"{good} of {len(found.contents)} sources are valid, {admission.warnings} warnings.",
            )
        )
    return NO if admission.rejected else DONE


def _standard_report(store: "Store", found: "Arrivals") -> int:
    """The sources with what the catalogue says of the things that they name, judged by pySHACL."""
    from pyoxigraph import NamedNode, RdfFormat

    from catalogue import rdf, validation

    given = {triple for graphs in found.contents.values() for triples in graphs.values() for triple in triples}
    described = {triple.subject for triple in given}
    named = {t.object for t in given if isinstance(t.object, NamedNode) and t.object not in described}
    values = " ".join(sorted(str(node) for node in named))
    beside = store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {values} }} ?s ?p ?o }}")
    judged = validation.report(rdf.serialise([*given, *beside], RdfFormat.TURTLE))
    print(judged.graph.serialize(format="turtle"))
    return DONE if judged.conforms else NO
