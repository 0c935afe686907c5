import io
import json
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

import assets
from kiosk.identity import number as rules
from kiosk.identity.card_fields import CardText
from kiosk.identity.card_photo import CONTRADICTS, DERIVED, CardReader, Look
from kiosk.identity.document import FIELDS, Assurance, IdentityDocument, Problem, Reading
from kiosk.identity.ocr import Text
from tests.samples.cards import Person, draw_back, draw_front, invent
from tests.samples.make_demo_cards import PEOPLE, TABLE
from tests.samples.photos import background, burst, corners, photograph, shot

CARDS = assets.ROOT / "samples" / "cards"
EASY = replace(TABLE, noise=2)


def scene(seed: int, **changes: object) -> tuple[np.ndarray, Person]:
    """An easily read photograph of somebody's card."""
    rng = np.random.default_rng(seed)
    person = invent(rng, plain=True)
    return photograph(draw_front(person), replace(EASY, **changes), rng), person  # type: ignore[arg-type]


def wrong(reading: Reading, person: Person) -> list[str]:
    assert reading.document is not None, reading.problems
    return [name for name in FIELDS if getattr(reading.document, name) != getattr(person, name)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"roll": 180},
        {"roll": 90, "scale": 0.5},
        {"roll": -90, "scale": 0.5},
        {"yaw": 20, "pitch": -18, "roll": 8},
        {"size": (1920, 1080), "scale": 0.5, "light": 0.45, "noise": 9},
        {"scale": 0.98, "yaw": 0, "pitch": 0, "roll": 0},  # the outline is outside the picture
        {"background": 8, "glare": (0.8, 0.4, 0.12, 1.0), "thumb": 0.5},
    ],
    ids=["flat", "upside down", "left", "right", "tilted", "dark", "too near", "glare and thumb"],
)
def test_every_field_is_read(reader: CardReader, changes: dict[str, object]) -> None:
    image, person = scene(11, **changes)
    reading = reader.read_image(image)
    assert wrong(reading, person) == []
    assert reading.problems == ()
    assert reading.usable
    assert reading.document is not None
    assert reading.document.assurance is Assurance.CAMERA
    assert set(reading.document.confidence) == set(FIELDS)


def test_minority_names_long_addresses_and_rare_characters(reader: CardReader) -> None:
    for seed in (3, 24, 31):
        rng = np.random.default_rng(seed)
        person = invent(rng)
        person = replace(person, name="阿依古丽·买买提" if seed == 3 else "欧阳翀", ethnicity="维吾尔")
        reading = reader.read_image(photograph(draw_front(person), EASY, rng))
        assert wrong(reading, person) == []


def test_the_demo_cards(reader: CardReader) -> None:
    truth = json.loads((CARDS / "people.json").read_text("utf-8"))
    assert set(truth) == set(PEOPLE)
    for name, person in PEOPLE.items():
        assert truth[name] == person.fields()
        assert wrong(reader.read_file(CARDS / f"{name}.jpg"), person) == []
        assert (CARDS / f"{name}.jpg").stat().st_size <= 200_000
    assert reader.read_file(CARDS / "back.jpg").problems == (Problem.BACK_SIDE,)
    assert reader.read_file(CARDS / "blurred.jpg").problems == (Problem.BLURRED,)


@pytest.mark.parametrize("roll", [0, 180])
def test_the_back_is_told_either_way_up(reader: CardReader, roll: float) -> None:
    rng = np.random.default_rng(5)
    image = photograph(draw_back(invent(rng)), replace(EASY, roll=roll), rng)
    assert reader.read_image(image) == Reading(None, (Problem.BACK_SIDE,))


@pytest.mark.parametrize("seed", range(4))
def test_a_table_without_a_card(reader: CardReader, seed: int) -> None:
    image = np.clip(background((1280, 720), seed), 0, 255).astype(np.uint8)
    assert reader.read_image(image).problems == (Problem.NO_CARD,)


def test_an_empty_sheet_is_no_blurred_card(reader: CardReader) -> None:
    blank = np.full((1080, 1712, 3), 235, np.uint8)
    image = photograph(blank, EASY, np.random.default_rng(1))
    assert reader.read_image(image).problems == (Problem.NO_CARD,)


def test_two_cards_are_not_mixed(reader: CardReader) -> None:
    left, _ = scene(21, scale=0.42, centre=(0.26, 0.5), yaw=0, pitch=0, roll=0)
    right, _ = scene(22, scale=0.42, centre=(0.74, 0.5), yaw=0, pitch=0, roll=0)
    both = np.hstack([left[:, :640], right[:, 640:]])
    assert reader.read_image(both) == Reading(None, (Problem.SEVERAL_CARDS,))


def test_two_cards_edge_to_edge(reader: CardReader) -> None:
    upper, _ = scene(21, scale=0.5, centre=(0.5, 0.25), yaw=0, pitch=0, roll=0)
    lower, _ = scene(22, scale=0.5, centre=(0.5, 0.75), yaw=0, pitch=0, roll=0)
    both = np.vstack([upper[:360], lower[360:]])
    assert reader.read_image(both) == Reading(None, (Problem.SEVERAL_CARDS,))


