"""A capture from its first message to its last: the ports, the program that sends, and what ends it."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import Struct

from mailaudit.capture.certificate import make_context
from mailaudit.capture.envelope import Envelope, Greeting, Judge
from mailaudit.capture.limits import Bounds
from mailaudit.capture.ports import HOST, PLAIN, STARTTLS, TLS
from mailaudit.capture.receiver import Receiver
from mailaudit.capture.recording import Recording
from mailaudit.capture.server import Sink
from mailaudit.errors import InputError, refused

AUTHORITY = "ca.pem"
_FLUSH_S = 0.5
_STOP_S = 5.0
# How long nothing comes until what a program left running in the background is waited for no longer.
_QUIET_S, _LOOK_S = 3.0, 0.05


class Ports(Struct, frozen=True):
    """The ports of loopback on which to listen, 0 for any that is free."""

    plain: int = 2525
    starttls: int = 2587
    tls: int = 2465


class CaptureOptions(Struct, frozen=True):
    """What to record and until when; durations are seconds.

    `answer` names whom the sink plays; `command` is run, with the ports in its environment, and its end, and that of what it
    started, ends the capture.
    """

    folder: Path
    ports: Ports = Ports()
    most_seconds: float | None = None
    most_messages: int | None = None
    idle_seconds: float | None = None
    command: Sequence[str] = ()
    answer: str | None = None
    bounds: Bounds = Bounds()


class Progress(Struct, frozen=True):
    """How far a capture is; `rate` is messages in the last second."""

    messages: int
    recipients: int
    rate: float
    connections: int
    providers: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class _State:
    done: asyncio.Event = field(default_factory=asyncio.Event)
    ended_by: str = ""
    before: int = 0

    def end(self, why: str) -> None:
        if not self.ended_by:
            self.ended_by = why
            self.done.set()


def capture(
    options: CaptureOptions,
    *,
    write: Callable[[Path, str], None],
    on_ready: Callable[[dict[str, int]], None] = lambda _: None,
    on_progress: Callable[[Progress], None] | None = None,
) -> dict[str, Any]:
    """Record until something ends it and return the summary; raises `InputError` for a port or folder that cannot be used."""
    return asyncio.run(_capture(options, write, on_ready, on_progress))


async def _capture(
    options: CaptureOptions,
    write: Callable[[Path, str], None],
    on_ready: Callable[[dict[str, int]], None],
    on_progress: Callable[[Progress], None] | None,
) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    state = _State()
    _require_runnable(options)
    judge = Receiver(options.answer, loop.time) if options.answer else Judge()
    context, authority = make_context()

    def deliver(greeting: Greeting, envelope: Envelope, reply: str) -> None:
        if state.done.is_set():
            return
        sink.traffic.last = loop.time()
        recording.take(greeting, envelope, reply)
        if recording.error is not None:
            state.end("error")
        elif options.most_messages is not None and recording.messages >= options.most_messages:
            state.end("messages")

    sink = Sink(deliver, judge=judge, bounds=options.bounds, context=context)
    sink.traffic.last = loop.time()
    try:
        ports = await sink.listen(
            {PLAIN: options.ports.plain, STARTTLS: options.ports.starttls, TLS: options.ports.tls}
        )
    except OSError as error:
        await sink.close()
        what = f"a port of {HOST} cannot be used ({error.strerror or error})"
        raise refused(what, todo="choose others: --port, --starttls-port, --tls-port") from error
    try:
        recording = Recording(options.folder, loop.time(), write)
        write(options.folder / AUTHORITY, authority)
    except InputError:
        await sink.close()
        raise
    await sink.start()
    recording.summarise(None, ports=ports, answer=options.answer)
    on_ready(ports)
    ticker = loop.create_task(_tick(options, sink, recording, state, on_progress))
    runner = loop.create_task(_run(options.command, ports, sink, state)) if options.command else None
    code = None
    try:
        with _signals(state):
            await state.done.wait()
        if runner is not None:
            code = await _ended(runner)
    finally:
        ticker.cancel()
        ended = loop.time()
        await sink.close()
        traffic = sink.traffic
        summary = recording.finish(
            ended,
            ended_by=state.ended_by or "error",
            ports=ports,
            answer=options.answer,
            connections=traffic.connections,
            most_connections=traffic.most_open,
            refused_connections=traffic.refused,
            unfinished_messages=traffic.unfinished,
            broken_off_messages=traffic.broken_off,
            command_exit=code,
        )
    return summary


def _require_runnable(options: CaptureOptions) -> None:
    """Raise `InputError` for two ports that are the same, and for a program that does not exist."""
    wanted = [port for port in (options.ports.plain, options.ports.starttls, options.ports.tls) if port]
    if len(set(wanted)) < len(wanted):
        raise refused("two kinds of connections have the same port", todo="give each a port of its own")
    if options.command and shutil.which(options.command[0]) is None:
        raise refused(f"{options.command[0]}: no such program", todo="name the program with its path")


async def _tick(
    options: CaptureOptions,
    sink: Sink,
    recording: Recording,
    state: _State,
    on_progress: Callable[[Progress], None] | None,
) -> None:
    """Write the lines twice a second, tell how far it is, and end what lasts too long."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while True:
        await asyncio.sleep(_FLUSH_S)
        recording.flush()
        now = loop.time()
        if recording.error is not None:
            state.end("error")
        if options.most_seconds is not None and now - began >= options.most_seconds:
            state.end("for")
        # A client that holds a connection open and says nothing does not keep the capture alive.
        if (
            options.idle_seconds is not None
            and recording.messages
            and now - sink.traffic.last >= options.idle_seconds
        ):
            state.end("idle")
        if on_progress is not None:
            rate = (recording.messages - state.before) / _FLUSH_S
            state.before = recording.messages
            largest = tuple(recording.providers.most_common(3))
            on_progress(Progress(recording.messages, recording.deliveries, rate, sink.traffic.open, largest))


