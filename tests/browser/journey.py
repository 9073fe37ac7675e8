"""One person's way through the pages: in one language, with or without scripts, each page reached looked at with axe (which
is a script itself, so it looks where scripts run; once at each page of a way, whatever was asked of it).

Everything is found by what is read or heard (roles, labels, texts of the catalogue of messages), so one journey is walked in
both languages.
"""

import re
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from api.pages.naming import day
from api.pages.render import messages
from tests.browser.conftest import Visit
from tests.browser.watching import violations

LANGUAGES = [pytest.param("vi", True, id="vi"), pytest.param("en", True, id="en")]
WAYS = [*LANGUAGES, pytest.param("vi", False, id="vi-plain"), pytest.param("en", False, id="en-plain")]
"""Language, and whether scripts run."""


class Journey:
    """Begins at `path`. English is walked in the dark, so that both themes are seen."""

    def __init__(
        self, visit: Visit, path: str, language: str, javascript: bool = True, *, axe: bool = True, **options: Any
    ) -> None:
        theme = "dark" if language == "en" else "light"
        self.page: Page = visit(path, language=language, javascript=javascript, theme=theme, **options)
        self.javascript = javascript
        self._axe = axe and javascript
        self._looked_at: set[str] = set()
        self.speaks(language)
        self.reached("")

    def speaks(self, language: str) -> None:
        """From now on the pages are in this language."""
        self.language = language
        self._words = messages(language)

    def t(self, key: str, **values: object) -> str:
        """A sentence of the catalogue of messages."""
        return self._words[key].format(**values) if values else self._words[key]

    def said(self, key: str) -> re.Pattern[str]:
        """A sentence of the catalogue of messages with anything in its fields."""
        return re.compile(re.sub(r"\\{\w+\\}", "(.+?)", re.escape(self._words[key])) + "$")

    def day(self, value: date) -> str:
        """A date as this language writes it."""
        return day(value, self.language)

    def reached(self, part: str) -> None:
        """The address is the one that was meant, the page speaks the language, and axe finds nothing."""
        self.page.wait_for_url(lambda address: part in unquote(address))
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        expect(self.page.get_by_role("heading", level=1)).to_have_count(1)
        path = urlsplit(self.page.url).path
        found = violations(self.page) if self._axe and path not in self._looked_at else []
        self._looked_at.add(path)
        assert not found, f"{self.page.url}\n" + "\n".join(found)

    def follow(self, link: Locator | str, part: str) -> None:
        """Follow a link (or the first of that name in the content of the page) to an address with `part` in it."""
        if isinstance(link, str):
            link = self.main.get_by_role("link", name=link).first
        self.press(link, part)

    def to_room(self, name: str, part: str) -> None:
        """By the menu to one of the parts of the site."""
        menu = self.page.get_by_role("navigation", name=self.t("site.menu"))
        self.follow(menu.get_by_role("link", name=self.t(name), exact=True), part)

    def press(self, button: Locator, part: str) -> None:
        """Click what leads to another page."""
        with self.page.expect_navigation():
            button.click()
        self.reached(part)

    @property
    def main(self) -> Locator:
        """The content of the page, without what stands around every page."""
        return self.page.get_by_role("main")

    def region(self, name: str) -> Locator:
        """A part of the page by its heading."""
        return self.page.get_by_role("region", name=name, exact=True)

    def find(self, text: str) -> None:
        """Type into the field that stands on every page, and press Enter."""
        field = self.page.get_by_label(self.t("search.label"))
        field.fill(text)
        with self.page.expect_navigation():
            field.press("Enter")
        self.reached("/search?q=")

    def choose_day(self, value: date) -> None:
        """Set the date at the top of the page."""
        control = self.page.get_by_role("group").filter(has_text=self.t("as_of.about"))
        control.locator("summary").click()
        control.get_by_label(self.t("as_of.label")).fill(value.isoformat())
        self.press(control.get_by_role("button", name=self.t("as_of.button")), f"asOf={value.isoformat()}")
        self.on_day(value)

    def on_day(self, value: date) -> None:
        """The page says which day it answers for."""
        assert f"asOf={value.isoformat()}" in self.page.url
        expect(self.page.get_by_text(self.t("as_of.given", day=self.day(value)), exact=True)).to_be_visible()


def number(text: str) -> int:
    """The first number in a text, as either language writes it.

    >>> number("14.161 mục"), number("14,161 things")
    (14161, 14161)
    """
    found = re.search(r"\d[\d.,]*", text)
    assert found is not None, text
    return int(re.sub(r"[.,]", "", found.group()))
