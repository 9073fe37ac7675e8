"""Candidates over HTTP and on the command line; what the command writes is decided, taken in, and learned from."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from openpyxl import Workbook

from catalogue.mapping.exchange import sssom_tsv
from catalogue.mapping.exchange.sssom import NO_TERM
from catalogue.settings import Settings
from tests.cli.running import chiso
from tests.mappings.import_world import _PREFIXES
from tests.serving import BASE, MOMENT, bearer, folder, serving_folder, token

ID = f"{BASE}id/"
LISTS = {
    "tinh-thu": {
        "D1": "Tỷ suất chết của trẻ em dưới 5 tuổi",
        "D2": "Thu NSNN",
        "D3": "Số vụ tai nạn giao thông",
        "D4": "Kim ngạch xuất khẩu",
    },
    "nuoc-thu": {
        "0210": "Tỷ suất chết trẻ em dưới 1 tuổi",
        "0211": "Tỷ suất chết trẻ em dưới 5 tuổi",
        "0601": "Thu ngân sách nhà nước",
        "0602": "Chi ngân sách nhà nước",
        "0801": "Trị giá xuất khẩu hàng hóa",
    },
}


def lists() -> str:
    """The two lists in TriG."""
    said = [
        f'set:{scheme} a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Bộ {scheme}"@vi .\n'
        + "".join(
            f'indicator:{scheme}.{code} a chiso:Indicator ; skos:inScheme set:{scheme} ; skos:notation "{code}" ;'
            f' skos:prefLabel "{name}"@vi .\n'
            for code, name in names.items()
        )
        for scheme, names in LISTS.items()
    ]
    about = "graph:hai-danh-muc.confirmed a chiso:SourceGraph ; dct:source source:thu ; chiso:verification verification:confirmed ."
    return f"{_PREFIXES}\ngraph:hai-danh-muc.confirmed {{\n{about}\n{''.join(said)}}}\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return folder(tmp_path, lists())


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx2.Client]:
    with serving_folder(settings) as found:
        yield found


def asked(client: httpx2.Client, code: str, **more: str | int) -> dict[str, object]:
    answer = client.get(
        "/api/v1/mappings/candidates", params={"of": f"indicator:tinh-thu.{code}", "to": "nuoc-thu", **more}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def codes(found: dict[str, object]) -> list[str | None]:
    lines = found["candidates"]
    assert isinstance(lines, list)
    return [line["code"] for line in lines]


def test_candidates_over_http_have_reasons_and_no_counterpart_and_are_never_accepted(client: httpx2.Client) -> None:
    found = asked(client, "D1", limit=3)
    assert codes(found)[0] == "0211"
    assert (found["compared"], found["learned"]) == (5, 0)
    lines = found["candidates"]
    assert isinstance(lines, list)
    assert {line["status"] for line in lines} == {"candidate"}
    assert [line["rank"] for line in lines] == list(range(1, len(lines) + 1))
    [none] = [line for line in lines if line["target"] is None]
    assert 0 < none["probability"] < 1
    assert all(reason["vi"] and reason["en"] for line in lines for reason in line["reasons"])
    assert codes(asked(client, "D3"))[0] is None
    again = client.get("/api/v1/mappings/candidates", params={"of": "indicator:tinh-thu.D3", "to": "nuoc-thu"})
    assert again.headers.get("etag")


def test_what_cannot_be_asked_is_refused_with_what_to_do(client: httpx2.Client) -> None:
    def status(**asked: str) -> int:
        answer = client.get("/api/v1/mappings/candidates", params=asked)
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["detail"]
        return answer.status_code

    assert status(of="indicator:tinh-thu.D1", to="khong-co") == 404
    assert status(of="indicator:khong-co", to="nuoc-thu") == 404
    assert status(of="indicator:nuoc-thu.0210", to="nuoc-thu") == 422
    assert status(of="indicator:tinh-thu.D1", to="nuoc-thu", limit="61") == 422
    assert status(of="indicator:tinh-thu.D1") == 422
    assert status(of="indicator:tinh-thu.D1", to="x" * 600) == 422


def test_a_written_list_of_candidates_is_decided_taken_in_and_learned_from(
    settings: Settings, client: httpx2.Client, tmp_path: Path
) -> None:
    out = tmp_path / "goi-y.sssom.tsv"
    done = chiso(
        "map", "suggest", "--from", "tinh-thu", "--to", "nuoc-thu", "-o", str(out),
        "--data", str(settings.data), "--base-iri", BASE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written = sssom_tsv.read(out.read_bytes(), most=100)
    assert not written.problems
    assert {record.slots["mapping_status"] for record in written.mappings} == {"candidate"}
    subjects = [str(record.slots["subject_id"]) for record in written.mappings if record.slots["object_id"] == NO_TERM]
    assert sorted(subjects) == [f"{ID}indicator/tinh-thu.D{n}" for n in range(1, 5)], "no counterpart for each"
    assert all("mapping_tool_version" in record.slots and "confidence" in record.slots for record in written.mappings)

    secret = {**bearer(token(settings, "write")), "Content-Type": "text/tab-separated-values"}
    taken = client.post("/mappings", content=out.read_bytes(), headers=secret)
    assert taken.status_code == 200, taken.text
    assert asked(client, "D2")["learned"] == 0, "candidates teach nothing"

    for record in written.mappings:
        record.slots["mapping_date"] = MOMENT.date()  # the clock of the service stands in March
        pair = (str(record.slots["subject_id"])[-2:], str(record.slots["object_id"])[-4:])
        verdict = {("D2", "0601"): "rejected", ("D4", "0801"): "accepted"}.get(pair)
        if verdict:
            record.slots |= {
                "mapping_status": verdict,
                "reviewer_label": ("Trần B",),
                "review_date": MOMENT.date(),
            }
    decided = client.post("/mappings", content=sssom_tsv.write(written.settle()), headers=secret)
    assert decided.status_code == 200, decided.text
    after = asked(client, "D2")
    assert after["learned"] == 2
    assert codes(after)[0] != "0601"
    lines = after["candidates"]
    assert isinstance(lines, list)
    assert next(line for line in lines if line["code"] == "0601")["rejected"]
    assert codes(asked(client, "D4"))[0] == "0801"
    listed = chiso(
        "map", "suggest", "--from", "tinh-thu", "--to", "nuoc-thu", "--json",
        "--data", str(settings.data), "--base-iri", BASE,
    )  # fmt: skip
    left = [one["code"] for one in json.loads(listed.stdout)["suggestions"]]
    assert left == ["D1", "D2", "D3"], "what is mapped needs no suggestion"


def test_a_file_of_codes_and_names(settings: Settings, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (["Biểu 1"], ["STT", "Mã", "Tên chỉ tiêu"], [1, "D2", None], [2, "Z9", "Chi ngân sách nhà nuớc"]):
        sheet.append(line)
    book.save(tmp_path / "ma.xlsx")
    common = ("--to", "nuoc-thu", "--data", str(settings.data), "--base-iri", BASE)
    file = (str(tmp_path / "ma.xlsx"), "--column", "Mã", "--name", "Tên chỉ tiêu", "--from", "tinh-thu")
    done = chiso("map", "suggest", *file, *common, "--json")
    assert done.returncode == 0, done.stderr
    found = {one["code"]: one["candidates"][0]["code"] for one in json.loads(done.stdout)["suggestions"]}
    assert found == {"D2": "0601", "Z9": "0602"}
    written = chiso("map", "suggest", *file, *common, "--format", "sssom")
    assert "Z9" in written.stderr and "Z9" not in written.stdout
    assert f"{ID}indicator/" in written.stdout
    wrong = chiso("map", "suggest", file[0], *common)
    assert wrong.returncode == 2 and "--column" in wrong.stderr
