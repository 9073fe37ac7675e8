"""The answers of `/api/v1`, with language, date, validators, limits."""

import httpx2
import pytest

SET = "https://synthetic.example/id/indicator-set/thu"


def test_responsibility_after_a_merger_names_both_units_and_the_event(client: httpx2.Client) -> None:
    answer = client.get("/api/v1/responsibility", params={"of": "Bộ chỉ số thử"}).json()
    assert answer["of"] == {"iri": SET, "kind": "indicator-set", "label": "Bộ chỉ số thử", "language": "vi"}
    assert answer["asOf"] == "2026-03-01"
    [one] = answer["responsibilities"]
    assert one["agency"]["label"] == "Sở Khoa học và Công nghệ Thử"
    assert one["named"]["label"] == "Sở Thông tin Thử"
    assert one["role"]["notation"] == "chu-tri"
    assert one["decision"]["number"] == "5/KH-UBND"
    assert one["decision"]["date"] == "2020-02-03"
    assert one["decision"]["issuer"]["iri"].endswith("agency/thu.ubnd")
    assert one["source"]["place"] == "đoạn 1"
    assert one["verification"] == "inferred"
    assert [event["date"] for event in one["succession"]] == ["2025-03-01"]
    assert {"validFrom", "validTo", "provision", "inheritedFrom", "periodOver", "candidates"} <= one.keys()


def test_responsibility_before_the_merger_is_confirmed(client: httpx2.Client) -> None:
    for given in ("2024-06-30", "30/6/2024"):
        answer = client.get("/api/v1/responsibility", params={"of": SET, "asOf": given}).json()
        assert answer["asOf"] == "2024-06-30"
        [one] = answer["responsibilities"]
        assert one["agency"]["label"] == "Sở Thông tin Thử"
        assert (one["verification"], one["succession"]) == ("confirmed", [])


def test_lineage_goes_up_and_says_relation_source_and_mark(client: httpx2.Client) -> None:
    answer = client.get("/api/v1/lineage", params={"of": "indicator:thu.1", "direction": "up"}).json()
    kinds = [(node["kind"], node["distance"]) for node in answer["nodes"]]
    assert kinds[0] == ("indicator", 0)
    assert ("decision", -3) in kinds
    assert answer["truncated"] is False
    assert {"from", "to", "relation", "sources", "validFrom", "validTo", "verification", "lapsed"} <= answer["edges"][
        0
    ].keys()


def test_lineage_keeps_to_its_limits(client: httpx2.Client) -> None:
    answer = client.get("/api/v1/lineage", params={"of": SET, "direction": "down", "limit": 2}).json()
    assert answer["truncated"] is True
    assert len(answer["nodes"]) <= 3


def test_path_names_its_ends_and_reads_as_sentences(client: httpx2.Client) -> None:
    ends = {"from": "indicator:thu.1", "to": "decision:thu-ttg.quyet-dinh.2019-01-02.7-qd-ttg"}
    answer = client.get("/api/v1/path", params=ends).json()
    assert answer["found"] is True
    assert answer["from"]["kind"] == "indicator"
    assert answer["to"]["kind"] == "decision"
    assert len(answer["sentences"]) == len(answer["edges"])


def test_resolve_finds_code_number_and_name(client: httpx2.Client) -> None:
    def resolved(code: str) -> list[str]:
        matches = client.get("/api/v1/resolve", params={"code": code}).json()["matches"]
        return [match["thing"]["iri"].rpartition("/")[2] for match in matches]

    assert resolved("Z99") == ["thu.ubnd"]
    assert len(resolved("7/QĐ-TTg")) == 2
    assert "thu.ubnd" in resolved("ubnd tinh thu")


def test_search_pages_and_counts_by_kind(client: httpx2.Client) -> None:
    first = client.get("/api/v1/search", params={"q": "thu", "limit": 2})
    answer = first.json()
    assert len(answer["items"]) == 2
    assert answer["total"] == sum(one["count"] for one in answer["facets"][0]["values"])
    assert 'rel="next"' in first.headers["link"]
    seen = [item["iri"] for item in answer["items"]]
    while answer["nextCursor"]:
        answer = client.get("/api/v1/search", params={"q": "thu", "limit": 2, "cursor": answer["nextCursor"]}).json()
        seen += [item["iri"] for item in answer["items"]]
    assert len(seen) == len(set(seen)) == answer["total"]


