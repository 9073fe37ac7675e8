"""The page of an indicator: its six contents, its codes, who works on it, why it is reported and when, its targets and
figures, and what is not certain."""

from dataclasses import dataclass
from typing import Any

from api.pages.things import figures
from api.pages.things.facts import Heading, facts, values
from api.pages.things.subject import Subject
from catalogue import observations, regimes, targets
from catalogue.attached import attached
from catalogue.codes import CodeReference
from catalogue.iri import node
from catalogue.labels import Reference, references
from catalogue.mapping import entries, records
from catalogue.mapping.entries import Counterpart
from catalogue.proofs import SourceReference
from catalogue.responsibility import Assignment, Responsibilities
from catalogue.things import Statement, Thing, Value

MOST = 40
"""Things of one kind that a list on the page names."""

# Decree 94/2022/NĐ-CP: the sixth content is the agency responsible, which the assignments tell.
SIX: tuple[Heading, ...] = (
    ("thing.six.concept", ("skos:definition",)),
    ("thing.six.method", ("chiso:method",)),
    ("thing.six.disaggregation", ("chiso:disaggregation",)),
    ("thing.six.release", ("chiso:releasePeriod",)),
    ("thing.six.source", ("chiso:dataSource",)),
)
_MORE: tuple[Heading, ...] = (
    ("thing.fact.unit", ("sdmx-a:unitMeasure",)),
    ("thing.fact.frequency", ("dct:accrualPeriodicity",)),
    ("thing.fact.direction", ("chiso:direction",)),
    ("thing.fact.level", ("chiso:level",)),
    ("thing.fact.other_names", ("skos:altLabel",)),
    ("thing.fact.note", ("chiso:note",)),
    ("thing.fact.see", ("rdfs:seeAlso", "dct:references", "chiso:possiblySameAs")),
)
_OWN = (
    "skos:member", "chiso:requires", "chiso:concerns", "chiso:watches", "chiso:exchanges", "chiso:for",
    "sssom:subject_id", "sssom:object_id", "chiso:indicator",
)  # fmt: skip
_ABOVE = ("chiso:requires", "chiso:concerns", "chiso:watches", "chiso:exchanges")


@dataclass(frozen=True, slots=True)
class Listed:
    """Things of one kind under a heading (the key of its message), `total` of them (None where they were not counted), the first named."""

    words: str
    things: list[Reference]
    total: int | None


def room(subject: Subject) -> dict[str, Any]:
    """What the template of an indicator is given."""
    store, thing, reading = subject.service.store, subject.thing, subject.reading
    own = attached(store, [thing.iri], _OWN)
    groups = own.by("skos:member", kind="indicator-group")
    wholes = [*groups, *(one.iri for one in values(thing, "skos:inScheme"))]
    above = attached(store, wholes, _ABOVE) if wholes else own
    observed = own.by("chiso:indicator", kind="observation")
    figured = observations.known(store, observed[: figures.MOST], language=reading.language)
    aimed = own.by("chiso:indicator", kind="target")
    asking = own.by("chiso:requires", "chiso:concerns", kind="regime")
    wider = [iri for iri in above.by("chiso:requires", "chiso:concerns", kind="regime") if iri not in asking]
    mapped = own.by("sssom:subject_id", "sssom:object_id", kind="mapping")
    counterparts = _counterparts(subject, mapped[:MOST])
    context: dict[str, Any] = {
        "six": facts(thing, SIX, language=reading.language, always=[words for words, _ in SIX]),
        "more": facts(thing, _MORE, language=reading.language),
        "codes": facts(thing, (("thing.fact.code", ("skos:notation", "adms:identifier")),), language=reading.language),
        "within": references(store, wholes, reading.language),
        "counterparts": counterparts,
        "mappings_total": len(mapped),
        "others": others(subject.responsibilities),
        "answerable": _answerable(subject.responsibilities),
        "mandates": subject.responsibilities.mandates if subject.responsibilities else [],
        "regimes": regimes.regimes(store, asking[:MOST], as_of=reading.as_of, language=reading.language),
        "wider_regimes": regimes.regimes(store, wider[:MOST], as_of=reading.as_of, language=reading.language),
        "targets": targets.known(store, aimed[:MOST], as_of=reading.as_of, measured=False, language=reading.language),
        "targets_total": len(aimed),
        "figures": figures.table(
            figured, reading.language, total=None if own.truncated else max(len(observed), len(figured))
        ),
        "lists": listed(
            subject,
            ("thing.list.systems", _both(own, above, "chiso:exchanges", "exchange")),
            ("thing.list.scenarios", _both(own, above, "chiso:watches", "scenario")),
            ("thing.list.scenarios", _both(own, above, "chiso:watches", "scenario-group")),
            ("thing.list.tasks", _both(own, above, "chiso:concerns", "task")),
            ("thing.list.assessments", own.by("chiso:indicator", kind="assessment")),
            ("thing.list.requests", own.by("chiso:indicator", kind="request")),
        ),
        "sources": sources(thing),
        "doubts": doubts(thing, reading.language),
        "amount": figures.number,
        "when": figures.when,
    }
    context["sections"] = _sections(context, subject)
    return context


