"""Every program's configuration is read into its true pace, and nothing of it runs or leaks."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mailaudit.errors import InputError
from mailaudit.facts.volume.settings.read import read_settings, readers
from mailaudit.knowledge.volume import find_limiter

Rate = tuple[int, Fraction | int | float]
LISTMONK = """{"data": {"app.concurrency": 2, "app.message_rate": 5, "app.message_sliding_window": %s,
"app.message_sliding_window_duration": "1m30s", "app.message_sliding_window_rate": 18, "smtp": [{"password": "s3cret"}]}}"""
POSTFIX = "myhostname = mail.acme.example\n# smtp_transport_rate_delay = 9s\n"
CRON = "MAILTO=root\n# 0 * * * * sendmail --limit=3\n%s php bin/console messenger:consume email %s\n"
KUMO = '["gmail.com"]\nmax_message_rate = "1/h"\n["default"]\nconnection_limit = 3\n'


@pytest.mark.parametrize(
    ("program", "text", "pace"),
    [
        ("listmonk", LISTMONK % "false", (10, 1)),
        ("listmonk", LISTMONK % "true", (19, 90)),
        ("listmonk", "[app]\naddress = '0.0.0.0:9000'\nconcurrency = 3\nmessage_rate = 4\n", (12, 1)),
        ("listmonk", "[app]\naddress = '0.0.0.0:9000'\n[db]\npassword = 's3cret'\n", (100, 1)),
        ("phplist", "<?php\n$database_name = 'x';\n", None),
        ("phplist", "<?php\ndefine('MAILQUEUE_BATCH_SIZE', 0);\n", None),
        (
            "phplist",
            "<?php\ndefine('MAILQUEUE_BATCH_SIZE', 90); // define('MAILQUEUE_BATCH_SIZE', 9);\n",
            (90, 3600),
        ),
        ("phplist", "define('MAILQUEUE_BATCH_SIZE',90);define('MAILQUEUE_BATCH_PERIOD',60);", (90, 60)),
        ("phplist", "define('MAILQUEUE_BATCH_SIZE',90);\ndefine('MAILQUEUE_AUTOTHROTTLE', 1);", (1, 40)),
        ("phplist", "define('MAILQUEUE_THROTTLE', '0.5');", (1, Fraction(1, 2))),
        ("phplist", "define('MAILQUEUE_BATCH_SIZE',90);/* define('MAILQUEUE_BATCH_SIZE',1); */", (90, 3600)),
        (
            "mautic",
            "<?php $parameters = array('mailer_spool_type' => 'file', 'mailer_spool_msg_limit' => '50');",
            (50, 60),
        ),
        ("mautic", "<?php return ['mailer_spool_type' => 'memory', 'mailer_spool_msg_limit' => 50];", None),
        ("mautic", "<?php return ['mailer_from_email' => 'a@b.example', 'mailer_spool_msg_limit' => null];", None),
        ("postfix", POSTFIX, None),
        ("postfix", POSTFIX + "default_destination_rate_delay = 2s\n", None),
        ("postfix", POSTFIX + "relayhost = [mx.acme.example]\ndefault_destination_rate_delay = 2s\n", (1, 2)),
        ("postfix", POSTFIX + "default_transport_rate_delay = 1m\n", (1, 60)),
        ("kumomta", KUMO, None),
        ("kumomta", KUMO + 'additional_message_rate_throttles = {"all" = "1,200/hr", "b" = "9/s"}\n', (1, 3)),
        ("cron", CRON % ("*/5 * * * *", "--limit=50"), (50, 300)),
        ("cron", CRON % ("*/8 * * * *", "--limit 50"), (50, 240)),
        ("cron", CRON % ("0,30 9-17 * * *", "--limit=50"), (50, 1800)),
        ("cron", CRON % ("15 3 * * *", "--limit=50"), (50, 86_400)),
        ("cron", CRON % ("* * * * *", ""), None),
    ],
)
def test_a_configuration_is_read_into_its_pace(program: str, text: str, pace: Rate | None, tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text(text, encoding="utf-8")
    found = read_settings(file, None)
    assert found.program == program
    assert (found.pace and (found.pace.size, found.pace.step)) == pace
    assert "s3cret" not in "".join(found.changed(dict.fromkeys((*found.settings, "new"), "1")))


def test_every_reader_belongs_to_a_limiter_that_can_be_typed_in() -> None:
    for reader in readers():
        limiter = find_limiter(reader.program)
        assert limiter is not None
        assert limiter.typed


def test_changed_lines_are_told_without_their_neighbours(tmp_path: Path) -> None:
    file = tmp_path / "config.php"
    file.write_text("<?php\n$p = 'x'; define('MAILQUEUE_BATCH_SIZE', 0);\n", encoding="utf-8")
    found = read_settings(file, "phpList")
    assert found.changed({"MAILQUEUE_BATCH_SIZE": "39", "MAILQUEUE_BATCH_PERIOD": "60"}) == (
        "config.php:2",
        "- define('MAILQUEUE_BATCH_SIZE', 0);",
        "+ define('MAILQUEUE_BATCH_SIZE', 39);",
        "config.php (new)",
        "+ define('MAILQUEUE_BATCH_PERIOD', 60);",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[" * 100_000,
        '{"app.message_rate": ' + "[" * 100_000,
        '{"app.message_rate": 1e999999999, "app.concurrency": "' + "9" * 5000 + '"}',
        "<?php define('MAILQUEUE_BATCH_SIZE', 1e999999);",
        "<?php define('MAILQUEUE_BATCH_SIZE', 9999999999999999999999999);",
        "default_transport_rate_delay = fast\n",
        '["default"]\nmax_message_rate = "x"\nadditional_message_rate_throttles = {a = "0/s"}\n',
        "*/0 * * * * sendmail --limit=3",
        "99 * * * * sendmail --limit=3",
        "x" * ((1 << 20) + 1),
    ],
)
def test_what_cannot_be_understood_is_said_so_at_once(text: str, tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"sending\.settings"):
        read_settings(file, None)


def test_a_toml_file_is_changed_in_toml(tmp_path: Path) -> None:
    file = tmp_path / "listmonk.toml"
    file.write_text("[app]\nmessage_rate = 4\n")
    found = read_settings(file, "listmonk")
    told = found.changed({"app.message_rate": "2", "app.message_sliding_window_duration": '"30s"'})
    assert told == (
        "listmonk.toml:2",
        "- message_rate = 4",
        "+ message_rate = 2",
        "listmonk.toml (new, under [app])",
        '+ message_sliding_window_duration = "30s"',
    )
