"""The text of a query, read by its tokens: what it is, what is refused, and how long reading takes."""

import contextlib
import time

import pytest

from catalogue.errors import BadRequest, CatalogueError, Forbidden, LimitReached
from catalogue.settings import Settings
from catalogue.sparql_hints import hints
from catalogue.sparql_text import read, read_update, tokens

SETTINGS = Settings()


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("select * {}", "select"),
        ("\ufeff# ask\nBASE <http://ask/> PREFIX ask: <http://construct/>\nASK {}", "ask"),
        ("PREFIX service: <urn:service> CONSTRUCT WHERE { ?service service:load 'SERVICE <x>' }", "construct"),
        ('DESCRIBE <http://x/SERVICE> # SERVICE\n', "describe"),
        ('ASK { _:service ?load """ " SERVICE \n""" , \'\'\'LOAD\'\'\'@en-service, "\\"LOAD" }', "ask"),
        ("ASK { GRAPH service:x { ?s ?p ?o } }", "ask"),
        ("SELECT * FROM NAMED <a> FROM service:x { ?s ?p service:o . { ?s ?p ?o } }", "select"),
        ("ASK { ?s ?p ?o FILTER(?o = <http://x/a_(service)#load>) }", "ask"),
        ('SELECT ("nói \\u0022chào\\u0022" AS ?x) {}', "select"),
    ],
)  # fmt: skip
def test_the_form_is_the_first_word_that_is_one(query: str, form: str) -> None:
    assert read(query, SETTINGS).form == form


@pytest.mark.parametrize(
    "query",
    [
        "ASK { SERVICE <x> {} }",
        "ASK { sErViCe sIlEnT <x> {} }",
        "ASK {SERVICE<x>{}}",
        "ASK { SERVICE?g{} }",
        "PREFIX x: <x> ASK { SERVICE:x {} }",
        "PREFIX x: <x> ASK { SERVICESILENT:x#c\n {} }",
        "ASK { ?s ?p trueSERVICE <x> {} }",
        "ASK { ?s ?p trueSERVICE:x {} }",
        "ASK { ?s ?p 1SERVICE <x> {} }",
        "ASK { ?s ?p 1e5SERVICE <x> {} }",
        "ASK { ?s ?p 'a'SERVICE <x> {} }",
        "ASK { ?s ?p ?o.SERVICE <x> {} }",
        "ASK { ?s ?p ?o. # comment\rSERVICE <x> {} }",
        "ASK { FILTER NOT EXISTS { { SERVICE <x> {} } } }",
        "ASK { \\u0053ERVICE <x> {} }",
        "ASK { \\U00000053\\u0045RVICE <x> {} }",
        "ASK { ?s ?p 'a\\u0027 . SERVICE <x> {} . ?s ?p \\u0027' }",
        "ASK { ?s ?p <a\\u003E. SERVICE \\u003Cx> {} }",
        "ASK { ?s ?p 'a' . #\\u000A SERVICE <x> {} \n }",
        "LOAD <x>",
        "load silent <x> into graph <y>",
    ],
)
def test_calls_to_other_servers_are_refused_in_every_disguise(query: str) -> None:
    with pytest.raises(Forbidden):
        read(query, SETTINGS)


def test_what_may_be_a_comparison_or_an_iri_is_no_hiding_place() -> None:
    with pytest.raises((BadRequest, Forbidden)):
        read("ASK { ?a ?b ?c FILTER(?a<?b)SERVICE#>\n:x {} }", SETTINGS)


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        ("SELECT * {} " + " " * 100_000, "CHISO_QUERY_LENGTH"),
        ("ASK " + "{" * 31, "CHISO_QUERY_DEPTH"),
        ("ASK { FILTER" + "(" * 30, "CHISO_QUERY_DEPTH"),
        ("ASK { ?s ?p " + "[ ?p " * 30, "CHISO_QUERY_DEPTH"),
        ("ASK \\u007B" + "\\u007B" * 30, "CHISO_QUERY_DEPTH"),
        ("ASK { " + " UNION ".join(["{}"] * 200) + "}", "CHISO_QUERY_BRANCHES"),
        ("ASK { ?s " + "|".join(["<p>"] * 202) + " ?o }", "CHISO_QUERY_BRANCHES"),
        ("SELECT " + "(1 AS ?x) " * 201 + "{}", "CHISO_QUERY_BRANCHES"),
        ("ASK { FILTER(" + "||".join(["?a"] * 402) + ") }", "CHISO_QUERY_BRANCHES"),
        ("ASK { ?s " + "^" * 803 + "<p> ?o }", "CHISO_QUERY_BRANCHES"),
        ("ASK { FILTER(" + "!" * 401 + "?a) }", "CHISO_QUERY_BRANCHES"),
        ("ASK { ?s " + "/".join(["<p>"] * 402) + " ?o }", "CHISO_QUERY_BRANCHES"),
        ("ASK { " + "?s ?p ?o . " * 401 + " }", "CHISO_QUERY_BRANCHES"),
        ("ASK { ?s ?p " + "?o, " * 401 + " ?o }", "CHISO_QUERY_BRANCHES"),
    ],
)
def test_a_limit_says_its_setting_its_value_and_what_was_found(query: str, limit: str) -> None:
    with pytest.raises(LimitReached) as caught:
        read(query, SETTINGS)
    details = caught.value.details
    assert details["limit"] == limit
    assert details["found"] > details["value"]
    assert limit in caught.value.en
    assert limit in caught.value.vi


