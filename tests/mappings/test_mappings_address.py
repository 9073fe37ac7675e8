"""`/mappings` over a real service: decisions in by SSSOM, mappings out in every form, and what is refused."""

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pyoxigraph
import pytest

from catalogue.mapping.exchange import documents, sssom_rdf, sssom_tsv
from catalogue.settings import Settings
from tests.mappings.import_world import EXTRA, HEAD, document, row
from tests.serving import BASE, bearer, folder, serving_folder, token

TSV = {"Content-Type": "text/tab-separated-values"}


@dataclass
class Served:
    client: httpx2.Client
    settings: Settings
    secret: str

    def post(self, content: bytes, **options: str) -> httpx2.Response:
        kind = options.pop("kind", TSV["Content-Type"])
        headers = {**bearer(self.secret), "Content-Type": kind}
        return self.client.post("/mappings", content=content, params=options, headers=headers)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    settings = folder(tmp_path, EXTRA)
    with serving_folder(settings) as client:
        yield Served(client, settings, token(settings, "write"))


FIRST = document(
    row("tinh:A1", "exactMatch", "nuoc:0101", "accepted", comment='=HYPERLINK("http://evil")'),
    row("tinh:A2", "broadMatch", "nuoc:0102", "candidate", end="2024-01-01"),
    row("tinh:A3", "closeMatch", "khac:X1", "rejected", "nguoi:an", "2026-01-05"),
)


