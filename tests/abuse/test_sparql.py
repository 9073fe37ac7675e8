"""What strangers may send to `/sparql`: each is refused or limited, says so in its own words, and harms nobody else."""

import contextlib
import gzip
import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote

import httpx2
import pytest

from tests.serving import folder, serving_folder

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
N = 3000

SMALL = {
    "query_seconds": 1.0,
    "query_memory": 64 << 20,
    "query_rows": 2_000,
    "query_bytes": 300_000,
    "query_workers": 2,
    "query_waiting": 8,
    "query_per_visitor": 8,
}
GENTLE = "SELECT ?c { ?s a ?c } LIMIT 1"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with serving_folder(folder(tmp_path_factory.mktemp("abuse"), **SMALL)) as client:
        yield client


@pytest.fixture(autouse=True)
def the_next_request_is_served(client: httpx2.Client) -> Iterator[None]:
    yield
    begun = time.monotonic()
    answer = client.get("/sparql", params={"query": GENTLE}, headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["results"]["bindings"]) == 1
    assert client.get("/health/live").status_code == 200
    assert time.monotonic() - begun < 10


def tells_nothing_inner(answer: httpx2.Response) -> None:
    text = answer.content.decode("utf-8", "replace")
    for inner in ("xigraph", "Traceback", "site-packages", ".py", "/tmp/", "published/", "rocksdb", "panicked"):  # noqa: S108
        assert inner not in text, text[:500]
    assert "\r" not in "".join(answer.headers.values())


def refused(answer: httpx2.Response, *statuses: int) -> dict[str, object]:
    """The problem of an answer that is refused with one of the statuses."""
    assert answer.status_code in statuses, (answer.status_code, answer.text[:500])
    tells_nothing_inner(answer)
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.headers
    problem: dict[str, object] = answer.json()
    assert problem["status"] == answer.status_code
    return problem


def ask(client: httpx2.Client, query: str | bytes, **headers: str) -> httpx2.Response:
    body = query if isinstance(query, bytes) else query.encode("utf-8", "surrogatepass")
    return client.post(
        "/sparql", content=body, headers={"Content-Type": QUERY, "Accept": "application/json", **headers}
    )


def doubled(function: str = "CONCAT") -> str:
    steps = "".join(f"BIND({function}(?x{n},?x{n},?x{n},?x{n}) AS ?x{n + 1}) " for n in range(20))
    return f"SELECT ?x20 {{ BIND('aaaaaaaa' AS ?x0) {steps} }}"


