"""What the checks of SPF have in common."""

from mailaudit.checks.rule import Confidence, Facts, Fix, NotApplicable, Owner, Unavailable
from mailaudit.facts.sender.names import is_at_or_under, organizational_domain
from mailaudit.facts.sender.spf.lookup_tree import NodeState, SpfNode
from mailaudit.facts.sender.spf.model import Limit, SpfFacts
from mailaudit.knowledge.setup_records import setup_records
from mailaudit.knowledge.types.platform import EvidenceKind, PlatformRecord, RecordStatus, SpfAlignment


def spf_domains(facts: Facts) -> tuple[str, ...]:
    """Return the domains with one SPF record, or whose record did not answer."""
    sender = facts.sender
    found = tuple(
        domain
        for domain in sender.mail_from_domains
        if sender.spf(domain).survey.state in {NodeState.RECORD, NodeState.UNAVAILABLE}
    )
    if not found:
        raise NotApplicable("the MAIL FROM domain does not have exactly one SPF record")
    return found


def term_costs(survey: SpfNode) -> dict[str, int]:
    """Return the look-ups that each term of a record costs, those below it included."""
    below = {child.term: child.lookups for child in survey.children}
    return {cost.text: 1 + below.get(cost.text, 0) for cost in survey.costs}


def hits_campaign(spf: SpfFacts, limit: Limit) -> bool:
    """Say whether receivers give up at a limit for an address of the campaign."""
    return any(verdict.limit is limit for verdict in spf.judged)


def beyond_limit(spf: SpfFacts, limit: Limit) -> str:
    """Return, in words, who fails because of a limit."""
    late = [str(verdict.ip) for verdict in spf.judged if verdict.limit is limit]
    if late:
        more = f" and {len(late) - 1} more" if len(late) > 1 else ""
        return f"they give up before they find {late[0]}{more}, and SPF fails"
    if spf.judged:
        return "this campaign is found before that, but SPF fails for whoever comes later in the record"
    return "SPF fails for every server that they have not found by then"


def unused_includes(facts: Facts, spf: SpfFacts) -> tuple[str, ...]:
    """Return the includes whose owner shows nowhere else: not in DKIM, MX, the platform or the sending addresses."""
    steps = (step for verdict in spf.verdicts for step in verdict.trace if not step.depth)
    seen = {step.term for step in steps if step.outcome == "match"}
    platform = facts.sender.origin.verdict.platform
    if platform and platform.spf_aligns is not SpfAlignment.NEVER:
        seen |= {f"include:{name}" for name in platform.values(EvidenceKind.SPF_INCLUDE)[:1]}
    owners = {_owner(name) for name in facts.sender.service_names}
    return tuple(
        child.term
        for child in spf.survey.children
        if child.term not in seen
        and not child.term.startswith("redirect=")
        and _owner(child.domain) not in owners
        and not is_at_or_under(child.domain, facts.sender.organizational_domain)
    )


def _owner(name: str) -> str:
    # A service often has its names under several suffixes: provider.com in SPF, provider.net in MX.
    return organizational_domain(name).partition(".")[0]


def record_owner(facts: Facts, domain: str) -> Owner:
    """Return who can change the SPF record of a domain."""
    return Owner.DNS_ADMIN if is_own(facts, domain) else Owner.PLATFORM


def mend_record(facts: Facts, domain: str, step: str) -> Fix:
    """Return the step for the record of an own domain; another's record only its owner can mend."""
    if is_own(facts, domain):
        return Fix.by(Owner.DNS_ADMIN, step)
    return Fix.by(
        Owner.PLATFORM,
        f"Only those who keep {domain} can mend that record: leave it, or take it out when you do not use the service.",
    )


def is_own(facts: Facts, domain: str) -> bool:
    """Say whether a domain belongs to the organization of the From domain."""
    return organizational_domain(domain) == organizational_domain(facts.sender.from_domain)


def requires_from_domain(facts: Facts) -> None:
    """Raise `NotApplicable` or `Unavailable` when the platform that sends uses another MAIL FROM than the From domain.

    RFC 7208, section 2.4: SPF is asked of the domain in MAIL FROM. A platform that aligns only with a bounce domain that
    its customer sets up has its own as long as there is none.
    """
    platform = facts.sender.origin.verdict.platform
    if platform is None:
        return
    if platform.spf_aligns in {SpfAlignment.NEVER, SpfAlignment.WITH_SETUP}:
        raise NotApplicable(
            f"{platform.name} takes the bounces at a domain of its own, whose SPF counts, unless a return path is set up"
        )
    asked = setup_records(platform, facts.sender.from_domain)
    if any(one.purpose == "return-path" for one in asked):
        raise Unavailable(
            f"{platform.name} uses a bounce domain below yours, whose SPF counts and which its settings show: write it as"
            " `return_path:`"
        )
    if not any(_is_asked_of_everybody(one, facts.sender.from_domain) for one in asked):
        raise Unavailable(
            f"it is not known whether {platform.name} puts your domain into MAIL FROM or its own: write as `return_path:`"
            " what the Return-Path of a test message shows"
        )


def _is_asked_of_everybody(record: PlatformRecord, domain: str) -> bool:
    is_required = record.purpose == "spf" and record.name == domain and record.status is RecordStatus.REQUIRED
    return is_required and record.provenance.confidence is not Confidence.LOW
