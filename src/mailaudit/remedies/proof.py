"""Hold a draft against the world: the sender is gathered and judged again with the records, and compared."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase

from msgspec import Struct, field
from msgspec.structs import replace

from mailaudit.checks.finding import Finding, Outcome, Result, Severity
from mailaudit.checks.registry import Check
from mailaudit.checks.remedy import Action, RecordChange, SpfProof
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.dns.sources.proposed import Proposal, with_proposals
from mailaudit.facts.facts import Facts
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.claims import SenderClaims, claims_of
from mailaudit.facts.sender.dmarc.record import Policy
from mailaudit.facts.sender.observe import envelope, observe_sender
from mailaudit.facts.sender.spf.lookups import MAX_LOOKUPS
from mailaudit.facts.sender.spf.model import SpfFacts, SpfResult
from mailaudit.facts.sender.spf.observe import Envelope, observe_spf
from mailaudit.remedies.draft import Draft, Undecided, is_only_included
from mailaudit.remedies.spf.senders import Senders, senders_of, tree_of
from mailaudit.remedies.spf.table import spf_table
from mailaudit.runner import judge

_MOST_WORLDS = 40
_SENDABLE = {None, SpfResult.PASS, SpfResult.TEMPERROR}


Records = tuple[RecordChange, ...]


class Court(Struct, frozen=True):
    """The facts and answers of a run, and the checks of the sender, judged once."""

    facts: Facts
    dns: Resolver
    checks: Mapping[str, Check]
    results: tuple[Result, ...]
    worlds: dict[Records, tuple[Facts, tuple[Result, ...]]] = field(default_factory=dict)

    async def with_records(self, records: Iterable[RecordChange]) -> Resolver:
        """Return a resolver of the world with some records."""
        proposals = [Proposal(one.name, one.type, _data(one), one.ttl, one.replaces, one.zone) for one in records]
        return await with_proposals(proposals, self.dns)

    async def judged_again(self, draft: Draft, world: Resolver) -> tuple[Facts, tuple[Result, ...]]:
        """Return the facts of the world with the records, and what the checks say; the same records are judged once."""
        records = draft.records

        async def message() -> MessageFacts | None:
            return self.facts.message_or_none

        if records not in self.worlds:
            if len(self.worlds) == _MOST_WORLDS:
                raise Undecided(
                    "there are too many findings to prove a record for each: mend the first ones first"
                )
            standing = self.facts.sender.origin.standing
            sender = await observe_sender(self._claims(draft), world, message(), standing=standing)
            facts = replace(self.facts, sender=sender)
            self.worlds[records] = facts, tuple(judge(one, facts, facts.source) for one in self.checks.values())
        return self.worlds[records]

    def _claims(self, draft: Draft) -> SenderClaims:
        claims = claims_of(self.facts.campaign)
        return replace(claims, selectors=tuple(one for one in claims.selectors if one.name != draft.retires))


async def objection(draft: Draft, findings: Iterable[Finding], court: Court) -> str | None:
    """Return what speaks against a draft that is to end findings, as a sentence fragment; nothing when it is proven."""
    world = await court.with_records(draft.records)
    for record in draft.records:
        if is_spf(record):
            against = await _against_spf(draft, record, court, world)
            if against:
                return against
    facts, after = await court.judged_again(draft, world)
    broken = {one.check for one in after if one.outcome is Outcome.CRASHED}
    if broken - {one.check for one in court.results if one.outcome is Outcome.CRASHED}:
        return "the proof broke off"
    left = {(one.check, one.subject) for one in _findings(after)} if draft.ends else set()
    remains = next((one for one in findings if (one.check, one.subject) in left), None)
    if remains:
        return f"{remains.check} would remain"
    known = {one.fingerprint for one in _errors(court.results)}
    fresh = [one for one in _errors(after) if one.fingerprint not in known]
    if fresh:
        cause = _cause(fresh[0], court)
        first = f": mend {cause} first, and audit again" if cause else ""
        return f"{fresh[0].check} would come up ({fresh[0].message.rstrip('.')}){first}"
    return _looser(court.facts, facts)


async def proof_of(draft: Draft, court: Court) -> SpfProof | None:
    """Return who gains and who loses by the SPF record of a draft, and what nobody could look up; nothing without either."""
    world = await court.with_records(draft.records)
    targets = [one.value.rstrip(".") for one in draft.records if one.type == "CNAME"]
    unseen = tuple([name for name in dict.fromkeys(targets) if not (await world.query(name, "TXT")).is_known])
    record = next((one for one in draft.records if is_spf(one)), None)
    if record is None:
        return SpfProof(unverified=unseen) if unseen else None
    observed = await _observed(record.name, court, world)
    proof = await spf_table(record.name, court.dns, world, observed.survey.lookups)
    return replace(proof, unverified=(*proof.unverified, *unseen))


def is_spf(record: RecordChange) -> bool:
    """Say whether a record is one of SPF."""
    return record.type == "TXT" and record.value.startswith("v=spf1") and record.action is not Action.REMOVE


def _data(record: RecordChange) -> str | None:
    return None if record.action is Action.REMOVE else record.line.split(" ", 4)[4]


async def _against_spf(draft: Draft, record: RecordChange, court: Court, world: Resolver) -> str | None:
    observed = await _observed(record.name, court, world)
    if observed.result not in _SENDABLE and not is_only_included(record.name, court.facts):
        return f"the campaign would not pass SPF ({observed.result})"
    if observed.survey.lookups > MAX_LOOKUPS:
        return f"it would need {observed.survey.lookups} look-ups"
    proposed = await tree_of(record.value, record.name, world)
    after, reached = senders_of(proposed), senders_of(proposed, limited=True)
    before, kept = Senders(), Senders()
    for text in draft.texts:
        old = await tree_of(text, record.name, court.dns)
        before |= senders_of(old, as_meant=True)
        kept |= senders_of(old, as_meant=True, limited=True)
    wanted = senders_of(await tree_of(" ".join(("v=spf1", *draft.adds)), record.name, world))
    if before.passes - after.passes or before.opaque - after.opaque or kept.passes - reached.passes:
        return "servers that the old text names would lose their pass"
    if after.passes - before.passes - wanted.passes or after.opaque - before.opaque - wanted.opaque:
        return "servers would be let in that nobody named"
    return None


async def _observed(domain: str, court: Court, world: Resolver) -> SpfFacts:
    claims = claims_of(court.facts.campaign)
    seen = envelope(claims)
    answer = await world.query(claims.mail_from_domain, "TXT")
    if domain in answer.cname_chain:
        domain = claims.mail_from_domain
    if domain != claims.mail_from_domain:
        seen = Envelope(claims.ips, f"postmaster@{domain}", domain)
    return await observe_spf(domain, seen, world)


def _findings(results: Iterable[Result]) -> Iterable[Finding]:
    return (finding for result in results for finding in result.findings)


def _errors(results: Iterable[Result]) -> list[Finding]:
    return [finding for finding in _findings(results) if finding.severity is Severity.ERROR]


def _cause(fresh: Finding, court: Court) -> str | None:
    """Return an open error that brings a finding about, as its check tells."""
    patterns = court.checks[fresh.check].follows
    checks = (one.check for one in _errors(court.results))
    return next((check for check in checks if any(fnmatchcase(check, pattern) for pattern in patterns)), None)


def _looser(before: Facts, after: Facts) -> str | None:
    old, new = before.sender.dmarc, after.sender.dmarc
    for found, follows in ((old.tree_walk, new.tree_walk), (old.suffix_list, new.suffix_list)):
        if found.value is None or follows.value is None:
            continue
        with suppress(Unavailable):
            if _rank(new.policy_of(follows.value)) < _rank(old.policy_of(found.value)):
                return "receivers would apply a looser DMARC policy"
    return None


def _rank(policy: Policy | None) -> int:
    return -1 if policy is None else list(Policy).index(policy)
