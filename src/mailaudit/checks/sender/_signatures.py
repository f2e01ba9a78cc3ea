"""What the checks of the sample message's signatures have in common."""

from mailaudit.checks.rule import Facts, NotApplicable, NotGiven, Owner
from mailaudit.facts.sender.dkim.verify import CheckedSignature, SignedSample


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