async def _run(command: Sequence[str], ports: dict[str, int], sink: Sink, state: _State) -> int | None:
    """Run the program that sends, and what it starts; what they print goes to stderr, for stdout is the report's."""
    told = {
        "MAILAUDIT_CAPTURE_HOST": HOST,
        "MAILAUDIT_CAPTURE_PORT": str(ports[PLAIN]),
        "MAILAUDIT_CAPTURE_STARTTLS_PORT": str(ports[STARTTLS]),
        "MAILAUDIT_CAPTURE_TLS_PORT": str(ports[TLS]),
    }
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            env=os.environ | told,
            start_new_session=True,
        )
    except OSError as error:
        state.end("error")
        what = f"{command[0]}: cannot be run ({error.strerror or error})"
        raise refused(what, todo="name the program with its path") from error
    try:
        code = await process.wait()
        await _quiet(process.pid, sink)
        state.end("background" if _lives(process.pid) else "command")
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _STOP_S)
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
        return None
    return code


async def _quiet(group: int, sink: Sink) -> None:
    """Wait while what the program started is alive, or somebody connected, and something came of late."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    # Nobody tells when a process that is not our child has ended.
    while loop.time() - max(began, sink.traffic.last) < _QUIET_S and (sink.connections or _lives(group)):  # noqa: ASYNC110
        await asyncio.sleep(_LOOK_S)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except OSError:
        return False
    return True


async def _ended(runner: asyncio.Task[int | None]) -> int | None:
    """Return the exit code of the program, which is stopped when it still runs."""
    if not runner.done():
        runner.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        return await runner
    return None


@contextlib.contextmanager
def _signals(state: _State) -> Any:
    """Let Ctrl-C and SIGTERM end the capture as any limit does: what came is a capture."""
    loop = asyncio.get_running_loop()
    held = []
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no such handlers, and another thread than the first may set none.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, state.end, "interrupted")
            held.append(number)
    try:
        yield
    finally:
        for number in held:
            loop.remove_signal_handler(number)
