"""What several checks of the place of departure share."""

from collections.abc import Iterable

from mailaudit.checks.rule import Evidence, Facts, Impact, NotApplicable, NotGiven, Unavailable
from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.dns.records import addresses_in
from mailaudit.facts.sender.origin.addresses import HeloName, SendingAddress
from mailaudit.facts.sender.origin.evidence import Clue
from mailaudit.facts.sender.origin.own_names import SendsVia

_MOST = 8
_NAMES_OF_SENDERS = ("mail", "out", "outbound", "sender")


def trail(clues: Iterable[Clue]) -> tuple[Evidence, ...]:
    """Return clues as evidence, the strongest first."""
    return tuple(Evidence("seen", f"{clue.seen} ({clue.name})") for clue in list(clues)[:_MOST])


def reasons(facts: Facts) -> tuple[Evidence, ...]:
    """Return the observations that decided where the campaign leaves from."""
    return tuple(Evidence("seen", reason) for reason in facts.sender.sends_via_reasons[:_MOST])


def public_addresses(facts: Facts) -> tuple[SendingAddress, ...]:
    """Return the sending addresses that can be seen from outside; raises `NotGiven` when the campaign names none."""
    return tuple(address for address in all_addresses(facts) if not address.is_private)


def all_addresses(facts: Facts) -> tuple[SendingAddress, ...]:
    """Return the sending addresses; raises `NotGiven` when the campaign names none."""
    if not facts.sender.origin.addresses:
        raise NotGiven("the campaign names no sending address (sending.ips)")
    return facts.sender.origin.addresses


def helo_names(facts: Facts) -> tuple[HeloName, ...]:
    """Return the HELO name; raises `NotGiven` when the campaign names none."""
    if facts.sender.origin.helo is None:
        raise NotGiven("the campaign names no HELO name (sending.helo)")
    return (facts.sender.origin.helo,)


def is_platforms(facts: Facts) -> bool:
    """Say whether the sending machines belong to a platform, whose owner alone can change them."""
    return facts.sender.sends_via.value is SendsVia.PLATFORM


def free_name(facts: Facts, address: SendingAddress) -> str:
    """Return a name to give to a sending address: what its server calls itself, unless that leads to other machines.

    Mail to the name of another machine would be shared between both, were this address published at it too.
    """
    own = facts.sender.organizational_domain
    helo = facts.sender.origin.helo
    if helo and _may_lead_to(helo.forward, address):
        return helo.name
    taken = {
        host.name
        for exchange in facts.sender.exchanges
        for host in exchange.hosts
        if not _may_lead_to(host.answers, address)
    }
    taken |= {helo.name} if helo else set()
    return next(name for word in _NAMES_OF_SENDERS if (name := f"{word}.{own}") not in taken)


def _may_lead_to(answers: Iterable[Answer], address: SendingAddress) -> bool:
    """Say whether a name leads to an address, or to no machine yet."""
    found = [ip for answer in answers for ip in addresses_in(answer)]
    return not found or address.ip in found


def requires_own_server(facts: Facts) -> None:
    """Raise `NotApplicable` unless the campaign leaves from the sender's own server; `Unavailable` when unknown."""
    if facts.sender.sends_via.get() is not SendsVia.OWN_SERVER:
        raise NotApplicable("the campaign does not leave from a server of the sender's own")


def require_answers(facts: Facts) -> None:
    """Raise `Unavailable` when what lies in DNS for services could not be looked up."""
    failure = facts.sender.origin.preparation_failure
    if failure:
        raise Unavailable(failure)


def whole_list(facts: Facts) -> Impact | None:
    """Return the impact of something that concerns every recipient; nothing without a recipient list."""
    recipients = facts.recipients_or_none
    if recipients is None or not recipients.unique:
        return None
    providers = tuple(
        share.provider for share in recipients.providers if share.provider not in {"other", "unknown"}
    )
    return Impact(recipients.unique, 1.0, providers[:_MOST])


def platform_title(facts: Facts) -> str:
    """Return the name of the platform as people know it; empty when none is known."""
    platform = facts.sender.origin.verdict.platform
    return platform.name if platform else ""
