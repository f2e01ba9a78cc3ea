"""Where a file lies in the repository, as a code host names it."""

import posixpath
import re

from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.safe_text import plain


def in_repository(path: str, options: RenderOptions) -> str:
    """Return a path relative to the root of the repository; one outside, or without a repository, as it is."""
    shown = plain(path).replace("\\", "/")
    if options.root:
        below = f"{options.root.rstrip('/')}/"
        whole = posixpath.normpath(posixpath.join(below, options.here, shown))
        if whole.startswith(below):
            return whole.removeprefix(below)
    return posixpath.normpath(shown if is_absolute(shown) else posixpath.join(options.here, shown))


def is_absolute(path: str) -> bool:
    """Say whether a path begins at the root of a file system or with a drive."""
    return path.startswith("/") or re.match(r"[A-Za-z]:/", path) is not None
