"""How filters of a search stand in an address: short names (`tinh`, `agency:hanoi.ubnd`) for the IRIs of the index."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import Depends, Query

from api import texts
from api.pages.naming import day
from api.pages.render import Messages
from api.service import Service
from catalogue import iri
from catalogue.errors import Invalid
from catalogue.iri import CODES
from catalogue.search.filters import Filters
from catalogue.search.index import Facet, Found

_LEVELS = CODES + "level/"
_NODES = ("group", "lead")
LONGEST_VALUE = 500
"""Characters of a filter: a publisher with a longer name is none."""

Kind = Annotated[str | None, Query(max_length=40, description="Only things of this kind, as `agency`.")]
Level = Annotated[
    str | None, Query(max_length=200, description="Only what stands on this level: `quoc-gia`, `tinh`, `huyen`, `xa`.")
]
Group = Annotated[
    str | None,
    Query(max_length=LONGEST_VALUE, description="Only what belongs to this group or set: IRI or `indicator-set:…`."),
]
Lead = Annotated[
    str | None,
    Query(max_length=LONGEST_VALUE, description="Only what this unit leads or led: IRI or `agency:hanoi.ubnd`."),
]
Validity = Annotated[
    str | None,
    Query(max_length=40, description="`current`, `ended` or `upcoming` on the day `asOf`; today where absent."),
]
Verification = Annotated[
    str | None, Query(max_length=40, description="Only what is `confirmed`, `inferred` or `unverified`.")
]
Publisher = Annotated[
    str | None, Query(max_length=LONGEST_VALUE, description="Only what a source of this publisher says, by name.")
]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of an address, as they stand in it."""

    kind: Kind = None
    level: Level = None
    group: Group = None
    lead: Lead = None
    validity: Validity = None
    verification: Verification = None
    publisher: Publisher = None

    def filters(self, service: Service) -> Filters:
        """The same for the index; an empty one counts as absent. Raises `Invalid` for what can be no level and no thing."""
        found = {name: value.strip() for name, value in asdict(self).items() if value and value.strip()}
        if "level" in found and not iri.is_absolute(found["level"]):
            found["level"] = _LEVELS + found["level"]
        for name in _NODES:
            if name in found:
                found[name] = iri.of_curie(service.base, found[name])
        for name in ("level", *_NODES):
            if name in found and not iri.is_absolute(found[name]):
                raise Invalid(
                    f"“{found[name][:80]}” không dùng làm {name} được. Hãy bỏ bộ lọc này, hoặc ghi IRI hay khóa, ví dụ agency:hanoi.ubnd.",
                    f"“{found[name][:80]}” cannot be a {name}. Leave this filter out, or give an IRI or a key, as agency:hanoi.ubnd.",
                    details={"parameter": name},
                )
        return Filters(**found)


Given = Annotated[Asked, Depends()]
"""The filters of a request."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet: the short `value` that goes into the address, its `label` in the language asked for, and how
    many results bear it. `iri` where it is a thing or a code."""

    value: str
    label: str
    count: int
    iri: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet with the name of its parameter, and its commonest values."""

    name: str
    label: str
    values: list[Value]


def short(service: Service, name: str, value: str) -> str:
    """How the value of a filter stands in an address."""
    if name == "level":
        return value.removeprefix(_LEVELS)
    return iri.curie(service.base, value) if name in _NODES else value


def label(words: Messages, name: str, value: str) -> str:
    """What a value that is a word is called."""
    key = {"kind": f"kind.{value}", "verification": f"marks.{value}", "validity": f"search.validity.{value}"}.get(name)
    said = words[key] if key is not None else value
    return said[:1].upper() + said[1:] if name == "verification" else said


def choices(service: Service, words: Messages, facets: list[Facet]) -> list[Choice]:
    """The facets as people and addresses have them."""
    return [
        Choice(
            facet.name,
            words[f"search.facet.{facet.name}"],
            [
                Value(
                    short(service, facet.name, one.value),
                    texts.line(one.label or label(words, facet.name, one.value)) or "–",
                    one.count,
                    one.value if facet.name in ("level", *_NODES) else None,
                )
                for one in facet.values
                if len(one.value) <= LONGEST_VALUE
            ],
        )
        for facet in facets
    ]


def note(words: Messages, found: Found) -> str | None:
    """What tells a result apart beside its name: the former name by which it was found, else what it became."""
    if found.former:
        return words["search.former"].format(name=found.former)
    after = ", ".join(one.label for one in found.became[:3] if one.label)
    return words["search.became"].format(names=after) if after else None


def period(words: Messages, found: Found, language: str) -> str | None:
    """From when to when a result is valid, in words; None where nothing is known of it."""
    first, last = day(found.valid_from, language), day(found.valid_to, language)
    key = "both" if first and last else "from" if first else "until" if last else ""
    return words[f"period.{key}"].format(first=first, last=last) if key else None
