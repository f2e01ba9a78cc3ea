"""Mautic's local.php: `mailer_spool_msg_limit` messages in a run of its cron job, where mail is queued (`mailer_spool_type`).

The file does not tell how often the job runs: every minute is the most that cron can do. From Mautic 5 on mail goes through
Symfony's messenger (`mailer_dsn`, `messenger_dsn_email`); its queue is limited on the command line
(`messenger:consume email --limit=N`), which stands in the crontab, and the old setting does nothing.
Source: github:mautic/mautic, EmailBundle/Config/config.php; issues 1916 and 7031; https://docs.mautic.org, cron jobs.
"""

import re
from collections.abc import Mapping
from fractions import Fraction

from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings.assignments import matches_of, without_php_comments
from mailaudit.facts.volume.settings.model import Reader, Settings, Unwritable, number

_KEY = re.compile(
    r"(?P<quote>['\"])(?P<name>mailer_spool_[a-z_]+|mailer_dsn|messenger_dsn_email)(?P=quote)\s*=>\s*"
    r"(?P<value>'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"|[^,\n\])]{0,40})"
)
_RUN = Fraction(60)
_LIMIT = "mailer_spool_msg_limit"
_MESSENGER = ("mailer_dsn", "messenger_dsn_email")


def _read(text: str) -> Settings:
    # Of a key that stands twice in an array the last counts.
    return dict(matches_of(_KEY, without_php_comments(text)))


def _pace(settings: Settings) -> Pace | None:
    limit = int(number(settings, _LIMIT))
    kind = settings.get("mailer_spool_type")
    queued = kind is None or kind.value.strip("'\"") != "memory"
    return Pace(_RUN, limit) if limit and queued and not _has_messenger(settings) else None


def _has_messenger(settings: Settings) -> bool:
    return any(name in settings for name in _MESSENGER)


def _wanted(settings: Settings, typed: Mapping[str, str]) -> Mapping[str, str]:
    run = f"{typed['crontab']} … messenger:consume email --limit={typed[_LIMIT]}"
    if _has_messenger(settings):
        raise Unwritable(f"Mautic 5 keeps no pace in it, but in the crontab: {run}")
    kind = settings.get("mailer_spool_type")
    spool = {} if kind is not None and kind.value.strip("'\"") == "file" else {"mailer_spool_type": "'file'"}
    return {**spool, _LIMIT: typed[_LIMIT]}


def _added(text: str, name: str, value: str) -> str:
    """Put a key at the end of the array, after a comma."""
    bare = without_php_comments(text)
    place = max(bare.rfind(")"), bare.rfind("]"))
    if place < 0:
        raise Unwritable("it holds no array that could take a line more")
    last = bare[:place].rstrip()
    comma = "" if last.endswith((",", "(", "[")) else ","
    return f"{text[: len(last)]}{comma}{text[len(last) : place]}\n{_line(name, value)}\n{text[place:]}"


def _line(name: str, value: str) -> str:
    return f"'{name}' => {value},"


READER = Reader(
    program="mautic",
    recognises=lambda text: "<?php" in text and ("mailer_from_email" in text or "mailer_spool_" in text),
    read=_read,
    pace=_pace,
    line=_line,
    added=_added,
    wanted=_wanted,
    is_whole=False,
)