def test_decisions_go_in_and_come_out_in_every_form(served: Served) -> None:
    sent = served.post(FIRST)
    assert sent.status_code == 200, sent.text
    report = sent.json()
    assert (report["added"], report["refusedRows"], report["changed"]) == (3, 0, True)
    assert report["graph"] == f"{BASE}graph/anh-xa.confirmed"
    out = served.client.get("/mappings")
    assert out.headers["content-type"].startswith("text/tab-separated-values")
    assert out.headers["access-control-allow-origin"] == "*"
    back = sssom_tsv.read(out.content, most=10)
    assert not back.problems and len(back.mappings) == 3
    assert back.slots["mapping_set_title"] == "Ánh xạ thử"
    turtle = served.client.get("/mappings.ttl")
    parsed = pyoxigraph.parse(turtle.content, pyoxigraph.RdfFormat.TURTLE)
    triples = [quad.triple for quad in parsed]
    assert sssom_rdf.read(triples, parsed.prefixes, most=10) == back
    assert served.client.get("/mappings.ttl").content == turtle.content, "a strong ETag stands for these bytes"
    page = {"Accept": "text/html"}
    dated = served.client.get("/mappings", headers=page).headers["last-modified"]
    for held in ({"If-None-Match": "*"}, {"If-Modified-Since": dated}):
        assert served.client.get("/mappings", headers={**page, **held}).status_code == 304
    jsonld = served.client.get("/mappings", headers={"Accept": "application/ld+json"})
    assert json.loads(jsonld.content)["mappings"][0]["subject_id"]
    csv = served.client.get("/mappings.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK" in csv and "'=" not in out.text
    for form, kind in (
        ("tsv", TSV["Content-Type"]),
        ("csv", "text/csv"),
        ("ttl", "text/turtle"),
        ("jsonld", "application/ld+json"),
    ):
        again = served.post(served.client.get(f"/mappings.{form}").content, kind=kind)
        assert again.status_code == 200, (form, again.text)
        assert (again.json()["unchanged"], again.json()["changed"]) == (3, False), form


def test_what_is_asked_for_is_what_comes(served: Served) -> None:
    served.post(FIRST)

    def subjects(**asked: str) -> list[str]:
        answer = served.client.get("/mappings", params=asked)
        assert answer.status_code == 200, answer.text
        found = sssom_tsv.read(answer.content, most=10)
        return [str(one.slots["subject_id"]).rpartition(".")[2] for one in found.mappings]

    assert subjects(set="anh-xa") == ["A1", "A2", "A3"]
    assert subjects(status="accepted") == ["A1"]
    assert subjects(status="accepted,rejected") == ["A1", "A3"]
    assert subjects(to="khac") == ["A3"]
    assert subjects(scheme="nuoc") == ["A1", "A2"]
    assert subjects(asOf="2025-01-01") == ["A1", "A3"]
    assert subjects(to="nuoc", status="rejected") == []
    served.post(document(row("tinh:A4", "closeMatch", "nuoc:0104"), head=HEAD.replace("anh-xa", "bo-hai")))
    assert subjects() == ["A1", "A2", "A3", "A4"]
    whole = sssom_tsv.read(served.client.get("/mappings").content, most=10)
    assert whole.mappings[3].slots["mapping_source"] == f"{BASE}id/mapping-set/bo-hai"


def test_sets_that_call_things_alike_stay_apart_where_they_come_together(served: Served) -> None:
    columns = "record_id\tsubject_id\tpredicate_id\tobject_id\tmapping_justification\tother\tcomment\text_x\tghi_chu"
    cells = '"a\tb|c\\d"\t"dòng 1\nhai ""trích"""'
    for key, meant in (("mot", "p1"), ("hai", "p2"), ("ba", "p1"), ("bon", None)):
        head = HEAD.replace("/anh-xa", f"/{key}") + "#creator_id:\n#  - nguoi:b\n#  - nguoi:a\n"
        if meant:
            head += f"#extension_definitions:\n#  - slot_name: ext_x\n#    property: nguoi:{meant}\n"
        one = f"nguoi:r1\ttinh:A1\tskos:closeMatch\tnuoc:0101\tsemapv:LexicalMatching\t{cells}\tgiá trị {key}\t{key}"
        sent = served.post(f"{head}{columns}\n{one}\n".encode())
        assert sent.status_code == 200, sent.text
        # Alone, a set comes out as it came in, but for what the catalogue adds.
        given = sssom_tsv.read(f"{head}{columns}\n{one}\n".encode(), most=10)
        for form in documents.FORMS:
            out = served.client.get(f"/mappings.{form}", params={"set": key})
            back = documents.read(out.content, form, most=10, place=form)
            assert back.slots == {**given.slots, "sssom_version": "1.1"}
            assert [one.slots for one in back.mappings] == [{**given.mappings[0].slots, "mapping_status": "candidate"}]
            assert {**back.extensions, **given.extensions} == back.extensions

    whole = documents.read(served.client.get("/mappings.tsv").content, "tsv", most=10, place="tsv")
    meant_by = {
        str(value): whole.extensions[name].property if name in whole.extensions else None
        for record in whole.mappings
        for name, value in record.slots.items()
        if str(value).startswith("giá trị")
    }
    person = "https://nguoi.example/"
    assert meant_by == {
        "giá trị mot": f"{person}p1",
        "giá trị hai": f"{person}p2",
        "giá trị ba": f"{person}p1",
        "giá trị bon": None,
    }
    assert {record.slots["ghi_chu"] for record in whole.mappings} == {"mot", "hai", "ba", "bon"}
    # A name of four mappings would make one of them, in RDF.
    for form in documents.FORMS:
        again = documents.read(served.client.get(f"/mappings.{form}").content, form, most=10, place=form)
        assert not again.problems
        assert again.mappings == whole.mappings


def test_a_browser_sees_the_sets_and_where_each_is_to_be_had(served: Served) -> None:
    assert served.post(FIRST).status_code == 200
    seen = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    page = served.client.get("/mappings", headers=seen)
    assert page.headers["content-type"].startswith("text/html")
    assert {"Accept", "Cookie"} <= {one.strip() for one in page.headers["vary"].split(",")}
    assert "Ánh xạ thử" in page.text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/mappings\.[^"]*)"', page.text)]
    assert len(links) == 8 and "/mappings.csv?set=anh-xa" in links
    for link in links:
        got = served.client.get(link)
        assert got.status_code == 200
    assert served.client.get("/mappings", headers={"Accept": "*/*"}).headers["content-type"].startswith("text/tab")
    assert served.client.get("/mappings", headers={**seen, "If-None-Match": page.headers["etag"]}).status_code == 304


def test_an_answer_that_is_known_is_not_sent_again_until_something_changes(served: Served) -> None:
    served.post(FIRST)
    first = served.client.get("/mappings")
    known = {"If-None-Match": first.headers["etag"]}
    assert served.client.get("/mappings", headers=known).status_code == 304
    served.post(document(row("tinh:A4", "closeMatch", "nuoc:0104")))
    assert served.client.get("/mappings", headers=known).status_code == 200


def test_refused_rows_are_listed_and_nothing_is_written(served: Served) -> None:
    bad = document(
        row("tinh:A1", "closeMatch", "nuoc:0101"),
        row("tinh:A1", "exactMatch", "tinh:A1"),
        row("tinh:A1", "exactMatch", "nuoc:9"),
    )
    refused = served.post(bad)
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["type"].endswith("/invalid")
    assert [(one["row"], one["slot"]) for one in problem["refused"]] == [(11, "object_id"), (12, "object_id")]
    assert len(sssom_tsv.read(served.client.get("/mappings").content, most=10).mappings) == 0
    trial = served.post(bad, partial="true", dryRun="true").json()
    assert (trial["added"], trial["refusedRows"], trial["dryRun"]) == (1, 2, True)
    assert len(sssom_tsv.read(served.client.get("/mappings").content, most=10).mappings) == 0
    assert served.post(bad, partial="true").json()["added"] == 1
    assert len(sssom_tsv.read(served.client.get("/mappings").content, most=10).mappings) == 1


def test_who_may_not_write_may_not_decide(served: Served) -> None:
    assert served.client.post("/mappings", content=FIRST, headers=TSV).status_code == 401
    other = token(served.settings, "write", graphs=(f"{BASE}graph/khac.confirmed",))
    denied = served.client.post("/mappings", content=FIRST, headers={**bearer(other), **TSV})
    assert denied.status_code == 403 and len(served.client.get("/mappings").content.splitlines()) < 6
    reader = token(served.settings, "analyst", graphs=())
    assert served.client.post("/mappings", content=FIRST, headers={**bearer(reader), **TSV}).status_code == 403


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"set": "khong-co"}, 404),
        ({"scheme": "khong-co"}, 404),
        ({"status": "ok"}, 422),
        ({"asOf": "2025-02-30"}, 422),
        ({"asof": "2025-02-03"}, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(served: Served, asked: dict[str, str], status: int) -> None:
    answer = served.client.get("/mappings", params=asked)
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"


def test_forms_that_are_not_read_or_not_made_are_said(served: Served) -> None:
    assert served.post(FIRST, kind="application/pdf").status_code == 415
    assert served.post(FIRST, kind="text/csv; charset=windows-1258").status_code == 415
    assert served.post(FIRST, mode="append").status_code == 422
    assert served.client.get("/mappings.xlsx").status_code == 404
    assert served.client.get("/mappings", headers={"Accept": "image/png"}).status_code == 406


def test_hostile_documents_are_refused_while_others_are_served(served: Served) -> None:
    rows = b"tinh:A1\tskos:exactMatch\tnuoc:0101\tsemapv:LexicalMatching\n"
    columns = b"subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    million = HEAD.encode() + columns + rows * 1_000_000
    with ThreadPoolExecutor(1) as others:
        sent = others.submit(served.post, million)
        slowest = 0.0
        while not sent.done():
            began = time.perf_counter()
            assert served.client.get("/health/live").status_code == 200
            slowest = max(slowest, time.perf_counter() - began)
        refused = sent.result()
    assert refused.status_code == 422 and refused.json()["limit"] == "CHISO_MAPPING_ROWS"
    assert slowest < 15, "the body is read by another process"
    for head, said in (
        ("#a: &a [x]\n#b: *a\n", "neo"),
        ("#a: !!python/object:os.system x\n", "nhãn kiểu"),
        ("#a: " + "[" * 50_000 + "\n", "lồng"),
        ("#comment: " + "x" * 1_000_000 + "\n", "lớn hơn"),
    ):
        answer = served.post(head.encode() + columns + rows)
        assert answer.status_code == 422 and said in answer.json()["detail"], answer.text[:500]
    assert served.post(FIRST).status_code == 200, "the writer goes on"