def test_a_covered_number_is_unread_not_guessed(reader: CardReader) -> None:
    rng = np.random.default_rng(9)
    card = draw_front(invent(rng, plain=True))
    card[900:1010, 1200:] = (170, 190, 220)  # fingers over the last eight digits
    reading = reader.read_image(photograph(card, EASY, rng))
    assert not reading.usable
    assert set(reading.problems) & {Problem.NUMBER_UNREAD, Problem.BAD_LENGTH}


def test_a_print_that_contradicts_the_number_is_shown(reader: CardReader) -> None:
    rng = np.random.default_rng(14)
    person = invent(rng, plain=True)
    other = replace(person, birth=date(person.birth.year - 1, 7, 24))
    reading = reader.read_image(photograph(draw_front(other), EASY, rng))
    assert Problem.FIELDS_DISAGREE in reading.problems
    assert not reading.usable
    assert reading.document is not None
    assert reading.document.birth == other.birth  # what is printed, not what the number says
    assert reading.document.number == person.number


def test_a_wrong_check_digit_is_questioned_not_repaired(reader: CardReader) -> None:
    rng = np.random.default_rng(15)
    person = invent(rng, plain=True)
    wrong_digit = person.number[:17] + ("3" if person.number[17] != "3" else "8")
    reading = reader.read_image(photograph(draw_front(replace(person, number=wrong_digit)), EASY, rng))
    assert reading.document is not None
    assert reading.document.number == wrong_digit
    assert Problem.BAD_CHECK_DIGIT in reading.problems


# files


def test_what_is_no_picture(reader: CardReader, tmp_path: Path) -> None:
    for name, content in {
        "empty.jpg": b"",
        "text.png": b"not a picture",
        "page.jpg": b"<html></html>",
    }.items():
        (tmp_path / name).write_bytes(content)
        assert reader.read_file(tmp_path / name) == Reading(None, (Problem.NOT_A_PICTURE,))
    assert reader.read_file(tmp_path / "missing.jpg").problems == (Problem.NOT_A_PICTURE,)
    assert reader.read_file(tmp_path).problems == (Problem.NOT_A_PICTURE,)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_a_truncated_file(reader: CardReader, tmp_path: Path, share: float) -> None:
    whole = (CARDS / "adult_new.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[: int(len(whole) * share)])
    assert reader.read_file(tmp_path / "cut.jpg") == Reading(None, (Problem.TRUNCATED,))


def test_a_decompression_bomb_is_not_unpacked(reader: CardReader, tmp_path: Path) -> None:
    for side in (11_000, 60_000):
        head = io.BytesIO()
        Pillow.new("1", (8, 8)).save(head, "PNG")
        data = bytearray(head.getvalue())
        data[16:24] = side.to_bytes(4, "big") * 2
        import zlib

        data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
        (tmp_path / "bomb.png").write_bytes(data)
        assert reader.read_file(tmp_path / "bomb.png") == Reading(None, (Problem.TOO_LARGE,))


def test_tiny_pictures(reader: CardReader, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "tiny.png"), np.zeros((40, 60, 3), np.uint8))
    assert reader.read_file(tmp_path / "tiny.png").problems == (Problem.TOO_SMALL,)
    assert reader.read_image(np.zeros((40, 60, 3), np.uint8)).problems == (Problem.TOO_SMALL,)
    assert reader.read_image(np.zeros((400, 600), np.uint8)).problems == (Problem.TOO_SMALL,)


def test_fifty_megapixels(reader: CardReader, tmp_path: Path) -> None:
    image, person = scene(33)
    large = cv2.resize(image, (8700, 5890), interpolation=cv2.INTER_LINEAR)
    cv2.imwrite(str(tmp_path / "large.jpg"), large)
    assert wrong(reader.read_file(tmp_path / "large.jpg"), person) == []


def test_exif_orientation_is_obeyed(reader: CardReader, tmp_path: Path) -> None:
    image, person = scene(34)
    turned = Pillow.fromarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB)).rotate(90, expand=True)
    exif = Pillow.Exif()
    exif[0x0112] = 6
    turned.save(tmp_path / "phone.jpg", quality=92, exif=exif)
    assert wrong(reader.read_file(tmp_path / "phone.jpg"), person) == []


def test_grey_and_transparent_pictures(reader: CardReader, tmp_path: Path) -> None:
    image, person = scene(35)
    picture = Pillow.fromarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
    picture.convert("L").save(tmp_path / "grey.jpg", quality=92)
    picture.convert("RGBA").save(tmp_path / "clear.png")
    assert wrong(reader.read_file(tmp_path / "grey.jpg"), person) == []
    assert wrong(reader.read_file(tmp_path / "clear.png"), person) == []


# votes


