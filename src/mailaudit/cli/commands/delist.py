"""`mailaudit delist`: how to get off a blocklist, and how to complain at a mailbox provider."""

from pathlib import Path
from typing import Any

import click

from mailaudit.cli import options as shared
from mailaudit.cli.environment import option
from mailaudit.cli.streams import tell
from mailaudit.errors import refused


@click.command(name="delist")
@click.argument("name", metavar="LIST|PROVIDER")
@option(
    "--report",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Fill the letter with the facts of this JSON report.",
)
@shared.knowledge
def command(name: str, report: Path | None, knowledge: Path | None) -> int:
    """Show how to get off LIST, or where and how to complain at PROVIDER, with a letter ready to send.

    Nothing is sent, and no list is asked.
    """
    from mailaudit.api import knowledge as extended  # noqa: PLC0415 - keeps --help light
    from mailaudit.knowledge.pages.delisting import delisting_guide, guide_meant  # noqa: PLC0415 - keeps --help light
    from mailaudit.knowledge.pages.everything import guide_page  # noqa: PLC0415 - as above

    with extended(knowledge):
        guide = delisting_guide(name, _facts(report) if report else {})
        if guide is None:
            meant = guide_meant(name)
            todo = f"did you mean {meant}?" if meant else "`mailaudit knowledge` lists every name"
            raise refused(f"{name}: no list and no provider of this name is known", todo=todo)
        tell(guide_page(guide))
    return 0


def _facts(path: Path) -> dict[str, str]:
    """Return what a report tells about the sender; a part that is missing or strange is left out."""
    from mailaudit.cli.saved_report import load_report  # noqa: PLC0415 - keeps --help light

    sender: Any = load_report(path).facts.sender
    addresses = [one for one in _list(_part(sender, "origin"), "addresses") if isinstance(one, dict)]
    found = {
        "domain": str(sender.get("from_domain") or ""),
        "ip": ", ".join(str(one.get("ip")) for one in addresses),
        "reverse_name": ", ".join(str(name) for one in addresses for name in _list(one, "reverse_names")),
        "authentication": _authentication(sender),
    }
    return {key: value for key, value in found.items() if value}


def _authentication(sender: Any) -> str:
    keys = [key for key in _list(sender, "dkim") if isinstance(key, dict)]
    published = sum(key.get("published") is True for key in keys)
    spf = _part(sender, "spf").get("result") or "unknown"
    policy = _part(sender, "dmarc").get("policy") or "not published"
    return f"SPF {spf}; DKIM {published} of {len(keys)} keys published; DMARC policy {policy}"


def _part(of: Any, key: str) -> dict[str, Any]:
    value = of.get(key)
    return value if isinstance(value, dict) else {}


def _list(of: Any, key: str) -> list[Any]:
    value = of.get(key)
    return value if isinstance(value, list) else []
