"""Records to JSON: the frozen records of the catalogue are the response models; nothing is validated twice.

Names become camelCase (`as_of` is `asOf`); the two ends of an edge or a path, `start` and `end`, are `from` and `to`.
"""

from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter, with_config

_ENDS = {"start": "from", "end": "to"}


def json_name(name: str) -> str:
    """The name of a field in JSON.

    >>> json_name("valid_from"), json_name("start")
    ('validFrom', 'from')
    """
    if name in _ENDS:
        return _ENDS[name]
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


_CONFIG = ConfigDict(alias_generator=json_name)


def model(record: Any) -> Any:
    """The record type itself, with its JSON names, for `response_model` and for `written`."""
    origin = getattr(record, "__origin__", record)
    with_config(_CONFIG)(origin)
    return record


@cache
def adapter(record: Any) -> TypeAdapter[Any]:
    """The serialiser of a record type, made once."""
    return TypeAdapter(model(record))


def written(record: Any, kind: Any = None) -> bytes:
    """A record as JSON. `kind` is its type where the value alone does not tell it (`Page[Listed]`)."""
    found: Any = kind or type(record)
    return adapter(found).dump_json(record, by_alias=True)
