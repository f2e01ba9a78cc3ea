"""Takes from this process what an untrusted campaign has no use for: files elsewhere, and connections but to DNS.

Linux does it with Landlock (kernel 5.13; connections from 6.7 on) and with a filter of the sockets. It holds for every thread
that starts afterwards, for what they run, and cannot be undone; so it is done before a plug-in reads any of the campaign.
Source: The Linux kernel user-space API guide, "Landlock: unprivileged access control".
"""

import ctypes
import os
import sys
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path

from mailaudit.reach.leftovers import IN_USE, SCRATCH, hold, sweep
from mailaudit.reach.sockets import refuse_sockets

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_FLAG = 1
_NO_NEW_PRIVILEGES = 38
_PATH_BENEATH, _PORT = 1, 2
_EXECUTE, _WRITE, _READ, _LIST, _TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_ALL_OF_FIRST = (1 << 13) - 1
_BIND, _CONNECT = 1 << 0, 1 << 1
_TRUNCATES, _NETWORK = 3, 4
_REMOVE_FOLDER = 1 << 4
_KEPT: list[tempfile.TemporaryDirectory[str]] = []
_READS = _EXECUTE | _READ | _LIST
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE
# What Python, the resolver, TLS and time zones need of the system.
_SYSTEM = (
    "/usr", "/lib", "/lib64", "/bin", "/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/sys/vm",
    "/sys/devices/system", "/sys/fs/cgroup", "/run/systemd/resolve", "/etc/resolv.conf", "/etc/hosts", "/etc/ssl",
    "/etc/pki", "/etc/localtime", "/etc/nsswitch.conf", "/etc/services", "/etc/ld.so.cache", "/etc/ld.so.conf.d",
    "/dev/random", "/dev/urandom", "/dev/zero",
)  # fmt: skip


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


class _Port(ctypes.Structure):
    _fields_ = (("allowed", ctypes.c_uint64), ("port", ctypes.c_uint64))


def confine(readable: Iterable[Path], writable: Iterable[Path], ports: Collection[int] | None) -> str | None:
    """Confine this process to some files and folders, and to TCP connections to some ports (`None`: to any, by any socket).

    Where there are ports, any datagram may be sent too, for such is a question to DNS; without one there is no socket at all.
    Temporary files go into a folder of its own from then on. Returns why that could not be done, or nothing when it was.
    """
    if sys.platform != "linux":
        return "this system has no Landlock"
    call = ctypes.CDLL(None, use_errno=True).syscall
    version = call(_CREATE, None, 0, _VERSION_FLAG)
    if version < 1:
        return f"this kernel has no Landlock ({os.strerror(ctypes.get_errno())})"
    files = _ALL_OF_FIRST | (_TRUNCATE if version >= _TRUNCATES else 0)
    network = (_BIND | _CONNECT) if version >= _NETWORK and ports is not None else 0
    wanted = _Ruleset(files, network)
    ruleset = call(_CREATE, ctypes.byref(wanted), 16 if version >= _NETWORK else 8, 0)
    if ruleset < 0:
        return f"Landlock refused ({os.strerror(ctypes.get_errno())})"
    try:
        for path in (*map(Path, _SYSTEM), *_program(), *readable):
            _allow(call, ruleset, path, _READS)
        for path in (Path("/dev/null"), _own_scratch(), *writable):
            _allow(call, ruleset, path, files)
        _allow(call, ruleset, Path(tempfile.gettempdir()).parent, _REMOVE_FOLDER)
        for port in ports or () if network else ():
            rule = _Port(_CONNECT, port)
            call(_ADD, ruleset, _PORT, ctypes.byref(rule), 0)
        if ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or call(_RESTRICT, ruleset, 0):
            return f"Landlock refused ({os.strerror(ctypes.get_errno())})"
    finally:
        os.close(ruleset)
    if ports and not network:
        return "this kernel has no Landlock for connections"
    return refuse_sockets(but_internet=bool(ports)) if ports is not None else None


def _own_scratch() -> Path:
    """Return a folder for temporary files that nobody else uses; it goes with the process, or with the next run."""
    sweep(Path(tempfile.gettempdir()), f"{SCRATCH}*", IN_USE)
    folder = tempfile.TemporaryDirectory(prefix=SCRATCH, ignore_cleanup_errors=True)
    hold(Path(folder.name) / IN_USE)
    _KEPT.append(folder)
    tempfile.tempdir = folder.name
    return Path(folder.name)


def _program() -> Iterable[Path]:
    """Yield where Python and this program lie; not the current folder, which `python -m` puts on the path."""
    own = Path(__file__).resolve().parents[2]
    folders = {Path(folder).resolve() for folder in (sys.prefix, sys.base_prefix, *filter(None, sys.path))}
    return (own, *sorted(folders - {Path.cwd()}))


def _allow(call: object, ruleset: int, path: Path, access: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # what is not there needs no leave
        return
    try:
        rule = _Beneath(access if path.is_dir() else access & _OF_FILES, folder)
        call(_ADD, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)  # type: ignore[operator]
    finally:
        os.close(folder)
