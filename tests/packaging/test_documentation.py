"""What people can call is written down: commands, options, settings, errors."""

import json
import re
from pathlib import Path

import pytest
import typer
from fastapi.routing import APIRoute

from api.app import create_app
from catalogue import errors
from catalogue.settings import Settings
from catalogue.store.embedded import open_memory
from cli.app import COMMANDS, application

ROOT = Path(__file__).resolve().parents[2]
TEXT = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/reference.md"))
GROUP = typer.main.get_command(application())


def error_kinds() -> set[str]:
    """The kinds of all errors of the catalogue, by the name of their help page."""
    classes = [errors.CatalogueError]
    for one in classes:
        classes += [child for child in one.__subclasses__() if child.__module__ == errors.__name__]
    return {one("", "").kind for one in classes[1:]}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_in_the_reference(name: str) -> None:
    assert f"chiso {name}" in TEXT
    command = GROUP
    for word in name.split():
        command = command.commands[word]  # type: ignore[attr-defined]
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    missing = {option for option in options if not re.search(rf"{option}(?![a-z-])", TEXT)}
    assert missing - {"--help"} == set()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_an_example_that_calls_it(name: str) -> None:
    _, summary, example = COMMANDS[name]
    assert summary
    assert example.startswith(f"chiso {name}")


def test_every_setting_is_in_the_reference() -> None:
    named = {f"CHISO_{field.upper()}" for field in Settings.__dataclass_fields__}
    named |= set(re.findall(r"CHISO_[A-Z_]*[A-Z]", " ".join(p.read_text() for p in (ROOT / "cli").rglob("*.py"))))
    assert {name for name in named if name not in TEXT} == set()


@pytest.mark.parametrize("kind", sorted(error_kinds()))
def test_every_error_has_a_status_an_explanation_and_a_help_page(kind: str) -> None:
    from api.problems import STATUSES

    assert f"`{kind}` | {STATUSES[kind]} |" in TEXT
    for language in ("vi", "en"):
        words = json.loads((ROOT / f"api/pages/messages/{language}/common.json").read_text(encoding="utf-8"))
        told = [name for name in _flat(words) if name.startswith(f"errors.{kind}.")]
        assert told, f"{kind} has no help page in {language}"


def _flat(words: object, start: str = "") -> list[str]:
    if not isinstance(words, dict):
        return [start]
    return [name for key, value in words.items() for name in _flat(value, f"{start}.{key}" if start else str(key))]


def test_every_page_is_in_the_reference() -> None:
    app = create_app(open_memory(), Settings(store="memory"), state="s1")
    routers = [inner for route in app.routes if (inner := getattr(route, "original_router", None)) is not None]
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    pages = {route.path for route in routes if not route.include_in_schema}
    assert len(pages) > 20
    pages -= {"/assets/{name}", "/dumps", "/queries/"}  # what pages load, and other spellings of two of them
    assert {path for path in pages if f"`{path.partition('{')[0]}" not in TEXT} == set()


def test_links_in_the_documents_lead_somewhere() -> None:
    broken = []
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "benchmarks/README.md"]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"", document.read_text(encoding="utf-8")):
            path = target[0] or target[1]
            if path and "://" not in path and not (document.parent / path).exists():
                broken.append(f"{document.name}: {path}")
    assert broken == []
