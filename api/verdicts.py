"""The results of a SHACL validation as people read them: a sentence in each language for every result.

What the shape says comes first; where it says nothing in a language, the constraint is told in our own words.
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from catalogue.iri import short

MOST_RESULTS = 5_000
"""Results of a summary; the report itself has all of them."""

_LANGUAGES = ("vi", "en")


def told(conforms: bool, results: bytes, words: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The summary: `conforms`, `total`, how many results of each severity, and the first `MOST_RESULTS` of them.

    `results`: JSON of the worker; `words`: the messages of each language.
    """
    found: list[dict[str, Any]] = json.loads(results)
    return {
        "conforms": conforms,
        "total": len(found),
        "severities": dict(sorted(Counter(one["severity"] for one in found).items())),
        "truncated": len(found) > MOST_RESULTS,
        "results": [_result(one, words) for one in found[:MOST_RESULTS]],
    }


def _result(one: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {
        **{name: one[name] for name in ("focusNode", "path", "value", "severity", "component", "sourceShape")},
        "messages": {language: _message(one, language, words[language]) for language in _LANGUAGES},
    }


def _message(one: Mapping[str, Any], language: str, words: Mapping[str, str]) -> str:
    """What the shape says in this language, else what it says in none, else our own words."""
    if one["ownMessages"]:
        for wanted in (language, None):
            said = [m["text"] for m in one["messages"] if (m["language"] or "").partition("-")[0] == (wanted or "")]
            if said:
                return " ".join(said)
    name = one["component"].rpartition("#")[2].removesuffix("ConstraintComponent")
    sentence = words.get(f"shacl.{name}") if f"shacl.{name}" in words else words["shacl.other"]
    assert sentence is not None  # noqa: S101 - it was looked for
    ours = sentence.format(
        path=_shown(one["path"]) or words["shacl.itself"],
        value=_shown((one["value"] or {}).get("value")),
        expected=", ".join(_shown(text) for text in one["expected"]),
        component=name,
    )
    said = [m["text"] for m in one["messages"]] if one["ownMessages"] else []
    return f"{ours} ({' '.join(said)})" if said else ours


def _shown(text: str | None) -> str:
    return "" if text is None else short(text)
