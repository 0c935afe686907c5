"""A short run of the bench: the full one, 10,000 images, is `python -m tests.bench.power_cuts`."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from db.keys import KEY_FILE, load_keys, write_private
from tests.bench import power_cuts
from tests.faults.disk import Cut, Disk, Entry


def test_no_transaction_is_lost_halved_or_doubled_whenever_the_power_fails() -> None:
    result = power_cuts.run(100, steps=8, seed=5)
    assert (result["images"], result["transactions"]) >= (100, 20)
    assert [result[name] for name in ("lost", "half", "doubled", "unopened")] == [0, 0, 0, 0]
    # the same cuts do harm to who does not wait for the disk, so they are real
    assert result["normal_lost"] > 0
    assert result["off_half"] + result["off_unopened"] + result["off_lost"] > 0


def test_what_was_synced_is_on_every_image() -> None:
    disk = Disk({"a": b"old."})
    for entry in (Entry("write", "a", 4, b"x" * 1024), Entry("sync", "a"), Entry("write", "a", 0, b"new!")):
        disk.play(entry)
    seen = {disk.image(cut, random.Random(seed))["a"] for cut in Cut for seed in range(20)}
    assert seen == {b"old." + b"x" * 1024, b"new!" + b"x" * 1024}


def test_of_the_rest_anything_may_be_there() -> None:
    disk = Disk({"a": bytes(512)})
    for entry in (Entry("write", "a", 0, b"1" * 1024), Entry("write", "a", 1024, b"2" * 512)):
        disk.play(entry)
    assert disk.image(Cut.NOTHING, random.Random(1))["a"] == bytes(512)
    assert disk.image(Cut.ALL, random.Random(1))["a"] == b"1" * 1024 + b"2" * 512
    seen = {disk.image(Cut.SECTORS, random.Random(seed))["a"] for seed in range(200)}
    assert bytes(1024) + b"2" * 512 in seen  # the later one alone
    assert bytes(512) + b"1" * 512 in seen  # one sector of the first
    torn = {disk.image(Cut.TORN, random.Random(seed))["a"] for seed in range(200)}
    assert torn == {bytes(512), b"1" * 512, b"1" * 1024}


def test_a_new_file_may_be_gone_and_a_deleted_one_back() -> None:
    disk = Disk({"old": b"ghost"})
    for entry in (Entry("create", "new"), Entry("write", "new", 0, b"n"), Entry("delete", "old")):
        disk.play(entry)
    names = {tuple(sorted(disk.image(Cut.SOME, random.Random(seed)))) for seed in range(40)}
    assert names == {(), ("new",), ("old",), ("new", "old")}
    disk.play(Entry("sync", "new"))
    assert disk.image(Cut.NOTHING, random.Random(1)) == {"new": b"n"}


def test_the_halls_key_is_never_half_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it no store opens: its name appears once all of it is on the disk, and stays."""
    synced: list[tuple[str, bool]] = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append(("folder" if path == tmp_path else "file", (tmp_path / KEY_FILE).exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    keys = load_keys(tmp_path)
    assert synced == [("file", False), ("folder", True)]
    assert (keys.origin, load_keys(tmp_path).secret) == ("made", keys.secret)
    with pytest.raises(FileExistsError):
        write_private(tmp_path / KEY_FILE, b"another")
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
