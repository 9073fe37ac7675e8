"""From a listing and what the catalogue knows to what is to be loaded: the list, its mappings, and a report of both."""

import datetime
from dataclasses import dataclass, field, replace

from pyoxigraph import NamedNode, Triple

from catalogue.comparison import Work
from catalogue.graphs import MARKS, source_graph
from catalogue.rdf import canonical
from catalogue.sources import Provider, content
from catalogue.store.port import Store
from loaders import list_setting
from loaders.annex_mappings import GivenMappings, Target, mapping_set
from loaders.list_graph import GivenList, Provenance, Setting, scheme_iri
from loaders.list_setting import Decision
from loaders.lists import Fault, Form, Listing


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says beside the files: the decision that issues the list (number, CURIE, IRI), the level (a code), the
    list whose codes the last column of an annex has, and how they match (`closeMatch`, …)."""

    decision: str | None = None
    level: str | None = None
    to: str | None = None
    match: str = "closeMatch"


@dataclass(slots=True)
class ListReport:
    """What was read of a list, and what is made of it.

    `rows`: of the files. `schemes`, `mapping_set`: IRIs. `candidates`: mappings that nobody decided. `kept`: mappings that
    stay as they were decided after an earlier load. `unresolved`: names of bodies that are kept as text. `left_out`: what
    was not taken. `remarks`: what was read otherwise than it is written.
    """

    form: Form
    rows: int
    schemes: list[str] = field(default_factory=list)
    groups: int = 0
    indicators: int = 0
    codes: int = 0
    responsibilities: int = 0
    mapping_set: str | None = None
    mappings: int = 0
    candidates: int = 0
    kept: int = 0
    unresolved: list[str] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be loaded, and what was read."""

    work: Work
    report: ListReport


def plan(
    store: Store, form: Form, listing: Listing, given: Provenance, asked: Asked, *, base: str, language: str = "vi"
) -> Plan:
    """Settle a listing in the catalogue that `store` holds.

    Raises `Conflict` for a list of the same key from elsewhere; `NotFound`, `Ambiguous` and `Invalid` for a decision or a
    list that is not known.
    """
    schemes = [scheme_iri(base, given.key, scheme) for scheme in listing.schemes]
    list_setting.refuse_namesakes(store, schemes, given.key, given.source, base)
    report = _report(form, listing, schemes)
    decision = list_setting.decision(store, asked.decision, base=base, language=language) if asked.decision else None
    setting = _setting(store, listing, decision, asked.level, report)
    providers: list[Provider] = [GivenList(listing, given, setting)]
    if form == "annex":
        mappings = _mappings(store, listing, schemes[0], decision, given, asked, report, base, language)
        providers += [mappings] if mappings else []
    return Plan(_work(store, providers, given, base), report)


def _report(form: Form, listing: Listing, schemes: list[NamedNode]) -> ListReport:
    kinds = [entry.kind for scheme in listing.schemes for entry in scheme.entries]
    return ListReport(
        form,
        listing.rows,
        [iri.value for iri in schemes],
        kinds.count("group"),
        kinds.count("indicator"),
        kinds.count("code"),
        left_out=list(listing.left_out),
        remarks=list(listing.remarks),
    )


def _setting(
    store: Store, listing: Listing, decision: Decision | None, level: str | None, report: ListReport
) -> Setting:
    """Bodies are looked up only where a decision gives them the duty; else nothing but words is known."""
    duties = [duty for scheme in listing.schemes for entry in scheme.entries for duty in entry.duties]
    names = dict.fromkeys(duty.agency for duty in duties)
    if decision is None:
        report.unresolved = list(names)
        return Setting(level=level)
    parties = list_setting.parties(store, names, decision.valid_from or decision.day)
    report.unresolved = [name for name in names if name not in parties]
    report.responsibilities = sum(duty.agency in parties for duty in duties)
    return Setting(decision.iri, _iso(decision.valid_from), _iso(decision.valid_to), level, parties)


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _mappings(
    store: Store,
    listing: Listing,
    held: NamedNode,
    decision: Decision | None,
    given: Provenance,
    asked: Asked,
    report: ListReport,
    base: str,
    language: str,
) -> GivenMappings | None:
    entries = listing.schemes[0].entries
    count = sum(len(entry.higher) for entry in entries)
    if asked.to is None:
        if count:
            report.remarks.append(_remark(*_NO_TARGET, count))
        return None
    scheme = list_setting.scheme(store, asked.to, base=base, language=language)
    target = Target(scheme, list_setting.codes(store, scheme))
    made, missing = mapping_set(listing.schemes[0], held, target, decision, asked.match, given, base)
    report.left_out += missing
    if not made.mappings:
        return None
    own = replace(given, key=f"{given.key}-{target.key}", title=str(made.slots["mapping_set_title"]))
    stored = tuple(triple for mark in MARKS for triple in store.graph(source_graph(base, own.key, mark)))
    found = GivenMappings(made, own, stored)
    report.mapping_set = str(made.slots["mapping_set_id"])
    report.mappings = len(made.mappings)
    report.candidates = sum(one.slots["mapping_status"] == "candidate" for one in made.mappings)
    report.kept = found.decided(base)
    if decision is not None and report.candidates:
        report.remarks.append(_remark(*_UNDATED, report.candidates))
    return found


_NO_TARGET = (
    "{count} mã ở cột cuối không thành ánh xạ, vì chưa nói là mã của bộ nào (--to).",
    "{count} codes in the last column became no mappings, since it was not said whose codes they are (--to).",
)
_UNDATED = (
    "{count} ánh xạ chỉ là đề xuất: danh mục chưa biết cơ quan ban hành hoặc ngày của văn bản (--decision).",
    "{count} mappings are candidates only: the catalogue does not know issuer or day of the document (--decision).",
)


def _remark(vi: str, en: str, count: int) -> Fault:
    return Fault("cột cuối", "last column", vi.format(count=count), en.format(count=count))


def _work(store: Store, providers: list[Provider], given: Provenance, base: str) -> Work:
    """The graphs of each provider; the graphs that the same source has under another mark are emptied."""
    work = Work()
    there = set(store.graph_names())
    for provider in providers:
        graphs: dict[NamedNode, set[Triple]] = {
            name: canonical(triples) for name, triples in content(provider, base).items()
        }
        for mark in MARKS:
            other = source_graph(base, provider.key, mark)
            if mark != given.mark and other in there:
                graphs[other] = set()
        work.incoming[provider.key] = graphs
        work.digests[provider.key] = None
    return work
