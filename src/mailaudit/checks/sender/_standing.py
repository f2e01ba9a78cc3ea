"""What the two blocklist checks share: which listings to tell, how bad they are, and what to do."""

from mailaudit.checks.rule import Confidence, Evidence, Facts, Owner, Problem, Problems, Severity, Unavailable
from mailaudit.checks.sender._origin import is_platforms, whole_list
from mailaudit.facts.sender.origin.own_names import SendsVia
from mailaudit.facts.sender.reputation.blocklists import Listing, Subject, variable
from mailaudit.knowledge.pages.delisting import delisting_guide

_MOST = 6
_OF_POLICY = (
    "Hand the mail to the mail server of your provider: the list tells what kind of line this is, not what was sent.",
    "If a real mail server runs at this fixed address, ask for its removal.",
)


def subjects(facts: Facts, *, domains: bool) -> tuple[Subject, ...]:
    """Return what the lists were asked about: domains, or addresses."""
    return tuple(one for one in facts.sender.origin.standing.subjects if (one.kind == "domain") is domains)


def problems(facts: Facts, subject: Subject, location: str) -> Problems:
    """Yield a problem for each listing, then raise `Unavailable` when a list that matters gave no word."""
    words = facts.sender.origin.standing.of(subject)
    for listing in words:
        if listing.codes:
            yield _problem(facts, listing, location)
    failed = [listing for listing in words if listing.failure]
    important = [listing for listing in failed if listing.blocklist.reach != "small"]
    if important or len(failed) == len(words):
        raise Unavailable(_why(important or failed))


def _problem(facts: Facts, listing: Listing, location: str) -> Problem:
    found, subject = listing.blocklist, listing.subject
    severity = max((Severity(code.severity) for code in listing.codes), key=lambda one: one.rank)
    shared = is_platforms(facts) and subject.kind != "domain"
    if all(code.is_policy for code in listing.codes):
        severity = _of_policy(facts, listing, severity, is_shared=shared)
    means = "; ".join(dict.fromkeys(code.means for code in listing.codes))
    advice = " The address is your platform's: the listing is the platform's to remove." if shared else ""
    return Problem.about(
        subject.text,
        f"{subject.text} ({', '.join(subject.roles)}) is on {found.name}: {means}. {found.means}{advice}",
        *_steps(listing, is_shared=shared),
        owner=Owner.PLATFORM if shared else Owner.SERVER_ADMIN,
        location=location,
        evidence=(
            Evidence("answers", ", ".join(listing.answers)),
            Evidence("source", f"{found.provenance.source}, {found.provenance.date}"),
        ),
        severity=severity,
        confidence=found.provenance.confidence,
        impact=whole_list(facts) if severity is Severity.ERROR else None,
        discriminator=found.id,
        cause=f"{found.id} {' '.join(listing.answers)}",
    )


def _of_policy(facts: Facts, listing: Listing, severity: Severity, *, is_shared: bool) -> Severity:
    """Return how bad it is that a list wants no mail straight from an address, whatever was sent from there."""
    if is_shared:
        return Severity.NOTE
    found = listing.blocklist
    is_certain = found.provenance.confidence is not Confidence.LOW and found.reach != "small"
    leaves_directly = facts.sender.sends_via.value is SendsVia.OWN_SERVER and listing.subject.kind != "domain"
    if leaves_directly and is_certain and severity is Severity.WARNING:
        return Severity.ERROR
    return severity


def _steps(listing: Listing, *, is_shared: bool) -> tuple[str, ...]:
    found, subject = listing.blocklist, listing.subject
    if is_shared:
        return (
            f"Write to your platform's support: {subject.text} is on {found.name} ({', '.join(listing.answers)}).",
            "Ask for another address until it is removed; do not write to the list yourself.",
        )
    guide = delisting_guide(found.id)
    more = f"Read the whole guide, with a letter ready to send: mailaudit delist {found.id} --report AUDIT.json"
    where = (f"Look it up and ask here: {guide.url}",) if guide and guide.url else ()
    if all(code.is_policy for code in listing.codes):
        own = found.delisting.steps if found.policy else ()
        return (*_OF_POLICY, *own, *where, more)
    removed = f"Get {subject.text} off {found.name}, once the cause is gone."
    return (removed, *(guide.first[:1] if guide else ()), *found.delisting.steps, *where, more)


def _why(failed: list[Listing]) -> str:
    reasons: dict[str, list[str]] = {}
    for listing in failed:
        reasons.setdefault(listing.failure or "", []).append(listing.blocklist.name)
    parts = [f"{_names(names)}: {reason}" for reason, names in list(reasons.items())[:_MOST]]
    keys = sorted({variable(listing.blocklist.key_name) for listing in failed if listing.blocklist.key_name})
    remedy = f"; ask through a DNS resolver of your own{f', or set {keys[0]}' if keys else ''}"
    return "; ".join(parts) + ("" if len(reasons) == 1 and "files only" in next(iter(reasons)) else remedy)


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"  # noqa: PLR2004 - three names fit a line
