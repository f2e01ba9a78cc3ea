"""A record was published at a wrong name.

## Why it matters
Receivers ask for each record at exactly one name. Many panels add the zone's name to what is typed: whoever types
`s1._domainkey.acme.example` gets a record at `s1._domainkey.acme.example.acme.example`, which nobody ever asks for. The
panel shows it as published, and it has no effect.

When a record of this campaign is missing, the names where people publish it by mistake are looked up: with the zone's name
twice, without the underscore or `_domainkey`, at the domain itself, at `www`, at `_spf` or `spf`, and as a CNAME whose target
lacks its final dot.

## How to fix
Correct the name field of the record in the panel; type only what stands in front of the zone's name.

## References
- [RFC 1034, section 3.1](https://www.rfc-editor.org/rfc/rfc1034#section-3.1), on names with and without a final dot
- [RFC 6376, section 3.6.2.1](https://www.rfc-editor.org/rfc/rfc6376#section-3.6.2.1)
- [RFC 9989, section 4.7](https://www.rfc-editor.org/rfc/rfc9989#section-4.7)
"""

from collections.abc import Iterator

from msgspec import Struct

from mailaudit.checks.change import Change, ChangeDmarc, ChangeSpf, DmarcAim, RepairKey, RepairTags, SpfAim
from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._placing import finished_target
from mailaudit.facts.dns.answer import Answer, readable
from mailaudit.facts.sender.dkim.key import looks_like_key
from mailaudit.facts.sender.lookalikes import Meant
from mailaudit.facts.sender.names import is_at_or_under, organizational_domain
from mailaudit.facts.sender.wrong_names import Misplaced, Slip, WrongName

_WORDS = {
    Meant.SPF: "SPF record",
    Meant.DMARC: "DMARC record",
    Meant.DKIM: "DKIM key",
    Meant.MTA_STS: "MTA-STS record",
    Meant.TLS_RPT: "TLS-RPT record",
    Meant.BIMI: "logo record (BIMI)",
}
_VERSIONS = {Meant.MTA_STS: "STSv1", Meant.TLS_RPT: "TLSRPTv1", Meant.BIMI: "BIMI1"}
_OPTIONAL = frozenset(_VERSIONS)


class _Missing(Struct, frozen=True):
    """A record that nobody finds at its name, or that nobody could look up; `answer` is what is there."""

    kind: Meant
    right: str
    answer: Answer

    def __str__(self) -> str:
        return self.right


def _missing(facts: Facts) -> tuple[_Missing, ...]:
    found = tuple(_all_missing(facts))
    if not found:
        raise NotApplicable("no record of the sender is missing")
    return found


def _all_missing(facts: Facts) -> Iterator[_Missing]:
    sender = facts.sender
    for domain in sender.mail_from_domains:
        spf = sender.spf(domain)
        if not (spf.txt.is_known and spf.records):
            yield _Missing(Meant.SPF, domain, spf.txt)
    walk = sender.dmarc.tree_walk.value
    if walk is None or walk.record is None:
        for published in sender.dmarc.published.values():
            is_open = not (published.answer.is_known and published.records)
            if is_open and is_at_or_under(published.domain, sender.organizational_domain):
                yield _Missing(Meant.DMARC, f"_dmarc.{published.domain}", published.answer)
    for key in sender.dkim:
        if not (key.answer.is_known and any(looks_like_key(text) for text in key.answer.texts())):
            yield _Missing(Meant.DKIM, key.selector.name, key.answer)
    transport = sender.transport
    optional = (
        (Meant.MTA_STS, transport.mta_sts_answer),
        (Meant.TLS_RPT, transport.tls_rpt_answer),
        (Meant.BIMI, transport.bimi_answers[0]),
    )
    for kind, answer in optional:
        if not (answer.is_known and any(kind.is_meant_by(text) for text in answer.texts())):
            yield _Missing(kind, answer.name, answer)


