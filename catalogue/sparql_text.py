"""A SPARQL text read by its tokens, before any parser sees it: what it asks, whether it may, and how much it nests.

A parser can be made to overflow its stack, to run for hours, or to call another server, by a text of a few kilobytes. One
pass over the tokens, in time that grows with the length alone, refuses such texts. Strings, IRIs and comments are no
words. Codepoint escapes are read both ways: by SPARQL 1.1 (section 19.2) they are decoded before anything else, many
engines decode them inside strings and IRIs alone; a text has to be harmless in both readings.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from catalogue.errors import BadRequest, Forbidden, LimitReached
from catalogue.settings import Settings

Form = Literal["select", "ask", "construct", "describe", "update"]

_TOKEN = re.compile(
    r"(?P<iri><(?:[^<>\"{}|^`\\\x00-\x20]|\\[uU])*>)"
    r"|(?P<comment>\#[^\r\n]*)"
    r'|(?P<string>"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"(?!"")[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"'
    r"|'(?!'')[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*')"
    r"|(?P<open>[{(\[])|(?P<close>[})\]])"
    r"|(?P<variable>[?$]\w+)|(?P<label>_:[\w.-]*)|(?P<tag>@[A-Za-z][A-Za-z0-9-]*)"
    r"|(?P<name>(?:[^\W\d][\w-]*)?:(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*)"
    r"|(?P<word>[^\W\d][\w-]*)"
    r"|(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)"
    r"|(?P<space>\s+)"
    r"|(?P<sign>&&|\|\||\^\^|[<>!]=|.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

_FORMS: dict[str, Form] = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct", "DESCRIBE": "describe"}
_UPDATES = frozenset({"INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_EVER_NEW = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
_CHAINED = frozenset({"||", "&&", "|", "/", "+", "-", "*", "^", "!", ".", ";", ","})

LONGEST_CHAIN = 5
"""How many times `CHISO_QUERY_BRANCHES` the triple patterns and operators of a query may be."""


class Token(NamedTuple):
    """One token that means something: its kind (a group of the expression above), its text, and where it starts."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text is: its form, the deepest nesting of brackets, its branches, and its bare words in capitals.

    A branch is a group in braces (every UNION, OPTIONAL, MINUS, EXISTS, GRAPH and sub-select has one), an alternative of a
    path, or an expression with a name (AS).
    `deterministic`: the same state always gives the same answer; not so with NOW, RAND, UUID, STRUUID and BNODE.
    """

    form: Form
    depth: int
    branches: int
    words: frozenset[str]

    @property
    def deterministic(self) -> bool:
        """Whether an answer may be kept for as long as the state stands."""
        return not self.words & _EVER_NEW


def read(text: str, settings: Settings) -> Reading:
    r"""A query, before it is handed to an engine.

    >>> read("PREFIX select: <urn:ask> # ask\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", Settings()).form
    'construct'

    Raises `BadRequest` for a text that is no query (an update, too), `Forbidden` for one that would call another server
    (SERVICE, LOAD), `LimitReached` for one that is too long, too deep, or has too many branches.
    """
    reading = _read(text, settings)
    if reading.form == "update":
        raise BadRequest(
            "Đây là lệnh cập nhật (SPARQL Update), không phải truy vấn. Hãy gửi nó tới /update, kèm quyền ghi.",
            "This is an update (SPARQL Update), not a query. Send it to /update, with the permission to write.",
            details={"form": "update"},
        )
    return reading


def read_update(text: str, settings: Settings, *, length: int | None = None) -> Reading:
    """An update request, before it is handed to an engine; `length`: most characters (`CHISO_UPLOAD_BYTES` without).

    Raises `BadRequest` for a query, `Forbidden` for LOAD and SERVICE, `LimitReached` for too much nesting.
    """
    reading = _read(text, settings, length or settings.upload_bytes)
    if reading.form != "update":
        raise BadRequest(
            "Đây là truy vấn, không phải lệnh cập nhật (SPARQL Update). Hãy gửi nó tới /sparql.",
            "This is a query, not an update (SPARQL Update). Send it to /sparql.",
            details={"form": reading.form},
        )
    return reading


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text that mean something. Raises `BadRequest`, with line and column, for a string without an end."""
    opened: list[str] = []
    for found in _TOKEN.finditer(text):
        kind, word = str(found.lastgroup), found[0]
        if kind in ("space", "comment"):
            continue
        if kind == "open":
            opened.append(word)
        elif kind == "close" and opened:
            opened.pop()
        elif kind == "iri" and opened and opened[-1] == "(" and _may_be_less_than(word):
            raise _malformed(text, found.start(), "cần dấu cách sau “<”", "a space is needed after “<”")
        elif kind == "sign" and word in "\"'":
            raise _malformed(text, found.start(), "chuỗi không có dấu kết thúc", "a string without an end")
        elif word == "\0":
            raise _malformed(text, found.start(), "ký tự NUL", "the character NUL")
        yield Token(kind, word, found.start())


