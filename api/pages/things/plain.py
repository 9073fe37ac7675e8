"""The pages of tasks, targets, phases, scenarios, data sets, figures and assessments: what is said under the headings of
the kind, the figures that go with it, and what is attached to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.things import figures
from api.pages.things.facts import Heading, facts, named_by
from api.pages.things.sections import contents, listed, shared
from api.pages.things.subject import Subject
from catalogue import observations
from catalogue.attached import attached
from catalogue.observations import Figure

_NOTE: Heading = ("thing.fact.note", ("chiso:note",))
_BASIS: Heading = ("thing.field.basis", ("chiso:basis",))
_DUE: Heading = ("thing.fact.due", ("chiso:due",))
_INDICATOR: Heading = ("kind.indicator", ("chiso:indicator",))
_AREA: Heading = ("thing.figure.area", ("sdmx-d:refArea",))
_UNIT: Heading = ("thing.fact.unit", ("sdmx-a:unitMeasure",))
_ABOUT: Heading = ("thing.list.concerns", ("chiso:concerns",))
_STATUS: Heading = ("thing.fact.status", ("chiso:status", "sdmx-a:obsStatus"))
_SCENARIO: tuple[Heading, ...] = (
    ("thing.fact.definition", ("skos:definition", "dct:description")),
    ("thing.fact.watches", ("chiso:watches",)),
    ("thing.fact.trigger", ("chiso:trigger",)),
    ("thing.fact.step", ("chiso:step",)),
    ("thing.fact.size", ("chiso:statedSize",)),
    ("thing.within", ("skos:inScheme",)),
    _BASIS,
    _NOTE,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: the headings of its page, those that stand even when nothing is said under them, and the lists of
    what is attached to it (message, property, kind of what refers)."""

    headings: tuple[Heading, ...]
    always: tuple[str, ...] = ()
    lists: tuple[tuple[str, str, str], ...] = ()


KINDS: Mapping[str, Kind] = {
    "task": Kind(
        (
            ("thing.fact.definition", ("dct:description",)),
            _ABOUT,
            _BASIS,
            _DUE,
            _STATUS,
            ("thing.fact.parent_task", ("chiso:parentTask",)),
            _NOTE,
        ),
        ("thing.fact.due",),
        (("thing.list.subtasks", "chiso:parentTask", "task"),),
    ),
    "target": Kind(
        (
            _INDICATOR,
            ("thing.fact.statement", ("chiso:statement",)),
            ("thing.fact.operator", ("chiso:operator",)),
            ("thing.fact.value", ("chiso:value",)),
            ("thing.fact.upper_value", ("chiso:upperValue",)),
            _UNIT,
            _AREA,
            _DUE,
            ("thing.fact.period", ("chiso:statedPeriod",)),
            ("thing.target.strength", ("chiso:strength",)),
            _BASIS,
            ("thing.fact.see", ("dct:references",)),
            _NOTE,
        ),
        ("thing.fact.due", "thing.target.strength"),
    ),
    "phase": Kind(
        (
            ("thing.fact.definition", ("dct:description",)),
            _ABOUT,
            ("thing.fact.period", ("chiso:statedPeriod",)),
            ("thing.fact.from", ("chiso:validFrom",)),
            ("thing.fact.to", ("chiso:validTo",)),
            _BASIS,
            _NOTE,
        ),
    ),
    "scenario": Kind(_SCENARIO, ("thing.fact.trigger", "thing.fact.step")),
    "scenario-group": Kind(
        _SCENARIO, ("thing.fact.watches", "thing.fact.trigger"), (("kind.scenario", "skos:inScheme", "scenario"),)
    ),
    "dataset": Kind(
        (
            ("thing.fact.definition", ("dct:description",)),
            ("thing.fact.publisher", ("dct:publisher",)),
            ("thing.fact.licence", ("dct:license",)),
            ("thing.fact.frequency", ("dct:accrualPeriodicity",)),
            ("thing.fact.where", ("dcat:landingPage", "dct:source")),
            ("thing.fact.see", ("dct:references",)),
            _NOTE,
        ),
        ("thing.fact.licence",),
    ),
    "observation": Kind(
        (
            _INDICATOR,
            _AREA,
            ("thing.figure.period", ("sdmx-d:refPeriod",)),
            ("thing.fact.figure", ("sdmx-m:obsValue",)),
            _UNIT,
            _STATUS,
            ("kind.dataset", ("qb:dataSet",)),
            _NOTE,
        ),
        ("thing.fact.figure",),
    ),
    "assessment": Kind(
        (
            _INDICATOR,
            ("thing.fact.alert", ("chiso:alert",)),
            _AREA,
            ("thing.six.method", ("chiso:method",)),
            ("thing.fact.forecast", ("chiso:forecast",)),
            ("thing.fact.horizon", ("chiso:horizon",)),
            ("thing.fact.when", ("prov:generatedAtTime", "dct:date", "sdmx-d:refPeriod")),
            ("thing.fact.data", ("prov:used",)),
            _NOTE,
        ),
        ("thing.fact.alert", "thing.six.method"),
        (("thing.list.requests", "chiso:concerns", "request"),),
    ),
    "request": Kind(
        (
            _INDICATOR,
            _ABOUT,
            ("thing.fact.asked_by", ("chiso:askedBy",)),
            ("thing.fact.asked_of", ("chiso:askedOf",)),
            _DUE,
            _STATUS,
            _NOTE,
        ),
        ("thing.fact.due",),
        (("kind.explanation", "chiso:ofRequest", "explanation"),),
    ),
    "explanation": Kind(
        (
            ("kind.request", ("chiso:ofRequest",)),
            ("thing.fact.answered_by", ("chiso:answeredBy",)),
            ("thing.fact.answer", ("chiso:answer",)),
            _NOTE,
        ),
    ),
    "cutoff-rule": Kind(
        (
            ("thing.fact.frequency", ("dct:accrualPeriodicity",)),
            ("thing.fact.cutoff_from", ("chiso:cutoffFromText",)),
            ("thing.fact.cutoff_to", ("chiso:cutoffToText",)),
            _BASIS,
            _NOTE,
        ),
        (),
        (("kind.regime", "chiso:cutoffRule", "regime"),),
    ),
}


