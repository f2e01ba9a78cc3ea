"""What a check is declared to be by the place of its module."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from mailaudit.checks.registry import check, checks_in
from mailaudit.checks.rule import Facts, Problem, Severity


@pytest.mark.parametrize(
    ("module", "named", "told"),
    [
        ("nosy", "message", ("message", ())),
        ("nosy", None, ("nosy", ())),
        ("acme.deliverability.greeting", None, ("deliverability", ())),
        ("acme.message.greeting", None, ("message", ("message",))),
    ],
)
def test_the_family_of_a_plug_in_is_its_folder_or_its_one_file(
    monkeypatch: pytest.MonkeyPatch, module: str, named: str | None, told: tuple[str, tuple[str, ...]]
) -> None:
    def too_long(_: Facts) -> Iterator[Problem]:
        """Report nothing."""
        yield from ()

    holder = ModuleType(module)
    monkeypatch.setitem(sys.modules, module, holder)
    too_long.__module__ = module
    holder.__dict__["too_long"] = check(Severity.NOTE, passed="It is short.", family=named)(too_long)
    (declared,) = checks_in(holder)
    assert (declared.family, declared.needs) == told
