"""What a SPARQL Update request would touch, read from its words before the engine sees it.

The reading errs on the safe side: a graph that is named too much is only compared in vain. `USING` of the protocol's
parameters (SPARQL 1.1 Protocol, section 2.2.3) is written into the request, since the engine has no parameter for it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalogue.errors import BadRequest, Forbidden

_TOKEN = re.compile(
    r"(?P<skip>\s+|#[^\n\r]*)"
    r"|(?P<iri><[^<>\"{}|^`\s]*>)"
    r'|(?P<text>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n\r]|\\.)*"|\'(?:[^\'\\\n\r]|\\.)*\')'
    r"|(?P<variable>[?$]\w+)"
    r"|(?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:[\w:%-]|\\.|\.(?=[\w:%\\-]))*)"
    r"|(?P<word>@?[A-Za-z_]\w*)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the engine gets it, the graphs it may touch besides the default graph (None: any), and whether it
    makes some by CREATE."""

    text: str
    graphs: frozenset[str] | None
    creates: bool


def read(text: str, using: Sequence[str] = (), using_named: Sequence[str] = ()) -> Request:
    """Read a request and write `using` into it.

    Raises `Forbidden` for LOAD and SERVICE, which would call another server, `BadRequest` where `using` meets WITH or
    USING in the request.
    """
    _refuse_calls(text)
    tokens = _tokens(text)
    if using or using_named:
        text = _with_using(text, tokens, using, using_named)
    creates = any(token.kind == "word" and token.text.upper() == "CREATE" for token in tokens)
    return Request(text, _graphs(_tokens(text)), creates)


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(found.lastgroup or "", found[0], found.start(), found.end())
        for found in _TOKEN.finditer(text)
        if found.lastgroup != "skip"
    ]


def _refuse_calls(text: str) -> None:
    decoded = _ESCAPE.sub(lambda found: _character(int(found[1] or found[2], 16)), text)
    # Read twice: an escape inside a string may decode to its end, and then the two readings differ.
    for reading in (text, decoded):
        for token in _tokens(reading):
            word = token.text.upper()
            if token.kind == "word" and word in ("LOAD", "SERVICE"):
                raise Forbidden(
                    f"Yêu cầu cập nhật không được gọi ra ngoài ({word}). Hãy gửi dữ liệu trong chính yêu cầu, hoặc nạp bằng /graphs.",
                    f"An update may not call other servers ({word}). Send the data in the request itself, or by /graphs.",
                    details={"word": word},
                )


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 else ""


def _graphs(tokens: Sequence[_Token]) -> frozenset[str] | None:
    """Every IRI of the request; None when a graph may come from data, or an IRI is not written as it is."""
    prefixes: dict[str, set[str]] = {}
    found: set[str] = set()
    template, depth, before = False, 0, ""
    for at, token in enumerate(tokens):
        word = token.text.upper() if token.kind == "word" else ""
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.text == "{" and token.kind == "other":
            depth += 1
        elif token.text == "}" and token.kind == "other":
            depth -= 1
        elif depth == 0 and word in ("INSERT", "DELETE"):
            template = True
        elif depth == 0 and word == "WHERE":
            template = before == "DELETE"
        elif word == "PREFIX" and following is not None and at + 2 < len(tokens):
            prefixes.setdefault(following.text, set()).add(tokens[at + 2].text[1:-1])
        elif (depth == 0 and (word == "ALL" or (word == "NAMED" and before != "USING"))) or (
            word == "GRAPH" and template and following is not None and following.kind == "variable"
        ):
            return None
        elif token.kind == "iri":
            if "\\" in token.text or not _ABSOLUTE.match(token.text[1:-1]):
                return None
            found.add(token.text[1:-1])
        elif token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if "\\" in local:
                return None
            found.update(start + local for start in prefixes.get(f"{prefix}:", ()))
        before = word
    return frozenset(found)


def _with_using(text: str, tokens: Sequence[_Token], using: Iterable[str], using_named: Iterable[str]) -> str:
    clause = "".join(
        [*(f" USING <{_iri(one)}>" for one in using), *(f" USING NAMED <{_iri(one)}>" for one in using_named), " "]
    )
    parts: list[str] = []
    copied, depth, before, pattern = 0, 0, "", -1
    for token in tokens:
        word = token.text.upper() if token.kind == "word" else ""
        if token.text == "{" and token.kind == "other":
            depth += 1
            if depth == 1 and before == "DELETE WHERE":
                pattern = token.start
        elif token.text == "}" and token.kind == "other":
            depth -= 1
            if depth == 0 and pattern >= 0:
                # DELETE WHERE has no USING: it is written out.
                block = text[pattern : token.end]
                parts.append(f"{text[copied:pattern]}{block}{clause}WHERE {block}")
                copied, pattern = token.end, -1
        elif depth == 0 and word in ("USING", "WITH"):
            raise BadRequest(
                f"Yêu cầu đã có {word}, nên không được dùng using-graph-uri hay using-named-graph-uri.",
                f"The request has {word}, so using-graph-uri and using-named-graph-uri may not be given.",
                details={"word": word},
            )
        elif depth == 0 and word == "WHERE":
            if before == "DELETE":
                parts.append(text[copied : token.start])
                copied, word = token.end, "DELETE WHERE"
            else:
                parts.append(text[copied : token.start] + clause)
                copied = token.start
        before = word
    return "".join([*parts, text[copied:]])


def _iri(text: str) -> str:
    if not _ABSOLUTE.match(text) or re.search(r"[<>\"{}|^`\\\s]", text):
        raise BadRequest(f"“{text}” không phải là IRI.", f"“{text}” is not an IRI.", details={"iri": text})
    return text
