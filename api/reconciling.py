"""What reconciliation sends, in the forms of the Reconciliation Service API 0.2: the manifest, types, candidates, cells."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.pages.naming import day
from api.pages.render import Messages
from catalogue.iri import KINDS, VOCABULARY
from catalogue.reconciliation.candidates import Candidate
from catalogue.reconciliation.extension import Extended
from catalogue.reconciliation.identity import identifier, space
from catalogue.reconciliation.property import Property
from catalogue.settings import Settings

WIDTH, HEIGHT = 420, 180
"""Pixels of the frame in which a preview is shown."""

_DEFAULT_TYPES = ("indicator", "indicator-set", "indicator-group", "agency", "area", "decision", "regime", "system")


def manifest(here: str, settings: Settings, version: str, words: Messages, language: str) -> dict[str, Any]:
    """The service manifest. `here`: the address at which this service is asked, without the slash at its end."""
    own = f"/reconcile/{language}"

    def suggest(what: str) -> dict[str, str]:
        return {
            "service_url": here,
            "service_path": f"{own}/suggest/{what}",
            "flyout_service_url": here,
            "flyout_service_path": f"{own}/flyout/{what}?id=${{id}}",
        }

    return {
        "versions": ["0.2"],
        "name": words["reconcile.name"],
        "identifierSpace": space(settings.base_iri),
        "schemaSpace": VOCABULARY,
        "documentation": f"{here}/api/docs",
        "serviceVersion": version,
        "defaultTypes": [type_of(kind, words) for kind in _DEFAULT_TYPES],
        "view": {"url": f"{here}{own}/view?id={{{{id}}}}"},
        "preview": {"url": f"{here}{own}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": {what: suggest(what) for what in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {"service_url": here, "service_path": f"{own}/properties"},
            "property_settings": _settings(words, language),
        },
        "batchSize": min(50, settings.reconcile_queries),
    }


def _settings(words: Messages, language: str) -> list[dict[str, Any]]:
    def choice(value: str) -> dict[str, str]:
        return {"value": value, "name": words[f"reconcile.choice.{value}"]}

    def setting(name: str, kind: str, default: str | int, **more: Any) -> dict[str, Any]:
        label, help_text = words[f"reconcile.setting.{name}"], words[f"reconcile.setting.{name}.help"]
        return {"name": name, "label": label, "type": kind, "default": default, "help_text": help_text, **more}

    return [
        setting("limit", "number", 0),
        setting("asOf", "text", ""),
        setting("language", "select", language, choices=[choice(one) for one in ("vi", "en", "any")]),
        setting("content", "select", "name", choices=[choice(one) for one in ("name", "id")]),
    ]


def type_of(kind: str, words: Messages) -> dict[str, str]:
    """A type: its identifier and its name."""
    return {"id": kind, "name": words[f"kind.{kind}"]}


def types(words: Messages) -> list[dict[str, str]]:
    """Every type there is."""
    return [type_of(kind, words) for kind in KINDS]


def property_of(one: Property, language: str) -> dict[str, str]:
    """A property: identifier, name, and what it says."""
    return {"id": one.id, "name": one.name(language), "description": one.about(language)}


def description(
    words: Messages,
    language: str,
    *,
    kind: str | None,
    code: str | None,
    within: str | None,
    valid_from: date | None,
    valid_to: date | None,
) -> str:
    """What tells a thing from its namesakes: kind, code, what it belongs to, validity."""
    parts = [words[f"kind.{kind}"] if kind else None, code, within]
    if valid_from:
        parts.append(words["reconcile.from"].format(day=day(valid_from, language)))
    if valid_to:
        parts.append(words["reconcile.before"].format(day=day(valid_to, language)))
    return " · ".join(part for part in parts if part)


def results(
    answered: Mapping[str, list[Candidate]], base: str, words: Messages, language: str
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """A reconciliation result batch."""
    return {key: {"result": [_candidate(one, base, words, language) for one in some]} for key, some in answered.items()}


def _candidate(one: Candidate, base: str, words: Messages, language: str) -> dict[str, Any]:
    return {
        "id": identifier(base, one.iri),
        "name": one.name,
        "description": description(
            words,
            language,
            kind=one.kind,
            code=one.code,
            within=one.within,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
        ),
        "type": [type_of(one.kind, words)] if one.kind else [],
        "score": one.score,
        "match": one.match,
        "features": [{"id": name, "value": value} for name, value in one.features.items()],
    }


def extended(found: Extended, language: str) -> dict[str, Any]:
    """A data extension response."""
    return {
        "meta": [{"id": one.id, "name": one.name(language)} for one in found.properties],
        "rows": found.rows,
    }
