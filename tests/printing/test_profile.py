import tomllib
from dataclasses import fields

import pytest

from printing.profile import CATALOGUE, Charset, Completion, Profile, profile, profiles


def test_the_models_a_hall_may_meet() -> None:
    assert {"epson-tm-t82", "epson-tm-t88", "xprinter-xp-n160", "xprinter-xp-58", "gprinter-gp-l80160"} < set(
        profiles()
    )
    assert {"sprt-pos76", "sprt-pos88", "hprt-tp80", "generic-58", "generic-80"} < set(profiles())


def test_fields_are_read() -> None:
    model = profile("epson-tm-t88")
    assert (model.columns, model.dots, model.dpi, model.units_per_dot) == (42, 504, 180, 2)
    assert model.charset is Charset.GB18030
    assert model.completion is Completion.PROCESS_ID
    assert model.cut == b"\x1dV\x42\x00"
    assert model.init == b"\x1b@\x1bR\x00\x1c&\x1cS\x00\x00"


@pytest.mark.parametrize("name", sorted(profiles()))
def test_entry(name: str) -> None:
    model = profile(name)
    known = {field.name for field in fields(Profile)}
    assert model.unconfirmed <= known
    assert model.init.startswith(b"\x1b@")
    assert 1 <= model.units_per_dot <= 4
    assert len(model.sizes) == 2
    # Whatever an entry claims beyond the usual has a source, or says that it has none.
    entry = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["printer"][name]
    assert set(entry) <= known
    assert model.sources or {"charset", "native_qr", "completion"} <= model.unconfirmed


def test_unknown_model() -> None:
    with pytest.raises(KeyError):
        profile("typewriter")
