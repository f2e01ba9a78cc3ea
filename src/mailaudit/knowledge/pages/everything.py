"""What is known about one thing, as a page of Markdown with the source of every fact."""

import textwrap
from collections.abc import Iterable, Iterator

from mailaudit.knowledge import load
from mailaudit.knowledge.load import entries
from mailaudit.knowledge.lookup import other_service_named
from mailaudit.knowledge.named import Named
from mailaudit.knowledge.names import names_of, plain
from mailaudit.knowledge.pages import things as page
from mailaudit.knowledge.pages.delisting import Guide
from mailaudit.knowledge.receivers import provider_by_domain
from mailaudit.knowledge.types.dns_host import DnsHost, DnsHostsFile
from mailaudit.knowledge.types.provider import Provider
from mailaudit.language.spoken import form

_WIDTH = 79


def knowledge_page(name: str) -> str | None:
    """Return what is known under a name: a page for everything that bears it; nothing when nothing does."""
    pages = (
        *(page.platform_page(one) for one in load.platforms() if _bears(one, name)),
        *(page.mailbox_page(one) for one in load.mailbox_services() if _bears(one, name)),
        *(page.provider_page(one) for one in load.providers() if _bears(one, name)),
        *(page.program_page(one) for one in load.software().programs if _bears(one, name)),
        *(page.hoster_page(one) for one in load.hosters() if _bears(one, name)),
        *(page.dns_host_page(one) for one in entries(DnsHostsFile).dns_hosts if _bears(one, name)),
        *(page.other_service_page(one) for one in (other_service_named(name),) if one),
    )
    provider = None if pages else provider_by_domain(name)
    return "\n".join(pages) or (page.provider_page(provider) if provider else None)


def _bears(thing: Named | Provider | DnsHost, name: str) -> bool:
    wanted = plain(name)
    return bool(wanted) and wanted in names_of(thing)


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
