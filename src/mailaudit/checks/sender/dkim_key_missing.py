"""A DKIM selector of the campaign has no key in DNS.

## Why it matters
Every message carries a signature that names a selector and a domain. Receivers fetch the key from DNS; when there
is none, the signature counts for nothing. Gmail, Yahoo, Microsoft and Orange require a valid DKIM signature on
bulk mail, and DMARC usually rests on it.

## How to fix
Copy the record that your sending service or your mail server shows for this selector into DNS, exactly as it is
shown. If the selector is an old one, remove it from the campaign file.

## References
- [RFC 6376, section 3.6.2](https://www.rfc-editor.org/rfc/rfc6376#section-3.6.2)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.rule import Evidence, Facts, Fix, Owner, Problem, Problems, RepairKey, Severity, check
from mailaudit.checks.sender._dkim import owner_of_key, selectors
from mailaudit.checks.sender._origin import platform_title
from mailaudit.checks.sender._placing import of_alias
from mailaudit.facts.dns.answer import Status
from mailaudit.facts.sender.dkim.observe import DkimFacts


@check(
    Severity.ERROR,
    passed="Every DKIM selector of the campaign has a key.",
    each=selectors,
    follows=("record-at-wrong-name", "platform-not-authorized"),
)
def dkim_key_missing(facts: Facts, dkim: DkimFacts) -> Problems:
    """Yield a problem when nothing is published at the name of a selector."""
    if dkim.keys:
        return
    name = dkim.selector.name
    target = _target(facts, dkim)
    yield Problem(
        subject=name,
        message=_message(dkim, target),
        location=dkim.selector.location,
        evidence=(Evidence("CNAME", f"{name} → {target}"),) if target else (),
        fix=of_alias(facts, dkim.answer) or _fix(facts, dkim, target),
    )


def _target(facts: Facts, dkim: DkimFacts) -> str | None:
    """Return where an alias leads to, unless every name has it."""
    return None if facts.sender.wrong_names.is_wildcard(dkim.answer) else dkim.cname_target


def _fix(facts: Facts, dkim: DkimFacts, target: str | None) -> Fix:
    steps = _steps(facts, dkim, target)
    owner = owner_of_key(facts, dkim) if target else Owner.DNS_ADMIN
    name = dkim.selector.name
    change = RepairKey(name) if facts.sender.wrong_names.misplaced(name) else None
    return Fix.by(owner, "Publish the record below.", steps[-1], change=change, otherwise=steps)


def _message(dkim: DkimFacts, target: str | None) -> str:
    name = dkim.selector.name
    if target:
        return (
            f"{name} points to {target}, where there is no DKIM key: the signatures of this campaign do not count."
        )
    is_gone = dkim.answer.status is Status.NXDOMAIN or dkim.cname_target
    kind = "does not exist" if is_gone else "holds no TXT record"
    return f"{name} {kind}: receivers cannot check the DKIM signatures of this campaign."


def _steps(facts: Facts, dkim: DkimFacts, target: str | None) -> tuple[str, ...]:
    domain, selector = dkim.selector.domain, dkim.selector.selector
    if target and owner_of_key(facts, dkim) is Owner.DNS_ADMIN:
        return (f"Publish the key again at {target}, or correct the CNAME at {dkim.selector.name}.",)
    if target:
        return (
            f"Ask the owner of {target} (your sending service) to publish the key again.",
            f"If the service has given you new DKIM records, replace the CNAME at {dkim.selector.name}.",
        )
    where = (
        f"the settings of {platform_title(facts)}" if facts.sender.platform else "your mail server's DKIM set-up"
    )
    return (
        f"Open {where} and look for the DKIM record of {domain}, selector {selector}.",
        f"Publish it, unchanged, at {dkim.selector.name}.",
        "Send a test message and look for dkim=pass in its Authentication-Results header.",
    )
