"""What cannot be judged: malformed documents, refused shapes, and all that is made to exhaust the judge."""

import gzip
import json
import time

import httpx2
import pytest

from tests.validate.cases import PREFIXES
from tests.validate.conftest import HASTE, LIMITS

CHAIN = "".join(f":n{i} :p :n{i + 1} . " for i in range(400))
TRAP = '"' + "a" * 60 + '!"'
SHAPE = PREFIXES + ":S a sh:NodeShape ; sh:targetSubjectsOf :p ; "


def sparql(query: str) -> str:
    """A shape with one SPARQL constraint."""
    return SHAPE + "sh:sparql [ sh:select " + json.dumps(query) + " ] ."


def problem(answer: httpx2.Response) -> dict[str, object]:
    """The problem document, which tells nothing of what is inside."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text[:500]
    for inner in ("Traceback", "site-packages", ".py"):
        assert inner not in answer.text
    found: dict[str, object] = answer.json()
    return found


def still_there(validator: httpx2.Client) -> None:
    """The next request is served."""
    answer = validator.post("/validate", content=b"", headers={"Content-Type": "text/turtle"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("fields", "part", "line", "column"),
    [
        ({"data": ":a :p 1 .\n:b :p"}, "data", 1, 1),
        ({"data": "<http://e/a> <http://e/p> 1 .\n<http://e/a> <http://e/p> 1 ; ; 2 ."}, "data", 2, None),
        ({"data": "", "shapes": ""}, None, None, None),
        ({"data": "<http://e/a> <http://e/p> 1 .", "shapes": "@prefix sh: <http://www.w3.org/ns/shacl#> .\n sh:x sh:y ] ."}, "shapes", 2, None),
        ({"data": '{"@id": ', "data-format": "jsonld"}, "data", 1, None),
        ({"data": "<rdf:RDF", "data-format": "rdf"}, "data", None, None),
    ],
)  # fmt: skip
def test_malformed_documents(
    validator: httpx2.Client, fields: dict[str, str], part: str | None, line: int | None, column: int | None
) -> None:
    answer = validator.post("/validate", data=fields)
    assert answer.status_code == 400
    told = problem(answer)
    assert told.get("part") == part
    if line is not None:
        assert told["line"] == line
    if column is not None:
        assert told["column"] == column
    if part is not None:
        assert str(told["detail"]).startswith(part)


@pytest.mark.parametrize(
    "shapes",
    [
        SHAPE + 'sh:property [ sh:path :p ; sh:minCount "many" ] .',
        SHAPE + "sh:property [ sh:minCount 1 ] .",
        SHAPE + 'sh:property [ sh:path :p ; sh:pattern "(" ] .',
        SHAPE + "sh:sparql [ sh:message 5 ] .",
        sparql("SELECT $this WHERE { $this ?p "),
        sparql("SELECT $this FROM <file:///etc/passwd> WHERE { ?s ?p ?o }"),
        sparql("SELECT $this WHERE { $this ?p ?o MINUS { ?o ?q 1 } }"),
        sparql("SELECT $this WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"),
        sparql("SELECT $this WHERE { FILTER EXISTS { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }"),
        sparql("SELECT $this WHERE { " + "{" * 3_000 + "$this ?p ?o" + "}" * 3_000 + " }"),
        SHAPE + "sh:node :S1 . " + " ".join(f":S{i} a sh:NodeShape ; sh:node :S{i + 1} ." for i in range(1, 3_000)),
    ],
    ids=["count", "no path", "pattern", "no select", "malformed", "from file", "minus", "service", "escaped service", "deep", "deep shapes"],
)  # fmt: skip
def test_shapes_that_are_refused(validator: httpx2.Client, shapes: str) -> None:
    answer = validator.post("/validate", data={"data": PREFIXES + ":a :p 1 .", "shapes": shapes})
    assert answer.status_code == 422, answer.text[:300]
    assert problem(answer)["part"] == "shapes"
    still_there(validator)


@pytest.mark.parametrize(
    ("data", "shapes"),
    [
        (f":a :p {TRAP} .", SHAPE + 'sh:property [ sh:path :p ; sh:pattern "^(a+)+$" ] .'),
        (CHAIN, sparql("SELECT $this WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?s ?h FILTER(?a = 1) }")),
    ],
    ids=["regular expression", "cartesian"],
)  # fmt: skip
def test_the_time_of_a_judgement(hasty: httpx2.Client, data: str, shapes: str) -> None:
    began = time.monotonic()
    answer = hasty.post("/validate", data={"data": PREFIXES + data, "shapes": shapes})
    assert answer.status_code == 504
    assert time.monotonic() - began < 30
    told = problem(answer)
    assert (told["limit"], told["value"]) == ("CHISO_VALIDATE_SECONDS", HASTE)
    assert "CHISO_VALIDATE_SECONDS" in str(told["detail"])


@pytest.mark.parametrize(
    ("data", "shapes", "limit"),
    [
        (":a :p 1 .", sparql("SELECT $this ?value WHERE { $this ?p ?o BIND('" + "a" * 1_000 + "' AS ?v0) " + "".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1}) " for i in range(25)) + "BIND(?v25 AS ?value) }"), "CHISO_VALIDATE_MEMORY"),
        ("".join(f":a{i} :p 1, 2 . " for i in range(2_000)), SHAPE + "sh:property [ sh:path :p ; sh:maxCount 1 ] .", "CHISO_QUERY_BYTES"),
    ],
    ids=["doubling", "report"],
)  # fmt: skip
def test_the_size_of_a_judgement(validator: httpx2.Client, data: str, shapes: str, limit: str) -> None:
    answer = validator.post("/validate", data={"data": PREFIXES + data, "shapes": shapes})
    assert answer.status_code == 422
    told = problem(answer)
    assert told["limit"] == limit
    assert limit in str(told["detail"])
    still_there(validator)


def test_documents_made_to_exhaust_their_reader(validator: httpx2.Client) -> None:
    deep = "[" * 30_000 + "]" * 30_000
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&b;</rdf:RDF>'
    remote = '{"@context": "http://127.0.0.1:9/context", "name": 1}'
    for text, media_type in (
        (deep, "application/ld+json"),
        (entities, "application/rdf+xml"),
        (remote, "application/ld+json"),
    ):
        answer = validator.post("/validate", content=text.encode(), headers={"Content-Type": media_type})
        assert answer.status_code == 400, answer.text[:300]
        assert problem(answer)["part"] == "data"
    still_there(validator)


def test_bodies_over_the_limit(validator: httpx2.Client) -> None:
    turtle = {"Content-Type": "text/turtle"}
    large = b"#" * (LIMITS.validate_bytes + 1)
    packed = gzip.compress(b"#" * 50_000_000)
    for content, headers in ((large, turtle), (packed, turtle | {"Content-Encoding": "gzip"})):
        answer = validator.post("/validate", content=content, headers=headers)
        assert answer.status_code == 413
        assert problem(answer)["limit"] == "CHISO_VALIDATE_BYTES"
    small = validator.post(
        "/validate", content=gzip.compress(b"# nothing"), headers=turtle | {"Content-Encoding": "gzip"}
    )
    assert small.status_code == 200


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "text/csv"}, b"a,b", 415),
        ({}, b"", 415),
        ({"Content-Type": "text/turtle; charset=utf-16"}, b"", 415),
        ({"Content-Type": "text/turtle"}, b"<http://e/\xff>", 400),
        ({"Content-Type": "text/turtle", "Accept": "image/png"}, b"", 406),
        ({"Content-Type": "multipart/form-data"}, b"", 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"shapes=x", 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"data=x&data=y", 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"data=x&form=y", 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"data=x&data-format=csv", 400),
    ],
)  # fmt: skip
def test_requests_that_do_not_follow_the_rules(
    validator: httpx2.Client, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = validator.post("/validate", content=body, headers=headers)
    assert answer.status_code == status
    problem(answer)


def test_other_methods(validator: httpx2.Client) -> None:
    answer = validator.put("/validate", content=b"")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
