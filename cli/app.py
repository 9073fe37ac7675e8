"""The command line `chiso`: its commands, and how it ends whatever happens."""

import os
import sys

import typer
from typer.exceptions import TyperException

from catalogue.errors import CatalogueError
from cli import (
    backup,
    export,
    lineage,
    load,
    map_check,
    map_coverage,
    map_export,
    map_import,
    map_suggest,
    map_translate,
    owner,
    query,
    resolve,
    search,
    serve,
    token,
    validate,
)
from cli.language import text
from cli.outcome import UNAVAILABLE, report, silence, translated, usage

COMMANDS = {
    "serve": (serve.serve, serve.SUMMARY, serve.EXAMPLE),
    "load": (load.load, load.SUMMARY, load.EXAMPLE),
    "validate": (validate.validate, validate.SUMMARY, validate.EXAMPLE),
    "resolve": (resolve.resolve, resolve.SUMMARY, resolve.EXAMPLE),
    "owner": (owner.owner, owner.SUMMARY, owner.EXAMPLE),
    "lineage": (lineage.lineage, lineage.SUMMARY, lineage.EXAMPLE),
    "search": (search.search, search.SUMMARY, search.EXAMPLE),
    "query": (query.query, query.SUMMARY, query.EXAMPLE),
    "export": (export.export, export.SUMMARY, export.EXAMPLE),
    "backup": (backup.backup, backup.BACKUP_SUMMARY, backup.BACKUP_EXAMPLE),
    "restore": (backup.restore, backup.RESTORE_SUMMARY, backup.RESTORE_EXAMPLE),
    "map import": (map_import.import_, map_import.SUMMARY, map_import.EXAMPLE),
    "map export": (map_export.export, map_export.SUMMARY, map_export.EXAMPLE),
    "map check": (map_check.check, map_check.SUMMARY, map_check.EXAMPLE),
    "map coverage": (map_coverage.coverage, map_coverage.COVERAGE_SUMMARY, map_coverage.COVERAGE_EXAMPLE),
    "map conflicts": (map_coverage.conflicts, map_coverage.CONFLICTS_SUMMARY, map_coverage.CONFLICTS_EXAMPLE),
    "map list": (map_coverage.list_, map_coverage.LIST_SUMMARY, map_coverage.LIST_EXAMPLE),
    "map suggest": (map_suggest.suggest, map_suggest.SUMMARY, map_suggest.EXAMPLE),
    "map translate": (map_translate.translate, map_translate.SUMMARY, map_translate.EXAMPLE),
    "token create": (token.create, token.CREATE_SUMMARY, token.CREATE_EXAMPLE),
    "token list": (token.list_, token.LIST_SUMMARY, token.LIST_EXAMPLE),
    "token revoke": (token.revoke, token.REVOKE_SUMMARY, token.REVOKE_EXAMPLE),
}
"""What can be called: a word, or the word of a group and a word in it."""

GROUPS = {
    "token": token.SUMMARY,
    "map": text(
        "Ánh xạ mã địa phương với mã quốc gia: nhập, xuất, kiểm tra.",
        "Mappings from local codes to national codes: import, export, check.",
    ),
}

_WORDS = {name.partition(" ")[0] for name in COMMANDS}


def application(only: str | None = None) -> typer.Typer:
    """All commands, each with its help and example; or one, because the options of each take time to prepare."""
    app = typer.Typer(
        name="chiso",
        help=text(
            "Chỉ Số: danh mục ngữ nghĩa từ văn bản quốc gia tới đơn vị chịu trách nhiệm.",
            "Chỉ Số: the semantic catalogue from national mandate to responsible unit.",
        ),
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    # A callback makes `chiso` a group even while it has one command.
    app.callback()(lambda: None)
    groups: dict[str, typer.Typer] = {}
    for name, (function, summary, example) in COMMANDS.items():
        word, _, rest = name.partition(" ")
        if only not in (None, word):
            continue
        if rest and word not in groups:
            groups[word] = typer.Typer(help=GROUPS[word], rich_markup_mode=None)
            app.add_typer(groups[word], name=word)
        place = groups[word] if rest else app
        place.command(rest or word, help=summary, epilog=f"\b\n{text('Ví dụ', 'Example')}:\n  {example}")(function)
    return app


def main() -> None:
    """Run the command line and leave with its exit status; no error shows a traceback unless CHISO_TRACE=1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run(sys.argv[1:] or ["--help"]))


def run(arguments: list[str]) -> int:
    """Run one command; returns the exit status."""
    as_json = "--json" in arguments
    named = arguments[0] if arguments[:1] and arguments[0] in _WORDS else None
    try:
        ended = application(named)(args=arguments, standalone_mode=False)
        sys.stdout.flush()
        return ended if isinstance(ended, int) else 0
    except TyperException as error:
        return usage(error.format_message(), named)
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        silence()
        return 0
    except MemoryError:
        print(text("Hết bộ nhớ.", "Out of memory."), file=sys.stderr)
        return UNAVAILABLE
    except Exception as error:
        if os.environ.get("CHISO_TRACE") == "1" and not isinstance(error, CatalogueError):
            raise
        return report(translated(error), as_json=as_json)


if __name__ == "__main__":
    main()
