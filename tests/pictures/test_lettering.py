"""Letters: what hostile texts may not do to a picture."""

import pytest

from api import texts
from api.pages.picture import lettering

HOSTILE = [
    "",
    "Tỷ lệ hồ sơ trực tuyến được xử lý đúng hạn trên tổng số hồ sơ của các cơ quan hành chính nhà nước",
    "W" * 5_000,
    "từ " * 3_000,
    "\u202egnụd yâx\u202c \u2066x\u2069",
    "a\x00b\x1fc\x7fd\u0085e",
    "שלום עולם مرحبا بالعالم",
    "漢字" * 200,
    "e\u0301\u0302\u0303" * 100,
    "<script>alert(1)</script>]]>&\"'",
    "\ud800 lẻ",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_fits_into_its_lines(text: str) -> None:
    for most in (1, 3):
        found = lettering.lines(texts.line(text), 172, 13, most)
        assert len(found) <= most
        assert all(lettering.width(line, 13) <= 172 for line in found)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_plain_text_is_one_line_that_xml_takes(text: str) -> None:
    found = texts.line(text)
    found.encode()
    assert found.isprintable()
    assert not set(found) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_what_is_left_out_is_said() -> None:
    assert lettering.lines("một hai ba bốn năm sáu bảy tám chín mười", 90, 13, 2)[-1].endswith("…")
    assert lettering.lines("một hai", 90, 13, 2) == ["một hai"]
