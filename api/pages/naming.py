"""What the lines of a page repeat: a thing by name with its link, a value, a source, a mark.

A page writes hundreds of them, most of them again and again; written here each is made once for a page, and without the
cost of a macro of a template.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from api import texts
from catalogue.clock import written
from catalogue.graphs import Mark
from catalogue.iri import PREFIXES
from catalogue.labels import Reference
from catalogue.proofs import SourceReference
from catalogue.things import Value

_NUMBERS = frozenset(PREFIXES["xsd"] + name for name in ("decimal", "integer", "double", "float"))
_SWAPPED = str.maketrans(".,", ",.")
_BOOLEAN = PREFIXES["xsd"] + "boolean"


def day(value: date | None, language: str) -> str:
    """A date as people write it; nothing where it is not known."""
    return written(value, language) if value else ""


def shown(value: Value, language: str) -> str:
    """A literal as people read it: dates and numbers in the language's own form, anything else as it stands.

    >>> shown(Value("2025-03-01", None, "http://www.w3.org/2001/XMLSchema#date"), "vi")
    '1/3/2025'
    >>> shown(Value("8066.5", None, "http://www.w3.org/2001/XMLSchema#decimal"), "vi")
    '8.066,5'
    """
    if value.datatype in _NUMBERS:
        try:
            written = f"{Decimal(value.value):,f}"
        except InvalidOperation:
            return value.value
        return written.translate(_SWAPPED) if language == "vi" else written
    if value.datatype == PREFIXES["xsd"] + "date":
        try:
            return day(date.fromisoformat(value.value), language)
        except ValueError:
            return value.value
    return value.value


def web_address(text: str | None) -> str | None:
    """The text if it is an address of the web that may stand in a link, else None (`javascript:` is none)."""
    if not text or ":" not in text:
        return None
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None
    return text.strip() if parts.scheme in ("http", "https") and parts.netloc else None


class Naming:
    """The names in one page. `to` tells where an IRI is shown, `title` what a thing is called, `marked` how marks look."""

    def __init__(
        self,
        language: str,
        words: Mapping[str, str],
        marked: Mapping[Mark, Markup],
        to: Callable[[str], str | None],
        title: Callable[[Reference], str],
    ) -> None:
        self._language = language
        self._words = words
        self._marked = marked
        self._to = to
        self._title = title
        self._refs: dict[tuple[str, str | None, str | None], Markup] = {}
        self._sources: dict[SourceReference, Markup] = {}

    def mark(self, name: Mark | None) -> Markup:
        """A mark; nothing for what bears none."""
        return self._marked[name] if name else Markup()

    def ref(self, reference: Any) -> Markup:
        """A thing by its name, with a link to where it is shown here or else on the web."""
        tongue = getattr(reference, "language", None)
        key = (reference.iri, reference.label, tongue)
        known = self._refs.get(key)
        if known is None:
            known = self._refs[key] = self._ref(reference, self._tongue(tongue))
        return known

    def _ref(self, reference: Any, tongue: str) -> Markup:
        name = texts.broken(self._title(reference))
        target = self._to(reference.iri)
        if target:
            return _html(f'<a href="{_safe(target)}"{tongue}>{name}</a>')
        foreign = web_address(reference.iri)
        if foreign:
            return _html(f'<a href="{_safe(foreign)}" rel="noreferrer"{tongue}>{name}</a>')
        return _html(f"<span{tongue}>{name}</span>")

    def value(self, one: Reference | Value) -> Markup:
        """A literal or a thing, as a statement has it."""
        if not isinstance(one, Value):
            return self.ref(one)
        page = web_address(one.value)
        if page:
            told = f'<a href="{_safe(page)}" rel="noreferrer">{_safe(page)}</a>'
        else:
            if one.datatype == _BOOLEAN:
                text = _safe(self._words["thing.yes" if one.value in ("true", "1") else "thing.no"])
            else:
                text = texts.broken(shown(one, self._language))
            told = f'<span{self._tongue(one.language)} dir="auto">{text}</span>'
        if one.language and one.language != self._language:
            told += f' <span class="tag">{_safe(one.language)}</span>'
        return _html(told)

    def source(self, found: SourceReference) -> Markup:
        """A source with the place in it, the words quoted from it, and the way to the document itself."""
        known = self._sources.get(found)
        if known is None:
            known = self._sources[found] = self._source(found)
        return known

    def _source(self, found: SourceReference) -> Markup:
        target = self._to(found.iri)
        name = texts.broken(texts.line(found.document or (self._words["thing.source"] if target else found.iri)))
        told = (
            f'<span class="source"><a href="{_safe(target)}">{name}</a>' if target else f'<span class="source">{name}'
        )
        told += f", {texts.broken(texts.line(found.place))}</span>" if found.place else "</span>"
        if found.quotation:
            told += f'<q lang="vi">{texts.broken(found.quotation)}</q>'
        page = web_address(found.address)
        if page:
            told += f' · <a class="outside" href="{_safe(page)}" rel="noreferrer">{_safe(self._words["thing.original"])}</a>'
        return _html(told)

    def _tongue(self, language: str | None) -> str:
        return f' lang="{_safe(language)}"' if language and language != self._language else ""


def _safe(text: str) -> Markup:
    """A text as a template writes it."""
    return escape(texts.shown(text))


def _html(told: str) -> Markup:
    """What was put together from pieces that are safe."""
    return Markup(told)  # noqa: S704
