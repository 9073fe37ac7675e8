"""From any code to any scheme, in chains: composed as stated, in their time, never collapsed, and explained when there is none."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from catalogue import library, publication, sources
from catalogue.errors import Ambiguous, NotFound
from catalogue.graphs import MARKS, source_graph
from catalogue.iri import CODES, PREFIXES
from catalogue.mapping import codebook
from catalogue.mapping.chains import crosswalk, walking
from catalogue.mapping.chains.crosswalk import Answer, Crosswalk
from catalogue.settings import DEFAULT_BASE
from catalogue.shipped import GRAPH, ONTOLOGY
from catalogue.store.embedded import Embedded, open_memory
from catalogue.store.port import Store

DAY = date(2026, 1, 1)
HEAD = (
    "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    + "".join(
        f"@prefix {prefix}: <{DEFAULT_BASE}id/{kind}/> .\n"
        for prefix, kind in {
            "set": "indicator-set",
            "indicator": "indicator",
            "mapping": "mapping",
            "mapping-set": "mapping-set",
            "agency": "agency",
            "area": "area",
            "area-change": "area-change",
            "area-scheme": "area-scheme",
        }.items()
    )
    + f"@prefix mapping-status: <{CODES}mapping-status/> .\n"
)

Publish = Callable[..., Store]


@pytest.fixture(scope="module")
def publish() -> Publish:
    """A function from Turtle per mark to a published store: `publish(confirmed="…", inferred="…")`."""
    providers, _ = sources.scan(GRAPH, ONTOLOGY)
    words = open_memory()
    words.apply(publication.plan(words, sources.content(providers[0], DEFAULT_BASE), DEFAULT_BASE))
    vocabulary = list(words.engine)

    def make(**by_mark: str) -> Store:
        store = open_memory(vocabulary)
        graphs: dict[NamedNode, set[Triple]] = {}
        for mark in MARKS:
            if mark in by_mark:
                name = source_graph(DEFAULT_BASE, "test", mark)
                triples = {quad.triple for quad in parse((HEAD + by_mark[mark]).encode(), RdfFormat.TURTLE)}
                graphs[name] = triples | sources.self_description(name, DEFAULT_BASE)
        store.apply(publication.plan(store, graphs, DEFAULT_BASE))
        return store

    return make


def codes(scheme: str, *those: str, more: str = "") -> str:
    """An indicator set and its indicators."""
    said = f'set:{scheme} a chiso:IndicatorSet ; skos:prefLabel "Bộ {scheme}"@vi .\n'
    for code in those:
        said += (
            f'indicator:{scheme}.{code} a chiso:Indicator ; skos:inScheme set:{scheme} ; skos:notation "{code}" ; '
            f'skos:prefLabel "Chỉ tiêu {code} {scheme}"@vi {more} .\n'
        )
    return said


def mapping(key: str, one: str, match: str, other: str, **said: str) -> str:
    """A mapping; accepted where nothing else is said."""
    status = said.pop("status", "accepted")
    told = "".join(f" ; {name.replace('__', ':')} {value}" for name, value in said.items())
    target = other if other.startswith("sssom:") else f"indicator:{other}"
    return (
        f"mapping:{key} a sssom:Mapping ; sssom:subject_id indicator:{one} ; sssom:predicate_id skos:{match} ; "
        f"sssom:object_id {target} ; sssom:mapping_justification semapv:ManualMappingCuration ; "
        f"chiso:status mapping-status:{status}{told} .\nmapping-set:m sssom:mappings mapping:{key} .\n"
    )


SETS = (
    codes("xa", "X1", "X2", "X3", "X4", "X5")
    + codes("tinh", "T1", "T2", "T3", "T4")
    + codes("nuoc", "0101", "0102", "0103")
)


def asked(store: Store, code: str, to: str = "nuoc", as_of: date = DAY, **given: object) -> Crosswalk:
    """The crosswalk of one code."""
    return crosswalk.of(store, code, to=to, as_of=as_of, **given)  # type: ignore[arg-type]


def short(found: Crosswalk) -> list[tuple[str | None, str, int]]:
    """Code, match and number of steps of each answer."""
    return [(one.target.notation, one.match, len(one.chain.steps)) for one in found.answers]


def only(found: Crosswalk) -> Answer:
    """The one answer."""
    (answer,) = found.answers
    return answer


def test_a_chain_through_another_scheme_is_composed_and_told_step_by_step(publish: Publish) -> None:
    store = publish(
        confirmed=SETS
        + mapping(
            "a",
            "xa.X1",
            "exactMatch",
            "tinh.T1",
            sssom__confidence="0.9",
            sssom__reviewer_label='"Nguyễn Thị A"',
            sssom__review_date='"2025-05-05"^^xsd:date',
            chiso__validFrom='"2025-01-01"^^xsd:date',
        ),
        inferred=mapping(
            "b", "nuoc.0101", "narrowMatch", "tinh.T1", sssom__confidence="0.8", chiso__validTo='"2027-01-01"^^xsd:date'
        ),
    )
    answer = only(asked(store, "X1"))
    assert (answer.target.notation, answer.match, answer.ended, answer.split) == ("0101", "broadMatch", False, False)
    assert [(step.match, step.inverted) for step in answer.chain.steps] == [("exactMatch", False), ("broadMatch", True)]
    first = answer.chain.steps[0]
    assert [person.name for person in first.reviewers] == ["Nguyễn Thị A"]
    assert first.review_date == date(2025, 5, 5)
    assert first.mapping_set is not None
    assert answer.chain.verification == "inferred"
    assert answer.chain.weakest is not None
    assert answer.chain.weakest.step == 2
    assert "inferred" in answer.chain.weakest.en
    assert answer.chain.confidence == Decimal("0.72")
    assert (answer.chain.valid_from, answer.chain.valid_to) == (date(2025, 1, 1), date(2027, 1, 1))


def test_the_same_chain_backwards_gives_the_inverse(publish: Publish) -> None:
    store = publish(
        confirmed=SETS
        + mapping("a", "xa.X1", "exactMatch", "tinh.T1")
        + mapping("b", "tinh.T1", "broadMatch", "nuoc.0101")
    )
    assert short(asked(store, "X1")) == [("0101", "broadMatch", 2)]
    assert short(asked(store, "0101", to="xa")) == [("X1", "narrowMatch", 2)]


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        ("", "nothing", "no mapping"),
        (mapping("a", "xa.X1", "exactMatch", "nuoc.0101", status="candidate"), "candidates", "0101"),
        (mapping("a", "xa.X1", "exactMatch", "nuoc.0101", status="rejected"), "rejected", "0101"),
        (mapping("a", "xa.X1", "exactMatch", "nuoc.0101", status="withdrawn"), "withdrawn", "0101"),
        (
            mapping("a", "xa.X1", "exactMatch", "nuoc.0101", chiso__validTo='"2025-07-01"^^xsd:date'),
            "expired",
            "2025-07-01",
        ),
        (
            mapping("a", "xa.X1", "exactMatch", "nuoc.0101", chiso__validFrom='"2026-07-01"^^xsd:date'),
            "not-yet",
            "2026-07-01",
        ),
        (
            mapping(
                "a",
                "xa.X1",
                "exactMatch",
                "sssom:NoTermFound",
                sssom__reviewer_label='"Trần B"',
                sssom__review_date='"2025-05-05"^^xsd:date',
            ),
            "decided-none",
            "Trần B on 2025-05-05",
        ),
        (
            mapping("a", "xa.X1", "exactMatch", "sssom:NoTermFound", sssom__object_source="set:tinh"),
            "nothing",
            "no mapping",
        ),
        (mapping("a", "xa.X1", "exactMatch", "tinh.T1"), "elsewhere", "Bộ tinh"),
        (
            mapping("a", "xa.X1", "closeMatch", "tinh.T1") + mapping("b", "tinh.T1", "closeMatch", "nuoc.0101"),
            "no-conclusion",
            "not transitive",
        ),
        (
            mapping("a", "xa.X1", "broadMatch", "tinh.T1") + mapping("b", "tinh.T1", "narrowMatch", "nuoc.0101"),
            "no-conclusion",
            "within the middle code",
        ),
        (
            mapping("a", "xa.X1", "exactMatch", "nuoc.0101", sssom__predicate_modifier='"Not"'),
            "",
            "",
        ),
    ],
)
def test_no_answer_says_why(publish: Publish, said: str, kind: str, told: str) -> None:
    found = asked(publish(confirmed=SETS + said), "X1")
    assert (found.outcome, found.answers) == ("none", [])
    if kind:
        assert kind in [reason.kind for reason in found.reasons]
        reason = next(reason for reason in found.reasons if reason.kind == kind)
        assert told in reason.en
        assert reason.vi != reason.en


def test_only_mappings_of_the_day_are_walked(publish: Publish) -> None:
    store = publish(
        confirmed=SETS
        + mapping("a", "xa.X1", "exactMatch", "nuoc.0101", chiso__validTo='"2025-07-01"^^xsd:date')
        + mapping("b", "xa.X1", "exactMatch", "nuoc.0102", chiso__validFrom='"2025-07-01"^^xsd:date')
    )
    assert short(asked(store, "X1", as_of=date(2025, 6, 30))) == [("0101", "exactMatch", 1)]
    assert short(asked(store, "X1", as_of=date(2025, 7, 1))) == [("0102", "exactMatch", 1)]


def test_several_answers_stay_several_and_the_closest_comes_first(publish: Publish) -> None:
    store = publish(
        confirmed=SETS
        + mapping("a", "xa.X1", "narrowMatch", "nuoc.0101")
        + mapping("b", "xa.X1", "narrowMatch", "nuoc.0103")
        + mapping("c", "xa.X1", "closeMatch", "nuoc.0102")
    )
    found = asked(store, "X1")
    assert found.outcome == "several"
    assert short(found) == [("0102", "closeMatch", 1), ("0101", "narrowMatch", 1), ("0103", "narrowMatch", 1)]


def test_several_chains_to_one_code_are_one_answer_with_the_others_behind(publish: Publish) -> None:
    store = publish(
        confirmed=SETS
        + mapping("a", "xa.X1", "exactMatch", "tinh.T1")
        + mapping("b", "tinh.T1", "exactMatch", "nuoc.0101")
        + mapping("c", "xa.X1", "exactMatch", "tinh.T2", sssom__confidence="0.5")
        + mapping("d", "tinh.T2", "exactMatch", "nuoc.0101", sssom__confidence="0.5"),
        unverified=mapping("e", "xa.X1", "broadMatch", "nuoc.0101"),
    )
    answer = only(asked(store, "X1"))
    assert answer.chains == 3
    # What somebody decided directly goes before what follows from a chain, though the chain's match is closer.
    assert (answer.match, len(answer.chain.steps)) == ("broadMatch", 1)
    assert [(chain.match, chain.confidence) for chain in answer.others] == [
        ("exactMatch", None),
        ("exactMatch", Decimal("0.25")),
    ]


def test_cycles_end_and_chains_are_no_longer_than_asked(publish: Publish) -> None:
    ring = "".join(
        mapping(f"r{number}", f"xa.X{number}", "exactMatch", f"xa.X{number % 5 + 1}") for number in range(1, 6)
    )
    store = publish(confirmed=SETS + ring + mapping("z", "xa.X4", "exactMatch", "nuoc.0101"))
    assert short(asked(store, "X1")) == [("0101", "exactMatch", 3)]
    assert only(asked(store, "X1")).chains == 2
    assert asked(store, "X1", steps=2).outcome == "none"
    assert [reason.kind for reason in asked(store, "X1", steps=2).reasons] == ["elsewhere"]


def test_a_thicket_of_codes_is_answered_in_bounded_time(publish: Publish) -> None:
    names = [f"X{number}" for number in range(40)]
    every = "".join(
        mapping(f"m{one}-{two}", f"xa.{one}", "exactMatch", f"xa.{two}")
        for place, one in enumerate(names)
        for two in names[place + 1 :]
    )
    store = publish(
        confirmed=codes("xa", *names)
        + codes("nuoc", "0101")
        + every
        + mapping("z", "xa.X39", "exactMatch", "nuoc.0101")
    )
    answer = only(asked(store, "X0"))
    assert len(answer.chain.steps) == 2
    assert answer.chains >= 1


def test_a_code_is_itself_in_its_own_scheme(publish: Publish) -> None:
    answer = only(asked(publish(confirmed=SETS), "0101"))
    assert (answer.match, answer.chain.steps, answer.chain.weakest) == ("exactMatch", [], None)


def test_a_replaced_code_leads_on_to_its_successors(publish: Publish) -> None:
    store = publish(
        confirmed=codes("cu", "0101", "0102", "0103", "0104")
        + codes("moi", "0101", "0201", "0202", "0301")
        + codes("xa", "X1", "X2", "X3")
        + "indicator:cu.0101 dct:isReplacedBy indicator:moi.0101 .\n"
        "indicator:cu.0102 dct:isReplacedBy indicator:moi.0201 , indicator:moi.0202 .\n"
        "indicator:moi.0301 dct:replaces indicator:cu.0103 , indicator:cu.0104 .\n"
        + mapping("a", "xa.X1", "exactMatch", "cu.0101")
        + mapping("b", "xa.X2", "exactMatch", "cu.0102")
        + mapping("c", "xa.X3", "exactMatch", "cu.0103")
    )
    assert short(asked(store, "X1", to="moi")) == [("0101", "closeMatch", 2)]
    split = asked(store, "X2", to="moi")
    assert short(split) == [("0201", "narrowMatch", 2), ("0202", "narrowMatch", 2)]
    assert [answer.split for answer in split.answers] == [True, True]
    assert short(asked(store, "X3", to="moi")) == [("0301", "broadMatch", 2)]
    assert [step.kind for step in only(asked(store, "X3", to="moi")).chain.steps] == ["mapping", "succession"]
    assert short(asked(store, "0301", to="cu", source="moi")) == [
        ("0103", "narrowMatch", 1),
        ("0104", "narrowMatch", 1),
    ]


def test_codes_are_found_with_and_without_leading_zeros_and_never_guessed(publish: Publish) -> None:
    store = publish(
        confirmed=codes("xa", "0101", "1.2.a")
        + codes("nuoc", "0101")
        + mapping("a", "xa.0101", "exactMatch", "nuoc.0101")
    )
    assert short(asked(store, "101", source="xa")) == [("0101", "exactMatch", 1)]
    assert short(asked(store, f"{DEFAULT_BASE}id/indicator/xa.0101")) == [("0101", "exactMatch", 1)]
    assert asked(store, "1.2.A", source="xa").of is not None
    with pytest.raises(Ambiguous, match="Bộ nuoc") as caught:
        asked(store, "101")
    assert len(caught.value.details["candidates"]) == 2
    with pytest.raises(NotFound, match="9999"):
        asked(store, "9999", source="xa")
    with pytest.raises(NotFound, match="khong-co"):
        asked(store, "0101", to="khong-co")


def test_many_codes_are_answered_as_each_alone_would_be(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many at once are read in another way: everything, instead of what is around each."""
    names = [f"{number:05d}" for number in range(120)]
    store = publish(
        confirmed=codes("xa", *names)
        + codes("nuoc", *names)
        + "".join(mapping(f"m{name}", f"xa.{name}", "exactMatch", f"nuoc.{name}") for name in names[:100])
        + "indicator:nuoc.00007 dct:isReplacedBy indicator:nuoc.00008 .\n"
    )
    given = [*names, "no such code", "17"]
    singly = [
        crosswalk.translate(store, [one], to="nuoc", source="xa", as_of=DAY)[0]
        for one in ("00000", "00007", "00110", "17")
    ]
    monkeypatch.setattr(walking, "MANY", 50)
    monkeypatch.setattr(codebook, "MANY", 50)
    found = crosswalk.translate(store, given, to="nuoc", source="xa", as_of=DAY)
    assert [one.text for one in found] == given
    assert [one.outcome for one in found] == ["translated"] * 100 + ["none"] * 21 + ["translated"]
    assert found[110].reasons[0].kind == "nothing"
    assert found[120].reasons[0].kind == "not-found"
    assert [found[0], found[7], found[110], found[121]] == singly
    assert found[7].answers[0].target.notation == "00008"


