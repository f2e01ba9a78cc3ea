"""What is known about one thing, as a page of Markdown with the source of every fact."""

import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mailaudit.knowledge import load
from mailaudit.knowledge.load import entries
from mailaudit.knowledge.lookup import other_service_named
from mailaudit.knowledge.names import names_of, plain
from mailaudit.knowledge.pages import things as page
from mailaudit.knowledge.pages.delisting import Guide
from mailaudit.knowledge.receivers import provider_by_domain
from mailaudit.knowledge.types.dns_host import DnsHostsFile
from mailaudit.language.spoken import form

_WIDTH = 79


def knowledge_page(name: str) -> str | None:
    """Return what is known under a name: a page for everything that bears it; nothing when nothing does."""
    wanted = plain(name)
    pages = [write(one) for write, one in _bearers().get(wanted, ())] if wanted else []
    pages += [page.other_service_page(one) for one in (other_service_named(name),) if one]
    provider = None if pages else provider_by_domain(name)
    return "\n".join(pages) or (page.provider_page(provider) if provider else None)


@load.kept
def _bearers() -> dict[str, list[tuple[Callable[[Any], str], Any]]]:
    """Return what bears each name, with what writes its page."""
    kinds: tuple[tuple[Callable[[Any], str], Iterable[Any]], ...] = (
        (page.platform_page, load.platforms()),
        (page.mailbox_page, load.mailbox_services()),
        (page.provider_page, load.providers()),
        (page.program_page, load.software().programs),
        (page.hoster_page, load.hosters()),
        (page.dns_host_page, entries(DnsHostsFile).dns_hosts),
    )
    found: dict[str, list[tuple[Callable[[Any], str], Any]]] = {}
    for write, things in kinds:
        for one in things:
            for name in names_of(one):
                found.setdefault(name, []).append((write, one))
    return found


def overview() -> str:
    """Return the size of the knowledge base and the names in it."""
    software = load.software()
    lists = load.standing()
    return "\n".join(
        (
            "# What mailaudit knows",
            "",
            *_named("sending platforms", (one.id for one in load.platforms())),
            *_named("sending services known by name alone", (one.name for one in load.other_services())),
            *_named("mailbox services and hosts", (one.id for one in load.mailbox_services())),
            *_named("mailbox providers", (one.id for one in load.providers())),
            *_named("programs", (one.id for one in software.programs)),
            *_named("hosters, access providers and gateways", (one.id for one in load.hosters())),
            *_named("DNS hosts", (one.id for one in entries(DnsHostsFile).dns_hosts)),
            *_named("blocklists", (one.id for one in lists.lists)),
            *_named("complaint channels", (one.id for one in lists.channels)),
            f"{len(software.signatures)} signatures of programs; {len(software.reverse_patterns)} shapes of reverse names;",
            f"{len(lists.dead)} dead lists that are never asked.",
            "",
        )
    )


def guide_page(guide: Guide) -> str:
    """Return a delisting guide."""
    lines = [f"# {guide.name}", "", guide.means, ""]
    if guide.usage:
        lines += [guide.usage, ""]
    if guide.dead:
        lines += [f"This list is dead: {guide.dead}.", ""]
    if guide.first:
        lines += [f"## {form('heading', 'First')}", "", *_numbered(guide.first), ""]
    lines += ["## Then" if guide.first else "## What to do", "", *_numbered(guide.steps), ""]
    if guide.url:
        lines += [f"Where: <{guide.url}>", ""]
    if guide.duration:
        lines += [f"How long it takes: {guide.duration}", ""]
    if guide.worse:
        lines += [f"What makes it worse: {guide.worse}", ""]
    if guide.text:
        lines += ["## A letter ready to send", "", "```", guide.text.rstrip(), "```", ""]
    return "\n".join(lines)


def _numbered(steps: tuple[str, ...]) -> Iterator[str]:
    return (f"{place}. {step}" for place, step in enumerate(steps, start=1))


def _named(title: str, names: Iterable[str]) -> Iterator[str]:
    found = sorted(names)
    yield f"## {len(found)} {title}"
    yield ""
    yield textwrap.fill(", ".join(found), _WIDTH, break_on_hyphens=False, break_long_words=False)
    yield ""
