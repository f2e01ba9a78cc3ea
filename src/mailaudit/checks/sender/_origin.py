"""What several checks of the place of departure share."""

from collections.abc import Iterable

from mailaudit.checks.rule import Evidence, Facts, Impact, NotApplicable, NotGiven, Unavailable
from mailaudit.facts.sender.origin.addresses import HeloName, SendingAddress
from mailaudit.facts.sender.origin.evidence import Clue
from mailaudit.facts.sender.origin.own_names import SendsVia

_MOST = 8


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
