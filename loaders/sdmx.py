"""SDMX code lists: structure messages in SDMX-ML (2.0 to 3.1) and SDMX-JSON, and the Turtle of the SDMX-RDF vocabulary.

The messages are read here and not by pysdmx, which keeps the English names alone and none of those in Vietnamese; the
tests hold what is read against what pysdmx reads. A message never has a DTD: one that has is refused before any parser
sees it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from catalogue.errors import Invalid
from catalogue.folding import slug
from catalogue.iri import PREFIXES, is_absolute
from loaders.lists import Entry, Listing, Scheme, check, empty, placed

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TOO_DEEP = 200
_SKOS = PREFIXES["skos"]


def read(files: Sequence[tuple[str, bytes]]) -> Listing:
    """The code lists in `files` (name, content): one `Scheme` each, named by its own names.

    Raises `Invalid` naming the file: for XML with a DTD, what is no structure message, a code that stands twice.
    """
    listing = Listing()
    for name, content in files:
        suffix = name.rpartition(".")[2].lower()
        if suffix == "ttl":
            found = _turtle(name, content)
        elif suffix == "json" or content.lstrip()[:1] == b"{":
            found = _json(name, content)
        else:
            found = _xml(name, content)
        if not found:
            raise empty(name)
        if len(files) > 1:
            found = [replace(scheme, entries=placed(scheme.entries, name, name)) for scheme in found]
        listing.schemes += found
    listing.rows = sum(len(scheme.entries) for scheme in listing.schemes)
    if len(listing.schemes) > 1:
        listing.schemes = [replace(one, suffix=slug(one.suffix)) for one in listing.schemes]
    else:
        listing.schemes[0].suffix = ""
    check(", ".join(name for name, _ in files), listing.schemes)
    return listing


def _suffix(identifier: str) -> str:
    """CL_OBS_STATUS → obs-status."""
    return slug(re.sub(r"^CL_", "", identifier)) or slug(identifier)


# --- SDMX-ML


def _xml(file: str, content: bytes) -> list[Scheme]:
    # An entity can only be declared in a DTD; looked for in every coding that the parser takes.
    if b"<!doctype" in content.replace(b"\x00", b"").lower():
        raise Invalid(
            f"{file}: có DTD (<!DOCTYPE>); thông điệp SDMX không có. Không đọc, vì thực thể trong đó có thể phình ra vô hạn.",
            f"{file}: it has a DTD (<!DOCTYPE>), which no SDMX message has. It is not read: entities can grow without end.",
            details={"file": file},
        )
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no DTD, so no entity; and in a limited child
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        line, column = getattr(error, "position", (1, 0))
        raise Invalid(
            f"{file}, dòng {line}, cột {column + 1}: không phải XML đúng ({error}).",
            f"{file}, line {line}, column {column + 1}: this is no well-formed XML ({error}).",
            details={"file": file, "line": line},
        ) from None
    if _local(root) not in ("Structure", "RegistryInterface"):
        raise Invalid(
            f"{file}: phần tử gốc là {_local(root)[:60]}, không phải thông điệp cấu trúc SDMX (Structure). Hãy kiểm tra tệp và giá trị của --as.",
            f"{file}: the root element is {_local(root)[:60]}, this is no SDMX structure message (Structure). Check the file and the value of --as.",
            details={"file": file},
        )
    lists = [one for one in root.iter() if _local(one) in ("Codelist", "CodeList", "ValueList", "GeoCodelist")]
    found = [_xml_list(one) for one in lists]
    found += [_xml_hierarchy(one) for one in root.iter() if _local(one) in ("Hierarchy",)]
    return [scheme for scheme in found if scheme.entries]


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: ElementTree.Element, *names: str) -> Iterator[ElementTree.Element]:
    return (child for child in element if _local(child) in names)


def _texts(element: ElementTree.Element, *names: str) -> dict[str, str]:
    """language → text; a text without a language is English (SDMX-ML 2.1, common:TextType)."""
    found: dict[str, str] = {}
    for child in _children(element, *names):
        said = " ".join("".join(child.itertext()).split())
        if said:
            found.setdefault(child.get(_LANG, "en").lower(), said)
    return found


def _xml_list(element: ElementTree.Element) -> Scheme:
    identifier = element.get("id", "")
    described = _texts(element, "Description")
    scheme = Scheme(
        names=_texts(element, "Name") or {"en": identifier},
        notation=identifier,
        suffix=_suffix(identifier),
        texts=tuple(("skos:definition", text, language) for language, text in described.items()),
        links=_matches(element.get("urn")),
    )
    for number, code in enumerate(_children(element, "Code", "ValueItem", "GeoFeatureSetCode", "GeoGridCode"), 1):
        parent = next((_parent(one) for one in _children(code, "Parent")), code.get("parentCode", ""))
        # In SDMX-ML 2.0 the code is in @value and its name in Description.
        names = _texts(code, "Name") or _texts(code, "Description")
        told = _texts(code, "Description") if _texts(code, "Name") else {}
        scheme.entries.append(
            _code(
                code.get("id", code.get("value", "")),
                names,
                told,
                parent,
                (f"{identifier}, mã thứ {number}", f"{identifier}, code number {number}"),
                _matches(code.get("urn")),
                _validity(code),
            )
        )
    return scheme


def _parent(element: ElementTree.Element) -> str:
    """The id of the code above: <Parent><Ref id="A"/></Parent> in 2.1, <Parent>A</Parent> in 3.0."""
    reference = next(iter(_children(element, "Ref")), None)
    return reference.get("id", "") if reference is not None else "".join(element.itertext()).strip()


def _validity(code: ElementTree.Element) -> tuple[str, str]:
    """(validFrom, validTo) from attributes, or from the annotation FR_VALIDITY_PERIOD of registries: 2020-01-01/2025-07-01."""
    start, end = code.get("validFrom", ""), code.get("validTo", "")
    for annotation in (one for one in code.iter() if _local(one) == "Annotation"):
        kind = next(("".join(one.itertext()) for one in _children(annotation, "AnnotationType")), "")
        if kind.strip() == "FR_VALIDITY_PERIOD":
            title = next(("".join(one.itertext()) for one in _children(annotation, "AnnotationTitle")), "")
            start, _, end = title.strip().partition("/")
    return _day(start), _day(end)


def _day(text: str) -> str:
    found = _DAY.match(text.strip())
    return found[0] if found else ""


def _xml_hierarchy(element: ElementTree.Element) -> Scheme:
    identifier = element.get("id", "")
    scheme = Scheme(
        names=_texts(element, "Name") or {"en": identifier},
        notation=identifier,
        suffix=_suffix(identifier),
        links=_matches(element.get("urn")),
    )

    seen: set[str] = set()

    def walk(parent: ElementTree.Element, above: str, depth: int) -> None:
        for code in _children(parent, "HierarchicalCode"):
            if depth > _TOO_DEEP:
                return
            named = next(_children(code, "Code"), None)
            own = _referred(named) if named is not None else ""
            identifier_ = own or code.get("id", "")
            at = (f"{identifier}, mã {identifier_}", f"{identifier}, code {identifier_}")
            if identifier_ not in seen:
                seen.add(identifier_)
                names = _texts(code, "Name") or {"en": identifier_}
                scheme.entries.append(_code(identifier_, names, {}, above, at, (), _validity(code)))
            walk(code, identifier_, depth + 1)

    walk(element, "", 0)
    return scheme


def _referred(element: ElementTree.Element) -> str:
    """The id of the code that a hierarchical code stands for: a Ref in 2.1, the end of a URN in 3.0."""
    reference = next(iter(_children(element, "Ref")), None)
    return reference.get("id", "") if reference is not None else "".join(element.itertext()).strip().rpartition(".")[2]


def _matches(urn: str | None) -> tuple[tuple[str, str], ...]:
    return (("skos:exactMatch", urn),) if urn and is_absolute(urn) else ()


def _code(
    code: str,
    names: dict[str, str],
    described: dict[str, str],
    parent: str,
    place: tuple[str, str],
    links: tuple[tuple[str, str], ...],
    validity: tuple[str, str],
) -> Entry:
    return Entry(
        code,
        "code",
        names or {"en": code},
        texts=tuple(("skos:definition", text, language) for language, text in described.items()),
        links=links,
        broader=parent,
        place_vi=place[0],
        place_en=place[1],
        valid_from=validity[0],
        valid_to=validity[1],
    )


# --- SDMX-JSON


def _json(file: str, content: bytes) -> list[Scheme]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise Invalid(
            f"{file}: không phải JSON đọc được.", f"{file}: this is no readable JSON.", details={"file": file}
        ) from None
    data = told.get("data", told) if isinstance(told, dict) else {}
    lists = [one for name in ("codelists", "valuelists", "valueLists", "geoCodelists") for one in _listed(data, name)]
    if not lists:
        raise Invalid(
            f"{file}: không có data.codelists; đây không phải thông điệp cấu trúc SDMX-JSON có danh mục mã.",
            f"{file}: there is no data.codelists; this is no SDMX-JSON structure message with code lists.",
            details={"file": file},
        )
    return [scheme for scheme in map(_json_list, lists) if scheme.entries]


def _listed(data: Any, name: str) -> list[dict[str, Any]]:
    found = data.get(name) if isinstance(data, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _json_list(told: dict[str, Any]) -> Scheme:
    identifier = str(told.get("id", ""))
    scheme = Scheme(
        names=_spoken(told, "name") or {"en": identifier},
        notation=identifier,
        suffix=_suffix(identifier),
        texts=tuple(("skos:definition", text, language) for language, text in _spoken(told, "description").items()),
        links=_matches(_urn(told)),
    )
    codes = _listed(told, "codes") or _listed(told, "valueItems")
    for number, code in enumerate(codes, 1):
        periods = [a for a in _listed(code, "annotations") if a.get("type") == "FR_VALIDITY_PERIOD"]
        start, _, end = str(periods[0].get("title", "")).partition("/") if periods else ("", "", "")
        scheme.entries.append(
            _code(
                str(code.get("id", "")),
                _spoken(code, "name"),
                _spoken(code, "description"),
                str(code.get("parent") or ""),
                (f"{identifier}, mã thứ {number}", f"{identifier}, code number {number}"),
                _matches(_urn(code)),
                (_day(str(code.get("validFrom", start))), _day(str(code.get("validTo", end)))),
            )
        )
    return scheme


def _spoken(told: dict[str, Any], name: str) -> dict[str, str]:
    """`names` has every language; `name` the best one for whoever asked, in the absence of a language: English."""
    every = told.get(f"{name}s")
    if isinstance(every, dict):
        return {str(k).lower(): " ".join(str(v).split()) for k, v in every.items() if str(v).strip()}
    single = told.get(name)
    return {"en": " ".join(single.split())} if isinstance(single, str) and single.strip() else {}


def _urn(told: dict[str, Any]) -> str | None:
    links = [one for one in _listed(told, "links") if one.get("rel") == "self"]
    urn = told.get("urn") or (links[0].get("urn") if links else None)
    return urn if isinstance(urn, str) else None


# --- SDMX-RDF


def _turtle(file: str, content: bytes) -> list[Scheme]:
    from pyoxigraph import Literal, NamedNode, RdfFormat

    from catalogue.rdf import parse

    about: dict[NamedNode, dict[str, list[NamedNode | Literal]]] = {}
    for quad in parse(content, RdfFormat.TURTLE, file):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            about.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    type_ = PREFIXES["rdf"] + "type"
    schemes = [s for s, said in about.items() if NamedNode(_SKOS + "ConceptScheme") in said.get(type_, [])]
    if not schemes:
        raise Invalid(
            f"{file}: không có skos:ConceptScheme nào; đây không phải danh mục mã SDMX-RDF.",
            f"{file}: there is no skos:ConceptScheme; this is no SDMX-RDF code list.",
            details={"file": file},
        )
    found = []
    for held in schemes:
        said = about[held]
        inside = [s for s, one in about.items() if held in _in_schemes(one, about)]
        notation = _first(said, "notation") or held.value.rpartition("#")[2]
        scheme = Scheme(
            names=_labels(said, "prefLabel") or {"en": notation},
            notation=notation,
            suffix=_suffix(notation),
            texts=tuple(("skos:note", t, language) for language, t in _labels(said, "note").items()),
            links=(("skos:exactMatch", held.value),),
        )
        for concept in inside:
            one = about[concept]
            code = _first(one, "notation")
            above = next((a for a in one.get(_SKOS + "broader", []) if a in about), None)
            parent = _first(about[above], "notation") if isinstance(above, NamedNode) else ""
            at = (f"<{concept.value}>",) * 2
            links = (("skos:exactMatch", concept.value),)
            scheme.entries.append(
                _code(code, _labels(one, "prefLabel"), _labels(one, "definition"), parent, at, links, ("", ""))
            )
        if scheme.entries:
            found.append(scheme)
    return found


def _in_schemes(said: dict[str, list[Any]], about: dict[Any, dict[str, list[Any]]], depth: int = 0) -> Iterable[Any]:
    """The schemes of a concept: its own, or those of the concept above it."""
    own = [*said.get(_SKOS + "inScheme", []), *said.get(_SKOS + "topConceptOf", [])]
    above = said.get(_SKOS + "broader", [])
    if own or not above or depth > _TOO_DEEP:
        return own
    return _in_schemes(about.get(above[0], {}), about, depth + 1)


def _first(said: dict[str, list[Any]], name: str) -> str:
    return str(said[_SKOS + name][0].value) if said.get(_SKOS + name) else ""


def _labels(said: dict[str, list[Any]], name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in said.get(_SKOS + name, []):
        if not hasattr(one, "language"):
            continue  # the vocabulary gives the address of a document as definition of its lists
        found.setdefault((one.language or "en").lower(), " ".join(one.value.split()))
    return found
