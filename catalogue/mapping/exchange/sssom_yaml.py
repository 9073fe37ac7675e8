"""The YAML of an SSSOM metadata block: read as texts, lists and maps alone, within bounds; written in its canonical style.

Nothing is guessed: a date, a number and a version stay the text that stands there. Anchors, aliases, tags and directives,
which the format forbids (SSSOM/TSV, Forbidden YAML features), are refused before anything is made of them.
"""

import re
from collections.abc import Iterator
from typing import Any

from catalogue.errors import Invalid

Node = str | list["Node"] | dict[str, "Node"] | None
"""What a block holds: a text (None where nothing or `null` stands), a list, a map."""

MOST_BYTES = 100_000
"""Most bytes of a metadata block."""
DEEPEST = 4
"""Levels of lists and maps: a map of the set, a list of definitions, a map each."""
MOST_NODES = 10_000


def read(text: str, place: str) -> dict[str, Node]:
    """The map that a block holds. `place` is what errors name; lines count from the first of `text`.

    Raises `Invalid` with `details` file and line.
    """
    import yaml

    if len(text.encode()) > MOST_BYTES:
        raise refused(
            place,
            None,
            f"phần khai báo YAML lớn hơn {MOST_BYTES} byte. Hãy bỏ các tiền tố không dùng tới",
            f"the YAML block is larger than {MOST_BYTES} bytes. Take out the prefixes that are not used",
        )
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        if re.search(r"^%", text, re.MULTILINE):
            line = text[: re.search(r"^%", text, re.MULTILINE).start()].count("\n") + 1  # type: ignore[union-attr]
            raise _forbidden(place, line, "chỉ thị (%)", "a directive (%)")
        found = _Builder(place).document(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise refused(
            place,
            mark.line + 1 if mark else None,
            f"YAML viết sai ({error.problem}). Chú ý: giá trị có “: ” hoặc “#” phải đặt trong ngoặc kép",
            f"malformed YAML ({error.problem}). Note: a value with “: ” or “#” in it needs double quotes",
        ) from None
    except yaml.YAMLError:
        raise refused(
            place,
            None,
            "YAML có ký tự không được phép. Hãy xóa các ký tự điều khiển",
            "the YAML holds a character that is not allowed. Take out control characters",
        ) from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise refused(
            place,
            1,
            "phần khai báo phải gồm các dòng “khe: giá trị”, ví dụ “#license: https://…”",
            "the metadata must be lines of “slot: value”, such as “#license: https://…”",
        )
    return found


class _Builder:
    """Makes nodes of the parser's events, counting them."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._nodes = 0

    def document(self, events: Iterator[Any]) -> Node:
        documents: list[Node] = []
        for event in events:
            name = type(event).__name__
            if name in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
                continue
            if name == "DocumentStartEvent":
                if documents:
                    raise self._malformed(
                        event, "chỉ được có một tài liệu YAML", "there may be one YAML document alone"
                    )
                continue
            documents.append(self._node(event, events, 1))
        return documents[0] if documents else None

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        self._admit(event, depth)
        match type(event).__name__:
            case "ScalarEvent":
                empty = event.implicit[0] and event.style is None and event.value in ("", "~", "null", "Null", "NULL")
                return None if empty else str(event.value)
            case "SequenceStartEvent":
                items: list[Node] = []
                while type(event := next(events)).__name__ != "SequenceEndEvent":
                    items.append(self._node(event, events, depth + 1))
                return items
        found: dict[str, Node] = {}
        while type(event := next(events)).__name__ != "MappingEndEvent":
            key = self._node(event, events, depth + 1)
            if not isinstance(key, str):
                raise self._malformed(event, "một khóa phải là chữ", "a key must be a text")
            if key in found:
                raise self._malformed(event, f"khóa “{key[:80]}” có hai lần", f"the key “{key[:80]}” is there twice")
            found[key] = self._node(next(events), events, depth + 1)
        return found

    def _admit(self, event: Any, depth: int) -> None:
        line = event.start_mark.line + 1
        if type(event).__name__ == "AliasEvent" or event.anchor is not None:
            raise _forbidden(self._place, line, "neo hoặc tham chiếu (& *)", "an anchor or alias (& *)")
        if event.tag is not None:
            raise _forbidden(self._place, line, "nhãn kiểu (!)", "a tag (!)")
        self._nodes += 1
        if depth > DEEPEST or self._nodes > MOST_NODES:
            raise refused(
                self._place,
                line,
                f"YAML lồng quá {DEEPEST} tầng hoặc có hơn {MOST_NODES} phần tử",
                f"the YAML is nested deeper than {DEEPEST} levels or has more than {MOST_NODES} nodes",
            )

    def _malformed(self, event: Any, vi: str, en: str) -> Invalid:
        return refused(self._place, event.start_mark.line + 1, f"YAML viết sai: {vi}", f"malformed YAML: {en}")


def refused(place: str, line: int | None, vi: str, en: str) -> Invalid:
    """The error for a document that cannot be read, with its place."""
    at_vi = f", dòng {line}" if line else ""
    at_en = f", line {line}" if line else ""
    return Invalid(f"{place}{at_vi}: {vi}.", f"{place}{at_en}: {en}.", details={"file": place, "line": line})


def _forbidden(place: str, line: int, vi: str, en: str) -> Invalid:
    return refused(
        place,
        line,
        f"phần khai báo dùng {vi} của YAML, điều SSSOM cấm. Hãy viết giá trị ra",
        f"the metadata uses {en} of YAML, which SSSOM forbids. Write the value itself",
    )


_PLAIN = re.compile(r"[^\W\d_](?:[^\n:#]|:(?=[^\s])|(?<=\S)#)*")
_GUESSED = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|inf|nan)")
_UNSAFE = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def scalar(text: str) -> str:
    r"""A text in plain style where every reader takes it for that text, else in double quotes.

    >>> scalar("https://a.example/#b"), scalar("1.1"), scalar("a: b"), scalar("no"), scalar('x\n"y"')
    ('https://a.example/#b', '"1.1"', '"a: b"', '"no"', '"x\\n\\"y\\""')
    """
    plain = (
        _PLAIN.fullmatch(text)
        and not _GUESSED.fullmatch(text)
        and text == text.strip()
        and not text.endswith((":", ",", ";"))
    )
    if plain and not _UNSAFE.search(text):
        return text
    escaped = _UNSAFE.sub(lambda found: _SHORT.get(found[0]) or f"\\u{ord(found[0]):04X}", text)
    return f'"{escaped}"'
