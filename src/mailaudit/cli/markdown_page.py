"""Pages of documentation: rendered on a terminal, Markdown in a pipe."""

import shutil
import sys


def rendered(markdown: str, color: str = "auto") -> str:
    """Return a page of our own as it goes to stdout: wrapped for a terminal; a pipe gets the Markdown itself."""
    if not sys.stdout.isatty() and color != "always":
        return markdown
    from io import StringIO  # noqa: PLC0415 - keeps --help light

    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.markdown import Markdown  # noqa: PLC0415 - as above

    page = StringIO()
    width = min(shutil.get_terminal_size((80, 24)).columns, 100)
    Console(file=page, width=width, force_terminal=color != "never", no_color=color == "never").print(
        Markdown(markdown)
    )
    return page.getvalue()
