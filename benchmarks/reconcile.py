"""Reconciliation over HTTP at 100,000 names: one query, a batch of 50, and planners beside batches without a pause.

    python -m benchmarks.reconcile [--names 100000] [--rounds 200]

The names are synthetic: put together from words that occur in names of indicators, in a namespace that says so. Each
query asks for another name, so nothing of an answer is remembered: as it stands, without marks, with a letter swapped,
or with a word missing. Targets: 20 ms for one, 300 ms for a batch, at the median.
"""

import argparse
import json
import random
import shutil
import statistics
import threading
import time
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from benchmarks.crowd import p99
from benchmarks.http_client import Visitor
from benchmarks.over_http import serving
from catalogue import writing
from catalogue.folding import fold
from catalogue.iri import VOCABULARY, node
from catalogue.settings import Settings

BASE = "https://synthetic.example/"
BATCH = 50
FOLDER = Path(__file__).parent / "data" / "reconcile"

_WHAT = "Tỷ lệ|Số|Tỷ trọng|Mức tăng|Tổng|Chỉ số|Diện tích|Giá trị|Số lượt|Số vụ|Tốc độ tăng|Bình quân"
_OF = (
    "hộ nghèo|dân số|lao động có việc làm|trẻ em dưới 5 tuổi|học sinh phổ thông|doanh nghiệp|cơ sở y tế|giường bệnh|"
    "hồ sơ trực tuyến|rừng trồng mới|sản phẩm công nghiệp|hàng hóa xuất khẩu|hàng hóa nhập khẩu|khách du lịch|"
    "thu ngân sách|chi ngân sách|vốn đầu tư|nước thải được xử lý|chất thải rắn|tai nạn giao thông|người cao tuổi"
)
_HOW = "được cấp phép|tham gia bảo hiểm|đạt chuẩn quốc gia|qua đào tạo|hoàn thành đúng hạn|theo giá so sánh|tăng thêm"
_WHERE = "thành thị|nông thôn|khu vực nhà nước|khu vực tư nhân|đồng bằng|miền núi|ven biển|hải đảo|cả tỉnh"


def synthetic_names(count: int) -> list[str]:
    """Names that exist nowhere, all of them different, the same every time."""
    chance = random.Random(20260301)
    found: dict[str, None] = {}
    while len(found) < count:
        parts = [chance.choice(column.split("|")) for column in (_WHAT, _OF, _HOW, _WHERE)]
        found[f"{' '.join(parts)}, loại {chance.randrange(1, 400)}"] = None
    return list(found)


def spoilt(name: str, way: int, chance: random.Random) -> str:
    """The name as people have it: as it is, without marks, two letters swapped, a word missing."""
    if way == 1:
        return fold(name)
    words = name.split()
    place = chance.randrange(1, len(words) - 2)
    if way == 2:
        word = words[place]
        words[place] = word[:-2] + word[-1] + word[-2] if len(word) > 2 else word
    elif way == 3:
        del words[place]
    return " ".join(words)


def made(names: list[str]) -> Path:
    """A data folder that holds one indicator for each name."""
    data = FOLDER / str(len(names))
    if (data / "published/current").exists():
        return data
    shutil.rmtree(data, ignore_errors=True)
    graph, source = NamedNode(f"{BASE}graph/synthetic.confirmed"), NamedNode(f"{BASE}id/source/synthetic")
    triples = {
        Triple(graph, node("rdf:type"), NamedNode(VOCABULARY + "SourceGraph")),
        Triple(graph, node("dct:source"), source),
        Triple(graph, node("chiso:verification"), NamedNode("https://w3id.org/chiso/code/verification/confirmed")),
        Triple(source, node("rdf:type"), NamedNode(VOCABULARY + "Source")),
        Triple(source, node("dct:title"), Literal("Dữ liệu tổng hợp để đo, không có thật", language="vi")),
    }
    for number, name in enumerate(names):
        thing = NamedNode(f"{BASE}id/indicator/synthetic-{number % 400}.{number}")
        triples |= {
            Triple(thing, node("rdf:type"), NamedNode(VOCABULARY + "Indicator")),
            Triple(thing, node("skos:prefLabel"), Literal(name, language="vi")),
            Triple(thing, node("skos:notation"), Literal(f"SYN{number}")),
            Triple(thing, node("skos:inScheme"), NamedNode(f"{BASE}id/indicator-set/synthetic-{number % 400}")),
        }
    for number in range(400):
        whole = NamedNode(f"{BASE}id/indicator-set/synthetic-{number}")
        triples |= {
            Triple(whole, node("rdf:type"), NamedNode(VOCABULARY + "IndicatorSet")),
            Triple(whole, node("skos:prefLabel"), Literal(f"Bộ tổng hợp {number}", language="vi")),
        }
    writing.make(Settings(data=data, base_iri=BASE), {graph: triples})
    return data


