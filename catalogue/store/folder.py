"""The data folder of a disk store: what lies where, who writes, which state is published.

DIR/format.json             format version and base IRI; written last, so a folder without it was never finished
DIR/store/                  the authority: source graphs, internal graphs and the manifest, held by one writer
DIR/public/                 the public store: public graphs and what is derived from them, read by the writer alone
DIR/published/{state}/      immutable checkpoints of the public store, opened by readers
DIR/published/{state}.json  what is known of the state: its time, digest, size, and the state before it
DIR/published/current       the name of the state that readers open, replaced atomically
DIR/secured/                a checkpoint of the authority as it was when the current state was published, for backups
DIR/changes/                what each published change took away and brought, as RDF Patch
DIR/journal/                a change under way (see `journal`)
DIR/writer.lock             locked while somebody writes; says who
DIR/.building/              a first build under way
"""

import contextlib
import json
import os
import re
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from catalogue.errors import Conflict, Unavailable
from catalogue.store.durable import sync_folder, write_durably
from catalogue.store.embedded import Embedded, locked, open_read_only, translated
from catalogue.store.hold import let_go

FORMAT = 2
"""Version of the folder's format. It rises when an older program could not read what a newer one wrote."""

_BUILT = ("store", "public", "published", "secured", "changes", "format.json")
"""What a first build makes, in the order in which it is moved into place."""

_OURS = {
    ".building",
    ".candidate",
    "writer.lock",
    "search",
    "dumps",
    "census",
    "tokens.json",
    ".tokens.lock",
    "lost+found",
}
"""Names that a folder without a finished build may hold; `lost+found` is what a freshly made disk brings."""

_STATE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
"""What a state may be called: never a path, nor half a checkpoint, nor longer than the name of a file."""


@dataclass(frozen=True, slots=True)
class StateRecord:
    """What is known of a published state: its name, when it was made (ISO, UTC), the SHA-256 of its content, how many
    statements its source graphs hold, and which state it follows."""

    state: str
    time: str
    digest: str
    statements: int
    previous: str | None


