"""The page of an indicator: its six contents, its codes, who works on it, why it is reported and when, its targets and
figures, and what is not certain."""

from typing import Any

from api.pages.things import figures
from api.pages.things.facts import Heading, facts, named_by
from api.pages.things.sections import LEAD, MOST, contents, listed, shared
from api.pages.things.subject import Subject
from catalogue import observations, regimes, targets
from catalogue.attached import attached
from catalogue.labels import references
from catalogue.mapping import entries, records
from catalogue.mapping.entries import Counterpart
from catalogue.responsibility import Assignment, Responsibilities

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


def room(subject: Subject) -> dict[str, Any]:
    """What the template of an indicator is given."""
    store, thing, reading = subject.service.store, subject.thing, subject.reading
    own = attached(store, [thing.iri], _OWN)
    groups = own.by("skos:member", kind="indicator-group")
    wholes = [*groups, *(one.iri for one in named_by(thing, "skos:inScheme"))]
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
        **shared(subject),
        "answerable": _answerable(subject.responsibilities),
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
        "amount": figures.number,
        "when": figures.when,
    }
    context["sections"] = contents(
        subject,
        context,
        [("six", "thing.six", True), ("codes", "thing.codes", True)],
        [
            ("regimes", "thing.regimes", context["regimes"] or context["wider_regimes"]),
            ("targets", "thing.targets", context["targets"]),
            ("figures", "thing.figures", context["figures"].rows),
        ],
    )
    return context


def _both(own: Any, above: Any, property_: str, kind: str) -> list[str]:
    """What refers to the indicator itself first, then what refers to its group or set."""
    return list(dict.fromkeys([*own.by(property_, kind=kind), *above.by(property_, kind=kind)]))


def _answerable(found: Responsibilities | None) -> list[Assignment]:
    """Who leads; where nobody does, who collects and compiles: the agency that the sixth content means."""
    for notation in (LEAD, "thu-thap-tong-hop"):
        held = [one for one in found.responsibilities if one.role.notation == notation] if found else []
        if held:
            return held[:3]
    return []


def _counterparts(subject: Subject, mapped: list[str]) -> list[Counterpart]:
    """The mappings `mapped` as the indicator sees them: what counts first, then by code."""
    if not mapped:
        return []
    store, reading = subject.service.store, subject.reading
    found = entries.described(store, records.named(store, mapped), as_of=reading.as_of, language=reading.language)
    seen = [entries.from_end(entry, subject.thing.iri) for entry in found]
    return sorted(seen, key=lambda one: (not one.mapping.valid, one.other.notation or "", one.mapping.iri))
