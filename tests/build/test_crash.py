"""What happens to a build when the machine turns against it: kill -9, a second process, a full disk, a remote that is gone."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, NamedNode, Triple

from catalogue import manifest
from catalogue.errors import TimedOut, Unavailable
from catalogue.graphs import default_graph, is_internal, made_here
from catalogue.publication import rederived
from catalogue.settings import Settings
from catalogue.store import folder as folder_of
from catalogue.store import journal, patches
from catalogue.store.connect import open_reader
from catalogue.store.embedded import Embedded
from catalogue.store.folder import Folder, WriterLock
from catalogue.store.port import Change
from catalogue.store.remote import Remote
from catalogue.writing import Writer
from tests.build.conftest import Shop, stores
from tests.conftest import SparqlServer, free_port

BUILD = """
import resource, signal, sys
from pathlib import Path
from catalogue.errors import CatalogueError
from catalogue.writing import Writer
from tests.build.conftest import Shop, stores
limit = int(sys.argv[2])
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
print("start", flush=True)
try:
    print(Shop(Path(sys.argv[1])).build(check=lambda *_, **__: []).state)
except CatalogueError as error:
    print(type(error).__name__, error.vi)
"""


def start(shop: Shop, limit: int = 0) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", BUILD, str(shop.root), str(limit)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "start\n"
    return process


def finish(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    with process.stdout:
        answer = process.stdout.read()
    process.wait(timeout=60)
    return answer


def fill(shop: Shop, count: int, word: str = "Điều") -> None:
    rows = (f'decision:d{i} dct:title "{word} {i}"@vi ; eli:based_on decision:luat .' for i in range(count))
    shop.write("lon.confirmed.ttl", "\n".join(rows))


def agree(shop: Shop) -> dict[NamedNode | None, set[Triple]]:
    """What the authority holds, after looking at both stores: the public store holds what the authority's public graphs hold, and what is derived from them, and nothing else;
    so does the published state, and nothing is under way."""
    settings = shop.settings()
    base = settings.base_iri
    with stores(settings) as (authority, public):
        everything = {name: set(authority.graph(name)) for name in [None, *authority.graph_names()]}
        hidden = made_here(base)
        sources = {
            name or default_graph(base): triples
            for name, triples in everything.items()
            if triples and name not in hidden and not (name and is_internal(name.value, base))
        }
        shown = {name: set(public.graph(name)) for name in public.graph_names()}
        assert {name: triples for name, triples in shown.items() if name not in hidden} == sources
        assert not rederived(public, base)
        reader = open_reader(settings)
        assert {name: set(reader.graph(name)) for name in reader.graph_names()} == shown
        records = manifest.held_graphs(authority, base)
        assert {n: manifest.held(n, t) for n, t in sources.items()} == {
            n: held for n, held in records.items() if not is_internal(n.value, base)
        }
    folder = Folder(settings.data)
    record = folder.record(folder.state())
    assert record is not None and record.digest == manifest.digest(records, base)
    assert not (settings.data / "journal").exists()
    return everything


MOMENTS = ["at once", "when the folder is there", "when bytes are there", 0.15, 0.3, 0.5, 0.8]


def wait_for(moment: str | float, folder: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if moment == "at once":
            return
        if isinstance(moment, float):
            time.sleep(moment)
            return
        store = folder / ".building" / "store"
        if store.exists() and (moment == "when the folder is there" or any(store.iterdir())):
            return
        time.sleep(0.001)


@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_9_during_a_first_build_leaves_a_clean_next_start(shop: Shop, moment: str | float) -> None:
    fill(shop, 2000)
    process = start(shop)
    wait_for(moment, shop.data)
    process.send_signal(signal.SIGKILL)
    finish(process)
    folder = Folder(shop.data)
    if not folder.finished:
        with pytest.raises(Unavailable, match="chiso serve"):
            open_reader(shop.settings())
    report = shop.build(check=lambda *_, **__: [])
    assert not report.rejected and not report.conflicts and len(report.loaded) + len(report.unchanged) == 6
    assert open_reader(shop.settings()).ask("ASK { ?s <http://purl.org/dc/terms/title> 'Điều 1999'@vi }")
    left = {entry.name for entry in shop.data.iterdir()}
    assert left == {
        "changes",
        "format.json",
        "public",
        "published",
        "secured",
        "store",
        "writer.lock",
    }


@pytest.mark.parametrize("renames", [0, 1, 2])
def test_kill_between_the_moves_into_place_is_carried_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    done = 0
    rename = Path.rename

    def counted(self: Path, target: Path) -> Path:
        nonlocal done
        if self.parent.name == ".building":
            if done == renames:
                raise KeyboardInterrupt
            done += 1
        return rename(self, target)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "rename", counted)
        shop.build()
    assert not Folder(shop.data).finished
    report = shop.build()
    assert not report.loaded and len(report.unchanged) == 5
    assert open_reader(shop.settings()).ask("ASK { ?s ?p ?o }")


@pytest.mark.parametrize("moment", [0.15, 0.3, 0.5, 0.8])
def test_kill_9_during_a_replacement_leaves_the_old_or_the_new(shop: Shop, moment: float) -> None:
    fill(shop, 1500, "cũ")
    shop.build(check=lambda *_, **__: [])
    fill(shop, 1500, "mới")
    process = start(shop)
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    finish(process)
    with stores(shop.settings()) as (_, public):
        words = {
            w: len(
                public.select(
                    f"SELECT ?s {{ ?s <http://purl.org/dc/terms/title> ?t FILTER(STRSTARTS(?t, '{w}')) }}"
                ).rows
            )
            for w in ("cũ", "mới")
        }
    agree(shop)
    assert words in ({"cũ": 1500, "mới": 0}, {"cũ": 0, "mới": 1500})
    shop.build(check=lambda *_, **__: [])
    assert open_reader(shop.settings()).ask("ASK { ?s <http://purl.org/dc/terms/title> 'mới 1499'@vi }")


def test_a_second_builder_is_told_who_builds(shop: Shop) -> None:
    lock = WriterLock(shop.data)
    answer = finish(start(shop))
    assert answer.startswith("Unavailable") and f"PID {os.getpid()}" in answer and str(shop.data) in answer
    assert "dừng “chiso serve”" in answer
    lock.release()
    assert "Z-" in finish(start(shop))


def test_a_store_that_is_served_can_be_read_but_not_built(shop: Shop) -> None:
    shop.build()
    with stores(shop.settings()):
        assert open_reader(shop.settings()).ask("ASK { ?s ?p ?o }")
        with pytest.raises(Unavailable, match="this process"):
            shop.build()
    shop.build()


@pytest.mark.parametrize("limit", [1, 2_000, 100_000])
def test_a_full_disk_during_a_first_build_is_said_and_the_next_start_is_clean(shop: Shop, limit: int) -> None:
    fill(shop, 3000)
    answer = finish(start(shop, limit))
    assert answer.startswith("Unavailable Hết dung lượng đĩa"), answer
    assert not Folder(shop.data).finished
    assert len(shop.build(check=lambda *_, **__: []).loaded) == 6


def test_a_full_disk_during_a_replacement_leaves_the_old_state(shop: Shop) -> None:
    shop.build()
    fill(shop, 3000)
    answer = finish(start(shop, 100_000))
    assert answer.startswith("Unavailable Hết dung lượng đĩa"), answer
    assert open_reader(shop.settings()).ask("ASK { ?s <http://purl.org/dc/terms/title> 'Luật'@vi }")
    assert shop.build(check=lambda *_, **__: []).loaded == ("lon",)


def test_a_folder_that_may_not_be_written(shop: Shop) -> None:
    blocked = shop.root / "file"
    blocked.write_text("")
    with pytest.raises(Unavailable) as caught:
        shop.build(shop.settings(data=blocked / "data"))
    assert str(blocked) in caught.value.vi


def test_a_remote_store_that_is_down_or_slow(shop: Shop) -> None:
    address = f"http://127.0.0.1:{free_port()}/query"
    with pytest.raises(Unavailable, match=address):
        shop.build(Settings(store="remote", query_endpoint=address))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        slow = f"http://127.0.0.1:{silent.getsockname()[1]}/query"
        with pytest.raises(TimedOut, match=r"0\.3 seconds"):
            shop.build(Settings(store="remote", query_endpoint=slow, timeout=0.3))


WRITE = """
import sys
from pathlib import Path
from pyoxigraph import Literal, NamedNode, Triple
from catalogue.settings import Settings
from catalogue.writing import Writer
writer = Writer(Settings(data=Path(sys.argv[1])), check=lambda *_, **__: [])
title = NamedNode("http://purl.org/dc/terms/title")
thing = "https://chiso.example/id/task/t{}"
for turn in range(1000):
    word = Literal(str(turn))
    triples = [Triple(NamedNode(thing.format(i)), title, word) for i in range(400)]
    writer.put(NamedNode("https://else.example/g"), triples)
    writer.put(NamedNode("https://chiso.example/internal/g"), triples[:50])
    print(turn, flush=True)
