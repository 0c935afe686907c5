"""Codes on photographed slips: read where they can be, told as nothing where they cannot, never read wrong."""

from __future__ import annotations

import sys
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kiosk.identity import code_grid
from kiosk.identity.code_grid import SlipGrid
from kiosk.identity.code_reader import (
    TRIES,
    CodeReader,
    Decoder,
    PyzbarDecoder,
    ZxingDecoder,
    best_decoder,
)
from kiosk.identity.slip_code import CodeKind, SlipCode, SlipCodes
from printing import glyphs
from tests.samples.photos import background
from tests.samples.slip_photos import KEY, Shot, Wear, photo, photograph, printed

COUNTY = "https://county.example/s"
CODE = SlipCode(CodeKind.MATCH_SLIP, 3, 421)
TEXT = SlipCodes(KEY).make(CODE)
FLAT = Wear(dead_columns=0, ink=40, paper=235, spread=0.5, crumple=0, creases=0, shading=0.05)
CALM = Shot(
    size=(1280, 720),
    module=4.5,
    offset=(0.0, 0.0),
    yaw=0,
    pitch=0,
    roll=0,
    thumb=0,
    blur=0.6,
    motion=0,
    motion_angle=0,
    light=0.9,
    shadow=0,
    noise=2,
    quality=85,
    background=1,
)
SEED = 7_000  # neither the bench's nor the tuning's


@pytest.fixture(scope="module")
def reader() -> CodeReader:
    return CodeReader()


def taken(state: Wear = FLAT, conditions: Shot = CALM, text: str = TEXT) -> np.ndarray:
    return photograph(printed(text), state, conditions, np.random.default_rng(5))


def sheet(text: str = TEXT, module: int = 6) -> np.ndarray:
    """The code as printed, on white, grey."""
    dots = np.pad(glyphs.enlarge(glyphs.qr_matrix(text), module), 60)
    return np.where(dots, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("conditions", [replace(CALM, roll=roll) for roll in (0, 45, 90, 133, 180, 270)])
def test_any_way_up(reader: CodeReader, conditions: Shot) -> None:
    assert reader.read_image(taken(conditions=conditions)) == (TEXT,)


@pytest.mark.parametrize(
    ("state", "conditions"),
    [
        pytest.param(FLAT, replace(CALM, yaw=28, pitch=-22), id="tilt"),
        pytest.param(FLAT, replace(CALM, blur=1.9), id="blur"),
        pytest.param(FLAT, replace(CALM, motion=4.5, motion_angle=30), id="shake"),
        pytest.param(FLAT, replace(CALM, light=0.2, noise=5), id="low light"),
        pytest.param(FLAT, replace(CALM, shadow=0.6), id="shadow"),
        pytest.param(FLAT, replace(CALM, thumb=0.06), id="thumb"),
        pytest.param(FLAT, replace(CALM, quality=40), id="jpeg"),
        pytest.param(FLAT, replace(CALM, module=2.6, blur=0.5), id="far away"),
        pytest.param(replace(FLAT, ink=170), CALM, id="faded"),
        pytest.param(replace(FLAT, dead_columns=4), CALM, id="dead columns"),
        pytest.param(replace(FLAT, crumple=1.4, shading=0.2), CALM, id="crumpled"),
        pytest.param(replace(FLAT, creases=2), CALM, id="folded"),
    ],
)
def test_each_trouble_by_itself(reader: CodeReader, state: Wear, conditions: Shot) -> None:
    assert reader.read_image(taken(state, conditions)) == (TEXT,)


def test_a_bent_code_that_the_library_gives_up_is_read_module_by_module(reader: CodeReader) -> None:
    bent = taken(replace(FLAT, crumple=2.4, dead_columns=2), replace(CALM, module=5.5, yaw=12))
    grey = cv2.cvtColor(bent, cv2.COLOR_BGR2GRAY)
    zxing = ZxingDecoder()
    for sharpen in TRIES:
        assert zxing.look(sharpen(grey) if sharpen else grey).texts == ()
    assert reader.read_image(bent) == (TEXT,)


def test_hard_photos_are_read_far_better_than_by_the_library_alone_and_never_wrong(
    reader: CodeReader,
) -> None:
    zxing = ZxingDecoder()
    ours = plain = 0
    for number in range(16):
        picture, text = photo(SEED + number)
        texts = reader.read_image(picture)
        assert texts in ((), (text,))
        ours += bool(texts)
        plain += text in zxing.look(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)).texts
    assert ours >= 9
    assert ours >= plain + 5