def _both(own: Any, above: Any, property_: str, kind: str) -> list[str]:
    """What refers to the indicator itself first, then what refers to its group or set."""
    return list(dict.fromkeys([*own.by(property_, kind=kind), *above.by(property_, kind=kind)]))


def listed(subject: Subject, *lists: tuple[str, list[str]]) -> list[Listed]:
    """Lists with something in them, each named up to `MOST` things; lists under one heading become one."""
    together: dict[str, list[str]] = {}
    for words, iris in lists:
        if iris:
            together[words] = [*together.get(words, ()), *iris]
    named = references(
        subject.service.store, [iri for iris in together.values() for iri in iris[:MOST]], subject.reading.language
    )
    return [Listed(words, [named[iri] for iri in iris[:MOST]], len(iris)) for words, iris in together.items()]


def others(found: Responsibilities | None) -> list[tuple[CodeReference, list[Assignment]]]:
    """The assignments of who does not lead, role by role."""
    roles: dict[str, tuple[CodeReference, list[Assignment]]] = {}
    for one in found.responsibilities if found else []:
        if one.role.notation != "chu-tri":
            roles.setdefault(one.role.iri, (one.role, []))[1].append(one)
    return list(roles.values())


def _answerable(found: Responsibilities | None) -> list[Assignment]:
    """Who leads; where nobody does, who collects and compiles: the agency that the sixth content means."""
    for notation in ("chu-tri", "thu-thap-tong-hop"):
        held = [one for one in found.responsibilities if one.role.notation == notation] if found else []
        if held:
            return held[:3]
    return []


def sources(thing: Thing) -> list[SourceReference]:
    """The documents from which the statements about a thing were read, each once."""
    return list({one.source.iri: one.source for one in thing.statements if one.source}.values())


def doubts(thing: Thing, language: str) -> list[Statement]:
    """The statements that are not confirmed, each once, without translations; what was searched in vain is told elsewhere."""
    found = [
        one
        for one in thing.statements
        if one.verification in ("inferred", "unverified")
        and not one.predicate.iri.endswith("#notFound")
        and not (isinstance(one.object, Value) and one.object.language not in (None, language))
    ]
    return list({(one.predicate.iri, one.object): one for one in found}.values())


def _counterparts(subject: Subject, mapped: list[str]) -> list[Counterpart]:
    """The mappings `mapped` as the indicator sees them: what counts first, then by code."""
    if not mapped:
        return []
    store, reading = subject.service.store, subject.reading
    found = entries.described(store, records.named(store, mapped), as_of=reading.as_of, language=reading.language)
    seen = [entries.from_end(entry, subject.thing.iri) for entry in found]
    return sorted(seen, key=lambda one: (not one.mapping.valid, one.other.notation or "", one.mapping.iri))


def _sections(context: dict[str, Any], subject: Subject) -> list[tuple[str, str]]:
    """The table of contents: what the page has to say."""
    gaps = (subject.responsibilities.gaps if subject.responsibilities else []) or values(
        subject.thing, "chiso:notFound"
    )
    shown = (
        ("six", "thing.six", True),
        ("codes", "thing.codes", True),
        ("duties", "thing.duties", context["others"]),
        ("mandates", "thing.mandates", context["mandates"]),
        ("regimes", "thing.regimes", context["regimes"] or context["wider_regimes"]),
        ("targets", "thing.targets", context["targets"]),
        ("figures", "thing.figures", context["figures"].rows),
        ("lists", "thing.related", context["lists"]),
        ("doubts", "thing.doubts", context["doubts"] or gaps),
        ("sources", "thing.sources", context["sources"]),
    )
    return [(anchor, words) for anchor, words, said in shown if said]


def total(thing: Thing, property_: str, shown: int) -> int | None:
    """How many values a property has, where not all are shown; None where they were not counted."""
    iri = node(property_).value
    return next((one.total for one in thing.cut if one.property.iri == iri), shown)
