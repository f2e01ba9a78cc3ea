"""Compile an MJML source with the `mjml` program of this machine, so that the HTML that is sent can be judged.

The program would load code that a file `.mjmlconfig` beside the source names, and files that `mj-include` names (MJML
documentation, "Community components" and "mj-include"): it runs in the root folder, without includes.
"""

import os
import re
import shutil
import subprocess

from mailaudit.facts.observed import Observed

PROGRAM = "mjml"
BUDGET = 20.0
MOST_CHARACTERS = 1_000_000
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
        done = subprocess.run(  # noqa: S603 - a fixed command; the source comes by its standard input
            (found, *_OPTIONS),
            input=source.encode("utf-8", "replace"),
            capture_output=True,
            timeout=BUDGET,
            check=False,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": "/proc/none"},
        )
    except (subprocess.TimeoutExpired, OSError):
        return Observed.unknown("it is an MJML source, and the program mjml did not end")
    html = done.stdout.decode("utf-8", "replace")
    if done.returncode or "<html" not in html:
        return Observed.unknown("it is an MJML source that the program mjml cannot compile")
    return Observed.known(html)
