"""Open the store that the settings name: what readers see, and what the one writer changes."""

from catalogue.errors import Unavailable
from catalogue.settings import Settings
from catalogue.store.embedded import Embedded, open_disk
from catalogue.store.folder import Folder, WriterLock
from catalogue.store.port import Store


class Authority(Embedded):
    """The disk store for writing, with the folder's lock; `close` releases both."""

    lock: WriterLock

    def close(self) -> None:
        """Close the store and give the lock back."""
        super().close()
        self.lock.release()


def open_reader(settings: Settings, memory: Store | None = None) -> Store:
    """What readers see: the published state of a disk store, the remote endpoint, or `memory`, which this process built.

    A disk store needs no lock for this, so it works while another process writes. Raises `Unavailable` where nothing
    was built yet, `Conflict` for a folder of another format or base IRI.
    """
    if settings.store == "disk":
        folder = Folder(settings.data)
        if folder.finished:
            folder.check(settings.base_iri)
        return folder.open_published()
    if settings.store == "remote":
        return _remote(settings)
    return _given(memory)


def open_writer(settings: Settings, memory: Store | None = None) -> Store:
    """The authority, for the one writer. Close it when done.

    Raises `Unavailable` with the holder's process number when somebody else writes to the folder, `Conflict` for a
    folder of another format or base IRI. A disk folder must have been built (`catalogue.build.bring_up`).
    """
    if settings.store == "disk":
        return open_authority(settings)
    if settings.store == "remote":
        return _remote(settings)
    return _given(memory)


def open_authority(settings: Settings, lock: WriterLock | None = None) -> Authority:
    """The disk store for writing. `lock` is passed by a caller that holds it already."""
    held = lock or WriterLock(settings.data)
    try:
        folder = Folder(settings.data)
        if not folder.finished:
            raise Unavailable(
                f"Chưa có kho dữ liệu trong {folder.path}. Hãy chạy “chiso serve --data {folder.path}” để tạo.",
                f"There is no store in {folder.path} yet. Run “chiso serve --data {folder.path}” to make one.",
                details={"place": str(folder.path)},
            )
        folder.check(settings.base_iri)
        engine = open_disk(folder.store)
    except BaseException:
        held.release()
        raise
    authority = Authority(engine.engine, engine.place)
    authority.lock = held
    return authority


def _given(memory: Store | None) -> Store:
    if memory is None:
        raise Unavailable(
            "Kho trong bộ nhớ chỉ có trong tiến trình đã tạo ra nó. Hãy dùng CHISO_STORE=disk để tra cứu từ lệnh khác.",
            "A memory store lives in the process that built it. Use CHISO_STORE=disk to look things up from another command.",
        )
    return memory


def _remote(settings: Settings) -> Store:
    from catalogue.store.remote import open_remote  # brings a client library that the other stores never need

    return open_remote(settings)
