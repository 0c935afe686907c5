"""Photos of damage: kept once, readable only with the hall's key."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from db.store import Store
from kiosk.errors import InputInvalid, NotFound, StepInvalid
from kiosk.tools.photos import MOST_BYTES, PhotoShelf, found_pictures, packed, packed_file

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


def test_nothing_stays_of_an_act_that_failed(shelf: PhotoShelf, store: Store) -> None:
    with shelf.kept([PHOTO]) as (name,):
        pass
    with pytest.raises(StepInvalid), shelf.kept([PHOTO, PHOTO]):
        raise StepInvalid(what="line", state="settled")
    with pytest.raises(InputInvalid), shelf.kept([PHOTO, b"no picture"]):
        pass
    assert [path.name for path in (store.path.parent / "photos").iterdir()] == [name]


def test_a_frame_is_kept_small_and_upright(tmp_path: Path) -> None:
    frame = np.zeros((2400, 3200, 3), np.uint8)
    assert picture_size(packed(frame)) == (1200, 1600)
    path = tmp_path / "telephone.jpg"
    with Image.new("RGB", (800, 600)) as picture:
        exif = picture.getexif()
        exif[0x0112] = 6  # lay on its side
        exif[0x010E] = "张样本 139 0000 0011"
        picture.save(path, exif=exif)
    kept = packed_file(path)
    assert picture_size(kept) == (800, 600)
    assert b"0011" not in kept  # nothing but pixels


def test_the_newest_pictures_come_first_and_no_others(tmp_path: Path) -> None:
    below = tmp_path / "DCIM"
    below.mkdir()
    for age, name in enumerate(("a.jpg", "DCIM/b.PNG", "c.txt", "DCIM/d.jpeg")):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    assert [path.name for path in found_pictures(str(tmp_path))] == ["a.jpg", "b.PNG", "d.jpeg"]
    assert found_pictures(str(tmp_path / "pulled out")) == ()
    with pytest.raises(InputInvalid):
        packed_file(tmp_path / "a.jpg")


def picture_size(jpeg: bytes) -> tuple[int, int]:
    """Height, width."""
    decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return decoded.shape[0], decoded.shape[1]
