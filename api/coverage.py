"""`/api/v1/coverage` and the reviews of mappings: what is mapped, what is open, what contradicts itself, who decided what."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Query, Request, Response

from api import answers, negotiation
from api.long_questions import long_resource
from api.parameters import LONGEST_THING, AsOf, Cursor, Limit, Thing, resource
from api.service import Reading, Service
from catalogue import spreadsheets
from catalogue.errors import Invalid
from catalogue.mapping import codebook, entries
from catalogue.mapping.entries import Mappings
from catalogue.mapping.review import conflicts, coverage, coverage_codes, tables, worklist
from catalogue.mapping.review.conflicts import Conflicts
from catalogue.mapping.review.coverage import By, Coverage
from catalogue.mapping.review.coverage_codes import CodeList
from catalogue.mapping.review.standing import CENTRAL, STATES, UNMAPPED
from catalogue.mapping.review.tables import Table
from catalogue.mapping.review.worklist import History, Progress, Wanted, Work

CSV = "text/csv"

Found = TypeVar("Found")

Scheme = Annotated[
    str | None,
    Query(max_length=LONGEST_THING, description="Whose codes: a scheme by IRI, key or name. All where absent."),
]
To = Annotated[
    str | None,
    Query(
        max_length=LONGEST_THING, description="Toward which scheme: IRI, key or name. Toward all others where absent."
    ),
]
GivenScheme = Annotated[
    str,
    Query(alias="scheme", min_length=1, max_length=LONGEST_THING, description="The scheme to be worked through."),
]
GivenTo = Annotated[
    str, Query(alias="to", min_length=1, max_length=LONGEST_THING, description="The scheme to be mapped to.")
]
Form = Annotated[
    Literal["json", "csv"] | None,
    Query(alias="format", description="`csv`: a table for Excel, as by `Accept: text/csv`."),
]
Rows = Annotated[By, Query(description="A row for each scheme, group or locality.")]
SideOf = Annotated[
    Literal["scheme", "to"] | None, Query(description="Codes of the scheme, or of `to`; both where absent.")
]
State = Annotated[
    str | None,
    Query(
        max_length=200,
        description=f"How the codes stand, several by comma: {', '.join(STATES)}; those without a counterpart where absent.",
    ),
]
Group = Annotated[
    str | None, Query(max_length=LONGEST_THING, description="Only of this group (a THING), or `unknown`.")
]
Place = Annotated[
    str | None,
    Query(max_length=LONGEST_THING, description="Only schemes of this locality: a THING, `central` or `unknown`."),
]
Kind = Annotated[str | None, Query(max_length=60, description="Only this kind of conflict, as `kinds` names them.")]
Days = Annotated[int, Query(ge=1, le=36_500, description="After how many days an undecided candidate is stale.")]
Which = Annotated[
    Wanted, Query(alias="status", description="Which codes: `open` is undecided ones, with candidates first.")
]
NotBy = Annotated[
    str | None,
    Query(
        alias="notBy",
        max_length=LONGEST_THING,
        description="The reviewer (IRI or name as in the records): what only that person proposed is left out.",
    ),
]


def router(service: Service) -> APIRouter:
    """The routes, over `service`."""
    routes, long = resource("/api/v1"), long_resource("", service)
    about: dict[int | str, dict[str, Any]] = {200: {"content": {CSV: {}}}}

    def scheme_iri(text: str | None, reading: Reading) -> str | None:
        return codebook.scheme(service.store, text, language=reading.language) if text else None

    def named(text: str | None, reading: Reading, *words: str) -> str | None:
        return text if text is None or text in words else service.thing(text, reading).value

    def answer(
        request: Request,
        reading: Reading,
        form: str | None,
        make: Callable[[], Found],
        table: Callable[[Found, str], Table],
    ) -> Response:
        """JSON, or CSV for Excel, by `format` or Accept; with the same validators, and a link to the next page."""
        chosen = form or {CSV: "csv"}.get(
            negotiation.required(request.headers.get("accept"), [negotiation.JSON, CSV]), "json"
        )
        vary = "Accept, Accept-Language"
        if chosen == "json":
            response = service.json(request, reading, make)
            response.headers["Vary"] = vary
            return response
        headers = service.validators(request, reading, "csv", dated=True, vary=vary)
        if service.unchanged(request, headers):
            return Response(status_code=304, headers=headers)
        found = make()
        if service.unchanged(request, headers, exists=True):
            return Response(status_code=304, headers=headers)
        if cursor := getattr(found, "next_cursor", None):
            following = request.url.include_query_params(cursor=cursor)
            headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
        body = spreadsheets.table(table(found, reading.language))
        return Response(body, media_type=negotiation.TABLE, headers=headers)

    @long.get("/coverage", response_model=answers.model(Coverage), tags=["mappings"], responses=about)
    def read_coverage(
        request: Request,
        scheme: Scheme = None,
        to: To = None,
        by: Rows = "scheme",
        as_of: AsOf = None,
        form: Form = None,
    ) -> Response:
        """How many codes of a scheme have a counterpart in another on a date, and the other way round; what is known in part says so."""
        reading = service.reading(request, as_of)

        def make() -> Coverage:
            return coverage.coverage(
                service.store,
                scheme=scheme_iri(scheme, reading),
                to=scheme_iri(to, reading),
                by=by,
                as_of=reading.as_of,
                language=reading.language,
            )

        return answer(request, reading, form, make, tables.coverage)

    @long.get("/coverage/unmapped", response_model=answers.model(CodeList), tags=["mappings"], responses=about)
    def read_unmapped(
        request: Request,
        scheme: Scheme = None,
        to: To = None,
        side: SideOf = None,
        state: State = None,
        group: Group = None,
        locality: Place = None,
        as_of: AsOf = None,
        limit: Limit = 100,
        cursor: Cursor = None,
        form: Form = None,
    ) -> Response:
        """Which codes of a scheme have no counterpart in another, and which of that one have none here; or the codes behind any other number."""
        reading = service.reading(request, as_of)

        def make() -> CodeList:
            return coverage_codes.codes(
                service.store,
                scheme=scheme_iri(scheme, reading),
                to=scheme_iri(to, reading),
                side=side,
                states=_states(state),
                group=named(group, reading, "unknown"),
                locality=named(locality, reading, CENTRAL, "unknown"),
                as_of=reading.as_of,
                limit=limit,
                cursor=cursor,
                language=reading.language,
            )

        return answer(request, reading, form, make, tables.codes)

    @routes.get("/mappings", response_model=answers.model(Mappings), tags=["mappings"], responses=about)
    def read_mappings(request: Request, of: Thing, as_of: AsOf = None, form: Form = None) -> Response:
        """Which codes a thing maps to, and which map to it: how exactly, decided by whom and when, valid from when to when."""
        reading = service.reading(request, as_of)

        def make() -> Mappings:
            thing = service.thing(of, reading)
            return entries.of(service.store, thing, as_of=reading.as_of, language=reading.language)

        return answer(request, reading, form, make, tables.mappings)

    @long.get("/mappings/conflicts", response_model=answers.model(Conflicts), tags=["mappings"], responses=about)
    def read_conflicts(
        request: Request,
        scheme: Scheme = None,
        kind: Kind = None,
        days: Days = conflicts.WAITING_DAYS,
        as_of: AsOf = None,
        limit: Limit = 100,
        cursor: Cursor = None,
        form: Form = None,
    ) -> Response:
        """Which mappings contradict each other or are stale on a date, decided by whom, and what to do about it."""
        reading = service.reading(request, as_of)

        def make() -> Conflicts:
            return conflicts.conflicts(
                service.store,
                as_of=reading.as_of,
                scheme=scheme_iri(scheme, reading),
                kind=kind,
                waiting_days=days,
                limit=limit,
                cursor=cursor,
                language=reading.language,
            )

        return answer(request, reading, form, make, tables.conflicts)

    @long.get("/mappings/worklist", response_model=answers.model(Work), tags=["mappings"], responses=about)
    def read_worklist(
        request: Request,
        scheme: GivenScheme,
        to: GivenTo,
        status: Which = "open",
        group: Group = None,
        not_by: NotBy = None,
        as_of: AsOf = None,
        limit: Limit = 50,
        cursor: Cursor = None,
        form: Form = None,
    ) -> Response:
        """Which codes of a scheme are to be decided next, with their stored candidates and what was decided about them before."""
        reading = service.reading(request, as_of)

        def make() -> Work:
            return worklist.work(
                service.store,
                scheme=str(scheme_iri(scheme, reading)),
                to=str(scheme_iri(to, reading)),
                as_of=reading.as_of,
                wanted=status,
                group=named(group, reading, "unknown"),
                not_by=not_by,
                limit=limit,
                cursor=cursor,
                language=reading.language,
            )

        return answer(request, reading, form, make, tables.work)

    @long.get("/mappings/progress", response_model=answers.model(Progress), tags=["mappings"])
    def read_progress(request: Request, scheme: GivenScheme, to: GivenTo, as_of: AsOf = None) -> Response:
        """How far the mapping of a scheme to another is, and who decided how much of it."""
        reading = service.reading(request, as_of)

        def make() -> Progress:
            ends = str(scheme_iri(scheme, reading)), str(scheme_iri(to, reading))
            return worklist.progress(
                service.store, scheme=ends[0], to=ends[1], as_of=reading.as_of, language=reading.language
            )

        return service.json(request, reading, make)

    @routes.get("/mappings/history", response_model=answers.model(History), tags=["mappings"])
    def read_history(request: Request, of: Thing, as_of: AsOf = None) -> Response:
        """Every decision about one mapping, the latest first: which status, by whom, on which day, why."""
        reading = service.reading(request, as_of)

        def make() -> History:
            mapping = service.thing(of, reading).value
            return worklist.history(service.store, mapping, as_of=reading.as_of, language=reading.language)

        return service.json(request, reading, make)

    routes.include_router(long)
    return routes


def _states(given: str | None) -> Sequence[str]:
    """The states that are wanted. Raises `Invalid` for one that there is not."""
    states = [one.strip() for one in (given or "").split(",") if one.strip()]
    wrong = [one for one in states if one not in STATES]
    if wrong:
        raise Invalid(
            f"Không có tình trạng “{wrong[0][:40]}”. Các tình trạng (state): {', '.join(STATES)}.",
            f"There is no state “{wrong[0][:40]}”. The states: {', '.join(STATES)}.",
            details={"parameter": "state", "allowed": list(STATES)},
        )
    return states or UNMAPPED
