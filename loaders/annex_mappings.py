"""The last column of an annex as mappings: which code of the higher-level list corresponds to which of this one.

An annex says that two codes correspond, not how exactly, so the predicate is closeMatch unless the user knows better. It
is a decision where the decision that issues the annex is known; until then it is a candidate.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, Triple

from catalogue.graphs import source_graph
from catalogue.iri import PREFIXES, is_absolute, node, thing
from catalogue.mapping.exchange import sssom_graph
from catalogue.mapping.exchange.sssom import MappingSet, Record, Value
from catalogue.mapping.exchange.sssom_text import shown
from loaders.list_graph import Provenance, entry_iri
from loaders.list_setting import Decision
from loaders.lists import Fault, Scheme

_NO_LICENCE = "https://w3id.org/sssom/license/unspecified"
_CURATED = PREFIXES["semapv"] + "ManualMappingCuration"


@dataclass(frozen=True, slots=True)
class Target:
    """The higher-level list: its IRI, and its indicators (IRI) by code."""

    scheme: str
    codes: Mapping[str, str]

    @property
    def key(self) -> str:
        """What its IRI ends in."""
        return self.scheme.rpartition("/")[2]


def mapping_set(
    scheme: Scheme, held: NamedNode, target: Target, decision: Decision | None, match: str, given: Provenance, base: str
) -> tuple[MappingSet, list[Fault]]:
    """The mappings of a list, and the codes that the higher-level list does not have, with their rows."""
    made = MappingSet(
        {
            "mapping_set_id": thing(base, "mapping-set", f"{given.key}-{target.key}").value,
            "mapping_set_title": f"{given.title or given.key}: mã số ở {target.key}",
            "license": given.licence or _NO_LICENCE,
        },
        prefixes={"indicator": f"{base}id/indicator/", "set": f"{base}id/indicator-set/"},
    )
    if is_absolute(given.source):
        made.slots["mapping_set_source"] = (given.source,)
    faults: list[Fault] = []
    for entry in scheme.entries:
        known = [code for code in entry.higher if code in target.codes]
        # One code cannot be the same as two of one list.
        predicate = "closeMatch" if match == "exactMatch" and len(known) > 1 else match
        for code in entry.higher:
            if code not in target.codes:
                faults.append(
                    Fault(
                        *entry.row("Mã số ở hệ thống cấp trên"),
                        f"{entry.code} → {code}: {target.key} không có mã {code}; không lập ánh xạ.",
                        f"{entry.code} → {code}: {target.key} has no code {code}; no mapping is made.",
                    )
                )
        for code in known:
            subject = entry_iri(base, given.key, entry).value
            slots: dict[str, Value] = {
                "subject_id": subject,
                "subject_label": entry.names.get("vi", ""),
                "predicate_id": PREFIXES["skos"] + predicate,
                "object_id": target.codes[code],
                "mapping_justification": _CURATED,
                "subject_source": held.value,
                "object_source": target.scheme,
                "comment": f"{entry.code} → {code}, {entry.row()[0]}",
                **_decided(decision),
            }
            made.mappings.append(Record(slots))
    return made.settle(), faults


def _decided(decision: Decision | None) -> dict[str, Value]:
    if decision is None or decision.issuer is None or decision.day is None:
        return {"mapping_status": "candidate"}
    slots: dict[str, Value] = {
        "mapping_status": "accepted",
        "reviewer_id": (decision.issuer,),
        "review_date": decision.day,
        "mapping_date": decision.day,
    }
    for name, day in (("valid_from", decision.valid_from), ("valid_to", decision.valid_to)):
        if day is not None:
            slots[name] = day
    return slots


@dataclass(frozen=True, slots=True)
class GivenMappings:
    """A mapping set as a source that the build takes (`catalogue.sources.Provider`).

    `stored`: what its graph holds already. A mapping that was decided there stays as it was decided.
    """

    mappings: MappingSet
    provenance: Provenance
    stored: Sequence[Triple] = field(default=())

    @property
    def key(self) -> str:
        """The key of the source."""
        return self.provenance.key

    def digest(self) -> str:
        """SHA-256 of all that the quads are made of."""
        told = "\n".join(
            sorted(f"{name}={shown(v)}" for one in self.mappings.mappings for name, v in one.slots.items())
        )
        return hashlib.sha256(f"{self.provenance}\n{told}".encode()).hexdigest()

    def quads(self, base: str) -> Iterator[Quad]:
        """The quads of the one graph `{base}graph/{key}.{mark}`."""
        graph = source_graph(base, self.key, self.provenance.mark)
        for triple in {*self._source(base), *self._kept(sssom_graph.triples(self.mappings, base, self.key))}:
            yield Quad(triple.subject, triple.predicate, triple.object, graph)

    def decided(self, base: str) -> int:
        """How many stored mappings stay as they were decided since."""
        return len(self._decided_since(sssom_graph.triples(self.mappings, base, self.key)))

    def _kept(self, made: Sequence[Triple]) -> Iterator[Triple]:
        decided = self._decided_since(made)
        reviews = {triple.subject for triple in self.stored if triple.object == _REVIEW}
        yield from (triple for triple in made if triple.subject not in decided)
        for triple in self.stored:
            if triple.subject in decided or triple.subject in reviews or triple.object in decided:
                yield triple

    def _decided_since(self, made: Iterable[Triple]) -> set[object]:
        """Stored mappings of which an earlier decision is kept, or whose decision is another than what the annex says."""
        reviews = {triple.subject for triple in self.stored if triple.object == _REVIEW}
        mappings = {triple.subject for triple in self.stored if triple.object == sssom_graph.MAPPING}
        says = {triple.subject: triple.object for triple in made if triple.predicate == sssom_graph.STATUS}
        reviewed = {triple.object for triple in self.stored if triple.subject in reviews} & mappings
        return reviewed | {
            triple.subject
            for triple in self.stored
            if triple.predicate == sssom_graph.STATUS
            and triple.subject in mappings
            and triple.object not in (_CANDIDATE, says.get(triple.subject, triple.object))
        }

    def _source(self, base: str) -> Iterator[Triple]:
        given, source = self.provenance, thing(base, "source", self.key)
        yield Triple(source, node("rdf:type"), node("chiso:Source"))
        yield Triple(source, node("dct:title"), Literal(f"{given.title or self.key}", language="vi"))
        where = (
            ("foaf:page", NamedNode(given.source)) if is_absolute(given.source) else ("dct:identifier", given.source)
        )
        yield Triple(source, node(where[0]), where[1] if isinstance(where[1], NamedNode) else Literal(where[1]))
        for property_, value in (("dct:license", given.licence), ("chiso:retrieved", given.retrieved)):
            if value is None:
                yield Triple(source, node("chiso:notFound"), node(property_))
            elif property_ == "dct:license":
                yield Triple(source, node(property_), NamedNode(value))
            else:
                yield Triple(source, node(property_), Literal(value, datatype=node("xsd:date")))


_REVIEW = node("chiso:MappingReview")

_CANDIDATE = NamedNode(sssom_graph.STATUS_CODES + "candidate")
