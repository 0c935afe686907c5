import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import cv2
import numpy as np
import pytest

from kiosk.identity.camera import (
    CardWatcher,
    Done,
    FrameSource,
    Hint,
    LiveCamera,
    Lost,
    PictureFile,
    PictureFolder,
    Preview,
    VideoFile,
    WatchEvent,
)
from kiosk.identity.card_photo import CardReader
from kiosk.identity.document import Problem
from kiosk.identity.errors import CameraLost
from tests.samples.cards import Person, draw_front, invent
from tests.samples.make_demo_cards import TABLE
from tests.samples.photos import background, burst

FRAMES = 4


@pytest.fixture(scope="module")
def person() -> Person:
    return invent(np.random.default_rng(50), plain=True)


@pytest.fixture(scope="module")
def frames(person: Person) -> list[np.ndarray]:
    return list(burst(draw_front(person), replace(TABLE, noise=3), np.random.default_rng(50), FRAMES))


@pytest.fixture(scope="module")
def folder(frames: list[np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures out of order, something broken and something else among them."""
    path = tmp_path_factory.mktemp("frames")
    for i in reversed(range(FRAMES)):
        cv2.imwrite(str(path / f"frame{i}.jpg"), frames[i])
    (path / "frame1b.jpg").write_bytes(b"broken")
    (path / "notes.txt").write_text("not a picture")
    return path


@pytest.fixture(scope="module")
def video(frames: list[np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "card.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 5, (1280, 720))
    assert writer.isOpened()
    for frame in frames:
        writer.write(frame)
    writer.release()
    return path


class Hands:
    """A camera made of scripted moments: a frame, or None where the plug is pulled; goes on after it."""

    def __init__(self, moments: list[np.ndarray | None]) -> None:
        self.moments = moments
        self.opened = 0
        self.closed = False

    def frames(self) -> Iterator[np.ndarray]:
        self.opened += 1
        while self.moments:
            moment = self.moments.pop(0)
            if moment is None:
                raise CameraLost("hands")
            yield moment

    def close(self) -> None:
        self.closed = True


def watch(source: FrameSource, reader: CardReader) -> list[WatchEvent]:
    return list(CardWatcher(source, reader, retry_seconds=0).events(Event()))


def document_of(events: list[WatchEvent], person: Person) -> None:
    last = events[-1]
    assert isinstance(last, Done)
    assert last.reading.usable
    assert last.reading.document is not None
    assert (last.reading.document.name, last.reading.document.number) == (person.name, person.number)


def test_sources_give_the_frames_in_order(folder: Path, video: Path, frames: list[np.ndarray]) -> None:
    assert len(list(PictureFolder(folder).frames())) == FRAMES
    for got, sent in zip(PictureFolder(folder).frames(), frames, strict=True):
        assert float(np.abs(got.astype(int) - sent).mean()) < 4
    for got, sent in zip(VideoFile(video).frames(), frames, strict=True):
        assert float(np.abs(got.astype(int) - sent).mean()) < 6
    assert len(list(PictureFile(folder / "frame0.jpg").frames())) == 1


@pytest.mark.parametrize(
    "source",
    [
        PictureFile(Path("missing.jpg")),
        PictureFolder(Path("missing")),
        VideoFile(Path("missing.avi")),
        LiveCamera(93),
    ],
    ids=["picture", "folder", "video", "camera"],
)
def test_what_cannot_be_opened_is_lost(source: FrameSource) -> None:
    with pytest.raises(CameraLost) as caught:
        list(source.frames())
    assert caught.value.code == "camera_lost"
    assert "missing" not in str(caught.value)
    source.close()
    source.close()


def test_a_folder_is_read_and_voted(folder: Path, reader: CardReader, person: Person) -> None:
    events = watch(PictureFolder(folder), reader)
    document_of(events, person)
    previews = [event for event in events if isinstance(event, Preview)]
    assert len(previews) == 3  # three frames that agree are enough
    shown = cv2.imdecode(np.frombuffer(previews[0].jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert shown.shape == (360, 640, 3)
    assert (previews[0].width, previews[0].height) == (640, 360)
    assert [event for event in events if isinstance(event, Hint)] == [Hint(None)]


def test_a_video_is_read_and_voted(video: Path, reader: CardReader, person: Person) -> None:
    document_of(watch(VideoFile(video), reader), person)


def test_one_picture_is_enough_for_a_file(folder: Path, reader: CardReader, person: Person) -> None:
    document_of(watch(PictureFile(folder / "frame2.jpg"), reader), person)


def test_hints_come_once_until_they_change(
    frames: list[np.ndarray], reader: CardReader, person: Person
) -> None:
    table = np.clip(background((1280, 720), 3), 0, 255).astype(np.uint8)
    blurred = np.asarray(cv2.GaussianBlur(frames[0], (0, 0), 14), np.uint8)
    hands = Hands([table, table, blurred, *frames])
    events = watch(hands, reader)
    hints = [event for event in events if isinstance(event, Hint)]
    assert hints == [Hint(Problem.NO_CARD), Hint(Problem.BLURRED), Hint(None)]
    document_of(events, person)
    assert hands.closed


def test_the_plug_is_pulled_and_put_back(
    frames: list[np.ndarray], reader: CardReader, person: Person
) -> None:
    hands = Hands([frames[0], None, None, *frames[1:]])
    events = watch(hands, reader)
    assert [event for event in events if isinstance(event, Lost)] == [Lost("hands"), Lost("hands")]
    assert hands.opened == 3
    document_of(events, person)


def test_a_card_swapped_in_the_middle_is_not_mixed(
    frames: list[np.ndarray], reader: CardReader, person: Person
) -> None:
    other = invent(np.random.default_rng(51), plain=True)
    first = list(burst(draw_front(other), replace(TABLE, noise=3), np.random.default_rng(51), 1))
    document_of(watch(Hands([*first, *frames]), reader), person)


def test_nothing_but_a_table(reader: CardReader) -> None:
    table = np.clip(background((1280, 720), 1), 0, 255).astype(np.uint8)
    last = watch(Hands([table, table]), reader)[-1]
    assert isinstance(last, Done)
    assert last.reading.document is None
    assert last.reading.problems == (Problem.NO_CARD,)


def test_told_to_stop(frames: list[np.ndarray], reader: CardReader) -> None:
    stop, hands = Event(), Hands([*frames])
    seen: list[WatchEvent] = []
    for event in CardWatcher(hands, reader, 0).events(stop):
        seen.append(event)
        stop.set()
    assert [type(event) for event in seen] == [Preview]  # not even read
    assert hands.closed


def test_stopped_while_the_camera_is_away(reader: CardReader) -> None:
    stop, hands = Event(), Hands([None])
    for event in CardWatcher(hands, reader, retry_seconds=600).events(stop):
        assert event == Lost("hands")
        stop.set()
    assert hands.closed


def test_the_first_preview_comes_before_the_networks_load(frames: list[np.ndarray]) -> None:
    fresh = CardReader()
    events = CardWatcher(Hands([frames[0]]), fresh, 0).events(Event())
    assert isinstance(next(events), Preview)
    loaded = [fresh.loaded]
    next(events)
    assert [*loaded, fresh.loaded] == [False, True]
    events.close()


@pytest.mark.skipif(not os.path.exists("/dev/video0"), reason="no camera on this machine")  # noqa: PTH110
def test_a_live_camera() -> None:
    camera = LiveCamera(0)
    assert next(iter(camera.frames())).ndim == 3
    camera.close()
