"""What the page of a thing is made from, handed to the module of its kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from api.service import Reading, Service
from catalogue.responsibility import Responsibilities
from catalogue.things import Thing


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing with everything that is said of it, and for whom and as of which day the page is made.

    `responsibilities`: who is responsible for it, where that is a question about its kind. `parameters`: what the address
    asks for beside the day and the language.
    """

    service: Service
    reading: Reading
    node: NamedNode
    thing: Thing
    responsibilities: Responsibilities | None
    parameters: Mapping[str, str]
