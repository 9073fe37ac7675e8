"""Queries and data extensions as clients send them: JSON within bounds, checked by the standard, made into records.

Reconciliation Service API 0.2, “Structure of a Reconciliation Query” and “Data Extension Query Requests”. The standard
knows no error of a single query, so one bad query refuses the batch, by its key.
"""

import json
import math
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from catalogue.clock import parse_date
from catalogue.errors import BadRequest, Invalid, TooLarge
from catalogue.reconciliation.identity import kinds_of
from catalogue.reconciliation.properties import property_of
from catalogue.reconciliation.property import Property
from catalogue.settings import Settings

DEFAULT_LIMIT = 10
"""Candidates of a query that names no limit."""

MOST_CANDIDATES = 50
"""Candidates of one query, whatever its limit."""

MOST_CONSTRAINTS = 10
"""Properties of one query, and values of one property."""

MOST_PROPERTIES = 40
"""Properties of one data extension."""

MOST_VALUES = 100
"""Values of one property of one thing, whatever its limit."""

_FIELDS = ("query", "type", "limit", "properties", "type_strict")
_STRICTNESS = ("any", "should", "all")
_SETTINGS = ("limit", "language", "asOf", "content")
_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """One value that a property is to have: as text, or the identifier of a thing."""

    text: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Constraint:
    """A property and the values of which it is to have one."""

    property: Property
    values: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class ReconciliationQuery:
    """One query: the name (None where only properties were given), the kinds (() for all), at most `limit` candidates,
    and the day on which the candidates are to exist, where one was given."""

    name: str | None
    kinds: tuple[str, ...]
    limit: int
    constraints: tuple[Constraint, ...]
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A property to fetch, with its settings: most values (None for all), language, day, and whether things and codes
    are given by identifier instead of by name."""

    property: Property
    limit: int | None
    language: str | None
    as_of: date | None
    identifiers: bool


@dataclass(frozen=True, slots=True)
class Extension:
    """A data extension: which properties of which things."""

    ids: tuple[str, ...]
    properties: tuple[Fetched, ...]


def parsed(text: str, what: str) -> Any:
    """The value of a JSON text. `what` names the parameter. Raises `BadRequest` for what is no JSON, names a key twice,
    holds NaN or an endless number, or is nested too deep."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in found if names.count(name) > 1)
            raise _malformed(what, f"khóa “{twice[:80]}” xuất hiện hai lần", f"the key “{twice[:80]}” appears twice")
        return found

    def number(found: str) -> NoReturn:
        raise _malformed(what, f"{found} không phải là một số của JSON", f"{found} is no number of JSON")

    def finite(found: str) -> float:
        value = float(found)
        return value if math.isfinite(value) else number(found[:40])

    try:
        value = json.loads(text, object_pairs_hook=once, parse_constant=number, parse_float=finite)
        text.encode("utf-8")
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise _malformed(what, "JSON lồng nhau quá sâu", "the JSON is nested too deep") from None
    except UnicodeEncodeError:
        raise _malformed(
            what, "có ký tự Unicode hỏng (nửa cặp surrogate)", "it holds broken Unicode (half a surrogate pair)"
        ) from None
    except json.JSONDecodeError as error:
        raise _malformed(
            what,
            f"không phải JSON (dòng {error.lineno}, cột {error.colno})",
            f"it is no JSON (line {error.lineno}, column {error.colno})",
        ) from None
    except ValueError:
        raise _malformed(what, "có một số quá dài", "it holds a number that is too long") from None
    return value


def batch(given: Any, settings: Settings) -> dict[str, ReconciliationQuery]:
    """The queries of a batch by their keys. Raises `TooLarge` for more than `CHISO_RECONCILE_QUERIES`, `Invalid` with the
    key for a query that is none."""
    if not isinstance(given, dict):
        raise _wrong(
            "", "queries phải là một đối tượng JSON: khóa → truy vấn", "queries must be a JSON object: key → query"
        )
    if len(given) > settings.reconcile_queries:
        raise _too_many(len(given), settings.reconcile_queries, "truy vấn", "queries")
    return {key: _query(key, one, settings) for key, one in given.items()}


