"""Compile an MJML source with the `mjml` program of this machine, so that the HTML that is sent can be judged.

The program would load code that a file `.mjmlconfig` beside the source names, and files that `mj-include` names (MJML
documentation, "Community components" and "mj-include"): it runs in the root folder, without includes.
"""

import os
import re
import shutil
import tempfile

from mailaudit.facts.observed import Observed
from mailaudit.reach.programs import bounded_program, was_killed

PROGRAM = "mjml"
BUDGET = 20.0
MOST_CHARACTERS = 1_000_000
# A class that is used a thousand times makes gigabytes of a source of this size.
MOST_COMPILED = 16 << 20
_MEMORY = "--max-old-space-size=512"
_OPTIONS = ("-i", "-s", "--noStdoutFileComment", "--config.ignoreIncludes", "true")
_INCLUDE = re.compile(r"<\s*mj-include\b", re.IGNORECASE)


def is_mjml(html: str) -> bool:
    """Say whether a text is an MJML source, which a program compiles to several times its size."""
    return "<mjml" in html[:2000].lower()


def compile_mjml(source: str, program: str = PROGRAM) -> Observed[str]:
    """Return the HTML, or why it is not known: a clause about the message."""
    found = shutil.which(program)
    if found is None:
        return Observed.unknown(
            "it is an MJML source, and no program mjml is here to compile it (npm install -g mjml)"
        )
    if _INCLUDE.search(source) or len(source) > MOST_CHARACTERS:
        return Observed.unknown(
            "it is an MJML source with includes, which are not followed: give the compiled HTML"
        )
    try:
        octets = _run(found, source.encode("utf-8", "replace"))
    except OSError:
        octets = None
    if octets is None:
        return Observed.unknown("it is an MJML source, and the program mjml did not end")
    if len(octets) > MOST_COMPILED:
        return Observed.unknown(f"it is an MJML source that becomes more than {MOST_COMPILED >> 20} MiB of HTML")
    html = octets.decode("utf-8", "replace")
    if "<html" not in html:
        return Observed.unknown("it is an MJML source that the program mjml cannot compile")
    return Observed.known(html)


def _run(program: str, source: bytes) -> bytes | None:
    """Return what the program makes of a source: nothing when it fails, a little too much, or none when its time is over."""
    env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": "/proc/none", "NODE_OPTIONS": _MEMORY}
    with tempfile.TemporaryFile() as given:
        given.write(source)
        given.seek(0)
        with bounded_program((program, *_OPTIONS), BUDGET, stdin=given, cwd="/", env=env) as running:
            octets = running.stdout.read(MOST_COMPILED + 1) if running.stdout else b""
            if len(octets) > MOST_COMPILED:
                return octets
            if was_killed(running):
                return None
            return b"" if running.returncode else octets
