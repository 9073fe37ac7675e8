"""The pages of indicators and regimes, as people use them."""

from datetime import date

from catalogue.deadlines import following
from tests.browser.conftest import Visit


def test_the_address_and_the_citation_can_be_copied_and_keep_the_date(visit: Visit) -> None:
    page = visit("/doc/indicator/quoc-gia-2021.grdp?asOf=2025-05-01", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Chép địa chỉ").click()
    page.get_by_text("Đã chép địa chỉ của trang này.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.get_by_role("button", name="Chép trích dẫn").click()
    page.get_by_text("Đã chép trích dẫn.").wait_for()
    citation = page.evaluate("navigator.clipboard.readText()")
    assert "Tính đến ngày 1/5/2025" in citation
    assert "https://chiso.example/id/indicator/quoc-gia-2021.grdp" in citation


def test_a_regime_tells_what_is_due_next_without_scripts(visit: Visit) -> None:
    page = visit("/doc/regime/chinh-phu.bao-cao-dinh-ky?asOf=2026-11-22", language="en", javascript=False)
    (month,) = following("thang", cutoff_day=14, due_day=25, as_of=date(2026, 11, 22))
    assert month.due == date(2026, 11, 25)
    first = page.locator("section[aria-labelledby=due] tbody tr").first
    assert "25 November 2026" in first.inner_text()
    assert page.get_by_role("button", name="Copy address").count() == 0


def test_figures_that_contradict_each_other_stand_side_by_side(visit: Visit) -> None:
    page = visit("/doc/observation/znews-hcm-2025.grdp-dau-nguoi.79.2025")
    assert page.get_by_role("heading", level=1).inner_text().startswith("GRDP bình quân đầu người")
    row = page.locator("table.figures tbody tr")
    assert row.count() == 1
    assert "8.755" in row.inner_text()
    assert "8.066" in row.inner_text()
    assert "Các nguồn nói khác nhau" in row.inner_text()
