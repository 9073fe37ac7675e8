"""The questions that are measured, and the things they are asked about."""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.samples import samples
from catalogue.iri import kind_and_key


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the tables. `target`: milliseconds that the median may take at one million triples; `aim`: how many
    times longer than a bare route it may take; `growth`: how many times longer it may take at ten million."""

    name: str
    title: str
    target: float | None = None
    aim: float | None = None
    growth: float | None = None


MANY = (
    Question("responsibility", "responsibility", 4, 5, 2),
    Question("lineage", "lineage up", 4, 5, 2),
    Question("resolve", "resolve", 4, 5, 2),
    Question("portfolio", "portfolio", 10),
    Question("impact", "downstream impact of a plan"),
)
"""Asked about many different things."""

LARGE = (
    Question("large-portfolio", "portfolio of 200 assignments", 10),
    Question("large-impact", "downstream impact on 2,000 things", 60),
)
"""Asked about the one thing of its size that the data hold."""

QUESTIONS = MANY + LARGE


@dataclass(frozen=True, slots=True)
class Asked:
    """For each question (by name) the things, IRIs or codes, that it is asked about."""

    things: dict[str, list[str]]
    base: str
    as_of: str
    """The date every question asks about: fixed, so that two runs ask the same."""

    def paths(self, name: str) -> list[str]:
        """The addresses to ask."""
        return [self._path(name, thing) for thing in self.things[name]]

    def _path(self, name: str, thing: str) -> str:
        of = quote(thing, safe="")
        match name:
            case "responsibility":
                return f"/api/v1/responsibility?of={of}&asOf={self.as_of}"
            case "lineage":
                return f"/api/v1/lineage?of={of}&direction=up&asOf={self.as_of}"
            case "resolve":
                return f"/api/v1/resolve?code={of}"
            case "portfolio" | "large-portfolio":
                kind_key = kind_and_key(self.base, thing)
                assert kind_key, thing
                return f"/api/v1/agencies/{quote(kind_key[1], safe='')}/portfolio?asOf={self.as_of}"
            case _:
                return f"/api/v1/lineage?of={of}&direction=down&asOf={self.as_of}"

    def write(self, path: Path) -> None:
        """Keep them beside the store."""
        path.write_text(
            json.dumps({"things": self.things, "base": self.base, "as_of": self.as_of}, indent=1), encoding="utf-8"
        )

    @staticmethod
    def read(path: Path) -> "Asked":
        """Read back what `write` kept."""
        return Asked(**json.loads(path.read_text(encoding="utf-8")))


def of(triples: int) -> Asked:
    """What to ask of a synthetic store of this size."""
    drawn = samples(triples)
    return Asked(
        things={
            "responsibility": list(drawn.responsibility),
            "lineage": list(drawn.lineage_up),
            "resolve": list(drawn.resolve),
            "portfolio": list(drawn.portfolios),
            "impact": list(drawn.impacts),
            "large-portfolio": [drawn.portfolio],
            "large-impact": [drawn.impact],
        },
        base=drawn.base,
        as_of=drawn.as_of.isoformat(),
    )
