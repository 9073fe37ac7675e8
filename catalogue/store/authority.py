"""The disk store for its one writer: the authority, the public store that is published from it, and their journal."""

import contextlib
from collections.abc import Iterable
from dataclasses import asdict

from pyoxigraph import Quad

from catalogue.errors import CatalogueError, Unavailable
from catalogue.settings import Settings
from catalogue.store import patches
from catalogue.store.embedded import open_disk, translated
from catalogue.store.folder import Folder, StateRecord, WriterLock
from catalogue.store.journal import Journal
from catalogue.store.port import Change


class Authority:
    """Both stores of a data folder. Made by `open_authority`, and by a first build for a folder that nobody reads yet.

    `stored` holds what is true here, internal graphs and the manifest included; `public` what visitors may know, with
    everything that is derived from it.
    """

    def __init__(self, folder: Folder, settings: Settings, lock: WriterLock | None = None) -> None:
        self.folder = folder
        self._settings = settings
        self._lock = lock
        self.stored = open_disk(folder.store)
        self.public = open_disk(folder.public)
        self.journal = Journal(folder.path / "journal", self.stored, self.public)

    def recover(self) -> None:
        """Carry on with a change that was accepted when its process ended, or take one back that was not."""
        try:
            self.journal.recovered()
            if not self.journal.open:
                return
            rest = self.journal.redo()
            if rest is None:
                self.journal.undo()
            else:
                self._finish(rest)
        except OSError as error:
            raise translated(error, self.folder.path) from error

    def accept(self, change: Change, made: StateRecord | None, secured: str) -> None:
        """Make the steps of the journal hold, with `change` of the authority, and publish them as `made` (None: nothing public
        changed). `secured` names the authority's new checkpoint.

        All that a full disk can prevent comes before the moment of no return.
        """
        if made is not None:
            self.folder.prepare(self.public, made.state)
        self.journal.accept(change, {"made": asdict(made) if made else None, "secured": secured})
        try:
            self._finish(self.journal.settle())
        except (CatalogueError, OSError) as error:
            raise Unavailable(
                f"Thay đổi đã được ghi nhận nhưng chưa công bố xong ({error}). Nó sẽ được công bố ở lần ghi hoặc lần khởi động sau.",
                f"The change was accepted and is not published yet ({error}). It is published at the next write or the next start.",
                details={"place": str(self.folder.path)},
            ) from error

    def withdraw(self) -> None:
        """Take the steps of the journal back. What was accepted stays, to be carried on by `recover`."""
        if self.journal.open and not self.journal.accepted:
            self.journal.undo()

    def fill(self, authored: Iterable[Quad]) -> None:
        """End a first build: load the authority, and make both stores compact."""
        self.stored.load(authored)
        self.stored.optimize()
        self.public.optimize()

    def publish_whole(self, made: StateRecord, secured: str) -> None:
        """Publish a folder that nobody reads yet: no journal is needed, for half of it is thrown away."""
        patches.write(self.folder.changes, made.state, made.previous, Change(), self._settings)
        self.folder.secure(self.stored, secured)
        self.folder.publish(self.public, made)

    def close(self) -> None:
        """Close both stores and give the lock back."""
        self.stored.close()
        self.public.close()
        if self._lock is not None:
            self._lock.release()

    def _finish(self, rest: dict[str, object]) -> None:
        """What an accepted change needs besides the two stores; each part may be done again."""
        made = StateRecord(**rest["made"]) if isinstance(rest["made"], dict) else None
        if made is not None:
            change = self.journal.difference()
            patches.write(self.folder.changes, made.state, made.previous, change, self._settings)
        self.folder.secure(self.stored, str(rest["secured"]))
        if made is not None:
            self.folder.publish(self.public, made)
        self.journal.close()
        with contextlib.suppress(OSError):  # what is not removed today is removed at the next change
            self.folder.forget_old_states(self._settings.kept_states)


def open_authority(settings: Settings, lock: WriterLock | None = None) -> Authority:
    """Both stores for writing; `lock` is passed by a caller that holds it already. A change that broke off is settled first.

    Raises `Unavailable` with the holder's process number when somebody else writes to the folder, or nothing was built
    there yet, `Conflict` for a folder of another format or base IRI.
    """
    held = lock or WriterLock(settings.data)
    authority = None
    try:
        folder = Folder(settings.data)
        if not folder.finished:
            raise Unavailable(
                f"Chưa có kho dữ liệu trong {folder.path}. Hãy chạy “chiso serve --data {folder.path}” để tạo.",
                f"There is no store in {folder.path} yet. Run “chiso serve --data {folder.path}” to make one.",
                details={"place": str(folder.path)},
            )
        folder.check(settings.base_iri)
        authority = Authority(folder, settings, held)
        authority.recover()
    except BaseException:
        if authority is not None:
            authority.close()
        held.release()
        raise
    return authority
