"""The data folder of a build: what is refused, what is repaired, which states stay."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import Conflict, Unavailable
from catalogue.settings import DEFAULT_BASE
from catalogue.store.authority import open_authority
from catalogue.store.connect import open_reader
from catalogue.store.folder import Folder
from tests.build.conftest import Shop, ask, reading


def test_a_folder_of_another_format_says_how_to_migrate(shop: Shop) -> None:
    shop.build()
    marker = shop.data / "format.json"
    marker.write_text(json.dumps({"format": 99, "base": DEFAULT_BASE}))
    for attempt in (shop.build, lambda: open_reader(shop.settings())):
        with pytest.raises(Conflict, match="chiso export") as caught:
            attempt()
        assert caught.value.details["found"] == 99
    marker.write_text("{")
    with pytest.raises(Unavailable, match="damaged"):
        shop.build()


@pytest.mark.parametrize("current", [b"nonsense\n", b"\xff\xfe\x00", b"../store\n", b""])
def test_a_damaged_name_of_the_state_is_told_and_published_again(shop: Shop, current: bytes) -> None:
    shop.build()
    (shop.data / "published" / "current").write_bytes(current)
    with pytest.raises(Unavailable, match="chiso serve") as caught:
        open_reader(shop.settings())
    assert "RocksDB" not in caught.value.en and "rror" not in caught.value.vi
    assert shop.build().state
    assert reading(shop, shop.settings(), 'decision:luat dct:title "Luật"@vi')


def test_a_state_that_is_missing_is_published_again(shop: Shop) -> None:
    state = shop.build().state
    assert state
    shutil.rmtree(shop.data / "published" / state)
    with pytest.raises(Unavailable, match="damaged"):
        open_reader(shop.settings())
    assert shop.build().state != state
    assert reading(shop, shop.settings(), 'decision:luat dct:title "Luật"@vi')


def test_a_file_is_no_data_folder(shop: Shop) -> None:
    shop.data.write_text("a letter")
    for attempt in (shop.build, lambda: open_reader(shop.settings())):
        with pytest.raises(Unavailable, match="--data") as caught:
            attempt()
        assert "Errno" not in caught.value.en and "không phải thư mục" in caught.value.vi


def test_a_folder_with_other_content_is_left_alone(shop: Shop) -> None:
    shop.data.mkdir()
    (shop.data / "thesis.odt").write_text("years of work")
    with pytest.raises(Conflict, match=r"thesis\.odt"):
        shop.build()
    assert [entry.name for entry in shop.data.iterdir()] == ["thesis.odt"]


def test_nothing_to_read_before_the_first_build(shop: Shop) -> None:
    for kind in ("disk", "memory"):
        with pytest.raises(Unavailable):
            open_reader(shop.settings(store=kind))
    with pytest.raises(Unavailable, match="chiso serve"):
        open_authority(shop.settings())


def test_readers_keep_their_state_and_the_last_three_stay(shop: Shop) -> None:
    first = str(shop.build().state)
    reader = open_reader(shop.settings())
    states = []

    def turn(number: int) -> list[str]:
        shop.write("luat.confirmed.ttl", f'decision:luat dct:title "Luật {number}"@vi .\n')
        states.append(str(shop.build().state))
        return sorted(entry.name for entry in (shop.data / "published").iterdir() if entry.is_dir())

    for number in range(5):
        kept = turn(number)
    assert ask(reader, 'decision:luat dct:title "Luật"@vi')
    assert reading(shop, shop.settings(), 'decision:luat dct:title "Luật 4"@vi')
    assert kept == [first, *states[-3:]] == sorted(kept)
    reader.close()
    assert turn(5) == states[-3:]
    assert Folder(shop.data).state() == states[-1]


def test_a_state_that_was_written_but_not_published_is_published_at_the_next_start(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.build()
    shop.write("luat.confirmed.ttl", 'decision:luat dct:title "Luật mới"@vi .\n')

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Folder, "publish", killed)
        shop.build()
    assert reading(shop, shop.settings(), 'decision:luat dct:title "Luật"@vi')
    assert not shop.build().loaded
    assert reading(shop, shop.settings(), 'decision:luat dct:title "Luật mới"@vi')


def test_data_lies_where_the_settings_say(shop: Shop, tmp_path: Path) -> None:
    shop.build(shop.settings(data=tmp_path / "a" / "b"))
    assert sorted(e.name for e in (tmp_path / "a" / "b").iterdir()) == [
        "changes",
        "format.json",
        "public",
        "published",
        "secured",
        "store",
        "writer.lock",
    ]
