from datetime import date

import pytest

from kiosk.identity.card_photo import CardReader

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="package")
def reader() -> CardReader:
    """One reader for all tests here: its networks take a third of a second to load."""
    return CardReader(lambda: TODAY)
