"""From what people have in hand to the thing it names."""

from datetime import date

import pytest

from catalogue import resolve
from catalogue.errors import Ambiguous, Invalid, NotFound
from catalogue.settings import DEFAULT_BASE
from catalogue.store.port import Store
from tests.questions.conftest import Publish, day

TURTLE = f"""
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix code: <{DEFAULT_BASE}id/code/> .
agency:city a cv:PublicOrganisation ; skos:prefLabel "Ủy ban nhân dân thành phố Hà Nội"@vi ;
  skos:altLabel "UBND TP Hà Nội"@vi ; adms:identifier code:new , code:old .
code:new a adms:Identifier ; skos:notation "H26" . code:old a adms:Identifier ; skos:notation "000.00.00.H26" .
agency:so.2025 a cv:PublicOrganisation ; skos:prefLabel "Sở Khoa học và Công nghệ Hà Nội"@vi ; chiso:validFrom {day("2025-03-01")} .
agency:so.old a cv:PublicOrganisation ; skos:prefLabel "Sở Khoa học và Công nghệ Hà Nội"@vi ; chiso:validTo {day("2025-03-01")} .
decision:qd-2015 a eli:LegalResource ; eli:type_document doctype:quyet-dinh ; eli:number "1012/QĐ-TTg" ; eli:date_document {day("2015-07-03")} .
decision:qd-2024 a eli:LegalResource ; eli:type_document doctype:quyet-dinh ; eli:number "1012/QĐ-TTg" ; eli:date_document {day("2024-09-20")} .
decision:nd a eli:LegalResource ; eli:type_document doctype:nghi-dinh ; eli:number "09/2019/NĐ-CP" ; eli:date_document {day("2019-01-24")} .
decision:luat a eli:LegalResource ; eli:type_document doctype:luat ; eli:number "24/2008/QH12" .
decision:nq a eli:LegalResource ; eli:type_document doctype:nghi-quyet ; eli:number "24/2008/QH12" .
set:s a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Bộ cấp tỉnh"@vi .
set:t a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Bộ khác"@vi .
group:g a skos:Collection ; skos:prefLabel "Nhóm một"@vi ; skos:inScheme set:s .
indicator:a a chiso:Indicator ; skos:notation "T0501" ; skos:inScheme set:s ; skos:prefLabel "Tổng sản phẩm trên địa bàn (GRDP)"@vi .
indicator:b a chiso:Indicator ; skos:notation "T0501" ; skos:inScheme set:t ; skos:prefLabel "Khác"@vi .
"""


@pytest.fixture
def store(publish: Publish) -> Store:
    return publish(confirmed=TURTLE)


def keys(store: Store, text: str, **others: str) -> list[str]:
    return [match.thing.iri.rpartition("/")[2] for match in resolve.find(store, text, base=DEFAULT_BASE, **others)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{DEFAULT_BASE}id/agency/city", ["city"]),
        ("agency:city", ["city"]),
        ("indicator-set:s", ["s"]),
        ("set:s", ["s"]),
        ("group:g", ["g"]),
        ("identifier:new", ["new"]),
        ("code:new", ["new"]),
        ("H26", ["city"]),
        ("h26", ["city"]),
        ("000.00.00.H26", ["city"]),
        ("UBND TP Hà Nội", ["city"]),
        ("ubnd tp ha noi", ["city"]),
        ("UBND thành phố Hà Nội", ["city"]),
        ("uy ban nhan dan thanh pho ha noi", ["city"]),
        ("Sở KH&CN Hà Nội", ["so.2025", "so.old"]),
        ("so khcn ha noi", ["so.2025", "so.old"]),
        ("1012/QĐ-TTg", ["qd-2015", "qd-2024"]),
        ("1012/qd-ttg", ["qd-2015", "qd-2024"]),
        (" 1012 / QĐ-TTg ", ["qd-2015", "qd-2024"]),
        ("Quyết định số 1012/QĐ-TTg ngày 20/9/2024", ["qd-2024"]),
        ("QĐ 1012/QĐ-TTg, 2015-07-03", ["qd-2015"]),
        ("1012/QĐ-TTg năm 2015", ["qd-2015"]),
        ("1012/QĐ-TTg (2024)", ["qd-2024"]),
        ("1012/QĐ-TTg ngày 21/9/2024", []),
        ("Nghị định 09/2019/NĐ-CP", ["nd"]),
        ("nghị định 09/2019", ["nd"]),
        ("Luật 24/2008/QH12", ["luat"]),
        ("24/2008/QH12", ["luat", "nq"]),
        ("T0501", ["a", "b"]),
        ("tổng sản phẩm trên địa bàn (GRDP)", ["a"]),
        ("nothing of that name", []),
        ('<>"{}|\\^`', []),
        ("agency:no-such", []),
        ("https://chiso.example/id/agency/<b>", []),
    ],
)
def test_what_people_have_in_hand(store: Store, text: str, expected: list[str]) -> None:
    assert keys(store, text) == expected


def test_decomposed_unicode_finds_the_same(store: Store) -> None:
    import unicodedata

    assert keys(store, unicodedata.normalize("NFD", "Sở Khoa học và Công nghệ Hà Nội")) == ["so.2025", "so.old"]


def test_a_scheme_restricts_codes(store: Store) -> None:
    assert keys(store, "T0501", scheme=f"{DEFAULT_BASE}id/indicator-set/t") == ["b"]


def test_a_date_chooses_among_namesakes(store: Store) -> None:
    def on(day: date) -> str:
        return resolve.one(store, "Sở KH&CN Hà Nội", base=DEFAULT_BASE, as_of=day).value.rpartition("/")[2]

    assert on(date(2024, 6, 30)) == "so.old"
    assert on(date(2025, 3, 1)) == "so.2025"


def test_several_are_listed(store: Store) -> None:
    with pytest.raises(Ambiguous) as caught:
        resolve.one(store, "1012/QĐ-TTg", base=DEFAULT_BASE, as_of=date(2026, 1, 1))
    labels = [candidate["label"] for candidate in caught.value.details["candidates"]]
    assert labels == ["Quyết định 1012/QĐ-TTg ngày 3/7/2015", "Quyết định 1012/QĐ-TTg ngày 20/9/2024"]


def test_nothing_is_a_sentence_that_says_what_to_try(store: Store) -> None:
    with pytest.raises(NotFound, match="Try a part of the name"):
        resolve.one(store, "no such thing", base=DEFAULT_BASE)


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_empty_and_endless_texts_are_refused(store: Store, text: str) -> None:
    with pytest.raises(Invalid):
        resolve.find(store, text, base=DEFAULT_BASE)
