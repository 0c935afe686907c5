"""The counter's desks on a store of their own; a county on request (`county_world`)."""

from tests.tools.conftest import shop, staffed
from tests.ui.conftest import seconds

__all__ = ["seconds", "shop", "staffed"]
