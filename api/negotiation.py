"""Content negotiation: the media type and the language that suit the caller best (RFC 9110, section 12)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import RdfFormat
from starlette.requests import Request

from catalogue.errors import Invalid, NotAcceptable, NotFound

LANGUAGES = ("vi", "en")

HTML = "text/html"
JSON = "application/json"
PROBLEM = "application/problem+json"
TABLE = "text/csv; charset=utf-8; header=present"


@dataclass(frozen=True, slots=True)
class Form:
    """One form in which a thing can be had: its suffix, its media types (the first is what is sent), its RDF format."""

    suffix: str
    media_types: tuple[str, ...]
    rdf: RdfFormat | None


# Turtle stands first among the data: where a caller takes all alike, it gets the page (below) or what people can read.
FORMS: tuple[Form, ...] = (
    Form("html", (HTML,), None),
    Form("ttl", ("text/turtle",), RdfFormat.TURTLE),
    Form("jsonld", ("application/ld+json", JSON), RdfFormat.JSON_LD),
    Form("rdf", ("application/rdf+xml",), RdfFormat.RDF_XML),
    Form("nt", ("application/n-triples",), RdfFormat.N_TRIPLES),
    Form("trig", ("application/trig",), RdfFormat.TRIG),
    Form("nq", ("application/n-quads",), RdfFormat.N_QUADS),
)

DATA = tuple(form for form in FORMS if form.rdf is not None)
"""The forms of RDF, without the page."""

DATA_FIRST = (*DATA, *(form for form in FORMS if form.rdf is None))
"""All of them, for an address that programs know by its name: a page only for who prefers one."""

BY_SUFFIX = {form.suffix: form for form in FORMS}
_BY_TYPE = {media_type: form for form in FORMS for media_type in form.media_types}


LONGEST_HEADER = 4_000
"""Characters of an Accept header that are read; what stands behind them is ignored."""

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?')


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offered media type that `accept` prefers; among equals the earlier offer; None where nothing fits.

    >>> choose("text/turtle;q=0.5, application/*", ["text/turtle", "application/ld+json"])
    'application/ld+json'
    >>> choose("text/html;q=0, */*;q=0.1", ["text/html"]) is None
    True
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = _ranges(accept)
    best: tuple[float, int] | None = None
    for place, offer in enumerate(offers):
        quality = _quality(offer, ranges)
        if quality > 0 and (best is None or quality > best[0]):
            best = (quality, place)
    return None if best is None else offers[best[1]]


def required(accept: str | None, offers: Sequence[str]) -> str:
    """The same. Raises `NotAcceptable`, which lists the offers, where nothing fits."""
    chosen = choose(accept, offers)
    if chosen is None:
        raise not_acceptable(offers)
    return chosen


def not_acceptable(offers: Iterable[str]) -> NotAcceptable:
    """The error for an Accept header in which none of the `offers` is."""
    kinds = list(offers)
    return NotAcceptable(
        f"Không có dạng nào trong tiêu đề Accept. Các dạng có thể lấy: {', '.join(kinds)}.",
        f"None of the forms in the Accept header exists here. Forms to be had: {', '.join(kinds)}.",
        details={"available": kinds},
    )


def form(accept: str | None, *, data: bool = False, first: Sequence[Form] = FORMS) -> Form:
    """The form of a thing that `accept` prefers; `data`: there is no page; `first`: the forms, those that go before among
    equals first. Raises `NotAcceptable` where none fits."""
    forms = DATA if data else first
    chosen = choose(accept, [kind for one in forms for kind in one.media_types])
    if chosen is None:
        raise not_acceptable(one.media_types[0] for one in forms)
    return _BY_TYPE[chosen]


def form_of(suffix: str, *, data: bool = False) -> Form:
    """The form that a suffix names; `data`: there is no page. Raises `NotFound`."""
    forms = {one.suffix: one for one in (DATA if data else FORMS)}
    if suffix not in forms:
        raise NotFound(
            f"Không có dạng “.{suffix[:20]}”. Các đuôi: {', '.join(forms)}.",
            f"There is no form “.{suffix[:20]}”. The suffixes: {', '.join(forms)}.",
        )
    return forms[suffix]


def refuse_other_languages(request: Request) -> None:
    """Raise `Invalid` for a `?lang=` that names no language of ours."""
    asked = request.query_params.get("lang")
    if asked is not None and asked not in LANGUAGES:
        allowed = ", ".join(LANGUAGES)
        raise Invalid(
            f"Không có ngôn ngữ “{asked[:20]}”. Các ngôn ngữ (lang): {allowed}.",
            f"There is no language “{asked[:20]}”. The languages (lang): {allowed}.",
            details={"parameter": "lang", "allowed": list(LANGUAGES)},
        )


def language(request: Request, *, cookie: bool = False) -> str:
    """The language of the answer: `?lang=`, the cookie `lang` (pages only), `Accept-Language`, else Vietnamese."""
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return asked
    return (language_kept(request) if cookie else None) or preferred_language(request.headers.get("accept-language"))


def language_kept(request: Request) -> str | None:
    """The language that the visitor chose on a page before (the cookie `lang`), None where none was."""
    kept = request.cookies.get("lang")
    return kept if kept in LANGUAGES else None


def language_cookie(language: str) -> str:
    """The Set-Cookie by which a visitor keeps the language that stands in an address; that is all the cookie says."""
    return f"lang={language}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"


def preferred_language(header: str | None) -> str:
    """The language that an Accept-Language header prefers among ours; Vietnamese where it names neither.

    `*` stands for those that it does not name (RFC 4647, 3.3.1), and q=0 for one that is not wanted.

    >>> preferred_language("en-GB,en;q=0.9,vi;q=0.8"), preferred_language("fr"), preferred_language(None)
    ('en', 'vi', 'vi')
    >>> preferred_language("vi;q=0.1, *"), preferred_language("en;q=0.1, *"), preferred_language("vi;q=0")
    ('en', 'vi', 'en')
    """
    if not header:
        return LANGUAGES[0]
    named: dict[str, float] = {}
    others = 0.0
    for tag, quality in _weighted(header):
        ours = tag.partition("-")[0].lower()
        if ours in LANGUAGES:
            named[ours] = max(quality, named.get(ours, 0.0))
        elif ours == "*":
            others = quality

    def wanted(language: str) -> float:
        return (named[language] or -1.0) if language in named else others

    return max(LANGUAGES, key=wanted)


def _ranges(accept: str) -> list[tuple[str, str, float]]:
    found = []
    for text, quality in _weighted(accept):
        kind, _, part = text.lower().partition("/")
        found.append((kind.strip(), part.strip() or "*", quality))
    return found


def _weighted(header: str) -> list[tuple[str, float]]:
    found = []
    # A quoted parameter may hold commas and semicolons; it says nothing that is negotiated here.
    for piece in _QUOTED.sub("", header[:LONGEST_HEADER]).split(","):
        text, *parameters = piece.split(";")
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                try:
                    quality = min(1.0, max(0.0, float(value)))
                except ValueError:
                    quality = 0.0
        if text.strip():
            found.append((text.strip(), quality))
    return found


def _quality(offer: str, ranges: list[tuple[str, str, float]]) -> float:
    """The quality of the most specific range that covers `offer`."""
    kind, _, part = offer.partition("/")
    best, specificity = 0.0, -1
    for range_kind, range_part, quality in ranges:
        if (range_kind, range_part) == (kind, part):
            found = 2
        elif range_kind == kind and range_part == "*":
            found = 1
        elif range_kind == "*" and range_part == "*":
            found = 0
        else:
            continue
        if found > specificity:
            best, specificity = quality, found
    return best
