"""SPARQL 1.1 Query: what works, and the gaps of the engine one by one, each with its line in `docs/sparql.md`."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.serving import folder, serving_folder

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs/sparql.md").read_text(encoding="utf-8")
GRAPH = "https://synthetic.example/graph/language.confirmed"
EXTRA = f"""
@prefix : <urn:> .
<{GRAPH}> {{
  <{GRAPH}> a :graph .
  :a :p :b ; :q 1 , 2 , "x"@vi , "abc" . :b :p :c ; :q 3.5 , "2024-06-30"^^<http://www.w3.org/2001/XMLSchema#date> . :c :p :a .
}}
"""
PREFIXES = "PREFIX : <urn:> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "

EXPRESSIONS = {
    'STRLEN("chủ")': "3",
    'SUBSTR("motor", 2, 3)': "oto",
    'UCASE("đạt")': "ĐẠT",
    'LCASE("ĐẠT")': "đạt",
    'STRSTARTS("ab", "a") && STRENDS("ab", "b") && CONTAINS("ab", "b")': "true",
    'CONCAT(STRBEFORE("abc", "b"), STRAFTER("abc", "b"))': "ac",
    'ENCODE_FOR_URI("Hà Nội")': "H%C3%A0%20N%E1%BB%99i",
    'LANGMATCHES("vi-VN", "vi") && LANGMATCHES("vi", "*")': "true",
    'REGEX("Abc", "^a", "i") && REGEX("a\\nb", "a.b", "s") && REGEX("ab", "a b", "x")': "true",
    'REPLACE("abc", "(b)", "[$1]")': "a[b]c",
    "ROUND(2.5) + CEIL(2.1) + FLOOR(2.9) + ABS(-1)": "9",
    'YEAR("2024-06-30"^^xsd:date) + MONTH("2024-06-30"^^xsd:date) + DAY("2024-06-30"^^xsd:date)': "2060",
    'TZ("2024-06-30T10:00:00+07:00"^^xsd:dateTime)': "+07:00",
    'TIMEZONE("2024-06-30T10:00:00+07:00"^^xsd:dateTime)': "PT7H",
    'MD5("abc")': "900150983cd24fb0d6963f7d28e17f72",
    'SHA1("abc")': "a9993e364706816aba3e25717850c26c9cd0d89d",
    'SHA256("abc")': "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    'STRLANG("a", "vi") = "a"@vi && STRDT("1", xsd:integer) = 1': "true",
    "COALESCE(1/0, 2)": "2",
    "IF(BOUND(?none), 1, 2)": "2",
    "2 IN (1, 2) && 3 NOT IN (1, 2)": "true",
    'isNUMERIC("1") || sameTerm(1, 1.0) || isBLANK(<urn:a>)': "false",
    'xsd:integer("5") + xsd:decimal("0.5") + xsd:double("1e0")': "6.5",
    '"2024-06-30"^^xsd:date < "2025-01-01"^^xsd:date': "true",
    "0.1 + 0.2": "0.3",
}

QUERIES = {
    "SELECT ?x { :a :p+ ?x } ORDER BY ?x": [["urn:a"], ["urn:b"], ["urn:c"]],
    "SELECT (COUNT(*) AS ?n) { :a :p* ?x }": [["3"]],
    "SELECT ?x { :c ^:p/:p? ?x } ORDER BY ?x": [["urn:b"], ["urn:c"]],
    "SELECT ?x { :a !(:q|^:p) ?x }": [["urn:b"]],
    "SELECT ?s ?n { { SELECT ?s (COUNT(?o) AS ?n) { ?s :q ?o } GROUP BY ?s } } ORDER BY ?s": [
        ["urn:a", "4"],
        ["urn:b", "2"],
    ],
    "SELECT ?s { ?s :q ?o } GROUP BY ?s HAVING(COUNT(?o) > 2)": [["urn:a"]],
    "SELECT (COUNT(DISTINCT ?s) AS ?a) (SUM(?o) AS ?b) { ?s :q ?o FILTER(isNumeric(?o)) }": [["2", "6.5"]],
    "SELECT (MIN(?x) AS ?a) (MAX(?x) AS ?b) (AVG(?x) AS ?c) (SAMPLE(?x) AS ?d) { VALUES ?x { 2 } }": [
        ["2", "2", "2", "2"]
    ],
    'SELECT (GROUP_CONCAT(?x; SEPARATOR="|") AS ?g) { VALUES ?x { "a" "b" } }': [["a|b"]],
    "SELECT (COUNT(*) AS ?n) (AVG(?o) AS ?a) { ?s :none ?o }": [["0", "0"]],
    "SELECT ?x ?y { VALUES (?x ?y) { (UNDEF 1) (:a 2) } } ORDER BY ?y": [[None, "1"], ["urn:a", "2"]],
    "SELECT ?x { ?x :p ?y } VALUES ?x { :b }": [["urn:b"]],
    "SELECT ?x { ?x :p ?y FILTER EXISTS { ?z :q ?v FILTER(?z = ?x) } } ORDER BY ?x": [["urn:a"], ["urn:b"]],
    "SELECT ?x { ?x :p ?y FILTER NOT EXISTS { ?x :q ?v } }": [["urn:c"]],
    "SELECT ?x { ?x :p ?y MINUS { ?x :q ?v } }": [["urn:c"]],
    "SELECT ?x { ?x :q 3.5 MINUS { ?a :p ?b } }": [["urn:b"]],
    "SELECT ?x ?v { VALUES ?x { 1 2 } OPTIONAL { VALUES ?v { 1 } FILTER(?v = ?x) } } ORDER BY ?x": [
        ["1", "1"],
        ["2", None],
    ],
    "SELECT ?x { { VALUES ?x { 1 } } UNION { VALUES ?x { 2 } } } ORDER BY DESC(?x) LIMIT 1 OFFSET 1": [["1"]],
    f"SELECT ?x FROM <{GRAPH}> {{ :a :p ?x }}": [["urn:b"]],  # noqa: S608 - SPARQL, and our own
    "SELECT ?g { GRAPH ?g { :a :p ?x } }": [[GRAPH]],
    "SELECT ?x { :a :q ?x FILTER(?x = 1 || ?none = 1) }": [["1"]],
    "SELECT (1 AS ?x) (?x + 1 AS ?y) {}": [["1", "2"]],
    'SELECT ("\\u0041" AS ?x) {}': [["A"]],
}

GAPS = {
    "A path of length zero does not reach a constant that is not in the data": ("ASK { :none :p* :none }", False),
    "Whole numbers have 64 bits, decimals 18 places behind the point": (
        "SELECT (9223372036854775807 + 1 AS ?x) (0.1234567890123456789 * 1 AS ?y) {}",
        [[None, None]],
    ),
    "Literals are kept in their canonical form": ('SELECT (STR("01"^^xsd:integer) AS ?x) {}', [["1"]]),
    "Datatypes derived from `xsd:integer` become `xsd:integer`": (
        'SELECT (DATATYPE("5"^^xsd:nonNegativeInteger) AS ?x) (DATATYPE("5"^^xsd:int) AS ?y) {}',
        [["http://www.w3.org/2001/XMLSchema#integer"] * 2],
    ),
    "Language tags are in lower case": ('SELECT (LANG("a"@vi-VN) AS ?x) {}', [["vi-vn"]]),
    "`REGEX` and `REPLACE` know neither back-references nor": (
        'SELECT (REGEX("aa", "(a)\\\\1") AS ?x) (REGEX("a", "\\\\i") AS ?y) {}',
        [[None, None]],
    ),
    "`ORDER BY` sorts letters by code point": ('SELECT ?x { VALUES ?x { "Đ" "Z" } } ORDER BY ?x', [["Z"], ["Đ"]]),
    "`SERVICE` is refused": ("ASK { SERVICE <http://127.0.0.1/> {} }", 403),
    "Codepoint escapes work in strings and IRIs alone": ("\\u0053ELECT (1 AS ?x) {}", 400),
    "No functions beyond SPARQL 1.1": (
        'SELECT (<http://www.w3.org/2005/xpath-functions#lower-case>("A") AS ?x) {}',
        400,
    ),
    "No entailment": (
        "ASK { <https://w3id.org/chiso/ns#Indicator> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <https://w3id.org/chiso/ns#Indicator> }",
        False,
    ),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """A client of a server over the small catalogue and a few statements to ask about."""
    with serving_folder(folder(tmp_path_factory.mktemp("language"), EXTRA)) as found:
        yield found


def answer(client: httpx2.Client, query: str) -> object:
    """The rows of an answer by the order of the variables, the truth of ASK, or the status of an error."""
    sent = client.get("/sparql", params={"query": PREFIXES + query})
    if sent.status_code != 200:
        return sent.status_code
    found = sent.json()
    if "boolean" in found:
        return found["boolean"]
    return [[row.get(name, {}).get("value") for name in found["head"]["vars"]] for row in found["results"]["bindings"]]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_functions_and_operators(client: httpx2.Client, expression: str) -> None:
    assert answer(client, f"SELECT ({expression} AS ?x) {{}}") == [[EXPRESSIONS[expression]]]


@pytest.mark.parametrize("query", QUERIES)
def test_patterns_paths_aggregates_and_subqueries(client: httpx2.Client, query: str) -> None:
    assert answer(client, query) == QUERIES[query]


@pytest.mark.parametrize("gap", GAPS)
def test_every_gap_is_as_documented(client: httpx2.Client, gap: str) -> None:
    query, outcome = GAPS[gap]
    assert answer(client, query) == outcome
    assert f"| {gap}" in DOCUMENT


def test_every_documented_gap_is_tested() -> None:
    table = DOCUMENT.partition("| Gap | Reason |")[2].partition("\n\n")[0].splitlines()[2:]
    assert len(table) == len(GAPS)


def test_the_example_in_python_runs(client: httpx2.Client) -> None:
    code = (
        DOCUMENT.partition("```python\n")[2]
        .partition("```")[0]
        .replace("http://127.0.0.1:8000", str(client.base_url).rstrip("/"))
    )
    names: dict[str, object] = {}
    exec(compile(code, "docs/sparql.md", "exec"), names)  # noqa: S102 - our own document
    rows = names["rows"]
    assert isinstance(rows, list) and rows and {"set", "indicators"} <= rows[0].keys()