"""


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.1, 0.2])
def test_kill_9_of_the_writer_leaves_both_stores_agreeing(shop: Shop, moment: float) -> None:
    shop.build()
    process = subprocess.Popen([sys.executable, "-c", WRITE, str(shop.data)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for turn in range(2):
        assert process.stdout.readline() == f"{turn}\n"
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    told = 1 + len(finish(process).split())
    held = agree(shop)
    outside, inside = held[NamedNode("https://else.example/g")], held[NamedNode("https://chiso.example/internal/g")]
    (public,), (internal,) = ({int(t.object.value) for t in graph} for graph in (outside, inside))  # type: ignore[union-attr]
    assert len(outside) == 400 and len(inside) == 50
    assert told <= internal <= public <= told + 1


class Killed(BaseException):
    """The process ends here: nothing that it would still do is done."""


def test_a_kill_at_every_step_of_a_change_leaves_it_whole_or_away(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before each step that writes, in the middle of each that changes a store."""
    shop.build()
    settings = shop.settings()
    graph, internal = NamedNode("https://else.example/g"), NamedNode("https://chiso.example/internal/g")
    title = NamedNode("http://purl.org/dc/terms/title")
    outcomes = []
    for allowed in range(100):
        new = [Triple(NamedNode(f"urn:{i}"), title, BlankNode(f"b{allowed}x{i}")) for i in range(4)]
        writer = Writer(settings, check=lambda *_, **__: [])
        before = {name: set(writer.graph(name)) for name in (graph, internal)}
        triples = " ".join(f"{triple.subject} {triple.predicate} '{allowed}' ." for triple in new)
        text = f"DROP SILENT GRAPH {graph} ; INSERT DATA {{ GRAPH {graph} {{ {triples} }} GRAPH {internal} {{ {triples} }} }}"
        left = [allowed]
        with monkeypatch.context() as patch:
            for owner, name in STEPS:
                patch.setattr(owner, name, counted(getattr(owner, name), left))
            try:
                writer.update(text)
            except Killed:
                whole = False
            else:
                whole = True
        writer.close()
        after = agree(shop)
        changed = {name for name in before if after.get(name, set()) != before[name]}
        assert changed in (set(), {graph, internal}), allowed
        assert not whole or changed
        outcomes.append(bool(changed))
        if whole:
            break
    assert whole and outcomes == sorted(outcomes) and len(outcomes) > 12  # away up to one point, whole from there on


