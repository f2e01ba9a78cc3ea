"""The DMARC policy is reject and rests on SPF alone.

## Why it matters
SPF breaks whenever a message is forwarded or goes through a mailing list. With `p=reject` and no DKIM signature of
your own, such messages are refused although they are yours. The standard forbids this combination.

## How to fix
Let the mail be signed with DKIM for your domain before the policy is `reject`.

## References
- [RFC 9989, section 7.4](https://www.rfc-editor.org/info/rfc9989)
"""

from mailaudit.checks.rule import Facts, NotApplicable, Problem, Problems, Severity, check
from mailaudit.checks.sender._dkim import selectors, signer
from mailaudit.checks.sender._dmarc import applied
from mailaudit.facts.sender.dmarc.outcome import by_tree_walk, expected_outcome
from mailaudit.facts.sender.dmarc.record import Policy


@check(
    Severity.WARNING,
    passed="The DMARC policy does not rest on SPF alone.",
    follows=(
        "dkim-key-missing",
        "dkim-key-invalid",
        "dkim-key-revoked",
        "dkim-not-aligned",
        "dkim-selector-unknown",
        "dkim-signature-missing",
        "platform-not-authorized",
    ),
)
def dmarc_relies_on_spf(facts: Facts) -> Problems:
    """Yield a problem when the policy is reject, SPF passes in alignment and DKIM does not."""
    sender = facts.sender
    applied(facts)
    if sender.dmarc.policy is not Policy.REJECT:
        raise NotApplicable("the DMARC policy is not reject")
    selectors(facts)
    outcome = expected_outcome(sender, by_tree_walk)
    if outcome.dkim or outcome.spf is False:
        return
    yield Problem.about(
        sender.from_domain,
        f"The DMARC policy of {sender.from_domain} is reject and no DKIM signature of its own passes: forwarded"
        " messages will be refused.",
        f"Let the campaign be signed with DKIM for {sender.from_domain} and publish the key.",
        owner=signer(facts),
        location="sending.dkim",
    )