def extension(given: Any, settings: Settings) -> Extension:
    """A data extension. Raises `TooLarge` for more identifiers than a batch may have queries, `Invalid` for the rest."""
    where = "extend: "
    if not isinstance(given, dict) or not given.keys() >= {"ids", "properties"}:
        raise _wrong(where, "cần một đối tượng có ids và properties", "it must be an object with ids and properties")
    ids, properties = given["ids"], given["properties"]
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise _wrong(where, "ids phải là danh sách các chuỗi", "ids must be a list of strings")
    if len(ids) > settings.reconcile_queries:
        raise _too_many(len(ids), settings.reconcile_queries, "ids", "ids")
    for one in ids:
        _short(one, settings, where)
    if not isinstance(properties, list) or len(properties) > MOST_PROPERTIES:
        raise _wrong(
            where,
            f"properties phải là danh sách có nhiều nhất {MOST_PROPERTIES} thuộc tính",
            f"properties must be a list of at most {MOST_PROPERTIES} properties",
        )
    fetched = [_fetched(one, where) for one in properties]
    if len({one.property.id for one in fetched}) < len(fetched):
        raise _wrong(where, "một thuộc tính xuất hiện hai lần", "a property appears twice")
    return Extension(tuple(dict.fromkeys(ids)), tuple(fetched))


def _query(key: str, given: Any, settings: Settings) -> ReconciliationQuery:
    if len(key) > _LONGEST_KEY:
        raise _wrong(
            "", f"khóa của truy vấn dài hơn {_LONGEST_KEY} ký tự", f"a key has more than {_LONGEST_KEY} characters"
        )
    where = f"{key}: "
    if not isinstance(given, dict):
        raise _wrong(where, "truy vấn phải là một đối tượng JSON", "a query must be a JSON object")
    unknown = [name for name in given if name not in _FIELDS]
    if unknown:
        raise _wrong(
            where,
            f"không có trường “{unknown[0][:80]}”; các trường: {', '.join(_FIELDS)}",
            f"there is no field “{unknown[0][:80]}”; the fields: {', '.join(_FIELDS)}",
        )
    name = given.get("query")
    if "query" in given and not isinstance(name, str):
        raise _wrong(where, "query phải là một chuỗi", "query must be a string")
    if name is not None:
        _short(name, settings, where)
    if given.get("type_strict", "any") not in _STRICTNESS:
        raise _wrong(where, "type_strict phải là any, should hoặc all", "type_strict must be any, should or all")
    constraints = _constraints(given.get("properties", []), settings, where)
    if name is None and not constraints:
        raise _wrong(
            where, "cần query, hoặc properties không rỗng", "query is needed, or properties that are not empty"
        )
    days = [one for one in constraints if one.property.source == "day"]
    as_of = _day(days[0].values[0].text, where) if days and days[0].values else None
    rest = tuple(one for one in constraints if one.property.source != "day" and one.values)
    return ReconciliationQuery(name, _kinds(given, where), _limit(given.get("limit"), where), rest, as_of)


def _kinds(given: dict[str, Any], where: str) -> tuple[str, ...]:
    types = given.get("type", [])
    listed = [types] if isinstance(types, str) else types
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise _wrong(where, "type phải là một chuỗi hoặc danh sách chuỗi", "type must be a string or a list of strings")
    return kinds_of([one for one in listed if one], where)


def _limit(given: Any, where: str) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if isinstance(given, bool) or not isinstance(given, int | float) or given < 1:
        raise _wrong(where, "limit phải là một số từ 1", "limit must be a number of 1 or more")
    return int(min(given, MOST_CANDIDATES))


def _constraints(given: Any, settings: Settings, where: str) -> list[Constraint]:
    if not isinstance(given, list) or len(given) > MOST_CONSTRAINTS:
        raise _wrong(
            where,
            f"properties phải là danh sách có nhiều nhất {MOST_CONSTRAINTS} thuộc tính",
            f"properties must be a list of at most {MOST_CONSTRAINTS} properties",
        )
    found = []
    for one in given:
        if not isinstance(one, dict) or not isinstance(one.get("pid"), str) or "v" not in one:
            raise _wrong(where, "mỗi thuộc tính cần pid (chuỗi) và v", "each property needs pid (a string) and v")
        values = one["v"] if isinstance(one["v"], list) else [one["v"]]
        if len(values) > MOST_CONSTRAINTS:
            raise _wrong(where, f"v có hơn {MOST_CONSTRAINTS} giá trị", f"v has more than {MOST_CONSTRAINTS} values")
        wanted = [_wanted(value, settings, where) for value in values]
        kept = tuple(value for value in wanted if value.id or value.text.strip())
        found.append(Constraint(property_of(one["pid"], where), kept))
    return found


