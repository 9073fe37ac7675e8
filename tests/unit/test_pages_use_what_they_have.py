"""Nothing of the pages is left over: every message, icon, class of a style and part is used, and every used one is there."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "api/pages/templates").rglob("*.html"))
MODULES = sorted(
    path for folder in ("api", "catalogue", "workers", "loaders", "cli") for path in (ROOT / folder).rglob("*.py")
)
SCRIPTS = sorted((ROOT / "web/scripts").rglob("*.js"))
SCRIPT_WORDS = "editor.script."
FOR_PROGRAMS = ("errors.", "validation.", "shacl.", "reconcile.")
"""Messages that are chosen by what an error or a rule is called."""

Templates = dict[Path, nodes.Template]


@pytest.fixture(scope="module")
def parsed() -> Templates:
    """The templates as Jinja reads them."""
    environment = Environment(autoescape=True)
    return {path: environment.parse(path.read_text(encoding="utf-8")) for path in TEMPLATES}


@pytest.fixture(scope="module")
def said(parsed: Templates) -> set[str]:
    """Every text in the templates and modules; `*` stands for what is put into it."""
    found: set[str] = set()
    for template in parsed.values():
        found |= {str(one.value) for one in template.find_all(nodes.Const) if isinstance(one.value, str)}
        found |= {
            "".join(str(part.value) if isinstance(part, nodes.Const) else "*" for part in one.nodes)
            for one in template.find_all(nodes.Concat)
        }
    for path in MODULES:
        found |= set(_texts(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _texts(tree: ast.AST) -> Iterator[str]:
    if isinstance(tree, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in tree.values)
        for part in tree.values:
            if isinstance(part, ast.FormattedValue):
                yield from _texts(part)
    elif isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.value
    else:
        for part in ast.iter_child_nodes(tree):
            yield from _texts(part)


def messages() -> dict[str, str]:
    """The Vietnamese messages; another test holds those of the other language against them."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "api/pages/messages/vi").glob("*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


def test_every_message_is_said_somewhere(said: set[str]) -> None:
    # What is put into a name is one step of it, as in `kind.*`; a text that ends in a dot goes on.
    open_ended = {text + "*" if text.endswith(".") else text for text in said if re.match(r"[a-z_]+\.", text)}
    patterns = [
        re.compile(r"[^.]+".join(map(re.escape, text.split("*"))))
        for text in open_ended
        if "*" in text and re.fullmatch(r"[\w.*-]+", text)
    ]
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)

    def used(key: str) -> bool:
        if key.startswith(SCRIPT_WORDS):
            return re.search(rf"\b{re.escape(key.removeprefix(SCRIPT_WORDS))}\b", scripts) is not None
        return key in said or key.startswith(FOR_PROGRAMS) or any(pattern.fullmatch(key) for pattern in patterns)

    assert [key for key in messages() if not used(key)] == []


def test_every_message_that_a_template_says_is_there(parsed: Templates) -> None:
    known = messages()
    asked = {
        (path.name, one.value)
        for path, template in parsed.items()
        for key in _first_arguments(template, "t")
        for one in ([key] if isinstance(key, nodes.Const) else _outcomes(key))
    }
    assert len(asked) > 500
    assert {(name, key) for name, key in asked if key not in known} == set()


def test_icons_are_those_of_the_sprite(parsed: Templates) -> None:
    there = set(json.loads((ROOT / "web/icons.json").read_text(encoding="utf-8")))
    named: set[str] = set()
    texts: set[str] = set()
    for template in parsed.values():
        texts |= {str(one.value) for one in template.find_all(nodes.Const)}
        named |= {
            one.value
            for name in _first_arguments(template, "icon")
            for one in ([name] if isinstance(name, nodes.Const) else _outcomes(name))
        }
    for path in (*SCRIPTS, *MODULES):
        texts |= set(re.findall(r"[\"'`#]([a-z0-9-]+)[\"'`]", path.read_text(encoding="utf-8")))
    assert named - there == set()
    assert there - texts == set()


def test_every_class_of_the_styles_is_borne_by_something() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (*TEMPLATES, *SCRIPTS)]
    sources += [path.read_text(encoding="utf-8") for path in MODULES if "pages" in path.parts]
    words = set(re.findall(r"[\w-]+", "\n".join(sources)))
    starts = tuple(set(re.findall(r"([\w-]+-)(?:[\"'] ~|[\"'] \+|\{\{|\$\{|\{)", "\n".join(sources))))
    dead = []
    for path in sorted((ROOT / "web/styles").glob("*.css")):
        rules = re.sub(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        selectors = " ".join(re.findall(r"([^{};]+)\{", rules))
        classes = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", selectors))
        dead += [f"{path.name}: {one}" for one in sorted(classes) if one not in words and not one.startswith(starts)]
    assert dead == []


def test_every_part_of_a_template_is_called(parsed: Templates) -> None:
    macros = {one.name for template in parsed.values() for one in template.find_all(nodes.Macro)}
    called: set[str] = set()
    for template in parsed.values():
        for one in template.find_all(nodes.Call):
            called.add(one.node.attr if isinstance(one.node, nodes.Getattr) else getattr(one.node, "name", ""))
    assert macros - called == set()


def test_every_template_is_shown(said: set[str], parsed: Templates) -> None:
    names = {path.relative_to(ROOT / "api/pages/templates").as_posix() for path in parsed}
    assert names - said == set()


def _first_arguments(template: nodes.Template, function: str) -> Iterator[nodes.Expr]:
    for one in template.find_all(nodes.Call):
        if isinstance(one.node, nodes.Name) and one.node.name == function and one.args:
            yield one.args[0]


def _outcomes(one: nodes.Expr) -> Iterator[nodes.Const]:
    """The texts that `"a" if … else "b"` may be; nothing for what is only known when it runs."""
    if isinstance(one, nodes.CondExpr):
        for branch in (one.expr1, one.expr2):
            if isinstance(branch, nodes.Const):
                yield branch
