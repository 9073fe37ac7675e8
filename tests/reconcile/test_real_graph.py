"""Names, codes and numbers as integrators have them, against everything in `graph/`, over HTTP."""

from collections.abc import Iterator

import httpx2
import pytest

from catalogue.settings import DEFAULT_BASE
from tests import shipped
from tests.api.conftest import serving
from tests.reconcile.conftest import posted


@pytest.fixture(scope="module")
def real() -> Iterator[httpx2.Client]:
    """A client of a server over everything in `graph/`."""
    with serving(shipped.published(), base=DEFAULT_BASE) as client:
        yield client


def test_a_column_of_mixed_quality(real: httpx2.Client) -> None:
    asked = {
        "Sở KHCN Hà Nội": ("agency", "agency/hanoi.so-khcn.2025-03-01"),
        "so thong tin va truyen thong ha noi": ("agency", "agency/hanoi.so-ttt.truoc-2025-03-01"),
        "H26": ("agency", "agency/hanoi.ubnd"),
        "Quyết định số 1012/QĐ-TTg ngày 20/9/2024": ("decision", "decision/ttg.quyet-dinh.2024-09-20.1012-qd-ttg"),
        "Tổng sản phẩm trên địa bàn": ("indicator", "indicator/tinh-2023.T0501"),
        "Tổng sản phẩm trên địa bnà (GRDP)": ("indicator", "indicator/tinh-2023.T0501"),
        "T0501": ("indicator", "indicator/tinh-2023.T0501"),
    }
    batch = {name: {"query": name, "type": kind, "limit": 5} for name, (kind, _) in asked.items()}
    found = posted(real, "queries", batch).json()
    assert {name: found[name]["result"][0]["id"] for name in asked} == {name: id for name, (_, id) in asked.items()}


def test_one_number_of_two_decisions_is_left_to_a_person(real: httpx2.Client) -> None:
    found = posted(real, "queries", {"q": {"query": "1012/QĐ-TTg", "type": "decision"}}).json()["q"]["result"]
    assert [(one["score"], one["match"]) for one in found[:2]] == [(100, False), (100, False)]


def test_who_leads_then_and_now_is_fetched_by_day(real: httpx2.Client) -> None:
    units = []
    for day in ("2024-06-30", "2025-06-30"):
        asked = {
            "ids": ["decision/hanoi-ubnd.ke-hoach.2022-06-14.165-kh-ubnd"],
            "properties": [{"id": "lead", "settings": {"asOf": day}}],
        }
        [row] = posted(real, "extend", asked).json()["rows"].values()
        units.append({one["name"] for one in row["lead"]})
    assert units == [{"Sở Thông tin và Truyền thông Hà Nội"}, {"Sở Khoa học và Công nghệ Hà Nội"}]
