"""Whole visits use the same kiosk as the screens' own tests."""

from tests.ui.conftest import card_reader, make_robot, qapp_cls, robot, seconds

__all__ = ["card_reader", "make_robot", "qapp_cls", "robot", "seconds"]
