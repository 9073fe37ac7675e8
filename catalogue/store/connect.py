"""Open the store that the settings name: what readers see, and a store elsewhere than in a folder for its one writer."""

from catalogue.errors import Unavailable
from catalogue.settings import Settings
from catalogue.store.folder import Folder
from catalogue.store.port import Store


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


def open_single(settings: Settings, memory: Store | None = None) -> Store:
    """The store that is authority and public at once: `memory`, or the remote endpoint, for the one writer."""
    return _remote(settings) if settings.store == "remote" else _given(memory)


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
