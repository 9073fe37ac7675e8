"""Every page, in both languages, both themes, on a telephone and on a desk: axe finds nothing, nothing is cut off."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.watching import violations

PAGES = {
    "home": "/",
    "about": "/about",
    "search": "/search?q=chuyen+doi+so",
    "nothing found": "/search?q=khongcogihet",
    "search narrowed": "/search?q=thai+binh&level=xa&validity=current",
    "responsibility": "/responsibility?of=165/KH-UBND&asOf=2024-06-30",
    "lineage": "/lineage?of=indicator-set:hanoi-chi-dao",
    "lineage, opened": "/lineage?of=165/KH-UBND&open=agency:hanoi.ubnd&hide=role/phoi-hop&asOf=2024-06-30",
    "path": "/path?from=agency:hanoi.so-khcn.2025-03-01&to=decision:ttg.quyet-dinh.2024-09-20.1012-qd-ttg",
    "indicator set": "/doc/indicator-set/hanoi-chi-dao",
    "indicator": "/doc/indicator/quoc-gia-2021.grdp",
    "regime": "/doc/regime/chinh-phu.bao-cao-dinh-ky",
    "series of figures": "/doc/indicator/he-thong-bao-cao-quoc-gia.chi-tieu-ktxh",
    "figure": "/doc/observation/znews-hcm-2025.grdp-dau-nguoi.79.2025",
    "agency": "/doc/agency/hanoi.so-khcn.2025-03-01",
    "agency with units": "/doc/agency/hanoi.ubnd?subunits=true",
    "agency that ended": "/doc/agency/hanoi.so-ttt.truoc-2025-03-01",
    "sheet": "/sheet?agency=agency:hanoi.so-khcn.2025-03-01",
    "decision": "/doc/decision/hanoi-ubnd.ke-hoach.2022-06-14.165-kh-ubnd",
    "provision": "/doc/provision/chinh-phu.nghi-dinh.2022-11-07.94-2022-nd-cp.dieu-2",
    "area": "/doc/area/00004.2025-07-01",
    "area change": "/doc/area-change/33.2025-07-01",
    "system": "/doc/system/hungyen.he-thong-chi-dao-dieu-hanh",
    "source": "/doc/source/hanoi-ke-hoach-165-2022",
    "mapping set": "/doc/mapping-set/de-xuat-so-ten",
    "unknown": "/doc/indicator/khong-co",
    "vocabulary": "/ns",
    "browse": "/browse",
    "class": "/browse/class?iri=chiso:Indicator",
    "property": "/browse/property?iri=chiso:basis",
    "queries": "/queries",
    "catalogue": "/catalog",
    "data set": "/catalog/everything",
    "files": "/dumps/",
    "numbers": "/.well-known/void",
    "mappings": "/mappings",
    "changes": "/changes",
    "states": "/states",
    "validate": "/validate",
    "interface": "/api/docs",
    "errors": "/help/errors",
    "one error": "/help/errors/ambiguous",
    "overview": "/overview",
    "overview by set": "/overview?by=set",
    "indicators": "/overview/indicators?locality=central&lead=without",
    "coverage": "/coverage?scheme=indicator-set:tinh-2023&to=indicator-set:quoc-gia-2010",
    "codes": "/coverage/codes?scheme=indicator-set:tinh-2023&to=indicator-set:quoc-gia-2010&state=candidate",
    "work": "/coverage/work?scheme=indicator-set:tinh-2023&to=indicator-set:quoc-gia-2010",
    "conflicts": "/coverage/conflicts",
    "quality": "/quality",
    "warnings": "/quality/warnings",
    "unconfirmed": "/quality/unconfirmed?mark=unverified",
    "recent": "/recent",
    "sparql": "/sparql",
    "sparql answered": "/sparql?query=SELECT+%2A+%7B+%3Fs+a+%3Fkind+%7D+LIMIT+60",
    "sparql example": "/sparql?example=responsible",
    "query": "/queries/responsible?thing=indicator-set:hanoi-chi-dao",
}
"""What is looked at, by name; the pictures of `make pictures` are of the same pages."""

LOOKS = [("vi", "light", 1280), ("en", "dark", 360)]
"""Language, theme, width: each page in both of each, without trying every combination."""


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_cut_off(
    visit: Visit, name: str, language: str, theme: str, width: int
) -> None:
    page = visit(PAGES[name], language=language, theme=theme, width=width)
    assert page.locator("html").get_attribute("lang") == language
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
