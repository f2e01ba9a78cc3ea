"""phpList's config.php: MAILQUEUE_BATCH_SIZE in MAILQUEUE_BATCH_PERIOD seconds, and MAILQUEUE_THROTTLE between two mails.

Without a batch size, or with 0, the queue is sent as fast as it can be. Autothrottle spreads a batch over its period. Of a
constant that is defined twice the first definition counts, and those of config.php come before phpList's own.
Source: github:phpList/phplist3, config_extended.php and the processing of the queue; https://www.php.net/define.
"""

import re
from collections.abc import Mapping
from fractions import Fraction

from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings.assignments import matches_of, without_php_comments
from mailaudit.facts.volume.settings.model import Reader, Setting, Settings, number

_DEFINED = re.compile(
    r"\bdefine\s*\(\s*(?P<quote>['\"])(?P<name>MAILQUEUE_[A-Z_]+)(?P=quote)\s*,\s*(?P<value>\([^()]{0,40}\)|[^),;]{0,40}?)\s*\)",
    re.IGNORECASE,
)
_HOUR = 3600
# What slows down beside the size of a batch.
_SLOWER = ("MAILQUEUE_THROTTLE", "MAILQUEUE_AUTOTHROTTLE")


def _read(text: str) -> Settings:
    found: dict[str, Setting] = {}
    for name, setting in matches_of(_DEFINED, without_php_comments(text)):
        found.setdefault(name, setting)
    return found


def _pace(settings: Settings) -> Pace | None:
    size = int(number(settings, "MAILQUEUE_BATCH_SIZE"))
    period = number(settings, "MAILQUEUE_BATCH_PERIOD") or Fraction(_HOUR)
    throttle = number(settings, "MAILQUEUE_THROTTLE")
    if size and number(settings, "MAILQUEUE_AUTOTHROTTLE"):
        throttle = max(throttle, period / size)
    if throttle and (not size or throttle * size >= period):
        return Pace(throttle)
    return Pace(period, size) if size else None


def _wanted(settings: Settings, typed: Mapping[str, str]) -> Mapping[str, str]:
    return {**typed, **{name: "0" for name in _SLOWER if number(settings, name)}}


def _added(text: str, name: str, value: str) -> str:
    """Define a constant at the end, where the PHP may be closed already."""
    end = text.rstrip().endswith("?>")
    place = text.rindex("?>") if end else len(text)
    return f"{text[:place]}\n{_line(name, value)}\n{text[place:]}"


def _line(name: str, value: str) -> str:
    return f"define('{name}', {value});"


READER = Reader(
    program="phplist",
    recognises=lambda text: "MAILQUEUE_" in text or ("<?php" in text and "$database_name" in text),
    read=_read,
    pace=_pace,
    line=_line,
    added=_added,
    wanted=_wanted,
)
