"""Every program's configuration is read into its true pace, and nothing of it runs or leaks."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mailaudit.errors import InputError
from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings.model import Unwritable
from mailaudit.facts.volume.settings.read import read_settings, readers
from mailaudit.knowledge.volume import find_limiter

Rate = tuple[int, Fraction | int | float]
LISTMONK = """{"data": {"app.concurrency": 2, "app.message_rate": 5, "app.message_sliding_window": %s,
"app.message_sliding_window_duration": "1m30s", "app.message_sliding_window_rate": 18, "smtp": [{"password": "s3cret"}]}}"""
POSTFIX = "myhostname = mail.acme.example\n# smtp_transport_rate_delay = 9s\n"
CRON = "MAILTO=root\n# 0 * * * * sendmail --limit=3\n%s php bin/console messenger:consume email %s\n"
SHARED = "additional_message_rate_throttles"
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
        ("cron", CRON % ("@hourly", "--limit=50"), (50, 3600)),
        ("cron", CRON % ("@weekly", "--limit=50"), (50, 604_800)),
        ("cron", CRON % ("*/10 8-18/2 * jan-dec mon-fri www-data", "--limit=50"), (50, 600)),
        ("cron", CRON % ("0 9 * * Mon,Thu", "--limit=50"), (50, 259_200)),
        ("cron", CRON % ("0 9 1,15 * 7", "--limit=50"), (50, 86_400)),
        ("cron", CRON % ("0 * * * *", "--limit=50\n20 * * * * sendmail --limit=70"), (70, 1200)),
        ("cron", CRON % ("0 * * * *", "--limit=50\n0 * * * * sendmail --limit=70"), (120, 3600)),
        ("phplist", "define('MAILQUEUE_BATCH_SIZE',90);define('MAILQUEUE_BATCH_PERIOD', 60*60);", (90, 3600)),
        ("phplist", "define('MAILQUEUE_BATCH_SIZE',9);define('MAILQUEUE_BATCH_SIZE', 90);", (9, 3600)),
        ("mautic", "<?php return ['messenger_dsn_email' => 'doctrine://', 'mailer_spool_msg_limit' => 50];", None),
        (
            "postfix",
            POSTFIX + "relayhost =\n [mx.acme.example]\nslow = 3s\nsmtp_destination_rate_delay = $slow\n",
            (1, 3),
        ),
        ("postfix", POSTFIX + "default_transport = slow:\nslow_transport_rate_delay = 5\n", (1, 5)),
        (
            "postfix",
            POSTFIX
            + "sender_dependent_default_transport_maps = randmap:{a:, b:}\ndefault_transport_rate_delay = 5s\n",
            (2, 5),
        ),
        (
            "kumomta",
            KUMO + f'{SHARED} = {{everything = "9/s"}}\n["t.example".{SHARED}]\nmore = "1/s"\n',
            (1, Fraction(1, 9)),
        ),
        ("kumomta", KUMO + f'{SHARED} = {{everything = "9/s"}}\n["t.example"]\nreplace_base = true\n', None),
    ],
)
def test_a_configuration_is_read_into_its_pace(program: str, text: str, pace: Rate | None, tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text(text, encoding="utf-8")
    found = read_settings(file, None)
    assert found.program == program
    assert (found.pace and (found.pace.size, found.pace.step)) == pace
    assert "s3cret" not in repr(found)


def test_every_reader_belongs_to_a_limiter_that_can_be_typed_in() -> None:
    for reader in readers():
        limiter = find_limiter(reader.program)
        assert limiter is not None
        assert limiter.typed


PHPLIST = {"MAILQUEUE_BATCH_SIZE": "39", "MAILQUEUE_BATCH_PERIOD": "60"}
MAUTIC = {"mailer_spool_msg_limit": "39", "messenger:consume email --limit": "39", "crontab": "* * * * *"}
DELAYS = {"default_destination_rate_delay": "14s", "default_transport_rate_delay": "14s"}
RANDOM = {"sender_dependent_default_transport_maps": "randmap:{pace1:, pace2:}"}
THROTTLE = {f"{SHARED}.everything": '"39/min,max_burst=1"'}
EVERYTHING = f'+ {SHARED} = {{ everything = "39/min,max_burst=1" }}'
EACH_MINUTE = Pace(Fraction(60), 39)
NEW = ["file (new)"]


def changed(text: str, software: str, typed: dict[str, str], pace: Pace, folder: Path) -> list[str]:
    file = folder / "file"
    file.write_text(text, encoding="utf-8")
    return list(read_settings(file, software).changed(typed, pace))


@pytest.mark.parametrize(
    ("software", "text", "typed", "pace", "lines"),
    [
        (
            "phpList",
            "<?php\n$p = 's3cret'; define('MAILQUEUE_BATCH_SIZE', 5 * 60);\n?>\n",
            PHPLIST,
            EACH_MINUTE,
            [
                "file:2",
                "- define('MAILQUEUE_BATCH_SIZE', 5 * 60);",
                "+ define('MAILQUEUE_BATCH_SIZE', 39);",
                *NEW,
                "+ define('MAILQUEUE_BATCH_PERIOD', 60);",
            ],
        ),
        # What is paced by a pause beside the batch is no longer.
        (
            "phpList",
            "<?php define('MAILQUEUE_BATCH_SIZE', 39); define('MAILQUEUE_BATCH_PERIOD',60); define('MAILQUEUE_THROTTLE', 5);",
            PHPLIST,
            EACH_MINUTE,
            ["file:1", "- define('MAILQUEUE_THROTTLE', 5);", "+ define('MAILQUEUE_THROTTLE', 0);"],
        ),
        (
            "mautic",
            "<?php\n$parameters = array(\n  'mailer_from_email' => 'a@b.example',\n  'mailer_spool_type' => 'memory'\n);\n",
            MAUTIC,
            EACH_MINUTE,
            [
                "file:4",
                "- 'mailer_spool_type' => 'memory',",
                "+ 'mailer_spool_type' => 'file',",
                *NEW,
                "+ 'mailer_spool_msg_limit' => 39,",
            ],
        ),
        # A transport's own parameter stands in for the default.
        (
            "postfix",
            f"{POSTFIX}relayhost =\n   [mx.acme.example]\nsmtp_destination_rate_delay = 1s\n",
            DELAYS,
            Pace(Fraction(14)),
            [
                *NEW,
                "+ default_destination_rate_delay = 14s",
                *NEW,
                "+ default_transport_rate_delay = 14s",
                "file:5",
                "- smtp_destination_rate_delay = 1s",
                "+ smtp_destination_rate_delay = 14s",
            ],
        ),
        (
            "postfix",
            f"{POSTFIX}default_transport_rate_delay =\n  # slowly\n  2s\n",
            DELAYS | RANDOM,
            Pace(Fraction(7)),
            [
                *NEW,
                "+ default_destination_rate_delay = 14s",
                "file:3",
                "- default_transport_rate_delay = 2s",
                "+ default_transport_rate_delay = 14s",
                *NEW,
                "+ sender_dependent_default_transport_maps = randmap:{pace1:, pace2:}",
            ],
        ),
        ("kumomta", KUMO, THROTTLE, EACH_MINUTE, [*NEW, EVERYTHING]),
        ("kumomta", KUMO.replace('["default"]', "[default]"), THROTTLE, EACH_MINUTE, [*NEW, EVERYTHING]),
        ("kumomta", '["gmail.com"]\nconnection_limit = 3\n', THROTTLE, EACH_MINUTE, [*NEW, EVERYTHING]),
        (
            "kumomta",
            f'{KUMO}{SHARED} = {{"day" = "90/s"}}\n',
            THROTTLE,
            EACH_MINUTE,
            ["file:5", f'- {SHARED} = {{"day" = "90/s"}}', f'{EVERYTHING[:-2]}, "day" = "90/s"}}'],
        ),
        (
            "kumomta",
            f'{KUMO}["default".{SHARED}]\nday = "90/s"\n',
            THROTTLE,
            EACH_MINUTE,
            [*NEW, '+ everything = "39/min,max_burst=1"'],
        ),
        (
            "kumomta",
            f'{KUMO}{SHARED} = {{everything = "90/s"}}\n',
            THROTTLE,
            EACH_MINUTE,
            ["file:5", f'- {SHARED} = {{everything = "90/s"}}', EVERYTHING.replace("{ ", "{").replace(" }", "}")],
        ),
        (
            "cron",
            CRON % ("@hourly www-data", "-q --limit=50 >> /dev/null"),
            {"when": "*/5 * * * *", "--limit": "195"},
            Pace(Fraction(300), 195),
            ["file:3", "- @hourly …", "+ */5 * * * * …", "file:3", "- … --limit=50", "+ … --limit=195"],
        ),
    ],
)
def test_changed_lines_are_told_without_their_neighbours(  # noqa: PLR0917 - a row of the table
    software: str, text: str, typed: dict[str, str], pace: Pace, lines: list[str], tmp_path: Path
) -> None:
    assert changed(text, software, typed, pace, tmp_path) == lines


@pytest.mark.parametrize(
    ("software", "text", "typed", "pace", "reason"),
    [
        (
            "mautic",
            "<?php $p = ['mailer_from_email' => 'a', 'mailer_dsn' => 'x'];",
            MAUTIC,
            EACH_MINUTE,
            "--limit=39",
        ),
        ("cron", CRON % ("* * * * *", ""), {"when": "* * * * *", "--limit": "39"}, EACH_MINUTE, "no number"),
        (
            "cron",
            CRON % ("0 * * * *", "--limit=9\n30 * * * * sendmail --limit=9"),
            {"when": "* * * * *", "--limit": "39"},
            EACH_MINUTE,
            "several",
        ),
        (
            "kumomta",
            f'{KUMO}{SHARED} = {{day = "9/day"}}\n',
            THROTTLE,
            EACH_MINUTE,
            "sets another pace",
        ),
        (
            "kumomta",
            f'{KUMO}{SHARED} = {{everything = "9/s"}}\n["t.example"]\nreplace_base = true\n',
            THROTTLE,
            EACH_MINUTE,
            "of its own",
        ),
        (
            "postfix",
            f"{POSTFIX}sender_dependent_default_transport_maps = hash:/etc/postfix/by_sender\n",
            DELAYS | RANDOM,
            Pace(Fraction(7)),
            "where mail goes",
        ),
    ],
)
def test_lines_that_would_not_keep_the_pace_are_not_told(  # noqa: PLR0917 - a row of the table
    software: str, text: str, typed: dict[str, str], pace: Pace, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(Unwritable, match=reason):
        changed(text, software, typed, pace, tmp_path)


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
        "5-1 * * * * sendmail --limit=3",
        "* * * * * sendmail --limit=3\n" * 60,
        "<?php define('MAILQUEUE_BATCH_SIZE', getenv('SIZE') ?: 9);",
        "x" * ((1 << 20) + 1),
    ],
)
def test_what_cannot_be_understood_is_said_so_at_once(text: str, tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"sending\.settings"):
        read_settings(file, None)


def test_a_throttle_that_is_new_is_told_with_its_table(tmp_path: Path) -> None:
    file = tmp_path / "shaping.toml"
    file.write_text('["gmail.com"]\nconnection_limit = 3\n')
    told = read_settings(file, "kumomta").changed({f"{SHARED}.everything": '"9/s"'}, Pace(Fraction(1, 9)))
    assert told == ('shaping.toml (new, under ["default"])', f'+ {SHARED} = {{ everything = "9/s" }}')


def test_a_toml_file_is_changed_in_toml(tmp_path: Path) -> None:
    file = tmp_path / "listmonk.toml"
    file.write_text("[app]\nmessage_rate = 4\n")
    found = read_settings(file, "listmonk")
    told = found.changed(
        {"app.message_rate": "2", "app.message_sliding_window_duration": '"30s"'}, Pace(Fraction(1, 20))
    )
    assert told == (
        "listmonk.toml:2",
        "- message_rate = 4",
        "+ message_rate = 2",
        "listmonk.toml (new, under [app])",
        '+ message_sliding_window_duration = "30s"',
    )
