"""The pages: escaped, bilingual, nothing from elsewhere, the date and language kept in links."""

import json
import re
import string
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import httpx2
import pytest

import api.pages

PAGES = [
    "/",
    "/responsibility",
    "/responsibility?of=indicator-set:thu",
    "/lineage",
    "/lineage?of=indicator-set:thu",
    "/search",
    "/search?q=thu",
    "/search?q=khong-co-gi-het",
    "/doc/indicator/thu.1",
    "/doc/indicator/thu.2",
    "/doc/decision/thu-ubnd.ke-hoach.2020-02-03.5-kh-ubnd",
    "/doc/agency/thu.so-a",
    "/doc/quote/thu.1",
    "/doc/source/thu",
    "/ns",
    "/api/docs",
    "/help/errors",
]
HTML = {"Accept": "text/html"}


class Page(HTMLParser):
    """What a page loads, links to and names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.ids: list[str] = []
        self.scripts: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "script":
            self.scripts.append((dict(attrs).get("type") or "", dict(attrs).get("src") or ""))
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.handlers.append(f"{tag}.{name}")
            if name == "id" and value:
                self.ids.append(value)
            if name == "src" or (name == "href" and tag == "link"):
                self.loaded.append(value or "")
            elif name == "href":
                self.links.append(value or "")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_are_whole_and_load_nothing_from_elsewhere(client: httpx2.Client, path: str, language: str) -> None:
    address = path + ("&" if "?" in path else "?") + f"lang={language}"
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    page = Page(answer.text)
    assert page.tags.count("h1") == 1
    assert all(one.startswith("/") and not one.startswith("//") for one in page.loaded)
    assert all(kind == "application/ld+json" or source.startswith("/assets/") for kind, source in page.scripts)
    assert not page.handlers
    assert not [link for link in page.links if link.lower().startswith(("javascript:", "data:"))]
    assert len(page.ids) == len(set(page.ids))
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy


def test_links_within_lead_somewhere(client: httpx2.Client) -> None:
    for path in PAGES:
        page = Page(client.get(path, headers=HTML).text)
        for link in sorted({link.partition("#")[0] for link in page.links if link.startswith("/")}):
            if link.startswith(("/api/v1", "/areas")) or "hanoi" in link or "165" in link:
                continue  # examples that need the real graph
            # Over a store in memory the open addresses are there, but not offered.
            assert client.get(link, headers=HTML).status_code in (200, 303, 501), (path, link)


def test_texts_of_the_graph_are_escaped(client: httpx2.Client) -> None:
    for path in ("/doc/indicator/thu.1", "/doc/indicator/thu.2", "/search?q=chi tieu", "/lineage?of=indicator:thu.2"):
        text = client.get(path, headers=HTML).text
        assert "<script>" not in text
        assert "<img src=x" not in text
    assert "&lt;script&gt;" in client.get("/doc/indicator/thu.1", headers=HTML).text


def test_what_is_typed_is_escaped(client: httpx2.Client) -> None:
    for path in ("/search?q=%22%3E%3Cscript%3E", "/responsibility?of=%22%3E%3Cscript%3E", "/%3Cscript%3E"):
        assert "<script>" not in client.get(path, headers=HTML).text


def test_the_sentence_at_the_top_says_who_leads_and_how_sure(client: httpx2.Client) -> None:
    now = client.get("/doc/indicator-set/thu", headers=HTML).text
    assert re.search(r"Ngày 1/3/2026,.*Sở Khoa học và Công nghệ Thử.*chủ trì.*Kế hoạch 5/KH-UBND", now, re.DOTALL)
    then = client.get("/doc/indicator-set/thu?asOf=2024-06-30&lang=en", headers=HTML).text
    assert re.search(r"On 30 June 2024,.*Sở Thông tin Thử.*leads", then, re.DOTALL)
    assert "asOf=2024-06-30&amp;lang=en" in then


def test_the_language_is_kept_in_a_cookie_or_the_address(client: httpx2.Client) -> None:
    assert '<html lang="en">' in client.get("/", headers={**HTML, "Cookie": "lang=en"}).text
    assert '<html lang="vi">' in client.get("/?lang=vi", headers={**HTML, "Cookie": "lang=en"}).text
    assert '<html lang="vi">' in client.get("/?lang=xx", headers=HTML).text
    assert client.get("/?lang=en", headers=HTML).headers["set-cookie"].startswith("lang=en;")
    assert "set-cookie" not in client.get("/", headers=HTML).headers
    assert "set-cookie" not in client.get("/api/v1/resolve?code=Z99&lang=en").headers


def test_both_languages_have_the_same_messages() -> None:
    folder = Path(api.pages.__file__).parent / "messages"
    rooms = {language: {path.name for path in (folder / language).glob("*.json")} for language in ("vi", "en")}
    assert rooms["vi"] == rooms["en"]
    read: dict[str, dict[str, str]] = {"vi": {}, "en": {}}
    for language, name in product(("vi", "en"), sorted(rooms["vi"])):
        told = json.loads((folder / language / name).read_text("utf-8"))
        assert told.keys().isdisjoint(read[language]), f"{language}/{name} says again what another file says"
        read[language] |= told
    assert read["vi"].keys() == read["en"].keys()

    def fields(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, text in read["vi"].items():
        assert fields(text) == fields(read["en"][key]), key
        assert text.strip()
        assert read["en"][key].strip()


def test_what_pages_load_is_kept_for_ever_under_the_hash_of_its_content(client: httpx2.Client) -> None:
    loaded = [address for address in Page(client.get("/", headers=HTML).text).loaded if address.startswith("/assets/")]
    assert any(address.endswith(".css") for address in loaded)
    assert any(address.endswith(".js") for address in loaded)
    for address in loaded:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        again = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304


def test_the_theme_is_a_cookie_and_leads_back_to_the_page(client: httpx2.Client) -> None:
    chosen = client.get("/appearance?theme=dark&back=/search%3Fq%3Dthu")
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/search?q=thu")
    assert chosen.headers["set-cookie"].startswith("theme=dark;")
    assert 'data-theme="dark"' in client.get("/", headers={**HTML, "Cookie": "theme=dark"}).text
    assert "data-theme=" not in client.get("/", headers={**HTML, "Cookie": "theme=<b>"}).text
    for elsewhere in ("//evil.example/", "https://evil.example/", "/\\evil.example", "/a\r\nX: y"):
        assert client.get("/appearance", params={"theme": "dark", "back": elsewhere}).headers["location"] == "/"
    assert client.get("/appearance?theme=pink").status_code == 422
