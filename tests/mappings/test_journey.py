"""An integrator's journey over the real lists: an Excel of local codes, suggestions, decisions, a translated Excel.

The commands are processes of their own, the service is a real one over the same data folder. The local list is made up and
says so; the list it is tied to is the real one, as far as it is known.
"""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from catalogue import writing
from catalogue.clock import system_clock, today
from catalogue.graphs import VOCABULARY_GRAPH
from catalogue.settings import Settings
from tests import shipped
from tests.cli.running import chiso
from tests.serving import bearer, serving_folder, token

LOCAL = [
    ("0101", "Tỷ suất chết trẻ em dưới 1 tuổi"),
    ("0102", "Số vụ  ly hôn"),
    ("0103", "Tỷ lệ đô thị hoá"),
    ("0104", "GRDP"),
    ("0105", "Số cuộc đối thoại với doanh nghiệp"),
]
"""Code and name in the local Excel: another spelling, two spaces, an abbreviation, and two that the real list lacks."""

MEANT = {"0102": "T0113", "0103": "T0117", "0104": "T0501"}
"""What a person decides; everything else has no counterpart."""

REVIEWER = "Người thử"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the real decisions, agencies and statistical lists, without the administrative units."""
    graphs = shipped.graphs()
    graphs.pop(VOCABULARY_GRAPH)  # which a new folder has of its own
    place = tmp_path_factory.mktemp("journey") / "data"
    writing.make(Settings(data=place), graphs)
    return place


@pytest.fixture(scope="module")
def excel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As an office sends it: a merged title, an empty row, a group, codes as text."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Bộ chỉ số"
    for line in (["DANH MỤC LẬP RA ĐỂ THỬ"], ["Bộ chỉ số điều hành"], []):
        sheet.append(line)
    sheet.merge_cells("A1:D1")
    sheet.append(["STT", "Mã số", "Nhóm, tên chỉ tiêu", "Kỳ công bố"])
    sheet.append([None, "01", "Dân số"])
    for number, (code, name) in enumerate(LOCAL, 1):
        sheet.append([number, code, name, "Năm"])
    path = tmp_path_factory.mktemp("files") / "dia-phuong.xlsx"
    book.save(path)
    return path


def decided(suggested: str) -> str:
    """The SSSOM as a person sends it back: every line decided, with name and day."""
    lines = suggested.splitlines()
    head = [line for line in lines if line.startswith("#")]
    rows = list(csv.DictReader(io.StringIO("\n".join(lines[len(head) :])), delimiter="\t"))
    for row in rows:
        local, target = row["subject_id"].rpartition(".")[2], row["object_id"]
        right = target == "sssom:NoTermFound" if local not in MEANT else row["object_label"] == NAMES[MEANT[local]]
        row |= {
            "mapping_status": "accepted" if right else "rejected",
            "reviewer_label": REVIEWER,
            "review_date": today().isoformat(),
        }
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return "\n".join(head) + "\n" + out.getvalue()


NAMES = {"T0113": "Số vụ ly hôn", "T0117": "Tỷ lệ đô thị hóa", "T0501": "Tổng sản phẩm trên địa bàn (GRDP)"}


def test_from_an_excel_of_local_codes_to_a_translated_one(data: Path, excel: Path, tmp_path: Path) -> None:
    here = {"cwd": tmp_path, "CHISO_DATA": str(data)}

    # The list comes on board, from the Excel itself.
    loaded = chiso(
        "load", str(excel), "--as", "annex", "--set", "lap-de-thu", "--title", "Danh mục lập ra để thử",
        "--source", "dia-phuong.xlsx", "--level", "provincial", **here,
    )  # fmt: skip
    assert loaded.returncode == 0, loaded.stderr
    covered = json.loads(chiso("map", "coverage", "lap-de-thu", "--to", "tinh-2023", "--json", **here).stdout)
    assert (covered["rows"][0]["direct"]["codes"], covered["rows"][0]["direct"]["mapped"]) == (5, 0)

    # Suggestions, ranked, always with "no counterpart", decided by nobody.
    suggested = tmp_path / "goi-y.sssom.tsv"
    asked = chiso("map", "suggest", "--from", "lap-de-thu", "--to", "tinh-2023", "-o", str(suggested), **here)
    assert asked.returncode == 0, asked.stderr
    proposed = suggested.read_text(encoding="utf-8")
    assert proposed.count("sssom:NoTermFound") == len(LOCAL) and "\taccepted" not in proposed

    # What a person decides is looked at first, then sent to the service with a token.
    decisions = tmp_path / "quyet-dinh.sssom.tsv"
    decisions.write_text(decided(proposed), encoding="utf-8")
    checked = chiso("map", "check", str(decisions), **here)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    settings = Settings(data=data)
    with serving_folder(settings, clock=system_clock) as client:
        posting = {"content": decisions.read_bytes(), "headers": {"Content-Type": "text/tab-separated-values"}}
        assert client.post("/mappings", **posting).status_code == 401
        may = {"content": posting["content"], "headers": posting["headers"] | bearer(token(settings, "write"))}
        taken = client.post("/mappings", **may)
        assert taken.status_code == 200, taken.text
        again = client.post("/mappings", **may)
        assert again.status_code == 200 and again.headers["Chiso-State"] == taken.headers["Chiso-State"]

        # Everybody reads them at once: the code, who decided, and the way up to the decision behind it.
        crossed = client.get(
            "/api/v1/crosswalk", params={"code": "0103", "from": "lap-de-thu", "to": "tinh-2023"}
        ).json()
        (answer,) = crossed["answers"]
        assert (answer["target"]["notation"], answer["match"]) == ("T0117", "exactMatch")
        assert REVIEWER in json.dumps(answer["chain"], ensure_ascii=False)
        above = client.get("/api/v1/lineage", params={"of": "indicator:lap-de-thu.0104", "direction": "up"}).json()
        assert any(node["iri"].endswith("05-2023-qd-ttg") for node in above["nodes"])
        exported = client.get("/mappings", params={"scheme": "lap-de-thu", "status": "accepted"}).text
        assert {line.split("\t")[0] for line in exported.splitlines() if line.startswith("indicator:")} == {
            f"indicator:lap-de-thu.{code}" for code, _ in LOCAL
        }
        batch = {"q": {"query": "ty le do thi hoa", "type": "indicator"}}
        offered = client.post("/reconcile", data={"queries": json.dumps(batch)}).json()["q"]["result"]
        assert {one["id"] for one in offered[:2]} == {
            "indicator/lap-de-thu.0103",
            "indicator/tinh-2023.ty-le-do-thi-hoa",
        }

    # The Excel comes back with the codes of the other list beside its own, and the rest as it was.
    translated = tmp_path / "da-doi.xlsx"
    turned = chiso(
        "map", "translate", str(excel), "--column", "Mã số", "--from", "lap-de-thu", "--to", "tinh-2023",
        "-o", str(translated), **here,
    )  # fmt: skip
    assert turned.returncode == 1, turned.stderr  # not every row has a counterpart
    before, after = load_workbook(excel).active, load_workbook(translated).active
    assert before is not None and after is not None
    rows = list(after.iter_rows(values_only=True))
    assert [row[:4] for row in rows] == list(before.iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[0] == "STT")
    column = rows[head].index("tinh-2023: mã")
    assert {str(row[1]): row[column] for row in rows[head + 2 :]} == {code: MEANT.get(code) for code, _ in LOCAL}
    assert REVIEWER in str(rows[head + 2]), "who decided that there is none"

    # What is left is counted, and nothing contradicts itself.
    covered = json.loads(chiso("map", "coverage", "lap-de-thu", "--to", "tinh-2023", "--json", **here).stdout)
    direct = covered["rows"][0]["direct"]
    assert (direct["mapped"], direct["noCounterpart"], direct["nothing"]) == (3, 2, 0)
    assert json.loads(chiso("map", "conflicts", "--json", **here).stdout)["total"] == 0

    # What was decided teaches the next suggestion.
    asked = chiso("map", "suggest", "indicator:lap-de-thu.0101", "--to", "tinh-2023", "--all", "--json", **here)
    found = json.loads(asked.stdout)
    assert found["learned"] == proposed.count("\tcandidate")
    first, *others = found["candidates"]
    assert first["target"] is None and not first["rejected"]
    assert {one["code"] for one in others if one["rejected"]} >= {"T0107"}