def test_long_lists_of_values_are_no_branches() -> None:
    values = (
        "SELECT ?x { VALUES ?x { "
        + "<urn:a> 1.5 'x'@vi '1'^^<i> ex:b " * 2000
        + "} FILTER(?x IN ("
        + "1," * 3000
        + "1)) }"
    )
    assert read(values, SETTINGS).branches == 2


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [("ASK {\n ?s ?p 'a }", 2, 8), ("ASK { '''a }", 1, 7), ('ASK { """" }', 1, 7), ("ASK {\n\0}", 2, 1)],
)
def test_a_text_that_cannot_be_read_says_where(query: str, line: int, column: int) -> None:
    with pytest.raises(BadRequest) as caught:
        read(query, SETTINGS)
    assert (caught.value.details["line"], caught.value.details["column"]) == (line, column)


def test_a_query_is_no_update_and_the_other_way_round() -> None:
    for update in ("INSERT DATA { <a> <b> <c> }", "PREFIX a: <b> WITH <g> DELETE {} WHERE {}", "CLEAR ALL", "DROP ALL"):
        with pytest.raises(BadRequest):
            read(update, SETTINGS)
        assert read_update(update, SETTINGS).form == "update"
    assert read_update("PREFIX a: <b> # nothing", SETTINGS).form == "none"
    for query in ("ASK {}", "hello", "PREFIX a: <b> hello"):
        with pytest.raises(BadRequest):
            read_update(query, SETTINGS)
    with pytest.raises(Forbidden):
        read_update("INSERT DATA {} ; LOAD <x>", SETTINGS)
    many = "INSERT DATA { " + "<a> <b> <c> . " * 2000 + "}"
    assert read_update(many, SETTINGS).form == "update"


def test_an_answer_that_is_ever_new_is_known() -> None:
    assert not read("SELECT (rand() AS ?x) {}", SETTINGS).deterministic
    assert not read("SELECT (Now() AS ?x) {}", SETTINGS).deterministic
    assert read("SELECT ?now { ?now <http://x/RAND> 'NOW()' }", SETTINGS).deterministic
    assert not read("CONSTRUCT { _:one <urn:b> ?c } WHERE { ?a <urn:b> ?c }", SETTINGS).deterministic
    assert not read("CONSTRUCT { ?a <urn:b> [] } WHERE { ?a <urn:b> ?c }", SETTINGS).deterministic
    assert read("CONSTRUCT { ?a <urn:b> ?c } WHERE { ?a <urn:b> ?c }", SETTINGS).deterministic
    assert read("SELECT ?c { [] <urn:b> ?c }", SETTINGS).deterministic


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT * { OPTIONAL { ?s ?p ?o } ?s a ?c }", ["OPTIONAL"]),
        ("SELECT * { ?a <p>* ?b }", ["path"]),
        ("SELECT * { ?a (<p>/<q>)+ ?b }", ["path"]),
        ("SELECT * { ?a a ?b . ?c a ?d }", ["share no variable"]),
        ("SELECT * { ?s ?p ?o } ORDER BY ?o", ["ORDER BY"]),
        ("SELECT * { ?s ?p ?o FILTER(regex(?o, 'a')) }", ["REGEX"]),
        ("SELECT * { ?s a ?c OPTIONAL { ?s <p> ?o } FILTER(?o > 1) } LIMIT 10", []),
        ("SELECT * { ?s a ?c . { ?s <p> ?x } UNION { ?s <q> ?x } BIND(?x AS ?y) VALUES ?s { <a> } }", []),
        ("SELECT * { <a> <p>* ?b . ?b a ?c ; <q> 1.5 . }", []),
    ],
)
def test_slow_shapes_are_named(query: str, words: list[str]) -> None:
    found = [en for _, en in hints(query)]
    assert len(found) == len(words), found
    assert all(word in en for word, en in zip(words, found, strict=True))


PIECES = (
    "a-", "a.", "?", "'''\\", '"""\\', "<", "<a", "\\u0041", "'\\''", "''", "#", "_:", ":", "a:", "%41", "''^^", "''^^a:", "1.", "1e", "(",
    "$", "'''a''' ", "\n", "e+", "ex:a.b.", "?a . ", "<a> ", "service", "service-", "SERVICE:", "<?b)#", "\\", "&", "a:%4",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("start", ["SELECT ", "SELECT '''", 'SELECT "'])
def test_reading_takes_time_that_grows_with_the_length_alone(piece: str, start: str) -> None:
    settings = Settings(query_length=1_000_000, query_branches=1_000_000, query_depth=1_000_000)

    def seconds(length: int) -> float:
        text = start + (piece * length)[:length]
        best = 9.0
        for _ in range(2):
            begun = time.process_time()
            with contextlib.suppress(CatalogueError):
                read(text, settings)
            best = min(best, time.process_time() - begun)
        return best

    # Eight times the length: eight times the time, where going back would make it sixty-four.
    assert seconds(48_000) < 20 * seconds(6_000) + 0.01


def test_two_readings_of_a_token_agree() -> None:
    query = "SELECT ?x { ?x ex:p 'a b' ; <q> 1.5e3 , _:b , \"x\"@vi FILTER(?x<?y && ?y >= 2) }"
    assert "".join(token.text for token in tokens(query)) == query.replace(" ", "").replace("'ab'", "'a b'")
