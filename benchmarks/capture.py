"""How many messages a second the sink takes from one client, beside aiosmtpd, and how true its times are.

Run `python benchmarks/capture.py [MESSAGES]`; `pip install aiosmtpd` adds the peer. The client does nothing but
talk, so that it is not the bottleneck.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import multiprocessing
import os
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mailaudit.capture.run import CaptureOptions, Ports, capture
from mailaudit.cli.outputs import write_atomically
from mailaudit.facts.capture.read import read_capture

MESSAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
SIZE = 10_000
PACED, A_SECOND = 500, 250
BODY = b"From: N <news@acme.example>\r\nSubject: s\r\n\r\n" + (b"x" * 76 + b"\r\n") * (SIZE // 78) + b".\r\n"


def _talk(port: int, count: int, pause: float, sent: multiprocessing.Queue[list[float]] | None = None) -> None:
    """Send so many messages over one connection, each answer awaited, at an even pace if there is one."""
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = raw.makefile("rb")

        def ask(data: bytes) -> None:
            raw.sendall(data)
            while lines.readline()[3:4] == b"-":
                pass

        ask(b"")
        ask(b"EHLO bench.example\r\n")
        began, times = time.monotonic(), []
        for number in range(count):
            if pause:
                time.sleep(max(0.0, began + number * pause - time.monotonic()))
            for line in (b"MAIL FROM:<n@acme.example>\r\n", b"RCPT TO:<p%d@gmail.com>\r\n" % number, b"DATA\r\n"):
                ask(line)
            times.append(time.monotonic())
            ask(BODY)
        with contextlib.suppress(ConnectionError):  # the capture may be over
            raw.sendall(b"QUIT\r\n")
    if sent is not None:
        sent.put(times)


def _rate(serve: Callable[[Callable[[int], None]], None]) -> float:
    """Return messages a second of a server that calls back with its port and ends with the client."""
    took = []

    def client(port: int) -> None:
        process = multiprocessing.Process(target=_talk, args=(port, MESSAGES, 0.0))
        began = time.monotonic()
        process.start()
        took.append((process, began))

    serve(client)
    process, began = took[0]
    process.join()
    return MESSAGES / (time.monotonic() - began)


def _ours(client: Callable[[int], None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        options = CaptureOptions(Path(folder) / "capture", Ports(0, 0, 0), most_messages=MESSAGES)
        capture(options, write=write_atomically, on_ready=lambda ports: client(ports["plain"]))


def _aiosmtpd(client: Callable[[int], None]) -> None:
    from aiosmtpd.smtp import SMTP  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - the peer

    class Handler:
        count = 0

        async def handle_DATA(self, _server: object, _session: object, _envelope: object) -> str:  # noqa: N802 - its name
            self.count += 1
            if self.count == MESSAGES:
                done.set()
            return "250 OK"

    handler, done = Handler(), asyncio.Event()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", 0)
        client(server.sockets[0].getsockname()[1])
        await done.wait()
        await asyncio.sleep(0.1)
        server.close()

    asyncio.run(main())


def _drift() -> float:
    """Return by how much recorded times of a paced stream are off at most, in milliseconds, the constant part aside."""
    sent: multiprocessing.Queue[list[float]] = multiprocessing.Queue()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "capture"
        options = CaptureOptions(folder, Ports(0, 0, 0), most_messages=PACED)

        def ready(ports: dict[str, int]) -> None:
            multiprocessing.Process(target=_talk, args=(ports["plain"], PACED, 1 / A_SECOND, sent)).start()

        capture(options, write=write_atomically, on_ready=ready)
        seen = [line.at for line in read_capture(folder).lines() if line]
    times = sent.get(timeout=10)
    gaps = sorted(at - then for at, then in zip(seen, times, strict=True))
    middle = gaps[len(gaps) // 2]
    return max(abs(gap - middle) for gap in gaps) * 1000


def main() -> None:
    """Print the figures."""
    ours = _rate(_ours)
    print(f"{MESSAGES:,} messages of {SIZE:,} octets, one client, on {os.cpu_count()} cores: {ours:,.0f} a second")
    if importlib.util.find_spec("aiosmtpd"):
        peer = _rate(_aiosmtpd)
        print(f"aiosmtpd, which keeps nothing: {peer:,.0f} a second; ours is {ours / peer:.2f} times as fast")
    else:
        print("aiosmtpd is not installed: no peer to compare with")
    print(f"a stream of {A_SECOND} a second is recorded to within {_drift():.1f} ms")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most")


if __name__ == "__main__":
    main()
