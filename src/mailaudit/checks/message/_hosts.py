"""Hosts that tell something by their name: machines of developers, which readers do not reach."""

import re
from ipaddress import ip_address

from mailaudit.facts.sender.names import is_at_or_under, organizational_domain
from mailaudit.knowledge.links import is_known_test_host

_LABELS_OF_ANYBODY = frozenset("staging stage preprod pre-prod preproduction recette uat sandbox".split())
_LABELS_OF_OURS = frozenset("dev test testing qa localhost".split())
_STAGING = re.compile(r"(?:[a-z0-9-]{1,40}-)?(?:staging|preprod|recette)(?:-[a-z0-9-]{1,40})?")


def is_test_host(host: str, own: frozenset[str], from_domain: str) -> bool:
    """Say whether a host is a machine of developers, which readers do not reach or must not see.

    `own` are the sender's registered domains; a label that the From address itself has is no mark of a test.
    """
    if is_known_test_host(host):
        return not is_at_or_under(host, organizational_domain(from_domain))
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        return not address.is_global and not _is_for_documentation(host)
    organization = organizational_domain(host)
    if _STAGING.fullmatch(organization.partition(".")[0]) and organization not in own:
        return organization != organizational_domain(from_domain)
    labels = host.removesuffix(organization).rstrip(".").split(".")
    wanted = _LABELS_OF_ANYBODY | (_LABELS_OF_OURS if organization in own else frozenset())
    found = [label for label in labels if label in wanted or _STAGING.fullmatch(label)]
    return any(label not in from_domain.split(".") for label in found)


def _is_for_documentation(host: str) -> bool:
    return host.startswith(("192.0.2.", "198.51.100.", "203.0.113.", "[2001:db8:", "2001:db8:"))
