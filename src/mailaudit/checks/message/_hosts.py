"""Hosts that tell something by their name: machines of developers, which readers do not reach."""

import re

from mailaudit.facts.public_address import as_address, is_reachable
from mailaudit.facts.sender.names import is_at_or_under, organizational_domain
from mailaudit.knowledge.links import is_known_test_host

_LABELS_OF_ANYBODY = frozenset("staging preprod pre-prod preproduction uat sandbox".split())
# Words that mean something else in other people's names: an internship, a recipe.
_LABELS_OF_OURS = frozenset("dev test testing qa localhost stage recette".split())
_STAGING = re.compile(r"(?:([a-z0-9-]{1,40})-)?(?:staging|preprod)(?:-([a-z0-9-]{1,40}))?")


def is_test_host(host: str, own: frozenset[str], from_domain: str) -> bool:
    """Say whether a host is a machine of developers, which readers do not reach or must not see.

    `own` are the sender's registered domains; a label that the From address itself has is no mark of a test.
    """
    if is_known_test_host(host):
        return not is_at_or_under(host, organizational_domain(from_domain))
    address = as_address(host.strip("[]"))
    if address is not None:
        return not is_reachable(address)
    organization = organizational_domain(host)
    if organization not in own and _is_copy_of(organization, own | {organizational_domain(from_domain)}):
        return True
    labels = host.removesuffix(organization).rstrip(".").split(".")
    wanted = _LABELS_OF_ANYBODY | (_LABELS_OF_OURS if organization in own else frozenset())
    found = [label for label in labels if label in wanted or _STAGING.fullmatch(label)]
    return any(label not in from_domain.split(".") for label in found)


def _is_copy_of(organization: str, own: frozenset[str]) -> bool:
    """Say whether a registered domain is that of a copy of one's own site: acme-staging.com."""
    found = _STAGING.fullmatch(organization.partition(".")[0])
    return found is not None and any(name.partition(".")[0] in found.groups() for name in own)