def test_every_code_of_a_picture_is_told_once(reader: CodeReader) -> None:
    other = SlipCodes(KEY).make(SlipCode(CodeKind.RENTAL, 3, 7))
    picture = np.hstack([sheet(), sheet(other), sheet(other)])
    assert sorted(reader.read_image(picture)) == sorted((TEXT, other))


def test_a_link_to_the_county_is_read_too() -> None:
    text = SlipCodes(KEY, COUNTY).make(CODE)
    assert text.startswith("HTTPS://COUNTY.EXAMPLE/S/")
    picture = taken(replace(FLAT, crumple=0.8), replace(CALM, module=4.0), text)
    assert CodeReader(COUNTY).read_image(picture) == (text,)
    assert CodeReader().read_image(sheet(text)) == (text,)


def test_two_frames_give_a_blurred_slip_both_looks() -> None:
    reader = CodeReader()
    frame = taken(conditions=replace(CALM, blur=2.0, noise=4))
    assert (TEXT,) in (reader.read_frame(frame), reader.read_frame(frame))


def test_nothing_there_is_nothing(reader: CodeReader) -> None:
    for seed in range(4):
        table = np.clip(background((640, 480), seed), 0, 255).astype(np.uint8)
        assert reader.read_image(table) == ()
        assert reader.read_frame(table) == ()
    assert reader.read_image(np.zeros((480, 640, 3), np.uint8)) == ()
    assert reader.read_image(taken(text=TEXT)[:, :200]) == ()


def test_grey_colour_and_a_window_of_a_picture_are_all_pictures(reader: CodeReader) -> None:
    picture = taken()
    assert reader.read_image(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)) == (TEXT,)
    assert reader.read_image(picture[40:700, 100:1200]) == (TEXT,)
    assert reader.read_frame(np.asfortranarray(sheet())) == (TEXT,)


@pytest.fixture(params=["zxing", "pyzbar"])
def decoder(request: pytest.FixtureRequest) -> Decoder:
    try:
        return ZxingDecoder() if request.param == "zxing" else PyzbarDecoder()
    except ImportError:
        pytest.skip("the system has no libzbar")


def test_every_decoder_reads_a_clean_code(decoder: Decoder) -> None:
    assert decoder.look(sheet()).texts == (TEXT,)
    assert decoder.look(np.full((200, 200), 255, np.uint8)).texts == ()
    modules = glyphs.qr_matrix(TEXT)
    assert decoder.opened(modules) == TEXT
    torn = modules.copy()
    torn[9:, 9:] = False
    assert decoder.opened(torn) is None
    assert CodeReader(decoder=decoder).read_image(taken()) == (TEXT,)


def test_without_zxing_pyzbar_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    try:
        assert isinstance(best_decoder(), PyzbarDecoder)
    except ImportError:
        pytest.skip("the system has no libzbar")
    assert CodeReader().read_image(sheet()) == (TEXT,)


def test_without_any_library_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("zxingcpp", "pyzbar"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError):
        CodeReader().read_image(sheet())


@given(
    key=st.binary(min_size=32, max_size=32),
    kind=st.sampled_from(CodeKind),
    device=st.integers(0, 2**16 - 1),
    serial=st.integers(0, 2**32 - 1),
    county=st.sampled_from(["", COUNTY]),
)
@examples(max_examples=40, deadline=None)
def test_what_is_taken_for_fixed_is_so_in_every_code(
    key: bytes, kind: CodeKind, device: int, serial: int, county: str
) -> None:
    """Exactly one mask's template fits the code our printer picture draws; that one fits it wholly."""
    modules = glyphs.qr_matrix(SlipCodes(key, county).make(SlipCode(kind, device, serial)))
    fitting = [
        template
        for group in code_grid.templates(county)
        for template in group
        if template.shape == modules.shape and not np.any((template > 0) != modules, where=template != 0)
    ]
    assert len(fitting) == 1
    if not county:
        assert np.count_nonzero(fitting[0]) > 350  # of 625


@given(corners=arrays(np.float32, (4, 2), elements=st.floats(-2000, 2000, width=32)))
@examples(max_examples=60, deadline=None)
def test_any_corners_at_all_are_survived(corners: np.ndarray) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (120, 160), np.uint8)
    assert SlipGrid().read(noise, corners, ZxingDecoder().opened) is None