def _wanted(given: Any, settings: Settings, where: str) -> Wanted:
    match given:
        case str():
            _short(given, settings, where)
            return Wanted(given)
        case bool():
            return Wanted("true" if given else "false")
        case int() | float():
            text = f"{given:g}" if isinstance(given, float) else str(given)
            _short(text, settings, where)
            return Wanted(text)
        case {"id": str(identifier), **rest}:
            name = rest.get("name", "")
            if isinstance(name, str):
                _short(identifier, settings, where)
                _short(name, settings, where)
                return Wanted(name, identifier)
    raise _wrong(
        where,
        "giá trị của v phải là chuỗi, số, true/false hoặc {id, name}",
        "a value of v must be a string, a number, true/false or {id, name}",
    )


def _fetched(given: Any, where: str) -> Fetched:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise _wrong(where, "mỗi thuộc tính cần id (chuỗi)", "each property needs an id (a string)")
    found = property_of(given["id"], where)
    if not found.fetched:
        raise _wrong(
            where,
            f"“{found.id}” chỉ dùng để lọc; để lấy giá trị vào một ngày, dùng thiết lập asOf",
            f"“{found.id}” only refines queries; to fetch values as of a day, use the setting asOf",
        )
    settings = given.get("settings", {})
    settings = {} if settings is None else settings
    if not isinstance(settings, dict) or any(name not in _SETTINGS for name in settings):
        raise _wrong(
            where,
            f"các thiết lập (settings) của thuộc tính: {', '.join(_SETTINGS)}",
            f"the settings of a property: {', '.join(_SETTINGS)}",
        )
    try:
        limit = int(float(str(settings.get("limit") or 0)))  # OpenRefine sends numbers as text
    except (ValueError, OverflowError):
        limit = -1
    language, content = settings.get("language") or None, settings.get("content") or "name"
    if limit < 0 or language not in (None, "vi", "en", "any") or content not in ("name", "id"):
        raise _wrong(
            where,
            "limit phải là số từ 0; language là vi, en hoặc any; content là name hoặc id",
            "limit must be 0 or more; language vi, en or any; content name or id",
        )
    day = settings.get("asOf")
    if day is not None and not isinstance(day, str):
        raise _wrong(where, "asOf phải là một ngày (chuỗi)", "asOf must be a date (a string)")
    return Fetched(found, min(limit, MOST_VALUES) or None, language, _day(day, where) if day else None, content == "id")


def _day(text: str, where: str) -> date:
    try:
        return parse_date(text.strip()[:10] if "T" in text else text)  # OpenRefine writes days as 2024-06-30T00:00:00Z
    except Invalid as error:
        raise Invalid(f"{where}{error.vi}", f"{where}{error.en}", details=error.details) from None


def _short(text: str, settings: Settings, where: str) -> None:
    most = settings.reconcile_length
    if len(text) > most:
        raise TooLarge(
            f"{where}một chuỗi dài {len(text)} ký tự, giới hạn {most} (CHISO_RECONCILE_LENGTH). Hãy rút gọn.",
            f"{where}a text of {len(text)} characters, the limit is {most} (CHISO_RECONCILE_LENGTH). Shorten it.",
            details={"limit": "CHISO_RECONCILE_LENGTH", "value": most},
        )


def _too_many(count: int, most: int, vi: str, en: str) -> TooLarge:
    return TooLarge(
        f"Có {count} {vi}, giới hạn {most} mỗi lần (CHISO_RECONCILE_QUERIES). Hãy chia thành nhiều lần gửi.",
        f"There are {count} {en}, the limit is {most} at a time (CHISO_RECONCILE_QUERIES). Send them in parts.",
        details={"limit": "CHISO_RECONCILE_QUERIES", "value": most},
    )


def _wrong(where: str, vi: str, en: str) -> Invalid:
    return Invalid(f"{where}{vi}.", f"{where}{en}.")


def _malformed(what: str, vi: str, en: str) -> BadRequest:
    return BadRequest(f"{what}: {vi}.", f"{what}: {en}.", details={"parameter": what})
