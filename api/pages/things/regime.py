"""The page of a reporting regime: the fields of Decree 09/2019/NĐ-CP, what is due next, what it asks for."""

from typing import Any

from api.pages.things.facts import Heading, facts, named_by
from api.pages.things.sections import Listed, contents, listed, shared, total
from api.pages.things.subject import Subject
from catalogue import regimes
from catalogue.attached import attached

# Decree 09/2019/NĐ-CP, Article 7: what the rule of a periodic report must say.
FIELDS: tuple[Heading, ...] = (
    ("thing.field.content", ("chiso:content",)),
    ("thing.field.reporter", ("chiso:reporter",)),
    ("thing.field.recipient", ("chiso:recipient",)),
    ("thing.field.channel", ("chiso:channel",)),
    ("thing.field.due", ("chiso:dueRule", "chiso:dueDay")),
    ("thing.field.frequency", ("dct:accrualPeriodicity",)),
    ("thing.field.cutoff", ("chiso:cutoffRule", "chiso:cutoffDay")),
    ("thing.field.outline", ("chiso:outline",)),
    ("thing.field.form", ("chiso:dataForm",)),
    ("thing.field.guidance", ("chiso:guidance",)),
)
_MORE: tuple[Heading, ...] = (
    ("thing.field.basis", ("chiso:basis",)),
    ("thing.field.kind", ("dct:type",)),
    ("thing.field.destination", ("chiso:destination",)),
    ("thing.field.secret", ("chiso:excludesSecret",)),
    ("thing.fact.from", ("chiso:validFrom",)),
    ("thing.fact.to", ("chiso:validTo",)),
    ("thing.fact.size", ("chiso:statedSize",)),
    ("thing.fact.note", ("chiso:note",)),
)


def room(subject: Subject) -> dict[str, Any]:
    """What the template of a regime is given."""
    store, thing, reading = subject.service.store, subject.thing, subject.reading
    (terms,) = regimes.regimes(store, [thing.iri], as_of=reading.as_of, language=reading.language, number=2)
    own = attached(store, [thing.iri], ("chiso:concerns", "chiso:exchanges", "chiso:watches"))
    asked = named_by(thing, "chiso:requires")
    context: dict[str, Any] = {
        "terms": terms,
        "fields": facts(thing, FIELDS, language=reading.language, always=[words for words, _ in FIELDS]),
        "more": facts(thing, _MORE, language=reading.language),
        "lists": [
            *([Listed("thing.list.required", asked, total(thing, "chiso:requires", len(asked)))] if asked else []),
            *listed(
                subject,
                ("thing.list.concerns", [one.iri for one in named_by(thing, "chiso:concerns")]),
                ("thing.list.systems", own.by("chiso:exchanges", kind="exchange")),
                ("thing.list.tasks", own.by("chiso:concerns", kind="task")),
                ("thing.list.phases", own.by("chiso:concerns", kind="phase")),
            ),
        ],
        **shared(subject),
    }
    before = [("due", "thing.due.next", True), ("fields", "thing.fields", True)]
    context["sections"] = contents(subject, context, before)
    return context
