"""The campaign names a platform that the knowledge base does not know.

## Why it matters
For a known platform the audit knows which records it needs, whether SPF can align there, and which traces its mail
leaves. For an unknown one nothing of that can be checked.

## How to fix
Correct the name, or describe the platform in a file of your own (`--knowledge DIR`).

## References
- [RFC 7208, section 5.2](https://www.rfc-editor.org/rfc/rfc7208#section-5.2)
"""

from __future__ import annotations

from collections.abc import Iterator

from mailaudit.checks.finding import Fix, Owner, Problem, Severity
from mailaudit.checks.registry import check
from mailaudit.facts.facts import Facts
from mailaudit.facts.observed import NotGiven
from mailaudit.facts.sender.origin.own_names import NO_PLATFORM
from mailaudit.knowledge.lookup import platform_meant, platform_named
from mailaudit.knowledge.receivers import mailbox_service_named


@check(Severity.NOTE, passed="The platform that the campaign names is known.")
def platform_unknown(facts: Facts) -> Iterator[Problem]:
    """Yield a problem when neither a platform nor a mailbox service has the name, with the one that was meant."""
    said = facts.campaign.sending.platform
    if not said:
        raise NotGiven("the campaign names no platform (sending.platform)")
    if said.lower() == NO_PLATFORM or platform_named(said) or mailbox_service_named(said):
        return
    meant = platform_meant(said)
    hint = f" Did you mean {meant.id}?" if meant else ""
    yield Problem(
        subject=said,
        message=f"No platform called {said} is known here, so its records and its permission to send cannot be checked."
        f"{hint}",
        location="sending.platform",
        fix=Fix(
            Owner.SENDER,
            (
                f"Write `platform: {meant.id}`." if meant else "Write the platform's name as it is catalogued.",
                "If it is not catalogued, describe it in a file platforms.yml and name its folder with --knowledge.",
            ),
        ),
    )
