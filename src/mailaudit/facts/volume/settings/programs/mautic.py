"""Mautic's local.php: `mailer_spool_msg_limit` messages in a run of its cron job, where mail is queued (`mailer_spool_type`).

The file does not tell how often the job runs: every minute is the most that cron can do. Queues of Mautic 5 are limited on
the command line (`messenger:consume email --limit=N`), which stands in the crontab.
Source: github:mautic/mautic, EmailBundle/Config/config.php; issues 1916 and 7031.
"""

import re
from fractions import Fraction

from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings.assignments import found_by, without_php_comments
from mailaudit.facts.volume.settings.model import Reader, Settings, number

_KEY = re.compile(
    r"['\"](?P<name>mailer_spool_[a-z_]+)['\"]\s*=>\s*(?P<value>'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"|[^,\n\])]{0,40})"
)
_RUN = Fraction(60)


def _read(text: str) -> Settings:
    return found_by(_KEY, without_php_comments(text))


def _pace(settings: Settings) -> Pace | None:
    limit = int(number(settings, "mailer_spool_msg_limit"))
    kind = settings.get("mailer_spool_type")
    queued = kind is None or kind.value.strip("'\"") != "memory"
    return Pace(_RUN, limit) if limit and queued else None


READER = Reader(
    program="mautic",
    recognises=lambda text: "<?php" in text and ("mailer_from_email" in text or "mailer_spool_" in text),
    read=_read,
    pace=_pace,
    line=lambda name, value: f"'{name}' => {value},",
)
