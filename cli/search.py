"""`chiso search`: things by words of their name, with or without diacritics."""

from typing import Annotated

import typer

from cli.language import text
from cli.options import Call, command
from cli.outcome import DONE, NO
from cli.output import print_json, print_table
from cli.terms import reader

EXAMPLE = 'chiso search "nen tang du lieu" --kind system'
SUMMARY = text(
    "Tìm theo từ trong tên hoặc mã, có dấu hay không dấu.",
    "Find things by words of their name or code, with or without diacritics.",
)


@command
def search(
    words: Annotated[str, typer.Argument(metavar="WORDS", help=text("các từ cần tìm", "the words to look for"))],
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="KIND", help=text("chỉ loại này: indicator, agency…", "this kind only: indicator, agency…")
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help=text("số kết quả", "how many"))] = 20,
    *,
    call: Call,
) -> int:
    """List what fits best; exit status 1 when nothing does."""
    from catalogue.clock import system_clock, today
    from catalogue.search.filters import Filters
    from catalogue.search.index import open_index
    from cli import building

    store = reader(call)
    index = open_index(building.published(call.settings).search_directory, store)
    page = index.search(words, Filters(kind=kind), as_of=today(system_clock), limit=limit, language=call.language)
    if call.as_json:
        print_json(page)
    elif not page.items:
        print(text(f"Không tìm thấy gì cho “{words}”.", f"Nothing found for “{words}”."))
    else:
        rows = [(item.label or "—", item.notation or "", item.kind or "—", item.iri) for item in page.items]
        print_table((text("Tên", "Name"), text("Mã, số", "Code"), text("Loại", "Kind"), "IRI"), rows)
    return DONE if page.items else NO
