"""The options that every command takes: the settings under their own names, `--json` and `--lang`.

`@command` adds them to a command's signature and hands the command one `Call` instead.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from catalogue import settings
from catalogue.errors import Invalid
from cli.language import LANGUAGE, Language, text
from cli.outcome import WrongUsage


@dataclass(frozen=True, slots=True)
class Call:
    """How a command was called: with which settings, for a program or for a person, in which language."""

    settings: settings.Settings
    as_json: bool = False
    language: Language = LANGUAGE


_SETTINGS = text("Thiết lập (hoặc biến CHISO_…)", "Settings (or variables CHISO_…)")


def _setting(kind: Any, name: str, metavar: str, vi: str, en: str) -> Any:
    variable = "CHISO_" + name.removeprefix("--").replace("-", "_").upper()
    help_text = f"{text(vi, en)} [{variable}]"
    return Annotated[kind | None, typer.Option(name, metavar=metavar, help=help_text, rich_help_panel=_SETTINGS)]


SETTINGS: dict[str, Any] = {
    "data": _setting(Path, "--data", "DIR", "thư mục dữ liệu", "data directory"),
    "base_iri": _setting(str, "--base-iri", "IRI", "phần đầu của mọi IRI", "start of every IRI"),
    "store": _setting(str, "--store", "disk|memory|remote", "loại kho", "kind of store"),
    "query_endpoint": _setting(str, "--query-endpoint", "URL", "kho từ xa: địa chỉ truy vấn", "remote store: queries"),
    "update_endpoint": _setting(
        str, "--update-endpoint", "URL", "kho từ xa: địa chỉ cập nhật", "remote store: updates"
    ),
    "graph_store_endpoint": _setting(
        str, "--graph-store-endpoint", "URL", "kho từ xa: Graph Store", "remote store: Graph Store"
    ),
    "timeout": _setting(
        float, "--timeout", "SECONDS", "thời gian tối đa của một truy vấn", "most time one query may take"
    ),
    "rows": _setting(int, "--rows", "N", "số dòng tối đa của một câu trả lời", "most rows of one answer"),
}

JSON = Annotated[bool, typer.Option("--json", help=text("kết quả JSON cho chương trình", "JSON for programs"))]
LANG = Annotated[
    str | None,
    typer.Option("--lang", metavar="vi|en", help=text("ngôn ngữ: vi hoặc en [CHISO_LANG]", "vi or en [CHISO_LANG]")),
]


def command(function: Callable[..., int | None]) -> Callable[..., int | None]:
    """Give a command the options that all share; it receives them as `call`.

    Raises `WrongUsage` for a setting that cannot be used.
    """

    def run(**given: Any) -> int | None:
        options = {name: given.pop(name) for name in SETTINGS}
        as_json, lang = given.pop("as_json"), given.pop("lang")
        if lang not in (None, "vi", "en"):
            raise WrongUsage(f"--lang là vi hoặc en, nhận được “{lang}”.", f"--lang is vi or en, got “{lang}”.")
        return function(**given, call=Call(chosen(options), as_json))

    own = [p for p in inspect.signature(function, eval_str=True).parameters.values() if p.name != "call"]
    keyword = inspect.Parameter.KEYWORD_ONLY
    shared = [("as_json", JSON, False), ("lang", LANG, None), *((n, a, None) for n, a in SETTINGS.items())]
    added = [inspect.Parameter(name, keyword, default=value, annotation=kind) for name, kind, value in shared]
    signature = inspect.Signature([p.replace(kind=keyword) for p in own] + added)
    run.__name__, run.__doc__ = function.__name__, function.__doc__
    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
    return run


def chosen(options: dict[str, Any]) -> settings.Settings:
    """The settings: options over `CHISO_…` variables over defaults."""
    try:
        present = {name: value for name, value in options.items() if value is not None}
        names = {f"CHISO_{name.upper()}": str(value) for name, value in present.items()}
        import os

        return settings.from_environment({**os.environ, **names})
    except Invalid as error:
        raise WrongUsage(error.vi, error.en, details=error.details) from None
