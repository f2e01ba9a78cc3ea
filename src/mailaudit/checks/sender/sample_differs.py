"""The sample message contradicts the campaign file.

## Why it matters
What is audited is what the campaign file says. A delivered sample is a witness: its From, its return path, the address it
came from and the results that its receiver wrote show what really leaves. Where the two differ, this audit judged other
records than receivers will.

## How to fix
Correct the campaign file, or the settings of the program that sends; deliver a new sample and run this audit again.

## References
- [RFC 5321, section 4.4](https://www.rfc-editor.org/rfc/rfc5321#section-4.4)
- [RFC 8601](https://www.rfc-editor.org/rfc/rfc8601)
"""

from mailaudit.checks.message._message import as_sent
from mailaudit.checks.rule import Confidence, Evidence, Facts, Location, Problem, Problems, Severity, check
from mailaudit.facts.sender.dmarc.outcome import by_tree_walk, expected_outcome
from mailaudit.facts.sender.spf.model import SpfResult
from mailaudit.facts.sender.witness import Witness, witness_of

_REFUSED = frozenset({"fail", "softfail", "permerror", "none"})


@check(Severity.ERROR, passed="The sample message agrees with the campaign file.", needs=("message",))
def sample_differs(facts: Facts) -> Problems:
    """Yield a problem for each thing that the sample shows otherwise than the campaign file says."""
    witness = witness_of(as_sent(facts))
    yield from _author(facts, witness)
    yield from _return_path(facts, witness)
    yield from _addresses(facts, witness)
    yield from _signatures(facts)
    yield from _results(facts, witness)


def _author(facts: Facts, witness: Witness) -> Problems:
    planned, shown = facts.sender.from_domain, witness.from_domain
    if shown and shown != planned:
        message = (
            f"The sample message comes from an address at {shown}, and the campaign file says {planned}: what was"
        )
        yield _problem(facts, "From", f"{message} judged is not what is sent.", Severity.ERROR, (planned, shown))


def _return_path(facts: Facts, witness: Witness) -> Problems:
    planned, shown = facts.sender.mail_from_domain, witness.mail_from_domain
    if shown is None or shown == planned:
        return
    message = f"Bounces of the sample message go to {shown}, and SPF was judged for {planned}."
    # Nobody said where bounces go, and the platform's own domain is what one expects.
    is_open = facts.campaign.return_path is None and facts.sender.platform is not None
    severity = Severity.NOTE if is_open else Severity.WARNING
    yield _problem(facts, "Return-Path", message, severity, (planned, shown))


def _addresses(facts: Facts, witness: Witness) -> Problems:
    planned = facts.campaign.sending.ips
    if not planned or not witness.addresses or set(planned) & set(witness.addresses):
        return
    shown = witness.addresses[0]
    message = f"The sample message came from {shown}, which is none of the campaign's addresses (sending.ips)."
    pair = (", ".join(map(str, planned[:3])), ", ".join(map(str, witness.addresses[:3])))
    yield _problem(facts, "Received", message, Severity.WARNING, pair, confidence=Confidence.MEDIUM)


def _signatures(facts: Facts) -> Problems:
    sample = facts.sender.sample
    planned = {(key.selector.lower(), key.domain.lower()) for key in facts.campaign.sending.dkim}
    shown = [one.signature for one in sample.signatures if not one.signature.errors] if sample else []
    if not planned or not shown or planned & {(one.selector, one.domain) for one in shown}:
        return
    first = shown[0]
    message = f"The sample message is signed by {first.key_name}, and by none of the keys under sending.dkim."
    names = ", ".join(f"{selector}._domainkey.{domain}" for selector, domain in sorted(planned)[:3])
    yield _problem(facts, "DKIM-Signature", message, Severity.WARNING, (names, first.key_name))


def _results(facts: Facts, witness: Witness) -> Problems:
    """Yield a problem when the sample's receiver saw a failure of what passes by DNS as it is now."""
    sender = facts.sender
    spf = sender.spf(sender.mail_from_domain)
    expected = {"spf": spf.result is SpfResult.PASS, "dmarc": _passes_dmarc(facts)}
    for method, passes in expected.items():
        seen = [result for name, result in witness.results if name == method]
        if not passes or not seen or not all(result in _REFUSED for result in seen):
            continue
        message = (
            f"{witness.judge} wrote {method}={seen[0]} into the sample message, though by DNS as it is now {method.upper()}"
            " passes: the sample is older than the records, or does not leave as the campaign file says."
        )
        pair = (f"{method}=pass", f"{method}={seen[0]}")
        yield _problem(facts, f"Authentication-Results {method}", message, Severity.WARNING, pair)


def _passes_dmarc(facts: Facts) -> bool:
    sender = facts.sender
    found = sender.dmarc.tree_walk.value
    if found is None or found.record is None:
        return False
    return bool(expected_outcome(sender, by_tree_walk).passes)


def _problem(
    facts: Facts,
    where: str,
    message: str,
    severity: Severity,
    pair: tuple[str, str],
    *,
    confidence: Confidence = Confidence.HIGH,
) -> Problem:
    fields = facts.message.header(where.partition(" ")[0])
    return Problem.about(
        where,
        message,
        "Make the campaign file agree with the sample message, if the sample is right, and run this audit again.",
        "If the file is right, correct the settings of the program that sends, and deliver a new sample.",
        location=Location(facts.message.path, fields[0].line if fields else None),
        evidence=(Evidence("the campaign file", pair[0]), Evidence("the sample message", pair[1])),
        severity=severity,
        confidence=confidence,
    )
