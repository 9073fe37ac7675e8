"""What makes a query slow, seen in its text alone: said to whoever asked when the time or the memory was not enough."""

from collections.abc import Iterator

from catalogue.sparql_text import Token, tokens

Hint = tuple[str, str]

_REQUIRED_AFTER_OPTIONAL: Hint = (
    "Có mẫu bắt buộc đứng sau OPTIONAL: hãy đưa các mẫu bắt buộc lên trước OPTIONAL.",
    "A required pattern stands after OPTIONAL: put the required patterns before OPTIONAL.",
)
_UNBOUNDED_PATH: Hint = (
    "Đường dẫn lặp (* hoặc +) có cả hai đầu là biến tự do: hãy cố định một đầu bằng IRI hoặc VALUES.",
    "A repeated path (* or +) has free variables at both ends: fix one end with an IRI or VALUES.",
)
_SORT_OF_EVERYTHING: Hint = (
    "ORDER BY phải sắp xếp toàn bộ kết quả: hãy thu hẹp điều kiện trước khi sắp xếp, và thêm LIMIT.",
    "ORDER BY has to sort the whole result: narrow it down before sorting, and add LIMIT.",
)
_CARTESIAN: Hint = (
    "Có những mẫu không chung biến nào, nên mọi kết quả được ghép với nhau: hãy nối chúng bằng một biến chung.",
    "Some patterns share no variable, so that everything is combined with everything: join them by a common variable.",
)
_TEXT_SEARCH: Hint = (
    "CONTAINS hoặc REGEX phải đọc mọi nhãn: hãy tìm bằng /api/v1/search, hoặc thu hẹp bằng lớp hay bộ chỉ tiêu trước.",
    "CONTAINS or REGEX reads every label: search with /api/v1/search, or narrow down by class or indicator set first.",
)

_MOST_CHARACTERS = 10_000
"""A longer text is not looked at: this runs where the service answers."""


def hints(text: str) -> list[Hint]:
    """What could make a slow query faster, as sentences (Vietnamese, English); none where no known shape is seen."""
    if len(text) > _MOST_CHARACTERS:
        return []
    read = list(tokens(text))
    words = {token.text.upper() for token in read if token.kind == "word"}
    found = [
        (_REQUIRED_AFTER_OPTIONAL, "OPTIONAL" in words and _required_after_optional(read)),
        (_UNBOUNDED_PATH, _unbounded_path(read)),
        (_CARTESIAN, _disconnected(read)),
        (_TEXT_SEARCH, bool(words & {"CONTAINS", "REGEX"})),
        (_SORT_OF_EVERYTHING, "ORDER" in words),
    ]
    return [hint for hint, holds in found if holds]


def _required_after_optional(read: list[Token]) -> bool:
    """Whether a triple pattern follows an OPTIONAL group within the same braces."""
    after: list[bool] = [False]  # for each open brace: an OPTIONAL has closed in it
    optional: list[bool] = [False]
    last = Token("", "")
    parentheses = 0
    for token in read:
        if token.text == "{" and token.kind == "open":
            optional.append(last.text.upper() == "OPTIONAL")
            after.append(False)
        elif token.text == "}" and token.kind == "close" and len(after) > 1:
            after.pop()
            after[-1] = optional.pop() or after[-1]
        elif token.text in "()" and token.kind in ("open", "close"):
            parentheses += 1 if token.text == "(" else -1
        elif (
            after[-1]
            and not parentheses
            and token.kind in ("variable", "iri", "name")
            and (last.text in ("}", ".") and last.kind in ("close", "sign"))
        ):
            return True
        last = token
    return False


def _unbounded_path(read: list[Token]) -> bool:
    """Whether `?a path* ?b` stands somewhere, and neither variable stands anywhere else."""
    uses: dict[str, int] = {}
    for token in read:
        if token.kind == "variable":
            uses[token.text[1:]] = uses.get(token.text[1:], 0) + 1
    for place in range(2, len(read) - 1):
        sign, after = read[place], read[place + 1]
        if sign.kind != "sign" or sign.text not in "*+" or after.kind != "variable":
            continue
        before = _start_of_path(read, place)
        # Once in the pattern, and once where it is selected.
        if before is not None and uses[before.text[1:]] <= 2 and uses[after.text[1:]] <= 2:
            return True
    return False


def _start_of_path(read: list[Token], place: int) -> Token | None:
    for at in range(place - 1, max(-1, place - 20), -1):
        token = read[at]
        if token.kind == "variable":
            return token
        if token.kind not in ("iri", "name", "open", "close") and token.text not in ("a", "/", "|", "^", "*", "+"):
            return None
    return None


def _disconnected(read: list[Token]) -> bool:
    """Whether the triple patterns of one group fall into parts that share no variable."""
    return any(_parts(group) > 1 for group in _groups(read))


def _groups(read: list[Token]) -> Iterator[list[set[str]]]:
    """For each group in braces, the variables of each of its statements; those of the inner groups belong to one of it."""
    stack: list[list[set[str]]] = []
    for token in read:
        if token.text == "{" and token.kind == "open":
            stack.append([set()])
        elif token.text == "}" and token.kind == "close" and stack:
            group = stack.pop()
            yield group
            if stack:
                # What a group binds joins the statements around it.
                stack[-1].insert(0, set().union(*group))
        elif stack and token.kind == "variable":
            stack[-1][-1].add(token.text[1:])
        elif (stack and token.text == "." and token.kind == "sign") or (
            stack and token.kind == "word" and token.text.upper() in ("FILTER", "BIND", "VALUES", "OPTIONAL", "GRAPH")
        ):
            stack[-1].append(set())


def _parts(statements: list[set[str]]) -> int:
    leader: dict[str, str] = {}

    def lead(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for names in statements:
        first: str | None = None
        for name in names:
            leader.setdefault(name, name)
            if first is None:
                first = lead(name)
            leader[lead(name)] = first
    return len({lead(name) for name in leader})