def _may_be_less_than(iri: str) -> bool:
    # `FILTER(?a<?b)SERVICE#>` is an IRI to one reader, and to another a comparison, a word, and a comment.
    before, sign, _ = iri.partition("#")
    return bool(sign) and before.count(")") > before.count("(")


def _read(text: str, settings: Settings, length: int | None = None) -> Reading:
    limit, name = (settings.query_length, "CHISO_QUERY_LENGTH") if length is None else (length, "CHISO_UPLOAD_BYTES")
    if len(text) > limit:
        raise _beyond(name, limit, len(text), "số ký tự", "characters")
    reading = _Reader(settings, strict=length is None).reading(text)
    if "\\u" in text or "\\U" in text:
        decoded = _ESCAPE.sub(lambda found: _character(int(found[1] or found[2], 16)), text)
        with contextlib.suppress(BadRequest):  # then the first reading alone makes sense
            _Reader(settings, strict=length is None).reading(decoded)
    return reading


class _Reader:
    """One pass over the tokens, with the counts that are limited."""

    def __init__(self, settings: Settings, *, strict: bool) -> None:
        self._settings = settings
        self._strict = strict
        self._words: set[str] = set()
        self._branches = 0
        self._deepest = 0
        self._links = 0

    def reading(self, text: str) -> Reading:
        depth = 0
        form: Form | None = None
        before, last = "", Token("", "", 0)
        for token in tokens(text):
            if token.kind == "open":
                depth += 1
                self._enter(depth, token.text, before, last)
            elif token.kind == "close":
                depth = max(0, depth - 1)
            elif token.kind == "word":
                form = self._word(token.text.upper(), form)
            elif token.kind == "sign" and token.text in _CHAINED:
                self._chain(token.text)
            before, last = last.text.upper(), token
        if form is None:
            raise BadRequest(
                "Đây không phải truy vấn SPARQL: cần SELECT, ASK, CONSTRUCT hoặc DESCRIBE.",
                "This is no SPARQL query: SELECT, ASK, CONSTRUCT or DESCRIBE is needed.",
            )
        return Reading(form, self._deepest, self._branches, frozenset(self._words))

    def _enter(self, depth: int, bracket: str, before: str, last: Token) -> None:
        self._deepest = max(self._deepest, depth)
        if depth > self._settings.query_depth:
            raise _beyond("CHISO_QUERY_DEPTH", self._settings.query_depth, depth, "số tầng ngoặc", "levels of brackets")
        if bracket == "{":
            # `SERVICE:x {` is a call to the IRI `:x` for a reader that needs no space after a word.
            if last.kind == "name" and before != "GRAPH" and "SERVICE" in last.text.partition(":")[0].upper():
                raise _calls_out("SERVICE")
            self._branch()

    def _word(self, word: str, form: Form | None) -> Form | None:
        for refused in ("SERVICE", "LOAD"):
            if refused in word:  # `trueSERVICE` is two words for such a reader
                raise _calls_out(refused)
        self._words.add(word)
        if word == "AS":
            self._branch()
        if form is not None:
            return form
        return "update" if word in _UPDATES else _FORMS.get(word)

    def _branch(self) -> None:
        self._branches += 1
        most = self._settings.query_branches
        if self._strict and self._branches > most:
            raise _beyond("CHISO_QUERY_BRANCHES", most, self._branches, "số nhánh", "branches")

    def _chain(self, sign: str) -> None:
        if sign == "|":
            self._branch()
        self._links += 1
        most = self._settings.query_branches * LONGEST_CHAIN
        if self._strict and self._links > most:
            raise _beyond("CHISO_QUERY_BRANCHES", most, self._links, "số mẫu và phép toán", "patterns and operators")


def _calls_out(word: str) -> Forbidden:
    return Forbidden(
        f"Không được gọi máy chủ khác ({word}) ở đây. Hãy bỏ phần đó; để đưa dữ liệu vào, dùng chiso load.",
        f"Calling other servers ({word}) is not allowed here. Leave that part out; to bring data in, use chiso load.",
        details={"word": word},
    )


def _beyond(limit: str, most: int, found: int, vi: str, en: str) -> LimitReached:
    return LimitReached(
        f"Truy vấn vượt giới hạn {limit}: {vi} là {found}, nhiều nhất {most}. Hãy viết gọn hơn hoặc chia thành nhiều truy vấn.",
        f"The query goes beyond {limit}: {found} {en}, at most {most}. Write it shorter, or divide it into several queries.",
        details={"limit": limit, "value": most, "found": found},
    )


def _malformed(text: str, at: int, vi: str, en: str) -> BadRequest:
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return BadRequest(
        f"Truy vấn SPARQL sai cú pháp ở dòng {line}, cột {column}: {vi}.",
        f"The SPARQL query is malformed at line {line}, column {column}: {en}.",
        details={"line": line, "column": column},
    )


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
