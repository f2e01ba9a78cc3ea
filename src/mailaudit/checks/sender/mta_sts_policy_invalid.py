"""The MTA-STS policy cannot be used, or leaves out a mail server.

## Why it matters
With a policy in mode `enforce`, Gmail, Outlook.com and others deliver only to the mail servers that it names. A server that
is missing from it receives nothing from them: answers to your campaign and reports come back to their senders. A policy that
cannot be read protects nothing.

The file is fetched only with `--allow-http`.

## How to fix
Name every mail server of the domain in the policy, each on a line `mx:` of its own, and change the `id=` of the record
`_mta-sts` afterwards, for senders read the file again only then.

## References
- [RFC 8461, sections 3.2 to 4.1](https://www.rfc-editor.org/rfc/rfc8461#section-3.2)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailaudit.checks.rule import Evidence, Facts, Owner, Problem, Problems, Severity, check
from mailaudit.facts.observed import NotApplicable, NotGiven

if TYPE_CHECKING:
    from mailaudit.facts.sender.mail_servers.mta_sts_policy import MtaStsPolicy


@check(
    Severity.WARNING,
    passed="The MTA-STS policy is well-formed and names every mail server.",
    needs=("dns", "network"),
)
def mta_sts_policy_invalid(facts: Facts) -> Problems:
    """Yield a problem for a policy that senders cannot use, or whose names leave out a mail server."""
    if not facts.sender.transport.mta_sts.texts:
        raise NotApplicable("the From domain has no MTA-STS record")
    if facts.sender.mta_sts_policy is None:
        raise NotGiven("the policy is fetched only with --allow-http, and only with live DNS")
    policy = facts.sender.mta_sts_policy.get()
    if policy is None:
        raise NotApplicable("the MTA-STS record itself cannot be used")
    domain = facts.sender.from_domain
    if policy.errors:
        yield _problem(
            policy,
            f"The MTA-STS policy of {domain} protects nothing: {policy.errors[0]}.",
            Severity.NOTE,
            f"Put a policy at {policy.url} that names every mail server of {domain}.",
        )
    elif policy.uncovered and policy.mode != "none":
        is_enforced = policy.mode == "enforce"
        effect = "do not deliver there" if is_enforced else "report it, and deliver no more once it is enforced"
        lines = " and ".join(f"mx: {name}" for name in policy.uncovered[:3])
        yield _problem(
            policy,
            f"The MTA-STS policy of {domain} leaves out {', '.join(policy.uncovered[:3])}: senders that keep to it {effect}.",
            Severity.WARNING if is_enforced else Severity.NOTE,
            f"Add {lines} to the policy, then change id= in its record.",
        )


def _problem(policy: MtaStsPolicy, message: str, severity: Severity, step: str) -> Problem:
    return Problem.about(
        policy.url,
        message,
        step,
        owner=Owner.SERVER_ADMIN,
        severity=severity,
        evidence=(
            Evidence("policy", policy.url),
            *(Evidence("mode", mode) for mode in (policy.mode,) if mode),
            *(Evidence("mx", name) for name in policy.mx[:10]),
        ),
    )
