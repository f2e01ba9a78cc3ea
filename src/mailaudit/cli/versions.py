"""Which program, knowledge, Python and libraries run, for a report of a problem."""

import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from mailaudit import __version__
from mailaudit.knowledge.pages.ages import knowledge_version

_NAME = re.compile(r"[\w.-]+")


def versions() -> str:
    """Return a line for each: the program, its knowledge, Python, and every package that it may use and that is installed."""
    lines = [
        f"mailaudit {__version__}",
        f"knowledge {knowledge_version()}",
        f"Python {platform.python_version()} ({platform.system()} {platform.machine()})",
    ]
    return "\n".join((*lines, *_libraries())) + "\n"


def _libraries() -> Iterator[str]:
    asked = [line for line in requires("mailaudit") or () if "'dev'" not in line and '"dev"' not in line]
    for name in sorted({found[0].lower() for line in asked if (found := _NAME.match(line))}):
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:  # an optional one
            continue
