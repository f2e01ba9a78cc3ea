import pytest

from mailaudit.errors import refused, without_passwords


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("'smtp://joe:hunter2@mail.acme.example:587' is a web address", "'smtp://joe:…@mail.acme.example:587' is"),
        ("joe:hunter2@mail.acme.example", "joe:…@mail.acme.example"),
        ("joe@acme.example:hunter2@mail.acme.example", "joe@acme.example:…@mail.acme.example"),
        ("https:/joe:a/b@c@host/x.csv: there is no such file", "https:/joe:…@host/x.csv: there is no such file"),
        ("campaign.yml:2:11: sending.smtp: 'joe:hunter2@h'", "campaign.yml:2:11: sending.smtp: 'joe:…@h'"),
    ],
)
def test_no_message_tells_a_password(text: str, told: str) -> None:
    assert told in without_passwords(text)
    assert "hunter2" not in str(refused(text))


@pytest.mark.parametrize(
    "text",
    [
        "campaign.yml:2:11: from: 'news@acme' is no address",
        "rua=mailto:ann@reader.example",
        "10:30 a…@acme.example",
        "::1",
    ],
)
def test_what_holds_no_password_stays(text: str) -> None:
    assert without_passwords(text) == text
