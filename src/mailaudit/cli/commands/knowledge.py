"""`mailaudit knowledge`: what is known about platforms, mailbox services, providers and lists, and why."""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from mailaudit.cli import options as shared
from mailaudit.cli.markdown_page import rendered
from mailaudit.cli.streams import write
from mailaudit.errors import InputError, refused


@click.command(name="knowledge")
@click.argument("name", required=False)
@click.option(
    "--yaml", "as_yaml", is_flag=True, help="Print the entry as YAML, to start a correction of your own from."
)
@click.option(
    "--stale",
    metavar="DAYS",
    type=click.IntRange(min=0),
    help="List the facts checked more than so many days ago.",
)
@shared.knowledge
def command(name: str | None, knowledge: Path | None, stale: int | None, *, as_yaml: bool) -> int:
    """Show what is known about NAME, each fact with its source and confidence; without NAME, every name."""
    from mailaudit.api import knowledge as extended  # noqa: PLC0415 - keeps --help light
    from mailaudit.knowledge.pages.everything import overview  # noqa: PLC0415 - as above

    if as_yaml and name is None:
        raise refused("--yaml needs a name", todo="write for example `mailaudit knowledge brevo --yaml`")
    with extended(knowledge):
        if stale is not None:
            write(_stale(stale, name))
        elif name is None:
            write(rendered(overview()))
        else:
            write(_yaml(name) if as_yaml else rendered(_page(name)))
    return 0


def _page(name: str) -> str:
    from mailaudit.knowledge.pages.delisting import delisting_guide  # noqa: PLC0415 - keeps --help light
    from mailaudit.knowledge.pages.everything import guide_page, knowledge_page  # noqa: PLC0415 - as above

    guide = delisting_guide(name)
    page = knowledge_page(name) or (guide_page(guide) if guide else None)
    if page is None:
        raise _unknown(name)
    return page


def _yaml(name: str) -> str:
    from mailaudit.knowledge.pages.as_yaml import entry_yaml  # noqa: PLC0415 - keeps --help light

    text = entry_yaml(name, _today())
    if text is None:
        raise _unknown(name)
    return text


def _stale(days: int, name: str | None) -> str:
    from mailaudit.knowledge.names import plain  # noqa: PLC0415 - as above
    from mailaudit.knowledge.pages.ages import stale_facts  # noqa: PLC0415 - keeps --help light
    from mailaudit.wording import numbered  # noqa: PLC0415 - as above

    rows = [one for one in stale_facts(days, _today()) if name is None or plain(one.about) == plain(name)]
    if not rows:
        return f"No fact was checked more than {days} days ago.\n"
    lines = [f"{one.checked}  {one.file}  {one.about or '-'}  {one.facts}  {one.source}" for one in rows]
    return "\n".join(
        (f"{numbered(sum(one.facts for one in rows), 'fact')} checked more than {days} days ago:", *lines, "")
    )


def _today() -> date:
    return datetime.now(tz=UTC).date()


def _unknown(name: str) -> InputError:
    from mailaudit.knowledge.named import meant  # noqa: PLC0415 - keeps --help light

    found = meant(name)
    todo = f"did you mean {found.id}?" if found else "`mailaudit knowledge` lists every name"
    return refused(f"{name}: nothing of this name is known", todo=todo)
