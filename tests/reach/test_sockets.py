"""The filter of sockets lets through what it says, by the rules of the machine that runs it."""

from __future__ import annotations

import platform

import pytest

from mailaudit.reach import sockets

MACHINE, CALL = 0xC000003E, 41
INTERNET = (2, 10)
READ, IO_URING = 0, 425


def verdict(families: tuple[int, ...], number: int, family: int = 0, machine: int = MACHINE) -> bool:
    """Run the filter on a system call, and say whether it goes through."""
    shown = {0: number, 4: machine, 16: family}
    steps = sockets._steps(MACHINE, CALL, families)
    at, value = 0, 0
    while True:
        operation, skip_if, skip_else, constant = steps[at]
        if operation == 0x06:
            return constant == 0x7FFF0000
        if operation == 0x20:
            value, skip = shown[constant], 0
        else:
            holds = value == constant if operation == 0x15 else value >= constant
            skip = skip_if if holds else skip_else
        at += 1 + skip


@pytest.mark.parametrize(("families", "passing"), [((), set()), (INTERNET, set(INTERNET))])
def test_only_sockets_of_some_families_are_opened(families: tuple[int, ...], passing: set[int]) -> None:
    assert {family for family in range(50) if verdict(families, CALL, family)} == passing
    assert verdict(families, READ)
    assert not verdict(families, IO_URING)
    assert not verdict(families, CALL | 0x40000000, INTERNET[0])
    assert not verdict(families, READ, machine=0x40000003)


def test_a_machine_of_unknown_calls_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "vax")
    assert "vax" in (sockets.refuse_sockets(but_internet=True) or "")
