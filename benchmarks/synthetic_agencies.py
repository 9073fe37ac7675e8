"""The agencies of one synthetic city, before and since a reorganisation: merged, divided, absorbed, untouched."""

from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode

from benchmarks.statements import Said, Scribe, code, day, node, vi, word

REORGANISED = date(2025, 3, 1)


@dataclass(frozen=True, slots=True)
class Bodies:
    """The departments that could be charged before the reorganisation, and those that can since."""

    before: tuple[NamedNode, ...]
    since: tuple[NamedNode, ...]


def bodies(scribe: Scribe, tag: str, area: NamedNode, area_code: str, ubnd: NamedNode, basis: NamedNode) -> Bodies:
    """The agencies of one city and the events of 1 March 2025; `basis` is the decision that the events rest on."""
    scribe.tell(
        area,
        ("rdf:type", word("chiso:AdministrativeUnit")),
        ("skos:notation", Literal(area_code)),
        ("skos:prefLabel", vi(f"Tỉnh giả lập {tag}")),
        ("dct:type", code("area-type/tinh")),
        ("skos:inScheme", node("area-scheme", "synthetic")),
        ("chiso:validFrom", day(date(2025, 7, 1))),
    )
    _agency(scribe, area, ubnd, f"Ủy ban nhân dân tỉnh giả lập {tag}", f"T{tag}", None)
    office = node("agency", f"t{tag}.vp-ubnd")
    _agency(scribe, area, office, f"Văn phòng Ủy ban nhân dân tỉnh giả lập {tag}", f"T{tag}.01", ubnd)
    ended: tuple[Said, ...] = (("chiso:validTo", day(REORGANISED)),)
    begun: tuple[Said, ...] = (("chiso:validFrom", day(REORGANISED)),)
    old = []
    for n in range(14):
        agency = node("agency", f"t{tag}.so-{n:02}.truoc-2025-03-01")
        _agency(scribe, area, agency, f"Sở {n:02} giả lập (cũ) tỉnh {tag}", f"T{tag}.{10 + n}", ubnd, *ended)
        old.append(agency)
    merged, divided, untouched = [], [], []
    for n in range(6):
        agency = node("agency", f"t{tag}.so-{20 + n}.2025-03-01")
        _agency(scribe, area, agency, f"Sở hợp nhất {n} giả lập tỉnh {tag}", f"T{tag}.{30 + n}", ubnd, *begun)
        merged.append(agency)
        _event(scribe, tag, basis, f"hop-nhat-{n}", "hop-nhat", [old[2 * n], old[2 * n + 1]], agency)
    for n in range(2):
        agency = node("agency", f"t{tag}.so-{30 + n}.2025-03-01")
        _agency(scribe, area, agency, f"Sở chia ra {n} giả lập tỉnh {tag}", f"T{tag}.{40 + n}", ubnd, *begun)
        divided.append(agency)
        _event(scribe, tag, basis, f"chia-{n}", "chia", [old[12]], agency)
    _event(scribe, tag, basis, "sap-nhap", "sap-nhap", [old[13]], office)
    for n in range(4):
        agency = node("agency", f"t{tag}.so-{14 + n}")
        _agency(scribe, area, agency, f"Sở {14 + n} giả lập tỉnh {tag}", f"T{tag}.{50 + n}", ubnd)
        untouched.append(agency)
    before = (*old, *untouched, office)
    since = (*merged, *divided, *untouched, office)
    for number, parent in enumerate(since):
        born = begun if parent in merged or parent in divided else ()
        for n in range(4):
            unit = node("agency", f"t{tag}.don-vi-{number:02}-{n}")
            label = f"Phòng {n} của đơn vị {number:02} giả lập tỉnh {tag}"
            _agency(scribe, area, unit, label, f"T{tag}.{60 + number}.{n}", parent, *born)
    return Bodies(before, since)


def _agency(
    scribe: Scribe, area: NamedNode, agency: NamedNode, label: str, notation: str, parent: NamedNode | None, *more: Said
) -> None:
    identifier = node("code", f"qd-20-2020.{notation}")
    scribe.tell(
        identifier,
        ("rdf:type", word("adms:Identifier")),
        ("skos:notation", Literal(notation)),
        ("skos:inScheme", node("code-scheme", "qd-20-2020")),
    )
    above: tuple[Said, ...] = (("org:subOrganizationOf", parent),) if parent else ()
    scribe.tell(
        agency,
        ("rdf:type", word("cv:PublicOrganisation")),
        ("skos:prefLabel", vi(label)),
        ("chiso:level", code("level/tinh")),
        ("dct:spatial", area),
        ("adms:identifier", identifier),
        *above,
        *more,
    )


def _event(
    scribe: Scribe, tag: str, basis: NamedNode, name: str, kind: str, originals: list[NamedNode], result: NamedNode
) -> None:
    scribe.tell(
        node("event", f"t{tag}.{name}.2025-03-01"),
        ("rdf:type", word("org:ChangeEvent")),
        ("skos:prefLabel", vi(f"Sắp xếp giả lập {name} tỉnh {tag}")),
        ("dct:type", code(f"change/{kind}")),
        ("dct:date", day(REORGANISED)),
        *(("org:originalOrganization", original) for original in originals),
        ("org:resultingOrganization", result),
        ("chiso:basis", basis),
    )