STEPS = [
    (Embedded, "exchange"),
    (Embedded, "flush"),
    (Embedded, "checkpoint"),
    (journal, "write_durably"),
    (folder_of, "write_durably"),
    (patches, "write_durably"),
    (Path, "rename"),
    (shutil, "rmtree"),
]


def counted(step: Callable[..., Any], left: list[int]) -> Callable[..., Any]:
    """`step`, which works as often as `left` says; then the process is dead. A change is half done first."""

    def run(*arguments: Any, **options: Any) -> Any:
        left[0] -= 1
        if left[0] >= 0:
            return step(*arguments, **options)
        if left[0] == -1 and step.__name__ == "exchange":
            store, change = arguments
            step(store, Change(add=change.add[::2], remove=change.remove[::2]))
        raise Killed

    return run


@pytest.mark.parametrize("requests", [1, 2, 4, 6])
@pytest.mark.parametrize("first", [True, False])
def test_a_remote_load_that_broke_off_is_carried_on(
    shop: Shop, sparql_server: SparqlServer, monkeypatch: pytest.MonkeyPatch, requests: int, first: bool
) -> None:
    sparql_server.clear()
    settings = sparql_server.settings()
    monkeypatch.setattr("catalogue.stage.REQUEST_QUADS", 40)
    if not first:
        fill(shop, 30, "Khoản")
        shop.build(settings, check=lambda *_, **__: [])
    fill(shop, 50)
    sent = 0
    apply = Remote.apply

    def some_times(self: Remote, change: Change) -> None:
        nonlocal sent
        sent += 1
        if sent > requests:
            raise Unavailable("Mất kết nối.", "Gone.")
        apply(self, change)

    with monkeypatch.context() as patch, pytest.raises(Unavailable, match="Gone"):
        patch.setattr(Remote, "apply", some_times)
        shop.build(settings, check=lambda *_, **__: [])
    report = shop.build(settings, check=lambda *_, **__: [])
    assert "lon" in report.loaded and not report.conflicts
    store = open_reader(settings)
    assert store.ask("ASK { ?s <http://purl.org/dc/terms/title> 'Điều 49'@vi }")
    assert not store.ask("ASK { ?s <http://purl.org/dc/terms/title> 'Khoản 1'@vi }")
    healed = rederived(store, settings.base_iri)
    assert not healed.add and not healed.remove
