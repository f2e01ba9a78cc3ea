"""Who judges: the command line before the policy file, the policy file instead of what the campaign file says."""

from collections.abc import Iterator

from mailaudit.baseline import Accepted
from mailaudit.campaign.model import Campaign
from mailaudit.campaign.policy import Policy
from mailaudit.campaign.yaml.source import Source
from mailaudit.options import Options
from mailaudit.policy import Gate
from mailaudit.wording import numbered

_LONGEST = 40


def gate_of(campaign: Campaign, source: Source, options: Options, policy: tuple[Policy, Source] | None) -> Gate:
    """Return what judges a campaign; with a policy, or untrusted, its own `fail_on` and `ignore` count for nothing."""
    baseline = tuple(one if isinstance(one, Accepted) else Accepted(one) for one in options.baseline)
    if policy is None and options.untrusted:
        policy = Policy(), source
    if policy is None:
        return Gate(
            fail_on=options.fail_on or campaign.fail_on,
            source=source,
            ignore=campaign.ignore,
            baseline=baseline,
            notes=tuple(_own_words(campaign, options)),
        )
    rules, place = policy
    return Gate(options.fail_on or rules.fail_on, place, rules.ignore, "policy", baseline)


def _own_words(campaign: Campaign, options: Options) -> Iterator[str]:
    """Yield what the campaign file says about its own judgement, for the first lines of every report."""
    if options.fail_on is None and campaign.fail_on != "error":
        yield f"The campaign file itself says when the audit fails (fail_on: {campaign.fail_on})."
    for entry in campaign.ignore:
        if entry.is_of_everything:
            yield f"The campaign file ignores every check (*), with the reason: {entry.reason}."
    dns = options.dns
    if campaign.dns.zones and not (dns.replaces_the_campaigns or options.untrusted):
        first, *others = (zone.name[:_LONGEST] for zone in campaign.dns.zones)
        names = f"{first} and {numbered(len(others), 'other')}" if others else first
        yield f"DNS: the campaign file's own zone files ({names})."
