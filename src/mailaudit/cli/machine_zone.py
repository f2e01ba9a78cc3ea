"""The time zone of this machine, offered where a campaign file names none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mailaudit.cli.streams import say

if TYPE_CHECKING:
    from mailaudit.campaign.model import Campaign

_LINK = Path("/etc/localtime")
_ROOT = "zoneinfo/"


def machine_zone() -> str | None:
    """Return the IANA name of the zone, nothing when it is UTC or cannot be told."""
    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        try:
            _, _, name = str(_LINK.resolve()).rpartition(_ROOT)
        except (OSError, RuntimeError):
            return None
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None
    return None if name in {"", "UTC", "Etc/UTC", "Universal", "GMT"} else name


def offer_zone(campaign: Campaign) -> None:
    """Say on stderr that a schedule's times are taken for UTC, where this machine keeps another zone."""
    schedule = campaign.schedule
    if schedule is None or schedule.timezone is not None or (schedule.start is None and schedule.hours is None):
        return
    if schedule.start is not None and schedule.start.utcoffset():
        return
    zone = machine_zone()
    if zone is not None:
        told = f"this machine keeps {zone}: write `timezone: {zone}` if that is meant"
        say(f"mailaudit: the schedule names no timezone, so its times are UTC; {told}")
