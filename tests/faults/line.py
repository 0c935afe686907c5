"""A line that fails: a TCP proxy that cuts after so many bytes, in either direction, as often as told."""

from __future__ import annotations

import contextlib
import socket
import threading

PIECE = 4096


class FaultProxy:
    """Listens on 127.0.0.1 and passes on to `target`; `cut_after(up, down)` arms one cut for the next connection."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._cuts: list[tuple[int | None, int | None]] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self.connections = 0
        self.cut = 0
        self.passed = [0, 0]  # bytes up and down, all connections together
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def cut_after(self, up: int | None = None, down: int | None = None) -> None:
        """Cut the next connection once so many bytes went that way."""
        self._cuts.append((up, down))

    def heal(self) -> None:
        """Forget cuts that no connection met."""
        self._cuts.clear()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(self, *about: object) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            up, down = self._cuts.pop(0) if self._cuts else (None, None)
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                near.close()
                continue
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a piece waits for no answer
            left = [2]
            for way, (source, sink, most) in enumerate(((near, far, up), (far, near, down))):
                thread = threading.Thread(
                    target=self._pass, args=(way, source, sink, most, left, (near, far))
                )
                self._threads.append(thread)
                thread.start()

    def _pass(
        self,
        way: int,
        source: socket.socket,
        sink: socket.socket,
        most: int | None,
        left: list[int],
        both: tuple[socket.socket, socket.socket],
    ) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                if most is not None and passed + len(piece) >= most:
                    sink.sendall(piece[: most - passed])
                    self.cut += 1
                    for end in both:
                        with contextlib.suppress(OSError):
                            end.shutdown(socket.SHUT_RDWR)
                    break
                sink.sendall(piece)
                passed += len(piece)
                self.passed[way] += len(piece)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
        with self._lock:
            left[0] -= 1
            if left[0] == 0:
                for end in both:
                    end.close()
