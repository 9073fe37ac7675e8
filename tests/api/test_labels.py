"""`/api/v1/labels`: names of many IRIs at once, within limits."""

import httpx2
import pytest

SET = "https://synthetic.example/id/indicator-set/thu"


def test_each_iri_is_named_once_in_the_language_asked_for_and_led_to(client: httpx2.Client) -> None:
    unknown = "http://elsewhere.example/x"
    answer = client.post("/api/v1/labels?lang=en", json={"iris": [SET, unknown, SET]})
    assert answer.headers["content-language"] == "en"
    assert answer.json()["labels"] == [
        {
            "iri": SET,
            "kind": "indicator-set",
            "label": "Test indicator set",
            "language": "en",
            "address": "/doc/indicator-set/thu",
        },
        {"iri": unknown, "kind": None, "label": None, "language": None, "address": None},
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[]", "invalid"),
        (b'{"iris": "urn:a"}', "invalid"),
        (b'{"iris": ["urn:a"], "more": 1}', "invalid"),
        (b'{"iris": ["no iri"]}', "invalid"),
        (b'{"iris": ["urn:a> ?p ?o"]}', "invalid"),
        (b'{"iris": ["urn:\\ud800"]}', "invalid"),
        (b'{"iris": ["urn:' + b"a" * 2_000 + b'"]}', "invalid"),
        (b"\xff", "invalid"),
        (b'{"iris": [' + b",".join([b'"urn:a"'] * 201) + b"]}", "limit-reached"),
        (b" " * 2_000_000, "too-large"),
    ],
)
def test_what_is_no_short_list_of_iris_is_refused(client: httpx2.Client, body: bytes, kind: str) -> None:
    answer = client.post("/api/v1/labels", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["type"] == f"/help/errors/{kind}"
