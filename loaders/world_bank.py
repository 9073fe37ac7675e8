"""World Bank indicator codes: a CSV of code, name, topics, source_organization, or the bulk file WDISeries.csv."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from catalogue.errors import Invalid
from catalogue.folding import slug
from catalogue.settings import Settings
from loaders.grids import named_rows
from loaders.lists import Entry, Fault, Listing, Scheme, check, missing_columns, placed, row

NAMES = {"vi": "Chỉ số của Ngân hàng Thế giới (World Bank)", "en": "World Bank indicators"}
_TOPIC = re.compile(r"(\d{1,2})\s+(\S.*)")
_FREQUENCIES = {"annual": "nam", "quarterly": "quy", "monthly": "thang", "weekly": "tuan", "daily": "ngay"}
# Columns of the two layouts → our property; all of them are optional.
_TEXTS = {
    "source_organization": "chiso:dataSource",
    "Source": "chiso:dataSource",
    "Long definition": "skos:definition",
    "Statistical concept and methodology": "chiso:method",
    "Periodicity": "chiso:releasePeriod",
}


def read(files: Sequence[tuple[str, bytes]], settings: Settings) -> Listing:
    """The codes in `files` (name, content).

    Raises `Invalid` naming file, row and column: for missing columns, codes that are none, codes that stand twice.
    """
    listing = Listing()
    entries: list[Entry] = []
    topics: dict[str, tuple[str, str, tuple[str, str]]] = {}
    for file, content in files:
        for number, cells, code, name in _rows(file, content, settings):
            listing.rows += 1
            groups = []
            for key, notation, title in _topics(cells):
                topics.setdefault(key, (notation, title, row(number)))
                groups.append(key)
            entry = _entry(cells, code, name, tuple(groups), number)
            entries += placed([entry], file, file) if len(files) > 1 else [entry]
    _drop_what_is_no_topic(topics, entries, listing)
    groups_made = [
        Entry(notation, "group", {"en": title}, key=key, place_vi=place[0], place_en=place[1])
        for key, (notation, title, place) in sorted(topics.items())
    ]
    scheme = Scheme(groups_made + entries, dict(NAMES))
    check(", ".join(file for file, _ in files), [scheme])
    listing.schemes.append(scheme)
    return listing


def _rows(file: str, content: bytes, settings: Settings) -> Iterator[tuple[int, dict[str, str], str, str]]:
    """(number, cells, code, name) in whichever of the two layouts."""
    try:
        yield from ((n, c, c["code"], c["name"]) for n, c in named_rows(file, content, ("code", "name"), settings))
    except Invalid as error:
        if "missing" not in error.details:
            raise
        columns = ("Series Code", "Indicator Name")
        try:
            yield from ((n, c, c[columns[0]], c[columns[1]]) for n, c in named_rows(file, content, columns, settings))
        except Invalid as other:
            if "missing" not in other.details:
                raise
            wanted = "code + name | Series Code + Indicator Name"
            raise missing_columns(file, [wanted], str(error.details["found"]).split(", ")) from None


def _topics(cells: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """(key, code, title) of each topic: “01 Agriculture; 19 Climate Change”, or “Environment: Emissions” without a code."""
    for topic in cells.get("topics", "").split(";"):
        if numbered := _TOPIC.fullmatch(topic.strip()):
            yield f"topic-{numbered[1]}", numbered[1], numbered[2]
        elif topic.strip():
            yield f"topic-{slug(topic)}", "", topic.strip()
    if named := cells.get("Topic", ""):
        yield f"topic-{slug(named)}", "", named


def _entry(cells: dict[str, str], code: str, name: str, groups: tuple[str, ...], number: int) -> Entry:
    texts = [(property_, cells[column], "en") for column, property_ in _TEXTS.items() if cells.get(column)]
    if unit := cells.get("Unit of measure"):
        texts += [("chiso:note", f"Đơn vị tính như nguồn ghi: {unit}.", "vi"), ("chiso:note", f"Unit: {unit}.", "en")]
    period = cells.get("Periodicity", "").lower()
    place_vi, place_en = row(number, "code" if "code" in cells else "Series Code")
    return Entry(
        code,
        "indicator",
        {"en": name},
        groups=tuple(dict.fromkeys(groups)),
        texts=tuple(texts),
        frequencies=(_FREQUENCIES[period],) if period in _FREQUENCIES else (),
        place_vi=place_vi,
        place_en=place_en,
    )


def _drop_what_is_no_topic(
    topics: dict[str, tuple[str, str, tuple[str, str]]], entries: list[Entry], listing: Listing
) -> None:
    """In a list whose topics are numbered, one without a number is a leftover of how the file was made."""
    if not any(notation for notation, _, _ in topics.values()):
        return
    for key in [key for key, (notation, _, _) in topics.items() if not notation]:
        _, title, place = topics.pop(key)
        count = 0
        for number, entry in enumerate(entries):
            if key in entry.groups:
                count += 1
                kept = tuple(group for group in entry.groups if group != key)
                entries[number] = replace(entry, groups=kept)
        listing.left_out.append(
            Fault(
                *place,
                f"chủ đề “{title}” không có số như các chủ đề khác; bỏ ở {count} chỉ số.",
                f"the topic “{title}” has no number as the other topics have; left out at {count} indicators.",
            )
        )
