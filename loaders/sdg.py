"""The SDG global framework: goals and targets as groups, indicators with their codes.

Three forms are read: a CSV of kind, code, title_en, parent; the YAML files of open-sdg (`1-1-1-title: …`); the JSON files of
UNStats (goals, targets, indicators with definition and method, series). Several files of one form make one list.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from catalogue.errors import Invalid
from catalogue.iri import is_absolute
from catalogue.settings import Settings
from loaders.lists import Entry, Fault, Kind, Listing, Scheme, check, missing_columns, placed, row

NAMES = {
    "vi": "Khung chỉ tiêu toàn cầu về các mục tiêu phát triển bền vững (SDG)",
    "en": "Global indicator framework for the Sustainable Development Goals (SDG)",
}
_CODE = re.compile(r"\d{1,2}(?:\.[0-9a-z]{1,2}(?:\.(?:\d{1,2}[a-z]?|\?))?)?")
_YAML_KEY = re.compile(r"(\d{1,2}(?:-[0-9a-z]{1,2}){0,2})-(title|short)")
_KINDS: dict[str, Kind] = {"goal": "group", "target": "group", "indicator": "indicator"}
_DEPTH = {"goal": 0, "target": 1, "indicator": 2}
# What the metadata of an indicator says → our property. The other fields are commentary on the global monitoring.
_TEXTS = {
    "definition": "skos:definition",
    "method": "chiso:method",
    "disaggregation": "chiso:disaggregation",
    "frequency": "chiso:releasePeriod",
    "sources_data_collection": "chiso:dataSource",
}
_FREQUENCIES = {"annual": "nam", "biennial": "2-nam", "monthly": "thang", "quarterly": "quy"}


def read(files: Sequence[tuple[str, bytes]], settings: Settings) -> Listing:
    """The framework in `files` (name, content).

    Raises `Invalid` naming file, row and column: for another layout, missing columns, codes that are none, duplicates.
    """
    listing = Listing()
    entries: list[Entry] = []
    series: dict[str, list[str]] = {}
    for name, content in files:
        suffix = name.rpartition(".")[2].lower()
        if suffix in ("yml", "yaml"):
            found = list(_yaml(name, content))
        elif suffix == "json":
            found = list(_json(name, content, series))
        else:
            found = list(_table(name, content, settings))
        listing.rows += len(found)
        entries += placed(found, name, name) if len(files) > 1 else found
    entries = [_with_whole_code(entry, entries, series, listing) for entry in entries]
    held = {entry.code for entry in entries if entry.kind == "indicator"}
    listing.left_out += [
        Fault(
            f"mã {code}", f"code {code}", "chỉ có chuỗi số liệu, không có chỉ số.", "it has series, but no indicator."
        )
        for code in series
        if code not in held
    ]
    scheme = Scheme([_with_series(entry, series.get(entry.code, [])) for entry in entries], dict(NAMES))
    check(", ".join(name for name, _ in files), [scheme])
    listing.schemes.append(scheme)
    return listing


def _with_series(entry: Entry, series: list[str]) -> Entry:
    if entry.kind != "indicator" or not series:
        return entry
    listed = ", ".join(dict.fromkeys(series))
    told = (("chiso:note", f"Chuỗi số liệu: {listed}.", "vi"), ("chiso:note", f"Series: {listed}.", "en"))
    return replace(entry, texts=entry.texts + told)


def _with_whole_code(entry: Entry, entries: list[Entry], series: Mapping[str, list[str]], listing: Listing) -> Entry:
    """The published metadata has one code as a number, without its last part; the series say which one it was."""
    if not entry.code.endswith(".?"):
        return entry
    target = entry.code[:-1]
    known = {one.code for one in entries}
    fitting = sorted(code for code in series if code.startswith(target) and code not in known)
    if len(fitting) != 1:
        return entry  # refused by the check of codes, with its place
    listing.remarks.append(
        Fault(
            entry.place_vi,
            entry.place_en,
            f"mã là số {target[:-1]}, mất phần cuối; theo tệp chuỗi số liệu là {fitting[0]}.",
            f"the code is the number {target[:-1]}, its last part lost; by the file of series it is {fitting[0]}.",
        )
    )
    return replace(entry, code=fitting[0])


def _made(kind: str, code: str, title: str, place: tuple[str, str], **more: Any) -> Entry:
    groups = (code.rpartition(".")[0],) if kind != "goal" else ()
    return Entry(
        code, _KINDS[kind], {"en": " ".join(title.split())}, groups=groups, place_vi=place[0], place_en=place[1], **more
    )


def _no_code(file: str, place: tuple[str, str], code: str, kind: str) -> Invalid:
    return Invalid(
        f"{file}, {place[0]}: “{code[:40]}” không phải là mã của {kind} trong khung SDG. Mã đúng như 1 (goal), 1.1 (target), 1.1.1 (indicator).",
        f"{file}, {place[1]}: “{code[:40]}” is no {kind} code of the SDG framework. Codes look like 1 (goal), 1.1 (target), 1.1.1 (indicator).",
        details={"file": file, "place": place[1]},
    )


def _table(file: str, content: bytes, settings: Settings) -> Iterator[Entry]:
    from loaders.grids import named_rows

    for number, cells in named_rows(file, content, ("kind", "code", "title_en", "parent"), settings):
        kind, code = cells["kind"].lower(), cells["code"]
        place = row(number, "code")
        if kind not in _KINDS:
            at = row(number, "kind")
            raise Invalid(
                f"{file}, {at[0]}: loại “{kind[:40]}” không đọc được; chỉ có goal, target, indicator.",
                f"{file}, {at[1]}: the kind “{kind[:40]}” is not known; there are goal, target and indicator.",
                details={"file": file, "row": number},
            )
        if not _CODE.fullmatch(code) or code.count(".") != _DEPTH[kind]:
            raise _no_code(file, place, code, kind)
        if kind != "goal" and cells["parent"] != code.rpartition(".")[0]:
            at = row(number, "parent")
            raise Invalid(
                f"{file}, {at[0]}: mã {code} có cha là “{cells['parent'][:40]}”, không khớp với mã.",
                f"{file}, {at[1]}: the parent of code {code} is “{cells['parent'][:40]}”, which does not fit the code.",
                details={"file": file, "row": number},
            )
        yield _made(kind, code, cells["title_en"], place)


def _yaml(file: str, content: bytes) -> Iterator[Entry]:
    from loaders.plain_yaml import mapping

    told = mapping(file, content)
    for number, (key, text) in enumerate(told.items(), 1):
        found = _YAML_KEY.fullmatch(str(key))
        place = (f"khóa “{str(key)[:40]}”", f"key “{str(key)[:40]}”")
        if found is None or not isinstance(text, str):
            raise Invalid(
                f"{file}, {place[0]} (thứ {number}): không phải là khóa của open-sdg như 1-1-1-title.",
                f"{file}, {place[1]} (number {number}): not a key of open-sdg such as 1-1-1-title.",
                details={"file": file, "key": str(key)[:40]},
            )
        if found[2] == "short":
            continue
        code = found[1].replace("-", ".")
        kind = ("goal", "target", "indicator")[code.count(".")]
        short = told.get(f"{found[1]}-short")
        texts = (("skos:altLabel", short, "en"),) if isinstance(short, str) and short != text else ()
        yield _made(kind, code, text, place, texts=texts)


def _json(file: str, content: bytes, series: dict[str, list[str]]) -> Iterator[Entry]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise Invalid(
            f"{file}: không phải JSON đọc được.", f"{file}: this is no readable JSON.", details={"file": file}
        ) from None
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told) or not told:
        raise missing_columns(file, ["goal, title | id | indicator_id | code"], ())
    for number, one in enumerate(told, 1):
        place = (f"mục {number}", f"item {number}")
        if "indicator_id" in one:
            yield _indicator(file, one, place)
        elif "id" in one and "title" in one:
            yield _checked(file, "target", str(one["id"]), str(one["title"]), place)
        elif "goal" in one and "title" in one:
            yield _checked(file, "goal", str(one["goal"]), str(one["title"]), place, _short(one))
        elif "code" in one and isinstance(one.get("indicators"), list):
            for indicator in one["indicators"]:
                series.setdefault(str(indicator).strip(), []).append(str(one["code"]).strip())
        else:
            raise missing_columns(file, ["goal, title | id | indicator_id | code, indicators"], map(str, one))


def _short(one: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    short = one.get("short")
    return (("skos:altLabel", short, "en"),) if isinstance(short, str) and short != one["title"] else ()


def _checked(
    file: str,
    kind: str,
    code: str,
    title: str,
    place: tuple[str, str],
    texts: tuple[tuple[str, str, str], ...] = (),
    **more: Any,
) -> Entry:
    code = code.strip()
    if not _CODE.fullmatch(code) or code.count(".") != _DEPTH[kind]:
        raise _no_code(file, place, code, kind)
    return _made(kind, code, title, place, texts=texts, **more)


def _indicator(file: str, one: Mapping[str, Any], place: tuple[str, str]) -> Entry:
    code, target = one["indicator_id"], str(one.get("target_id", "")).strip()
    if isinstance(code, float) and target == str(code):
        code = f"{code}.?"  # a number where a code belongs, its last part lost: see _with_whole_code
    texts = [
        (property_, " ".join(str(one[name]).replace("\\n", " ").split()), "en")
        for name, property_ in _TEXTS.items()
        if str(one.get(name) or "").strip()
    ]
    bodies = [str(body) for body in one.get("responsible_entities") or []]
    if bodies:
        listed = ", ".join(bodies)
        texts += [
            ("chiso:note", f"Cơ quan phụ trách ở cấp toàn cầu: {listed}.", "vi"),
            ("chiso:note", f"Responsible entities: {listed}.", "en"),
        ]
    link = str(one.get("goal_meta_link") or "")
    period = str(one.get("frequency") or "").strip().lower().rstrip(".")
    return _checked(
        file,
        "indicator",
        str(code),
        str(one.get("indicator", "")),
        place,
        tuple(texts),
        links=(("rdfs:seeAlso", link),) if is_absolute(link) else (),
        frequencies=(_FREQUENCIES[period],) if period in _FREQUENCIES else (),
    )
