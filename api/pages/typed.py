"""What stands in the field of a form when its answer is shown: words, not keys, wherever the words mean the same."""

from api.service import Reading, Service
from catalogue.errors import Ambiguous, NotFound
from catalogue.iri import curie
from catalogue.labels import Reference


def typed(service: Service, reading: Reading, text: str, thing: Reference) -> str:
    """The name of `thing` where `text` is its IRI or short name and the name alone leads to it; else `text` itself."""
    if text.strip() not in (thing.iri, curie(service.base, thing.iri)):
        return text
    name = service.title(thing)
    try:
        same = service.thing(name, reading).value == thing.iri
    except (Ambiguous, NotFound):
        return text
    return name if same else text