def asked(visitor: Visitor, names: list[str]) -> tuple[float, dict[str, dict[str, list[dict[str, object]]]]]:
    """Milliseconds of one batch, and its answer."""
    batch = {f"q{number}": {"query": name, "type": "indicator", "limit": 5} for number, name in enumerate(names)}
    body = f"queries={quote(json.dumps(batch))}"
    began = time.perf_counter()
    answer = visitor.post("/reconcile", body.encode(), "application/x-www-form-urlencoded")
    return (time.perf_counter() - began) * 1000, json.loads(answer)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200)
    given = parser.parse_args()
    names = synthetic_names(given.names)
    data = made(names)
    chance = random.Random(7)
    order = chance.sample(range(len(names)), len(names))
    ways = {"as it stands": 0, "without marks": 1, "letters swapped": 2, "a word missing": 3}
    print("| what | queries | median ms | p99 ms | server cpu ms | first is right | target ms |")
    print("|---|---:|---:|---:|---:|---:|---:|")

    def row(what: str, times: list[float], cpu: float, right: str, target: str) -> None:
        median = statistics.median(times)
        print(f"| {what} | {len(times)} | {median:.1f} | {p99(times):.1f} | {cpu:.1f} | {right} | {target} |")

    with serving("--data", str(data), "--base", BASE) as server:
        asked(server, names[:1])  # opens the index
        for size, target in ((1, "20"), (BATCH, "300")):
            for what, way in ways.items():
                rounds = given.rounds if size == 1 else max(4, given.rounds // 20)
                times, right, before = [], 0, server.worked()
                for _ in range(rounds):
                    wanted, order = order[:size], order[size:]
                    server.connect()
                    took, answer = asked(server, [spoilt(names[one], way, chance) for one in wanted])
                    times.append(took)
                    for number, one in enumerate(wanted):
                        found = answer[f"q{number}"]["result"]
                        right += bool(found) and str(found[0]["id"]).endswith(f".{one}")
                label = f"{'one query' if size == 1 else f'batch of {size}'}, {what}"
                share = f"{100 * right / (rounds * size):.0f} %"
                row(label, times, (server.worked() - before) / rounds, share, target)
        _planners(server, names, order, given.rounds, row)


def _planners(server: Visitor, names: list[str], order: list[int], rounds: int, row: object) -> None:
    """A planner's look-ups alone, and beside a client that sends one batch after another."""
    assert callable(row)
    paths = [f"/api/v1/resolve?code=SYN{one}" for one in order[: 2 * rounds]]
    times = [server.time(path) for path in paths[:rounds]]
    row("planner's resolve, alone", times, 0.0, "", "")
    stop = threading.Event()

    def batches() -> None:
        beside = Visitor(server.port, server.pid)
        while not stop.is_set():
            asked(beside, random.sample(names, BATCH))  # as it comes: only the load counts
        beside.close()

    thread = threading.Thread(target=batches)
    thread.start()
    try:
        server.connect()
        row("planner's resolve, beside batches", [server.time(path) for path in paths[rounds:]], 0.0, "", "")
    finally:
        stop.set()
        thread.join()


if __name__ == "__main__":
    main()
