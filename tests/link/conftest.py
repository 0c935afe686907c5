"""The counter's desks on a store of their own; a county on request (`county_world`)."""

from tests.tools.conftest import shop, staffed

__all__ = ["shop", "staffed"]
