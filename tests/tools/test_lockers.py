"""Lockers stand beside one machine; that one fills and empties them (design §3.7)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from db.models import Locker, LockerUse
from kiosk.errors import NotAllowed
from tests.tools.shop import Shop
from ui.counter.troubles import SENTENCES


def test_another_devices_locker_is_left_alone(shop: Shop) -> None:
    locker = shop.lockers.lockers()[0]
    use = shop.lockers.store(shop.clerk, locker.id, shop.seeker(), "背包").use_id
    assert use is not None
    with shop.store.write() as session:
        session.get_one(LockerUse, use).device_id = uuid4()
    with pytest.raises(NotAllowed) as refused:
        shop.lockers.collect(shop.clerk, use)
    assert refused.value.context["reason"] == "other_device"
    assert SENTENCES["other_device"]
    with shop.store.write() as session:
        session.get_one(LockerUse, use).device_id = shop.store.origin.device_id
    assert shop.lockers.collect(shop.clerk, use).use_id is None

    with shop.store.write() as session:
        session.get_one(Locker, locker.id).device_id = uuid4()
    with pytest.raises(NotAllowed):
        shop.lockers.store(shop.clerk, locker.id, shop.seeker())
    with pytest.raises(NotAllowed):
        shop.lockers.set_usable(shop.clerk, locker.id, False)
