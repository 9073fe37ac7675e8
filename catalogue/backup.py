"""Backup and restore of a disk store: whole files, not links, so that the copy outlives the disk it was made from.

A backup is taken while others read and write: it copies the checkpoint of the authority that belongs to the published
state, and that state, neither of which ever changes. It holds `format.json`, `state.json`, the two stores and the
published changes, and becomes a data folder again by `restore`. Tokens are not in it: one that was revoked since would
be valid again.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from os import O_RDONLY, close, link
from os import open as open_handle
from pathlib import Path

from catalogue import manifest
from catalogue.errors import CatalogueError, Conflict, Invalid, NotFound, Unavailable
from catalogue.settings import Settings
from catalogue.store.authority import Authority
from catalogue.store.durable import sync_folder, write_durably
from catalogue.store.embedded import open_read_only, translated
from catalogue.store.folder import Folder, StateRecord, WriterLock

_NOT_DATA = shutil.ignore_patterns("LOCK", "LOG*")
"""Files of the engine that belong to one process."""

PAUSE = 0.1
ATTEMPTS = 50
"""How often, and after how many seconds, a backup begins again because a write replaced what it was about to copy."""


def backup(settings: Settings, target: Path) -> str:
    """Copy what is published, and the authority that it was published from, into the new folder `target`. Gives the name of
    the state.

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
    half = target.with_name(f".{target.name}.half")
    try:
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        with _held(folder) as (links, state):
            shutil.copytree(links, half, ignore=_NOT_DATA, dirs_exist_ok=True)
        shutil.copy(folder.path / "format.json", half / "format.json")
        for store in ("store", "public"):
            open_read_only(half / store).close()
        half.rename(target)
        sync_folder(target.parent)
    except (OSError, shutil.Error) as error:
        shutil.rmtree(half, ignore_errors=True)
        raise translated(error if isinstance(error, OSError) else OSError(str(error)), target) from error
    return state


@contextmanager
def _held(folder: Folder) -> Iterator[tuple[Path, str]]:
    """A folder of links to the files that belong to one state, which stay while writers replace them; its state."""
    for left in folder.path.glob(".backup-*"):
        if _abandoned(left):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=folder.path, ignore_cleanup_errors=True) as place:
        links = Path(place)
        handle = _lock(links)
        try:
            yield links, _linked(folder, links)
        finally:
            if handle is not None:
                close(handle)


def _linked(folder: Folder, links: Path) -> str:
    for _attempt in range(ATTEMPTS):
        try:
            name = (folder.secured / "current").read_text(encoding="utf-8").strip()
            state = name.rpartition(".")[0]
            shutil.copytree(folder.secured / name, links / "store", copy_function=link)
            shutil.copytree(folder.published / state, links / "public", copy_function=link)
            shutil.copytree(folder.changes, links / "changes", copy_function=link)
            record = folder.record(state)
        except (FileNotFoundError, shutil.Error):
            record = None
        if record is not None:
            write_durably(links / "state.json", json.dumps(asdict(record)) + "\n")
            return state
        for part in ("store", "public", "changes"):
            shutil.rmtree(links / part, ignore_errors=True)
        time.sleep(PAUSE)
    raise Unavailable(
        f"Không sao lưu được {folder.path}: trạng thái đã công bố bị thiếu tệp, hoặc liên tục được thay. Hãy chạy “chiso serve --data {folder.path}” rồi thử lại.",
        f"{folder.path} cannot be backed up: files of the published state are missing, or it is replaced all the time. Run “chiso serve --data {folder.path}” and try again.",
        details={"place": str(folder.path)},
    )


def _lock(place: Path) -> int | None:
    """Mark `place` as in use by this process; None where somebody else does so."""
    handle = open_handle(place, O_RDONLY)
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            close(handle)
            return None
    return handle


def _abandoned(place: Path) -> bool:
    handle = _lock(place)
    if handle is not None:
        close(handle)
    return handle is not None


def restore(settings: Settings, source: Path) -> str:
    """Make the data folder anew from the backup `source`. Gives the name of the state that is published: a new one, which
    follows the state that was backed up.

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
        state = _rebuilt(settings, source, Folder(folder.building))
        folder.move_build_into_place()
        folder.recover()
    except CatalogueError:
        shutil.rmtree(folder.building, ignore_errors=True)
        raise
    except (OSError, ValueError, KeyError, shutil.Error) as error:
        shutil.rmtree(folder.building, ignore_errors=True)
        raise translated(error if isinstance(error, OSError) else OSError(str(error)), folder.path) from error
    finally:
        lock.release()
    return state


def _rebuilt(settings: Settings, source: Path, new: Folder) -> str:
    new.path.mkdir(parents=True)
    for part in ("store", "public", "changes"):
        shutil.copytree(source / part, new.path / part, ignore=_NOT_DATA)
    before = json.loads((source / "state.json").read_text(encoding="utf-8"))["state"]
    authority = Authority(new, settings)
    try:
        records = manifest.held_graphs(authority.stored, settings.base_iri)
        now = datetime.now(UTC)
        digest = manifest.digest(records, settings.base_iri)
        state = manifest.state_name(digest, now)
        count = manifest.statements(records, settings.base_iri)
        made = StateRecord(state, now.isoformat(timespec="milliseconds"), digest, count, before)
        authority.publish_whole(made, f"{state}.{manifest.moment_name(now)}")
    finally:
        authority.close()
    new.mark_finished(settings.base_iri)
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
