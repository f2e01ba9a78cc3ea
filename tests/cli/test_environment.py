"""A misspelt variable is told; a right one, a key and those of others are not."""

from __future__ import annotations

import pytest

from mailaudit.cli.environment import tell_misspelt_variables


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("MAILAUDIT_FAILON", "did you mean MAILAUDIT_FAIL_ON?"),
        ("MAILAUDIT_DNS_SERVERS", "did you mean MAILAUDIT_DNS_SERVER?"),
        ("MAILAUDIT_QQQQ", "every option"),
        ("MAILAUDIT_FAIL_ON", None),
        ("MAILAUDIT_LISTS_SPAMHAUS_KEY", None),
        ("MAILAUDIT_DEBUG", None),
    ],
)
def test_a_variable_that_no_option_has(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, said: str | None
) -> None:
    monkeypatch.setenv(name, "1")
    tell_misspelt_variables()
    told = capsys.readouterr().err
    assert (f"{name}: " in told and said in told) if said else told == ""