def room(subject: Subject) -> dict[str, Any]:
    """What the template of these kinds is given."""
    thing, language = subject.thing, subject.reading.language
    kind = KINDS[thing.kind or ""]
    own = (
        attached(subject.service.store, [thing.iri], dict.fromkeys(property_ for _, property_, _ in kind.lists))
        if kind.lists
        else None
    )
    found, total = _figures(subject)
    context: dict[str, Any] = {
        "facts": facts(thing, kind.headings, language=language, always=kind.always),
        "figures": figures.table(found, language, total=total),
        "amount": figures.number,
        "when": figures.when,
        "named": thing.kind == "dataset",
        "lists": listed(
            subject, *((words, own.by(property_, kind=one)) for words, property_, one in kind.lists if own)
        ),
        **shared(subject),
    }
    if thing.kind == "observation" and found and not thing.label:
        one = next((each for each in found if each.iri == thing.iri), found[0])
        parts = (one.indicator.label, one.area.label, figures.when(one.period, language))
        context["name"] = ", ".join(part for part in parts if part)
    before = [("about", "thing.about", context["facts"]), ("figures", "thing.figures", context["figures"].rows)]
    context["sections"] = contents(subject, context, before)
    return context


def _figures(subject: Subject) -> tuple[list[Figure], int | None]:
    """The figures of a data set; those that a target is measured by; those beside a figure, for its place and period.
    And how many there are, None where they were not counted."""
    store, thing, language = subject.service.store, subject.thing, subject.reading.language
    if thing.kind == "dataset":
        own = attached(store, [thing.iri], ("qb:dataSet",))
    elif thing.kind in ("target", "observation"):
        own = attached(store, [one.iri for one in named_by(thing, "chiso:indicator")[:1]], ("chiso:indicator",))
    else:
        return [], 0
    listed = own.by("qb:dataSet", "chiso:indicator", kind="observation")
    if thing.kind == "observation":
        listed = [thing.iri, *(iri for iri in listed if iri != thing.iri)]
    found = observations.known(store, listed[: figures.MOST], language=language)
    if thing.kind == "observation":
        here = next((one for one in found if one.iri == thing.iri), None)
        beside = [one for one in found if here and (one.area, one.period) == (here.area, here.period)]
        return beside, len(beside)
    return found, None if own.truncated else max(len(listed), len(found))