def test_the_query_of_the_library_gives_the_same_chains(publish: Publish) -> None:
    store = publish(
        confirmed=SETS
        + mapping("a", "xa.X1", "exactMatch", "tinh.T1")
        + mapping("b", "tinh.T1", "broadMatch", "tinh.T2")
        + mapping("c", "nuoc.0101", "exactMatch", "tinh.T2")
        + mapping("d", "tinh.T1", "closeMatch", "tinh.T3")
        + mapping("e", "tinh.T3", "closeMatch", "nuoc.0102")
        + mapping("f", "xa.X1", "closeMatch", "nuoc.0103")
        + mapping("g", "xa.X1", "exactMatch", "nuoc.0102", status="candidate")
    )
    things = {
        "of": NamedNode(f"{DEFAULT_BASE}id/indicator/xa.X1"),
        "to": NamedNode(f"{DEFAULT_BASE}id/indicator-set/nuoc"),
    }
    bound = library.examples()["crosswalk"].bound({"of": "of", "to": "to"}, things.__getitem__, DAY)
    rows = {
        (row[1].value, row[3].value.partition("#")[2], int(row[4].value))
        for row in store.select(bound).rows
        if row[1] is not None and row[3] is not None and row[4] is not None
    }
    assert rows == {("0103", "closeMatch", 1), ("0101", "broadMatch", 3)}
    assert {(code, match, steps) for code, match, steps in short(asked(store, "X1"))} == rows


