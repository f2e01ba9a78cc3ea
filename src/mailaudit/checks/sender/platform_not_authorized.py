"""DNS does not let the platform send for the domain.

## Why it matters
A platform signs and sends in your name only when your DNS says so: with CNAME records for its DKIM keys, an SPF
include or a bounce domain. Without them the mail carries the platform's own name, fails DMARC, and is filed as
spam or refused.

## How to fix
Publish the records that the platform shows for your domain. The ones that are the same for every customer are
listed with the finding; the others stand in the platform's settings.

## References
- [RFC 6376, section 3.6.2](https://www.rfc-editor.org/rfc/rfc6376#section-3.6.2)
- [RFC 7208, section 5.2](https://www.rfc-editor.org/rfc/rfc7208#section-5.2)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from typing import Unpack

from msgspec.structs import replace

from mailaudit.checks.change import PublishForPlatform
from mailaudit.checks.rule import (
    Confidence,
    Evidence,
    Facts,
    Owner,
    Problem,
    ProblemDetails,
    Problems,
    Severity,
    check,
)
from mailaudit.checks.sender._dkim import line_to_add
from mailaudit.checks.sender._origin import require_answers, trail
from mailaudit.facts.observed import NotApplicable, NotGiven, Unavailable
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.sender.origin.asked_for import Presence, presence
from mailaudit.facts.sender.origin.daily_mail import is_shared
from mailaudit.facts.sender.origin.evidence import Clue, Rank
from mailaudit.knowledge.setup_records import setup_records
from mailaudit.knowledge.types.platform import Platform, PlatformRecord

Records = tuple[PlatformRecord, ...]
_KEYS = frozenset({"dkim"})
_ANYTHING = frozenset({"dkim", "spf", "return-path"})
_IN_DNS = {Rank.SAMPLE, Rank.DELEGATED, Rank.AUTHORIZED, Rank.PREPARED}


@check(Severity.ERROR, passed="DNS lets the platform send for the domain.", follows=("platform-mismatch",))
def platform_not_authorized(facts: Facts) -> Problems:
    """Yield a problem when what the claimed platform requires is missing or leads nowhere."""
    platform = _declared(facts)
    if is_shared(facts.sender.organizational_domain):
        raise NotApplicable("the From domain belongs to a provider of mailboxes, so nobody else can publish there")
    records = setup_records(platform, facts.sender.from_domain)
    if not records:
        raise NotApplicable(f"it is not known which records {platform.name} asks for")
    clues = [
        clue
        for clue in facts.sender.origin.verdict.clues
        if (clue.rank in _IN_DNS or clue.is_key) and clue.fits(platform)
    ]
    dangling = [clue for clue in clues if clue.is_dangling]
    if dangling:
        yield _dangling(facts, platform, dangling, records)
    elif any(clue.is_key or clue.rank is Rank.SAMPLE for clue in clues):
        if all(clue.is_key for clue in clues):
            yield from _not_in_spf(facts, platform, records)
    elif not _has_key(facts) and _is_absent(facts, platform, _KEYS if clues else _ANYTHING):
        yield _unsigned(facts, platform, clues, records) if clues else _nothing(facts, platform, records)
    elif not any(clue.is_key for clue in clues):
        require_answers(facts)


def _declared(facts: Facts) -> Platform:
    if not facts.campaign.sending.platform:
        raise NotGiven("the campaign names no platform (sending.platform)")
    declared = facts.sender.origin.verdict.declared
    if declared is None:
        raise NotApplicable("the campaign names no platform that is known here")
    return declared


def _is_absent(facts: Facts, platform: Platform, purposes: frozenset[str]) -> bool:
    """Say whether everything required is missing; raises `Unavailable` when only the platform's settings can tell."""
    found = presence(facts.sender.origin.asked_for, purposes)
    if found is Presence.NONE_REQUIRED:
        raise NotApplicable(f"{platform.name} requires no such record of everybody")
    if found is Presence.UNTOLD:
        raise Unavailable(
            f"{platform.name} gives each customer names of its own, which nobody can guess: {line_to_add(facts)}"
        )
    if found is Presence.ABSENT:
        require_answers(facts)
    return found is Presence.ABSENT


