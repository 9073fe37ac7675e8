"""Pages kept as they were sent: made once, and never the page of another language, theme, day, state or address."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from api.pages.things.page import page as make
from api.prepared import Answer, Key, Prepared
from catalogue.settings import Settings
from catalogue.writing import Writer
from tests import serving
from tests.api.test_published_state import state, until

THING = f"{serving.BASE}id/indicator/ho.1"
PAGE = "/doc/indicator/ho.1"
HTML = {"Accept": "text/html", "Accept-Language": "vi"}


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # half past eleven at night in Viet Nam

    def __call__(self) -> datetime:
        """The moment that was set."""
        return self.now


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A folder with one more indicator."""
    found = serving.folder(tmp_path_factory.mktemp("kept"), read_only=True)
    publish(found, "một")
    return found


def publish(settings: Settings, name: str) -> None:
    """Publish the indicator under a name."""
    line = f'<{THING}> <http://www.w3.org/2004/02/skos/core#prefLabel> "tên {name}"@vi .'
    writer = Writer(replace(settings, read_only=False))
    try:
        writer.put(NamedNode(f"{serving.BASE}graph/ho"), [one.triple for one in parse(line, RdfFormat.N_TRIPLES)])
    finally:
        writer.close()


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The clock of the service."""
    return Clock()


@pytest.fixture(scope="module")
def client(settings: Settings, clock: Clock) -> Iterator[httpx2.Client]:
    """A service that follows what is published."""
    with serving.serving_folder(settings, clock=clock) as found:
        yield found


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses whose pages were made, and not taken from what is kept."""
    found: list[str] = []

    def page(*given: Any) -> bytes:
        found.append(str(given[2].url))
        return make(*given)

    monkeypatch.setattr("api.things.page", page)
    return found


def read(client: httpx2.Client, path: str = PAGE, **headers: str) -> httpx2.Response:
    """A page, asked without the cookies of others."""
    client.cookies.clear()
    answer = client.get(
        path, headers={**HTML, **{name.replace("_", "-").title(): value for name, value in headers.items()}}
    )
    assert answer.status_code == 200
    return answer


def test_a_page_is_made_once(client: httpx2.Client, made: list[str]) -> None:
    path = PAGE + "?a=once"
    first, again = read(client, path), read(client, path)
    assert len(made) == 1
    assert again.content == first.content
    assert {**again.headers, "date": ""} == {**first.headers, "date": ""}
    assert client.get(path, headers={**HTML, "If-None-Match": first.headers["etag"]}).status_code == 304
    assert client.head(path, headers=HTML).headers["etag"] == first.headers["etag"]
    assert len(made) == 1


@pytest.mark.parametrize("path", [PAGE, PAGE + ".html", "/", "/about"])
def test_no_page_is_that_of_another_visitor(client: httpx2.Client, path: str) -> None:
    for _ in range(2):  # made, then kept
        vietnamese, english = read(client, path).text, read(client, path, accept_language="en").text
        assert '<html lang="vi"' in vietnamese
        assert '<html lang="en"' in english
        assert '<html lang="en"' in read(client, path, cookie="lang=en").text
        assert 'data-theme="dark"' in read(client, path, cookie="theme=dark").text
        assert 'data-theme="light"' in read(client, path, cookie="a=b; theme=light").text
        assert "data-theme=" not in read(client, path, cookie="theme=%22%3E").text
        assert "data-theme=" not in vietnamese


def test_a_citation_names_the_address_that_the_visitor_knows(client: httpx2.Client) -> None:
    for host in ("one.example", "two.example", "one.example"):
        assert f"http://{host}{PAGE}" in read(client, host=host).text


def test_data_and_pages_of_one_address_stay_apart(client: httpx2.Client) -> None:
    for _ in range(2):
        assert "text/html" in read(client).headers["content-type"]
        assert "text/turtle" in client.get(PAGE, headers={"Accept": "text/turtle"}).headers["content-type"]
        assert "text/turtle" in read(client, PAGE + ".ttl").headers["content-type"]
        assert "text/csv" in read(client, PAGE + "?format=csv").headers["content-type"]


def test_who_gets_a_cookie_gets_it_every_time(client: httpx2.Client, made: list[str]) -> None:
    path = PAGE + "?a=cookie&lang=en"
    for language in ("vi", "en", "vi"):  # the address says the language, whatever the visitor prefers
        answer = read(client, path, accept_language=language, cookie=f"lang={language}")
        assert '<html lang="en"' in answer.text
        assert "lang=en;" in answer.headers["set-cookie"]
        assert "private" in answer.headers["cache-control"]
    assert len(made) == 1
    assert "lang=vi;" in read(client, path + "&lang=vi").headers["set-cookie"]
    assert '<html lang="vi"' in read(client, path + "&lang=vi").text
    assert len(made) == 2
    assert "set-cookie" not in read(client).headers


def test_an_address_that_hides_its_language_is_kept_for_nobody(client: httpx2.Client, made: list[str]) -> None:
    for language in ("vi", "en"):
        answer = read(client, PAGE + "?l%61ng=en", accept_language=language)
        assert '<html lang="en"' in answer.text
    assert len(made) == 2


def test_tomorrow_has_a_page_of_its_own(client: httpx2.Client, clock: Clock, made: list[str]) -> None:
    path = PAGE + "?a=day"
    today = read(client, path)
    assert "1/3/2026" in today.text
    clock.now += timedelta(hours=1)
    tomorrow = read(client, path)
    assert "2/3/2026" in tomorrow.text
    assert tomorrow.headers["etag"] != today.headers["etag"]
    assert len(made) == 2


def test_a_new_state_has_pages_of_its_own(client: httpx2.Client, settings: Settings) -> None:
    before = read(client)
    assert "tên một" in before.text
    held = state(client)
    publish(settings, "hai")
    until(lambda: state(client) != held)
    after = read(client)
    assert "tên hai" in after.text
    assert "tên một" not in after.text
    assert after.headers["chiso-state"] != before.headers["chiso-state"]


def test_addresses_without_end_take_no_more_memory() -> None:
    kept = Prepared(1_000_000)
    for number in range(1_000):
        kept.keep(Key(b"/", b"%d" % number, "", "vi"), Answer(200, [], b"x" * 20_000, packs=True))
    assert 0 < len(kept) * 20_000 < 1_000_000
    assert kept.get(Key(b"/", b"0", "", "vi")) is None
    assert kept.get(Key(b"/", b"999", "", "vi")) is not None
