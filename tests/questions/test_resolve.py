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
@prefix area: <{DEFAULT_BASE}id/area/> .
agency:city a cv:PublicOrganisation ; skos:prefLabel "Ủy ban nhân dân thành phố Hà Nội"@vi ;
  skos:altLabel "UBND TP Hà Nội"@vi ; adms:identifier code:new , code:old .
code:new a adms:Identifier ; skos:notation "H26" . code:old a adms:Identifier ; skos:notation "000.00.00.H26" .
agency:so.2025 a cv:PublicOrganisation ; skos:prefLabel "Sở Khoa học và Công nghệ Hà Nội"@vi ; chiso:validFrom {day("2025-03-01")} .
agency:so.old a cv:PublicOrganisation ; skos:prefLabel "Sở Khoa học và Công nghệ Hà Nội"@vi ; chiso:validTo {day("2025-03-01")} .
decision:qd-2015 a eli:LegalResource ; eli:type_document doctype:quyet-dinh ; eli:number "1012/QĐ-TTg" ; eli:date_document {day("2015-07-03")} .
decision:qd-2024 a eli:LegalResource ; eli:type_document doctype:quyet-dinh ; eli:number "1012/QĐ-TTg" ; eli:date_document {day("2024-09-20")} .
decision:kh-hn a eli:LegalResource ; eli:type_document doctype:ke-hoach ; eli:number "165/KH-UBND" ; eli:date_document {day("2022-06-14")} ;
  eli:passed_by agency:city ; dct:title "Kế hoạch phát triển hệ thống thông tin báo cáo"@vi .
decision:kh-hy a eli:LegalResource ; eli:type_document doctype:ke-hoach ; eli:number "81/KH-UBND" ; eli:date_document {day("2024-04-16")} ;
  eli:passed_by agency:province .