@dataclass(frozen=True, slots=True)
class Folder:
    """A data folder at `path`, which may not exist yet."""

    path: Path

    @property
    def store(self) -> Path:
        """The directory of the authority."""
        return self.path / "store"

    @property
    def public(self) -> Path:
        """The directory of the public store."""
        return self.path / "public"

    @property
    def changes(self) -> Path:
        """The directory of the published changes."""
        return self.path / "changes"

    @property
    def secured(self) -> Path:
        """The directory of the authority's checkpoint for backups."""
        return self.path / "secured"

    @property
    def published(self) -> Path:
        """The directory of the published states."""
        return self.path / "published"

    @property
    def building(self) -> Path:
        """Where a first build happens, laid out like the folder itself."""
        return self.path / ".building"

    @property
    def candidate(self) -> Path:
        """Where an update is evaluated."""
        return self.path / ".candidate"

    @property
    def finished(self) -> bool:
        """Whether a build was completed here."""
        return (self.path / "format.json").exists()

    def check(self, base: str) -> None:
        """Raise `Conflict` when the folder was made in another format or for another base IRI than `base`."""
        marker = self.path / "format.json"
        try:
            made: dict[str, Any] = json.loads(marker.read_text(encoding="utf-8"))
            version, made_for = made["format"], made["base"]
        except OSError as error:
            raise translated(error, marker) from error
        except (ValueError, KeyError, TypeError):
            raise Unavailable(
                f"Tệp {marker} bị hỏng. Hãy dời thư mục {self.path} đi rồi chạy chiso restore từ bản sao lưu.",
                f"The file {marker} is damaged. Move the folder {self.path} away and run chiso restore from a backup.",
                details={"place": str(marker)},
            ) from None
        if version != FORMAT:
            raise Conflict(
                f"Thư mục {self.path} do phiên bản chiso khác tạo ra (định dạng {version}, bản này đọc định dạng {FORMAT}). Hãy dời thư mục này đi rồi chạy lại chiso serve: các nguồn đi kèm được nạp lại từ gói cài đặt, không cần xuất. Nếu có dữ liệu riêng, trước đó hãy chạy chiso export bằng phiên bản đã tạo ra thư mục, sau đó chiso load tệp đã xuất.",
                f"The folder {self.path} was made by another version of chiso (format {version}, this one reads format {FORMAT}). Move the folder away and run chiso serve again: the shipped sources are loaded again from the package and need no export. If it holds data of your own, first run chiso export with the version that made the folder, and afterwards chiso load the exported file.",
                details={"place": str(self.path), "found": version, "expected": FORMAT},
            )
        if made_for != base:
            raise Conflict(
                f"Kho trong {self.path} được tạo với IRI gốc {made_for}, nhưng CHISO_BASE_IRI đang là {base}. IRI gốc không đổi được sau khi tạo kho: hãy đặt lại CHISO_BASE_IRI={made_for}, hoặc chọn thư mục khác bằng --data.",
                f"The store in {self.path} was made with the base IRI {made_for}, but CHISO_BASE_IRI is {base}. The base IRI cannot change once the store is made: set CHISO_BASE_IRI={made_for} again, or choose another folder with --data.",
                details={"place": str(self.path), "found": made_for, "expected": base},
            )

    def mark_finished(self, base: str) -> None:
        """Write `format.json`, durably."""
        write_durably(self.path / "format.json", json.dumps({"format": FORMAT, "base": base}, indent=2) + "\n")

    def refuse_foreign_content(self) -> None:
        """Raise `Conflict` when the folder holds something that is not ours: nothing of it is touched.

        Raises `Unavailable` for a path that is no folder.
        """
        if self.finished or not self.path.exists():
            return
        try:
            names = {entry.name for entry in self.path.iterdir()}
        except OSError as error:
            raise translated(error, self.path) from error
        foreign = names - _OURS - (set(_BUILT) if self.building.exists() else set())
        if foreign:
            shown = ", ".join(sorted(foreign)[:5])
            raise Conflict(
                f"Thư mục {self.path} không trống và không phải thư mục dữ liệu của chiso (có {shown}). Hãy chọn thư mục khác bằng --data.",
                f"The folder {self.path} is not empty and not a data folder of chiso (it holds {shown}). Choose another folder with --data.",
                details={"place": str(self.path), "found": sorted(foreign)[:20]},
            )

    def recover(self) -> None:
        """Clean up after a process that was killed; the caller holds the lock.

        A build that was whole is moved into place, an unfinished one is thrown away.
        """
        try:
            if not self.finished and (self.building / "format.json").exists():
                self.move_build_into_place()
            for leftover in (self.building, self.candidate):
                if leftover.exists():
                    shutil.rmtree(leftover)
        except OSError as error:
            raise translated(error, self.path) from error

    def move_build_into_place(self) -> None:
        """Take over what lies in `building`, `format.json` last. Can be begun again after a kill at any point."""
        for name in _BUILT:
            if (self.building / name).exists():
                (self.building / name).rename(self.path / name)
        sync_folder(self.path)

    def state(self) -> str | None:
        """The name of the published state, None before the first."""
        try:
            return (self.published / "current").read_text(encoding="utf-8", errors="replace").strip()[:200] or None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise translated(error, self.published) from error

    def holds(self, state: str | None) -> bool:
        """Whether a published state of that name lies here; a damaged `current` names one that does not."""
        return state is not None and _STATE.fullmatch(state) is not None and (self.published / state).is_dir()

    def record(self, state: str | None) -> StateRecord | None:
        """What is known of the published state of that name; None where there is none, or it is not said."""
        if state is None or not self.holds(state):
            return None
        try:
            said = json.loads((self.published / f"{state}.json").read_text(encoding="utf-8"))
            return StateRecord(**said)
        except (OSError, ValueError, TypeError):
            return None

    def prepare(self, public: Embedded, state: str) -> None:
        """Make the checkpoint that `publish` publishes: the part that a full disk can prevent."""
        try:
            self.published.mkdir(parents=True, exist_ok=True)
            half = self.published / f".{state}"
            if half.exists():
                shutil.rmtree(half)
            public.checkpoint(half)
        except OSError as error:
            raise translated(error, self.published) from error

    def publish(self, public: Embedded, made: StateRecord) -> None:
        """Publish what was prepared as the state `made`; readers see the old state or this one. May be done again."""
        half, whole = self.published / f".{made.state}", self.published / made.state
        if not whole.exists() and not half.exists():
            self.prepare(public, made.state)
        try:
            if not whole.exists():
                half.rename(whole)
            write_durably(self.published / f"{made.state}.json", json.dumps(asdict(made)) + "\n")
            write_durably(self.published / "current", made.state + "\n")
        except OSError as error:
            raise translated(error, self.published) from error

    def secure(self, authority: Embedded, name: str) -> None:
        """Make the checkpoint of the authority that a backup copies, in place of the one before. May be done again."""
        try:
            self.secured.mkdir(exist_ok=True)
            shutil.rmtree(self.secured / f".{name}", ignore_errors=True)
            if not (self.secured / name).exists():
                authority.checkpoint(self.secured / f".{name}")
                (self.secured / f".{name}").rename(self.secured / name)
            write_durably(self.secured / "current", name + "\n")
            for other in self.secured.iterdir():
                if other.name.startswith("."):
                    shutil.rmtree(other, ignore_errors=True)
                elif other.is_dir() and other.name != name:
                    let_go(other)
        except OSError as error:
            raise translated(error, self.secured) from error

    def open_published(self) -> Embedded:
        """The published state, read-only. Raises `Unavailable` when nothing was published here."""
        for _attempt in range(5):
            state = self.state()
            if state is None or not self.finished:
                break
            if not self.holds(state):
                if self.state() != state:
                    continue
                raise Unavailable(
                    f"Tệp {self.published / 'current'} bị hỏng: nó không nêu một trạng thái đã công bố nào. Hãy chạy “chiso serve --data {self.path}”: trạng thái hiện tại của kho sẽ được công bố lại.",
                    f"The file {self.published / 'current'} is damaged: it names no published state. Run “chiso serve --data {self.path}”: it publishes the present state of the store again.",
                    details={"place": str(self.published / "current")},
                )
            try:
                return open_read_only(self.published / state)
            except Unavailable:
                if self.state() == state:
                    raise
        raise Unavailable(
            f"Chưa có kho dữ liệu trong {self.path}. Hãy chạy “chiso serve --data {self.path}” để tạo.",
            f"There is no store in {self.path} yet. Run “chiso serve --data {self.path}” to make one.",
            details={"place": str(self.path)},
        )

    def forget_old_states(self, kept: int) -> None:
        """Remove all but the last `kept` states, with what was made from them.

        One that somebody still reads stays until a later call. A folder that is no state of ours is neither counted nor
        touched.
        """
        current = self.state()
        folders = sorted(entry.name for entry in self.published.iterdir() if entry.is_dir())
        for name in folders:
            if name.startswith("."):
                shutil.rmtree(self.published / name, ignore_errors=True)
        older = [name for name in folders if name != current and (self.published / f"{name}.json").is_file()]
        for name in older[: max(0, len(older) - (kept - 1))]:
            if let_go(self.published / name):
                (self.published / f"{name}.json").unlink(missing_ok=True)
                shutil.rmtree(self.path / "search" / name, ignore_errors=True)


class WriterLock:
    """The right to write to a folder, held until `release` or the end of the process, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Take the lock of `folder`, made when absent. Raises `Unavailable` naming the holder."""
        path = folder / "writer.lock"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise translated(error, folder) from error
        # Elsewhere than on POSIX the engine's own lock on its directory is what keeps writers apart.
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                holder = os.read(self._file, 64).decode("ascii", "replace").strip()
                os.close(self._file)
                mine = holder == str(os.getpid())
                raise locked(folder, "tiến trình này" if mine else f"PID {holder}" if holder else None) from None
        with contextlib.suppress(OSError):  # on a full disk the lock holds all the same, only nameless
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, str(os.getpid()).encode(), 0)

    @classmethod
    def inherited(cls, descriptor: int) -> Self:
        """The lock that the parent process holds and has passed on as an open file; the parent holds it on."""
        lock = cls.__new__(cls)
        lock._file = descriptor
        return lock

    @property
    def descriptor(self) -> int:
        """The open file that holds the lock, to be passed on to a child process."""
        return self._file

    def release(self) -> None:
        """Give the lock back. A second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
