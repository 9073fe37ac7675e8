"""The index as it lies on disk: one document per thing; made whole or not at all, one per published state."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalogue.search.findable import BEGUN, Findable, beginnings, everything, forms_of
from catalogue.store.port import Store

if TYPE_CHECKING:
    import tantivy

# tantivy is imported where it is first needed: a command that does not search does not pay for it.

_HEAP = 50_000_000

FINISHED = "form-4"
"""The file that stands beside an index when it is whole; its name changes with the form, so that an older index is made anew."""


def build(store: Store, directory: Path) -> None:
    """Make the index of what `store` holds in `directory`, unless it is there; it appears whole or not at all.

    Indexes of other states beside it are removed, but for the youngest, which a running service may be reading.
    """
    import tantivy

    if complete(directory):
        return
    directory.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".building-", dir=directory.parent))
    try:
        _fill(tantivy.Index(_schema(), path=str(workshop)), store)
        (workshop / FINISHED).touch()
        workshop.chmod(0o755)
        if directory.is_dir() and not complete(directory):
            shutil.rmtree(directory)
        try:
            workshop.replace(directory)
        except OSError:
            if not complete(directory):  # anything else than another process that was quicker
                raise
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    _remove_older(directory)


def opened(directory: Path | None, store: Store) -> "tantivy.Index":
    """The index in `directory`, made first where it is absent; None makes one in memory."""
    import tantivy

    if directory is None:
        index = tantivy.Index(_schema())
        _fill(index, store)
        return index
    build(store, directory)
    return tantivy.Index.open(str(directory))


def complete(directory: Path) -> bool:
    """Whether an index of the form of now was made in `directory`."""
    return (directory / FINISHED).is_file()


def _schema() -> "tantivy.Schema":
    import tantivy

    builder = tantivy.SchemaBuilder()
    for stored in ("iri", "notation", "name"):
        builder.add_text_field(stored, stored=True, tokenizer_name="raw", index_option="basic")
    # What names begin with, up to a few letters: to walk through the names themselves takes tenths of a second.
    builder.add_text_field("begun", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    # As spelt, with diacritics: Ba Đình before Ba Dinh for those who type the marks.
    builder.add_text_field("spelt", tokenizer_name="whitespace", index_option="basic")
    # The units that went into one: their folded names, whole and as words one after another (of one name, not of several),
    # and the names as people read them.
    builder.add_text_field("former", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("former_words", tokenizer_name="whitespace", index_option="position")
    for shown in ("formerly", "became"):
        builder.add_text_field(shown, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for facet in ("level", "group", "lead", "publisher", "verification"):
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    for day in ("begin", "end"):
        builder.add_integer_field(day, fast=True, indexed=True)
    # A fast float: an unsigned field that is given a Python int kills the writer.
    builder.add_float_field("weight", fast=True)
    return builder.build()


def _fill(index: "tantivy.Index", store: Store) -> None:
    import tantivy

    schema = index.schema
    writer = index.writer(heap_size=_HEAP, num_threads=1)
    for found in everything(store):
        writer.add_document(tantivy.Document.from_dict(_fields(found), schema))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()


def _fields(found: Findable) -> dict[str, Any]:
    forms = found.forms
    fields: dict[str, Any] = {
        "iri": found.iri,
        "name": forms,
        "begun": " ".join([beginnings(form[:BEGUN]) for form in forms]),
        "words": " ".join(dict.fromkeys(" ".join(forms).split())),
        "spelt": " ".join(found.spelt),
        "kind": found.kind,
        "weight": found.weight,
    }
    if found.formerly:
        fields["former"] = fields["former_words"] = forms_of(found.formerly, found.kind)
    rest = (
        ("formerly", found.formerly),
        ("became", found.became),
        ("group", found.groups),
        ("lead", found.leads),
        ("publisher", found.publishers),
        ("notation", found.notation),
        ("level", found.level),
        ("verification", found.mark),
        ("begin", found.begin),
        ("end", found.end),
    )
    for field, value in rest:
        if value:
            fields[field] = value
    return fields


def _remove_older(directory: Path) -> None:
    others = [path for path in directory.parent.iterdir() if path.is_dir() and path != directory]
    finished = sorted((path for path in others if complete(path)), key=lambda path: path.stat().st_mtime)
    for path in finished[:-1]:
        if not path.name.startswith("."):  # another process is building there
            shutil.rmtree(path, ignore_errors=True)
    for path in directory.parent.glob(".building-*"):  # left by a process that was killed
        if path.stat().st_mtime < time.time() - 3600:
            shutil.rmtree(path, ignore_errors=True)