TEXTS = {
    "nested braces": "SELECT * WHERE " + "{" * N + "}" * N,
    "nested braces never closed": "ASK " + "{" * N,
    "nested OPTIONAL": "ASK {" + "OPTIONAL {" * N + "}" * N + "}",
    "nested MINUS": "ASK {" + "MINUS {" * N + "}" * N + "}",
    "nested sub-selects": "SELECT * " + "{ SELECT * " * N + "{}" + "}" * N,
    "nested EXISTS": "ASK {" + "FILTER EXISTS {" * N + "}" * N + "}",
    "nested GRAPH": "ASK {" + "GRAPH ?g {" * N + "}" * N + "}",
    "nested parentheses": "ASK { FILTER(" + "(" * N + "1" + ")" * N + ") }",
    "nested functions": "ASK { FILTER(" + "STR(" * N + "1" + ")" * N + ") }",
    "nested brackets": "ASK { ?s ?p " + "[ ?p " * N + "1" + "]" * N + " }",
    "nested collections": "ASK { ?s ?p " + "(" * N + "1" + ")" * N + " }",
    "nested path groups": "ASK { ?s " + "(" * N + "<p>" + ")" * N + " ?o }",
    "nested by escapes": "ASK " + "\\u007B" * N + "\\u007D" * N,
    "unary not": "ASK { FILTER(" + "!" * N + "true) }",
    "unary minus": "ASK { FILTER(" + "- " * N + "1) }",
    "inverse paths": "ASK { ?s " + "^" * N + "<p> ?o }",
    "3,000 UNIONs": "ASK {" + "UNION".join(["{?s ?p ?o}"] * N) + "}",
    "3,000 OPTIONALs": "ASK {" + "OPTIONAL{?s ?p ?o}" * N + "}",
    "3,000 MINUS": "ASK {" + "MINUS{?s ?p ?o}" * N + "}",
    "3,000 BINDs": "ASK {" + "".join(f"BIND(1 AS ?x{n}) " for n in range(N)) + "}",
    "3,000 expressions": "SELECT " + "".join(f"(1 AS ?x{n}) " for n in range(N)) + "{}",
    "3,000 VALUES": "ASK {" + "VALUES ?x {1} " * N + "}",
    "long or": "ASK { FILTER(" + "||".join(["?a=1"] * N) + ") }",
    "long and": "ASK { FILTER(" + "&&".join(["?a=1"] * N) + ") }",
    "long sum": "ASK { FILTER(" + "+".join(["1"] * N) + ") }",
    "long path": "ASK { ?s " + "/".join(["<p>"] * N) + " ?o }",
    "long alternative": "ASK { ?s " + "|".join(["<p>"] * N) + " ?o }",
    "3,000 patterns": "ASK {" + "?s ?p ?o . " * N + "}",
    "3,000 objects": "ASK { ?s ?p " + "?o , " * N + "?o }",
    "3,000 properties": "ASK { ?s " + "?p ?o ; " * N + "}",
    "too long": "ASK {} #" + "a" * 100_001,
    "long in wide letters": "ASK {} #" + "ế" * 100_001,
    "a huge literal": "SELECT ('" + "a" * 100_001 + "' AS ?x) {}",
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_harms_parsers_is_measured_before_one_sees_it(client: httpx2.Client, name: str) -> None:
    begun = time.monotonic()
    problem = refused(ask(client, TEXTS[name]), 422, 413)
    assert time.monotonic() - begun < 5  # a parser takes far longer, or dies
    assert "CHISO_QUERY_" in str(problem["detail"])


CALLS = {
    "plain": "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "silent": "ASK { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "mixed case": "ASK { sErViCe <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "variable": "ASK { VALUES ?g { <http://127.0.0.1:9/> } SERVICE ?g { ?s ?p ?o } }",
    "escaped": "ASK { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "escaped at length": "ASK { S\\U00000045RVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "escape ends a string": "ASK { ?s ?p 'a\\u0027 . SERVICE <http://127.0.0.1:9/> {} . ?s ?p \\u0027' }",
    "escape ends a comment": "ASK { #\\u000A SERVICE <http://127.0.0.1:9/> {}\n }",
    "in EXISTS": "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }",
    "in a sub-select": "ASK { { SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } } }",
    "empty prefix": "PREFIX : <http://127.0.0.1:9/> ASK {SERVICE:x{}}",
    "empty prefix, silent": "PREFIX : <http://127.0.0.1:9/> ASK {SERVICESILENT:x{}}",
    "glued to true": "PREFIX : <http://127.0.0.1:9/> ASK {?s ?p trueSERVICE:x{}}",
    "glued to a number": "ASK {?s ?p 1SERVICE<http://127.0.0.1:9/>{}}",
    "behind less-than": "PREFIX : <http://127.0.0.1:9/> ASK {?a ?b ?c FILTER(?a<?b)SERVICE#>\n:x {}}",
    "comment in between": "ASK { SERVICE#\n<http://127.0.0.1:9/>#\n{ ?s ?p ?o } }",
    "carriage return": "ASK { # a\rSERVICE <http://127.0.0.1:9/> {} }",
    "LOAD": "LOAD <http://127.0.0.1:9/>",
    "LOAD after an update": "INSERT DATA {} ; LOAD SILENT <file:///etc/passwd> INTO GRAPH <a>",
}


@pytest.mark.parametrize("name", CALLS)
def test_no_query_calls_another_server(client: httpx2.Client, name: str) -> None:
    refused(ask(client, CALLS[name]), 403, 400)


RUNAWAYS = {
    "cartesian product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "cartesian product sorted": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g",
    "cartesian product, distinct": "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "cartesian product, given out": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "cartesian product, constructed": "CONSTRUCT { ?a ?e ?f } { ?a ?b ?c . ?d ?e ?f }",
    "grouped": "SELECT (GROUP_CONCAT(?a) AS ?all) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "endless paths": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|!<urn:y>)* ?b . ?c (!<urn:x>)+ ?d . ?e (!<urn:x>)* ?f }",
    "paths in paths": "SELECT (COUNT(*) AS ?n) { ?a (((!<urn:x>)*/(!<urn:y>)*)*/(!<urn:z>)*)* ?b . ?c !<urn:x>* ?d . ?x !<urn:x>* ?y }",
    "string doubling": doubled(),
    "join order": "ASK {" + "?s <urn:p> ?o . " * 390 + "}",
    "regular expression": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(REGEX(CONCAT(STR(?c), STR(?f), STR(?i)), '^(([a-z])+.)+[A-Z]([a-z])+$')) }",
    "replacing": "SELECT (STRLEN(REPLACE(REPLACE(REPLACE(?x, 'a', ?x), 'a', ?x), 'a', ?x)) AS ?n) { VALUES ?x { '" + "a" * 600 + "' } }",
}  # fmt: skip


@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_runaway_query_meets_a_limit_that_says_what_to_do(client: httpx2.Client, name: str) -> None:
    begun = time.monotonic()
    problem = refused(ask(client, RUNAWAYS[name], Accept="*/*"), 422, 504)
    assert time.monotonic() - begun < 6  # one second of its own, on a machine that others use too
    assert str(problem["limit"]).startswith("CHISO_QUERY_")


def test_what_looks_like_a_trap_and_is_none_is_answered(client: httpx2.Client) -> None:
    trap = "ASK { FILTER(REGEX('" + "a" * 5000 + "!', '^(a+)+$')) }"
    assert ask(client, trap).json() == {"head": {}, "boolean": False}
    hidden = "ASK { BIND('SERVICE <x> {' AS ?service) } # LOAD"
    assert ask(client, hidden).json() == {"head": {}, "boolean": True}
    turned = "SELECT ('\u202eesrever\u2066 \U0001f600 ế e\u0302\u0301 \u0000'.replace('x','') AS ?x) {}"
    refused(ask(client, turned), 400)


BROKEN: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 400),
    "spaces": (b" \n\t", 400),
    "no query": (b"hello", 400),
    "cut off": (b"SELECT * WHERE { ?s ?p", 400),
    "an update": (b"DROP ALL", 400),
    "invalid UTF-8": (b"ASK { ?s ?p '\xff\xfe' }", 400),
    "overlong UTF-8": (b"ASK { ?s ?p '\xc0\xaf' }", 400),
    "a lone surrogate": ("ASK { ?s ?p '\ud800' }".encode("utf-8", "surrogatepass"), 400),
    "an escaped surrogate": (b"ASK { ?s ?p '\\uD800' }", 400),
    "UTF-16": ("ASK {}".encode("utf-16"), 400),
    "a null byte in an IRI": (b"ASK { ?s ?p <a\0b> }", 400),
    "a null byte outside": (b"ASK\0{}", 400),
    "turned round": ("ASK \u202e{}".encode(), 400),
    "letters that look alike": ("АЅК {}".encode(), 400),
    "wide letters": ("ＳＥＲＶＩＣＥ <x>".encode(), 400),
    "a string without an end": (b"ASK { ?s ?p 'a }", 400),
    "a long string without an end": (b"ASK { ?s ?p '''" + b"'' \\'" * 10_000, 400),
    "an IRI with a line": (b"ASK { <http://x/\r\nSet-Cookie: a=b> ?p ?o }", 400),
    "an unknown prefix": (b"ASK { ex:a ?p ?o }", 400),
    "an unknown function": (b"SELECT (<urn:f>(1) AS ?x) {}", 400),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_query_is_told_what_is_wrong(client: httpx2.Client, name: str) -> None:
    body, status = BROKEN[name]
    refused(ask(client, body), status)


@pytest.mark.parametrize(
    ("content_type", "body", "statuses"),
    [
        ("text/plain", b"ASK {}", (415,)),
        ("application/json", b'{"query": "ASK {}"}', (415,)),
        ("application/sparql-update", b"DROP ALL", (400, 415)),
        (QUERY + "; charset=utf-16", "ASK {}".encode("utf-16"), (400, 415)),
        (FORM, b"query=ASK+{}&query=ASK+{}", (400,)),
        (FORM, b"query=ASK+{}&update=DROP+ALL", (400,)),
        (FORM, b"update=DROP+ALL", (400,)),
        (FORM, b"query=%FF%FE", (400,)),
        (FORM, b"query=ASK+{}&default-graph-uri=http://nowhere/", (400, 404)),
        (FORM, b"query=ASK+{}&default-graph-uri=a%0D%0Ab:+c", (400, 404)),
        (FORM, b"&".join(b"a%d=b" % n for n in range(50_000)), (400, 413)),
        (QUERY, b"ASK {} #" + b"a" * 2_000_000, (413, 422)),
        ("x" * 5000, b"ASK {}", (415, 400)),
    ],
)
def test_a_request_that_breaks_the_protocol_is_refused(
    client: httpx2.Client, content_type: str, body: bytes, statuses: tuple[int, ...]
) -> None:
    refused(ask(client, body, **{"Content-Type": content_type}), *statuses)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip", "br", "x-unknown"])
def test_a_bomb_is_not_unpacked(client: httpx2.Client, coding: str) -> None:
    bomb = gzip.compress(b"ASK {} #" + b"a" * 30_000_000)
    begun = time.monotonic()
    refused(ask(client, bomb, **{"Content-Encoding": coding}), 400, 413, 415)
    assert time.monotonic() - begun < 3


def test_layers_of_packing_are_bounded_one_by_one(client: httpx2.Client) -> None:
    empty = gzip.compress(b"", mtime=0)  # 20 bytes that unpack to nothing
    begun = time.monotonic()
    layers = gzip.compress(gzip.compress(b"ASK {}") + empty * 200_000)
    refused(ask(client, layers, **{"Content-Encoding": "gzip, gzip"}), 400, 413)
    refused(ask(client, empty * 60_000, **{"Content-Encoding": "gzip"}), 400, 413)
    assert ask(client, gzip.compress(b"ASK ") + gzip.compress(b"{}"), **{"Content-Encoding": "gzip"}).status_code == 200
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("iri", ["http://[x", "http://a:b/", "http://a:99999999/", "a:%zz", "http://a##", "http://%"])
@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
def test_what_is_no_iri_names_no_graph(client: httpx2.Client, parameter: str, iri: str) -> None:
    answer = client.get("/sparql", params={"query": "ASK {}", parameter: iri}, headers={"Accept": "application/json"})
    assert "place" not in refused(answer, 400)


@pytest.mark.parametrize(
    "path",
    [
        "/sparql?query=ASK%20%7B%7D&state=" + "a" * 300,
        "/sparql?state=" + "a" * 300,
        "/api/v1/indicators?cursor=%ff",
        "/sparql?query=ASK%20%7B%7D&state=../../etc/passwd",
        "/sparql?query=ASK%20%7B%7D&state=%2e%2e%2f%2e%2e%2fstore",
        "/sparql?query=ASK%20%7B%7D&state=a%00b",
        "/sparql?query=ASK%20%7B%7D&timeout=-1",
        "/sparql?query=" + quote("SELECT * { ?s ?p"),
        "/sparql?query=" + "a" * 60_000,
        "/id/indicator/..%2f..%2f..%2fetc%2fpasswd",
        "/id/indicator/%00",
        "/doc/indicator/%0d%0aSet-Cookie:%20a=b",
        "/id/indicator/%ff%fe",
        "/doc/indicator/" + "%E1%BA%BF" * 500,
    ],
)
def test_an_address_reaches_nothing_beside_what_it_names(client: httpx2.Client, path: str) -> None:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:300])
    tells_nothing_inner(answer)
    assert "set-cookie" not in answer.headers
    assert "root:" not in answer.text


def test_a_form_of_answer_that_nobody_offers_is_not_acceptable(client: httpx2.Client) -> None:
    for accept in ("image/png", "text/turtle;q=0", "x/" + "y" * 3000):
        assert ask(client, "SELECT * {} LIMIT 1", Accept=accept).status_code in (200, 406)
    refused(ask(client, "SELECT * {} LIMIT 1", Accept="image/png"), 406)


def test_a_client_that_sends_slowly_keeps_nobody_waiting(client: httpx2.Client) -> None:
    address = (client.base_url.host, client.base_url.port or 80)
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {QUERY}\r\nContent-Length: 1000\r\n\r\nASK"
    with contextlib.ExitStack() as stack:
        for _ in range(50):
            slow = stack.enter_context(socket.create_connection(address))  # type: ignore[arg-type]
            slow.sendall(head.encode())
        begun = time.monotonic()
        assert ask(client, "ASK {}").status_code == 200
        assert time.monotonic() - begun < 3


def test_clients_that_go_away_free_their_places(client: httpx2.Client) -> None:
    address = (client.base_url.host, client.base_url.port or 80)
    query = RUNAWAYS["cartesian product"].encode()
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {QUERY}\r\nContent-Length: {len(query)}\r\n\r\n"
    for _ in range(20):
        with socket.create_connection(address) as leaving:  # type: ignore[arg-type]
            leaving.sendall(head.encode() + query)
    begun = time.monotonic()
    while (answer := ask(client, "ASK {}")).status_code == 429:
        assert int(answer.headers["retry-after"]) >= 1
        assert time.monotonic() - begun < 5
    assert answer.status_code == 200


def test_more_at_once_than_may_wait_are_told_when_to_come_again(client: httpx2.Client) -> None:
    address = (client.base_url.host, client.base_url.port or 80)
    query = RUNAWAYS["cartesian product"].encode()
    head = (
        f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {QUERY}\r\nAccept: application/json\r\n"
        f"Connection: close\r\nContent-Length: {len(query)}\r\n\r\n"
    )
    with contextlib.ExitStack() as stack:
        many = [stack.enter_context(socket.create_connection(address, timeout=30)) for _ in range(16)]  # type: ignore[arg-type]
        for one in many:
            one.sendall(head.encode() + query)
        statuses = []
        for one in many:
            answer = b""
            while part := one.recv(65_536):
                answer += part
            top, _, body = answer.partition(b"\r\n\r\n")
            statuses.append(int(top.split()[1]))
            assert json.loads(body)["status"] == statuses[-1]
            if statuses[-1] == 429:
                assert b"\r\nretry-after:" in top.lower()
    assert set(statuses) <= {504, 429}, statuses
    assert statuses.count(504) >= 2
    assert 429 in statuses


def test_clients_that_take_their_answers_slowly_keep_nobody_waiting(client: httpx2.Client) -> None:
    address = (client.base_url.host, client.base_url.port or 80)
    query = "SELECT ('" + "a" * 90_000 + "' AS ?x) ?n { VALUES ?n { 1 2 3 } }"
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {QUERY}\r\nContent-Length: {len(query)}\r\n\r\n"
    with contextlib.ExitStack() as stack:
        for _ in range(8):
            slow = socket.socket()
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            stack.enter_context(slow)
            slow.connect(address)
            slow.sendall((head + query).encode())
            slow.recv(1)
        begun = time.monotonic()
        assert ask(client, "ASK {}").status_code in (200, 429)
        assert time.monotonic() - begun < 3
