"""Takes from this process the sockets that Landlock leaves it: datagrams, and those in the file system (Linux, seccomp).

Source: The Linux kernel user-space API guide, "Seccomp BPF (SECure COMPuting with filters)".
"""

import ctypes
import errno
import os
import platform
import socket
import struct

_SET_SECCOMP, _FILTER = 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16  # where they stand in what a filter is shown
_OTHER_ABI = 0x40000000  # the x32 numbers of the same calls
_IO_URING = 425  # opens sockets without the call
# The machine as the kernel writes it, and its number of the call `socket`.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}

_Step = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refuse_sockets(*, but_internet: bool) -> str | None:
    """Refuse this thread, and what it starts, every new socket, or all but those of the internet.

    It cannot be undone, and needs that the process can gain no privileges any more. Returns why it could not be done.
    """
    known = _MACHINES.get(platform.machine())
    if known is None:
        return f"nobody knows its system calls on {platform.machine()}"
    families = (socket.AF_INET, socket.AF_INET6) if but_internet else ()
    steps = b"".join(struct.pack("=HBBI", *step) for step in _steps(*known, families))
    program = _Program(len(steps) // 8, steps)
    if ctypes.CDLL(None, use_errno=True).prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0):
        return f"seccomp refused ({os.strerror(ctypes.get_errno())})"
    return None


def _steps(machine: int, call: int, families: tuple[int, ...]) -> tuple[_Step, ...]:
    """Return the filter: each step is an operation, how many to skip if true and if not, and a value."""
    allowed = tuple((_EQUAL, len(families) - place, 0, family) for place, family in enumerate(families))
    return (
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, len(families) + 3, 0, _OTHER_ABI),
        (_EQUAL, len(families) + 2, 0, _IO_URING),
        (_EQUAL, 0, len(families) + 2, call),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        *allowed,
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    )
