"""A SPARQL text read by its tokens, before any parser sees it: what it asks, whether it may, and how much it nests.

A parser can be made to overflow its stack, to run for hours, or to call another server, by a text of a few kilobytes. One
pass over the tokens, in time that grows with the length alone, refuses such texts. Strings, IRIs and comments are no
words. Codepoint escapes are read both ways: by SPARQL 1.1 (section 19.2) they are decoded before anything else, many
engines decode them inside strings and IRIs alone; a text has to be harmless in both readings.
"""

import contextlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from catalogue.errors import BadRequest, Forbidden, LimitReached
from catalogue.settings import Settings

Form = Literal["select", "ask", "construct", "describe", "update", "none"]

# Each expression reads forward only: no text makes one of them go back over more than a single word.
_IRI = r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\[uU])*>"
_COMMENT = r"\#[^\r\n]*"
_STRING = (
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"(?!"")[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"'
    r"|'(?!'')[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*'"
)
_VARIABLE = r"[?$]\w+"
_LOCAL = r":(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*"
_NAME = rf"(?:[^\W\d][\w-]*)?{_LOCAL}"
_NUMBER = r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?"
_OTHER = r"_:[\w.-]*|@[A-Za-z][A-Za-z0-9-]*"
_WORD = r"[^\W\d][\w-]*"

_TOKEN = re.compile(
    rf"(?P<space>\s+|{_COMMENT})|(?P<iri>{_IRI})|(?P<string>{_STRING})|(?P<open>[{{(\[])|(?P<close>[}})\]])"
    rf"|(?P<variable>{_VARIABLE})|(?P<other>{_OTHER})|(?P<name>{_NAME})|(?P<word>{_WORD})|(?P<number>{_NUMBER})"
    r"|(?P<sign>&&|\|\||\^\^|[<>!]=|.)",
    re.DOTALL,
)
"""Every token."""

_PLAIN_IRI = r"<(?:[^<>\"{}|^`\\\x00-\x20)]|\\[uU])*>"
_PLAIN_NAME = rf"(?![\d-])(?:(?!(?i:service))[\w-])*{_LOCAL}"
_PLAIN = (
    rf"{_PLAIN_IRI}|(?:{_STRING})(?:\^\^)?|{_VARIABLE}|{_OTHER}|{_PLAIN_NAME}|{_NUMBER}"
    rf"|(?!{_IRI})[<>=?$@]+(?!\w)"
)
_STEP = re.compile(
    rf"(?P<space>(?:\s+|{_COMMENT})+)|(?P<plain>(?:{_PLAIN})(?:\s+|{_COMMENT}|{_PLAIN})*)|(?P<iri>{_IRI})"
    rf"|(?P<open>[{{(\[])|(?P<close>[}})\]])|(?P<name>{_NAME})|(?P<word>{_WORD})"
    r"|(?P<sign>&&|\|\||\^\^|[<>!]=|.)",
    re.DOTALL,
)
"""The same, in longer steps: what can neither nest nor call out is one step, however much it is."""

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

