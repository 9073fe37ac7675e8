"""The questions that are measured, over things drawn evenly from a synthetic store."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from catalogue.iri import PREFIXES, kind_and_key
from catalogue.store.port import Store

AS_OF = "2026-06-30"
"""The date every question asks about: fixed, so that two runs ask the same."""

MOST = 200
"""Different things per question: more than any cache of a few answers would help with."""

_PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())

_THINGS = {
    "responsibility": "SELECT DISTINCT ?thing { ?thing a chiso:Indicator . ?r chiso:for ?thing }",
    "lineage": "SELECT DISTINCT ?thing { ?r chiso:requires ?thing . ?thing a chiso:Indicator }",
    "resolve": "SELECT ?thing { ?indicator a chiso:Indicator ; skos:notation ?thing }",
    "portfolio": "SELECT DISTINCT ?thing { ?r a chiso:Responsibility ; cv:hasParticipant ?thing }",
    "impact": """
        SELECT ?thing { { SELECT ?thing (COUNT(?below) AS ?count)
        { ?thing a eli:LegalResource . ?below chiso:restsOn ?thing } GROUP BY ?thing } } ORDER BY DESC(?count) LIMIT 1""",
}


@dataclass(frozen=True, slots=True)
class Questions:
    """For each question the things (IRIs, or codes for resolve) that it is asked about."""

    responsibility: list[str]
    lineage: list[str]
    resolve: list[str]
    portfolio: list[str]
    impact: list[str]
    base: str

    def paths(self, name: str) -> list[str]:
        """The addresses to ask."""
        return [self._path(name, thing) for thing in getattr(self, name)]

    def _path(self, name: str, thing: str) -> str:
        of = quote(thing, safe="")
        match name:
            case "responsibility":
                return f"/api/v1/responsibility?of={of}&asOf={AS_OF}"
            case "lineage":
                return f"/api/v1/lineage?of={of}&direction=up&asOf={AS_OF}"
            case "resolve":
                return f"/api/v1/resolve?code={of}"
            case "portfolio":
                kind_key = kind_and_key(self.base, thing)
                assert kind_key, thing
                return f"/api/v1/agencies/{quote(kind_key[1], safe='')}/portfolio?asOf={AS_OF}"
            case _:
                return f"/api/v1/lineage?of={of}&direction=down&asOf={AS_OF}"

    def write(self, path: Path) -> None:
        """Keep them beside the store."""
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @staticmethod
    def read(path: Path) -> "Questions":
        """Read back what `write` kept."""
        return Questions(**json.loads(path.read_text(encoding="utf-8")))


NAMES = ("responsibility", "lineage", "resolve", "portfolio", "impact")

TITLES = {
    "responsibility": "responsibility",
    "lineage": "lineage up",
    "resolve": "resolve",
    "portfolio": "portfolio",
    "impact": "downstream impact",
}


def draw(store: Store, base: str, impact: str | None = None) -> Questions:
    """Things drawn evenly from the whole store. `impact`: the decision that touches many things, where it is known."""
    found: dict[str, list[str]] = {}
    for name, query in _THINGS.items():
        if name == "impact" and impact is not None:
            found[name] = [impact]
            continue
        every = sorted({row[0].value for row in store.select(_PREFIXES + query).rows if row[0] is not None})
        assert every, f"the store holds nothing to ask {name} about"
        found[name] = every[:: max(1, len(every) // MOST)][:MOST]
    return Questions(**found, base=base)
