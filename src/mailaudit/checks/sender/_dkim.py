"""What the DKIM checks have in common: selectors and keys, the signatures of the sample, and keys that nobody names."""

from mailaudit.checks.rule import Confidence, Facts, NotApplicable, NotGiven, Owner, Unavailable
from mailaudit.facts.sender.dkim.observe import DkimFacts
from mailaudit.facts.sender.dkim.verify import CheckedSignature, SignedSample
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.knowledge.types.platform import RecordStatus


def selectors(facts: Facts) -> tuple[DkimFacts, ...]:
    """Return the selectors to judge; raises `NotGiven` when the campaign shows none."""
    if not facts.sender.dkim:
        raise NotGiven(
            "no DKIM selector is known; name it under sending.dkim, or give a delivered message as message"
        )
    return facts.sender.dkim


def published(facts: Facts) -> tuple[DkimFacts, ...]:
    """Return the selectors that have a record, or did not answer; raises `NotApplicable` when none has."""
    found = tuple(dkim for dkim in selectors(facts) if not dkim.answer.is_known or dkim.keys)
    if not found:
        raise NotApplicable("no DKIM selector of the campaign has a key")
    return found


def owner_of_key(facts: Facts, dkim: DkimFacts) -> Owner:
    """Return who can change the record of a key: whoever the name belongs to that an alias leads to."""
    target = dkim.cname_target
    is_own = target is None or is_at_or_under(target, facts.sender.organizational_domain)
    return Owner.DNS_ADMIN if is_own else Owner.PLATFORM


def sample(facts: Facts) -> SignedSample:
    """Return the sample message; raises `NotGiven` when the campaign has none."""
    if facts.sender.sample is None:
        raise NotGiven("the campaign gives no delivered message as a sample (message: sample.eml)")
    return facts.sender.sample


def signatures(facts: Facts) -> tuple[CheckedSignature, ...]:
    """Return the signatures of the sample; raises `NotApplicable` when it is not signed."""
    found = sample(facts).signatures
    if not found:
        raise NotApplicable("the sample message is not signed with DKIM")
    return found


def signer(facts: Facts) -> Owner:
    """Return who can change how the mail is signed."""
    return Owner.PLATFORM if facts.sender.platform else Owner.SERVER_ADMIN


def has_key(facts: Facts) -> bool:
    """Say whether the key of a service was found at the sender's domain or below it, and leads somewhere."""
    return any(clue.record == "dkim" and not clue.is_dangling for clue in facts.sender.origin.verdict.clues)


def require_known_names(facts: Facts) -> None:
    """Raise `Unavailable` when the keys of the platform that sends have names that cannot be looked up."""
    platform = facts.sender.origin.verdict.platform
    if platform is None:
        return
    keys = [one for one in platform.records if one.purpose == "dkim" and one.status is not RecordStatus.DEPRECATED]
    sure = [one for one in keys if one.provenance.confidence is not Confidence.LOW]
    if sure and all(one.is_probeable for one in keys):
        return
    what = "gives each customer names of its own" if sure else "has keys of names that are not known here"
    raise Unavailable(f"{platform.name} {what}, so whether they are published is not known: {line_to_add(facts)}")


def line_to_add(facts: Facts) -> str:
    """Return what to add to the campaign file so that its key can be looked up."""
    return (
        f"write `dkim: [{{selector: …, domain: {facts.sender.from_domain}}}]` under sending, as s= and d= of a"
        " DKIM-Signature show them"
    )
