"""`chiso map check`: files of mappings read, resolved and compared with the catalogue; nothing is changed."""

from typing import Any

from catalogue import clock
from catalogue.errors import CatalogueError
from cli import map_files
from cli.language import LANGUAGE, text
from cli.map_files import Files, Format, Marked, Metadata, Set
from cli.options import Call, command
from cli.outcome import DONE, NO
from cli.output import print_json, progress, say
from cli.terms import reader_or_shipped

EXAMPLE = "chiso map check anh-xa.sssom.tsv"
SUMMARY = text("Kiểm tra tệp ánh xạ SSSOM, không ghi gì.", "Check SSSOM files and write nothing.")


@command
def check(
    files: Files,
    set_: Set = None,
    mark: Marked = "confirmed",
    metadata: Metadata = None,
    format_: Format = None,
    *,
    call: Call,
) -> int:
    """Form, rows, codes, decisions, contradictions. Needs no lock; without a data directory the shipped graph is asked."""
    chosen = map_files.mark_of(mark)
    given_files = [map_files.read(name, format_, metadata, call.settings) for name in files]
    from catalogue.mapping.exchange import documents, importing
    from workers.imports import report

    progress(text("Đang mở danh mục để đối chiếu…", "Opening the catalogue to check against…"))
    store = reader_or_shipped(call)
    base = call.settings.base_iri
    told: list[dict[str, Any]] = []
    bad = False
    for one in given_files:
        try:
            given = documents.read(
                one.content, one.form, most=call.settings.mapping_rows, place=one.place, metadata=one.metadata
            )
            options = importing.Options(base, clock.today(), set_, chosen, partial=True)
            current = store.graph(importing.target(given, options).graph)
            plan = importing.plan(store, current, given, options)
        except CatalogueError as error:
            bad = True
            told.append({"file": one.place, "valid": False, "error": {"vi": error.vi, "en": error.en}, **error.details})
            if not call.as_json:
                say(error.en if LANGUAGE == "en" else error.vi)
            continue
        found = report(plan, dry_run=True, changed=plan.triples is not None)
        bad = bad or bool(plan.refused)
        told.append({"file": one.place, "valid": not plan.refused, **found})
        if not call.as_json:
            map_files.show_refused(one.place, found["refused"])
            print(
                text(
                    f"{one.place}: {plan.rows} dòng, {found['refusedRows']} dòng sai, {len(plan.refused)} lỗi.",
                    f"{one.place}: {plan.rows} rows, {found['refusedRows']} of them wrong, {len(plan.refused)} problems.",
                )
            )
    if call.as_json:
        print_json(told)
    return NO if bad else DONE
