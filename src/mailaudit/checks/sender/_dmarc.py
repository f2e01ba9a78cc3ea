"""What the DMARC checks have in common."""

from mailaudit.checks.rule import ChangeDmarc, DmarcAim, Facts, Fix, NotApplicable, Owner
from mailaudit.facts.sender.dmarc.discovery import Discovery, Published, walk_names
from mailaudit.facts.sender.dmarc.record import DmarcRecord
from mailaudit.facts.sender.names import is_public_suffix


def applied(facts: Facts) -> tuple[Discovery, DmarcRecord, str]:
    """Return the discovery, its record and who publishes it; raises `NotApplicable` without a record."""
    found = facts.sender.dmarc.tree_walk.get()
    if found.record is None or found.published_at is None:
        raise NotApplicable("the From domain has no DMARC record")
    return found, found.record, found.published_at


def correction(name: str, domain: str) -> Fix:
    """Return how the one record that a domain publishes, at a name, is put right where it holds an error."""
    return Fix.by(
        Owner.DNS_ADMIN,
        f"Replace the record at {name} by the one below, after checking that it says what you mean.",
        change=ChangeDmarc(domain, DmarcAim.REPAIR),
        otherwise=(f"Correct the record at {name}.",),
    )


def repeated(facts: Facts) -> tuple[Published, ...]:
    """Return the names at or above the From domain at which several records make each other void."""
    dmarc = facts.sender.dmarc
    walked = (dmarc.published[name] for name in walk_names(dmarc.domain) if name in dmarc.published)
    return tuple(
        one for one in walked if one.answer.is_known and len(one.records) > 1 and not is_public_suffix(one.domain)
    )
