"""The mail of this campaign would fail DMARC.

## Why it matters
DMARC passes when SPF passes for a MAIL FROM of your organization, or a valid DKIM signature of your organization
is there. As things are published now, neither will be the case. Gmail, Yahoo, Microsoft and Orange refuse bulk
mail that fails or file it as spam; with `p=reject` or `p=quarantine` every receiver that honours DMARC does.

## How to fix
Mend the SPF and DKIM problems of this report; one of the two is enough for DMARC, large providers want both.

## References
- [RFC 9989](https://www.rfc-editor.org/info/rfc9989)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.rule import Confidence, Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._dkim import has_key, line_to_add, require_known_names
from mailaudit.checks.sender._dmarc import applied
from mailaudit.facts.observed import NotGiven, Unavailable
from mailaudit.facts.sender.dkim.observe import DkimFacts
from mailaudit.facts.sender.dmarc.alignment import Identifier, Mechanism
from mailaudit.facts.sender.dmarc.outcome import by_tree_walk, expected_outcome
from mailaudit.facts.sender.dmarc.record import Policy

_HANDLING = {
    Policy.REJECT: "asks receivers to refuse it",
    Policy.QUARANTINE: "asks receivers to file it as spam",
    Policy.NONE: "asks for nothing, but large providers still refuse bulk mail that fails",
    None: "cannot be read, and large providers still refuse bulk mail that fails",
}


@check(
    Severity.ERROR,
    passed="The mail of this campaign would pass DMARC.",
    follows=("spf-*", "dkim-*", "dmarc-not-aligned", "platform-not-authorized"),
)
def dmarc_fails(facts: Facts) -> Problems:
    """Yield a problem when neither SPF nor DKIM gives an aligned pass."""
    sender = facts.sender
    applied(facts)
    outcome = expected_outcome(sender, by_tree_walk)
    if outcome.passes:
        return
    is_unsigned = outcome.spf is False and outcome.dkim is None and _is_unsigned(facts)
    if outcome.passes is None and not is_unsigned:
        raise NotGiven("the campaign names neither the sending addresses nor a DKIM selector that would decide it")
    yield Problem.about(
        sender.from_domain,
        f"As things are, this campaign fails DMARC for {sender.from_domain}; its policy"
        f" {_HANDLING[sender.dmarc.policy]}.",
        "Mend the SPF and DKIM problems of this report.",
        "Send a test message to a Gmail address and look for dmarc=pass under “Show original”.",
        location="from",
        confidence=Confidence.MEDIUM if is_unsigned else Confidence.HIGH,
        evidence=(
            Evidence("SPF", _spf(facts)),
            *(Evidence(f"DKIM, {key.selector.name}", _dkim(facts, key)) for key in sender.dkim),
            *((Evidence("DKIM", "no selector is known"),) if is_unsigned else ()),
        ),
    )


def _is_unsigned(facts: Facts) -> bool:
    """Say whether no key is there that could sign; raises `Unavailable` when that cannot be told.

    A key may bear any name: that none is there is known only where nothing lies at all, or where the names are those of
    a platform that gives the same to everybody.
    """
    guesses = facts.sender.guesses
    if guesses is None or guesses.found or guesses.is_wildcard or has_key(facts):
        return False
    if guesses.failure:
        raise Unavailable(guesses.failure)
    require_known_names(facts)
    if not (guesses.is_ruled_out or facts.sender.platform):
        raise Unavailable(
            f"keys lie under {guesses.domain}, but which of them signs is not known: {line_to_add(facts)}"
        )
    return True


def _spf(facts: Facts) -> str:
    sender = facts.sender
    if not sender.dmarc.alignment(Mechanism.SPF):
        return _not_counted(facts, Identifier(Mechanism.SPF, sender.mail_from_domain))
    spf = sender.spf(sender.mail_from_domain)
    return "; ".join(f"{verdict.result.value} for {verdict.ip}" for verdict in spf.verdicts) or "does not pass"


def _dkim(facts: Facts, key: DkimFacts) -> str:
    identifier = Identifier(Mechanism.DKIM, key.selector.domain)
    aligned = [one for one in facts.sender.dmarc.aligned if one.identifier == identifier]
    if not any(one.tree_walk.value for one in aligned):
        return _not_counted(facts, identifier)
    return "has no usable key"


def _not_counted(facts: Facts, identifier: Identifier) -> str:
    author, tag = facts.sender.from_domain, "aspf" if identifier.mechanism is Mechanism.SPF else "adkim"
    if any(one.fails_by_strictness for one in facts.sender.dmarc.aligned if one.identifier == identifier):
        return f"does not count: {tag}=s asks for {author} itself, and this is {identifier.domain}"
    return f"does not count: {identifier.domain} does not belong to {author}"
