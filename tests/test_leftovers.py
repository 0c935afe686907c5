"""Files no row names: the night removes them, and nothing that is needed."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from db.models import Dispute, RentalLine, SyncState, ToolModel, now
from db.store import Store
from kiosk.leftovers import Upkeep, leftovers, sweep
from kiosk.tools.photos import PhotoShelf
from tests.tools.conftest import shop, staffed
from tests.tools.shop import Shop
from tests.tools.test_photos import PHOTO

__all__ = ["shop", "staffed"]


def aged(path: Path, at: datetime, hours: float = 25) -> Path:
    then = (at - timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))
    return path


def photo(store: Store, at: datetime, hours: float = 25) -> Path:
    return aged(store.path.with_name("photos") / PhotoShelf(store).keep(PHOTO), at, hours)


def test_photos_that_no_row_names_go_after_a_day(shop: Shop) -> None:
    store, at = shop.store, shop.time()
    shop.open_drawer(200_000)
    rental = shop.lend(shop.seeker(), "hammer")
    of_line, of_dispute, of_model, nobodys, fresh = (
        photo(store, at, hours) for hours in (25, 25, 25, 25, 23)
    )
    torn = nobodys.with_suffix(".part")
    torn.touch()
    aged(torn, at)
    with store.write() as session:
        line = session.get_one(RentalLine, rental.lines[0].id)
        line.photos = [of_line.name]
        session.get_one(ToolModel, line.model_id).picture = of_model.name
        session.add(
            Dispute(
                line_id=line.id,
                words="没坏",
                photos=[of_dispute.name],
                raised_by=shop.clerk.staff_id,
                raised_at=at,
            )
        )
    assert set(leftovers(store, at)) == {nobodys, torn}
    Upkeep(shop.counter).nightly()
    assert sorted(path.name for path in nobodys.parent.iterdir()) == sorted(
        path.name for path in (of_line, of_dispute, of_model, fresh)
    )
    with store.write() as session:  # another picture took its place
        session.get_one(ToolModel, rental.lines[0].model.id).picture = fresh.name
    assert leftovers(store, at) == (of_model,)


def test_slips_that_were_shown_go_after_a_day(store: Store) -> None:
    folder = store.path.with_name("slips")
    folder.mkdir()
    for name, hours in (("old.png", 25.0), ("new.png", 1.0)):
        (folder / name).write_bytes(b"\x89PNG")
        aged(folder / name, now(), hours)
    assert sweep(store, now()) == 1
    assert [path.name for path in folder.iterdir()] == ["new.png"]


@pytest.mark.parametrize(("hours", "gone"), [(23, 1), (25, 0), (-8760, 0)])  # the clock ran a year ahead
def test_a_store_set_back_keeps_photos_until_its_rows_are_back(store: Store, hours: int, gone: int) -> None:
    at = now()
    photo(store, at)
    with store.write() as session:
        session.add(
            SyncState(
                id=1,
                county_address="https://county.example",
                authority="",
                county_sign_key=b"",
                county_box_key=b"",
                device_key_sealed=b"",
                index_key_sealed=store.keys.seal_bytes(b"i" * 32, store.origin.device_id.bytes),
                enrolled_at=at,
                last_success_at=at - timedelta(hours=hours),
            )
        )
    assert sweep(store, at) == gone


def test_a_file_that_another_app_removed_meanwhile_holds_up_nothing(shop: Shop) -> None:
    """Kiosk and counter may share the folder, and the night. A link to nothing is listed, and not there when asked."""
    store, at = shop.store, shop.time()
    nobodys = photo(store, at)
    nobodys.with_name("0-gone-meanwhile").symlink_to("nowhere")
    assert sweep(store, at) == 1
    assert not nobodys.exists()