OLD, NEW = "area-scheme:truoc-2025-07-01", "area-scheme:2025-07-01"


def test_an_old_ward_code_becomes_the_new_ones(real_store: Embedded) -> None:
    """Trúc Bạch (00004) went into Ba Đình, with others; codes of wards that were divided have several answers."""
    found = asked(real_store, "00004", to=NEW, source=OLD)
    assert "Ba Đình" in str(found.answers[0].target.thing)
    assert found.answers[0].match in ("broadMatch", "relatedMatch")
    step = found.answers[0].chain.steps[0]
    assert (step.kind, step.valid_from) == ("succession", date(2025, 7, 1))
    assert asked(real_store, "00004", to=NEW, source=OLD, as_of=date(2025, 6, 30)).outcome == "none"


def test_all_old_ward_codes_have_new_ones_and_none_is_collapsed(real_store: Embedded) -> None:
    query = f"SELECT ?code {{ ?area <{PREFIXES['skos']}inScheme> <{DEFAULT_BASE}id/area-scheme/truoc-2025-07-01> ; <{PREFIXES['skos']}notation> ?code }}"
    every = sorted({str(row[0].value) for row in real_store.select(query).rows if row[0]})
    found = crosswalk.translate(real_store, every, to=NEW, source=OLD, as_of=DAY)
    wards = [one for one in found if len(one.text) == 5]
    assert len(wards) > 10_000
    answered = [one for one in wards if one.answers]
    assert len(answered) / len(wards) > 0.99
    divided = [one for one in wards if one.outcome == "several"]
    several = f"""SELECT ?old {{
        ?old <{PREFIXES["skos"]}inScheme> <{DEFAULT_BASE}id/area-scheme/truoc-2025-07-01> .
        ?change <{PREFIXES["prov"]}used> ?old . ?change <{PREFIXES["prov"]}generated> ?new
    }} GROUP BY ?old HAVING (COUNT(DISTINCT ?new) > 1)"""
    assert len(divided) == len(real_store.select(several).rows)
    assert all(answer.split for one in divided for answer in one.answers)
    assert all(one.reasons for one in found if not one.answers)
