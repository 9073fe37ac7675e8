"""Backup and restore of a disk store: whole files, not links, so that the copy outlives the disk it was made from.

The backup is the published state, which never changes while it is copied; `chiso serve` may go on running. It holds
`format.json` and the store, and becomes a data folder again by `restore`.
"""

import shutil
from pathlib import Path

from catalogue import manifest
from catalogue.errors import CatalogueError, Conflict, Invalid, NotFound
from catalogue.settings import Settings
from catalogue.store.embedded import open_disk, open_read_only, translated
from catalogue.store.folder import Folder, WriterLock, sync_folder


def backup(settings: Settings, target: Path) -> str:
    """Copy the published state into the new folder `target`. Gives the name of the state.

    Raises `Invalid` when `target` exists or the store is not on disk, `Unavailable` when nothing was built yet or a
    disk is full. A backup that breaks off leaves nothing at `target`.
    """
    _on_disk(settings)
    if target.exists():
        raise Invalid(
            f"{target} đã tồn tại. Hãy chọn một thư mục mới cho bản sao lưu.",
            f"{target} exists already. Choose a new folder for the backup.",
            details={"place": str(target)},
        )
    folder = Folder(settings.data)
    if folder.finished:
        folder.check(settings.base_iri)
    folder.open_published().close()  # says what is wrong before anything is copied
    state = folder.state() or ""
    half = target.with_name(f".{target.name}.half")
    try:
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        shutil.copytree(folder.published / state, half / "store", ignore=shutil.ignore_patterns("LOCK", "LOG*"))
        shutil.copy(folder.path / "format.json", half / "format.json")
        open_read_only(half / "store").close()
        half.rename(target)
        sync_folder(target.parent)
    except (OSError, shutil.Error) as error:
        shutil.rmtree(half, ignore_errors=True)
        raise translated(error if isinstance(error, OSError) else OSError(str(error)), target) from error
    return state


def restore(settings: Settings, source: Path) -> str:
    """Make the data folder anew from the backup `source`. Gives the name of the state that is published.

    Raises `Conflict` when the data folder holds anything (move it away first) or the backup is of another format or
    base IRI, `NotFound` when `source` is not a backup, `Unavailable` when its files are damaged or a disk is full.
    """
    _on_disk(settings)
    if not (source / "format.json").is_file() or not (source / "store").is_dir():
        raise NotFound(
            f"{source} không phải là bản sao lưu của chiso (cần có format.json và thư mục store).",
            f"{source} is not a backup of chiso (it needs format.json and a folder store).",
            details={"place": str(source)},
        )
    Folder(source).check(settings.base_iri)
    folder = Folder(settings.data)
    _refuse_occupied(folder)
    lock = WriterLock(folder.path)
    try:
        _refuse_occupied(folder)
        folder.recover()
        _refuse_occupied(folder)
        new = Folder(folder.building)
        new.path.mkdir(parents=True)
        shutil.copytree(source / "store", new.store, ignore=shutil.ignore_patterns("LOCK", "LOG*"))
        store = open_disk(new.store)
        try:
            entries = manifest.read(store, settings.base_iri)
            state = manifest.state_now(entries.values())
            new.publish(store, state)
        finally:
            store.close()
        new.mark_finished(settings.base_iri)
        folder.move_build_into_place()
        folder.recover()
    except CatalogueError:
        shutil.rmtree(folder.building, ignore_errors=True)
        raise
    except (OSError, shutil.Error) as error:
        shutil.rmtree(folder.building, ignore_errors=True)
        raise translated(error if isinstance(error, OSError) else OSError(str(error)), folder.path) from error
    finally:
        lock.release()
    return state


def _on_disk(settings: Settings) -> None:
    if settings.store != "disk":
        raise Invalid(
            "Chỉ kho trên đĩa mới sao lưu và dựng lại được ở đây; kho từ xa sao lưu bằng công cụ của nó, hoặc dùng chiso export.",
            "Only a disk store is backed up and restored here; a remote store by its own tools, or use chiso export.",
        )


def _refuse_occupied(folder: Folder) -> None:
    folder.refuse_foreign_content()
    if folder.finished:
        raise Conflict(
            f"Thư mục {folder.path} đã có kho dữ liệu. Hãy dời nó đi (mv {folder.path} {folder.path}.cu) rồi chạy lại, hoặc chọn thư mục khác bằng --data.",
            f"The folder {folder.path} holds a store already. Move it away (mv {folder.path} {folder.path}.old) and try again, or choose another folder with --data.",
            details={"place": str(folder.path)},
        )
