"""The catalogue and its data sets as schema.org JSON-LD, for the search engines that read it in pages."""

import json
from typing import Any

from markupsafe import Markup

from api import texts
from catalogue.catalogued import Listed
from catalogue.dcat import ABOUT, TITLE, Distribution, Offer, distributions, is_web
from catalogue.subjects import OWN_LICENCE

_MOST_PARTS = 500
_LONGEST = 5_000
"""Characters of a description that search engines read."""


def catalogue(datasets: list[Listed], offer: Offer, language: str) -> dict[str, Any]:
    """The catalogue with the data sets of a page."""
    return {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "@id": f"{offer.base}catalog",
        "name": TITLE[language],
        "description": ABOUT[language],
        "url": f"{offer.base}catalog",
        "inLanguage": ["vi", "en"],
        "license": OWN_LICENCE,
        "dateModified": offer.published.isoformat(timespec="seconds"),
        "dataset": [
            {
                "@type": "Dataset",
                "@id": one.iri,
                "name": texts.line(one.title(language)),
                "description": texts.line(one.description(language), _LONGEST),
                "url": one.iri,
            }
            for one in datasets
        ],
    }


def dataset(one: Listed, offer: Offer, language: str) -> dict[str, Any]:
    """One data set with its distributions."""
    made: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": one.iri,
        "name": texts.line(one.title(language)),
        "description": texts.line(one.description(language), _LONGEST),
        "url": one.iri,
        "identifier": one.key or one.iri,
        "inLanguage": "vi",
        "isAccessibleForFree": True,
        "keywords": [word for word, tag in one.keywords if tag == language],
        "spatialCoverage": {"@type": "Place", "name": "Việt Nam"},
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": f"{offer.base}catalog", "name": TITLE[language]},
        "creator": {"@type": "Organization", "name": "Chỉ Số", "url": offer.base},
    }
    other = {text for tag, text in one.titles.items() if tag != language} - {made["name"]}
    if other:
        made["alternateName"] = sorted(other)
    if one.publisher:
        made["publisher"] = {"@type": "Organization", "name": one.publisher.name}
    licences = {part.licence for part in one.parts if part.licence and is_web(part.licence)}
    if one.licence or len(licences) == 1:
        made["license"] = one.licence or licences.pop()
    pages = [page for page in one.pages if is_web(page)]
    if pages:
        made["isBasedOn"] = pages[:50]
    forms = distributions(one, offer)
    if forms:
        made["distribution"] = [_download(form) for form in forms[:_MOST_PARTS]]
    return made


def data_block(said: dict[str, Any]) -> Markup:
    """JSON as it may stand in a `script` element: nothing in it can end the element or open another one.

    >>> data_block({"name": "</script><b>&"})
    Markup('{"name": "\\\\u003c/script\\\\u003e\\\\u003cb\\\\u003e\\\\u0026"}')
    """
    text = texts.shown(json.dumps(said, ensure_ascii=False))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704 - escaped above


def _download(form: Distribution) -> dict[str, Any]:
    made: dict[str, Any] = {
        "@type": "DataDownload",
        "contentUrl": form.download or form.access,
        "encodingFormat": form.media_type,
    }
    if form.size is not None:
        made["contentSize"] = f"{form.size} B"
    if form.sha256:
        made["sha256"] = form.sha256
    return made
