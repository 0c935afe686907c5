"""Photos of damage: kept once, readable only with the hall's key."""

from __future__ import annotations

import pytest

from db.store import Store
from kiosk.errors import InputInvalid, NotFound
from kiosk.tools.photos import MOST_BYTES, PhotoShelf

PHOTO = b"\xff\xd8\xff\xe0" + b"a crack in the casing" * 50


@pytest.fixture
def shelf(store: Store) -> PhotoShelf:
    return PhotoShelf(store)


def test_kept_and_found_again_after_a_restart(shelf: PhotoShelf, store: Store) -> None:
    names = [shelf.keep(PHOTO), shelf.keep(PHOTO)]
    assert len(set(names)) == 2
    assert PhotoShelf(store).get(names[0]) == PHOTO


def test_nothing_of_it_lies_on_the_disk_in_the_clear(shelf: PhotoShelf, store: Store) -> None:
    name = shelf.keep(PHOTO)
    file = store.path.parent / "photos" / name
    assert b"crack" not in file.read_bytes()
    assert sorted(path.name for path in file.parent.iterdir()) == [name]


def test_changed_swapped_and_missing_ones_are_not_shown(shelf: PhotoShelf, store: Store) -> None:
    one, two = shelf.keep(PHOTO), shelf.keep(PHOTO + b"2")
    folder = store.path.parent / "photos"
    (folder / one).write_bytes((folder / two).read_bytes())
    (folder / two).write_bytes(b"torn")
    for name in (one, two, "0" * 32, "../hall.key", ""):
        with pytest.raises(NotFound):
            shelf.get(name)


@pytest.mark.parametrize("picture", [b"", b"GIF89a", b"\xff\xd8\xff" + bytes(MOST_BYTES)])
def test_what_is_no_photo(shelf: PhotoShelf, picture: bytes) -> None:
    with pytest.raises(InputInvalid):
        shelf.keep(picture)
