"""The home page, the page about the data, the help pages of errors, the choice of light or dark."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from api.counting import counts, dating, final
from api.pages.answering import answered
from api.pages.render import LONGEST_BACK, THEMES, Pages
from api.parameters import AsOf
from api.prepared import PREPARABLE_PAGE
from api.problems import STATUSES
from api.service import Reading, Service
from catalogue.errors import Invalid, NotFound
from catalogue.iri import PREFIXES
from catalogue.subjects import OWN_LICENCE

_CHAIN = {
    "decision": PREFIXES["eli"] + "LegalResource",
    "indicator-set": PREFIXES["chiso"] + "IndicatorSet",
    "indicator": PREFIXES["chiso"] + "Indicator",
    "task": PREFIXES["chiso"] + "Task",
    "agency": PREFIXES["cv"] + "PublicOrganisation",
}
"""The kinds from the document that requires to the unit that answers, with the class whose things are counted."""

_WORDS = ("GRDP", "165/KH-UBND", "chuyen doi so", "Sở KHCN Hà Nội")
"""Searches to try: an abbreviation, the number of a document, words without diacritics, a unit's short name."""

_YEAR = 31_536_000
_IN_ADDRESS = "/:@!$&'()*+,;=~-._?%"


def router(service: Service, pages: Pages) -> APIRouter:
    """The routes, over `service`."""
    routes = APIRouter()

    def told(template: str, request: Request, as_of: str | None, **context: object) -> Response:
        """A page that tells how much there is, and of which state."""
        counted = counts(service)
        state, moment = dating(service, counted)

        def make(_reading: Reading) -> dict[str, Any]:
            chain = [(kind, of, counted.classes.get(of, 0) if counted else None) for kind, of in _CHAIN.items()]
            return {"chain": chain, "state": service.state, "published": service.published, **context}

        if final(service, counted):
            request.scope[PREPARABLE_PAGE] = True
        return answered(service, pages, request, as_of, template, make, about=(state,), moment=moment)

    def helped(request: Request, kinds: Mapping[str, int]) -> Response:
        return answered(service, pages, request, None, "help.html", lambda _reading: {"kinds": kinds})

    @routes.get("/", include_in_schema=False)
    def read_home(request: Request, as_of: AsOf = None) -> Response:
        """What this is, a search box, three questions, where to begin."""
        return told("home.html", request, as_of, words=_WORDS)

    @routes.get("/about", include_in_schema=False)
    def read_about(request: Request, as_of: AsOf = None) -> Response:
        """What the data is, how sure, whose, how to take it and how to cite it."""
        return told("about.html", request, as_of, licence=OWN_LICENCE)

    @routes.get("/help/errors", include_in_schema=False)
    def read_help(request: Request) -> Response:
        """All kinds of errors."""
        return helped(request, STATUSES)

    @routes.get("/help/errors/{kind}", include_in_schema=False)
    def read_help_of(request: Request, kind: str) -> Response:
        """When an error occurs and what to do."""
        if kind not in STATUSES:
            raise NotFound(f"Không có trang trợ giúp “{kind[:60]}”.", f"There is no help page “{kind[:60]}”.")
        return helped(request, {kind: STATUSES[kind]})

    @routes.get("/appearance", include_in_schema=False)
    async def choose_theme(
        theme: Annotated[str, Query(max_length=20)], back: Annotated[str, Query(max_length=LONGEST_BACK)] = "/"
    ) -> Response:
        """Light or dark, kept in a cookie that says nothing else; `auto` forgets it. Back to the page where it was chosen."""
        if theme not in THEMES and theme != "auto":
            raise Invalid(
                f"Không có giao diện “{theme}”. Hãy chọn: {', '.join(THEMES)}, auto.",
                f"There is no theme “{theme}”. Choose one of: {', '.join(THEMES)}, auto.",
            )
        inner = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
        answer = Response(
            status_code=303,
            headers={"Location": quote(back, safe=_IN_ADDRESS) if inner else "/", "Cache-Control": "no-store"},
        )
        if theme == "auto":
            answer.delete_cookie("theme", samesite="lax")
        else:
            answer.set_cookie("theme", theme, max_age=_YEAR, samesite="lax")
        return answer

    return routes
