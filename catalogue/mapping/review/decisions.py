"""A decision as the SSSOM that records it: what a page or a program sends to the import, so that there is one way in.

The rule of four eyes stands here: who proposed a mapping does not accept it. Whoever may write can still import a set
that breaks it; the shape `mapping-four-eyes` then warns.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pyoxigraph import NamedNode, Triple

from catalogue.errors import Conflict, Invalid, NotFound
from catalogue.iri import PREFIXES, node
from catalogue.mapping import records
from catalogue.mapping.entries import Person
from catalogue.mapping.exchange import sssom_graph
from catalogue.mapping.exchange.sssom import MappingSet, Record, Value
from catalogue.mapping.records import NO_TERM, Mapping
from catalogue.store.port import Pattern, Store

Verdict = Literal["accept", "reject", "withdraw", "end"]

_FROM: dict[Verdict, tuple[str, ...]] = {
    "accept": ("candidate", "rejected", "withdrawn"),
    "reject": ("candidate",),
    "withdraw": ("accepted",),
    "end": ("accepted",),
}
_TO: dict[Verdict, str] = {"accept": "accepted", "reject": "rejected", "withdraw": "withdrawn", "end": "accepted"}
_MAPPINGS = node("sssom:mappings")


def decision(
    store: Store,
    mapping: str,
    verdict: Verdict,
    *,
    by: Person,
    day: date,
    ends: date | None = None,
    comment: str | None = None,
) -> MappingSet:
    """The set with the one record that says: `by` accepts, rejects, withdraws or ends the mapping with this IRI, on `day`.

    `ends`: of `end`, the first day on which it no longer counts. Everything else that the record says stays. Raises
    `NotFound` for a mapping that there is not, `Conflict` where its status does not allow that or `by` proposed what is
    to be accepted, `Invalid` for an end without a day or before its beginning.
    """
    found = records.named(store, [mapping])
    if not found:
        raise NotFound(f"Danh mục không có ánh xạ {mapping[:200]}.", f"The catalogue has no mapping {mapping[:200]}.")
    [one] = found
    if one.status not in _FROM[verdict]:
        raise Conflict(
            f"Ánh xạ đang ở trạng thái {one.status}; {verdict} chỉ dùng khi trạng thái là {', '.join(_FROM[verdict])}.",
            f"The mapping is {one.status}; {verdict} needs one that is {', '.join(_FROM[verdict])}.",
            details={"mapping": mapping, "status": one.status, "verdict": verdict},
        )
    if verdict == "accept":
        four_eyes(one.authors, by)
    if (ends is not None) != (verdict == "end") or (ends and one.valid_from and ends <= one.valid_from):
        raise Invalid(
            "Quyết định kết thúc (end) cần ngày đầu tiên không còn hiệu lực, sau ngày bắt đầu; các quyết định khác không có ngày đó.",
            "The verdict end needs the first day that no longer counts, after the first one that does; other verdicts have none.",
            details={"verdict": verdict},
        )
    whole = _stored(store, one)
    [record] = whole.mappings
    slots = {name: value for name, value in record.slots.items() if name not in ("reviewer_id", "reviewer_label")}
    slots |= _reviewed(by, day)
    slots["mapping_status"] = _TO[verdict]
    if ends is not None:
        slots["valid_to"] = ends.isoformat()
    if comment is not None:
        slots["comment"] = comment
    whole.mappings = [Record(slots)]
    return whole


def no_counterpart(
    code: str,
    *,
    scheme: str,
    to: str,
    mapping_set: str,
    licence: str,
    author: Person,
    day: date,
    reviewer: Person | None = None,
    comment: str | None = None,
) -> MappingSet:
    """The set with the one record that says: `code`, of `scheme`, has no counterpart in `to` (all IRIs).

    A proposal of `author`, accepted where a `reviewer` who is somebody else is named. Raises `Conflict` otherwise.
    """
    slots: dict[str, Value] = {
        "subject_id": code,
        "subject_source": scheme,
        "predicate_id": PREFIXES["skos"] + "exactMatch",
        "object_id": NO_TERM,
        "object_source": to,
        "mapping_justification": PREFIXES["semapv"] + "ManualMappingCuration",
        "mapping_date": day,
        "mapping_status": "candidate",
    }
    slots |= {"author_id": (author.iri,)} if author.iri else {"author_label": (author.name,)}
    if reviewer is not None:
        four_eyes([author.iri or author.name], reviewer)
        slots |= {**_reviewed(reviewer, day), "mapping_status": "accepted"}
    if comment is not None:
        slots["comment"] = comment
    return MappingSet({"mapping_set_id": mapping_set, "license": licence}, [Record(slots)]).settle()


def four_eyes(authors: Iterable[str], reviewer: Person) -> None:
    """Raise `Conflict` where the reviewer is one of the authors, by IRI or by name."""
    if {reviewer.iri, reviewer.name} & set(authors):
        raise Conflict(
            f"{reviewer.name} đã đề xuất ánh xạ này nên không thể tự chấp nhận. Hãy nhờ một người khác duyệt.",
            f"{reviewer.name} proposed this mapping and cannot accept it. Have somebody else review it.",
            details={"reviewer": reviewer.iri or reviewer.name},
        )


def _reviewed(by: Person, day: date) -> dict[str, Value]:
    who: dict[str, Value] = {"reviewer_id": (by.iri,)} if by.iri else {"reviewer_label": (by.name,)}
    return {**who, "review_date": day}


def _stored(store: Store, one: Mapping) -> MappingSet:
    """The set of a mapping as it is kept, with this one mapping alone: not the whole set is read for one decision."""
    if one.set is None or one.graph is None:
        raise NotFound(
            f"Ánh xạ {one.iri} không thuộc bộ ánh xạ nào, nên không nhập quyết định về nó được. Hãy đưa nó vào một bộ.",
            f"The mapping {one.iri} is in no mapping set, so no decision about it can be imported. Put it into a set.",
        )
    graph, whole, mapping = NamedNode(one.graph), NamedNode(one.set), NamedNode(one.iri)
    about = _said(store, whole, graph)
    parts = {t.object for t in about if isinstance(t.object, NamedNode) and t.object.value.startswith(f"{one.set}#")}
    own = [t for t in about if t.predicate != _MAPPINGS]
    described = [triple for part in [mapping, *parts] for triple in _said(store, part, graph)]
    return sssom_graph.read([*own, Triple(whole, _MAPPINGS, mapping), *described], whole)


def _said(store: Store, subject: NamedNode, graph: NamedNode) -> list[Triple]:
    return [quad.triple for quad in store.match([Pattern(subject, None, None, graph)])]