@check(
    Severity.ERROR,
    passed="No record of the sender stands at a wrong name.",
    each=_missing,
    gate_when_unverified=False,
)
def record_at_wrong_name(facts: Facts, missing: _Missing) -> Problems:
    """Yield a problem when a record that is missing at its name stands at one where people publish it by mistake."""
    missing.answer.known_records()
    unfinished = facts.sender.wrong_names.unfinished_alias(missing.answer)
    if unfinished:
        yield _unfinished_target(missing, *unfinished)
        return
    found = facts.sender.wrong_names.misplaced(missing.right)
    if found:
        yield _problem(found)
    else:
        for tried in facts.sender.wrong_names.of(missing.right):
            tried.answer.known_records()


def _problem(found: Misplaced) -> Problem:
    wrong = found.wrong
    return Problem.about(
        wrong.right,
        f"The {_WORDS[wrong.kind]} for {wrong.right} stands at {wrong.name}, where nobody looks for it:"
        f" {wrong.slip.value}.",
        *_steps(wrong),
        "Its value is to be as below.",
        owner=Owner.DNS_ADMIN,
        severity=_severity(wrong),
        evidence=(Evidence(f"{wrong.name} TXT", readable(found.texts[0])[:200]),),
        discriminator=wrong.name,
        change=_change(wrong),
        otherwise=_steps(wrong),
    )


def _severity(wrong: WrongName) -> Severity | None:
    if wrong.kind in _OPTIONAL:
        return Severity.NOTE
    # Another name may have an SPF record for a use of its own: that it was meant for the domain is a guess.
    return Severity.WARNING if wrong.kind is Meant.SPF and not wrong.slip.is_useless else None


def _steps(wrong: WrongName) -> tuple[str, ...]:
    """Return what to type where; a record that may be of use where it stands is copied."""
    zone = _zone(wrong)
    relative = _typed(wrong.right, zone)
    whole = f"Where the panel wants whole names, write {wrong.right}. with the final dot."
    if not wrong.slip.is_useless:
        return (
            f"Publish the record a second time in the panel of the zone {zone}, with {relative} in the name field.",
            whole,
            f"Leave the one at {wrong.name} where it is: it may serve other mail.",
        )
    return (
        f"Open the record at {wrong.name} in the panel of the zone {zone}.",
        f"Write {relative} into its name field in place of {_typed(wrong.name, zone)}.",
        whole,
    )


def _change(wrong: WrongName) -> Change:
    """Return the record's own repair, which takes the text that stands at the wrong name."""
    match wrong.kind:
        case Meant.SPF:
            return ChangeSpf(wrong.right, SpfAim.AUTHORISE)
        case Meant.DMARC:
            return ChangeDmarc(wrong.right.removeprefix("_dmarc."), DmarcAim.PUBLISH)
        case Meant.DKIM:
            return RepairKey(wrong.right)
    return RepairTags(wrong.right, _VERSIONS[wrong.kind])


def _zone(wrong: WrongName) -> str:
    """Return the zone that the panel edits, as a name that it was added to tells."""
    doubled = wrong.name.removeprefix(f"{wrong.right}.")
    return doubled if wrong.slip is Slip.ZONE_TWICE else organizational_domain(wrong.right)


def _typed(name: str, zone: str) -> str:
    return name.removesuffix(zone).rstrip(".") or "@"


def _unfinished_target(missing: _Missing, alias: str, meant: str) -> Problem:
    target = missing.answer.cname_chain[-1]
    return Problem(
        subject=missing.right,
        message=f"The alias at {alias} leads to {target}, where nothing is: its target was written without the final"
        " dot, so the zone's name was added.",
        severity=Severity.NOTE if missing.kind in _OPTIONAL else None,
        evidence=(Evidence(f"{alias} CNAME", target),),
        discriminator=target,
        fix=finished_target(alias, meant),
    )
