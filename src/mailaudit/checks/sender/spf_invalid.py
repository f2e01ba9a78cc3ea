"""The SPF record holds an error.

## Why it matters
One wrong term anywhere in the record makes receivers stop with a permanent error: SPF then passes for no message, however
right the rest is. So does an error in a record that it includes, for every server that they have not found by then. The
usual causes are a misspelt term (`ipv4:` for `ip4:`), a space behind a colon, an `include:` of a service that has
closed, a circle of includes, and an `mx` with more than ten servers.

## How to fix
Correct the term that is named, or remove it. When the error stands in the record of a service that you include,
tell that service, and remove its include if you no longer use it.

## References
- [RFC 7208, section 4.6](https://www.rfc-editor.org/rfc/rfc7208#section-4.6)
- [RFC 7208, section 5.2](https://www.rfc-editor.org/rfc/rfc7208#section-5.2)
"""

from collections.abc import Iterator

from msgspec.structs import replace

from mailaudit.checks.rule import (
    ChangeSpf,
    Evidence,
    Facts,
    Fix,
    Owner,
    Problem,
    Problems,
    Severity,
    SpfAim,
    check,
)
from mailaudit.checks.sender._spf import is_own, record_owner, spf_domains
from mailaudit.facts.sender.spf.lookup_tree import NodeState, SpfNode
from mailaudit.facts.sender.spf.lookups import MAX_MX_NAMES
from mailaudit.facts.sender.spf.model import SpfFacts, SpfResult

_DEAD_ENDS = {
    NodeState.MISSING: "{target}, which has no SPF record",
    NodeState.SEVERAL: "{target}, which has more than one SPF record",
    NodeState.LOOP: "{target}, which leads back to itself",
}


@check(Severity.ERROR, passed="The SPF record and those that it includes hold no error.", each=spf_domains)
def spf_invalid(facts: Facts, domain: str) -> Problems:
    """Yield a problem for each record that breaks a rule, and for each include that leads nowhere."""
    spf = facts.sender.spf(domain)
    for node in spf.survey.walk():
        if node.record and node.record.errors:
            yield _syntax(facts, spf, node)
        yield from _dead_ends(facts, spf, node)
        yield from _crowded(facts, spf, node)
    spf.survey.require_complete()


def _syntax(facts: Facts, spf: SpfFacts, node: SpfNode) -> Problem:
    record = node.record
    errors = record.errors if record else ()
    owned = is_own(facts, node.domain)
    return Problem.about(
        spf.domain,
        f"The SPF record of {node.domain} holds an error ({errors[0]}): receivers give up, and SPF fails for"
        " every message.",
        f"Replace the record of {node.domain} by the one below, which says what was meant."
        if owned
        else f"Tell the owner of {node.domain}, or remove {node.term} from your record if you do not use it.",
        owner=record_owner(facts, node.domain),
        evidence=(
            Evidence(f"{node.domain} TXT", record.text if record else ""),
            *(Evidence("error", str(error)) for error in errors[1:]),
            *_glued(spf, node, [error.term for error in errors]),
        ),
        severity=None if node is spf.survey else _when_reached(spf),
        discriminator=f"syntax {node.domain}",
        change=ChangeSpf(node.domain, SpfAim.REPAIR) if owned else None,
        otherwise=(f"Correct the SPF record of {node.domain}.",),
    )


def _dead_ends(facts: Facts, spf: SpfFacts, node: SpfNode) -> Problems:
    for child in node.children:
        if child.state not in _DEAD_ENDS:
            continue
        where = _DEAD_ENDS[child.state].format(target=child.domain)
        problem = _removable(
            facts,
            spf,
            node,
            child.term,
            f"The SPF record of {node.domain} refers to {where}: receivers give up, and SPF fails for every message"
            " that gets as far as this term.",
        )
        is_several = child.state is NodeState.SEVERAL and is_own(facts, child.domain)
        yield replace(problem, fix=_one_record(child.domain)) if is_several else problem


def _one_record(domain: str) -> Fix:
    return Fix.by(
        Owner.DNS_ADMIN,
        f"Replace the SPF records of {domain} by the one below, which allows what they allowed together.",
        change=ChangeSpf(domain, SpfAim.JOIN),
        otherwise=(
            f"Write one record at {domain} that allows what its SPF records allow, and delete the others.",
        ),
    )


def _crowded(facts: Facts, spf: SpfFacts, node: SpfNode) -> Problems:
    for cost in node.costs:
        if cost.mx_names > MAX_MX_NAMES:
            yield _removable(
                facts,
                spf,
                node,
                cost.text,
                f"{cost.target} has {cost.mx_names} mail servers; SPF allows {MAX_MX_NAMES} behind {cost.text}, so"
                " receivers give up.",
            )


def _removable(facts: Facts, spf: SpfFacts, node: SpfNode, term: str, message: str) -> Problem:
    owned = is_own(facts, node.domain)
    return Problem.about(
        spf.domain,
        message,
        f"Mend the SPF record at that name where it only has a slip; else remove {term}, or correct the name."
        if owned
        else f"Tell the owner of {node.domain} that {term} in its SPF record leads nowhere.",
        owner=record_owner(facts, node.domain),
        evidence=(
            *((Evidence(f"{node.domain} TXT", node.record.text),) if node.record else ()),
            *_glued(spf, node, [term]),
        ),
        severity=_when_reached(spf),
        discriminator=f"{node.domain} {term}",
        change=ChangeSpf(node.domain, SpfAim.REPAIR) if owned else None,
    )


def _when_reached(spf: SpfFacts) -> Severity | None:
    """Return how bad it is that receivers give up at a term: they find the campaign before, or they do not."""
    found_before = bool(spf.judged) and all(verdict.result is SpfResult.PASS for verdict in spf.judged)
    return Severity.WARNING if found_before else None


def _glued(spf: SpfFacts, node: SpfNode, terms: list[str]) -> Iterator[Evidence]:
    if node is spf.survey and set(terms) & spf.glued:
        yield Evidence("cause", "two strings of the TXT record meet there: they are joined without a blank")
