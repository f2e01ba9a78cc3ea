"""A subject that could not be judged is named in the report, so each kind of them says how it is called."""

from __future__ import annotations

import inspect
import sys
import typing

import pytest

from mailaudit.checks.registry import Check, all_checks
from mailaudit.facts.message.probes.model import AskedLink

JUDGED_EACH = [check for check in all_checks().values() if check.subjects is not None]


@pytest.mark.parametrize("check", JUDGED_EACH, ids=lambda check: check.name)
def test_no_subject_is_named_by_its_inside(check: Check) -> None:
    names = {**vars(sys.modules[check.judge.__module__]), "AskedLink": AskedLink}
    _, kind, *_ = inspect.get_annotations(check.judge, globals=names, eval_str=True).values()
    for one in typing.get_args(kind) or (kind,):
        assert one.__str__ is not object.__str__, one
