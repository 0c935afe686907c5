"""kiosk.toml: what is wrong in it is refused with file and line; nothing in it: the defaults."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kiosk.errors import SettingsInvalid
from kiosk.settings import FILE, Settings, as_toml, load


def written(folder: Path, words: str | bytes) -> Path:
    data = words.encode() if isinstance(words, str) else words
    (folder / FILE).write_bytes(data)
    return folder


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load(tmp_path) == load(written(tmp_path, "")) == Settings()


def test_what_is_written_holds(tmp_path: Path) -> None:
    settings = load(
        written(
            tmp_path,
            """
            language = "en"
            timezone = "Asia/Urumqi"
            [idle]
            warn_after = 45
            [referral]
            valid_hours = 12.5
            [[printers]]
            address = "tcp://127.0.0.1:9100"
            [[printers]]
            address = "file:///tmp/paper"
            profile = "generic-58"
            """,
        )
    )
    assert (settings.language, settings.timezone, settings.idle.warn_after) == ("en", "Asia/Urumqi", 45.0)
    assert settings.referral.valid_hours == 12.5
    assert settings.referral.most_open == Settings().referral.most_open
    assert [printer.profile for printer in settings.printers] == ["generic-80", "generic-58"]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert load(written(tmp_path, b"\xef\xbb\xbflanguage = 'en'")).language == "en"


@pytest.mark.parametrize(
    ("words", "line", "names"),
    [
        ("langauge = 'zh'", 1, "langauge"),
        ("\n\n'we ird' = 1", 3, "we ird"),
        ("[idle]\nwarn_after = 60\nwipe = 1", 3, "wipe"),
        ("[idle]\nwarn_after = 'sixty'", 2, "idle.warn_after"),
        ("[idle]\nwarn_after = 0", 2, "idle.warn_after"),
        ("[idle]\nwarn_after = nan", 2, "idle.warn_after"),
        ("[idle]\nwarn_after = inf", 2, "idle.warn_after"),
        ("idle.wipe_after = -1", 1, "idle.wipe_after"),
        ("idle = {wipe_after = -1}", 1, "idle.wipe_after"),
        ("language = 'zh'\nlanguage_ = 1", 2, "language_"),
        ("language = 'fr'", 1, "language"),
        ("# comment\ntimezone = 'Asia/Nowhere'", 2, "timezone"),
        ("timezone = '../../etc/passwd'", 1, "timezone"),
        ("[referral]\nmost_open = 0", 2, "referral.most_open"),
        ("[referral]\nmost_open = 2.5", 2, "referral.most_open"),
        ("[ranking]\ntrade = 8\npay = 101", 3, "ranking.pay"),
        ("[ranking]\nnear_km = inf", 2, "ranking.near_km"),
        ("[ranking]\nolder_from = 30", 2, "ranking.older_from"),
        ("[[printers]]\nprofile = 'x'\n\n[[printers]]\nprofile = 3", 5, "printers[1].profile"),
        ("[[printers]]\nprofile = 'x'\n[[printers]]\nbogus = 3", 4, "bogus"),
        ("[[printers]]\nexpire_minutes = inf", 2, "printers[0].expire_minutes"),
        ("[camera]\nsource = 0", 2, "camera.source"),
        ("[slips]\nfull_name = true\ncounty_address = 'county.example'", 3, "https://"),
        ("[slips]\n\ncounty_address = 'https://county.example/a_b'", 3, "slips.county_address"),
        ("slips.county_address = 'https://county.example/" + "a" * 60 + "'", 1, "at most 68 characters"),
    ],
)
def test_a_mistake_is_refused_with_its_line(tmp_path: Path, words: str, line: int, names: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        load(written(tmp_path, words))
    assert refused.value.context["where"] == f"{tmp_path / FILE}:{line}"
    assert names in str(refused.value.context["reason"])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"[idle\nwarn", "line 1"),
        (b"language = 'zh'\nx = [", "end of document"),
        (b"language = 'zh'\nlanguage = 'en'", "overwrite"),
        ("language = '中'".encode("gb18030"), "UTF-8"),
        (b"\x00\x01", "line 1"),
    ],
)
def test_what_is_not_toml_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(SettingsInvalid, match=FILE) as refused:
        load(written(tmp_path, data))
    assert reason in str(refused.value.context["reason"])


def test_settings_in_force_are_plain_values() -> None:
    plain = as_toml(Settings())
    assert msgspec.convert(plain, Settings) == Settings()
    assert plain["idle"] == {"warn_after": 60.0, "wipe_after": 30.0, "done_after": 20.0}
