"""1,000 slips through a printer that keeps failing and a host that keeps dying.

    python -m tests.bench.slip_faults [--jobs 1000] [--seed 9100] [--json]

Every strategy meets the same script: for each slip perhaps a fault of the printer or its line at some byte, and
perhaps `kill -9` of the host at some moment. After each slip somebody mends the printer, as staff would, and
deals with what the host calls uncertain: looks into the tray, says "it is there" or asks for a marked reprint.

lost      the host calls it printed by itself, and no whole paper of it lies in the tray; or it is forgotten
doubled   two whole papers of it with the same marking

Peers: `forget` sends and hopes (python-escpos's Network as it is); `retry` sends again on any exception, and after
a restart whatever was not finished, which is what most queues do.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import socket
import struct
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from escpos.exceptions import Error as EscposError
from escpos.printer import Network

from printing import bitmap, escpos
from printing.emulator import Fault, FaultKind, PrinterEmulator
from printing.emulator_paper import Dots
from printing.profile import Profile, profile
from printing.slips.copies import reprint
from tests.bench.slip_host import host, slip

MODELS = ("epson-tm-t82", "generic-80")
"""One that reports each slip by its number and clears its buffer, one that can do neither."""

FAULTY, KILLED = 0.6, 0.08
_COPIES = 4

Strategy = Literal["ours", "forget", "retry"]


@dataclass(frozen=True)
class Event:
    """What happens to one slip. `kill` in seconds after the host was asked (`portion` for the peers: of the bytes)."""

    number: int
    fault: Fault | None
    kill: float | None
    portion: float


def script(jobs: int, model: Profile, seed: int) -> list[Event]:
    """The same for every strategy."""
    dice = random.Random(seed)
    length = len(escpos.encode(slip(0), model)) + 40
    kinds = [kind for kind in FaultKind if kind is not FaultKind.STALE or model.clears_buffer]
    events = []
    for number in range(jobs):
        fault = None
        if dice.random() < FAULTY:
            at = 0 if dice.random() < 0.3 else dice.randrange(1, length)
            fault = Fault(dice.choice(kinds), at=at, seconds=dice.choice([0.02, 0.1, 0.4]))
        kill = dice.uniform(0, 0.04) if dice.random() < KILLED else None
        events.append(Event(number, fault, kill, min(1.0, dice.uniform(0, 1.3))))
    return events


class Tray:
    """The papers that have come out, by document and marking; glued and torn ones are looked at too."""

    def __init__(self, model: Profile) -> None:
        self._model = model
        self._expected: dict[int, list[Dots]] = {}
        self._recent: list[int] = []
        self.whole: Counter[tuple[int, int]] = Counter()
        self.papers = 0

    def expect(self, number: int) -> None:
        papers = [slip(number), *(reprint(slip(number), n) for n in range(1, _COPIES))]
        self._expected[number] = [bitmap.render(paper, self._model)[0] for paper in papers]
        self._recent = [number, *self._recent[:3]]
        self._expected = {recent: self._expected[recent] for recent in self._recent}

    def add(self, paper: Dots) -> None:
        """A paper counts for a slip when the slip stands whole at its end, whatever hangs above."""
        self.papers += 1
        for number in self._recent:
            # the marked copy ends like the unmarked one, so the longest that fits is what it is
            for copy in reversed(range(_COPIES)):
                picture = self._expected[number][copy]
                if len(paper) >= len(picture) and bool((paper[-len(picture) :] == picture).all()):
                    self.whole[number, copy + 1] += 1
                    return

    def has(self, number: int, copy: int | None = None) -> bool:
        return any(self.whole[number, one] for one in range(1, _COPIES + 1) if copy in (None, one))

    def doubled(self) -> int:
        return sum(count - 1 for count in self.whole.values() if count > 1)


# -- ours: a host process with the real store and the real spooler


class Host:
    """A host that can be killed and started again over the same store."""

    def __init__(self, folder: Path, address: str, model: str) -> None:
        self._arguments = (str(folder), address, model)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(
            [host.__module__, "escpos.printer"]
        )  # else each start costs seconds
        self.start()

    def start(self) -> None:
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(target=host, args=(*self._arguments, theirs), daemon=True)
        self._process.start()
        theirs.close()
        assert self._pipe.recv() == "ready"

    def order(self, what: str, argument: Any) -> None:
        self._pipe.send((what, argument))

    def answer(self) -> tuple[str, int, str, str | None]:
        found: tuple[str, int, str, str | None] = self._pipe.recv()
        return found

    def ask(self, what: str, argument: Any) -> tuple[str, int, str, str | None]:
        self.order(what, argument)
        return self.answer()

    def kill_after(self, seconds: float) -> None:
        """kill -9, unless the answer came first; then right after it."""
        self._pipe.poll(seconds)
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def stop(self) -> None:
        with suppress(OSError):
            self._pipe.send(None)
        self._process.join(10)


@dataclass
class Tally:
    lost: int = 0
    doubled: int = 0
    uncertain: int = 0
    reprints: int = 0
    kills: int = 0
    papers: int = 0


def ours(events: list[Event], model: Profile, dice: random.Random) -> Tally:
    tally = Tally()
    with _printer(model) as (printer, tray), ExitStack() as stack:
        # Processes die here, not the power, so memory is as durable as a disk and fsync costs nothing.
        memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=memory))
        desk = Host(Path(folder), printer.address, model.name)
        stack.callback(desk.stop)
        for event in events:
            tray.expect(event.number)
            if event.fault:
                printer.inject(event.fault)
            desk.order("print", event.number)
            if event.kill is not None:
                tally.kills += 1
                desk.kill_after(event.kill)
                printer.repair()
                desk.start()
                # Nobody was told anything, so the visitor asks again.
                desk.order("print", event.number)
            job, copy, state = decided(desk, printer)
            tally.uncertain += state == "uncertain"
            while state == "uncertain" and copy < _COPIES:
                # Staff look into the tray; one in ten does not look and asks for a copy at once.
                if tray.has(event.number, copy) and dice.random() < 0.9:
                    desk.ask("confirm", job)
                    state = "printed"
                else:
                    tally.reprints += 1
                    desk.order("reprint", job)
                    job, copy, state = decided(desk, printer)
            tally.lost += not (state == "printed" and tray.has(event.number, copy))
        tally.doubled, tally.papers = tray.doubled(), tray.papers
    return tally


def decided(desk: Host, printer: PrinterEmulator) -> tuple[str, int, str]:
    """The job that was ordered, once the host says what became of it; staff mend the printer meanwhile."""
    job, copy, state, _ = desk.answer()
    while state in ("queued", "sending"):
        printer.repair()
        job, copy, state, _ = desk.ask("look", job)
    printer.repair()
    printer.wait_for_idle(10)
    return job, copy, state


# -- the peers


def forget(events: list[Event], model: Profile) -> Tally:
    """Send, close, believe."""
    tally = Tally()
    with _printer(model) as (printer, tray):
        for event in events:
            tray.expect(event.number)
            _break(printer, event)
            with suppress(OSError, EscposError):
                _send(printer, model, event, killed=event.kill is not None)
            tally.kills += event.kill is not None
            _settle_down(printer)
            tally.lost += not tray.has(event.number)
        tally.doubled, tally.papers = tray.doubled(), tray.papers
    return tally


def retry(events: list[Event], model: Profile) -> Tally:
    """Send until no exception comes; after a restart send again what was not ticked off."""
    tally = Tally()
    with _printer(model) as (printer, tray):
        for event in events:
            tray.expect(event.number)
            _break(printer, event)
            done = False
            if event.kill is not None:
                tally.kills += 1
                with suppress(OSError, EscposError):
                    _send(printer, model, event, killed=True)
            for attempt in range(5):
                if attempt:
                    _settle_down(printer)
                with suppress(OSError, EscposError):
                    _send(printer, model, event, killed=False)
                    done = True
                    break
            _settle_down(printer)
            tally.lost += not (done and tray.has(event.number))
        tally.doubled, tally.papers = tray.doubled(), tray.papers
    return tally


def _send(printer: PrinterEmulator, model: Profile, event: Event, *, killed: bool) -> None:
    data = escpos.encode(slip(event.number), model)
    if killed:
        with socket.create_connection(("127.0.0.1", printer.port), 0.1) as line:
            line.settimeout(0.2)
            line.sendall(data[: int(len(data) * event.portion)])
            if event.portion < 1:  # a dying process resets the line if status bytes lie unread
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return
    connection = Network("127.0.0.1", printer.port, timeout=0.2)
    connection.open()
    try:
        connection._raw(data)
    finally:
        connection.close()


def _break(printer: PrinterEmulator, event: Event) -> None:
    if event.fault:
        printer.inject(event.fault)


def _settle_down(printer: PrinterEmulator) -> None:
    printer.repair()
    printer.wait_for_idle(10)


@contextmanager
def _printer(model: Profile) -> Iterator[tuple[PrinterEmulator, Tray]]:
    tray = Tray(model)
    with PrinterEmulator(model, on_paper=tray.add) as printer:
        yield printer, tray


def run(jobs: int, seed: int = 9100) -> dict[str, float]:
    """`lost`, `doubled` of ours, the same with `forget_` and `retry_`, and how it was."""
    result: Counter[str] = Counter()
    begin = time.perf_counter()
    for share, name in enumerate(MODELS):
        model = profile(name)
        count = jobs // len(MODELS) + (share < jobs % len(MODELS))
        events = script(count, model, seed + share)
        tallies = {
            "": ours(events, model, random.Random(seed)),
            "forget_": forget(events, model),
            "retry_": retry(events, model),
        }
        for prefix, tally in tallies.items():
            for key, value in vars(tally).items():
                result[prefix + key] += value
        result["faults"] += sum(event.fault is not None for event in events)
    return {"jobs": jobs, "seconds": round(time.perf_counter() - begin, 1), **result}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=9100)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = run(options.jobs, options.seed)
    if options.json:
        print(json.dumps(result))
        return
    print(
        f"{result['jobs']} slips, {result['faults']} faults, {result['kills']} x kill -9, {result['seconds']} s"
    )
    print(f"{'':28}{'lost':>8}{'doubled':>9}{'papers':>8}")
    for prefix, words in (
        ("", "journal + report (ours)"),
        ("retry_", "retry"),
        ("forget_", "send and forget"),
    ):
        numbers = [int(result[prefix + key]) for key in ("lost", "doubled", "papers")]
        print(f"{words:28}{numbers[0]:8}{numbers[1]:9}{numbers[2]:8}")
    print(f"ours: {result['uncertain']} uncertain, told to staff; {result['reprints']} marked reprints")


if __name__ == "__main__":
    main()
