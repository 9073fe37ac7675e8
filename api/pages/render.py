"""Templates to HTML: messages in two languages, links that keep the date and the language, everything escaped."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request

from api import negotiation, texts
from api.pages.assets import Assets
from api.pages.naming import Naming, day, shown, web_address
from api.pages.picture.lettering import inner
from catalogue.clock import VIETNAM
from catalogue.graphs import MARKS, Mark
from catalogue.iri import short
from catalogue.labels import Reference

HERE = Path(__file__).resolve().parent

LONGEST_BACK = 4_000
"""Characters of the address to which the choice of a theme leads back; of a longer one only the path is kept."""

THEMES = ("light", "dark")
"""What a visitor may choose instead of what the system prefers."""


class Messages(dict[str, str]):
    """The sentences of one language. A key without a sentence is a defect that says which one."""

    def __missing__(self, key: str) -> str:
        if key.startswith("validation."):
            return self["validation.other"]
        raise KeyError(f"no message “{key}”")


def messages(language: str) -> Messages:
    """All messages of a language, as they stand in the files of `messages/{language}/`."""
    found = Messages()
    for path in sorted((HERE / "messages" / language).glob("*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


def count(value: int, language: str) -> str:
    """A count as people write it.

    >>> count(14161, "vi"), count(14161, "en")
    ('14.161', '14,161')
    """
    return f"{value:,}".replace(",", "." if language == "vi" else ",")


def moment(value: datetime, language: str) -> str:
    """A time as people write it, by the clock of Viet Nam.

    >>> at = datetime.fromisoformat("2026-11-22T08:27:00+00:00")
    >>> moment(at, "vi"), moment(at, "en")
    ('22/11/2026, 15:27', '22 November 2026, 15:27')
    """
    here = value.astimezone(VIETNAM)
    return f"{day(here.date(), language)}, {here:%H:%M}"


def size(value: int, language: str) -> str:
    """A number of bytes in the largest unit of which there is at least one.

    >>> size(989_756, "vi"), size(84, "en"), size(2_500_000_000, "en")
    ('989,8 kB', '84 B', '2.5 GB')
    """
    shown, unit = float(value), "B"
    for larger in ("kB", "MB", "GB"):
        if shown < 1_000:
            break
        shown, unit = shown / 1_000, larger
    written = f"{shown:.1f}" if unit != "B" else str(value)
    return f"{written.replace('.', ',') if language == 'vi' else written} {unit}"


def icon(sprite: str, name: str, label: str = "") -> Markup:
    """One icon of the sprite; without a `label` it only accompanies a text and is silent.

    >>> print(icon("/assets/icons.svg", "search"))
    <svg class="icon" aria-hidden="true"><use href="/assets/icons.svg#search"/></svg>
    """
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(said, sprite, escape(name))


def mark(name: Mark, words: Mapping[str, str]) -> Markup:
    """A mark as pages show it: a sign, its name, and what it means; made once, since most lines of a page bear one."""
    told = Markup('<span class="mark {}" title="{}"><span aria-hidden="true">{}</span> {}</span>')
    return told.format(name, words[f"marks.{name}.meaning"], words[f"marks.{name}.symbol"], words[f"marks.{name}"])


def theme(request: Request) -> str:
    """The theme that the visitor chose, empty where the system decides."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else ""


class Pages:
    """The templates with what they all use. `address` tells where in this service an IRI is shown, `opened` whether the
    endpoints over a data folder are there to be linked to."""

    def __init__(
        self,
        address: Callable[[str], str | None],
        title: Callable[[Reference], str],
        assets: Assets,
        *,
        opened: bool = False,
    ) -> None:
        self._words = {language: messages(language) for language in negotiation.LANGUAGES}
        self._marks = {language: {name: mark(name, words) for name in MARKS} for language, words in self._words.items()}
        self._address = address
        self._title = title
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_seen,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["title"] = title
        self._environment.globals["asset"] = assets.address
        self._environment.globals["icon"] = partial(icon, assets.address("icons.svg"))
        self._environment.globals["opened"] = opened
        self._environment.globals["web_address"] = web_address
        self._environment.globals["short"] = short
        self._environment.filters |= {"line": texts.line, "broken": texts.broken}
        self._environment.globals["inner"] = inner

    def words(self, language: str) -> Messages:
        """The messages of a language."""
        return self._words[language]

    def html(self, template: str, request: Request, language: str, **context: Any) -> bytes:
        """One page. The template also finds `t` (message), `day`, `to` (link to an IRI), `link` (link to a path)."""
        words = self._words[language]
        kept = _kept(request)
        other = "en" if language == "vi" else "vi"

        def t(key: str, **values: Any) -> str:
            return words[key].format(**values) if values else words[key]

        def link(path: str, **parameters: Any) -> str:
            return _link(path, {**kept, **{k: str(v) for k, v in parameters.items() if v is not None}})

        def to(target: str) -> str | None:
            found = self._address(target)
            return None if found is None else link(found)

        asked = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
        path = quote(request.url.path, safe="/:@!$&'()*+,;=~-._")
        switch = path + "?" + urlencode([*asked, ("lang", other)])
        now = f"{path}?{request.url.query}" if request.url.query else path
        back = now if len(now) <= LONGEST_BACK else path
        reading = context.get("reading")
        page = self._environment.get_template(template)
        return page.render(
            t=t,
            link=link,
            to=to,
            day=partial(day, language=language),
            count=partial(count, language=language),
            moment=partial(moment, language=language),
            size=partial(size, language=language),
            shown=partial(shown, language=language),
            naming=Naming(language, words, self._marks[language], to, self._title),
            language=language,
            other_language=other,
            language_switch=switch,
            theme=theme(request),
            theme_switch={name: "/appearance?" + urlencode({"theme": name, "back": back}) for name in THEMES},
            page_path=path,
            dated=reading.as_of if reading is not None else None,
            today_address=path
            + (
                "?" + urlencode(rest)
                if (rest := [(k, v) for k, v in request.query_params.multi_items() if k not in ("asOf", "cursor")])
                else ""
            ),
            as_of_given=request.query_params.get("asOf", ""),
            kept=kept,
            here=str(request.base_url).rstrip("/"),
            asked=[(k, v) for k, v in asked if k not in ("asOf", "cursor")],
            **context,
        ).encode()


def _seen(value: Any) -> Any:
    """Every text that a template writes, as `texts.shown` has it; what is HTML already stays as it is."""
    return texts.shown(value) if type(value) is str else value


def _kept(request: Request) -> dict[str, str]:
    """What every link carries on: the date and the language that stand in this address."""
    found = {}
    for name in ("asOf", "lang"):
        value = request.query_params.get(name)
        if value and len(value) <= 40:
            found[name] = value
    return found


def _link(path: str, parameters: Mapping[str, str]) -> str:
    if not parameters:
        return path
    address, hash_mark, fragment = path.partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode(parameters)}" + (f"#{fragment}" if hash_mark else "")