agency:province a cv:PublicOrganisation ; skos:prefLabel "Ủy ban nhân dân tỉnh Hưng Yên"@vi ; dct:spatial area:hy .
area:hy a chiso:AdministrativeUnit ; skos:prefLabel "Tỉnh Hưng Yên"@vi ; skos:altLabel "Hưng Yên"@vi ; chiso:validFrom {day("2025-07-01")} .
area:bd a chiso:AdministrativeUnit ; skos:prefLabel "Xã Ba Dinh"@vi ; chiso:validFrom {day("2025-07-01")} .
<{DEFAULT_BASE}id/area/b%C4%91> a chiso:AdministrativeUnit ; skos:prefLabel "Xã Ba Đình"@vi ; chiso:validTo {day("2025-07-01")} .
area:p a chiso:AdministrativeUnit ; skos:prefLabel "Phường Ba Đình"@vi ; chiso:validFrom {day("2025-07-01")} .
decision:luat-tk a eli:LegalResource ; eli:type_document doctype:luat ; eli:number "89/2015/QH13" ; dct:title "Luật Thống kê"@vi .
decision:cv a eli:LegalResource ; eli:type_document doctype:cong-van ; eli:number "7146/VPCP-KSTT" .
decision:tt a eli:LegalResource ; eli:type_document doctype:thong-tu ; eli:number "10/2023/TT-BKHĐT" ; eli:passed_by agency:bkhdt .
agency:bkhdt a cv:PublicOrganisation ; skos:prefLabel "Bộ Kế hoạch và Đầu tư"@vi .
<{DEFAULT_BASE}id/provision/nd.12> a eli:LegalResourceSubdivision ; eli:number "Điều 12" ; eli:is_part_of decision:nd .
decision:nd a eli:LegalResource ; eli:type_document doctype:nghi-dinh ; eli:number "09/2019/NĐ-CP" ; eli:date_document {day("2019-01-24")} .
decision:luat a eli:LegalResource ; eli:type_document doctype:luat ; eli:number "24/2008/QH12" ; chiso:validTo {day("2020-01-01")} .
decision:nq a eli:LegalResource ; eli:type_document doctype:nghi-quyet ; eli:number "24/2008/QH12" ; chiso:validFrom {day("2008-11-13")} .
set:s a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Bộ cấp tỉnh"@vi .
set:t a skos:ConceptScheme , chiso:IndicatorSet ; skos:prefLabel "Bộ khác"@vi .
group:g a skos:Collection ; skos:prefLabel "Nhóm một"@vi ; skos:inScheme set:s .
indicator:a a chiso:Indicator ; skos:notation "T0501" ; skos:inScheme set:s ; skos:prefLabel "Tổng sản phẩm trên địa bàn (GRDP)"@vi .
indicator:c a chiso:Indicator ; skos:inScheme set:t ; skos:prefLabel "Công nghiệp"@vi .
indicator:d a chiso:Indicator ; skos:inScheme set:t ; skos:prefLabel "Dân số"@vi .
indicator:e a chiso:Indicator ; skos:inScheme set:t ; skos:prefLabel "Tổng sản phẩm trên địa bàn"@vi .
agency:qd-2015 a cv:PublicOrganisation ; skos:prefLabel "Sở mang cùng khóa"@vi .
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
        ("24/2008/QH12", ["nq", "luat"]),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("165/KH-UBND", ["kh-hn"]),
        ("165/KH-UBND Hà Nội", ["kh-hn"]),
        ("165/KH-UBND - Hà Nội", ["kh-hn"]),
        ("165/KH-UBND của UBND thành phố Hà Nội", ["kh-hn"]),
        ("165/KH-UBND ngày 14/6/2022 của UBND TP Hà Nội", ["kh-hn"]),
        ("UBND thành phố Hà Nội: Kế hoạch số 165/KH-UBND", ["kh-hn"]),
        ("Kế hoạch 165/KH-UBND năm 2022 về phát triển hệ thống thông tin", ["kh-hn"]),
        ("165/KH-UBND về bảo vệ rừng", []),
        ("Điều 12, Nghị định 09/2019/NĐ-CP ngày 24/1/2019", ["nd.12"]),
        ("Nghị định 09/2019/NĐ-CP Điều 12", ["nd.12"]),
        ("Article 12, Decree 09/2019/NĐ-CP of 24 January 2019", ["nd.12"]),
        ("Article 13, Decree 09/2019/NĐ-CP of 24 January 2019", []),
        ("Điều 13 Nghị định 09/2019/NĐ-CP", []),
        ("165/KH-UBND của UBND thành phố Hà Nội ban hành Kế hoạch phát triển hệ thống", ["kh-hn"]),
        ("165/KH-UBND của UBND tỉnh Hưng Yên ban hành Kế hoạch phát triển hệ thống", []),
        ("165/KH-UBND abc xyz", []),
        ("165/KH-UBND Hưng Yên", []),
        ("81/KH-UBND Hà Nội", []),
        ("81/KH-UBND Hưng Yên", ["kh-hy"]),
        ("81/KH-UBND tỉnh Hưng Yên 2024", ["kh-hy"]),
        ("81/KH-UBND thành phố Hưng Yên", []),
        ("81/KH-UBND Hà Nam", []),
        ("1012/QĐ-TTg 2024", ["qd-2024"]),
        ("1012/QĐ-TTg 2016", []),
        ("1012/QÐ-TTg 2024", ["qd-2024"]),
        ("1012/Qð-ttg, 2024", ["qd-2024"]),
        ("1012/QĐ-TTg tháng 9 năm 2024", ["qd-2024"]),
        ("1012/QĐ-TTg tháng 10/2024", []),
        ("1012/QĐ-TTg ngày 20 tháng 9 năm 2024 của Thủ tướng", ["qd-2024"]),
        ("1012/QĐ-TTg ngày 31/2/2024", []),
        ("Decision 1012/QĐ-TTg of 2024-09-20", ["qd-2024"]),
        ("Decision 1012/QĐ-TTg of 20 September 2024", ["qd-2024"]),
        ("so 1012/qd-ttg (2015)", ["qd-2015"]),
        ("Luật Thống kê số 89/2015/QH13", ["luat-tk"]),
        ("Luật Kế toán số 89/2015/QH13", []),
        ("Thông tư của Bộ Kế hoạch và Đầu tư số 10/2023/TT-BKHĐT", ["tt"]),
        ("Thông tư 10/2023/TT-BKHĐT của Bộ Kế hoạch và Đầu tư", ["tt"]),
    ],
)
def test_what_stands_beside_a_number_must_be_explained(store: Store, text: str, expected: list[str]) -> None:
    assert keys(store, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("QĐ 1012", ["qd-2015", "qd-2024"]),
        ("Quyết định 1012", ["qd-2015", "qd-2024"]),
        ("quyết định số 1012 năm 2024", ["qd-2024"]),
        ("Nghị định 1012", []),
        ("Kế hoạch 165", ["kh-hn"]),
        ("KH 165", ["kh-hn"]),
        ("Kế hoạch số 165 của UBND Hà Nội", ["kh-hn"]),
        ("Kế hoạch 165 của UBND tỉnh Hưng Yên", []),
        ("NĐ 09", ["nd"]),
        ("nghị định 9/2019", ["nd"]),
        ("9/2019/NĐ-CP", ["nd"]),
        ("09/2019", ["nd"]),
        ("GRDP tháng 09/2019", []),
        ("Luật 24", ["luat"]),
        ("Nghị quyết 24/2008", ["nq"]),
        ("Công văn 7146", ["cv"]),
        ("1012", []),
    ],
)
def test_a_part_of_a_number_gives_those_that_begin_so(store: Store, text: str, expected: list[str]) -> None:
    assert keys(store, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UBND Hà Nội", ["city"]),
        ("uy ban nhan dan ha noi", ["city"]),
        ("UBND tỉnh Hà Nội", []),
        ("tỉnh Hưng Yên", ["hy"]),
        ("hưng yên", ["hy"]),
        ("thành phố Hưng Yên", []),
        ("Sở Khoa học và Công nghệ thành phố Hà Nội", ["so.2025", "so.old"]),
        ("Sở Công nghiệp", []),
        ("Sở Dân số", []),
        ("so cong nghiep", []),
        ("số T0501", ["a", "b"]),
        ("GRDP", ["a", "e"]),
        ("ba đình", ["p", "b%C4%91", "bd"]),
        ("xã Ba Đình", ["b%C4%91", "bd"]),
        ("xa ba dinh", ["bd", "b%C4%91"]),
    ],
)
def test_names_in_shorter_forms(store: Store, text: str, expected: list[str]) -> None:
    assert keys(store, text) == expected