_FORMS: dict[str, Form] = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct", "DESCRIBE": "describe"}
_UPDATES = frozenset({"INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_BEFORE_GRAPH = frozenset({"GRAPH", "FROM", "NAMED", "DESCRIBE"})
_EVER_NEW = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
_CHAINED = frozenset({"<", "%", "\\", "||", "&&", "|", "/", "+", "-", "*", "^", "^^", "!", ".", ";"})

LONGEST_CHAIN = 2
"""How many times `CHISO_QUERY_BRANCHES` the triple patterns and operators of a query may be, all together."""


class Token(NamedTuple):
    """One token: its kind (a group of the expression above), its text, and where it starts."""

    kind: str
    text: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text is: its form, the deepest nesting of brackets, its branches, and its bare words in capitals.

    A branch is a group in braces (every UNION, OPTIONAL, MINUS, EXISTS, GRAPH and sub-select has one), an alternative of a
    path, or an expression with a name (AS).
    `new_nodes`: a CONSTRUCT may make blank nodes, which are named anew in each answer.
    `deterministic`: the same state always gives the same answer; not so with NOW, RAND, UUID, STRUUID, BNODE and new nodes.
    """

    form: Form
    depth: int
    branches: int
    words: frozenset[str]
    new_nodes: bool = False

    @property
    def deterministic(self) -> bool:
        """Whether an answer may be kept for as long as the state stands."""
        return not self.new_nodes and not self.words & _EVER_NEW


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

    One without any operation is a request too (SPARQL 1.1 grammar, rule 29).

    Raises `BadRequest` for a query, `Forbidden` for LOAD and SERVICE, `LimitReached` for too much nesting.
    """
    reading = _read(text, settings, length or settings.upload_bytes)
    if reading.form not in ("update", "none"):
        raise BadRequest(
            "Đây là truy vấn, không phải lệnh cập nhật (SPARQL Update). Hãy gửi nó tới /sparql.",
            "This is a query, not an update (SPARQL Update). Send it to /sparql.",
            details={"form": reading.form},
        )
    return reading


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, without spaces and comments."""
    for found in _TOKEN.finditer(text):
        if found.lastgroup != "space":
            yield Token(str(found.lastgroup), found[0], found.start())


def _may_be_less_than(iri: str) -> bool:
    # `FILTER(?a<?b)SERVICE#>` is an IRI to one reader, and to another a comparison, a word, and a comment.
    before, sign, _ = iri.partition("#")
    return bool(sign) and before.count(")") > before.count("(")


def _read(text: str, settings: Settings, length: int | None = None) -> Reading:
    limit, name = (settings.query_length, "CHISO_QUERY_LENGTH") if length is None else (length, "CHISO_UPLOAD_BYTES")
    if len(text) > limit:
        raise _beyond(name, limit, len(text), "số ký tự", "characters")
    reading = _both_readings(text, settings, strict=length is None)
    if reading.form == "none":
        start = _after_prologue(text)
        if length is None:
            words_vi, words_en = "SELECT, ASK, CONSTRUCT hoặc DESCRIBE", "SELECT, ASK, CONSTRUCT or DESCRIBE"
            raise _malformed(text, start or 0, f"cần {words_vi}", f"{words_en} is needed")
        if start is not None:
            raise _malformed(
                text, start, "cần một lệnh như INSERT, DELETE", "an operation as INSERT or DELETE is needed"
            )
    return reading


def _after_prologue(text: str) -> int | None:
    """Where the first token stands that is neither BASE nor PREFIX nor belongs to one; None where there is no such."""
    skipped = 0
    for token in tokens(text):
        word = token.text.upper() if token.kind == "word" else ""
        if skipped:
            skipped -= 1
        elif word in ("BASE", "PREFIX"):
            skipped = 1 if word == "BASE" else 2
        elif token.text != "\ufeff":
            return token.start
    return None


def _both_readings(text: str, settings: Settings, *, strict: bool) -> Reading:
    reading = _Reader(settings, strict=strict).reading(text)
    if "\\u" in text or "\\U" in text:
        decoded = _ESCAPE.sub(lambda found: _character(int(found[1] or found[2], 16)), text)
        with contextlib.suppress(BadRequest):  # then the first reading alone makes sense
            _Reader(settings, strict=strict).reading(decoded)
    return reading


class _Reader:
    """One pass over the text, with the counts that are limited. `strict`: the branches are limited too."""

    def __init__(self, settings: Settings, *, strict: bool) -> None:
        self._depth = settings.query_depth
        self._most = settings.query_branches if strict else sys.maxsize
        self._branches = 0
        self._links = 0

    def reading(self, text: str) -> Reading:
        """What `text` is."""
        form: Form = "none"
        words: set[str] = set()
        opened: list[str] = []
        deepest = 0
        before, last = "", ""  # the steps before this one, without spaces; one that is plain is an empty text
        for found in _STEP.finditer(text):
            kind, step = found.lastgroup, found[0]
            if kind == "space":
                continue
            if kind == "plain":
                step = ""
            elif kind == "open":
                opened.append(step)
                deepest = max(deepest, len(opened))
                if deepest > self._depth:
                    raise _beyond("CHISO_QUERY_DEPTH", self._depth, deepest, "số tầng ngoặc", "levels of brackets")
                if step == "{":
                    if _service_name(last) and before.upper() not in _BEFORE_GRAPH:
                        raise _calls_out("SERVICE")
                    self._branch()
            elif kind == "close":
                del opened[-1:]
            elif kind == "word":
                word = step.upper()
                for refused in ("SERVICE", "LOAD"):
                    if refused in word:  # `trueSERVICE` is two words for a reader that needs no space between them
                        raise _calls_out(refused)
                words.add(word)
                if word == "AS":
                    self._branch()
                if form == "none":
                    form = "update" if word in _UPDATES else _FORMS.get(word, "none")
            elif step in _CHAINED or (step == "," and opened[-1:] != ["("]):
                self._link(step)
            elif step in "\"'\0":
                what = _NUL if step == "\0" else _UNENDED
                raise _malformed(text, found.start(), *what)
            elif kind == "iri":
                if opened[-1:] == ["("] and _may_be_less_than(step):
                    raise _malformed(text, found.start(), "cần dấu cách sau “<”", "a space is needed after “<”")
                step = ""
            before, last = last, step
        new_nodes = form == "construct" and ("_:" in text or "[" in text)
        return Reading(form, deepest, self._branches, frozenset(words), new_nodes)

    def _branch(self) -> None:
        self._branches += 1
        if self._branches > self._most:
            raise _beyond("CHISO_QUERY_BRANCHES", self._most, self._branches, "số nhánh", "branches")

    def _link(self, sign: str) -> None:
        if sign == "|":
            self._branch()
        self._links += 1
        if self._links > self._most * LONGEST_CHAIN:
            found = self._links
            raise _beyond("CHISO_QUERY_BRANCHES", self._most, found, "số mẫu và phép toán", "patterns and operators")


def _service_name(step: str) -> bool:
    # `SERVICE:x {` is a call to the IRI `:x` for such a reader; `GRAPH service:x {` is none.
    return "SERVICE" in step.partition(":")[0].upper() and ":" in step


def _calls_out(word: str) -> Forbidden:
    if word == "LOAD":
        return Forbidden(
            "Không thực hiện LOAD: dịch vụ không tự tải dữ liệu từ nơi khác. Hãy gửi chính dữ liệu tới /graphs, hoặc nạp tệp bằng chiso load.",
            "LOAD is not carried out: the service fetches nothing from elsewhere. Send the data itself to /graphs, or load the file with chiso load.",
            details={"word": word},
        )
    return Forbidden(
        f"Không được gọi máy chủ khác ({word}) ở đây. Hãy bỏ phần đó, rồi hỏi từng máy chủ riêng.",
        f"Calling other servers ({word}) is not allowed here. Leave that part out, and ask each server by itself.",
        details={"word": word},
    )


def _beyond(limit: str, most: int, found: int, vi: str, en: str) -> LimitReached:
    return LimitReached(
        f"Truy vấn vượt giới hạn {limit}: {vi} là {found}, nhiều nhất {most}. Hãy viết đơn giản hơn, hoặc chia thành nhiều truy vấn.",
        f"The query goes beyond {limit}: {found} {en}, at most {most}. Write it simpler, or divide it into several queries.",
        details={"limit": limit, "value": most, "found": found},
    )


_UNENDED = ("chuỗi không có dấu kết thúc", "a string without an end")
_NUL = ("ký tự NUL", "the character NUL")


def place(text: str, at: int) -> tuple[int, int]:
    """The line and the column of a character, counted from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _malformed(text: str, at: int, vi: str, en: str) -> BadRequest:
    line, column = place(text, at)
    return BadRequest(
        f"Câu SPARQL sai cú pháp ở dòng {line}, cột {column}: {vi}.",
        f"The SPARQL text is malformed at line {line}, column {column}: {en}.",
        details={"line": line, "column": column},
    )


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
