"""What was loaded, and what is held: kept in a graph of the authority itself, which is never published.

An entry tells of a source what was loaded from it: its file digest, content digest, graphs and size. A source that has a
file digest ships with the package; one without was loaded by the user. A record tells of a named graph what it holds
now: a graph that was written to since it was loaded differs from its source's entry. The published state is named
after the records.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, Triple

from catalogue.graphs import is_internal, manifest_graph
from catalogue.iri import PREFIXES, VOCABULARY
from catalogue.store.port import Change, Store

_IDENTIFIER = NamedNode(PREFIXES["dct"] + "identifier")
_PART = NamedNode(PREFIXES["dct"] + "hasPart")
_LOADED = NamedNode(PREFIXES["dct"] + "modified")
_FILES = NamedNode(VOCABULARY + "fileDigest")
_CONTENT = NamedNode(VOCABULARY + "contentDigest")
_COUNT = NamedNode(VOCABULARY + "statementCount")
_ABOUT = NamedNode(PREFIXES["dct"] + "subject")
_DERIVATION = NamedNode(VOCABULARY + "derivationVersion")
_UNFINISHED = NamedNode(VOCABULARY + "unfinished")
_REJECTED = NamedNode(VOCABULARY + "rejected")
_INTEGER = NamedNode(PREFIXES["xsd"] + "integer")
_DATE_TIME = NamedNode(PREFIXES["xsd"] + "dateTime")


@dataclass(frozen=True, slots=True)
class Entry:
    """One loaded source. `files`: digest of what shipped, None for the user's own; `content`: digest of what was stored."""

    key: str
    files: str | None
    content: str
    graphs: tuple[NamedNode, ...]
    statements: int
    loaded: str

    @property
    def shipped(self) -> bool:
        """Whether the source came with the package."""
        return self.files is not None


@dataclass(frozen=True, slots=True)
class Held:
    """What a named graph holds now: the SHA-256 of its statements, and how many there are."""

    digest: str
    statements: int


def held(graph: NamedNode, triples: Collection[Triple]) -> Held:
    """The record of `graph` when it holds `triples`, as the engine gives them back."""
    return Held(content_digest({graph: triples}), len(triples))


def _said(store: Store, base: str) -> Iterable[Mapping[NamedNode, list[str]]]:
    of: dict[str, dict[NamedNode, list[str]]] = {}
    for triple in store.graph(manifest_graph(base)):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            of.setdefault(triple.subject.value, {}).setdefault(triple.predicate, []).append(triple.object.value)
    return of.values()


def held_graphs(store: Store, base: str) -> dict[NamedNode, Held]:
    """What each source graph holds, by its name in the published state."""
    return {
        NamedNode(said[_ABOUT][0]): Held(said[_CONTENT][0], int(said[_COUNT][0]))
        for said in _said(store, base)
        if _ABOUT in said
    }


def read(store: Store, base: str) -> dict[str, Entry]:
    """All entries, by source key."""
    found = {}
    for said in _said(store, base):
        if _IDENTIFIER not in said:
            continue
        key = said[_IDENTIFIER][0]
        found[key] = Entry(
            key=key,
            files=said.get(_FILES, [None])[0],
            content=said[_CONTENT][0],
            graphs=tuple(NamedNode(g) for g in sorted(said.get(_PART, []))),
            statements=int(said[_COUNT][0]),
            loaded=said[_LOADED][0],
        )
    return found


def derivation(store: Store, base: str) -> int | None:
    """The version of the rules by which the derived graph was made; None in a new store."""
    graph = manifest_graph(base)
    for (version,) in store.select(f"SELECT ?v WHERE {{ GRAPH {graph} {{ {graph} {_DERIVATION} ?v }} }}").rows:
        if isinstance(version, Literal):
            return int(version.value)
    return None


def derivation_quad(version: int, base: str) -> Quad:
    """The version of the derivation rules as it stands in the manifest graph."""
    graph = manifest_graph(base)
    return Quad(graph, _DERIVATION, Literal(str(version), datatype=_INTEGER), graph)


def unfinished(store: Store, base: str) -> frozenset[str]:
    """The keys of the sources that a change in several requests was replacing when it broke off."""
    graph = manifest_graph(base)
    rows = store.select(f"SELECT ?key WHERE {{ GRAPH {graph} {{ {graph} {_UNFINISHED} ?key }} }}").rows
    return frozenset(key.value for (key,) in rows if isinstance(key, Literal))


