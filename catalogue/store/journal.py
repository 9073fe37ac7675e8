"""The journal of one change over two stores: whatever kills the process, both end up before the change or after it.

The public store gets the change first, in steps, so that it can be checked where nobody reads it. Each step is written
down as its exact difference before it is carried out, so doing it again and taking it back are safe at any point.
`accept` is the moment of no return. The engine's own transactions reach over one store only, and its SPARQL Update costs
90 µs a quad; this is why the differences are kept here, as N-Quads, in which blank nodes keep their names.

journal/{n}.nq           a step of the public store: quads that went, quads that came
journal/authority.nq     what the authority loses and gains
journal/accepted.json    the change holds; with what is still to be done for it
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, parse, serialize

from catalogue.store.durable import sync_folder, write_durably
from catalogue.store.embedded import Embedded, translated
from catalogue.store.port import Change


class Journal:
    """The journal in the folder `directory`, which exists while a change is under way. One writer uses it."""

    def __init__(self, directory: Path, authority: Embedded, public: Embedded) -> None:
        self._directory = directory
        self._authority = authority
        self._public = public

    @property
    def open(self) -> bool:
        """Whether a change is under way, or was when a process ended."""
        return self._directory.exists()

    @property
    def accepted(self) -> bool:
        """Whether the change under way holds already and only waits to be carried out wholly."""
        return (self._directory / "accepted.json").exists()

    def step(self, change: Change) -> Change:
        """Carry out `change` on the public store, written down first. Gives the difference that it really makes.

        Raises `Unavailable` for a full disk; what was done by then is written down.
        """
        exact = _exact(change, self._public)
        if exact:
            self._directory.mkdir(exist_ok=True)
            _write(self._directory / f"{len(self._steps()) + 1}.nq", exact)
            self._public.exchange(exact)
        return exact

    def undo(self) -> None:
        """Take every step back, the last one first, whether or not it was carried out wholly."""
        for path in reversed(self._steps()):
            step = _read(path)
            self._public.exchange(Change(add=step.remove, remove=step.add))
        self._public.flush()
        self._end()

    def accept(self, change: Change, rest: dict[str, Any]) -> None:
        """Make the steps, and `change` of the authority, hold. `rest`: what is still to be done, for `redo` to give back."""
        self._directory.mkdir(exist_ok=True)
        self._public.flush()
        _write(self._directory / "authority.nq", _exact(change, self._authority))
        write_durably(self._directory / "accepted.json", json.dumps(rest))

    def redo(self) -> dict[str, Any] | None:
        """Carry out what was accepted on both stores, whatever of it was done before; what is still to be done for it.

        None where nothing was accepted: then `undo` is what remains.
        """
        if not self.accepted:
            return None
        for path in self._steps():
            self._public.exchange(_read(path))
        self._public.flush()
        return self.settle()

    def settle(self) -> dict[str, Any]:
        """Carry out what was accepted on the authority; what is still to be done for it."""
        self._authority.exchange(self.difference())
        self._authority.flush()
        rest: dict[str, Any] = json.loads((self._directory / "accepted.json").read_text(encoding="utf-8"))
        return rest

    def difference(self) -> Change:
        """What the accepted change does to the authority."""
        return _read(self._directory / "authority.nq")

    def close(self) -> None:
        """Everything was done: forget the change."""
        self._end()

    def recovered(self) -> None:
        """Remove what a process left that was killed while it forgot a change."""
        shutil.rmtree(self._done, ignore_errors=True)

    @property
    def _done(self) -> Path:
        return self._directory.with_name(f".{self._directory.name}.done")

    def _end(self) -> None:
        """Forget the journal in one move: half of a journal would tell something else."""
        if not self.open:
            return
        shutil.rmtree(self._done, ignore_errors=True)
        self._directory.rename(self._done)
        sync_folder(self._directory.parent)
        shutil.rmtree(self._done, ignore_errors=True)

    def _steps(self) -> list[Path]:
        return sorted((path for path in self._directory.glob("[0-9]*.nq")), key=lambda path: int(path.stem))


def _exact(change: Change, store: Embedded) -> Change:
    """The difference that `change` makes: what it removes and is there, what it adds and is not."""
    add, remove = dict.fromkeys(change.add), dict.fromkeys(change.remove)
    held = store.held([*add, *remove])
    return Change(
        add=[quad for quad in add if quad not in held],
        remove=[quad for quad in remove if quad in held and quad not in add],
    )


def _write(path: Path, change: Change) -> None:
    head = json.dumps({"remove": len(change.remove), "add": len(change.add)}).encode()
    try:
        write_durably(path, b"%b\n%b%b" % (head, _lines(change.remove), _lines(change.add)))
    except OSError as error:
        raise translated(error, path) from error


def _lines(quads: Sequence[Quad]) -> bytes:
    return serialize(quads, format=RdfFormat.N_QUADS) or b""


def _read(path: Path) -> Change:
    head, _, body = path.read_bytes().partition(b"\n")
    quads = list(parse(body, RdfFormat.N_QUADS))
    removed = json.loads(head)["remove"]
    return Change(remove=quads[:removed], add=quads[removed:])