def test_the_spelling_to_the_last_mark_chooses_among_names_that_fold_alike(store: Store) -> None:
    today = date(2026, 11, 22)
    assert resolve.one(store, "xã ba đình", base=DEFAULT_BASE, as_of=today).value.endswith("/b%C4%91")
    with pytest.raises(Ambiguous):
        resolve.one(store, "xa ba dinh", base=DEFAULT_BASE)


def test_a_date_never_chooses_among_documents(store: Store) -> None:
    with pytest.raises(Ambiguous):
        resolve.one(store, "24/2008/QH12", base=DEFAULT_BASE, as_of=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:8000/id/agency/city", ["city"]),
        ("https://chiso.hanoi.example/doc/agency/city", ["city"]),
        ("http://localhost/doc/agency/city.html?lang=en", ["city"]),
        ("http://localhost/doc/agency/so.2025.ttl", ["so.2025"]),
        ("http://localhost/doc/agency/so.2025", ["so.2025"]),
        ("http://localhost/doc/nothing/city", []),
        ("http://localhost/id/agency/no-such", []),
    ],
)
def test_the_address_at_which_a_thing_is_served(store: Store, address: str, expected: list[str]) -> None:
    assert keys(store, address) == expected


def test_decomposed_unicode_finds_the_same(store: Store) -> None:
    import unicodedata

    assert keys(store, unicodedata.normalize("NFD", "Sở Khoa học và Công nghệ Hà Nội")) == ["so.2025", "so.old"]


def test_a_scheme_restricts_codes(store: Store) -> None:
    assert keys(store, "T0501", scheme=f"{DEFAULT_BASE}id/indicator-set/t") == ["b"]


@pytest.mark.parametrize("scheme", ["t", "set:t", "indicator-set:t", "indicator-set/t", "bộ khác"])
def test_a_scheme_may_be_named_shortly(store: Store, scheme: str) -> None:
    assert keys(store, "T0501", scheme=scheme) == ["b"]


def test_a_scheme_is_found_by_its_key_alone_and_a_whole_key_wins(publish: Publish) -> None:
    store = publish(confirmed="set:sdg a chiso:IndicatorSet . set:vsdg-2025 a chiso:IndicatorSet .")
    assert keys(store, "sdg") == ["sdg"]
    assert resolve.schemes(store, "sdg", base=DEFAULT_BASE) == {f"{DEFAULT_BASE}id/indicator-set/sdg"}
    assert len(resolve.schemes(store, "sd", base=DEFAULT_BASE)) == 2


def test_a_scheme_that_is_not_known_is_said_with_those_that_are(store: Store) -> None:
    with pytest.raises(Invalid, match="indicator-set:s, indicator-set:t") as caught:
        keys(store, "T0501", scheme="foo")
    assert caught.value.details["schemes"] == ["indicator-set:s", "indicator-set:t"]


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
    with pytest.raises(NotFound, match="chiso search, or the page /search"):
        resolve.one(store, "no such thing", base=DEFAULT_BASE)


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_empty_and_endless_texts_are_refused(store: Store, text: str) -> None:
    with pytest.raises(Invalid):
        resolve.find(store, text, base=DEFAULT_BASE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("qd-2024", ["qd-2024"]),
        ("s T0501", ["a"]),
        ("s.T0501", ["a"]),
        ("T:t0501", ["b"]),
        ("s  T0501 ", ["a"]),
        ("s T9999", []),
        ("x T0501", []),
        ("s T0501 T0501", []),
    ],
)
def test_a_whole_key_and_a_code_behind_its_scheme_as_copied_from_our_tables(
    store: Store, text: str, found: list[str]
) -> None:
    assert keys(store, text) == found


def test_a_key_of_several_kinds_is_told_with_its_candidates(store: Store) -> None:
    with pytest.raises(Ambiguous) as error:
        resolve.one(store, "qd-2015", base=DEFAULT_BASE)
    assert {one["kind"] for one in error.value.details["candidates"]} == {"agency", "decision"}
