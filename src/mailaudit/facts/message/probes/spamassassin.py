"""Ask the SpamAssassin of this machine, in the one way in which it cannot say nothing and be taken for an all-clear.

Measured with SpamAssassin 4.0.1 of Debian: it makes an empty folder in the home that the system knows for its user, so
that root runs it as nobody; without rules it ends with 255; its client `spamc` prints `0/0` and ends with 0 when no server
runs, so that it is not used.
"""

import asyncio
import os
import re
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from mailaudit.facts.message.probes.model import FilterRule, FilterVerdict
from mailaudit.facts.message.reading.header_fields import split_header
from mailaudit.facts.observed import Observed

PROGRAM = "spamassassin"
RULES = Path("/usr/share/spamassassin")
BUDGET = 60.0
# Points from which SpamAssassin takes mail for spam (required_score), and from which it is near.
SPAM_FROM, DOUBTFUL_FROM = 5.0, 3.0
_SCORE = re.compile(r"([A-Z][A-Z0-9_]{1,80})=(-?\d{1,4}(?:\.\d{1,4})?)")
# No folder can be made there, whoever runs it.
_NO_HOME = "/proc/none"


async def ask_spamassassin(
    octets: bytes, program: str = PROGRAM, rules: Path = RULES, *, is_root: bool | None = None
) -> Observed[FilterVerdict]:
    """Return the verdict of its packaged rules, without the network, its database or any user's settings."""
    found = shutil.which(program)
    if found is None:
        return Observed.unknown("SpamAssassin is not installed here (the package spamassassin)")
    if not await asyncio.to_thread(lambda: any(rules.glob("*.cf"))):
        return Observed.unknown(f"SpamAssassin has no rules at {rules}")
    options = ("-L", "-t", "-x", f"--configpath={rules}", "--cf=add_header all Scores _TESTSSCORES(,)_")
    process = await asyncio.create_subprocess_exec(
        found,
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": os.defpath, "HOME": _NO_HOME, "LC_ALL": "C"},
        start_new_session=True,
        **_as_nobody(_runs_as_root() if is_root is None else is_root),
    )
    try:
        async with asyncio.timeout(BUDGET):
            written, _ = await process.communicate(octets)
    except TimeoutError:
        return Observed.unknown(f"SpamAssassin did not end within {BUDGET:g} seconds")
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if process.returncode:
        return Observed.unknown(f"SpamAssassin ended with {process.returncode}")
    return _read(written)


def _runs_as_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _as_nobody(is_root: bool) -> dict[str, Any]:  # noqa: FBT001 - its only parameter
    """Return how a process gives up the rights of root before it reads what strangers wrote."""
    return {"user": "nobody", "group": _group_of_nobody(), "extra_groups": ()} if is_root else {}


def _group_of_nobody() -> int:
    import pwd  # noqa: PLC0415 - Windows has none

    return pwd.getpwnam("nobody").pw_gid


def _read(written: bytes) -> Observed[FilterVerdict]:
    """Read the fields that it put on top; a message that met no rule at all was not looked at."""
    fields, _ = split_header(written)
    scores = next((one.value for one in fields if one.name == "X-Spam-Scores"), "")
    rules = tuple(FilterRule(name, float(points)) for name, points in _SCORE.findall(scores))
    if not rules:
        return Observed.unknown("SpamAssassin names no rule that it tried")
    points = round(sum(rule.points for rule in rules), 3)
    return Observed.known(FilterVerdict("SpamAssassin", points, DOUBTFUL_FROM, SPAM_FROM, rules))
