"""How to get off a list, and how to complain at a mailbox provider: what it means, what to do, and what to write."""

import difflib
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from mailaudit.knowledge import load
from mailaudit.knowledge.names import first_named, names_of, plain
from mailaudit.knowledge.types.blocklist import Blocklist, ChannelGuide, ComplaintChannel, DeadList
from mailaudit.language.spoken import form

_NOTHING: Mapping[str, str] = MappingProxyType({})
_DEFAULT_WORSE = "Asking before the cause has stopped, asking several times, or paying somebody to ask."
_BEFORE_ANY = (
    "Find the cause first: bought or old addresses, a form without confirmation, a hacked site or account.",
    "Stop the mail that caused it, and remove everybody who never signed up or never reacts.",
)


class Guide(Struct, frozen=True):
    """What to do about a listing or a refusal.

    `first` comes before asking, `steps` is how to ask, `channels` where. `text` is a letter ready to send; what is
    not known stands in square brackets. `dead` is why a list needs nothing, `usage` whom a list serves.
    """

    id: str
    name: str
    means: str
    first: tuple[str, ...]
    steps: tuple[str, ...]
    channels: tuple[ComplaintChannel, ...] = ()
    url: str | None = None
    duration: str | None = None
    worse: str | None = None
    text: str = ""
    dead: str | None = None
    usage: str | None = None


def delisting_guide(name: str, facts: Mapping[str, str] = _NOTHING) -> Guide | None:
    """Return the guide for a list or a mailbox provider, by id, name, alias or zone; nothing when none is known.

    `facts` fill the letter: `ip`, `domain`, `reverse_name`, `authentication`, `cause`, `change`, `contact`.
    """
    wanted = plain(name)
    known = load.standing()
    for found in known.lists:
        if wanted in names_of(found) | {plain(zone.name) for zone in found.zones}:
            return _of_list(found, facts)
    guide = first_named(known.channels, name)
    if guide:
        return _of_provider(guide, facts)
    for dead in known.dead:
        if wanted in {plain(text) for text in (dead.name, *dead.zones)}:
            return _of_dead(dead)
    return None


def guide_names() -> tuple[str, ...]:
    """Return the id of every list and provider for which there is a guide."""
    known = load.standing()
    return tuple(sorted({*(found.id for found in known.lists), *(guide.id for guide in known.channels)}))


def guide_meant(name: str) -> str | None:
    """Return the id of the guide that the writer of a name may have meant."""
    close = difflib.get_close_matches(name.lower()[:100], guide_names(), n=1, cutoff=0.6)
    return close[0] if close else None


def _of_list(found: Blocklist, facts: Mapping[str, str]) -> Guide:
    return Guide(
        id=found.id,
        name=found.name,
        means=found.means,
        first=_BEFORE_ANY,
        steps=found.delisting.steps,
        url=found.delisting.url,
        duration=found.delisting.duration,
        usage=found.usage,
        worse=found.delisting.worse or _DEFAULT_WORSE,
        text=_letter(f"the listing on {found.name}", facts),
    )


def _asked(one: ComplaintChannel) -> str:
    kind = form("channel", one.kind)
    return f"Use the {kind} {one.value}{f' ({one.note})' if one.note else ''}."


def _of_provider(guide: ChannelGuide, facts: Mapping[str, str]) -> Guide:
    asked = tuple(map(_asked, guide.channels))
    return Guide(
        id=guide.id,
        name=guide.name,
        means=f"Where to turn when {guide.name} refuses, delays or junks your mail.",
        first=(*_BEFORE_ANY, *guide.before),
        steps=(
            *asked,
            "Send the letter below once, with the refusal from your server's log, and wait for the answer.",
        ),
        channels=guide.channels,
        worse=_DEFAULT_WORSE,
        text=_letter(f"the refusal of our mail by {guide.name}", facts),
    )


def _of_dead(dead: DeadList) -> Guide:
    return Guide(
        id=plain(dead.name),
        name=dead.name,
        means="A listing there means nothing, and no receiver should ask this list any more.",
        first=(),
        steps=(
            "Do nothing. If a receiver still refuses mail because of it, tell its postmaster that the list is dead.",
        ),
        dead=dead.status,
    )


def _letter(subject: str, facts: Mapping[str, str]) -> str:
    value = {
        "ip": "[sending address]",
        "domain": "[From domain]",
        "reverse_name": "[reverse name of the address]",
        "authentication": "[results of SPF, DKIM and DMARC]",
        "cause": "[what went wrong, and when]",
        "change": "[what you have changed since]",
        "contact": "[your name, company and telephone number]",
        **facts,
    }
    return (
        f"Subject: {subject}: {value['ip']}, {value['domain']}\n"
        "\n"
        "Hello,\n"
        "\n"
        f"we ask you to review {subject}.\n"
        "\n"
        f"Sending address: {value['ip']} ({value['reverse_name']})\n"
        f"From domain: {value['domain']}\n"
        f"Authentication: {value['authentication']}\n"
        "Kind of mail: a newsletter to people who have signed up for it\n"
        "\n"
        f"Cause: {value['cause']}\n"
        f"What we have changed: {value['change']}\n"
        "\n"
        "Every message names us, and can be unsubscribed with one click. Please tell us if anything else is needed.\n"
        "\n"
        "Kind regards\n"
        f"{value['contact']}\n"
    )
