"""The questions that are measured, over things of evenly spread synthetic cities."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.synthetic import samples
from catalogue.iri import kind_and_key


@dataclass(frozen=True, slots=True)
class Questions:
    """For each question the things (IRIs, or codes for resolve) that it is asked about."""

    responsibility: list[str]
    lineage: list[str]
    resolve: list[str]
    portfolio: list[str]
    impact: list[str]
    base: str
    as_of: str
    """The date every question asks about: fixed, so that two runs ask the same."""

    def paths(self, name: str) -> list[str]:
        """The addresses to ask."""
        return [self._path(name, thing) for thing in getattr(self, name)]

    def _path(self, name: str, thing: str) -> str:
        of = quote(thing, safe="")
        match name:
            case "responsibility":
                return f"/api/v1/responsibility?of={of}&asOf={self.as_of}"
            case "lineage":
                return f"/api/v1/lineage?of={of}&direction=up&asOf={self.as_of}"
            case "resolve":
                return f"/api/v1/resolve?code={of}"
            case "portfolio":
                kind_key = kind_and_key(self.base, thing)
                assert kind_key, thing
                return f"/api/v1/agencies/{quote(kind_key[1], safe='')}/portfolio?asOf={self.as_of}"
            case _:
                return f"/api/v1/lineage?of={of}&direction=down&asOf={self.as_of}"

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


def of(triples: int) -> Questions:
    """What to ask of a synthetic store of this size."""
    drawn = samples(triples)
    return Questions(
        responsibility=list(drawn.responsibility),
        lineage=list(drawn.lineage_up),
        resolve=list(drawn.resolve),
        portfolio=[drawn.portfolio],
        impact=[drawn.impact],
        base=drawn.base,
        as_of=drawn.as_of.isoformat(),
    )
