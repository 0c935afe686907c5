"""Make assets/sounds/*.wav: two soft tones, 16-bit mono, 22,050 Hz.

python -m tests.samples.make_sounds
"""

import wave
from dataclasses import dataclass

import numpy as np

import assets

RATE = 22_050


@dataclass(frozen=True)
class Note:
    """One struck tone: where it starts and how fast it fades, in seconds; Hz."""

    start: float
    pitch: float
    fade: float


SOUNDS = {
    "ok": (Note(0.0, 659.26, 0.12), Note(0.11, 880.0, 0.16)),
    "attention": (Note(0.0, 587.33, 0.12), Note(0.18, 587.33, 0.12)),
}
LENGTH = 0.55
PEAK = 0.35


def rendered(notes: tuple[Note, ...]) -> bytes:
    """The notes mixed, as little-endian 16-bit samples."""
    time = np.arange(int(LENGTH * RATE)) / RATE
    mix = np.zeros_like(time)
    for note in notes:
        t = np.clip(time - note.start, 0.0, None)
        attack = np.minimum(t / 0.01, 1.0)
        mix += (
            attack
            * np.exp(-t / note.fade)
            * (np.sin(2 * np.pi * note.pitch * t) + 0.2 * np.sin(4 * np.pi * note.pitch * t))
        )
    mix *= np.minimum((LENGTH - time) / 0.05, 1.0)  # no click at the end
    return bytes((mix / np.abs(mix).max() * PEAK * 32767).astype("<i2"))


def main() -> None:
    for name, notes in SOUNDS.items():
        with wave.open(str(assets.ROOT / "sounds" / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(rendered(notes))


if __name__ == "__main__":
    main()
