"""phpList's config.php: MAILQUEUE_BATCH_SIZE in MAILQUEUE_BATCH_PERIOD seconds, and MAILQUEUE_THROTTLE between two mails.

Without a batch size, or with 0, the queue is sent as fast as it can be. Autothrottle spreads a batch over its period.
Source: github:phpList/phplist3, config_extended.php and the processing of the queue.
"""

import re
from fractions import Fraction

from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings.assignments import found_by, without_php_comments
from mailaudit.facts.volume.settings.model import Reader, Settings, number

_DEFINED = re.compile(
    r"define\s*\(\s*['\"](?P<name>MAILQUEUE_[A-Z_]+)['\"]\s*,\s*(?P<value>[^),;]{0,40}?)\s*\)", re.IGNORECASE
)
_HOUR = 3600


def _read(text: str) -> Settings:
    return found_by(_DEFINED, without_php_comments(text))


def _pace(settings: Settings) -> Pace | None:
    size = int(number(settings, "MAILQUEUE_BATCH_SIZE"))
    period = number(settings, "MAILQUEUE_BATCH_PERIOD") or Fraction(_HOUR)
    throttle = number(settings, "MAILQUEUE_THROTTLE")
    if size and number(settings, "MAILQUEUE_AUTOTHROTTLE"):
        throttle = max(throttle, period / size)
    if throttle and (not size or throttle * size >= period):
        return Pace(throttle)
    return Pace(period, size) if size else None


READER = Reader(
    program="phplist",
    recognises=lambda text: "MAILQUEUE_" in text or ("<?php" in text and "$database_name" in text),
    read=_read,
    pace=_pace,
    line=lambda name, value: f"define('{name}', {value});",
)