def begun(keys: Iterable[str], version: int, base: str) -> Change:
    """The change that says: these sources are being replaced, and the derived graph is not to be trusted."""
    graph = manifest_graph(base)
    return Change(
        remove=[derivation_quad(version, base)], add=[Quad(graph, _UNFINISHED, Literal(key), graph) for key in keys]
    )


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why sources stayed out when they were last checked: rows of source, sentence in Vietnamese, sentence in English.

    `under`: a digest of all that the verdict depends on; while it is the same, so is the verdict.
    """

    under: str = ""
    sentences: tuple[tuple[str, str, str], ...] = ()


def rejected(store: Store, base: str) -> Rejected:
    """What the last check refused."""
    graph = manifest_graph(base)
    rows = store.select(f"SELECT ?said WHERE {{ GRAPH {graph} {{ {graph} {_REJECTED} ?said }} }}").rows
    for (said,) in rows:
        if isinstance(said, Literal):
            under, sentences = json.loads(said.value)
            return Rejected(under, tuple((source, vi, en) for source, vi, en in sentences))
    return Rejected()


def rejected_quads(found: Rejected, base: str) -> list[Quad]:
    """What was refused as it stands in the manifest graph: one text, since nothing ever looks into it."""
    graph = manifest_graph(base)
    text = json.dumps([found.under, found.sentences], ensure_ascii=False)
    return [Quad(graph, _REJECTED, Literal(text), graph)] if found.sentences else []


def entry(key: str, files: str | None, graphs: Mapping[NamedNode, set[Triple]], now: datetime) -> Entry:
    """The entry of a source whose graphs hold `graphs`, as the engine gives them back."""
    return Entry(
        key=key,
        files=files,
        content=content_digest(graphs),
        graphs=tuple(sorted(graphs, key=lambda g: g.value)),
        statements=sum(len(triples) for triples in graphs.values()),
        loaded=now.astimezone(UTC).isoformat(timespec="milliseconds"),
    )


def change(
    store: Store,
    base: str,
    version: int,
    *,
    entries: Mapping[str, Entry] | None = None,
    records: Mapping[NamedNode, Held] | None = None,
    refused: Rejected | None = None,
) -> Change:
    """The change that makes the manifest in `store` say what is given (None: as before) and the derivation `version`."""
    graph = manifest_graph(base)
    old = {Quad(t.subject, t.predicate, t.object, graph) for t in store.graph(graph)}
    entries = read(store, base) if entries is None else entries
    new = {quad for entry in entries.values() for quad in quads(entry, base)}
    for name, record in (held_graphs(store, base) if records is None else records).items():
        new.update(record_quads(name, record, base))
    new.add(derivation_quad(version, base))
    new.update(rejected_quads(rejected(store, base) if refused is None else refused, base))
    return Change(add=list(new - old), remove=list(old - new))


def renewed(
    before: Mapping[NamedNode, Held], after: Mapping[NamedNode, Held], names: Iterable[NamedNode], base: str
) -> Change:
    """The change by which the records of the graphs `names` become what they are in `after`; nothing else is read or
    written, so that it costs the same however many graphs are held."""
    old, new = (
        {quad for name in names if name in records for quad in record_quads(name, records[name], base)}
        for records in (before, after)
    )
    return Change(add=list(new - old), remove=list(old - new))


def content_digest(graphs: Mapping[NamedNode, Iterable[Triple]]) -> str:
    """SHA-256 over the sorted statements of some graphs. Give it canonical triples."""
    lines = sorted({f"{triple} {name}" for name, triples in graphs.items() for triple in triples})
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def quads(found: Entry, base: str) -> list[Quad]:
    """An entry as it stands in the manifest graph."""
    graph = manifest_graph(base)
    node = NamedNode(f"{graph.value}#{quote(found.key, safe='.-_~')}")

    def said(predicate: NamedNode, value: NamedNode | Literal) -> Quad:
        return Quad(node, predicate, value, graph)

    made = [
        said(_IDENTIFIER, Literal(found.key)),
        said(_CONTENT, Literal(found.content)),
        said(_COUNT, Literal(str(found.statements), datatype=_INTEGER)),
        said(_LOADED, Literal(found.loaded, datatype=_DATE_TIME)),
        *(said(_PART, name) for name in found.graphs),
    ]
    return [*made, said(_FILES, Literal(found.files))] if found.files is not None else made


def record_quads(graph: NamedNode, found: Held, base: str) -> list[Quad]:
    """A record as it stands in the manifest graph."""
    manifest = manifest_graph(base)
    node = NamedNode(f"{manifest.value}#graph={quote(graph.value, safe='.-_~')}")
    return [
        Quad(node, _ABOUT, graph, manifest),
        Quad(node, _CONTENT, Literal(found.digest), manifest),
        Quad(node, _COUNT, Literal(str(found.statements), datatype=_INTEGER), manifest),
    ]


def digest(records: Mapping[NamedNode, Held], base: str) -> str:
    """SHA-256 of all that is public: the same content has the same digest, whenever and wherever it is published."""
    lines = sorted(f"{g.value} {r.digest}" for g, r in records.items() if not is_internal(g.value, base))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def statements(records: Mapping[NamedNode, Held], base: str) -> int:
    """How many statements the public source graphs hold, each graph counted by itself."""
    return sum(record.statements for graph, record in records.items() if not is_internal(graph.value, base))


def state_name(digest: str, now: datetime) -> str:
    """The name of a published state: its moment (UTC) and the beginning of its digest.

    >>> state_name("e3b0c44298fc1c14", datetime(2026, 1, 2, 3, 4, 5, 678000, UTC))
    '20260102T030405678Z-e3b0c44298fc'
    """
    return f"{moment_name(now)}-{digest[:12]}"


def state_now(records: Mapping[NamedNode, Held], base: str) -> str:
    """The name of a state published at this moment."""
    return state_name(digest(records, base), datetime.now(UTC))


def moment_name(now: datetime) -> str:
    """A moment (UTC) as a part of file names that sort by time, to the millisecond."""
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%S") + f"{now.microsecond // 1000:03d}Z"