def test_a_burst_reads_what_single_frames_miss(reader: CardReader) -> None:
    rng = np.random.default_rng(77)
    person = invent(rng, plain=True)
    base = replace(shot(rng), roll=3.0, blur=1.4, noise=10, glare=(0.3, 0.5, 0.06, 0.9))
    frames = list(burst(draw_front(person), base, rng))
    assert wrong(reader.read_burst(frames), person) == []
    empty = np.zeros((720, 1280, 3), np.uint8)
    assert wrong(reader.read_burst([empty, *frames[:3], empty]), person) == []


def test_an_empty_burst(reader: CardReader) -> None:
    assert reader.read_burst([]).problems == (Problem.NO_CARD,)
    assert reader.read_burst([np.zeros((720, 1280, 3), np.uint8)] * 2).problems == (Problem.NO_CARD,)


def look(person: Person, number: str, confidence: float) -> Look:
    texts = {
        "name": person.name,
        "sex": {"male": "男", "female": "女"}[person.sex],
        "ethnicity": person.ethnicity,
        "birth": str(person.birth),
        "address": person.address,
    }
    fields = {key: Text(text, (0.99,) * len(text), (0.5,) * len(text)) for key, text in texts.items()}
    fields["number"] = Text(number, (confidence,) * len(number), (0.5,) * len(number))
    return Look(CardText(fields))


def test_a_number_that_holds_wins_over_more_that_do_not(reader: CardReader) -> None:
    person = invent(np.random.default_rng(1), plain=True)
    broken = person.number[:15] + str((int(person.number[15]) + 1) % 10) + person.number[16:]
    reading = reader.vote(
        [look(person, broken, 0.9), look(person, broken, 0.9), look(person, person.number, 0.85)]
    )
    assert reading.document is not None
    assert reading.document.number == person.number
    assert reading.problems == ()


def test_no_number_is_put_together_from_two_frames(reader: CardReader) -> None:
    person = invent(np.random.default_rng(2), plain=True)
    first = ("5" if person.number[0] != "5" else "6") + person.number[1:]
    second = person.number[:16] + str((int(person.number[16]) + 1) % 10) + person.number[17]
    reading = reader.vote([look(person, first, 0.9), look(person, second, 0.9)])
    assert reading.document is not None
    assert reading.document.number in (first, second)
    assert Problem.BAD_CHECK_DIGIT in reading.problems


def test_two_numbers_that_both_hold_are_two_cards(reader: CardReader) -> None:
    one, other = (invent(np.random.default_rng(seed), plain=True) for seed in (3, 4))
    reading = reader.vote([look(one, one.number, 0.99), look(other, other.number, 0.99)])
    assert reading == Reading(None, (Problem.SEVERAL_CARDS,))


def test_an_unsure_number_is_questioned(reader: CardReader) -> None:
    person = invent(np.random.default_rng(5), plain=True)
    assert reader.vote([look(person, person.number, 0.7)]).problems == (Problem.UNSURE,)


def test_an_unread_birth_is_filled_but_told_apart(reader: CardReader) -> None:
    person = invent(np.random.default_rng(6), plain=True)
    seen = look(person, person.number, 0.99)
    del seen.text.fields["birth"]
    document = reader.vote([seen]).document
    assert document is not None
    assert document.birth == person.birth == rules.birth(person.number)
    assert document.confidence["birth"] == DERIVED < CONTRADICTS


@pytest.mark.parametrize("name", ["民族汉", "性别男", "张", "张3", ""])
def test_what_is_no_name_is_unread(reader: CardReader, name: str) -> None:
    person = invent(np.random.default_rng(7), plain=True)
    seen = look(person, person.number, 0.99)
    seen.text.fields["name"] = Text(name, (0.99,) * len(name), (0.5,) * len(name))
    reading = reader.vote([seen])
    assert reading.problems == (Problem.NAME_UNREAD,)
    assert isinstance(reading.document, IdentityDocument)
    assert reading.document.name is None


def test_models_load_once_from_many_threads() -> None:
    fresh = CardReader()
    loaded: list[object] = []
    threads = [threading.Thread(target=lambda: loaded.append(fresh.load())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loaded) == 4
    assert len({id(models) for models in loaded}) == 1


def test_the_generator_is_deterministic() -> None:
    first, second = (scene(40)[0] for _ in range(2))
    assert np.array_equal(first, second)
    assert corners(EASY).shape == (4, 2)


@pytest.mark.parametrize("shape", [(240, 4000), (4000, 240), (241, 333), (720, 1280)])
def test_noise_stripes_and_scribble_never_raise(reader: CardReader, shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(8)
    noise = rng.integers(0, 256, (*shape, 3), dtype=np.uint8)
    stripes = np.asarray(np.indices(shape)[1] // 17 % 2 * 255, np.uint8)[..., None].repeat(3, 2)
    scribble = np.full((*shape, 3), 240, np.uint8)
    cv2.putText(scribble, "110101 199003 07 78 6 123456789012345678", (5, 120), 0, 1.1, (10, 10, 10), 2)
    for image in (noise, stripes, scribble):
        reading = reader.read_image(image)
        assert not reading.usable
        assert reading.problems
