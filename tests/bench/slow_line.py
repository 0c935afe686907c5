"""A TCP line that takes its time: everything arrives so many milliseconds after it was sent, in order, nothing lost."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time

PIECE = 1 << 16


class SlowLine:
    """Listens on 127.0.0.1, passes on to `target`; each way takes half of `round_trip` seconds."""

    def __init__(self, target: int, round_trip: float) -> None:
        self._target = target
        self._delay = round_trip / 2
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def __enter__(self) -> SlowLine:
        return self

    def __exit__(self, *about: object) -> None:
        self.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                for source, sink in ((near, far), (far, near)):
                    source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    under_way: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
                    threading.Thread(target=self._take, args=(source, under_way), daemon=True).start()
                    threading.Thread(target=self._give, args=(sink, under_way), daemon=True).start()

    def _take(self, source: socket.socket, under_way: queue.SimpleQueue[tuple[float, bytes]]) -> None:
        piece = b"."
        while piece:
            try:
                piece = source.recv(PIECE)
            except OSError:
                piece = b""
            under_way.put((time.monotonic() + self._delay, piece))

    def _give(self, sink: socket.socket, under_way: queue.SimpleQueue[tuple[float, bytes]]) -> None:
        with contextlib.suppress(OSError):
            while True:
                due, piece = under_way.get()
                time.sleep(max(0.0, due - time.monotonic()))
                if not piece:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(piece)
