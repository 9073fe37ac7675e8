"""Solutions to typed records: the variables of a query are the fields of a record.

A field's type says how its term is read; `| None` says that it may be absent. `?validFrom` fills the field `valid_from`.
"""

import re
import types
from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pyoxigraph import Literal, NamedNode

from catalogue.errors import Defect
from catalogue.store.port import Solutions

Record = TypeVar("Record")
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def records(record: type[Record], solutions: Solutions, query: str = "query") -> list[Record]:
    """One record per solution.

    Raises `Defect` when a variable has no field, a required field has no variable (both lists are named), or a term
    cannot be read as the field's type (the row is named).
    """
    names = [_CAPITAL.sub(r"_\1", variable).lower() for variable in solutions.variables]
    readers, required = _fields(cast(Any, record))
    unknown, missing = set(names) - readers.keys(), required - set(names)
    if unknown or missing:
        raise Defect(
            f"Truy vấn {query} trả về {sorted(names)}, bản ghi {record.__name__} cần {sorted(readers)}.",
            f"Query {query} answers {sorted(names)}, record {record.__name__} wants {sorted(readers)}.",
        )
    columns = [readers[name] for name in names]
    found = []
    for number, row in enumerate(solutions.rows):
        try:
            found.append(record(**{name: read(term) for name, read, term in zip(names, columns, row, strict=True)}))
        except (ValueError, TypeError) as error:
            raise Defect(
                f"Truy vấn {query}, dòng {number + 1}: {error}", f"Query {query}, row {number + 1}: {error}"
            ) from error
    return found


@cache
def _fields(record: Any) -> tuple[dict[str, Callable[[Any], Any]], set[str]]:
    hints = get_type_hints(record)
    readers = {field.name: _reader(hints[field.name]) for field in fields(record)}
    required = {f.name for f in fields(record) if f.default is MISSING and f.default_factory is MISSING}
    return readers, required


def _reader(hint: Any) -> Callable[[Any], Any]:
    optional = False
    if get_origin(hint) in (Union, types.UnionType):
        arguments = [a for a in get_args(hint) if a is not types.NoneType]
        optional = len(arguments) < len(get_args(hint))
        hint = arguments[0] if len(arguments) == 1 else object
    plain = _PLAIN.get(hint, _as_it_is)

    def read(term: Any) -> Any:
        if term is None:
            if optional:
                return None
            raise ValueError("a required value is absent")
        return plain(term)

    return read


def _as_it_is(term: Any) -> Any:
    return term


def _text(term: Any) -> str:
    return str(term.value)


def _node(term: Any) -> NamedNode:
    if not isinstance(term, NamedNode):
        raise ValueError(f"an IRI was expected, got {term}")
    return term


def _literal(term: Any) -> Literal:
    if not isinstance(term, Literal):
        raise ValueError(f"a literal was expected, got {term}")
    return term


_PLAIN: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    int: lambda term: int(term.value),
    float: lambda term: float(term.value),
    bool: lambda term: term.value in ("true", "1"),
    Decimal: lambda term: Decimal(term.value),
    date: lambda term: date.fromisoformat(term.value),
    NamedNode: _node,
    Literal: _literal,
}
