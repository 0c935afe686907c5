import numpy as np
import pytest

from kiosk.identity.card_find import CORNERS_MM, find_quads, flatten, pose_of, project, strip, turned
from tests.samples.cards import draw_front, invent
from tests.samples.make_demo_cards import TABLE
from tests.samples.photos import Shot, corners, photograph, shot


def picture(seed: int) -> tuple[np.ndarray, Shot]:
    rng = np.random.default_rng(seed)
    card, conditions = draw_front(invent(rng)), shot(rng, upside_down=0)
    return photograph(card, conditions, rng), conditions


def test_most_outlines_are_found_to_a_millimetre() -> None:
    """Where paper touches the card the outline may fail: then the number's row mends the pose."""
    errors = []
    for seed in range(300, 310):
        image, conditions = picture(seed)
        quads = find_quads(image)
        truth, millimetre = corners(conditions), conditions.scale * conditions.size[0] / 85.6
        errors.append(min((float(np.abs(quad - truth).max()) / millimetre for quad in quads), default=99.0))
    assert np.median(errors) < 0.5
    assert sum(error < 2 for error in errors) >= 7


@pytest.mark.parametrize("shape", [(720, 1280, 3), (240, 240, 3), (1280, 720, 3)])
def test_nothing_on_an_even_picture(shape: tuple[int, int, int]) -> None:
    assert find_quads(np.full(shape, 90, np.uint8)) == []
    assert find_quads(np.zeros(shape, np.uint8)) == []


def test_poses_map_corners_and_turn() -> None:
    quad = np.array([[100, 90], [900, 120], [880, 640], [80, 600]], np.float32)
    pose = pose_of(quad)
    assert project(pose, CORNERS_MM) == pytest.approx(quad, abs=0.01)
    assert project(turned(pose), CORNERS_MM) == pytest.approx(np.roll(quad, 2, axis=0), abs=0.01)
    assert turned(turned(pose)) == pytest.approx(pose)


def test_the_flattened_card_and_its_strips() -> None:
    card = draw_front(invent(np.random.default_rng(1)))
    frame = photograph(card, TABLE, np.random.default_rng(1))
    pose = pose_of(corners(TABLE))
    view = flatten(frame, pose, 6.0, 2.5)
    assert [side % 32 for side in view.shape[:2]] == [0, 0]
    number = np.array([[29, 45], [78, 45], [78, 50], [29, 50]], np.float32)
    one = strip(frame, pose, number)
    assert one.shape == (48, 470, 3)
    assert one.min() < 80 < 150 < one.max()  # dark digits on pale paper
    assert strip(frame, pose, number[:, :] * 0).shape == (48, 16, 3)