def test_portfolio_by_key_and_by_code(client: httpx2.Client) -> None:
    by_key = client.get("/api/v1/agencies/thu.so-b/portfolio").json()
    assert by_key["items"][0]["object"]["iri"] == SET
    by_code = client.get("/api/v1/agencies/Z99/portfolio", params={"subunits": "true"}).json()
    assert by_code["agency"]["code"] == "Z99"
    assert by_code["items"]


@pytest.mark.parametrize(
    "name", ["indicators", "agencies", "decisions", "regimes", "indicator-sets", "systems", "targets", "scenarios"]
)
def test_every_list_is_paged(client: httpx2.Client, name: str) -> None:
    answer = client.get(f"/api/v1/{name}", params={"limit": 1})
    assert answer.status_code == 200
    assert set(answer.json()) == {"items", "nextCursor"}


def test_a_list_runs_through_all_pages(client: httpx2.Client) -> None:
    seen: list[str] = []
    parameters = {"limit": "1", "scheme": SET}
    while True:
        page = client.get("/api/v1/indicators", params=parameters).json()
        seen += [item["key"] for item in page["items"]]
        if page["nextCursor"] is None:
            break
        parameters["cursor"] = page["nextCursor"]
    assert seen == ["thu.1", "thu.2", "thu.chỉ-số"]


def test_one_of_a_list_carries_its_statements(client: httpx2.Client) -> None:
    answer = client.get("/api/v1/indicators/thu.1").json()
    marks = {statement["verification"] for statement in answer["statements"]}
    assert marks == {"confirmed", "unverified"}
    assert client.get("/api/v1/indicators/thu.ubnd").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "quality/leads",
        "quality/unconfirmed",
        "quality/figures",
        "systems/exchanges",
        "scenarios/watching",
        "datasets",
        "targets?plan=5/KH-UBND",
    ],
)
def test_the_other_questions_answer(client: httpx2.Client, path: str) -> None:
    assert client.get(f"/api/v1/{path}").status_code == 200


def test_language_follows_parameter_then_header_then_vietnamese(client: httpx2.Client) -> None:
    def label(headers: dict[str, str], **parameters: str) -> tuple[str, str]:
        answer = client.get("/api/v1/responsibility", params={"of": SET, **parameters}, headers=headers)
        return answer.json()["of"]["label"], answer.headers["content-language"]

    assert label({}) == ("Bộ chỉ số thử", "vi")
    assert label({"Accept-Language": "en-GB,vi;q=0.5"}) == ("Test indicator set", "en")
    assert label({"Accept-Language": "en"}, lang="vi") == ("Bộ chỉ số thử", "vi")
    assert label({"Accept-Language": "fr"}) == ("Bộ chỉ số thử", "vi")


def test_an_unchanged_answer_is_304_and_depends_on_language_and_day(client: httpx2.Client) -> None:
    first = client.get("/api/v1/responsibility", params={"of": SET})
    tag = first.headers["etag"]
    assert first.headers["last-modified"]
    assert "Accept-Language" in first.headers["vary"]
    again = client.get("/api/v1/responsibility", params={"of": SET}, headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    english = client.get("/api/v1/responsibility", params={"of": SET}, headers={"Accept-Language": "en"})
    assert english.headers["etag"] != tag
    dated = client.get("/api/v1/responsibility", params={"of": SET, "asOf": "2026-03-01"})
    assert dated.headers["etag"] != tag


def test_any_tag_fits_what_exists_alone(client: httpx2.Client) -> None:
    for path in (
        f"/api/v1/responsibility?of={SET}",
        "/doc/agency/thu.ubnd.ttl",
        "/",
        f"/responsibility?of={SET}",
        "/ns.ttl",
    ):
        assert client.get(path, headers={"If-None-Match": "*"}).status_code == 304
    for path in (
        "/api/v1/responsibility?of=none-such",
        "/doc/agency/none.ttl",
        "/responsibility?of=none-such",
        "/ns.exe",
    ):
        assert client.get(path, headers={"If-None-Match": "*"}).status_code == 404


def test_head_answers_as_get_without_a_body(client: httpx2.Client) -> None:
    for path in ("/api/v1/resolve?code=Z99", "/doc/agency/thu.ubnd", "/", "/ns.ttl"):
        get, head = client.get(path), client.head(path)
        assert head.status_code == 200
        assert head.content == b""
        for name in ("content-type", "content-length", "etag"):
            assert head.headers[name] == get.headers[name]