def _nothing(facts: Facts, platform: Platform, records: Records) -> Problem:
    return _problem(
        facts,
        platform,
        records,
        f"DNS of {facts.sender.from_domain} holds nothing that lets {platform.name} send: the campaign will"
        f" carry the platform's own name, fail DMARC and be refused or filed as spam.",
        severity=Severity.WARNING if _confidence(records) is Confidence.LOW else None,
        confidence=_confidence(records),
    )


def _unsigned(facts: Facts, platform: Platform, clues: list[Clue], records: Records) -> Problem:
    keys = tuple(record for record in records if record.purpose == "dkim")
    return _problem(
        facts,
        platform,
        keys,
        f"{platform.name} may send for {facts.sender.from_domain}, but its DKIM keys are not published: large"
        " providers ask for both SPF and DKIM.",
        evidence=trail(clues),
        severity=Severity.WARNING,
        confidence=_confidence(keys),
        discriminator="dkim",
    )


def _not_in_spf(facts: Facts, platform: Platform, records: Records) -> Problems:
    # Without a bounce domain of the sender's own, bounces go to the platform, whose SPF is its own affair.
    domain = facts.campaign.return_path.domain if facts.campaign.return_path else None
    include = next((record for record in records if record.purpose == "spf" and record.is_exact), None)
    if domain is None or include is None or not is_at_or_under(domain, facts.sender.organizational_domain):
        return
    survey = facts.sender.spf(domain).survey
    survey.require_complete()
    yield Problem.about(
        domain,
        f"{platform.name} may sign for {facts.sender.from_domain}, but the SPF record of the bounce domain {domain}"
        " does not name it: SPF will not pass, and large providers ask for both.",
        f"Add {include.value.split()[1]} to the SPF record of {domain}, in front of its last term.",
        owner=Owner.DNS_ADMIN,
        location="return_path",
        evidence=(Evidence("asked for", include.value),),
        severity=Severity.WARNING,
        confidence=include.provenance.confidence,
        discriminator="spf",
        change=PublishForPlatform((replace(include, name=domain),)),
    )


def _dangling(facts: Facts, platform: Platform, clues: list[Clue], records: Records) -> Problem:
    return _problem(
        facts,
        platform,
        tuple(record for record in records if record.purpose == "dkim") or records,
        f"{platform.name} cannot sign for {facts.sender.from_domain}: {clues[0].seen}, where nothing is.",
        evidence=tuple(Evidence("leads nowhere", clue.seen) for clue in clues),
        discriminator="dangling",
    )


def _has_key(facts: Facts) -> bool:
    """Say whether a selector that the campaign names has a key; raises `Unavailable` when that cannot be told.

    Such a key may be the platform's, under a name that only the platform's settings show.
    """
    known = [key for key in facts.sender.dkim if key.answer.is_known]
    if any(key.keys for key in known):
        return True
    return any(key.keys for key in facts.sender.dkim)


def _confidence(records: Records) -> Confidence:
    return max((record.provenance.confidence for record in records), key=lambda confidence: confidence.rank)


def _is_verified(facts: Facts, record: PlatformRecord) -> bool:
    """Say whether the record by which the platform knows the domain's owner was seen at its name."""
    return record.purpose == "verification" and any(
        one.record == record and one.answer is not None and one.answer.is_known and not one.is_absent
        for one in facts.sender.origin.asked_for
    )


def _problem(
    facts: Facts, platform: Platform, records: Records, message: str, **told: Unpack[ProblemDetails]
) -> Problem:
    domain = facts.sender.from_domain
    missing = [record for record in records if not _is_verified(facts, record)]
    exact = tuple(record for record in missing if record.is_exact)
    shown = [
        f"{record.name} {record.type} {record.value.rstrip('.')}" for record in missing if not record.is_exact
    ]
    before = (
        f"Whoever has the account at {platform.name} adds {domain} there, and passes on the records that it shows.",
        *(f"Publish the record that it shows in place of {text}." for text in shown),
    )
    after = f"Whoever has the account presses the button that verifies {domain}; then run this audit again."
    alike = tuple(f"It shows the same to everybody for {one.name}: {one.type} {one.value}" for one in exact)
    return Problem.about(
        domain,
        message,
        *before,
        "Publish the records below.",
        after,
        owner=Owner.DNS_ADMIN,
        change=PublishForPlatform(exact) if exact else None,
        otherwise=(*before, *alike, after),
        **(ProblemDetails(location="sending.platform") | told),
    )
