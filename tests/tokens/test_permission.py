"""Tokens, and the one place that answers whether a caller may."""

import json
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalogue.errors import Invalid, NotFound, Unauthorized, Unavailable
from catalogue.permission import ANYBODY, Caller, Tokens, may

BASE = "https://chiso.example/"
DAY = timedelta(days=1)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def shown(secret: str) -> str:
    return f"Bearer {secret}"


def test_a_token_is_shown_once_and_kept_as_a_digest(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    secret, token = tokens.create("nhập liệu", ["write"], ["*"])
    kept = tmp_path / "tokens.json"
    assert secret.startswith("chiso_") and len(secret) >= 49
    assert secret not in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert token.expires - token.created == timedelta(days=90)
    caller = tokens.caller(shown(secret))
    assert secret not in repr((token, caller, tokens.all()))
    assert tokens.create("nhập liệu", ["write"], ["*"])[0] != secret


def test_tokens_end(tmp_path: Path) -> None:
    clock = Clock()
    tokens = Tokens(tmp_path, clock)
    first, _ = tokens.create("a", ["write"], ["*"], lifetime=DAY)
    second, kept = tokens.create("b", ["write"], ["*"], lifetime=2 * DAY)
    clock.now += DAY
    with pytest.raises(Unauthorized):
        tokens.caller(shown(first))
    assert tokens.caller(shown(second)).name
    Tokens(tmp_path, clock).revoke(kept.id)  # another process
    with pytest.raises(Unauthorized):
        tokens.caller(shown(second))
    assert {token.name: token.state(clock.now) for token in tokens.all()} == {"a": "expired", "b": "revoked"}
    with pytest.raises(NotFound):
        tokens.revoke("b")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer ệ", "Bearer " + "x" * 10_000, "chiso_x"]
)
def test_every_other_header_is_refused_with_the_same_words(tmp_path: Path, header: str) -> None:
    tokens = Tokens(tmp_path)
    tokens.create("a", ["write"], ["*"])
    with pytest.raises(Unauthorized) as unknown:
        tokens.caller("Bearer chiso_unknown")
    with pytest.raises(Unauthorized) as odd:
        tokens.caller(header)
    assert odd.value.en == unknown.value.en
    assert tokens.caller(None) is ANYBODY


@pytest.mark.parametrize(
    ("name", "scopes", "graphs", "lifetime"),
    [
        ("", ["write"], ["*"], DAY),
        ("a\nb", ["write"], ["*"], DAY),
        ("a", ["admin"], ["*"], DAY),
        ("a", [], ["*"], DAY),
        ("a", ["write"], [], DAY),
        ("a", ["internal"], [], DAY),
        ("a", ["write"], ["relative"], DAY),
        ("a", ["write"], ["https://a b"], DAY),
        ("a", ["write"], ["urn:*:b"], DAY),
        ("a", ["write"], ["*"], 731 * DAY),
        ("a", ["write"], ["*"], 0 * DAY),
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(
    tmp_path: Path, name: str, scopes: list[str], graphs: list[str], lifetime: timedelta
) -> None:
    with pytest.raises(Invalid):
        Tokens(tmp_path).create(name, scopes, graphs, lifetime=lifetime)
    assert not (tmp_path / "tokens.json").exists()


def test_many_make_tokens_at_once(tmp_path: Path) -> None:
    threads = [threading.Thread(target=lambda n=n: Tokens(tmp_path).create(f"t{n}", ["analyst"])) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {token.name for token in Tokens(tmp_path).all()} == {f"t{n}" for n in range(12)}


def test_a_damaged_file_opens_nothing(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    secret, _ = tokens.create("a", ["write"], ["*"])
    (tmp_path / "tokens.json").write_text("{")
    os.utime(tmp_path / "tokens.json", (1, 1))
    with pytest.raises(Unavailable) as damaged:
        tokens.caller(shown(secret))
    assert secret not in json.dumps(damaged.value.details) + damaged.value.en


@pytest.mark.parametrize(
    ("patterns", "graph", "answer"),
    [
        (("*",), "graph/a", True),
        (("*",), None, True),
        (("*",), "internal/a", False),
        ((BASE + "*",), "internal/a", False),
        ((BASE + "internal/*",), "internal/a", True),
        ((BASE + "internal/a",), "internal/a", True),
        ((BASE + "internal/a",), "internal/ab", False),
        ((BASE + "graph/a",), "graph/ab", False),
        ((BASE + "graph/a*",), "graph/ab", True),
        ((BASE + "graph/default",), None, True),
        ((BASE + "graph/a",), None, False),
        ((), "graph/a", False),
    ],
)
def test_who_may_write_which_graph(patterns: tuple[str, ...], graph: str | None, answer: bool) -> None:
    iri = None if graph is None else BASE + graph
    assert may(Caller("a", frozenset({"write"}), patterns), "write", iri, BASE) is answer
    assert may(Caller("a", frozenset({"internal", "analyst"}), patterns), "write", iri, BASE) is False
    assert may(ANYBODY, "write", iri, BASE) is False


def test_who_may_read() -> None:
    reader = Caller("a", frozenset({"internal"}), (BASE + "internal/*",))
    assert may(ANYBODY, "read", BASE + "graph/a", BASE)
    assert not may(ANYBODY, "read", BASE + "internal/a", BASE)
    assert may(reader, "read", BASE + "internal/a", BASE)
    assert not may(Caller("w", frozenset({"write"}), ("*", BASE + "internal/*")), "read", BASE + "internal/a", BASE)
    assert may(Caller("n", frozenset({"analyst"})), "analyse", None, BASE)
